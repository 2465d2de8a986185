"""Which expressions are warped into a video, and when: the same for the same video and seed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from flinch_train.data.flow.real import RealFlow
from flinch_train.data.labels import VALENCE, VALENCES
from flinch_train.data.sim.acts import Move
from flinch_train.data.sim.criteria import by_criteria
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.stats import Stats

EMOTIONS = ("disgust", "surprise", "fear", "anger", "sad", "happy")
AMPLITUDE = (0.015, 0.07)  # of the distance between the eyes: the farthest that the skin goes
FIRST_MS = (2000.0, 2400.0)  # by then the spotter has seen the face for long enough to judge it
APART_MS = (
    2800.0,
    4200.0,
)  # from an offset to the next onset: one expression in about four seconds
LEFT_MS = 100.0  # after the last offset


@dataclass(frozen=True)
class Expression:
    """One expression. ``move`` says when, how it rises and falls, and by which shapes of the head.

    row: of measured flow, in place of the shapes; emotion: None where only the valence is known.
    """

    move: Move
    amplitude: float
    emotion: str | None
    valence: str
    row: int | None = None


class Expressions:
    """Draws the expressions of a video."""

    def __init__(self, head: Head, flow: RealFlow | None = None) -> None:
        self._habits = Habits(head, by_criteria(Stats.load()))
        self._flow = flow

    def of(self, sha256: str, seed: int, last_ms: float) -> Iterator[Expression]:
        """In order of time. Every emotion, or every valence of measured flow, comes as often."""
        rng = np.random.default_rng([seed, int(sha256[:16], 16)])
        onset = float(rng.uniform(*FIRST_MS))
        while True:
            for kind in rng.permutation(self._kinds):
                found = self.draw(str(kind), onset, rng)
                if found.move.offset > last_ms - LEFT_MS:
                    return
                yield found
                onset = found.move.offset + float(rng.uniform(*APART_MS))

    @property
    def _kinds(self) -> tuple[str, ...]:
        return EMOTIONS if self._flow is None else VALENCES

    def draw(self, kind: str, onset: float, rng: np.random.Generator) -> Expression:
        """One expression of a kind that begins at ``onset``."""
        amplitude = float(rng.uniform(*AMPLITUDE))
        if self._flow is None:
            move = self._habits.micro(onset, kind, rng)
            return Expression(move, amplitude, kind, VALENCE[kind] or "")
        row = int(rng.choice(np.flatnonzero(self._flow.valence == VALENCES.index(kind))))
        # how long real expressions of any emotion take
        move = self._habits.micro(onset, str(rng.choice(EMOTIONS)), rng)
        return Expression(replace(move, emotion=None, units=[]), amplitude, None, kind, row)
