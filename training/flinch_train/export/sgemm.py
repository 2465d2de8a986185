"""Write one matrix product, the yardstick of `flinch bench`.

`python -m flinch_train export-sgemm --out bench/sgemm.onnx`
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onnx
from onnx import TensorProto, helper

from flinch_train.settings import read

SIDE = 768


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    out: Path


def main(argv: list[str]) -> int:
    """Write C = A B for float32 matrices of 768 x 768: 2 * 768^3 operations a run."""
    out = read(Settings, "export-sgemm", __doc__, argv).out
    a, b, c = (
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [SIDE, SIDE]) for name in "ABC"
    )
    graph = helper.make_graph([helper.make_node("MatMul", ["A", "B"], ["C"])], "sgemm", [a, b], [c])
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="flinch"
    )
    model.ir_version = 8
    onnx.save(model, out)
    return 0
