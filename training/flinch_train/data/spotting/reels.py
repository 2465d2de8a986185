"""Motion samples of simulated streams, to train the spotter on.

`python -m flinch_train reels --head HEAD.npz --models ../models --out reels --count 480`
writes one file a reel; those that are there are kept.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from tqdm import tqdm

from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace
from flinch_train.data.spotting.reel import REELS_PER_PERSON, Reel, Reels
from flinch_train.settings import read

Job = TypeVar("Job")
Done = TypeVar("Done")


def load(folder: Path) -> list[Reel]:
    """All reels of a folder, by number."""
    reels = []
    for file in sorted(folder.glob("*.npz")):
        with np.load(file) as kept:
            reels.append(Reel(kept["times"], kept["samples"], kept["events"], int(kept["fps"])))
    if not reels:
        raise SystemExit(f"{folder}: holds no reels")
    return reels


_studio: Reels


def open_studio(head: str, namespace: Namespace, models: Path) -> None:
    """Once a process."""
    global _studio
    cv2.setNumThreads(1)
    _studio = Reels(Head.load(head), namespace, models)


def file_of(folder: Path, number: int) -> Path:
    """Where a folder holds the reel of this number."""
    return folder / f"{number:05}.npz"


def save(reel: Reel, file: Path) -> None:
    """Write a reel's samples; a file that is there is whole."""
    part = file.with_suffix(".part.npz")
    np.savez(part, times=reel.times, samples=reel.samples, events=reel.events, fps=reel.fps)
    part.rename(file)


def write_reel(job: tuple[int, Path]) -> None:
    """Render a reel by its number into its file."""
    save(_studio.reel(job[0]), job[1])


def each_reel(
    work: Callable[[Job], Done], jobs: list[Job], workers: int,
    opening: Callable[[str, Namespace, Path], None], options: tuple[str, Namespace, Path],
) -> Iterator[Done]:  # fmt: skip
    """What comes of every reel, in order, by several processes that are opened once each."""
    with ProcessPoolExecutor(workers, get_context("spawn"), opening, options) as executor:
        # Reels of one person to one process: painting somebody takes as long as half a reel.
        done = executor.map(work, jobs, chunksize=REELS_PER_PERSON)
        yield from tqdm(done, total=len(jobs), desc="reels", mininterval=5)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    head: str  # the morphable head, .npz
    models: Path  # folder of motion.onnx
    out: Path  # folder to write
    count: int
    namespace: Namespace = "train"
    workers: int = os.cpu_count() or 1


def main(argv: list[str]) -> int:
    """Write what is not there yet; the exit status."""
    args = read(Settings, "reels", __doc__, argv)
    args.out.mkdir(parents=True, exist_ok=True)
    for stray in args.out.glob("*.part.npz"):
        stray.unlink()
    files = [(n, file_of(args.out, n)) for n in range(args.count)]
    wanted = [job for job in files if not job[1].exists()]
    opening = (args.head, args.namespace, args.models)
    for _ in each_reel(write_reel, wanted, args.workers, open_studio, opening):
        pass
    return 0
