"""The room behind: a wall, perhaps shelves or a window, out of focus."""

import cv2
import numpy as np

from flinch_train.data.sim.canvas import blotches
from flinch_train.data.sim.identity import linear
from flinch_train.data.sim.types import F32


def backdrop(width: int, height: int, rng: np.random.Generator) -> F32:
    """(height, width, 3) linear light."""
    wall = linear(rng.uniform(90, 205) * rng.normal(1, 0.05, 3).astype(np.float32))
    falloff = np.linspace(rng.uniform(0.7, 1.2), rng.uniform(0.7, 1.2), width)[None, :, None]
    drop = np.linspace(rng.uniform(0.9, 1.2), rng.uniform(0.6, 1.0), height)[:, None, None]
    room = (wall * falloff * drop).astype(np.float32)
    for _ in range(int(rng.integers(2, 7))):
        size = rng.uniform(0.1, 0.45, 2) * (width, height)
        corner = rng.uniform(-0.1, 0.9, 2) * (width, height)
        start, end = corner.astype(int), (corner + size).astype(int)
        tone = linear(_muted(rng))
        cv2.rectangle(room, start.tolist(), end.tolist(), tone.tolist(), -1)
    if rng.random() < 0.4:
        _shelves(room, rng)
    soft = cv2.GaussianBlur(room, (0, 0), rng.uniform(4, 9) * width / 640)
    grain = 1 + 0.02 * blotches(rng, (height, width), height / 6)
    return np.asarray(np.clip(soft * grain[..., None], 0.01, 1.2), np.float32)


def _muted(rng: np.random.Generator) -> F32:
    grey = rng.uniform(40, 190)
    return (grey + rng.uniform(0.05, 0.4) * (rng.uniform(20, 220, 3) - grey)).astype(np.float32)


def _shelves(room: F32, rng: np.random.Generator) -> None:
    height, width = room.shape[:2]
    left, right = sorted(rng.uniform(0, width, 2).astype(int).tolist())
    for shelf in np.arange(rng.uniform(0, 0.2), 0.8, 0.22):
        bottom = int((shelf + 0.2) * height)
        x = left
        while x < right:
            thick = int(rng.uniform(0.012, 0.04) * width)
            top = bottom - int(rng.uniform(0.10, 0.17) * height)
            tone = linear(_muted(rng))
            cv2.rectangle(room, (x, top), (min(x + thick, right), bottom), tone.tolist(), -1)
            x += thick + 1
