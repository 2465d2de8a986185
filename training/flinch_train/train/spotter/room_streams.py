"""Labelled windows of a room as streams to learn from, and as what a spotter is scored on.

Around a movement that reviewers call real, the spotter is asked to tell of it; of one that is none,
not to. Nothing else of a window is asked for: there may be expressions in it that nobody labelled.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime as ort

from flinch_train.data.room.windows import Window, told_of
from flinch_train.data.spotting.features import STEP_MS, on_grid, stay_of
from flinch_train.data.spotting.handed_over import ask
from flinch_train.train.spotter.segments import LENGTH
from flinch_train.train.spotter.stream import Stream


def room_streams(windows: list[Window]) -> list[Stream]:
    """One each, of the stay of the face in which its movement ended."""
    return [_stream(window) for window in windows]


def _stream(window: Window) -> Stream:
    times, values, _ = on_grid(window.times, window.samples)
    begun = stay_of(times)
    before = np.flatnonzero(times <= window.movement.offset)
    stay = np.flatnonzero(begun == begun[before[-1] if len(before) else 0])[-LENGTH:]
    begin, end = times[stay[0]], times[stay[-1]]
    events = window.events
    inside = (events[:, 0] >= begin) & (events[:, 2] <= end + STEP_MS)
    return Stream(
        values[stay].astype(np.float32),
        (events[inside] - begin) / STEP_MS,
        float(begin),
        f"room {window.person}",
        noes=(window.noes - begin) / STEP_MS,
    )


def room_provenance(windows: list[Window]) -> dict[str, int]:
    """What the manifest says of a room that was learned from: counts, nobody's name."""
    real = sum(bool(window.movement.real) for window in windows)
    return {
        "roomPeople": len({window.person for window in windows}),
        "roomSessions": len({window.session for window in windows}),
        "roomReal": real,
        "roomNotReal": len(windows) - real,
    }


def said_of(windows: list[Window]) -> str:
    """How much of a room it is."""
    n = room_provenance(windows)
    return (
        f"{n['roomReal']} real and {n['roomNotReal']} not "
        f"(sessions: {n['roomSessions']}, people: {n['roomPeople']})"
    )


@dataclass(frozen=True)
class RoomScore:
    """Of windows that were not learned from: how many there are, and of how many was told."""

    people: int
    real: int
    real_told: int
    none: int
    none_told: int

    def __str__(self) -> str:
        return (
            f"held out (people: {self.people}), told of {self.real_told} of {self.real} real "
            f"movements and of {self.none_told} of {self.none} that are not"
        )


def score(graph: ort.InferenceSession, windows: list[Window], threshold: float) -> RoomScore:
    """A movement is told of where the graph says so with this probability when it should, or, of
    one that is none, when it should not."""
    told = [_most(graph, window) >= threshold for window in windows]
    real = [bool(window.movement.real) for window in windows]
    return RoomScore(
        people=len({window.person for window in windows}),
        real=sum(real),
        real_told=sum(t for t, r in zip(told, real, strict=True) if r),
        none=len(real) - sum(real),
        none_told=sum(t for t, r in zip(told, real, strict=True) if not r),
    )


def _most(graph: ort.InferenceSession, window: Window) -> float:
    outputs = ask(graph, window.times, window.samples)
    begin, end = told_of(window.movement)
    then = (outputs.times >= begin) & (outputs.times <= end)
    return float(outputs.probability[then].max(initial=0.0))
