"""Does the context that Flinch tells agree with a person who looked at the frames?

`python -m flinch_train real-context --footage DIR --run RUN` holds what the motion signal of the
footage as it is says, second by second, against ``marks.csv``: sha256, from_ms, to_ms, contexts. A
context counts as told if it holds at any moment of the second.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from flinch_train.data.footage.footage import Video, load
from flinch_train.data.footage.measure import PLAIN
from flinch_train.data.footage.seen import Seen, Signals, seen_in
from flinch_train.data.footage.settings import FootageSettings
from flinch_train.data.footage.split import Part, Split
from flinch_train.settings import read

KINDS = ("talking", "smiling", "blinking", "head_moving", "gaze_shifting")


@dataclass(frozen=True)
class Mark:
    """What a person saw in a stretch of a video."""

    sha256: str
    first: float  # ms
    last: float
    contexts: frozenset[str]


def marks() -> list[Mark]:
    """Those of this repository."""
    text = files("flinch_train.benchmark.real").joinpath("marks.csv").read_text("utf-8")
    return [
        Mark(
            row["sha256"],
            float(row["from_ms"]),
            float(row["to_ms"]),
            frozenset(filter(None, row["contexts"].split("+"))),
        )
        for row in csv.DictReader(text.splitlines())
    ]


@dataclass
class Agreement:
    """Seconds in which a context was seen and told, only told, only seen, neither."""

    both: int = 0
    told: int = 0
    seen: int = 0
    neither: int = 0

    def add(self, told: bool, seen: bool) -> None:
        """Count one second."""
        name = {(True, True): "both", (True, False): "told", (False, True): "seen"}
        key = name.get((told, seen), "neither")
        setattr(self, key, getattr(self, key) + 1)

    @property
    def kappa(self) -> float:
        """Cohen's: agreement beyond chance."""
        count = self.both + self.told + self.seen + self.neither
        told, seen = (self.both + self.told) / count, (self.both + self.seen) / count
        chance = told * seen + (1 - told) * (1 - seen)
        return ((self.both + self.neither) / count - chance) / (1 - chance) if chance < 1 else 1.0

    def row(self) -> str:
        """Cells of a Markdown table."""
        precision = self.both / max(1, self.both + self.told)
        recall = self.both / max(1, self.both + self.seen)
        return (
            f"{self.both + self.seen} | {self.both + self.told} | {precision:.2f} | {recall:.2f} "
            f"| {self.kappa:.2f}"
        )


def contexts_told(signals: Signals, mark: Mark) -> frozenset[str]:
    """All that Flinch said of a stretch."""
    inside = (signals.times >= mark.first) & (signals.times < mark.last)
    told = [signals.contexts[k] for k in inside.nonzero()[0]]
    return frozenset().union(*told)


def agreement(seen: list[Seen], marked: list[Mark]) -> dict[str, Agreement]:
    """By context."""
    signals = {one.video.sha256: one.signals for one in seen}
    found = {kind: Agreement() for kind in KINDS}
    for mark in marked:
        here = signals.get(mark.sha256)
        if here is None:
            continue
        told = contexts_told(here, mark)
        for kind in KINDS:
            found[kind].add(kind in told, kind in mark.contexts)
    return found


@dataclass(frozen=True, kw_only=True)
class Settings(FootageSettings):
    """What the command takes."""

    run: Path  # what `real-measure` wrote
    parts: tuple[Part, ...] = ("test",)


def main(argv: list[str]) -> int:
    """Print the table; the exit status."""
    args = read(Settings, "real-context", __doc__, argv)
    split, marked = Split.load(), marks()
    wanted = {mark.sha256 for mark in marked}
    videos: list[Video] = [
        video for video in split.chosen(load(args.footage), args.parts) if video.sha256 in wanted
    ]
    seen = list(seen_in(args.run, PLAIN, videos, split))
    count = sum(mark.sha256 in {one.video.sha256 for one in seen} for mark in marked)
    print(f"{count} marked seconds of {len({one.person for one in seen})} people\n")
    print("| context | marked | told | precision | recall | kappa |\n|---|---|---|---|---|---|")
    for kind, found in agreement(seen, marked).items():
        print(f"| {kind.replace('_', ' ')} | {found.row()} |")
    return 0
