"""Labelled clips for the classifier: what the daemon would cut out of a camera's picture.

`python -m flinch_train clips --head HEAD.npz --out DIR --count 10000 --seed 1`
writes a clip set (see clip_set.py) into DIR.
"""

import json
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal

import numpy as np

from flinch_train.data.clips.write import ARRAYS, empty_arrays
from flinch_train.data.labels import ACTION_UNITS, LABELS, units_shown, valence_of
from flinch_train.data.sim.cast import Cast
from flinch_train.data.sim.criteria import by_criteria, valence_place
from flinch_train.data.sim.crop import Shot
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace, generator
from flinch_train.data.sim.moments import moment, peak
from flinch_train.data.sim.sensor import Sensor
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from flinch_train.data.sim.types import U8
from flinch_train.settings import read

CLIPS_PER_PERSON = 12  # consecutive seeds share a person: painting one costs as much as ten clips


@dataclass(frozen=True)
class Clip:
    """frames: (N, H, W, 3) RGB, evenly from onset to offset; special: (2, H, W, 3) onset, apex.

    units: 0, 1 or -1 (unknown) for each of ``ACTION_UNITS``.
    """

    frames: U8
    special: U8
    label: int
    valence: int
    units: list[int]
    meta: dict[str, Any]


class ClipSampler:
    """Clips by number: the same (namespace, seed) gives the same bytes, in whatever order."""

    def __init__(
        self, head: Head, namespace: Namespace, size: int = 112, frames: int = 6,
        criteria: bool = True, lively: bool = False,
    ) -> None:  # fmt: skip
        """``criteria``: labels by action units; else by CAS(ME)³'s annotators. lively: "none" is
        also what people do in a lively conversation."""
        self.criteria, self.lively = criteria, lively
        self.namespace, self.size, self.frames = namespace, size, frames
        texture = 256 if size <= 144 else 512  # about one texel a sample
        stage = Stage(head, texture)
        self._habits = Habits(head, stats_for(criteria))
        self._cast = Cast(stage, namespace)

    def sample(self, rng_seed: int) -> Clip:
        actor = self._cast.actor(rng_seed // CLIPS_PER_PERSON)
        rng = generator(self.namespace, 2, rng_seed)
        scene = moment(self._habits, rng, self.lively)
        even = np.linspace(scene.onset, scene.offset, self.frames)
        wanted = sorted({scene.apex, *(float(t) for t in even)})
        span = scene.onset, scene.offset
        shot = Shot(actor, self._habits, self.size, span, rng, scene.acts)
        light = [shot.render(t) for t in wanted]
        shown = dict(zip(wanted, Sensor.sample(rng).expose(light, self.size, rng), strict=True))
        micro = peak(scene.acts)
        meta = {
            "kind": scene.kind,
            "person": actor.identity.number,
            "emotion": LABELS[scene.label],
            "actionUnits": micro.units if micro else [],
            "onsetMs": scene.onset,
            "apexMs": scene.apex,
            "offsetMs": scene.offset,
        }
        return Clip(
            np.stack([shown[float(t)] for t in even]),
            np.stack([shown[float(even[0])], shown[scene.apex]]),
            scene.label,
            self._valence(scene.label, micro.units if micro else []),
            units_shown(scene.kind, micro.units if micro else []),
            meta,
        )

    def _valence(self, label: int, units: list[str]) -> int:
        if not (self.criteria and units):
            return valence_of(label)
        return valence_place(units)


def number(seed: int, k: int) -> int:
    """Of clip k of a clip set: no two seeds share one, and blocks of people stay whole."""
    return seed * 1_000_000_008 + k


def stats_for(criteria: bool) -> Stats:
    """What labels and combinations are drawn from."""
    return by_criteria(Stats.load()) if criteria else Stats.load()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    head: str  # the morphable head, .npz
    out: str  # folder to write
    count: int
    seed: int = 1
    namespace: Namespace = "train"
    size: int = 112
    frames: int = 6
    workers: int = 2
    labels: Literal["criteria", "annotators"] = "criteria"
    """by action units (data/sim/criteria.py), or as CAS(ME)³'s annotators gave them"""
    lively: bool = False  # also what people do in conversation


def _fill(args: Settings, worker: int) -> None:
    import cv2

    cv2.setNumThreads(1)
    criteria = args.labels == "criteria"
    sampler = ClipSampler(
        Head.load(args.head), args.namespace, args.size, args.frames, criteria, args.lively
    )
    out = Path(args.out)
    arrays = [np.load(out / f"{name}.npy", mmap_mode="r+") for name in ARRAYS]
    begin = time.perf_counter()
    for block in range(worker, -(-args.count // CLIPS_PER_PERSON), args.workers):
        first = block * CLIPS_PER_PERSON
        for k in range(first, min(first + CLIPS_PER_PERSON, args.count)):
            clip = sampler.sample(number(args.seed, k))
            row = (
                clip.frames, clip.special, clip.label, clip.valence, clip.units,
                clip.meta["person"],
            )  # fmt: skip
            for array, value in zip(arrays, row, strict=True):
                array[k] = value
        if worker == 0 and block % (20 * args.workers) == 0 and block:
            rate = (first + CLIPS_PER_PERSON) / (time.perf_counter() - begin)
            print(f"{first + CLIPS_PER_PERSON} clips, {rate:.0f}/s", flush=True)


def about(
    namespace: str, seed: int, count: int, labels_by: str, lively: bool = False
) -> dict[str, Any]:
    """What clips.json says: all that it takes to render the clip set again."""
    return {
        "labels": list(LABELS), "actionUnits": list(ACTION_UNITS), "count": count,
        "seed": seed, "namespace": namespace, "clipsPerPerson": CLIPS_PER_PERSON,
        "labelsBy": labels_by, "lively": lively,
    }  # fmt: skip


def main(argv: list[str]) -> int:
    """Write a clip set; the exit status."""
    args = read(Settings, "clips", __doc__, argv)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    empty_arrays(out, args.count, args.frames, args.size)
    begin = time.perf_counter()
    context = get_context("spawn")
    workers = [context.Process(target=_fill, args=(args, n)) for n in range(args.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        print("a worker failed; the clip set is incomplete")
        return 1
    record = about(args.namespace, args.seed, args.count, args.labels, args.lively)
    (out / "clips.json").write_text(json.dumps(record, indent=1) + "\n")
    print(f"{args.count} clips, {args.count / (time.perf_counter() - begin):.0f}/s")
    return 0
