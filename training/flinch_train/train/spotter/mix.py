"""More backgrounds than were filmed: halves of two faces as one, two motions at once, backwards.

People are few and their habits are many. The upper and the lower half of a face move on their
own, so that one person's brows beside another's mouth are a face that might be; small motions add
up; and what a face does is as likely backwards (mixing of examples: Zhang et al., ICLR 2018; of
video, Yun et al., arXiv 2012.03457). Only streams without expressions are mixed. Letters in
shapes: T steps, V values.
"""

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.spotting.features import DISPLACEMENTS, mirrored
from flinch_train.data.spotting.regions import REGIONS

F32 = NDArray[np.float32]

HALVES, ADDED = 0.35, 0.25  # how often
BACKWARDS = 0.3
SIZE, PACE = 0.3, 0.2  # how far their logarithms stray
_EYE_LINE = 0.45  # of the crop's height: regions above it are the upper half
_LOWER = [r for r, region in enumerate(REGIONS) if region.cy >= _EYE_LINE]


def columns_of(regions: list[int]) -> NDArray[np.int64]:
    """The places of some regions among a sample's values: displacements, then changes."""
    chosen = np.array(regions)
    return np.concatenate([2 * chosen, 2 * chosen + 1, DISPLACEMENTS + chosen])


_LOWER_COLUMNS = columns_of(_LOWER)


def mixed(one: F32, other: F32, rng: np.random.Generator) -> F32:
    """A background (T, V) made of one stretch (T₁, V), and by chance of another (T₂, V)."""
    values = one.copy()
    chance = rng.random()
    if chance < HALVES + ADDED:
        length = min(len(one), len(other))
        start = rng.integers(len(one) - length + 1)
        values, added = values[start : start + length], other[:length]
        if rng.random() < 0.5:
            added = mirrored(added)
        if chance < HALVES:
            values[:, _LOWER_COLUMNS] = added[:, _LOWER_COLUMNS]
        else:
            share = rng.uniform(0, 0.9, len(REGIONS)).astype(np.float32)
            weights = np.concatenate([share.repeat(2), share, np.zeros(4, np.float32)])
            values += weights * added
    if rng.random() < BACKWARDS:
        values = values[::-1].copy()
    values[:, :DISPLACEMENTS] *= np.float32(np.exp(rng.normal(0, SIZE)))
    return paced(values, float(np.exp(rng.normal(0, PACE))))


def paced(values: F32, pace: float) -> F32:
    """(T, V) at another pace: (pace · T, V)."""
    count = max(2, round(len(values) * pace))
    at = np.linspace(0, len(values) - 1, count)
    before = at.astype(np.int64)
    after = np.minimum(before + 1, len(values) - 1)
    share = (at - before).astype(np.float32)[:, None]
    return np.asarray(values[before] * (1 - share) + values[after] * share, np.float32)
