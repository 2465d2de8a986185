"""Who is learned from, tuned on and tested on: by person, fixed by the hash of each video.

``split.csv`` has a row a video: sha256, person, part. A person is a number; all videos that show
somebody are in one part, and people whom two videos may share count as one. The part ``left_out``
is for what is no fair measure, with the reason in the column ``why``.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args

from flinch_train.data import manifest
from flinch_train.data.footage.footage import Video

Part = Literal["learning", "tuning", "test"]
PARTS: tuple[Part, ...] = get_args(Part)
LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Placed:
    """Where a video belongs."""

    sha256: str
    person: int
    part: str  # a Part, or LEFT_OUT
    why: str


class Split:
    """The parts of the footage."""

    def __init__(self, rows: Iterable[Placed]) -> None:
        """Raises ``ValueError`` if a video stands there twice or a person is in two parts."""
        self._rows: dict[str, Placed] = {}
        part_of: dict[int, str] = {}
        for row in rows:
            if row.part not in (*PARTS, LEFT_OUT):
                raise ValueError(f"{row.sha256}: {row.part!r} is no part")
            if row.sha256 in self._rows:
                raise ValueError(f"{row.sha256} stands in the split twice")
            self._rows[row.sha256] = row
            if row.part == LEFT_OUT:
                continue
            if part_of.setdefault(row.person, row.part) != row.part:
                raise ValueError(f"person {row.person} is in {part_of[row.person]} and {row.part}")

    @staticmethod
    def load() -> "Split":
        """The split of this repository."""
        text = files("flinch_train.data.footage").joinpath("split.csv").read_text("utf-8")
        return Split(
            Placed(row["sha256"], int(row["person"]), row["part"], row["why"])
            for row in csv.DictReader(text.splitlines())
        )

    @property
    def rows(self) -> list[Placed]:
        """All videos."""
        return list(self._rows.values())

    def of(self, sha256: str) -> Placed:
        """Raises ``SystemExit`` for a video that nobody has placed: it can be neither."""
        if sha256 not in self._rows:
            raise SystemExit(f"{sha256}: not in split.csv; say who it shows before it is used")
        return self._rows[sha256]

    def chosen(self, videos: Iterable[Video], parts: Iterable[str]) -> list[Video]:
        """The videos of some parts."""
        wanted = set(parts)
        return [video for video in videos if self.of(video.sha256).part in wanted]

    def refuse_test(self, learned: Iterable[str], by: str) -> None:
        """Raises ``SystemExit`` if something was learned from, or tuned on, people of the test."""
        tested = {row.person for row in self._rows.values() if row.part == "test"}
        for sha256 in learned:
            if self.of(sha256).person in tested:
                raise SystemExit(f"{by} has seen {sha256}, who is a person of the test")


def real_video_of(models: Path) -> dict[str, list[str]]:
    """Hashes of the real videos that each model of a folder has learned from, or was tuned on.

    The manifest names them as ``realVideo`` of the model's entry; a model without has seen none.
    """
    entries = manifest.load(models)["models"]
    return {name: list(entry.get("realVideo", [])) for name, entry in entries.items()}


def check(split: Split, models: Path) -> None:
    """Raises ``SystemExit`` if a model of a folder has seen people of the test."""
    for name, videos in real_video_of(models).items():
        split.refuse_test(videos, name)
