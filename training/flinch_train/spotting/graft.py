"""Expressions of one stream laid over another: many more than were rendered.

Motion of small movements adds up, so what an expression did to one face can be done to another that
talks, blinks or nods at the time (for objects in pictures: Ghiasi et al., CVPR 2021, arXiv
2012.07177). A graft is a stream's motion less the straight line between onset and offset; it comes
larger or smaller, slower or faster, and mirrored by chance. Letters in shapes: T samples, V values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flinch_train.spotting.features import CHANGES, HEAD, mirrored
from flinch_train.spotting.reel import Reel

Reals = NDArray[np.float64]

APART_MS = 400.0  # between an expression and the next
AFTER_MS, BEFORE_END_MS = 200.0, 700.0  # where in a stream a graft may begin
SIZE, PACE = 0.25, 0.12  # how far their logarithms stray
FEWEST = 5  # samples of an expression that can be taken from a stream, or shown in one


@dataclass(frozen=True)
class Graft:
    """times (T,) ms since the onset; values (T, V) that are added; apex and offset, ms likewise."""

    times: Reals
    values: Reals
    apex: float
    offset: float

    def like(self, size: float, pace: float, mirror: bool) -> "Graft":
        """Larger or smaller, slower or faster, mirrored or not."""
        values = size * (mirrored(self.values) if mirror else self.values)
        return Graft(pace * self.times, values, pace * self.apex, pace * self.offset)


def grafts_of(reel: Reel) -> Iterator[Graft]:
    """Every expression of a stream."""
    for onset, apex, offset in reel.events:
        during = reel.times[(reel.times > onset) & (reel.times < offset)]
        if len(during) < FEWEST:
            continue
        times = np.concatenate([[onset], during, [offset]])
        values = _at(times, reel.times, reel.samples.astype(np.float64))
        share = ((times - onset) / (offset - onset))[:, None]
        values -= values[0] * (1 - share) + values[-1] * share
        values[:, HEAD] = 0  # the other head moves in its own way
        yield Graft(times - onset, values, apex - onset, offset - onset)


def grafted(reels: list[Reel], rate: float, seed: int) -> list[Reel]:
    """Copies of all streams with about ``rate`` more expressions each, of any of the streams.

    Where one would come too close to another, or too few samples show it, it is left out.
    """
    rng = np.random.default_rng(seed)
    grafts = [graft for reel in reels for graft in grafts_of(reel)]
    counts = rng.poisson(rate, len(reels)) if grafts else np.zeros(len(reels), np.int64)
    return [_with(reel, grafts, int(n), rng) for reel, n in zip(reels, counts, strict=True)]


def _with(reel: Reel, grafts: list[Graft], count: int, rng: np.random.Generator) -> Reel:
    samples, events = reel.samples.astype(np.float64), [tuple(event) for event in reel.events]
    for _ in range(count):
        size, pace = np.exp(rng.normal(0, (SIZE, PACE)))
        graft = grafts[rng.integers(len(grafts))].like(size, pace, rng.random() < 0.5)
        onset = rng.uniform(reel.times[0] + AFTER_MS, reel.times[-1] - BEFORE_END_MS)
        offset = onset + graft.offset
        if any(onset < e[2] + APART_MS and offset > e[0] - APART_MS for e in events):
            continue
        during = np.flatnonzero((reel.times >= onset) & (reel.times <= offset))
        if len(during) < FEWEST:
            continue
        samples[during] += _at(reel.times[during] - onset, graft.times, graft.values)
        events.append((onset, onset + graft.apex, offset))
    samples[:, CHANGES] = np.maximum(samples[:, CHANGES], 0)  # a change has no sign
    marks = np.array(sorted(events), np.float64).reshape(-1, 3)
    return replace(reel, samples=samples.astype(np.float32), events=marks)


def _at(when: Reals, times: Reals, values: Reals) -> Reals:
    """Values (T, V) known at some times, at others."""
    return np.stack([np.interp(when, times, column) for column in values.T], axis=1)
