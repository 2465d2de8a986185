"""The inner loops on vertices: bend, find normals, place before the camera."""

import numpy as np
from numba import njit

from flinch_train.data.sim.types import F32, I32


@njit(cache=True, nogil=True)
def bend(base: F32, shapes: F32, chosen: I32, weights: F32, out: F32) -> None:
    """out = base + Σ weight · shape, over the rows of `out` (V, 3)."""
    for v in range(out.shape[0]):
        x, y, z = base[v, 0], base[v, 1], base[v, 2]
        for s in range(chosen.shape[0]):
            shape = shapes[chosen[s], v]
            x += weights[s] * shape[0]
            y += weights[s] * shape[1]
            z += weights[s] * shape[2]
        out[v, 0], out[v, 1], out[v, 2] = x, y, z


@njit(cache=True, nogil=True)
def normals(vertices: F32, triangles: I32, out: F32) -> None:
    """Unit normals (V, 3), each the mean of its triangles' normals by area."""
    out[:] = 0
    for t in range(triangles.shape[0]):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay, az = (
            vertices[j, 0] - vertices[i, 0],
            vertices[j, 1] - vertices[i, 1],
            vertices[j, 2] - vertices[i, 2],
        )
        bx, by, bz = (
            vertices[k, 0] - vertices[i, 0],
            vertices[k, 1] - vertices[i, 1],
            vertices[k, 2] - vertices[i, 2],
        )
        nx, ny, nz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        for corner in range(3):
            v = triangles[t, corner]
            out[v, 0] += nx
            out[v, 1] += ny
            out[v, 2] += nz
    for v in range(out.shape[0]):
        x, y, z = out[v, 0], out[v, 1], out[v, 2]
        length = np.sqrt(x * x + y * y + z * z)
        if length > np.float32(0):
            scale = np.float32(1) / length
            out[v, 0], out[v, 1], out[v, 2] = x * scale, y * scale, z * scale


@njit(cache=True, nogil=True)
def place(
    vertices: F32, stiff: F32, turn: F32, shift: F32, pivot: F32, lens: F32, screen: F32
) -> None:
    """Turn the head about its neck, move it, and project it: screen (V, 3) = x, y, distance.

    stiff: (V,) 1 for what turns with the head, 0 for what stays with the shoulders.
    lens: (2, 4) image = lens · (X/Z, Y/Z, 1/Z, 1) with Z the distance; it holds focus and crop.
    shift: (3,) room position of the pivot, the camera at the origin looking along -z.
    """
    for v in range(vertices.shape[0]):
        x, y, z = (
            vertices[v, 0] - pivot[0],
            vertices[v, 1] - pivot[1],
            vertices[v, 2] - pivot[2],
        )
        w = stiff[v]
        tx = turn[0, 0] * x + turn[0, 1] * y + turn[0, 2] * z
        ty = turn[1, 0] * x + turn[1, 1] * y + turn[1, 2] * z
        tz = turn[2, 0] * x + turn[2, 1] * y + turn[2, 2] * z
        x, y, z = x + w * (tx - x) + shift[0], y + w * (ty - y) + shift[1], z + w * (tz - z)
        distance = -(z + shift[2])
        across, along = x / distance, y / distance
        screen[v, 0] = lens[0, 0] * across + lens[0, 1] * along + lens[0, 3]
        screen[v, 1] = lens[1, 0] * across + lens[1, 1] * along + lens[1, 3]
        screen[v, 2] = distance
