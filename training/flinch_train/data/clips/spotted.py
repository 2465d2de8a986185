"""Clips as the spotter hands them over: the hits, and what only looked like a micro-expression.

`python -m flinch_train spotted --head HEAD.npz --models ../models --out CLIPS --first 960
--count 960`
renders so many reels that the spotter has not learned from, lets it look, and cuts every candidate
as the daemon would: six pictures from onset to offset, by the spotter's own marks. A candidate that
overlaps an expression by half of what both cover has its label; one that touches none is "none";
between the two nothing is said of it. With `--reels DIR` the reels' samples are kept there, for
the next spotter to learn from.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from flinch_train.data import manifest
from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.labels import LABELS, UNITS_UNKNOWN, unit_row, units_shown
from flinch_train.data.sim.acts import Act
from flinch_train.data.sim.criteria import valence_place
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace
from flinch_train.data.sim.types import U8
from flinch_train.data.spans import overlap
from flinch_train.data.spotting.decode import Found
from flinch_train.data.spotting.handed_over import handed_over
from flinch_train.data.spotting.reel import SIZE, Reels, Take
from flinch_train.data.spotting.reels import each_reel, file_of, save
from flinch_train.data.spotting.region_motion import session
from flinch_train.settings import read

FRAMES = 6
HIT = 0.5  # of what both cover, as the MEGC spotting challenges count
CAPACITY = 12  # candidates a reel, at most: one that flickers would give dozens alike


@dataclass(frozen=True)
class SpottedClip:
    """frames (6, S, S, 3) and special (2, S, S, 3) RGB; label, valence and units: -1 unknown."""

    frames: U8
    special: U8
    label: int
    valence: int
    units: list[int]
    person: int
    probability: float


def clips_of(take: Take, graph: ort.InferenceSession, threshold: float) -> Iterator[SpottedClip]:
    """Every candidate of a reel; threshold: the spotter's least probability."""
    for found in handed_over(graph, take.reel.times, take.reel.samples, threshold):
        crops = np.stack([take.crops[k] for k in _pictures(take.reel.times, found)])[..., ::-1]
        label, valence, units = labels_of(found, take.acts)
        yield SpottedClip(
            crops[:FRAMES], crops[FRAMES:], label, valence, units, take.person, found.probability
        )


def _pictures(times: NDArray[np.float64], found: Found) -> list[int]:
    """Places of the clip's pictures and of onset and apex; of two as near, the earlier."""
    wanted = [*np.linspace(found.onset, found.offset, FRAMES), found.onset, found.apex]
    there = times[: np.searchsorted(times, found.told) + 1]  # no later picture has come yet
    return [int(np.abs(there - time).argmin()) for time in wanted]


def labels_of(found: Found, acts: list[Act]) -> tuple[int, int, list[int]]:
    """Label, valence and action units of what a candidate covers."""
    meant = [act for act in acts if act.onset < found.offset and act.offset > found.onset]
    micros = [act for act in meant if act.kind == "micro_expression"]
    if not micros:
        shown = [units_shown(act.kind, []) for act in meant]
        units = UNITS_UNKNOWN if UNITS_UNKNOWN in shown else unit_row([])
        return LABELS.index("none"), -1, units
    best = max(micros, key=lambda act: overlap(found, act))
    if overlap(found, best) < HIT or best.emotion is None:
        return -1, -1, UNITS_UNKNOWN
    return LABELS.index(best.emotion), valence_place(best.units), unit_row(best.units)


_reels: Reels
_graph: ort.InferenceSession


def _open(head: str, namespace: Namespace, models: Path) -> None:
    import cv2

    cv2.setNumThreads(1)
    global _reels, _graph
    _reels, _graph = Reels(Head.load(head), namespace, models), session(models, "spotter.onnx")


def _cut(job: tuple[int, float, Path | None]) -> tuple[list[SpottedClip], int]:
    number, threshold, folder = job
    take = _reels.take(number)
    if folder is not None:
        save(take.reel, file_of(folder, number))
    return list(clips_of(take, _graph, threshold)), len(take.reel.events)


def spotter_of(models: Path) -> dict[str, str]:
    """Which spotter it was, by its entry in the manifest."""
    entry = manifest.load(models)["models"]["spotter"]
    return {key: entry[key] for key in ("version", "sha256")}


def fill(writer: ClipSetWriter, done: Iterable[tuple[list[SpottedClip], int]]) -> dict[str, Any]:
    """Write the clips of every reel, beside how many expressions it shows; what to say of them."""
    probabilities: list[float] = []
    expressions = left_out = 0
    for clips, shown in done:
        expressions += shown
        left_out += max(0, len(clips) - CAPACITY)
        for clip in clips[:CAPACITY]:
            rows = clip.frames, clip.special, clip.label, clip.valence, clip.units, clip.person
            writer.add(*rows)
            probabilities.append(round(clip.probability, 4))
    return {"expressions": expressions, "leftOut": left_out, "spotted": probabilities}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    head: str  # the morphable head, .npz
    models: Path  # motion.onnx and spotter.onnx
    out: Path  # folder to write
    first: int = 0  # number of the first reel
    count: int  # of reels
    namespace: Namespace = "train"
    threshold: float = 0.05  # least probability
    reels: Path | None = None  # folder for the reels' samples
    workers: int = os.cpu_count() or 1


def main(argv: list[str]) -> int:
    """Write the candidates as clips; the exit status."""
    args = read(Settings, "spotted", __doc__, argv)
    writer = ClipSetWriter(args.out, args.count * CAPACITY, FRAMES, SIZE)
    jobs = [(args.first + k, args.threshold, args.reels) for k in range(args.count)]
    if args.reels is not None:
        args.reels.mkdir(parents=True, exist_ok=True)
    opening = (args.head, args.namespace, args.models)
    found = fill(writer, each_reel(_cut, jobs, args.workers, _open, opening))
    about: dict[str, Any] = {
        "source": "simulated-spotted", "namespace": args.namespace, "reels": args.count,
        "firstReel": args.first, "threshold": args.threshold, "labelsBy": "criteria",
        "spotter": spotter_of(args.models), **found,
    }  # fmt: skip
    writer.close(about)
    print(
        f"{writer.count} candidates of {args.count} reels with {found['expressions']} "
        f"expressions, {found['leftOut']} left out as more than {CAPACITY} a reel"
    )
    return 0
