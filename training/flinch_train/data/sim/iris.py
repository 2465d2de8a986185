"""An eyeball seen along its own axis: sclera, limbus, iris, pupil."""

import numpy as np

from flinch_train.data.sim.canvas import blotches, smooth
from flinch_train.data.sim.identity import Appearance
from flinch_train.data.sim.types import F32

REACH = 1.15  # radians of the ball that the swatch spans on each side of the axis
IRIS = 0.44  # angular radius of an iris: 12 mm on a ball of 24 to 30 mm
PUPIL = 0.17


def eyeball(side: int, looks: Appearance, rng: np.random.Generator) -> F32:
    """(side, side, 3) albedo; the distance from the centre is the angle from the axis."""
    axis = (np.arange(side, dtype=np.float32) + 0.5) / side * 2 - 1
    x, y = np.meshgrid(axis * REACH, axis * REACH)
    angle = np.hypot(x, y)
    white = np.array((0.50, 0.47, 0.45), np.float32) * rng.uniform(0.8, 1.1)
    veins = np.clip(blotches(rng, (side, side), 14) - 0.6, 0, 1) * smooth(angle, 0.5, 1.0)
    ball = white * (1 - veins[..., None] * np.array((0.05, 0.3, 0.3), np.float32))
    turn = np.arctan2(y, x)
    strands = sum(
        np.sin(turn * int(n) + rng.uniform(0, 6.3)) / 4 for n in rng.integers(9, 45, size=5)
    )
    shade = 1 + 0.35 * strands * smooth(angle, PUPIL, IRIS) + 0.7 * smooth(angle, 0.3, 0.2)
    edge = smooth(angle, IRIS - 0.09, IRIS)  # the limbus is darker than the iris
    iris = looks.iris * (shade * (1 - 0.75 * edge))[..., None]
    cover = smooth(angle, IRIS + 0.03, IRIS - 0.03)[..., None]
    ball = ball + (iris - ball) * cover
    hole = smooth(angle, PUPIL + 0.025, PUPIL - 0.025)[..., None]
    return np.asarray(ball + (np.float32(0.004) - ball) * hole, np.float32)
