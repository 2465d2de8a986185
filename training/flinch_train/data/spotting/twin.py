"""One record that both halves of the region motion are held to.

`python -m flinch_train.data.spotting.twin MODELS > ../test/data/region-motion-twin.json`
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from flinch_train.data.sim.types import U8
from flinch_train.data.spotting.region_motion import RegionMotion, session

SIZE = 112
STEP_MS = 40
COUNT = 40
_EIGHTH = 8  # shifts are whole eighths of a pixel, so that integers do it on both sides


def crop(n: int) -> U8:
    """(112, 112, 3): soft stripes; the lower half goes right and comes back, all grows brighter."""
    y, x = np.mgrid[0:SIZE, 0:SIZE]
    swing = max(0, 12 - abs(n - 16))  # eighths of a pixel
    shift = np.where(y > 64, swing, 0) + n // 4
    across = _triangle(_EIGHTH * x + shift, 13 * _EIGHTH)
    down = _triangle(_EIGHTH * y + (n // 8), 17 * _EIGHTH)
    level = 30 + n + (5 * across + 3 * down) // _EIGHTH
    picture: U8 = np.repeat(level[:, :, None], 3, axis=2).astype(np.uint8)
    return picture


def _triangle(value: np.ndarray, half: int) -> np.ndarray:
    return np.asarray(half - np.abs(value % (2 * half) - half))


def record(models: Path) -> dict[str, Any]:
    """Samples of the crops 0 … COUNT − 1, which both sides draw themselves."""
    motion = RegionMotion(session(models), SIZE, 0.36 * SIZE)
    samples = [
        motion.measure(crop(n), float(n * STEP_MS), np.array((300.0 + n, 200.0)), 80.0).tolist()
        for n in range(COUNT)
    ]
    return {"stepMs": STEP_MS, "samples": samples}


if __name__ == "__main__":
    print(json.dumps(record(Path(sys.argv[1]))))
