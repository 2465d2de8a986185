"""Marks put on the movement itself: the twin of ``src/spotting/shape.ts`` and of ``marked`` in
``learned-spotter.ts``.

The network says when an expression began, peaked and ended; so does the displacement of the regions
that moved, along its own direction. Each errs in its own way: the network by a little and often, a
flank that noise cuts short by much and seldom. Letters in shapes: T samples, R regions.
"""

from dataclasses import replace

import numpy as np

from flinch_train.data.spotting.decode import Found
from flinch_train.data.spotting.features import Reals

FLOOR = 1.2  # thousandths of the eye distance that are always noise
SLACK_MS = 60.0  # how far beyond the network's word a flank is looked for
APART_MS = 40.0  # how far from it onset and offset may come to lie
NEAR_MS = 90.0  # how far the apex may
LOW, HIGH, BACK = 0.2, 0.6, 0.9
_SAME_MS = 1e-6


def put(rough: Found, times: Reals, displacement: Reals, noise: Reals) -> Found:
    """Where the movement lies, near ``rough``, the network's word; that where noise hides it.

    times (T,) ms and displacement (T, 2 R): the stream up to now; noise (R,) of each region.
    """
    height = _height(rough, times, displacement)
    sizes = np.hypot(height[::2], height[1::2])
    sigma = np.maximum(FLOOR, noise)
    weights = np.where(sizes > 2 * sigma, 1 / sigma**2, 0.0).repeat(2) * height
    if not weights.any():
        return rough
    begin = rough.onset - SLACK_MS
    end = rough.offset + SLACK_MS + _SAME_MS
    seen = (times >= begin) & (times < end)
    moved = displacement[seen] @ weights
    shape = _shape(times[seen], moved, rough.apex)
    if shape is None:
        return rough
    onset, apex, offset = shape
    return replace(
        rough,
        onset=_near(onset, rough.onset),
        apex=(rough.apex + apex) / 2,
        offset=_near(offset, rough.offset),
    )


def _near(marked: float, stated: float) -> float:
    return min(stated + APART_MS, max(stated - APART_MS, marked))


def _height(rough: Found, times: Reals, displacement: Reals) -> Reals:
    before, top, after = (
        np.array([np.interp(t, times, column) for column in displacement.T])
        for t in (rough.onset, rough.apex, rough.offset)
    )
    return np.asarray(top - (before + after) / 2)


def _shape(times: Reals, moved: Reals, apex: float) -> tuple[float, float, float] | None:
    """Onset, apex and offset of what moved around a rough apex."""
    near = np.flatnonzero(np.abs(times - apex) <= NEAR_MS)
    if len(near) == 0:
        return None
    top = int(near[np.argmax(moved[near])])
    if not 0 < top < len(times) - 1:
        return None
    onset, rise = _flank(times[top::-1], moved[top::-1])
    offset, fall = _flank(times[top:], moved[top:])
    return (onset, float(times[top]), offset) if min(rise, fall) > 0 else None


def _flank(times: Reals, moved: Reals) -> tuple[float, float]:
    """Where a flank, from the apex outwards, begins; and how high the apex stands over its foot."""
    drop = moved[0] - moved.min()
    foot = 0
    for i, value in enumerate(moved):
        if value < moved[foot]:
            foot = i
        # Down and up again: what follows belongs to another movement.
        elif moved[0] - moved[foot] > 0.5 * drop and value - moved[foot] > 0.35 * drop:
            break
    height = float(moved[0] - moved[foot])

    def crossing(level: float) -> float:
        wanted = moved[foot] + level * height
        for i in range(1, len(moved)):
            if moved[i] <= wanted:
                p, q = moved[i - 1], moved[i]
                share = 1.0 if p == q else (p - wanted) / (p - q)
                return float(times[i - 1] + share * (times[i] - times[i - 1]))
        return float(times[foot])

    low, high = crossing(LOW), crossing(HIGH)
    start = low + BACK * (low - high)
    limit = max(abs(times[foot] - times[0]), abs(low - times[0]))
    if abs(start - times[0]) > limit:
        start = times[0] + np.sign(start - times[0]) * limit
    return float(start), height
