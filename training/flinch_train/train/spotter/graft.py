"""Expressions of one stream laid over another: many more than were shown.

Motion of small movements adds up, so what an expression did to one face can be done to another
that talks, blinks or nods at the time (for objects in pictures: Ghiasi et al., CVPR 2021, arXiv
2012.07177). Of a face that was filmed once as it is and once with an expression warped in, a
graft is the difference of both, clean of the face's own motion; of any other stream it is the
motion less the straight line between onset and offset. It comes larger or smaller, slower or
faster, and mirrored by chance. The same shapes also serve as decoys, of which nothing is to be
told: movements such as faces make all day that are too large, too slow, or do not come back.
Letters in shapes: T steps, V values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.spotting.features import CHANGES, DISPLACEMENTS, HEAD, STEP_MS, mirrored
from flinch_train.train.spotter.mix import paced
from flinch_train.train.spotter.stream import Stream

F32 = NDArray[np.float32]
Reals = NDArray[np.float64]

APART = 8  # steps between an expression and the next
SIZE, PACE = 0.3, 0.15  # how far their logarithms stray
FEWEST = 5  # steps of an expression that is worth taking
LARGE = (90.0, 350.0)  # thousandths of the eye distance: a brow flash, a grimace
SLOW = (2.2, 4.5)  # times its length
STAY = (25, 120)  # steps between the rise and the return: 0.5 to 2.4 s
TORN = 250.0  # thousandths of the eye distance: no expression goes so far, the base has jumped


@dataclass(frozen=True)
class Graft:
    """values (T, V) that are added; apex, in steps from the onset."""

    values: F32
    apex: float

    def varied(self, rng: np.random.Generator) -> "Graft":
        """Larger or smaller, slower or faster, mirrored or not."""
        size, pace = np.exp(rng.normal(0, (SIZE, PACE)))
        values = paced(self.values, float(pace)) * np.float32(size)
        return Graft(mirrored(values) if rng.random() < 0.5 else values, self.apex * float(pace))

    def decoy(self, rng: np.random.Generator) -> F32:
        """Values (T, V) of a movement of the same places that is no micro-expression."""
        varied, kind = self.varied(rng), rng.random()
        values = varied.values
        if kind < 0.4:
            peak = max(1.0, float(np.abs(values[:, :DISPLACEMENTS]).max()))
            return values * np.float32(np.exp(rng.uniform(*np.log(LARGE))) / peak)
        if kind < 0.6:
            return paced(values, float(rng.uniform(*SLOW)))
        apex = int(np.clip(round(varied.apex), 1, len(values) - 2))
        rise, back = values[: apex + 1], paced(values[apex:], float(rng.uniform(1, 3)))
        stay = np.repeat(values[apex : apex + 1], rng.integers(*STAY), axis=0)
        return np.concatenate([rise, stay, back]).astype(np.float32)


def grafts_of(stream: Stream, plain: Stream | None = None) -> Iterator[Graft]:
    """Every expression of a stream; ``plain`` is the same face without them."""
    for event in stream.events:
        onset, apex, offset = (int(step) for step in np.round(event))
        values = stream.values[onset : offset + 1].astype(np.float64)
        if plain is not None:
            shift = round((stream.begin_ms - plain.begin_ms) / STEP_MS)
            first, last = onset + shift, offset + shift + 1
            if first < 0 or last > len(plain.values):
                continue
            values -= plain.values[first:last]
        if len(values) < max(FEWEST, offset - onset + 1):
            continue
        share = np.linspace(0, 1, len(values))[:, None]
        values -= values[0] * (1 - share) + values[-1] * share
        values[:, HEAD] = 0  # the other head moves in its own way
        if np.abs(values[:, :DISPLACEMENTS]).max() < TORN:
            yield Graft(values.astype(np.float32), float(apex - onset))


def grafted(
    values: F32,
    events: Reals,
    grafts: list[Graft],
    rate: float,
    rng: np.random.Generator,
    decoys: float = 0.0,
) -> tuple[F32, Reals]:
    """About ``rate`` more expressions in a stretch (T, V) with events (E, 3), in steps.

    And about as many ``decoys``. Where one would come too close to another, it is left out.
    """
    values, marks = values.copy(), [tuple(event) for event in events]
    for _ in range(rng.poisson(rate) if grafts else 0):
        graft = grafts[rng.integers(len(grafts))].varied(rng)
        if len(values) < len(graft.values) + 2:
            continue
        onset = int(rng.integers(1, len(values) - len(graft.values)))
        offset = onset + len(graft.values) - 1
        if any(onset < mark[2] + APART and offset > mark[0] - APART for mark in marks):
            continue
        values[onset : offset + 1] += graft.values
        marks.append((onset, onset + graft.apex, offset))
    taken = [(mark[0], mark[2]) for mark in marks]
    for _ in range(rng.poisson(decoys) if grafts else 0):
        motion = grafts[rng.integers(len(grafts))].decoy(rng)
        if len(values) < FEWEST + 2:
            break
        onset = int(rng.integers(1, len(values) - FEWEST))
        motion = motion[: len(values) - onset]
        offset = onset + len(motion) - 1
        if any(onset < last + APART and offset > first - APART for first, last in taken):
            continue
        values[onset : offset + 1] += motion
        taken.append((onset, offset))
    values[:, CHANGES] = np.maximum(values[:, CHANGES], 0)  # a change has no sign
    return values, np.array(sorted(marks), np.float64).reshape(-1, 3)
