"""Labelled clips for the classifier: what the daemon would cut out of a camera's picture.

`python -m flinch_train clips --head HEAD.npz --out DIR --count 10000 --seed 1`
writes a pool (see pool.py) into DIR.
"""

import argparse
import json
import time
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from flinch_train.labels import ACTION_UNITS, LABELS, unit_row, valence_of
from flinch_train.sim.actor import Actor
from flinch_train.sim.crop import Shot
from flinch_train.sim.habits import Habits
from flinch_train.sim.head import Head
from flinch_train.sim.identity import NAMESPACES, Namespace, generator, person
from flinch_train.sim.moments import moment, peak
from flinch_train.sim.sensor import Sensor
from flinch_train.sim.stage import Stage
from flinch_train.sim.stats import Stats
from flinch_train.sim.types import U8

# Of what happens in these, action units take part that are no micro-expression's: not scored.
_UNITS_UNKNOWN = ("macro_expression", "speech", "swallow")
CLIPS_PER_PERSON = 12  # consecutive seeds share a person: painting one costs as much as ten clips


@dataclass(frozen=True)
class Clip:
    """frames: (N, H, W, 3) RGB, evenly from onset to offset; special: (2, H, W, 3) onset, apex.

    units: 0, 1 or -1 (unknown) for each of ``ACTION_UNITS``.
    """

    frames: U8
    special: U8
    label: int
    units: list[int]
    meta: dict[str, Any]


class ClipSampler:
    """Clips by number: the same (namespace, seed) gives the same bytes, in whatever order."""

    def __init__(
        self, head: Head, namespace: Namespace, size: int = 112, frames: int = 6,
        stats: Stats | None = None,
    ) -> None:  # fmt: skip
        self.namespace, self.size, self.frames = namespace, size, frames
        texture = 256 if size <= 144 else 512  # about one texel a sample
        self._stage = Stage(head, texture)
        self._habits = Habits(head, stats or Stats.load())
        self._actor: Actor | None = None

    def sample(self, rng_seed: int) -> Clip:
        actor = self._person(rng_seed // CLIPS_PER_PERSON)
        rng = generator(self.namespace, 2, rng_seed)
        scene = moment(self._habits, rng)
        even = np.linspace(scene.onset, scene.offset, self.frames)
        wanted = sorted({scene.apex, *(float(t) for t in even)})
        shot = Shot(actor, self._habits, self.size, (scene.onset, scene.offset), rng)
        light = [shot.render(t, scene.acts) for t in wanted]
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
            _units(scene.kind, micro.units if micro else []),
            meta,
        )

    def _person(self, number: int) -> Actor:
        if self._actor is None or self._actor.identity.number != number:
            self._actor = Actor(self._stage, person(self.namespace, number))
        return self._actor


def _units(kind: str, tokens: list[str]) -> list[int]:
    if kind in _UNITS_UNKNOWN:
        return [-1] * len(ACTION_UNITS)
    return unit_row(tokens)


def _fill(args: argparse.Namespace, worker: int) -> None:
    import cv2

    cv2.setNumThreads(1)
    stats = Stats.load(args.stats)
    sampler = ClipSampler(Head.load(args.head), args.namespace, args.size, args.frames, stats)
    out = Path(args.out)
    frames = np.load(out / "frames.npy", mmap_mode="r+")
    special = np.load(out / "special.npy", mmap_mode="r+")
    labels = np.load(out / "labels.npy", mmap_mode="r+")
    valence = np.load(out / "valence.npy", mmap_mode="r+")
    units = np.load(out / "units.npy", mmap_mode="r+")
    subjects = np.load(out / "subjects.npy", mmap_mode="r+")
    begin = time.perf_counter()
    for block in range(worker, -(-args.count // CLIPS_PER_PERSON), args.workers):
        first = block * CLIPS_PER_PERSON
        for k in range(first, min(first + CLIPS_PER_PERSON, args.count)):
            clip = sampler.sample(args.seed * 1_000_000_008 + k)
            frames[k], special[k], labels[k] = clip.frames, clip.special, clip.label
            valence[k], units[k] = valence_of(clip.label), clip.units
            subjects[k] = clip.meta["person"]
        if worker == 0 and block % (20 * args.workers) == 0 and block:
            rate = (first + CLIPS_PER_PERSON) / (time.perf_counter() - begin)
            print(f"{first + CLIPS_PER_PERSON} clips, {rate:.0f}/s", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flinch_train clips", description=__doc__)
    parser.add_argument("--head", required=True, help="the morphable head, .npz")
    parser.add_argument("--out", required=True, help="folder to write")
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--namespace", choices=NAMESPACES, default="train")
    parser.add_argument("--size", type=int, default=112)
    parser.add_argument("--frames", type=int, default=6)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--stats", help="folder with au_by_emotion.csv and durations.csv")
    return parser


def main(argv: list[str]) -> int:
    """Write a pool of clips; the exit status."""
    args = _parser().parse_args(argv)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    side = (args.size, args.size, 3)
    open_memmap(out / "frames.npy", "w+", np.uint8, (args.count, args.frames, *side)).flush()
    open_memmap(out / "special.npy", "w+", np.uint8, (args.count, 2, *side)).flush()
    open_memmap(out / "labels.npy", "w+", np.int8, (args.count,)).flush()
    open_memmap(out / "valence.npy", "w+", np.int8, (args.count,)).flush()
    open_memmap(out / "units.npy", "w+", np.int8, (args.count, len(ACTION_UNITS))).flush()
    open_memmap(out / "subjects.npy", "w+", np.int64, (args.count,)).flush()
    begin = time.perf_counter()
    context = get_context("spawn")
    workers = [context.Process(target=_fill, args=(args, n)) for n in range(args.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        print("a worker failed; the pool is incomplete")
        return 1
    about = {
        "labels": list(LABELS), "actionUnits": list(ACTION_UNITS),
        "count": args.count, "seed": args.seed, "namespace": args.namespace,
        "clipsPerPerson": CLIPS_PER_PERSON,
    }  # fmt: skip
    (out / "pool.json").write_text(json.dumps(about, indent=1) + "\n")
    print(f"{args.count} clips, {args.count / (time.perf_counter() - begin):.0f}/s")
    return 0
