"""Where hair grows: one height per direction around the head, above which the scalp is."""

import numpy as np

from flinch_train.data.sim.canvas import blotches, smooth
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Appearance
from flinch_train.data.sim.types import F32

_CELLS = 64  # of the noise that makes hair uneven

# Angle from straight ahead (radians) and height of the hairline there (head units).
_ANGLE = (0.0, 0.35, 0.62, 0.85, 1.05, 1.2, 1.32, 1.5, 1.9, 2.1, 2.6, 3.15)
_HEIGHT = (10.3, 10.2, 9.2, 7.2, 4.6, 2.2, 2.0, 5.6, 5.6, -1.0, -6.0, -6.6)
_EAR = 7.9  # |x| from which a vertex below the crown belongs to an ear


def above_hairline(place: F32, hairline: float) -> F32:
    """Signed height over the hairline in head units, of (…, 3) mean-head positions."""
    x, y, z = np.abs(place[..., 0]), place[..., 1], place[..., 2]
    angle = np.arctan2(x, z + 1.0)
    front = smooth(angle, 1.2, 0.5)  # only the forehead recedes
    height = np.interp(angle, _ANGLE, _HEIGHT) + hairline * front
    ear = np.where((x > _EAR) & (y < 6.2), 9.0, 0.0)
    return (y - height - ear).astype(np.float32)


def grow(head: Head, looks: Appearance) -> F32:
    """(V,) how far hair lifts each vertex of the shell, head units."""
    place = head.neutral[: head.parts.shell[1]]
    lift = np.zeros(len(place), np.float32)
    if looks.bald:
        return lift
    start, end = head.parts.skin
    place = place[start:end]
    rise = smooth(above_hairline(place, looks.hairline), -0.2, 3.2) * looks.hair_depth
    waves = blotches(np.random.default_rng(looks.seed + 1), (_CELLS, _CELLS), 9)
    angle = np.arctan2(place[:, 0], place[:, 2] + 1) / np.pi * 31 + 32
    rows = np.clip((place[:, 1] + 8) * 2.6, 0, _CELLS - 1)
    lift[start:end] = rise * (1 + 0.22 * waves[rows.astype(int), angle.astype(int)])
    return lift


def shine_of(head: Head, looks: Appearance) -> F32:
    """(V,) share of the scene's shine on each vertex of the shell: hair and cloth are duller."""
    place = head.neutral[: head.parts.shell[1]]
    cover = smooth(above_hairline(place, looks.hairline), -0.3, 0.5)
    dull = (0.0 if looks.bald else 0.7) * cover
    return (1 - np.maximum(dull, 0.9 * smooth(place[:, 1], -12.0, -14.0))).astype(np.float32)
