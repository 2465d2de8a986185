"""Clips of a simulated interview, cut where its ground truth says, for ``evaluate --video``.

Micro-expressions carry their emotion; blinks, glances, words, nods and other acts that overlap none
are "none". The crop is the daemon's, by its own face models.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from flinch_train.benchmark.shipped.graph import Graph, calibrated_logits
from flinch_train.data.datasets.cut import FRAMES, EyeCropper
from flinch_train.data.datasets.face import FaceFinder
from flinch_train.data.labels import ACTION_UNITS, LABELS, units_shown, valence_of
from flinch_train.train.scoring.scores import Logits, Truth

LONGEST_MS = 600.0  # of what is no micro-expression, so much from its onset is shown
DISTRACTORS = ("blink", "gaze", "speech", "swallow", "nod", "macro_expression", "laugh")


@dataclass(frozen=True)
class Span:
    """Frame numbers of one clip, onset to offset, and its apex; what it shows."""

    frames: tuple[int, ...]
    apex: int
    label: int
    units: list[int]


def spans(truth: dict[str, Any]) -> list[Span]:
    """Every micro-expression, and every other act that overlaps none.

    Raises:
        SystemExit: the video shows more than one face; which one a crop shows would be a guess.
    """
    events, fps = truth["events"], truth["fps"]
    if {event["face"] for event in events} - {0}:
        raise SystemExit("truth.json has more than one face: render with --faces 1")
    last = int(truth["durationMs"] * fps / 1000) - 1
    micro = [event for event in events if event["kind"] == "micro_expression"]
    found = []
    for event in events:
        is_micro = event["kind"] == "micro_expression"
        if not is_micro and event["kind"] not in DISTRACTORS:
            continue
        start, end = event["onsetMs"], event["offsetMs"]
        if not is_micro:
            end = min(end, start + LONGEST_MS)
            if any(m["onsetMs"] < end and start < m["offsetMs"] for m in micro):
                continue
        apex = min(max(event["apexMs"], start), end)
        numbers = [
            min(round(t * fps / 1000), last) for t in (*np.linspace(start, end, FRAMES), apex)
        ]
        label = LABELS.index(event["emotion"]) if is_micro else LABELS.index("none")
        units = units_shown(event["kind"], event["actionUnits"] if is_micro else [])
        found.append(Span(tuple(numbers[:-1]), numbers[-1], label, units))
    return found


def pictures(video: Path, wanted: set[int]) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The frames of a video that are wanted, BGR, in order.

    Raises:
        SystemExit: the video cannot be opened or ends too early.
    """
    stream = cv2.VideoCapture(str(video))
    if not stream.isOpened():
        raise SystemExit(f"{video}: not a video that can be read")
    for number in range(max(wanted, default=-1) + 1):
        there, picture = stream.read()
        if not there:
            raise SystemExit(f"{video}: ends at frame {number}, before {max(wanted)}")
        if number in wanted:
            yield number, np.asarray(picture, np.uint8)
    stream.release()


def of_video(graph: Graph, folder: Path, models: Path, quiet: bool) -> tuple[Logits, Truth, str]:
    """Calibrated logits and truth of every clip in which a face is found."""
    try:
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
    except OSError as error:
        raise SystemExit(f"{folder}: no truth.json in it") from error
    found = spans(truth)
    wanted = {number for span in found for number in (*span.frames, span.apex)}
    shown = dict(pictures(folder / "video.mp4", wanted))
    cropper = EyeCropper(FaceFinder(models), graph.entry["size"])
    outputs, kept = [], []
    for span in tqdm(found, disable=quiet or None):
        clip = [shown[number] for number in (*span.frames, span.apex)]
        crop = cropper.crop(clip)
        if crop is None:
            continue
        crops = np.stack([crop(picture)[..., ::-1] for picture in clip])
        outputs.append(graph.say(crops[:-1], crops[[0, -1]]))
        kept.append(span)
    if not kept:
        raise SystemExit(f"{folder}: no face in any of {len(found)} clips")
    labels = np.array([span.label for span in kept])
    units = np.array([span.units for span in kept]).reshape(-1, len(ACTION_UNITS))
    truth_of = Truth(labels, np.array([valence_of(int(label)) for label in labels]), units)
    without = len(found) - len(kept)
    name = f"simulated video, {without} clips without a face left out, clips"
    return calibrated_logits(outputs), truth_of, name
