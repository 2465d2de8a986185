"""A simulated interview on video, with the truth of every movement.

`python -m flinch_train simulate --head HEAD.npz --out DIR --seconds 30 --fps 60 --faces 1 --seed 1`
writes DIR/video.mp4 and DIR/truth.json. The same arguments give the same bytes.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from flinch_train.data.labels import EmotionName
from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.film import Film
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace, generator, person
from flinch_train.data.sim.recording import Recording
from flinch_train.data.sim.schedule import Script, write
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from flinch_train.settings import read

_TEXTURE = 512


def truth(scripts: list[Script]) -> list[dict[str, Any]]:
    """Every act of every face, by onset; times in ms from the first frame."""
    events = [
        {
            "kind": act.kind,
            "face": face,
            "onsetMs": round(act.onset, 1),
            "apexMs": round(act.apex, 1),
            "offsetMs": round(act.offset, 1),
            "emotion": act.emotion,
            "actionUnits": act.units,
        }
        for face, script in enumerate(scripts)
        for act in script.acts
    ]
    return sorted(events, key=lambda e: (e["onsetMs"], e["face"], e["kind"]))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    head: str  # the morphable head, .npz
    out: str  # folder to write
    seconds: float = 30.0
    fps: float = 60.0
    faces: int = 1
    seed: int = 1
    width: int = 640
    height: int = 480
    events_per_minute: float = 12.0  # for each face
    namespace: Namespace = "test"
    emotions: tuple[EmotionName, ...] = ()  # in this order
    person: int | None = None  # number of the first person, else by seed
    stats: str | None = None  # folder with au_by_emotion.csv and durations.csv
    crf: int = 20  # x264 quality, less is better


def _encode(film: Film, path: Path, args: Settings) -> int:
    count = round(args.seconds * args.fps)
    with Recording(path, args.fps, args.width, args.height, args.crf) as video:
        begin = time.perf_counter()
        for n, picture in enumerate(film.frames(count, args.fps)):
            video.write(picture)
            if n and n % 300 == 0:
                print(f"{n}/{count} frames, {n / (time.perf_counter() - begin):.0f}/s", flush=True)
    return count


def main(argv: list[str]) -> int:
    """Write a video and its truth; the exit status."""
    args = read(Settings, "simulate", __doc__, argv)
    cv2.setNumThreads(1)
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    head = Head.load(args.head)
    rng = generator(args.namespace, 3, args.seed)
    first = args.seed * 100 if args.person is None else args.person
    stage = Stage(head, _TEXTURE)
    actors = [Actor(stage, person(args.namespace, first + n)) for n in range(args.faces)]
    habits = Habits(head, Stats.load(args.stats))
    length = args.seconds * 1000
    scripts = [
        write(habits, length, args.events_per_minute, rng, args.emotions) for _ in range(args.faces)
    ]
    film = Film(actors, scripts, args.width, args.height, rng)
    count = _encode(film, out / "video.mp4", args)
    about = {
        "fps": args.fps,
        "durationMs": round(1000 * count / args.fps, 3),
        "width": args.width,
        "height": args.height,
        "seed": args.seed,
        "events": truth(scripts),
    }
    (out / "truth.json").write_text(json.dumps(about, indent=1) + "\n")
    return 0
