"""What reviewers, taken together, say of a movement: as `flinch calibrate` counts them."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from flinch_train.data.room.tables import Row

_MARKS = ("onset_ms", "apex_ms", "offset_ms")


@dataclass(frozen=True)
class Movement:
    """onset ≤ apex ≤ offset in ms; real: what most reviewers say, None where nobody has decided."""

    id: str
    face: int
    onset: float
    apex: float
    offset: float
    real: bool | None
    marked: bool  # it has a beginning and an end, be it the spotter's or a reviewer's


def decided(movements: list[Row], labels: list[Row]) -> list[Movement]:
    """Every movement with what was decided on it.

    Each mark is the median of those that the deciding reviewers set, and the spotter's where they
    set none, or where both together are in no order.
    """
    by_movement = defaultdict(list)
    for label in labels:
        by_movement[label["movement"]].append(label)
    return [_movement(row, by_movement[row["id"]]) for row in movements]


def _movement(row: Row, labels: list[Row]) -> Movement:
    real = majority([label["decision"] for label in labels])
    agreeing = [label for label in labels if label["decision"] == _DECISION.get(real)]
    own = [row[mark] for mark in _MARKS]
    said = [_median([label[mark] for label in agreeing]) for mark in _MARKS]
    marks = [spotted if mark is None else mark for mark, spotted in zip(said, own, strict=True)]
    if not _in_order(marks):
        marks = own
    apex = row["apex_ms"]
    onset, top, offset = marks if _in_order(marks) else (apex, apex, apex)
    return Movement(row["id"], row["face"], onset, top, offset, real, _in_order(marks))


_DECISION: dict[bool | None, str] = {True: "real", False: "not_real"}


def majority(decisions: list[str]) -> bool | None:
    """True for real, False for not real; None where as many say the other, or nobody is sure."""
    real, none = decisions.count("real"), decisions.count("not_real")
    return None if real == none else real > none


def _median(marks: list[float | None]) -> float | None:
    given = [mark for mark in marks if mark is not None]
    return float(np.median(given)) if given else None


def _in_order(marks: list[float | None]) -> bool:
    known = [mark for mark in marks if mark is not None]
    return len(known) == 3 and known == sorted(known) and known[0] < known[2]
