"""Write the motion graph and enter it in the manifest.

`python -m flinch_train export-motion --out models/`
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import onnx

from flinch_train.data.manifest import register
from flinch_train.data.spotting.regions import CROP, REGIONS, SIDE
from flinch_train.model.motion import TERMS, build
from flinch_train.settings import read


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    out: Path  # the models folder


def main(argv: list[str]) -> int:
    """Write `motion.onnx` into the folder given by `--out`."""
    out = read(Settings, "export-motion", __doc__, argv).out
    onnx.save(build(), out / "motion.onnx")
    register(
        out,
        "motion",
        {
            "file": "motion.onnx",
            "name": "region-motion",
            "version": "1",
            "task": "per-region gradient products of two aligned crops",
            "inputs": [
                {
                    "name": "reference",
                    "type": "float32",
                    "shape": [1, 1, SIDE, SIDE],
                    "range": "a former plane",
                },
                {
                    "name": "current",
                    "type": "uint8",
                    "shape": [1, CROP, CROP, 3],
                    "layout": "NHWC",
                    "range": "BGR 0…255",
                },
            ],
            "outputs": [
                {"name": "gram", "type": "float32", "shape": [TERMS, TERMS, len(REGIONS) + 1]},
                {"name": "plane", "type": "float32", "shape": [1, 1, SIDE, SIDE]},
            ],
            "regions": [
                {
                    "name": region.name,
                    "x": region.cx,
                    "y": region.cy,
                    "rx": region.rx,
                    "ry": region.ry,
                }
                for region in REGIONS
            ],
            "size": CROP,
            "licence": "MIT",
            "provenance": {
                "method": "Lucas and Kanade (1981) over soft face regions; no learned weights",
                "command": "python -m flinch_train export-motion --out models/",
            },
        },
    )
    return 0
