"""Flow on simulated faces: onset → apex flow, real or simulated, warped into rendered pictures.

Flow features of real micro-expressions come without their videos and without their scale. Here one
moves the face of a simulated person: rendered once, in linear light, warped along a time course
that rises to the apex and falls again, and seen by a simulated camera frame by frame. No picture of
a real person is needed or made. Simulated flow goes the same way, so that a model may learn from it
what real flow will look like without having seen any.

`python -m flinch_train moved-faces --simulated 8000 --head HEAD.npz --out CLIPS` writes a clip set;
`--flow DIR --every 10` instead of `--simulated` takes real flow.
"""

import sys
import zlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.flow.measured import Crop, crop_of, disturbed
from flinch_train.data.flow.real import SIDE, Flows, RealFlow
from flinch_train.data.flow.simulated import SimulatedFlow, simulate_flow
from flinch_train.data.labels import LABELS, UNITS_UNKNOWN, VALENCES
from flinch_train.data.sim.acts import hump
from flinch_train.data.sim.camera import CROP_EYES
from flinch_train.data.sim.cast import Cast
from flinch_train.data.sim.crop import Shot
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace, generator
from flinch_train.data.sim.sensor import Sensor
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from flinch_train.data.sim.types import F32
from flinch_train.settings import read

SIZE, FRAMES = 112, 6
TRAVEL = 0.5  # pixels of the crop that one root mean square of a flow moves the skin
PER_PERSON = 12  # clips
_RAMP = np.clip((np.minimum(np.arange(SIDE), np.arange(SIDE)[::-1]) + 0.5) / 2, 0, 1)
RIM = np.outer(_RAMP, _RAMP)  # (SIDE, SIDE) of a flow: still at the rim, or the picture would tear
# What a valence says of the emotion; "negative" may be any of four.
LABEL = {"negative": -1, "positive": LABELS.index("happy"), "surprise": LABELS.index("surprise")}


Shown = TypeVar("Shown", F32, NDArray[np.uint8])  # a picture, in linear light or as filmed


def in_crop(flow: Flows, crop: Crop, size: int = SIZE) -> F32:
    """Standard flow (3, 28, 28) of a crop → displacements (size, size, 2) in the daemon's crop."""
    (left, top), (right, _) = CROP_EYES * size
    eyes = right - left
    across, down = crop.width * eyes / SIDE, crop.height * eyes / SIDE
    x, y = (left + right) / 2 + crop.left * eyes, top + crop.top * eyes
    # pixel k of either picture has its middle at k + 0.5
    matrix = np.array(
        [(across, 0, x + across / 2 - 0.5), (0, down, y + down / 2 - 0.5)], np.float64
    )
    planes = np.ascontiguousarray((flow[:2] * RIM).transpose(1, 2, 0), np.float32)
    return np.asarray(cv2.warpAffine(planes, matrix, (size, size), flags=cv2.INTER_LINEAR))


def warped(still: Shown, motion: F32, pixels: float) -> Shown:
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


class Faces(Protocol):
    """Whom the flow moves."""

    def still(self, number: int, rng: np.random.Generator) -> F32:
        """Linear light (SIZE, SIZE, 3) of the face of a clip, at rest."""


