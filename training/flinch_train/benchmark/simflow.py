"""Simulated onset → apex flow: two rendered frames of a face, and a flow method between them.

A simulated person, somewhere near the front of the camera, moves some action units, blinks or
glances perhaps, and turns the head a little; both frames pass through the camera's noise; what a
dense flow method finds between them is cut to about the published size and stretched as the
published features are.

Which action units go with which valence follows the criteria by which CASME II was labelled (Yan et
al., PLoS ONE 9(1): e86041, 2014): positive has 6 or 12, surprise 1+2, 2 or 25, negative 9, 10, 4+7,
15 or 17. How often each occurs is a guess. Real flow is never looked at.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.benchmark.flow import SIDE, Flows, standard, stretch
from flinch_train.labels import unit_row
from flinch_train.sim.action_units import blend
from flinch_train.sim.acts import Act, Move
from flinch_train.sim.camera import CROP_EYES
from flinch_train.sim.cast import Cast
from flinch_train.sim.crop import Shot
from flinch_train.sim.habits import Habits
from flinch_train.sim.head import Head
from flinch_train.sim.identity import Namespace, generator
from flinch_train.sim.sensor import Sensor
from flinch_train.sim.stage import Stage
from flinch_train.sim.stats import Stats

FRAME = 112  # pixels, of the rendered crops
FINE = 168  # pixels at which flow is found, for the published cameras see more than the crop holds
PER_PERSON = 16  # samples
BLOCK = 256  # samples of one job
# of valence: action units, and how often
UNITS: tuple[dict[str, float], ...] = (
    {
        "4": 30, "4+7": 18, "7": 6, "9": 5, "4+9": 6, "10": 4, "4+10": 2, "9+10": 2, "15": 4,
        "17": 6, "15+17": 4, "14": 4, "L14": 3, "R14": 3, "20": 2, "23": 2, "24": 3, "1+4": 4,
        "4+17": 2, "4+7+9": 4, "4+6+7": 2, "L10": 2, "R10": 2, "L9+4": 1, "5+7": 1,
    },
    {
        "12": 40, "6+12": 22, "L12": 7, "R12": 7, "12+25": 5, "6": 4, "6+12+25": 4, "12+14": 3,
        "12+15": 1, "12+17": 1, "12+24": 2,
    },
    {
        "1+2": 45, "2": 10, "1+2+5": 12, "1+2+25": 8, "25": 3, "1+2+26": 3, "L2+1": 4, "R2+1": 4,
        "L1+L2": 3, "R1+R2": 3, "1+2+4": 3, "5": 2, "25+26": 2,
    },
)  # fmt: skip


@dataclass(frozen=True)
class SimulatedFlow:
    """flow (K, 3, 28, 28), read as real flow is; valence (K,); units (K, U)."""

    flow: Flows
    valence: NDArray[np.int64]
    units: NDArray[np.int64]


class FlowSampler:
    """Flow by number: the same (namespace, seed) gives the same picture."""

    def __init__(self, head: Head, namespace: Namespace) -> None:
        self.namespace = namespace
        self._cast = Cast(Stage(head, 256), namespace)
        self._habits = Habits(head, Stats.load())

    def sample(self, seed: int) -> tuple[NDArray[np.uint8], int, list[int]]:
        """uint8 (28, 28, 3) as in flow.npz, the valence, and a row of action units."""
        actor = self._cast.actor(seed // PER_PERSON)
        rng = generator(self.namespace, 7, seed)
        valence = int(rng.integers(len(UNITS)))
        odds = np.array(list(UNITS[valence].values()), np.float64)
        units = str(rng.choice(list(UNITS[valence]), p=odds / odds.sum())).split("+")
        rise = float(rng.uniform(60, 320))
        shot = Shot(actor, self._habits, FRAME, (0.0, rise), rng)
        acts = self._acts(units, rise, rng)
        sensor = quiet(Sensor.sample(rng))
        frames = sensor.expose([shot.render(t, acts) for t in (0.0, rise)], FRAME, rng)
        onset, apex = (grey(frame) for frame in frames)
        flow = dense_flow(_enlarged(onset), _enlarged(slipped(apex, rng)), rng)
        return stretch(published(flow, rng)), valence, unit_row(units)

    def _acts(self, units: list[str], rise: float, rng: np.random.Generator) -> list[Act]:
        travel = float(np.clip(0.24 * np.exp(rng.normal(0, 0.45)), 0.08, 0.6))
        weights, _ = blend(self._habits.head, units, travel, rng)
        acts: list[Act] = [Move("micro_expression", 0.0, rise, 2 * rise, weights)]
        if rng.random() < 0.45:  # caught anywhere between closed and open
            start = float(rng.uniform(-250, rise))
            acts.append(self._habits.blink(start, rng, float(rng.uniform(0.1, 1.0))))
        if rng.random() < 0.3:
            acts.append(self._habits.glance(float(rng.uniform(-300, rise)), rng))
        if rng.random() < 0.2:
            acts.append(self._habits.nod(float(rng.uniform(-300, 0)), rng))
        return acts


def quiet(camera: Sensor) -> Sensor:
    """A laboratory's camera: near the face, well lit, nothing compressed."""
    return replace(
        camera, face_width=max(camera.face_width, 180.0), noise=0.35 * camera.noise, jpeg=0
    )


