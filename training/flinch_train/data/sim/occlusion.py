"""How much of each direction a vertex of the mean head can see: soft shadows for nothing."""

import numpy as np
from numba import njit

from flinch_train.data.sim.head import Head
from flinch_train.data.sim.types import F32, I32

DIRECTIONS = 64
_GRID = 160  # depth map side
_BIAS = 0.30  # head units; less lets the skin shadow itself


def sphere(count: int = DIRECTIONS) -> F32:
    """(count, 3) unit vectors, evenly spread (Fibonacci lattice)."""
    index = np.arange(count) + 0.5
    z = 1 - 2 * index / count
    turn = np.pi * (1 + 5**0.5) * index
    ring = np.sqrt(1 - z * z)
    return np.stack([ring * np.cos(turn), ring * np.sin(turn), z], axis=1).astype(np.float32)


@njit(cache=True, nogil=True)
def _depth(points: F32, triangles: I32, grid: F32) -> None:
    side = grid.shape[0]
    for t in range(triangles.shape[0]):
        a, b, c = points[triangles[t, 0]], points[triangles[t, 1]], points[triangles[t, 2]]
        area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if area == 0.0:
            continue
        for y in range(
            max(int(min(a[1], b[1], c[1])), 0), min(int(max(a[1], b[1], c[1])) + 2, side)
        ):
            for x in range(
                max(int(min(a[0], b[0], c[0])), 0), min(int(max(a[0], b[0], c[0])) + 2, side)
            ):
                v = ((x - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (y - a[1])) / area
                w = ((b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1])) / area
                if v < -0.01 or w < -0.01 or v + w > 1.01:
                    continue
                z = a[2] + v * (b[2] - a[2]) + w * (c[2] - a[2])
                grid[y, x] = max(grid[y, x], z)


def visibility(head: Head) -> F32:
    """(DIRECTIONS, V) in 0…1 for the V vertices of the shell."""
    count = head.parts.shell[1]
    points = head.neutral[:count]
    triangles = head.triangles[(head.triangles < count).all(axis=1)]
    low, high = points.min(), points.max()
    scale = (_GRID - 1) / (np.linalg.norm(points, axis=1).max() * 2 + 1)
    seen = np.zeros((count, DIRECTIONS), np.float32)
    for d, axis in enumerate(sphere()):
        side = np.cross(axis, (0.0, 1.0, 0.0) if abs(axis[1]) < 0.9 else (1.0, 0.0, 0.0))
        side /= np.linalg.norm(side)
        frame = np.stack([side, np.cross(side, axis), axis]).astype(np.float32)
        view = points @ frame.T
        view[:, :2] = view[:, :2] * scale + _GRID / 2
        grid = np.full((_GRID, _GRID), low - high - 1, np.float32)
        _depth(view, triangles, grid)
        column = np.clip(view[:, 0].astype(int), 0, _GRID - 2)
        row = np.clip(view[:, 1].astype(int), 0, _GRID - 2)
        for dy in (0, 1):
            for dx in (0, 1):
                near = grid[row + dy, column + dx]
                seen[:, d] += 0.25 * (view[:, 2] >= near - _BIAS)
    return _spread(seen, triangles)


def _spread(values: F32, triangles: I32) -> F32:
    """Average over neighbours twice: a shadow's edge is not as coarse as the depth map."""
    ends = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    degree = np.bincount(ends.ravel(), minlength=len(values)).astype(np.float32)[:, None]
    for _ in range(2):
        total = values * (degree == 0)
        np.add.at(total, ends[:, 0], values[ends[:, 1]])
        np.add.at(total, ends[:, 1], values[ends[:, 0]])
        values = (0.4 * values + 0.6 * total / np.maximum(degree, 1)).astype(np.float32)
    return np.ascontiguousarray(values.T)
