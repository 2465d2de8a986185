"""A z-buffered triangle rasteriser: one thread, no fast maths, so that a seed fixes the pixels.

Everything is drawn at `SAMPLES` × `SAMPLES` samples a pixel and averaged in linear light, and
every coordinate stays a float: half a pixel of motion changes the picture by half as much.
"""

import numpy as np
from numba import njit

from flinch_train.data.sim.types import F32, I32, U8

SAMPLES = 2  # a pixel's side in samples
# Inclusive: a sample on a shared edge belongs to both triangles, never to none.
EDGE = np.float32(-1e-6)


@njit(cache=True, nogil=True, error_model="numpy")
def draw(
    screen: F32,
    triangles: I32,
    uv: F32,
    uv_triangles: I32,
    texture: U8,
    light: F32,
    gloss: F32,
    colour: F32,
    depth: F32,
) -> None:
    """Draw front-facing triangles into `colour` (H, W, 3) and `depth` (H, W), both in samples.

    screen: (N, 3) sample x, sample y (down), distance from the camera. texture: `encode`d.
    light: (N, 3) light that falls on a vertex; gloss: (N, 3) light that it mirrors. Smaller
    distance wins.
    """
    height, width = depth.shape
    rows, columns = np.float32(texture.shape[0]), np.float32(texture.shape[1])
    half, one, zero = np.float32(0.5), np.float32(1), np.float32(0)
    right_most, lowest = columns - np.float32(1.01), rows - np.float32(1.01)
    unit = np.float32(1 / (255.0 * 255.0))
    for t in range(triangles.shape[0]):
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        x0, y0 = screen[i, 0], screen[i, 1]
        x1, y1 = screen[j, 0] - x0, screen[j, 1] - y0
        x2, y2 = screen[k, 0] - x0, screen[k, 1] - y0
        area = x2 * y1 - x1 * y2
        if not area > zero:
            continue  # faces away (counter-clockwise in a y-up world)
        left = max(int(np.ceil(x0 + min(zero, x1, x2) - half)), 0)
        right = min(int(np.floor(x0 + max(zero, x1, x2) - half)), width - 1)
        top = max(int(np.ceil(y0 + min(zero, y1, y2) - half)), 0)
        bottom = min(int(np.floor(y0 + max(zero, y1, y2) - half)), height - 1)
        if left > right or top > bottom:
            continue
        inverse = one / area
        z0, z1, z2 = screen[i, 2], screen[j, 2], screen[k, 2]
        ui, uj, uk = uv_triangles[t, 0], uv_triangles[t, 1], uv_triangles[t, 2]
        # Locals, or every sample would load them again: the stores below might alias them.
        u0, u1, u2 = uv[ui, 0] * columns, uv[uj, 0] * columns, uv[uk, 0] * columns
        v0, v1, v2 = uv[ui, 1] * rows, uv[uj, 1] * rows, uv[uk, 1] * rows
        r0, r1, r2 = light[i, 0] * unit, light[j, 0] * unit, light[k, 0] * unit
        g0, g1, g2 = light[i, 1] * unit, light[j, 1] * unit, light[k, 1] * unit
        l0, l1, l2 = light[i, 2] * unit, light[j, 2] * unit, light[k, 2] * unit
        sr0, sr1, sr2 = gloss[i, 0], gloss[j, 0], gloss[k, 0]
        sg0, sg1, sg2 = gloss[i, 1], gloss[j, 1], gloss[k, 1]
        sb0, sb1, sb2 = gloss[i, 2], gloss[j, 2], gloss[k, 2]
        x1, x2, y1, y2 = x1 * inverse, x2 * inverse, y1 * inverse, y2 * inverse
        for y in range(top, bottom + 1):
            py = np.float32(y) + half - y0
            row1, row2 = x2 * py, x1 * py
            for x in range(left, right + 1):
                px = np.float32(x) + half - x0
                b1 = row1 - px * y2
                b2 = px * y1 - row2
                b0 = one - b1 - b2
                if b0 < EDGE or b1 < EDGE or b2 < EDGE:
                    continue
                z = b0 * z0 + b1 * z1 + b2 * z2
                if z >= depth[y, x]:
                    continue
                depth[y, x] = z
                tx = min(max(b0 * u0 + b1 * u1 + b2 * u2 - half, zero), right_most)
                ty = min(max(b0 * v0 + b1 * v1 + b2 * v2 - half, zero), lowest)
                cx, cy = int(tx), int(ty)
                ax, ay = tx - np.float32(cx), ty - np.float32(cy)
                w11 = ax * ay
                w01, w10 = ax - w11, ay - w11
                w00 = one - ax - w10
                red = (
                    texture[cy, cx, 0] * w00 + texture[cy, cx + 1, 0] * w01
                    + texture[cy + 1, cx, 0] * w10 + texture[cy + 1, cx + 1, 0] * w11
                )  # fmt: skip
                green = (
                    texture[cy, cx, 1] * w00 + texture[cy, cx + 1, 1] * w01
                    + texture[cy + 1, cx, 1] * w10 + texture[cy + 1, cx + 1, 1] * w11
                )  # fmt: skip
                blue = (
                    texture[cy, cx, 2] * w00 + texture[cy, cx + 1, 2] * w01
                    + texture[cy + 1, cx, 2] * w10 + texture[cy + 1, cx + 1, 2] * w11
                )  # fmt: skip
                out = colour[y, x]
                out[0] = red * red * (b0 * r0 + b1 * r1 + b2 * r2)
                out[1] = green * green * (b0 * g0 + b1 * g1 + b2 * g2)
                out[2] = blue * blue * (b0 * l0 + b1 * l1 + b2 * l2)
                out[0] += b0 * sr0 + b1 * sr1 + b2 * sr2
                out[1] += b0 * sg0 + b1 * sg1 + b2 * sg2
                out[2] += b0 * sb0 + b1 * sb1 + b2 * sb2


