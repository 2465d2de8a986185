"""Where on the head a texel is: the map that lets paint be placed in head units.

The atlas is three square tiles wide: face, rest of the head, and odds and ends (`Swatch`).
"""

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from scipy import ndimage

from flinch_train.data.sim.head import Head
from flinch_train.data.sim.raster import bake
from flinch_train.data.sim.types import F32, Real

TILES = 3
FRONT_LEFT, FRONT_TOP = -11.0, 15.0  # head units, the corner of the front view
FRONT_WIDTH, FRONT_HEIGHT = 22.0, 32.0


class Swatch(Enum):
    """Squares of the third tile: left, top, side, in shares of it."""

    EYE = (0.0, 0.0, 0.5)
    HAIR = (0.0, 0.5, 0.5)
    SHIRT = (0.5, 0.5, 0.5)
    TEETH = (0.5, 0.0, 0.25)
    GUMS = (0.75, 0.0, 0.25)
    FRAME = (0.5, 0.25, 0.25)
    HAND = (0.75, 0.25, 0.25)


def swatch_uv(swatch: Swatch, share: Real) -> F32:
    """Atlas coordinates (…, 2) of places in a swatch, each 0…1; its rim is left alone."""
    left, top, side = swatch.value
    inner = 0.02 + 0.96 * np.asarray(share)
    u = (2 + left + side * inner[..., 0]) / TILES
    return np.stack([u, top + side * inner[..., 1]], axis=-1).astype(np.float32)


@dataclass(frozen=True)
class Canvas:
    """size: tile side S in texels. place: (S, 2S, 3) mean-head position of each texel."""

    size: int
    place: F32
    front_x: F32  # (S, S) front-view pixel of each texel of the face tile
    front_y: F32
    scale: float  # front-view pixels per head unit

    @staticmethod
    def of(head: Head, size: int) -> "Canvas":
        shell = (head.triangles < head.parts.shell[1]).all(axis=1)
        corners = head.uv[head.uv_triangles[shell]] * np.float32(size)
        place = np.zeros((size, 2 * size, 3), np.float32)
        hit = np.zeros((size, 2 * size), np.float32)
        bake(corners, head.triangles[shell], head.neutral, place, hit)
        nearest = ndimage.distance_transform_edt(
            hit == 0, return_distances=False, return_indices=True
        )
        place = np.ascontiguousarray(place[nearest[0], nearest[1]])
        scale = size / 20.0
        face = place[:, :size]
        return Canvas(
            size,
            place,
            np.ascontiguousarray((face[..., 0] - FRONT_LEFT) * scale - 0.5),
            np.ascontiguousarray((FRONT_TOP - face[..., 1]) * scale - 0.5),
            scale,
        )

    def front(self) -> F32:
        """An empty front view: one channel, to be drawn on with `at` and laid on by `wrap`."""
        height, width = round(FRONT_HEIGHT * self.scale), round(FRONT_WIDTH * self.scale)
        return np.zeros((height, width), np.float32)

    def at(self, points: Real) -> F32:
        """Head units (…, ≥2) to front-view pixels (…, 2)."""
        x = (points[..., 0] - FRONT_LEFT) * self.scale - 0.5
        y = (FRONT_TOP - points[..., 1]) * self.scale - 0.5
        return np.stack([x, y], axis=-1).astype(np.float32)

    def wrap(self, layer: F32) -> F32:
        """Project a front view on to the face tile, (S, S)."""
        return cv2.remap(layer, self.front_x, self.front_y, cv2.INTER_LINEAR).astype(np.float32)


def smooth(x: Real, low: float | Real, high: float | Real) -> F32:
    """0 below `low`, 1 above `high`, without a corner between (either order)."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def blotches(rng: np.random.Generator, shape: tuple[int, int], cells: float) -> F32:
    """Smooth noise, about unit variance, with `cells` rises along the shorter side."""
    cell = min(shape) / cells
    coarse = rng.standard_normal((int(shape[0] / cell) + 3, int(shape[1] / cell) + 3))
    return cv2.resize(
        coarse.astype(np.float32), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC
    ).astype(np.float32)
