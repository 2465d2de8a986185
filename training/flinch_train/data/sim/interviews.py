"""Simulated interviews to measure a spotter by, or to teach it: hours of talk, blinks and nods, a
few expressions.

`python -m flinch_train interviews --head HEAD.npz --set test --out DIR` writes one folder a video,
with video.mp4 and truth.json. People and random numbers of the sets `train`, `tune` and `test` have
nothing in common. A scene that is filmed at two rates is one scene: the slower video has every
second frame; the `wavering` one has lost frames.
"""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path as File
from typing import Any, Literal

import cv2
import numpy as np

from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.criteria import by_criteria
from flinch_train.data.sim.film import Film
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.happenings import Flicker, Happenings, exposure_steps
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Identity, Namespace, generator, person
from flinch_train.data.sim.places import (
    STILL,
    Path,
    enters,
    leaves,
    passes,
    steps_behind,
)
from flinch_train.data.sim.recording import Recording, kept
from flinch_train.data.sim.schedule import Script, write
from flinch_train.data.sim.simulate import truth
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from flinch_train.settings import read

TEXTURE = 512
PATH_EVERY_MS = 100.0
WAVERING = "wavering"


@dataclass(frozen=True)
class Interview:
    """One scene. outputs: frames a second of each video, whole fractions of the first, or
    `wavering`; scene: what happens beside the talk."""

    name: str
    seconds: float
    outputs: tuple[float | str, ...]
    faces: int = 1
    glasses: bool = False
    mains: float | None = None  # Hz
    exposure: bool = False
    passers: bool = False
    scene: str = "sits"  # sits, enters, leaves, crosses
    lively: bool = False  # whether they do what `Conversation` knows of
    per_minute: float = 6.0  # micro-expressions of each face

    @property
    def fps(self) -> float:
        """Frames a second that are drawn."""
        return float(self.outputs[0])


def _scenes(seconds: tuple[float, float, float]) -> tuple[Interview, ...]:
    fast, both, slow = seconds
    two: tuple[float | str, ...] = (60, 30, WAVERING)
    return (
        Interview("fast-plain", fast, (200, 100), per_minute=12),
        Interview("fast-glasses", fast, (200, 100), glasses=True, per_minute=12),
        Interview("fast-flicker", fast, (200, 100), mains=50, exposure=True, per_minute=12),
        Interview("fast-passers", fast, (200, 100), passers=True, per_minute=12),
        Interview("plain", both, two),
        Interview("glasses", both, (60, 30), glasses=True, mains=60),
        Interview("exposure", both, (60, 30), mains=50, exposure=True),
        Interview("two-passers", both, (60, 30), faces=2, passers=True),
        Interview("two-cross", both, two, faces=2, scene="crosses"),
        Interview("three", both, (60, 30), faces=3),
        Interview("slow-plain", slow, (30,)),
        Interview("slow-talk", slow, (30,), mains=50),
        Interview("slow-glasses", slow, (30,), glasses=True, exposure=True),
        Interview("slow-enters", slow, (30,), faces=2, scene="enters", passers=True),
        Interview("slow-leaves", slow, (30,), faces=2, scene="leaves"),
        Interview("slow-quiet", slow, (30,), per_minute=1.5),
        Interview("slow-three", slow, (30,), faces=3, mains=60, exposure=True),
        Interview("slow-passers", slow, (30,), passers=True),
        Interview("slow-lively", slow, (30,), lively=True),
        Interview("slow-lively-two", slow, (30,), faces=2, lively=True, mains=50),
    )


def _some(names: str, seconds: tuple[float, float, float]) -> tuple[Interview, ...]:
    wanted = names.split()
    return tuple(scene for scene in _scenes(seconds) if scene.name in wanted)


SETS: dict[Namespace, tuple[Interview, ...]] = {
    "test": _scenes((60, 150, 150)),
    "tune": _some(
        "fast-plain fast-flicker plain glasses two-passers exposure slow-quiet slow-glasses "
        "slow-leaves",
        (40, 80, 120),
    ),
    # Twice the expressions of an interview: what a spotter learns from.
    "train": tuple(
        replace(scene, per_minute=12.0)
        for scene in _some(
            "fast-glasses fast-passers plain three slow-plain slow-talk slow-glasses slow-quiet "
            "slow-lively",
            (30, 80, 120),
        )
    ),
}


def _paths(interview: Interview, length: float, rng: np.random.Generator) -> list[Path]:
    """One for each seated face, then the passers-by."""
    paths = [STILL] * interview.faces
    if interview.scene == "enters":
        paths[-1] = enters(0.3 * length, 1)
    elif interview.scene == "leaves":
        paths[0] = leaves(0.7 * length, -1)
    elif interview.scene == "crosses":
        paths[0] = steps_behind(0.5 * length, 0.5)
    if interview.passers:
        count = max(1, int(length / 45_000))
        times = (np.arange(count) + rng.uniform(0.2, 0.8, count)) * length / count
        paths += [passes(float(t), int(rng.choice((-1, 1)))) for t in times]
    return paths


def _dressed(identity: Identity, glasses: bool) -> Identity:
    return replace(identity, looks=replace(identity.looks, glasses=glasses))


