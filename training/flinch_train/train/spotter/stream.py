"""One face on the even grid: what the spotter learns from. Letters in shapes: T steps, V values."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.spotting.features import STEP_MS, on_grid, stay_of
from flinch_train.data.spotting.reel import Reel

F32 = NDArray[np.float32]
Reals = NDArray[np.float64]

SHORTEST = 40  # steps: a face that stays for less shows nothing whole


@dataclass(frozen=True)
class Stream:
    """values (T, V) of one stay of a face, which began at ``begin_ms``; events (E, 3): onset, apex
    and offset in steps from there."""

    values: F32
    events: Reals
    begin_ms: float
    person: str
    # (K, 2) in steps: only there is "no" asked; None for a stream of which everything is known.
    noes: Reals | None = None


def streams_of(reel: Reel, person: str) -> Iterator[Stream]:
    """Every stay of a face in a reel."""
    times, values, _ = on_grid(reel.times, reel.samples.astype(np.float64))
    begun = stay_of(times)
    for first in np.unique(begun):
        stay = begun == first
        if stay.sum() < SHORTEST:
            continue
        begin, end = times[stay][[0, -1]]
        inside = (reel.events[:, 0] >= begin) & (reel.events[:, 2] <= end + STEP_MS)
        events = (reel.events[inside] - begin) / STEP_MS
        yield Stream(values[stay].astype(np.float32), events, float(begin), person)
