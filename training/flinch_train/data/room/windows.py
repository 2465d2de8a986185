"""Labelled windows of a room: a movement with the motion around it, and what is known of that."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.errors import DatasetError
from flinch_train.data.room.decisions import Movement, decided
from flinch_train.data.room.tables import Excerpt, RoomSession, sessions_in
from flinch_train.data.spotting.features import LEAST_FPS
from flinch_train.data.spotting.handed_over import TOLD_MS
from flinch_train.data.spotting.timing import DELAY_MS

Reals = NDArray[np.float64]

DOUBT_MS = 120.0  # so long before and after a movement of which nothing is known, nothing is asked


@dataclass(frozen=True)
class Window:
    """The motion around one movement that was decided on: times (N,) ms, samples (N, V).

    events (E, 3) ms: onset, apex and offset of what is real in it; noes (K, 2) ms: from when to
    when the answer is surely no. session and person tell whose it is.
    """

    movement: Movement
    times: Reals
    samples: Reals
    events: Reals
    noes: Reals
    session: str
    person: str


def told_of(movement: Movement) -> tuple[float, float]:
    """From when to when the spotter would tell of a movement, ms."""
    return movement.onset + DELAY_MS, movement.offset + DELAY_MS + TOLD_MS


def load_windows(folders: tuple[Path, ...]) -> list[Window]:
    """All labelled windows of some exports.

    Raises:
        DatasetError: a session twice, none that is decided, or what the tables say.
    """
    windows: list[Window] = []
    names: set[str] = set()
    for session in (found for folder in folders for found in sessions_in(folder)):
        name = session.session or session.name
        if name in names:
            raise DatasetError(f"session {name} is there twice: export it once")
        names.add(name)
        windows.extend(_windows(session, name))
    if not windows:
        where = ", ".join(str(folder) for folder in folders)
        raise DatasetError(
            f"{where}: reviewers have decided on no movement of them with its motion"
        )
    return windows


def _windows(session: RoomSession, name: str) -> Iterator[Window]:
    movements = decided(session.movements, session.labels)
    for movement in movements:
        excerpt = session.excerpts.get(movement.id)
        if movement.real is None or not movement.marked or excerpt is None:
            continue
        _check_rate(session, movement, excerpt)
        near = [
            other
            for other in movements
            if other.face == movement.face
            and other.offset >= excerpt.times[0]
            and other.onset <= excerpt.times[-1]
        ]
        real = [(m.onset, m.apex, m.offset) for m in near if m.real and m.marked]
        yield Window(
            movement, excerpt.times, excerpt.samples,
            events=np.array(sorted(real), np.float64).reshape(-1, 3),
            noes=_noes(near),
            session=name,
            person=session.subject or name,
        )  # fmt: skip


def _noes(near: list[Movement]) -> Reals:
    """When what is told could only be of a movement that is none."""
    unknown = [movement for movement in near if movement.real is None or not movement.marked]
    holes = [(told_of(m)[0] - DOUBT_MS, told_of(m)[1] + DOUBT_MS) for m in unknown]
    spans = [told_of(m) for m in near if m.real is False and m.marked]
    for begin, end in holes:
        spans = [part for span in spans for part in _without(span, begin, end)]
    return np.array(sorted(spans), np.float64).reshape(-1, 2)


def _without(span: tuple[float, float], begin: float, end: float) -> list[tuple[float, float]]:
    parts = [(span[0], min(span[1], begin)), (max(span[0], end), span[1])]
    return [part for part in parts if part[0] < part[1]]


def _check_rate(session: RoomSession, movement: Movement, excerpt: Excerpt) -> None:
    apart = float(np.median(np.diff(excerpt.times))) if len(excerpt.times) > 1 else np.inf
    rate = 1000 / apart
    if round(rate) < LEAST_FPS:
        raise DatasetError(
            f"{session.name}: movement {movement.id} has {rate:.1f} samples a second; the spotter "
            f"needs {LEAST_FPS:.0f} at least"
        )
