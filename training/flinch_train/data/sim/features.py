"""What is drawn on the face: brows, lips, lid lines, freckles and moles, wrinkles.

Each returns an (S, S) layer of the face tile: a cover (0…1), or a factor where it says so.
"""

import cv2
import numpy as np

from flinch_train.data.sim.canvas import Canvas, blotches, smooth
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Appearance
from flinch_train.data.sim.types import F32, I32, Real

_SHIFT = 4  # OpenCV draws with 1/16 pixel
_BROWS = ((17, 18, 19, 20, 21), (26, 25, 24, 23, 22))  # outer end first
_LIPS = (*range(48, 60),)
_SEAM = (60, 61, 62, 63, 64)
_LIDS = (((36, 37, 38, 39), (39, 40, 41, 36)), ((45, 44, 43, 42), (42, 47, 46, 45)))


def _fixed(points: Real) -> I32:
    return np.round(points * (1 << _SHIFT)).astype(np.int32)


def _stroke(layer: Real, points: Real, value: float, width: float) -> None:
    cv2.polylines(layer, [_fixed(points)], False, value, max(1, round(width)), cv2.LINE_AA, _SHIFT)


def _soft(layer: Real, sigma: float) -> F32:
    return cv2.GaussianBlur(layer, (0, 0), max(sigma, 0.35)).astype(np.float32)


def _along(points: Real, shares: Real) -> F32:
    """Points at `shares` (0…1) of the way along a polyline (K, 2), smoothed by interpolation."""
    knots = np.linspace(0, 1, len(points))
    fine = np.linspace(0, 1, 64)
    raw = np.stack([np.interp(fine, knots, points[:, c]) for c in range(2)], axis=1)
    border = cv2.BORDER_REPLICATE
    curve = cv2.GaussianBlur(raw.astype(np.float32), (1, 15), 4, borderType=border)
    return np.stack([np.interp(shares, fine, curve[:, c]) for c in range(2)], axis=1).astype(
        np.float32
    )


def brows(head: Head, canvas: Canvas, looks: Appearance, rng: np.random.Generator) -> F32:
    """Hairs that lean outwards, on a soft shadow of their own."""
    sheet, over = canvas.front(), 4
    layer = np.zeros([over * side for side in sheet.shape], np.float32)
    lift, count = rng.normal(0, 0.12), int(460 * looks.brow_density)
    arch = rng.uniform(-0.1, 0.25)
    for side, landmarks in zip((-1.0, 1.0), _BROWS, strict=True):
        line = head.neutral[head.landmarks[list(landmarks)], :2].copy()
        line[:, 1] += -0.25 + lift + arch * np.array((0, 0.5, 1, 0.6, 0))
        line[4, 0] -= side * rng.uniform(-0.25, 0.25)
        share = rng.beta(1.15, 1.0, count)
        width = looks.brow_width * (0.35 + 0.65 * smooth(share, 0.0, 0.5))
        root = _along(line, share)
        root[:, 1] += rng.uniform(-1, 1, count) * width
        lean = 0.25 + 1.1 * (1 - share) + rng.normal(0, 0.12, count)  # upright near the nose
        length = rng.uniform(0.35, 0.7, count)
        tip = root + np.stack([side * np.sin(lean), np.cos(lean) * 0.75], axis=1) * length[:, None]
        for start, end in zip(canvas.at(root), canvas.at(tip.astype(np.float32)), strict=True):
            _stroke(layer, np.stack([start, end]) * over + (over - 1) / 2, 1.0, 0.07 * 25)
    small = cv2.resize(layer, sheet.shape[::-1], interpolation=cv2.INTER_AREA)
    hairs = np.asarray(small, np.float32)
    shadow = _soft(hairs, 0.16 * canvas.scale)
    cover = canvas.wrap(hairs * 0.55 + shadow * 1.1)
    return np.clip(cover * (0.3 + 0.7 * looks.brow_density), 0, 0.95)


