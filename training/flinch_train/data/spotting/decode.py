"""From probabilities at every step to expressions: the twin of ``src/spotting/settling.ts``."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HOLD_MS = 80.0  # a peak that nothing has topped for so long is the peak


@dataclass(frozen=True)
class Found:
    """Times in ms; told: when it was known; probability at the peak."""

    onset: float
    apex: float
    offset: float
    probability: float
    told: float


@dataclass(frozen=True)
class _Peak:
    time: float
    probability: float
    ages: NDArray[np.float64]


def decode(
    times: NDArray[np.float64], probability: NDArray[np.float64], ages: NDArray[np.float64],
    threshold: float,
) -> Iterator[Found]:  # fmt: skip
    """times (T,) ms, probability (T,), ages (T, 3) ms."""
    peak: _Peak | None = None
    told_until = -np.inf  # offset of the last one told
    for time, p, age in zip(times, probability, ages, strict=True):
        fresh = p >= threshold and time - age[1] > told_until
        if fresh and (peak is None or p > peak.probability):
            peak = _Peak(float(time), float(p), age)
        elif peak is not None and (time - peak.time >= HOLD_MS or p < 0.5 * peak.probability):
            onset, apex, offset = (float(v) for v in peak.time - peak.ages)
            told_until = offset
            yield Found(onset, apex, offset, peak.probability, float(time))
            peak = None
    if peak is not None:
        onset, apex, offset = (float(v) for v in peak.time - peak.ages)
        yield Found(onset, apex, offset, peak.probability, peak.time)