def _seated(script: Script, path: Path) -> Script:
    """Without what nobody could see: expressions of somebody who walks or is away."""
    spans = path.moving()
    acts = [
        act
        for act in script.acts
        if act.emotion is None
        or not any(act.onset < end + 500 and act.offset > begin - 500 for begin, end in spans)
    ]
    return replace(script, acts=acts)


def _whereabouts(film: Film, paths: list[Path], length: float, width: int) -> list[dict[str, Any]]:
    """Every face's eyes over time while they are in the picture: ms, x, y, distance in pixels."""
    found = []
    for face, path in enumerate(paths):
        places = []
        for time in np.arange(0.0, length, PATH_EVERY_MS):
            left, right = film.eyes(face, float(time))
            x, y = (left + right) / 2
            if path.present(float(time)) and 0 < x < width:
                apart = float(np.hypot(*(right - left)))
                places.append([round(float(v), 1) for v in (time, x, y, apart)])
        found.append({"seated": path.seated, "places": places})
    return found


class Studio:
    """Films interviews of one set."""

    def __init__(self, head: Head, namespace: Namespace, width: int, height: int) -> None:
        self._namespace: Namespace = namespace
        self._stage = Stage(head, TEXTURE)
        self._habits = Habits(head, by_criteria(Stats.load()))
        self._size = width, height

    def _script(self, interview: Interview, path: Path, rng: np.random.Generator) -> Script:
        length, rate = interview.seconds * 1000, interview.per_minute * path.seated
        return write(self._habits, length, rate, rng, lively=interview.lively and path.seated)

    def film(self, number: int, interview: Interview, out: File) -> str:
        """Write every video of one scene; numbers of people and random numbers go by `number`."""
        width, height = self._size
        length = interview.seconds * 1000
        rng = generator(self._namespace, 5, number)
        paths = _paths(interview, length, rng)
        people = [person(self._namespace, 100 * number + n) for n in range(len(paths))]
        actors = [Actor(self._stage, _dressed(p, interview.glasses)) for p in people]
        scripts = [_seated(self._script(interview, path, rng), path) for path in paths]
        happenings = Happenings(
            Flicker(interview.mains, rng.uniform(0.01, 0.04)) if interview.mains else None,
            exposure_steps(length, rng) if interview.exposure else [],
        )
        film = Film(actors, scripts, width, height, rng, paths, happenings)
        where = _whereabouts(film, paths, length, width)
        count = round(interview.seconds * interview.fps)
        delivered = list(kept(count, generator(self._namespace, 6, number)))
        with ExitStack() as open_files:
            writers = []
            for output in interview.outputs:
                folder = out / f"{interview.name}-{output}"
                folder.mkdir(parents=True, exist_ok=True)
                rate = interview.fps if output == WAVERING else float(output)
                video = Recording(folder / "video.mp4", rate, width, height, 20, "veryfast")
                writers.append(
                    (output, round(interview.fps / rate), open_files.enter_context(video))
                )
            for n, picture in enumerate(film.frames(count, interview.fps)):
                for output, every, video in writers:
                    if output == WAVERING:
                        if delivered[n]:
                            video.write(picture, 1000 * n / interview.fps)
                    elif n % every == 0:
                        video.write(picture)
        # Last, so that a scene cut short is filmed again.
        for output, every, _ in writers:
            about = {
                "fps": interview.fps / every, "durationMs": length, "width": width,
                "height": height, "scene": interview.name, "set": self._namespace,
                "wavering": output == WAVERING, "faces": where, "events": truth(scripts),
            }  # fmt: skip
            (out / f"{interview.name}-{output}" / "truth.json").write_text(json.dumps(about) + "\n")
        return interview.name


_Job = tuple[str, Namespace, int, int, int, Interview, File]


def _film(job: _Job) -> str:
    head, namespace, width, height, number, interview, out = job
    cv2.setNumThreads(1)
    return Studio(Head.load(head), namespace, width, height).film(number, interview, out)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    head: str  # the morphable head, .npz
    out: File  # folder of folders to write
    set: Literal["test", "tune", "train"]
    scenes: tuple[str, ...] | None = None  # these alone
    width: int = 480
    height: int = 360
    workers: int = os.cpu_count() or 1


def jobs(args: Settings) -> Iterator[_Job]:
    """Scenes that are not there yet."""
    for number, interview in enumerate(SETS[args.set]):
        last = args.out / f"{interview.name}-{interview.outputs[-1]}" / "truth.json"
        if (not args.scenes or interview.name in args.scenes) and not last.exists():
            yield args.head, args.set, args.width, args.height, number, interview, args.out


def main(argv: list[str]) -> int:
    """Write what is not there yet; the exit status."""
    args = read(Settings, "interviews", __doc__, argv)
    scenes = SETS[args.set]
    total = sum(s.seconds * len(s.outputs) for s in scenes) / 60
    print(f"{args.set}: {total:.0f} minutes of video in {len(scenes)} scenes", flush=True)
    wanted = list(jobs(args))
    with ProcessPoolExecutor(args.workers, mp_context=get_context("spawn")) as executor:
        for done, name in enumerate(executor.map(_film, wanted), 1):
            print(f"{done}/{len(wanted)} {name}", flush=True)
    return 0