def grey(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB (H, W, 3) → (H, W)."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)


def _enlarged(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(frame, (FINE, FINE), interpolation=cv2.INTER_CUBIC), np.uint8)


def slipped(apex: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """The apex frame as a crop whose alignment has not quite followed the head."""
    size = float(rng.choice((0.0, 0.3, 1.0, 2.0)))
    turn = np.asarray(
        cv2.getRotationMatrix2D((FRAME / 2, FRAME / 2), rng.normal(0, 0.25) * size, 1.0), np.float64
    )
    turn[:, 2] += rng.normal(0, 0.4, 2) * size
    moved = cv2.warpAffine(
        apex, turn, (FRAME, FRAME), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.uint8)


def dense_flow(
    onset: NDArray[np.uint8], apex: NDArray[np.uint8], rng: np.random.Generator
) -> Flows:
    """(FINE, FINE, 2) in pixels: Farnebäck's method or DIS, with settings of many a paper."""
    if rng.random() < 0.5:
        window, poly = int(rng.integers(8, 22)), int(rng.choice((5, 7)))
        found = cv2.calcOpticalFlowFarneback(
            onset, apex, np.zeros((FINE, FINE, 2), np.float32),
            0.5, 3, window, 3, poly, 1.2 if poly == 5 else 1.5, 0,
        )  # fmt: skip
    else:
        quality = (cv2.DISOPTICAL_FLOW_PRESET_FAST, cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        method = cv2.DISOpticalFlow.create(quality[int(rng.integers(2))])
        method.setFinestScale(int(rng.integers(0, 2)))
        found = method.calc(onset, apex, np.zeros((FINE, FINE, 2), np.float32))
    return np.asarray(found, np.float32)


def published(flow: Flows, rng: np.random.Generator) -> Flows:
    """(FINE, FINE, 2) of the daemon's crop → (28, 28, 3) of about the published one, strain too.

    The published crops are tighter, stretched to a square, and cut right above the brows in one
    data set and at the hairline in another.
    """
    (left, top), (right, _) = CROP_EYES * FINE
    width = (right - left) / rng.uniform(0.42, 0.58)
    height = width / rng.uniform(0.85, 1.15)
    x = (left + right) / 2 - width * rng.normal(0.5, 0.02)
    y = top - height * rng.uniform(0.14, 0.34)
    matrix = np.array(
        [(SIDE / width, 0, -x * SIDE / width), (0, SIDE / height, -y * SIDE / height)]
    )
    blur = cv2.GaussianBlur(flow, (0, 0), width / SIDE * float(rng.uniform(0.2, 0.6)))
    small = cv2.warpAffine(
        blur, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    ux, uy = np.gradient(small[..., 0], axis=1), np.gradient(small[..., 0], axis=0)
    vx, vy = np.gradient(small[..., 1], axis=1), np.gradient(small[..., 1], axis=0)
    strain = np.sqrt(ux**2 + vy**2 + 0.5 * (uy + vx) ** 2)
    return np.concatenate([small, strain[..., None]], axis=-1).astype(np.float32)


def _block(job: tuple[Path, Namespace, int, int]) -> tuple[NDArray[np.uint8], list, list]:
    file, namespace, first, count = job
    cv2.setNumThreads(1)
    sampler = FlowSampler(Head.load(file), namespace)
    raw, valence, units = zip(*(sampler.sample(first + k) for k in range(count)), strict=True)
    return np.stack(raw), list(valence), list(units)


def simulate_flow(
    head_file: Path, count: int, namespace: Namespace = "train", workers: int = 2
) -> SimulatedFlow:
    """The first ``count`` samples of a namespace, on some processes."""
    jobs = [
        (head_file, namespace, first, min(BLOCK, count - first)) for first in range(0, count, BLOCK)
    ]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        raw, valence, units = zip(*pool.map(_block, jobs), strict=True)
    return SimulatedFlow(
        standard(np.concatenate(raw)),
        np.array([v for block in valence for v in block]),
        np.array([row for block in units for row in block]),
    )
