"""Segments to learn from: some seconds of a face, and what is to be said at each step."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.data.spotting.features import DISPLACEMENTS, HEAD, STEP_MS, mirrored
from flinch_train.data.spotting.timing import DELAY_MS, LOOK_BACK, READY, STRIDE
from flinch_train.model.spotter import AGE_MS
from flinch_train.train.spotter.graft import Graft, grafted
from flinch_train.train.spotter.mix import mixed
from flinch_train.train.spotter.stream import Stream

F32 = NDArray[np.float32]
Reals = NDArray[np.float64]

COUNTED = 150  # steps of a segment that are asked for: 6 s
LENGTH = LOOK_BACK + STRIDE * (COUNTED - 1) + 1
TOLD_MS = 80.0  # from ``DELAY_MS`` on an expression is told for so long
DOUBT_MS = (-120.0, 260.0)  # round that, neither yes nor no is asked for
GRAFTS = 1.3  # more expressions a segment, about
DECOYS = 1.0  # movements a segment that are shaped like an expression and are none
WITHOUT = 0.3  # share of segments that get none
MIXED = 0.8  # share of backgrounds that are mixed
EVEN = 0.5  # of people: 1 draws by minutes, 0 everybody as often
SIZE, GRAIN = 0.15, 1.2  # how far a segment's size strays (logarithm); the most noise, thousandths


@dataclass(frozen=True)
class Batch:
    """window (B, V, T), seen (B, T); of the S steps that are asked for: truth (B, S) 0 or 1, asked
    (B, S) 0 where nothing is, ages (B, 3, S) where truth is 1."""

    window: Tensor
    seen: Tensor
    truth: Tensor
    counted: Tensor
    ages: Tensor


class Segments:
    """Draws segments of some streams, with grafts in them."""

    def __init__(self, streams: list[Stream], grafts: list[Graft], shares: list[float]) -> None:
        """shares: how often each stream is drawn, beside its length."""
        self._streams, self._grafts = streams, grafts
        steps = np.array([len(stream.values) for stream in streams], np.float64)
        people: dict[str, float] = {}
        for stream, count in zip(streams, steps, strict=True):
            people[stream.person] = people.get(stream.person, 0) + count
        total = np.array([people[stream.person] for stream in streams])
        weights = steps * total ** (EVEN - 1) * np.array(shares)
        self._chances = weights / weights.sum()

    def batch(self, count: int, rng: np.random.Generator) -> Batch:
        """So many segments."""
        rows = [self._segment(rng) for _ in range(count)]
        return Batch(*(torch.from_numpy(np.stack(column)) for column in zip(*rows, strict=True)))

    def _draw(self, rng: np.random.Generator) -> Stream:
        return self._streams[rng.choice(len(self._streams), p=self._chances)]

    def _segment(self, rng: np.random.Generator) -> tuple[F32, F32, F32, F32, F32]:
        stream = self._draw(rng)
        values, events = _stretch(stream, rng)
        if stream.noes is None:
            values, events = self._richer(values, events, rng)
        if rng.random() < 0.5:
            values = mirrored(values)
        values = values.copy()
        size = np.float32(np.exp(rng.normal(0, SIZE)))
        values[:, :DISPLACEMENTS] *= size
        values[:, HEAD] *= size
        if rng.random() < 0.4:
            grain = GRAIN * rng.random() ** 2
            noise = rng.standard_normal((len(values), DISPLACEMENTS), np.float32)
            values[:, :DISPLACEMENTS] += np.float32(grain) * noise
        return placed(values, events, rng, stream.noes)

    def _richer(self, values: F32, events: Reals, rng: np.random.Generator) -> tuple[F32, Reals]:
        """With another's motion and with grafts: only where it is known what else is in it."""
        if len(events) == 0 and rng.random() < MIXED:
            other = self._draw(rng)
            if len(other.events) == 0 and other.noes is None:
                values = mixed(values, _stretch(other, rng)[0], rng)
        rate = GRAFTS if rng.random() >= WITHOUT else 0.0
        return grafted(values, events, self._grafts, rate, rng, DECOYS)


def _stretch(stream: Stream, rng: np.random.Generator) -> tuple[F32, Reals]:
    """A part of a stream that fills a segment, with the events that lie in it whole."""
    spare = len(stream.values) - LENGTH
    first = int(rng.integers(spare + 1)) if spare > 0 else 0
    values = stream.values[first : first + LENGTH]
    events = stream.events - first
    return values, events[(events[:, 0] >= 0) & (events[:, 2] < len(values))]


def placed(
    values: F32, events: Reals, rng: np.random.Generator, noes: Reals | None = None
) -> tuple[F32, F32, F32, F32, F32]:
    """A stretch put into a segment: window (V, T), seen (T,), truth and asked (S,), ages (3, S).

    Before it the face is not there yet; after it the stream is held, as the daemon holds it. With
    ``noes`` (K, 2), in steps, nothing is asked beyond them and the events; the stretch is put where
    all of these are asked for, as far as there is room.
    """
    values = values[:LENGTH]
    latest = LENGTH - len(values) if len(values) < LENGTH else LOOK_BACK
    earliest = 0 if noes is None else min(latest, _earliest(events, noes))
    start = earliest + int(rng.integers(latest - earliest + 1))
    values = values[: LENGTH - start]
    window = np.empty((LENGTH, values.shape[1]), np.float32)
    window[:start], window[start + len(values) :] = values[0], values[-1]
    window[start : start + len(values)] = values
    seen = (np.arange(LENGTH) >= start).astype(np.float32)
    steps = LOOK_BACK + STRIDE * np.arange(COUNTED)
    truth, counted, ages = targets(steps, events + start)
    if noes is not None:
        counted[~(_within(steps, noes + start) | (truth == 1))] = 0
    counted[steps < start + READY] = 0
    return window.T.copy(), seen, truth, counted, ages


def _within(steps: NDArray[np.int64], spans: Reals) -> NDArray[np.bool_]:
    """(S,): which steps lie in one of the spans (K, 2)."""
    inside = (steps[:, None] >= spans[:, 0]) & (steps[:, None] <= spans[:, 1])
    return np.asarray(inside.any(1))


def _earliest(events: Reals, noes: Reals) -> int:
    """The first place of a stretch from which its first answer that is known can be asked for."""
    firsts = [*(events[:, 2] + DELAY_MS / STEP_MS), *noes[:, 0]]
    return max(0, LOOK_BACK - int(min(firsts, default=LOOK_BACK)))


def targets(steps: NDArray[np.int64], events: Reals) -> tuple[F32, F32, F32]:
    """Of every step: truth and asked (S,), ages (3, S) in ``AGE_MS``; events (E, 3) in steps."""
    truth, counted = np.zeros((2, len(steps)), np.float32)
    counted[:] = 1
    ages = np.zeros((3, len(steps)), np.float32)
    late = [(steps - event[2]) * STEP_MS - DELAY_MS for event in events]
    for event, after in zip(events, late, strict=True):
        after_apex = (steps > event[1]) & (after < 0)
        counted[after_apex | ((after > DOUBT_MS[0]) & (after < DOUBT_MS[1]))] = 0
    for event, after in zip(events, late, strict=True):
        told = (after >= 0) & (after <= TOLD_MS)
        truth[told], counted[told] = 1, 1
        ages[:, told] = (steps[told] - event[:, None]) * (STEP_MS / AGE_MS)
    return truth, counted, ages
