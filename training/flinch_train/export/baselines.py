"""Write the graphs of the published spotters that Flinch is compared with.

`python -m flinch_train export-baselines --out ../bench`
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onnx

from flinch_train.benchmark.baselines import frame_difference, lbp, mdmd
from flinch_train.settings import read

GRAPHS = {
    "frame-difference": frame_difference.build,
    "lbp": lbp.build,
    "mdmd": mdmd.build,
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    out: Path  # the bench folder


def main(argv: list[str]) -> int:
    """Write one ONNX file a spotter into the folder given by `--out`."""
    out = read(Settings, "export-baselines", __doc__, argv).out
    for name, build in GRAPHS.items():
        onnx.save(build(), out / f"{name}.onnx")
    return 0
