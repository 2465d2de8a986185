"""Streams that the daemon itself has measured, as reels: simulated interviews, seen end to end.

`flinch analyze VIDEO --signals > SIGNALS/NAME.ndjson` for each video NAME of `interviews`, then
`train-spotter --signals SIGNALS --interviews DIR`. They carry what the rendered crops of a reel do
not: a codec, the mesh's own unrest, a face that is found and lost.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from flinch_train.data.spotting.reel import Reel

SHORTEST = 100  # samples: what is followed for less is nobody's stream


def load_signals(signals: Path, interviews: Path) -> list[Reel]:
    """One reel for each seated person of each video."""
    reels = []
    for file in sorted(signals.glob("*.ndjson")):
        truth = json.loads((interviews / file.stem / "truth.json").read_text())
        for face, (times, samples) in tracks(file).items():
            person = face - 1  # faces that appear together are numbered from left to right
            seated = person < len(truth["faces"]) and truth["faces"][person]["seated"]
            if seated and len(times) >= SHORTEST:
                events = _expressions(truth, person)
                reels.append(Reel(times, samples, events, round(truth["fps"])))
    if not reels:
        raise SystemExit(f"{signals}: holds no signals of the videos of {interviews}")
    return reels


def tracks(file: Path) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Of every face in the lines of ``flinch analyze --signals``: times (T,) ms, samples (T, V)."""
    rows: defaultdict[int, list[tuple[float, list[float]]]] = defaultdict(list)
    with file.open() as lines:
        for line in lines:
            sample = json.loads(line)
            if sample.get("kind") == "sample":
                values = sample["displacement"] + sample["change"] + sample["head"]
                rows[sample["face"]].append((sample["timeMs"], values))
    return {
        face: (
            np.array([time for time, _ in taken]),
            np.array([values for _, values in taken], np.float32),
        )
        for face, taken in rows.items()
    }


def longest_track(file: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Of the face that was followed for longest, as ``tracks``; None where none was."""
    found = tracks(file).values()
    return max(found, key=lambda track: len(track[0]), default=None)


def _expressions(truth: dict[str, Any], person: int) -> np.ndarray:
    return np.array(list(_marks(truth, person)), np.float64).reshape(-1, 3)


def _marks(truth: dict[str, Any], person: int) -> Iterator[tuple[float, float, float]]:
    for act in truth["events"]:
        if act["kind"] == "micro_expression" and act["face"] == person:
            yield act["onsetMs"], act["apexMs"], act["offsetMs"]
