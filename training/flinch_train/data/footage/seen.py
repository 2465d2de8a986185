"""What Flinch made of a video, as `real-measure` left it, beside what was to be seen."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from flinch_train.data.footage.footage import Video
from flinch_train.data.footage.split import Split
from flinch_train.data.spans import overlap

AFTER_MS = 100.0  # the twin of src/context/context-watch.ts: shortly after still belongs to it


@dataclass(frozen=True)
class Span:
    """A stretch of time, milliseconds."""

    onset: float
    apex: float
    offset: float


@dataclass(frozen=True)
class Truth(Span):
    """An expression that was warped into the video."""

    emotion: str | None
    valence: str
    units: tuple[str, ...]
    amplitude: float
    eyes: float  # pixels between them


@dataclass(frozen=True)
class Candidate(Span):
    """A movement that reached HSTA. evidence: of spotter and HSTA together."""

    face: int
    is_event: bool
    outcome: str
    probability: float
    none: float
    evidence: float
    emotion: str
    confidence: float
    valence: str
    regions: tuple[str, ...]
    context: tuple[str, ...]


@dataclass(frozen=True)
class Signals:
    """Times (T,) of one face, ms; contexts of each; the spotter's word: times (S,), scores (S,)."""

    face: int
    times: np.ndarray
    contexts: list[frozenset[str]]
    told: np.ndarray
    scores: np.ndarray

    def context(self, span: Span) -> frozenset[str]:
        """What the face did during a span and shortly after."""
        first, last = np.searchsorted(self.times, (span.onset, span.offset + AFTER_MS))
        return frozenset().union(*self.contexts[first:last])


@dataclass(frozen=True)
class Seen:
    """One video, watched once."""

    video: Video
    person: int
    folder: Path  # of its results
    truths: tuple[Truth, ...]

    @cached_property
    def summary(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "summary.json").read_text("utf-8")))

    @cached_property
    def minutes(self) -> float:
        return float(self.summary["minutes"]["video"])

    @cached_property
    def judged(self) -> float:
        return float(self.summary["minutes"]["judged"])

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        lines = (self.folder / "movements.ndjson").read_text("utf-8").splitlines()
        return tuple(found for line in lines if (found := _candidate(json.loads(line))))

    @cached_property
    def events(self) -> tuple[Candidate, ...]:
        return tuple(one for one in self.candidates if one.is_event)

    @cached_property
    def signals(self) -> Signals | None:
        """Of the face that was followed for longest; None where none was."""
        samples: dict[int, list[tuple[float, frozenset[str]]]] = {}
        readings: dict[int, list[tuple[float, float]]] = {}
        with (self.folder / "signals.ndjson").open(encoding="utf-8") as lines:
            for line in lines:
                told = json.loads(line)
                if told["kind"] == "sample":
                    moment = (told["timeMs"], frozenset(told["context"]))
                    samples.setdefault(told["face"], []).append(moment)
                elif told["kind"] == "signal":
                    readings.setdefault(told["face"], []).append((told["timeMs"], told["score"]))
        if not samples:
            return None
        face = max(samples, key=lambda one: len(samples[one]))
        scores = np.array(readings.get(face, []), np.float64).reshape(-1, 2)
        return Signals(
            face,
            np.array([time for time, _ in samples[face]]),
            [context for _, context in samples[face]],
            scores[:, 0],
            scores[:, 1],
        )


def _candidate(line: dict[str, Any]) -> Candidate | None:
    statement = line.get("statement")
    if statement is None or "onsetMs" not in line:
        return None
    if statement["report"] != "emotion":
        raise SystemExit("these results say no emotion: measure with recognition.report=emotion")
    valence = max(statement["valence"], key=lambda name: statement["valence"][name])
    return Candidate(
        line["onsetMs"],
        line["apexMs"],
        line["offsetMs"],
        line["face"],
        line["verdict"] == "event",
        line["verdict"],
        line["score"],
        statement["none"],
        line["evidence"],
        statement["label"],
        statement["confidence"],
        valence,
        tuple(region["name"] for region in line["regions"]),
        tuple(line["context"]),
    )


def seen_in(run: Path, folder: str, videos: list[Video], split: Split) -> Iterator[Seen]:
    """What a folder of a run holds of these videos.

    Raises:
        SystemExit: one of them has not been watched.
    """
    for video in videos:
        results = run / folder / video.name
        if not (results / "summary.json").is_file():
            raise SystemExit(f"{results}: not there; `real-measure` goes on where it stopped")
        truth = run / folder / f"{video.name}.json"
        shown = json.loads(truth.read_text("utf-8"))["events"] if truth.is_file() else []
        yield Seen(
            video, split.of(video.sha256).person, results, tuple(_truth(event) for event in shown)
        )


def _truth(event: dict[str, Any]) -> Truth:
    return Truth(
        event["onsetMs"],
        event["apexMs"],
        event["offsetMs"],
        event["emotion"],
        event["valence"],
        tuple(event["actionUnits"]),
        event["amplitude"],
        event["eyeDistancePx"],
    )


@dataclass(frozen=True)
class Matching:
    """Who found what: places of truths and of candidates that belong together."""

    pairs: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    false: tuple[int, ...]


def match(truths: tuple[Span, ...], told: tuple[Span, ...], least: float = 0.5) -> Matching:
    """One to one, best overlap first: the twin of src/evaluation/match.ts."""
    overlaps = [
        (overlap(truth, one), t, k) for t, truth in enumerate(truths) for k, one in enumerate(told)
    ]
    pairs: list[tuple[int, int]] = []
    for value, t, k in sorted(overlaps, key=lambda row: (-row[0], row[1], row[2])):
        if value >= least and all(t != p and k != q for p, q in pairs):
            pairs.append((t, k))
    found, used = {t for t, _ in pairs}, {k for _, k in pairs}
    return Matching(
        tuple(sorted(pairs)),
        tuple(t for t in range(len(truths)) if t not in found),
        tuple(k for k in range(len(told)) if k not in used),
    )
