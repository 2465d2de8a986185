"""Things a face does, as functions of time. Zero before the onset and after the offset."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from flinch_train.data.sim.types import F32


@dataclass
class State:
    """A face at one instant: shape weights, head angles (yaw, pitch, roll; rad), head shift
    (head units), gaze (yaw, pitch; rad), the tip of a hand before the face, if any (3,)."""

    weights: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    angles: F32 = field(default_factory=lambda: np.zeros(3, np.float32))
    shift: F32 = field(default_factory=lambda: np.zeros(3, np.float32))
    gaze: F32 = field(default_factory=lambda: np.zeros(2, np.float32))
    hand: F32 | None = None


class Act(Protocol):
    """Times are milliseconds on the clip's or the video's own clock."""

    @property
    def kind(self) -> str: ...
    @property
    def onset(self) -> float: ...
    @property
    def apex(self) -> float: ...
    @property
    def offset(self) -> float: ...
    @property
    def emotion(self) -> str | None: ...
    @property
    def units(self) -> list[str]: ...

    def apply(self, time: float, state: State) -> None: ...


def hump(time: float, onset: float, apex: float, offset: float, sharpness: float = 1.0) -> float:
    """0 → 1 → 0 with level ends: raised cosines; a sharpness over 1 waits and then hurries."""
    if not onset < time < offset:
        return 0.0
    part = (time - onset) / (apex - onset) if time <= apex else (offset - time) / (offset - apex)
    return float((0.5 - 0.5 * np.cos(np.pi * part)) ** sharpness)


@dataclass
class Move:
    """Shapes, head and gaze that go out and come back together."""

    kind: str
    onset: float
    apex: float
    offset: float
    weights: dict[int, float] = field(default_factory=dict)
    angles: tuple[float, float, float] = (0.0, 0.0, 0.0)
    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    emotion: str | None = None
    units: list[str] = field(default_factory=list)
    sharpness: float = 1.0
    hold: float = 0.0  # share of the fall during which the apex is held

    def level(self, time: float) -> float:
        """How far it has gone out: 1 at the apex."""
        held = self.apex + self.hold * (self.offset - self.apex)
        if self.apex < time <= held:
            return 1.0
        peak = self.apex if time <= self.apex else held
        return hump(time, self.onset, peak, self.offset, self.sharpness)

    def apply(self, time: float, state: State) -> None:
        level = self.level(time)
        if level == 0.0:
            return
        for index, weight in self.weights.items():
            state.weights[index] += level * weight
        state.angles += np.float32(level) * np.array(self.angles, np.float32)
        state.shift += np.float32(level) * np.array(self.shift, np.float32)


@dataclass
class Glance:
    """The eyes jump to a place, stay, and jump back; the lids follow. lids: shapes by direction
    (up, down, and left and right of each eye) for a turn of one radian."""

    onset: float
    apex: float  # arrival
    leave: float
    offset: float
    target: tuple[float, float]
    lids: dict[str, dict[int, float]]
    kind: str = "gaze"
    emotion: str | None = None
    units: list[str] = field(default_factory=list)

    def apply(self, time: float, state: State) -> None:
        away = hump(time, self.onset, self.apex, 2 * self.offset)
        if time > self.apex:
            away = 1.0 if time < self.leave else hump(time, self.onset, self.leave, self.offset)
        if away == 0.0 or time >= self.offset:
            return
        yaw, pitch = (away * value for value in self.target)
        state.gaze += np.array((yaw, pitch), np.float32)
        for direction, size in zip(
            ("left", "right", "up", "down"), (yaw, -yaw, pitch, -pitch), strict=True
        ):
            for index, weight in self.lids[direction].items():
                state.weights[index] += max(size, 0.0) * weight


@dataclass
class Run:
    """Moves that belong together: the syllables of speech, both blinks of a double one, a laugh."""

    kind: str
    moves: list[Move]
    emotion: str | None = None
    units: list[str] = field(default_factory=list)

    @property
    def onset(self) -> float:
        return min(move.onset for move in self.moves)

    @property
    def offset(self) -> float:
        return max(move.offset for move in self.moves)

    @property
    def apex(self) -> float:
        return max(self.moves, key=lambda move: sum(map(abs, move.weights.values()))).apex

    def apply(self, time: float, state: State) -> None:
        for move in self.moves:
            if move.onset < time < move.offset:
                move.apply(time, state)


@dataclass
class Touch:
    """A hand comes up from below, rests at a place of the face, and goes. place, below: (3,) of its
    fingertips, head units: at the face, and where it comes from."""

    onset: float
    apex: float  # arrival
    leave: float
    offset: float
    place: tuple[float, float, float]
    below: tuple[float, float, float]
    kind: str = "hand_at_face"
    emotion: str | None = None
    units: list[str] = field(default_factory=list)

    def apply(self, time: float, state: State) -> None:
        if not self.onset < time < self.offset:
            return
        near = hump(time, self.onset, self.apex, 2 * self.offset)
        if time > self.apex:
            near = 1.0 if time < self.leave else hump(time, self.onset, self.leave, self.offset)
        state.hand = np.asarray(self.below, np.float32) * np.float32(1 - near)
        state.hand += np.asarray(self.place, np.float32) * np.float32(near)


@dataclass
class Nod:
    """A damped swing of the head about one axis. axis: 0 yaw, 1 pitch, 2 roll."""

    onset: float
    offset: float
    size: float
    swings: float
    axis: int = 1
    kind: str = "nod"
    emotion: str | None = None
    units: list[str] = field(default_factory=list)

    @property
    def apex(self) -> float:
        return self.onset + (self.offset - self.onset) * min(0.5, 0.35 / self.swings + 0.1)

    def apply(self, time: float, state: State) -> None:
        envelope = hump(time, self.onset, self.apex, self.offset)
        if envelope:
            part = (time - self.onset) / (self.offset - self.onset)
            swing = np.sin(2 * np.pi * self.swings * part)
            state.angles[self.axis] += np.float32(self.size * envelope * swing)


@dataclass
class Sway:
    """What a head does all the time: slow sums of sines, breathing among them. rates: (6, K)
    Hz, sizes: (6, K) for yaw, pitch, roll (rad), x, y, z (head units)."""

    rates: F32
    sizes: F32
    phases: F32

    def apply(self, time: float, state: State) -> None:
        wave = np.sin(2 * np.pi * self.rates * (time / 1000) + self.phases)
        total = (self.sizes * wave).sum(axis=1)
        state.angles += total[:3].astype(np.float32)
        state.shift += total[3:].astype(np.float32)
