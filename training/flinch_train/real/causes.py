"""Why Flinch raised an event where nobody marked an expression, as a person sees it in the frames.

``causes.csv`` has a row an event: sha256 of the video, apex in ms, cause, what is to be seen.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

NEAR_MS = 250.0  # the same movement, though another version marks it a little otherwise
UNKNOWN = "not looked at"


@dataclass(frozen=True)
class Cause:
    """One judgement."""

    sha256: str
    apex: float
    cause: str
    seen: str


class Causes:
    """All judgements."""

    def __init__(self, rows: Iterable[Cause]) -> None:
        self._rows = list(rows)

    @staticmethod
    def load() -> "Causes":
        """Those of this repository."""
        text = files("flinch_train.real").joinpath("causes.csv").read_text("utf-8")
        return Causes(
            Cause(row["sha256"], float(row["apex_ms"]), row["cause"], row["seen"])
            for row in csv.DictReader(text.splitlines())
        )

    def near(self, sha256: str, apex: float) -> Cause | None:
        """The judgement of a movement, if somebody has looked at it."""
        here = [row for row in self._rows if row.sha256 == sha256]
        best = min(here, key=lambda row: abs(row.apex - apex), default=None)
        return best if best is not None and abs(best.apex - apex) <= NEAR_MS else None

    def of(self, sha256: str, apex: float) -> str:
        """Its cause in a word or two."""
        found = self.near(sha256, apex)
        return UNKNOWN if found is None else found.cause
