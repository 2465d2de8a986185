"""evaluate: a shipped graph, run by ONNX Runtime, scored on what it has never seen.

--clips CLIPS: the second half of a clip set, as training scores it (the first half fitted the
temperatures, and no person is in both).
--flow DIR: real motion, warped into faces of simulated people (moved_faces.py); the
real subjects that the graph was trained on are left out. Real flow has a valence and nothing else.
--video DIR: DIR/video.mp4, cut where DIR/truth.json says, with the daemon's own crop (video.py).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from flinch_train.benchmark.shipped.graph import Graph, calibrated_logits, raw_logits
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.settings import read
from flinch_train.train.scoring.scores import Logits, Truth, render, report


def of_clips(graph: Graph, folder: Path, quiet: bool) -> tuple[Logits, Truth, str]:
    """Calibrated logits and truth of the second half of a clip set."""
    clip_set = ClipSet.open(folder)
    rows = np.arange(len(clip_set) // 2, len(clip_set))
    outputs = [
        graph.say(clip_set.frames[k], clip_set.special[k])
        for k in tqdm(rows, disable=quiet or None)
    ]
    return calibrated_logits(outputs), Truth.of(clip_set, rows), "clips"


def of_flow(graph: Graph, folder: Path, quiet: bool) -> tuple[Logits, Truth, str]:
    """The same of real motion, of subjects whom the graph was not trained on."""
    # imported here: scoring a clip set must not wait for the simulator
    from flinch_train.data.clips.moved_faces import KeptFaces, MovedFaces
    from flinch_train.data.flow.real import RealFlow
    from flinch_train.data.labels import UNITS_UNKNOWN

    real = RealFlow.load(folder)
    seen = set(graph.entry["provenance"].get("realSubjects", []))
    rows = [k for k, s in enumerate(real.subject) if real.subjects[s] not in seen]
    if not rows:
        raise SystemExit("the graph was trained on every subject of this flow: nothing to score")
    faces = KeptFaces()
    motion = MovedFaces(real.flow, real.dataset, faces, "test", vary=False)
    outputs = []
    for row in tqdm(rows, disable=quiet or None):
        clips = [motion.sample(row, face) for face in range(len(faces))]
        each = [graph.say(clip.frames, clip.special) for clip in clips]
        outputs.append(tuple(np.mean(part, axis=0) for part in zip(*each, strict=True)))
    units = np.tile(UNITS_UNKNOWN, (len(rows), 1))
    truth = Truth(np.full(len(rows), -1), real.valence[rows], units)
    people = len({int(real.subject[row]) for row in rows})
    return (
        calibrated_logits(outputs),
        truth,
        f"real motion of {people} people never trained on, clips",
    )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    model: Path  # an exported .onnx
    clips: Path | None = None  # clips of people never trained on
    flow: Path | None = None  # folder of flow.npz and index.csv
    video: Path | None = None  # folder of video.mp4 and truth.json
    json: bool = False

    def __post_init__(self) -> None:
        """Raises ``ValueError``: one thing is scored at a time."""
        if sum(what is not None for what in (self.clips, self.flow, self.video)) != 1:
            raise ValueError("one of --clips, --flow and --video")


def main(argv: list[str]) -> int:
    """Print UF1, UAR, the recall of every class, calibration and the confusion matrices."""
    args = read(Settings, "evaluate", __doc__, argv)
    graph = Graph.open(args.model)
    if args.clips:
        logits, truth, name = of_clips(graph, args.clips, args.json)
    elif args.flow:
        logits, truth, name = of_flow(graph, args.flow, args.json)
    elif args.video:
        from flinch_train.benchmark.shipped.video import of_video

        logits, truth, name = of_video(graph, args.video, args.model.parent, args.json)
    found: dict[str, Any] = report(logits, truth)
    before = report(raw_logits(logits, graph.temperatures), truth)
    if args.json:
        print(json.dumps({"test": found, "beforeCalibration": before}, indent=2))
    else:
        print(render(found, before, name))
    return 0
