"""Who does what and when in a video: a list of acts for one face."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from flinch_train.data.labels import LABELS
from flinch_train.data.sim.acts import Act, Sway
from flinch_train.data.sim.conversation import Conversation
from flinch_train.data.sim.habits import Habits

QUIET_MS = 1500.0  # a video begins with a neutral face, so that a spotter can settle
APART_MS = 1200.0  # from the end of one micro-expression to the onset of the next
_TOGETHER, _TOGETHER_LIVELY = 0.12, 0.4  # of micro-expressions that other things go on with
_MARGIN_MS = 120.0


@dataclass(frozen=True)
class Script:
    """What one face does. sway: what it does all the time."""

    acts: list[Act]  # by onset
    sway: Sway


def write(
    habits: Habits, length: float, per_minute: float, rng: np.random.Generator,
    emotions: Sequence[str] | None = None, lively: bool = False,
) -> Script:  # fmt: skip
    """A script of `length` ms; `emotions` are taken in turn, or drawn evenly if none are given.

    lively: people talk more, through expressions too, and do what `Conversation` knows of.
    """
    micros = _micros(habits, length, per_minute, rng, emotions)
    shared = rng.random(len(micros)) < (_TOGETHER_LIVELY if lively else _TOGETHER)
    taken = [(a.onset, a.offset) for a, free in zip(micros, shared, strict=True) if not free]
    doing = _conversation(habits, rng) if lively else _calm(habits, rng)
    acts = micros + _others(doing, length, taken, rng)
    return Script(sorted(acts, key=lambda a: (a.onset, a.kind)), habits.sway(rng))


def _micros(
    habits: Habits, length: float, per_minute: float, rng: np.random.Generator,
    emotions: Sequence[str] | None,
) -> list[Act]:  # fmt: skip
    count = round(per_minute * length / 60_000)
    room = length - QUIET_MS - 800.0
    if count <= 0 or room <= 0:
        return []
    count = min(count, max(1, int(room / (APART_MS + 550.0))))
    names = emotions or [str(rng.choice(LABELS[:-1])) for _ in range(count)]
    # Cut what is left over into random gaps: evenly spread, never too near.
    spare = room - count * (APART_MS + 500.0)
    cuts = np.sort(rng.uniform(0, max(spare, 0.0), count))
    return [
        habits.micro(QUIET_MS + float(cuts[n]) + n * (APART_MS + 500.0), names[n % len(names)], rng)
        for n in range(count)
    ]


# An act at a time (ms), and the least and the greatest gap (ms) to the next of its sort.
_Doing = tuple[Callable[[float], Act], float, float]


# Rare and long acts come first: they find room before blinks fill it.
def _calm(habits: Habits, rng: np.random.Generator) -> tuple[_Doing, ...]:
    return (
        (lambda t: habits.speech(t, rng.uniform(900, 3200), rng), 6000, 15000),
        (lambda t: habits.macro(t, rng), 9000, 22000),
        (lambda t: habits.nod(t, rng), 8000, 20000),
        (lambda t: habits.lean(t, rng), 7000, 18000),
        (lambda t: habits.swallow(t, rng), 10000, 25000),
        (lambda t: habits.glance(t, rng), 1200, 4500),
        (lambda t: habits.blink(t, rng), 2000, 6000),
    )


def _conversation(habits: Habits, rng: np.random.Generator) -> tuple[_Doing, ...]:
    people = Conversation(habits)

    def blink(time: float) -> Act:
        kind = rng.random()
        if kind < 0.15:
            return people.double_blink(time, rng)
        return people.slow_blink(time, rng) if kind < 0.3 else habits.blink(time, rng)

    return (
        (lambda t: people.touch(t, rng), 12000, 40000),
        (lambda t: people.laugh(t, rng), 12000, 40000),
        (lambda t: people.smile(t, rng), 9000, 25000),
        (lambda t: people.speech(t, rng.uniform(900, 6000), rng), 600, 3000),
        (lambda t: habits.nod(t, rng), 5000, 14000),
        (lambda t: habits.lean(t, rng), 7000, 18000),
        (lambda t: habits.swallow(t, rng), 10000, 25000),
        (lambda t: habits.glance(t, rng), 1200, 4500),
        (blink, 1500, 5000),
    )


def _others(
    doing: tuple[_Doing, ...], length: float, taken: list[tuple[float, float]],
    rng: np.random.Generator,
) -> list[Act]:  # fmt: skip
    """What a face does beside the micro-expressions."""
    found: list[Act] = []
    for make, low, high in doing:
        time = QUIET_MS + rng.uniform(0.0, 0.7) * low
        while time < length:
            act = make(time)
            if act.offset < length and not _clashes(act, taken) and not _crowded(act, found):
                found.append(act)
                time = act.offset + rng.uniform(low, high)
            else:  # look for room a little later
                time += rng.uniform(100, 400)
    return found


def _clashes(act: Act, taken: list[tuple[float, float]]) -> bool:
    return any(
        act.onset < end + _MARGIN_MS and act.offset > begin - _MARGIN_MS for begin, end in taken
    )


_ALONE = {"speech", "macro_expression", "laugh", "swallow", "nod"}


def _crowded(act: Act, others: list[Act]) -> bool:
    """Whether an act would fall on another of its own sort."""
    return any(
        act.onset < other.offset + 100 and act.offset > other.onset - 100
        for other in others
        if act.kind == other.kind or (act.kind in _ALONE and other.kind in _ALONE)
    )
