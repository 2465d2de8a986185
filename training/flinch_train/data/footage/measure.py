"""Lets Flinch watch people: footage as it is, and with known expressions warped into it.

`python -m flinch_train real-measure --footage DIR --head HEAD.npz --out RUN` writes for every video
what Flinch made of it, in RUN/plain, and in RUN/warped-1, warped-2, … with the expressions of each
seed; with `--flow DIR` also RUN/flow-1, …, whose expressions are measured from people. What is
there already is not done again: an interrupted run goes on. The videos that it writes are dropped
when they have been watched.
"""

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm import tqdm

from flinch_train.data.flow.real import RealFlow
from flinch_train.data.footage.footage import Video, load
from flinch_train.data.footage.settings import FootageSettings
from flinch_train.data.footage.sources import FREE, licence_of
from flinch_train.data.footage.split import PARTS, Part, Split
from flinch_train.data.footage.warped_video import VideoWarper
from flinch_train.data.sim.head import Head
from flinch_train.settings import read

_BATCH_S = 90.0  # seconds of video that one process of Flinch watches, more or less
_OPTIONS = (
    "--signals", "--recognition.providers=cpu", "--recognition.threads=1", "--log.level=error",
)  # fmt: skip
PLAIN, WARPED, FLOW = "plain", "warped", "flow"


@dataclass(frozen=True)
class Watching:
    """What the workers need to know."""

    out: Path
    head: Path
    models: Path
    flow: Path | None
    flinch: str
    settings: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """Some videos to watch: as they are (seed 0), or with the expressions of a seed."""

    kind: str
    seed: int
    videos: tuple[Video, ...]

    @property
    def folder(self) -> str:
        return self.kind if self.kind == PLAIN else f"{self.kind}-{self.seed}"

    @property
    def seconds(self) -> float:
        return sum(video.seconds for video in self.videos)


def jobs(out: Path, videos: Sequence[Video], kinds: Sequence[tuple[str, int]]) -> Iterator[Job]:
    """What is still to be done, in batches."""
    for kind, seed in kinds:
        left = Job(kind, seed, ())
        for video in videos:
            if (out / left.folder / video.name / "summary.json").is_file():
                continue
            left = Job(kind, seed, (*left.videos, video))
            if left.seconds >= _BATCH_S:
                yield left
                left = Job(kind, seed, ())
        if left.videos:
            yield left


def watch(job: Job, watching: Watching) -> Job:
    """Do one job.

    Raises:
        SystemExit: Flinch failed; it has said why.
    """
    folder = watching.out / job.folder
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="flinch-real-") as name:
        files = [Path(name) / f"{video.name}.mp4" for video in job.videos]
        for video, file in zip(job.videos, files, strict=True):
            if job.kind == PLAIN:
                file.symlink_to(video.path.resolve())
                continue
            _warper(job.kind, watching).write(video, job.seed, file)
            file.with_suffix(".json").replace(folder / f"{video.name}.json")
        command = ["node", watching.flinch, "analyze", *map(str, files), "--out", str(folder)]
        done = subprocess.run([*command, *_OPTIONS, *watching.settings], check=False)
        if done.returncode != 0:
            raise SystemExit(
                f"flinch analyze failed on {job.folder} (exit status {done.returncode}); run it "
                "again to go on"
            )
    return job


_warpers: dict[str, VideoWarper] = {}


def _warper(kind: str, watching: Watching) -> VideoWarper:
    """Opened once a process."""
    if kind not in _warpers:
        flow = RealFlow.load(watching.flow) if kind == FLOW and watching.flow else None
        _warpers[kind] = VideoWarper(Head.load(watching.head), watching.models, flow)
    return _warpers[kind]


def _begin() -> None:
    import cv2

    cv2.setNumThreads(1)


@dataclass(frozen=True, kw_only=True)
class Settings(FootageSettings):
    """What the command takes."""

    head: Path  # the morphable head, .npz
    models: Path = Path("../models")
    flow: Path | None = None  # folder of flow.npz, index.csv: measured motion
    flinch: str = "../dist/main.js"  # the built daemon
    out: Path  # folder of the run
    parts: tuple[Part, ...] = PARTS
    free: bool = False  # what a free model may learn from
    seeds: int = 3
    flow_seeds: int = 1
    workers: int = 2
    set: tuple[str, ...] = ()  # settings for flinch, KEY=VALUE


def main(argv: list[str]) -> int:
    """Watch what has not been watched; the exit status."""
    args = read(Settings, "real-measure", __doc__, argv)
    videos = Split.load().chosen(load(args.footage), args.parts)
    if args.free:
        videos = [video for video in videos if licence_of(video)[1] in FREE]
    kinds = [(PLAIN, 0), *((WARPED, seed + 1) for seed in range(args.seeds))]
    if args.flow:
        kinds += [(FLOW, seed + 1) for seed in range(args.flow_seeds)]
    settings = tuple(f"--{setting}" for setting in args.set)
    watching = Watching(args.out, args.head, args.models, args.flow, args.flinch, settings)
    todo = list(jobs(args.out, videos, kinds))
    print(f"{len(videos)} videos, {sum(v.seconds for v in videos) / 60:.1f} minutes")
    bar = tqdm(total=round(sum(job.seconds for job in todo)), unit="s", disable=None)
    with ProcessPoolExecutor(args.workers, get_context("spawn"), _begin) as executor:
        for future in [executor.submit(watch, job, watching) for job in todo]:
            bar.update(round(future.result().seconds))
    return 0
