"""Write the graphs of the published spotters that Flinch is compared with.

`python -m flinch_train export-baselines --out ../bench`
"""

from __future__ import annotations

import argparse
from pathlib import Path

import onnx

from flinch_train.benchmark.baselines import frame_difference, lbp, mdmd

GRAPHS = {
    "frame-difference": frame_difference.build,
    "lbp": lbp.build,
    "mdmd": mdmd.build,
}


def main(argv: list[str]) -> int:
    """Write one ONNX file a spotter into the folder given by `--out`."""
    parser = argparse.ArgumentParser(prog="flinch_train export-baselines", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="the bench folder")
    out: Path = parser.parse_args(argv).out
    for name, build in GRAPHS.items():
        onnx.save(build(), out / f"{name}.onnx")
    return 0
