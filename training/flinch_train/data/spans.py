"""Spans of time, and how far two of them agree."""

from typing import Protocol


class Spanned(Protocol):
    """Something that lasts from an onset to an offset, in ms."""

    @property
    def onset(self) -> float: ...
    @property
    def offset(self) -> float: ...


def overlap(one: Spanned, other: Spanned) -> float:
    """Intersection over union of two spans."""
    shared = min(one.offset, other.offset) - max(one.onset, other.onset)
    whole = max(one.offset, other.offset) - min(one.onset, other.onset)
    return max(0.0, shared) / whole if whole > 0 else 0.0
