"""Simulated clips that are rendered while a model learns from the ones before, and then forgotten.

Block b of a stream is a function of its seed and of b: the same clips that
``clips --seed SEED --count N`` writes, N·b … N·(b + 1) of them, without a disk between.
"""

import math
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.rendered import CLIPS_PER_PERSON, Clip, ClipSampler, number
from flinch_train.data.labels import LABELS
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace

_sampler: ClipSampler  # of a worker process


def _begin(head: Path, namespace: Namespace, size: int, frames: int) -> None:
    global _sampler
    import cv2

    cv2.setNumThreads(1)
    _sampler = ClipSampler(Head.load(head), namespace, size, frames)


def _render(numbers: list[int]) -> list[Clip]:
    return [_sampler.sample(k) for k in numbers]


@dataclass
class Stream:
    """``block`` clips at a time; the next block is rendered by other processes meanwhile."""

    head: Path
    seed: int
    block: int  # clips
    namespace: Namespace = "train"
    size: int = 112
    frames: int = 6
    workers: int = 2
    _ahead: dict[int, list[Future[list[Clip]]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = (self.head, self.namespace, self.size, self.frames)
        self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"), _begin, given)

    def take(self, block: int) -> ClipSet:
        """One block, whole; those after it are begun and those before it forgotten."""
        jobs = self._ahead.pop(block, None) or self._start(block)
        self._ahead = {block + 1: self._ahead.get(block + 1) or self._start(block + 1)}
        clips = [clip for job in jobs for clip in job.result()]
        return ClipSet(
            np.stack([c.frames for c in clips]),
            np.stack([c.special for c in clips]),
            np.array([c.label for c in clips]),
            np.array([c.valence for c in clips]),
            np.array([c.units for c in clips]),
            np.array([c.meta["person"] for c in clips]),
        )

    def about(self) -> dict[str, Any]:
        """What clips.json would say, but for the count."""
        return {
            "source": "simulated-stream", "labels": list(LABELS), "seed": self.seed,
            "namespace": self.namespace, "block": self.block, "labelsBy": "criteria",
        }  # fmt: skip

    def close(self) -> None:
        """Stop what is being rendered."""
        self._pool.shutdown(cancel_futures=True)

    def _start(self, block: int) -> list[Future[list[Clip]]]:
        numbers = [number(self.seed, block * self.block + k) for k in range(self.block)]
        groups = math.ceil(self.block / CLIPS_PER_PERSON)
        return [
            self._pool.submit(_render, numbers[g * CLIPS_PER_PERSON : (g + 1) * CLIPS_PER_PERSON])
            for g in range(groups)
        ]