def lips(head: Head, canvas: Canvas, rng: np.random.Generator) -> F32:
    """The red of the lips, softer at its edge."""
    outline = head.neutral[head.landmarks[list(_LIPS)], :2].copy()
    outline[:, 1] += np.where(outline[:, 1] > -3.4, -0.05, 0.05)
    layer = canvas.front()
    cv2.fillPoly(layer, [_fixed(canvas.at(outline))], 1.0, cv2.LINE_AA, _SHIFT)
    layer = canvas.wrap(_soft(layer, 0.10 * canvas.scale))
    grain = 1 + 0.08 * blotches(rng, (canvas.size, canvas.size), canvas.size / 5)
    return np.clip(layer * grain * rng.uniform(0.6, 0.95), 0, 1)


def eye_lines(head: Head, canvas: Canvas, looks: Appearance) -> F32:
    """Lash lines, stronger above, and the crease of the upper lid; the seam of the lips too."""
    layer = canvas.front()
    for upper, lower in _LIDS:
        for lid, strength, rise in ((upper, 0.95, 0.03), (lower, 0.45, -0.03), (upper, 0.22, 0.45)):
            line = _along(head.neutral[head.landmarks[list(lid)], :2], np.linspace(0, 1, 24))
            line[:, 1] += rise
            _stroke(layer, canvas.at(line), strength * looks.lashes, 0.09 * canvas.scale)
    layer = _soft(layer, 0.035 * canvas.scale)
    seam = canvas.front()
    line = _along(head.neutral[head.landmarks[list(_SEAM)], :2], np.linspace(0, 1, 24))
    _stroke(seam, canvas.at(line), 0.5, 0.06 * canvas.scale)
    return canvas.wrap(np.maximum(layer, _soft(seam, 0.05 * canvas.scale)))


def freckles(canvas: Canvas, looks: Appearance, rng: np.random.Generator) -> F32:
    """A factor: freckles over nose and cheeks, moles anywhere."""
    layer = canvas.front()
    spots = int(looks.freckles * 260)
    points = np.stack([rng.normal(0, 3.6, spots), rng.normal(0.6, 1.7, spots)], axis=1)
    for point, size in zip(canvas.at(points), rng.uniform(0.04, 0.11, spots), strict=True):
        centre = tuple(int(value) for value in _fixed(point))
        radius = int(size * canvas.scale * (1 << _SHIFT))
        cv2.circle(layer, centre, radius, float(rng.uniform(0.15, 0.4)), -1, cv2.LINE_AA, _SHIFT)
    marks = rng.uniform((-6, -6.5), (6, 8), (looks.moles, 2))
    for point, size in zip(canvas.at(marks), rng.uniform(0.07, 0.16, looks.moles), strict=True):
        centre = tuple(int(value) for value in _fixed(point))
        cv2.circle(layer, centre, int(size * canvas.scale * 16), 0.7, -1, cv2.LINE_AA, _SHIFT)
    return 1 - canvas.wrap(_soft(layer, 0.03 * canvas.scale))


def wrinkles(canvas: Canvas, looks: Appearance, rng: np.random.Generator) -> F32:
    """A factor: forehead lines, crow's feet, folds from nose to mouth, deeper with age."""
    layer = canvas.front()
    for height in (7.3, 8.1, 8.9):
        x = np.linspace(-4.5, 4.5, 30) + rng.normal(0, 0.3)
        y = height + 0.25 * np.sin(x * 0.5 + rng.uniform(0, 6)) + rng.normal(0, 0.05, 30)
        _stroke(layer, canvas.at(np.stack([x, y], 1)), rng.uniform(0.1, 0.5), 0.12 * canvas.scale)
    for side in (-1.0, 1.0):
        for tilt in (-0.35, 0.05, 0.45):
            x = np.linspace(5.1, 6.5, 8)
            y = 3.3 + tilt * (x - 4.6) + rng.normal(0, 0.03, 8)
            line = canvas.at(np.stack([side * x, y], 1))
            _stroke(layer, line, rng.uniform(0.1, 0.5), 0.08 * canvas.scale)
        fold = np.array([(1.9, 0.2), (2.6, -0.8), (3.2, -2.0), (3.5, -3.3)]) * (side, 1)
        line = canvas.at(_along(fold.astype(np.float32), np.linspace(0, 1, 20)))
        _stroke(layer, line, 0.55, 0.16 * canvas.scale)
    depth = 0.05 + 0.35 * looks.age
    return 1 - depth * canvas.wrap(_soft(layer, 0.07 * canvas.scale))