class RenderedFaces:
    """People of a namespace, a new one every few clips, each time in another light and pose."""

    def __init__(self, head: Head, namespace: Namespace) -> None:
        self._cast = Cast(Stage(head, 256), namespace)
        self._habits = Habits(head, Stats.load())

    def still(self, number: int, rng: np.random.Generator) -> F32:
        actor = self._cast.actor(number // PER_PERSON)
        return Shot(actor, self._habits, SIZE, (0.0, 1.0), rng).render(0.0)


class KeptFaces:
    """A few rendered faces that lie in the package, for scores that need no head."""

    FILE = files("flinch_train.data.clips").joinpath("faces.npz")

    def __init__(self) -> None:
        with self.FILE.open("rb") as file, np.load(file) as kept:
            self._stills = kept["stills"].astype(np.float32)

    def __len__(self) -> int:
        return len(self._stills)

    def still(self, number: int, rng: np.random.Generator) -> F32:
        return np.asarray(self._stills[number % len(self)])

    @staticmethod
    def render(head: Head, count: int = 5) -> NDArray[np.float16]:
        """(count, SIZE, SIZE, 3): what FILE holds, of people whom no clip set shows."""
        people = RenderedFaces(head, "demo")
        stills = (people.still(k * PER_PERSON, generator("demo", 8, k)) for k in range(count))
        return np.stack([still.astype(np.float16) for still in stills])


class MovedFaces:
    """Clips by number: k carries flow k mod K; the same number is the same clip."""

    def __init__(
        self, flow: Flows, dataset: NDArray[np.str_], faces: Faces, namespace: Namespace, vary: bool
    ) -> None:
        """Standard flow (K, 3, 28, 28), and the data set (K,) that says how its face was cut.

        ``vary``: the motion is disturbed, strength, apex, side and camera differ, as for training;
        else they are the middle, and the camera a laboratory's.
        """
        self.flow, self.dataset = flow, dataset
        self.faces, self.namespace, self.vary = faces, namespace, vary

    def sample(self, number: int, face: int | None = None) -> MovedClip:
        """One clip; ``face`` chooses one of few faces."""
        row = number % len(self.flow)
        rng = generator(self.namespace, 8, number)
        still = self.faces.still(number if face is None else face, rng)
        sensor = Sensor.sample(rng)
        pixels, apex = TRAVEL, 0.4
        flow = disturbed(self.flow[row], rng) if self.vary else self.flow[row]
        motion = in_crop(flow, crop_of(str(self.dataset[row])))
        if self.vary:
            pixels = float(np.clip(TRAVEL * np.exp(rng.normal(0, 0.4)), 0.2, 1.4))
            apex = float(rng.uniform(0.25, 0.6))
            if rng.random() < 0.5:
                motion = motion[:, ::-1] * np.array([-1, 1], np.float32)
        else:
            sensor = sensor.quiet()
        times = sorted({apex, *np.linspace(0, 1, FRAMES)})
        light = [warped(still, motion, pixels * hump(t, 0, apex, 1)) for t in times]
        shown = dict(zip(times, sensor.expose(light, SIZE, rng), strict=True))
        frames = np.stack([shown[t] for t in np.linspace(0, 1, FRAMES)])
        return MovedClip(frames, np.stack([frames[0], shown[apex]]), row)


def held_back(subject: str, one_in: int) -> bool:
    """Whether a subject is kept for the test: the same ones every time."""
    return one_in > 0 and zlib.crc32(subject.encode()) % one_in == 0


@dataclass(frozen=True)
class Known:
    """What is known of K flows: places in ``LABELS`` and ``VALENCES``, units (K, U), whose (K,).

    dataset (K,) says how the face was cut.
    """

    label: NDArray[np.int64]
    valence: NDArray[np.int64]
    units: NDArray[np.int64]
    subject: NDArray[np.int64]
    dataset: NDArray[np.str_]
    people: tuple[str, ...] | None = None  # names of the subjects, where they have one


def of_real(real: RealFlow) -> Known:
    """Real flow has a valence, and a person."""
    labels = np.array([LABEL[name] for name in VALENCES])[real.valence]
    units = np.tile(UNITS_UNKNOWN, (len(real.valence), 1))
    return Known(labels, real.valence, units, real.subject, real.dataset, real.subjects)


def of_simulated(flows: SimulatedFlow) -> Known:
    """Simulated flow has all; the people are those whose faces move."""
    people = np.arange(len(flows.valence)) // PER_PERSON
    return Known(flows.label, flows.valence, flows.units, people, flows.dataset)


_source: MovedFaces  # of a worker process


def _begin(flow: Flows, dataset: NDArray[np.str_], head: Path, namespace: Namespace) -> None:
    global _source
    cv2.setNumThreads(1)
    faces = RenderedFaces(Head.load(head), namespace)
    _source = MovedFaces(flow, dataset, faces, namespace, vary=True)


def _block(numbers: list[int]) -> list[MovedClip]:
    return [_source.sample(number) for number in numbers]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    flow: Path | None = None  # folder of flow.npz, index.csv: real flow
    simulated: int | None = None  # so many simulated flows
    none: float = 0.1  # share of those without expression
    head: Path  # the morphable head, .npz
    out: Path  # folder to write
    namespace: Namespace = "train"
    every: int = 1  # clips of each flow
    hold_back: int = 0  # of real subjects, keep one in so many out
    workers: int = 2

    def __post_init__(self) -> None:
        """Raises ``ValueError``: flow is either real or simulated."""
        if (self.flow is None) == (self.simulated is None):
            raise ValueError("either --flow or --simulated")


def write_clip_set(
    out: Path, flow: Flows, known: Known, rows: NDArray[np.int64], args: Settings
) -> int:
    """Clips of some rows of flow, each ``args.every`` times; how many there are."""
    chosen = set(rows.tolist())
    wanted = [k for k in range(args.every * len(flow)) if k % len(flow) in chosen]
    blocks = [wanted[k : k + PER_PERSON] for k in range(0, len(wanted), PER_PERSON)]
    writer = ClipSetWriter(out, len(wanted), FRAMES, SIZE)
    with ProcessPoolExecutor(
        args.workers, get_context("spawn"), _begin, (flow, known.dataset, args.head, args.namespace)
    ) as executor:
        for clip in tqdm(chain.from_iterable(executor.map(_block, blocks)), total=len(wanted)):
            k = clip.row
            writer.add(
                clip.frames,
                clip.special,
                int(known.label[k]),
                int(known.valence[k]),
                known.units[k].tolist(),
                int(known.subject[k]),
            )
    source = "simulated-motion" if args.simulated else "real-motion"
    about = {"source": source, "namespace": args.namespace, "every": args.every}
    if known.people is not None:
        about["subjects"] = list(known.people)
    writer.close(about)
    return len(wanted)


def main(argv: list[str]) -> int:
    """Write a clip set; the subjects of one with real flow are the people who moved so."""
    args = read(Settings, "moved-faces", __doc__, argv)
    if args.flow:
        real = RealFlow.load(args.flow)
        flow, known = real.flow, of_real(real)
        kept = np.array([not held_back(name, args.hold_back) for name in real.subjects])
        rows = np.flatnonzero(kept[real.subject])
    else:
        assert args.simulated is not None
        flows = simulate_flow(args.head, args.simulated, args.namespace, args.workers, args.none)
        flow, known, rows = flows.flow, of_simulated(flows), np.arange(args.simulated)
    count = write_clip_set(args.out, flow, known, rows, args)
    print(f"{count} clips with the motion of {len(set(known.subject[rows].tolist()))} people")
    return 0


if __name__ == "__main__":  # makes faces.npz again
    np.savez_compressed(str(KeptFaces.FILE), stills=KeptFaces.render(Head.load(Path(sys.argv[1]))))