def encode(albedo: F32) -> U8:
    """Linear light 0…1 as the square roots that `draw` reads: fine steps where it is dark."""
    return np.round(np.sqrt(np.clip(albedo, 0, 1)) * 255).astype(np.uint8)


@njit(cache=True, nogil=True)
def bake(positions: F32, triangles: I32, values: F32, out: F32, hit: F32) -> None:
    """Interpolate `values` (N, C) over 2-D triangles whose corners are `positions` (T, 3, 2)."""
    height, width = hit.shape
    for t in range(triangles.shape[0]):
        x0, y0 = positions[t, 0, 0], positions[t, 0, 1]
        x1, y1 = positions[t, 1, 0], positions[t, 1, 1]
        x2, y2 = positions[t, 2, 0], positions[t, 2, 1]
        area = (x2 - x0) * (y1 - y0) - (x1 - x0) * (y2 - y0)
        if area == 0.0:
            continue
        for y in range(max(int(min(y0, y1, y2) - 0.5), 0), min(int(max(y0, y1, y2)) + 1, height)):
            for x in range(
                max(int(min(x0, x1, x2) - 0.5), 0), min(int(max(x0, x1, x2)) + 1, width)
            ):
                px, py = x + 0.5, y + 0.5
                b1 = ((x2 - x0) * (py - y0) - (px - x0) * (y2 - y0)) / area
                b2 = ((px - x0) * (y1 - y0) - (x1 - x0) * (py - y0)) / area
                b0 = 1.0 - b1 - b2
                if b0 < EDGE or b1 < EDGE or b2 < EDGE:
                    continue
                hit[y, x] = 1.0
                for c in range(values.shape[1]):
                    out[y, x, c] = (
                        b0 * values[triangles[t, 0], c]
                        + b1 * values[triangles[t, 1], c]
                        + b2 * values[triangles[t, 2], c]
                    )


@njit(cache=True, nogil=True)
def resolve(colour: F32, depth: F32, backdrop: F32, left: int, top: int) -> None:
    """Average the samples of each pixel over `backdrop` (h, w, 3, linear light), in place."""
    share = np.float32(1.0 / (SAMPLES * SAMPLES))
    for y in range(depth.shape[0] // SAMPLES):
        for x in range(depth.shape[1] // SAMPLES):
            covered = 0
            r, g, b = np.float32(0), np.float32(0), np.float32(0)
            for sy in range(y * SAMPLES, (y + 1) * SAMPLES):
                for sx in range(x * SAMPLES, (x + 1) * SAMPLES):
                    if depth[sy, sx] < np.inf:
                        covered += 1
                        r += colour[sy, sx, 0]
                        g += colour[sy, sx, 1]
                        b += colour[sy, sx, 2]
            if covered == 0:
                continue
            clear = 1 - covered * share
            pixel = backdrop[top + y, left + x]
            pixel[0] = pixel[0] * clear + r * share
            pixel[1] = pixel[1] * clear + g * share
            pixel[2] = pixel[2] * clear + b * share
