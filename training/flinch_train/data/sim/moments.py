"""What happens in one candidate window: a micro-expression, or something that is none."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flinch_train.data.labels import LABELS
from flinch_train.data.sim.acts import Act, Move, Run
from flinch_train.data.sim.conversation import Conversation
from flinch_train.data.sim.habits import Habits

NONE_SHARE = 0.30
JITTER = 0.10  # how far the spotter's marks are off, as a share of the window
LONGEST_MS = 700.0  # that a spotter would take for one movement
FRAME_RATES = (30, 50, 60, 100, 120, 200)  # Hz
_EMPTY = {
    "nothing": 0.14, "blink": 0.24, "gaze": 0.13, "speech": 0.22, "swallow": 0.08,
    "nod": 0.07, "macro_expression": 0.12,
}  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """Acts, and the marks (ms) that a spotter would have set. kind: what the window is about."""

    label: int
    kind: str
    acts: list[Act]
    onset: float
    apex: float
    offset: float


def moment(habits: Habits, rng: np.random.Generator, lively: bool = False) -> Moment:
    """A window: `NONE_SHARE` of them hold no micro-expression, the rest each label as often.

    lively: half of those hold what `Conversation` knows of.
    """
    if rng.random() < NONE_SHARE:
        return _of_talk(habits, rng) if lively and rng.random() < 0.5 else _nothing(habits, rng)
    label = int(rng.integers(len(LABELS) - 1))
    micro = habits.micro(0.0, LABELS[label], rng)
    acts: list[Act] = [micro]
    if rng.random() < 0.30:
        acts.append(habits.glance(rng.uniform(-400, micro.offset), rng))
    if rng.random() < 0.22:
        start = rng.uniform(-250, micro.offset)
        acts.append(habits.blink(start, rng, float(rng.uniform(0.3, 1.0))))
    if rng.random() < 0.10:
        acts.append(habits.speech(rng.uniform(-200, 100), rng.uniform(150, 400), rng))
    marks = _marks(micro.onset, micro.apex, micro.offset, rng)
    return Moment(label, micro.kind, acts, *marks)


def _nothing(habits: Habits, rng: np.random.Generator) -> Moment:
    kind = str(rng.choice(list(_EMPTY), p=list(_EMPTY.values())))
    length = float(np.exp(rng.uniform(np.log(130), np.log(600))))
    acts: list[Act] = []
    marks = (0.0, length * rng.uniform(0.25, 0.6), length)
    if kind == "blink":
        blink = habits.blink(0.0, rng)
        acts.append(blink)
        whole = rng.random() < 0.75  # else only its closing or its opening was caught
        marks = (0.0, blink.apex, blink.offset) if whole else _slice(blink, length, rng)
    elif kind == "gaze":
        glance = habits.glance(0.0, rng)
        acts.append(glance)
        middle = glance.apex if rng.random() < 0.7 else glance.leave
        marks = (middle - length * rng.uniform(0.2, 0.6), middle, middle + length * 0.5)
    elif kind != "nothing":
        making: dict[str, Callable[[], Act]] = {
            "speech": lambda: habits.speech(0.0, 1200.0, rng),
            "swallow": lambda: habits.swallow(0.0, rng),
            "nod": lambda: habits.nod(0.0, rng),
            "macro_expression": lambda: habits.macro(0.0, rng),
        }
        longer = making[kind]()
        acts.append(longer)
        marks = _slice(longer, length, rng)
    if rng.random() < 0.25:
        acts.append(habits.glance(rng.uniform(-300, length), rng))
    return Moment(LABELS.index("none"), kind, acts, *_marks(*marks, rng))


def _of_talk(habits: Habits, rng: np.random.Generator) -> Moment:
    people = Conversation(habits)
    making: tuple[Callable[[], Act], ...] = (
        lambda: people.slow_blink(0.0, rng), lambda: people.double_blink(0.0, rng),
        lambda: people.smile(0.0, rng), lambda: people.laugh(0.0, rng),
        lambda: people.speech(0.0, 1200.0, rng), lambda: people.touch(0.0, rng),
    )  # fmt: skip
    act = making[int(rng.choice(len(making), p=(0.1, 0.1, 0.15, 0.1, 0.45, 0.1)))]()
    shown = act
    if isinstance(act, Run) and rng.random() < 0.7:  # one stressed word, one blink of two
        shown = act.moves[int(rng.integers(len(act.moves)))]
    length = float(np.exp(rng.uniform(np.log(130), np.log(600))))
    marks = _slice(act, length, rng)
    if shown.offset - shown.onset <= LONGEST_MS and rng.random() < 0.8:
        marks = shown.onset, shown.apex, shown.offset
    return Moment(LABELS.index("none"), act.kind, [act], *_marks(*marks, rng))


def _slice(act: Act, length: float, rng: np.random.Generator) -> tuple[float, float, float]:
    first, last = act.onset - 0.3 * length, act.offset - 0.7 * length
    start = rng.uniform(min(first, last), max(first, last))  # an act may be short of the window
    return start, start + length * rng.uniform(0.3, 0.6), start + length


def _marks(
    onset: float, apex: float, offset: float, rng: np.random.Generator
) -> tuple[float, float, float]:
    """A spotter's marks: off by a tenth of the window, and on whole frames of some camera."""
    frame = 1000.0 / float(rng.choice(FRAME_RATES))
    slack = max(JITTER * (offset - onset), frame)
    marks = np.array((onset, apex, offset)) + np.clip(rng.normal(0, 0.5, 3), -1, 1) * slack
    phase = frame * rng.random()
    start, middle, end = (float(t) for t in np.round((marks - phase) / frame) * frame + phase)
    middle = max(middle, start + frame)
    return start, middle, max(end, middle + frame)


def peak(acts: list[Act]) -> Move | None:
    """The micro-expression among acts."""
    return next((a for a in acts if isinstance(a, Move) and a.emotion is not None), None)
