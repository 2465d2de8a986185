"""What a person saw where Flinch raised an event that is none, or missed an expression.

``causes.csv`` has a row a movement: sha256 of the video, folder of the run (`plain`, or `warped-1`
… of a miss), apex in ms, cause, and what is to be seen in the frames.
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
    folder: str
    apex: float
    cause: str
    seen: str


class Causes:
    """All judgements."""

    def __init__(self, rows: Iterable[Cause]) -> None:
        self.rows = list(rows)

    @staticmethod
    def load() -> "Causes":
        """Those of this repository."""
        text = files("flinch_train.benchmark.real").joinpath("causes.csv").read_text("utf-8")
        return Causes(
            Cause(row["sha256"], row["folder"], float(row["apex_ms"]), row["cause"], row["seen"])
            for row in csv.DictReader(text.splitlines())
        )

    def near(self, sha256: str, folder: str, apex: float) -> Cause | None:
        """The judgement of a movement, if somebody has looked at it."""
        here = [row for row in self.rows if (row.sha256, row.folder) == (sha256, folder)]
        best = min(here, key=lambda row: abs(row.apex - apex), default=None)
        return best if best is not None and abs(best.apex - apex) <= NEAR_MS else None

    def of(self, sha256: str, folder: str, apex: float) -> str:
        """Its cause in a word or two."""
        found = self.near(sha256, folder, apex)
        return UNKNOWN if found is None else found.cause
