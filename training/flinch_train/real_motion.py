"""Real motion on simulated faces: shared onset → apex flow, warped into rendered pictures.

Flow features of real micro-expressions come without their videos and without their scale. Here one
moves the face of a simulated person: rendered once, in linear light, warped along a time course
that rises to the apex and falls again, and seen by a simulated camera frame by frame. No picture of
a real person is needed or made.

`python -m flinch_train real-motion --flow DIR --head HEAD.npz --out POOL --every 10` writes a pool.
"""

import argparse
import zlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from flinch_train.benchmark.flow import SIDE, Flows, RealFlow
from flinch_train.datasets.write import PoolWriter
from flinch_train.labels import LABELS, UNITS_UNKNOWN, VALENCES
from flinch_train.sim.acts import hump
from flinch_train.sim.camera import CROP_EYES
from flinch_train.sim.cast import Cast
from flinch_train.sim.crop import Shot
from flinch_train.sim.habits import Habits
from flinch_train.sim.head import Head
from flinch_train.sim.identity import Namespace, generator
from flinch_train.sim.sensor import Sensor
from flinch_train.sim.stage import Stage
from flinch_train.sim.stats import Stats
from flinch_train.sim.types import F32

SIZE, FRAMES = 112, 6
# Where the published crops have the eyes, about: their distance and height in shares of the side.
SPACING, HEIGHT = 0.48, 0.24
TRAVEL = 0.5  # pixels of the crop that one root mean square of a flow moves the skin
PER_PERSON = 12  # clips
# What a valence says of the emotion; "negative" may be any of four.
LABEL = {"negative": -1, "positive": LABELS.index("happy"), "surprise": LABELS.index("surprise")}


def in_crop(flow: Flows, size: int = SIZE) -> F32:
    """Standard flow (3, 28, 28) → displacements (size, size, 2) as the daemon's crop has them."""
    (left, top), (right, _) = CROP_EYES * size
    side = (right - left) / SPACING
    x, y = (left + right) / 2 - side / 2, top - HEIGHT * side
    scale = side / SIDE
    matrix = np.array([(scale, 0, x), (0, scale, y)], np.float64)
    ramp = np.arange(SIDE) + 0.5
    ramp = np.clip(np.minimum(ramp, ramp[::-1]) / 2, 0, 1)  # still at the rim, or it would tear
    planes = np.ascontiguousarray((flow[:2] * np.outer(ramp, ramp)).transpose(1, 2, 0), np.float32)
    return np.asarray(cv2.warpAffine(planes, matrix, (size, size), flags=cv2.INTER_LINEAR))


def warped(still: F32, motion: F32, pixels: float) -> F32:
    """A picture (S, S, 3) moved by displacements (S, S, 2) times ``pixels``."""
    size = len(still)
    ticks = np.arange(size, dtype=np.float32)
    x, y = np.meshgrid(ticks, ticks)
    return np.asarray(
        cv2.remap(
            still,
            x - pixels * motion[..., 0],
            y - pixels * motion[..., 1],
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


@dataclass(frozen=True)
class MovedClip:
    """frames (6, S, S, 3) and special (2, S, S, 3), RGB; whose flow it was (a row)."""

    frames: NDArray[np.uint8]
    special: NDArray[np.uint8]
    row: int


class RealMotion:
    """Clips by number: k carries the flow of row k mod K; the same number is the same clip."""

    def __init__(self, real: RealFlow, head: Head, namespace: Namespace, vary: bool) -> None:
        """``vary``: strength, apex and sides differ, as for training; else they are the middle."""
        self.real, self.namespace, self.vary = real, namespace, vary
        self._cast = Cast(Stage(head, 256), namespace)
        self._habits = Habits(head, Stats.load())

    def sample(self, number: int) -> MovedClip:
        """One clip."""
        row = number % len(self.real.flow)
        rng = generator(self.namespace, 8, number)
        actor = self._cast.actor(number // PER_PERSON)
        length = float(np.exp(rng.uniform(np.log(130), np.log(500))))
        shot = Shot(actor, self._habits, SIZE, (0.0, length), rng)
        still = shot.render(0.0, [])
        pixels, apex = TRAVEL, 0.4
        motion = in_crop(self.real.flow[row])
        if self.vary:
            pixels = float(np.clip(TRAVEL * np.exp(rng.normal(0, 0.4)), 0.2, 1.4))
            apex = float(rng.uniform(0.25, 0.6))
            if rng.random() < 0.5:
                motion = motion[:, ::-1] * np.array([-1, 1], np.float32)
        times = sorted({apex, *np.linspace(0, 1, FRAMES)})
        light = [warped(still, motion, pixels * hump(t, 0, apex, 1)) for t in times]
        shown = dict(zip(times, Sensor.sample(rng).expose(light, SIZE, rng), strict=True))
        frames = np.stack([shown[t] for t in np.linspace(0, 1, FRAMES)])
        return MovedClip(frames, np.stack([frames[0], shown[apex]]), row)


def held_back(subject: str, one_in: int) -> bool:
    """Whether a subject is kept for the test: the same ones every time."""
    return one_in > 0 and zlib.crc32(subject.encode()) % one_in == 0


def main(argv: list[str]) -> int:
    """Write a pool; its subjects are the real ones whose motion it shows."""
    parser = argparse.ArgumentParser(prog="flinch_train real-motion", description=__doc__)
    parser.add_argument("--flow", type=Path, required=True, help="folder of flow.npz, index.csv")
    parser.add_argument("--head", type=Path, required=True, help="the morphable head, .npz")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--every", type=int, default=10, help="clips of each flow")
    parser.add_argument("--hold-back", type=int, default=4, help="keep one subject in so many out")
    args = parser.parse_args(argv)
    real = RealFlow.load(args.flow)
    kept = np.array([not held_back(name, args.hold_back) for name in real.subjects])[real.subject]
    source = RealMotion(real, Head.load(args.head), "train", vary=True)
    count = args.every * len(real.flow)
    writer = PoolWriter(args.out, int(kept.sum()) * args.every, FRAMES, SIZE)
    people: dict[str, int] = {}
    for number in tqdm(range(count), mininterval=5):
        row = number % len(real.flow)
        if kept[row]:
            clip = source.sample(number)
            valence = int(real.valence[row])
            name = real.subjects[real.subject[row]]
            writer.add(
                clip.frames,
                clip.special,
                LABEL[VALENCES[valence]],
                valence,
                UNITS_UNKNOWN,
                people.setdefault(name, len(people)),
            )
    writer.close({"source": "real-motion", "subjects": list(people)})
    print(f"{int(kept.sum()) * args.every} clips with the motion of {len(people)} real people")
    return 0
