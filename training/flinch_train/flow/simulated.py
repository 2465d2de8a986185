"""Simulated onset → apex flow: two rendered frames of a face, and a flow method between them.

A simulated person, somewhere near the front of the camera, moves some action units, blinks or
glances perhaps, and turns the head a little; both frames pass through the camera's noise; what a
dense flow method finds between them is cut to about the published size and stretched as the
published features are.

Which action units go with which valence, and how often, is sim/criteria.py's. Real flow is never
looked at.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.flow.real import SIDE, Flows, standard, stretch
from flinch_train.labels import LABELS, VALENCES, unit_row
from flinch_train.sim.action_units import blend
from flinch_train.sim.acts import Act, Move
from flinch_train.sim.camera import CROP_EYES
from flinch_train.sim.cast import Cast
from flinch_train.sim.criteria import TYPICAL, label_of
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
# Of the published crops: distance and height of the eyes, in shares of the side.
SPACING, HEIGHT = (0.44, 0.64), (0.15, 0.29)
COARSE = 64  # pixels at which TV-L1 is run: it takes ten times as long as the others
BLOCK = 256  # samples of one job


@dataclass(frozen=True)
class SimulatedFlow:
    """flow (K, 3, 28, 28), read as real flow is; label, valence (K,), -1 for none; units (K, U).

    raw (K, 28, 28, 3) is the same as it would be published.
    """

    flow: Flows
    raw: NDArray[np.uint8]
    label: NDArray[np.int64]
    valence: NDArray[np.int64]
    units: NDArray[np.int64]


class FlowSampler:
    """Flow by number: the same (namespace, seed) gives the same picture."""

    def __init__(self, head: Head, namespace: Namespace, none_share: float = 0.0) -> None:
        """``none_share`` of the samples hold no micro-expression."""
        self.namespace, self.none_share = namespace, none_share
        self._cast = Cast(Stage(head, 256), namespace)
        self._habits = Habits(head, Stats.load())

    def sample(self, seed: int) -> tuple[NDArray[np.uint8], list[str], int]:
        """uint8 (28, 28, 3) as in flow.npz, the action units, and the valence or -1."""
        actor = self._cast.actor(seed // PER_PERSON)
        rng = generator(self.namespace, 7, seed)
        valence = int(rng.integers(len(VALENCES)))
        typical = TYPICAL[VALENCES[valence]]
        odds = np.array(list(typical.values()), np.float64)
        units = str(rng.choice(list(typical), p=odds / odds.sum())).split("+")
        if self.none_share and rng.random() < self.none_share:
            valence, units = -1, []
        rise = float(rng.uniform(60, 320))
        acts = self._acts(units, rise, rng)
        shot = Shot(actor, self._habits, FRAME, (0.0, rise), rng, acts)
        sensor = quiet(Sensor.sample(rng))
        frames = sensor.expose([shot.render(t) for t in (0.0, rise)], FRAME, rng)
        onset, apex = (grey(frame) for frame in frames)
        flow = dense_flow(_enlarged(onset), _enlarged(slipped(apex, rng)), rng)
        return stretch(published(flow, rng)), units, valence

    def _acts(self, units: list[str], rise: float, rng: np.random.Generator) -> list[Act]:
        acts: list[Act] = []
        if units:
            travel = float(np.clip(0.24 * np.exp(rng.normal(0, 0.45)), 0.08, 0.6))
            weights, _ = blend(self._habits.head, units, travel, rng)
            acts.append(Move("micro_expression", 0.0, rise, 2 * rise, weights))
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
    """(FINE, FINE, 2) in pixels: TV-L1, Farnebäck's or DIS, with settings of many a paper."""
    method = rng.random()
    if method < 0.25:
        return tv_l1(onset, apex, rng)
    start = np.zeros((FINE, FINE, 2), np.float32)
    if method < 0.65:
        window, poly = int(rng.integers(8, 22)), int(rng.choice((5, 7)))
        found = cv2.calcOpticalFlowFarneback(
            onset, apex, start,
            0.5, 3, window, 3, poly, 1.2 if poly == 5 else 1.5, 0,
        )  # fmt: skip
    else:
        quality = (cv2.DISOPTICAL_FLOW_PRESET_FAST, cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        dis = cv2.DISOpticalFlow.create(quality[int(rng.integers(2))])
        dis.setFinestScale(int(rng.integers(0, 2)))
        found = dis.calc(onset, apex, start)
    return np.asarray(found, np.float32)


def tv_l1(onset: NDArray[np.uint8], apex: NDArray[np.uint8], rng: np.random.Generator) -> Flows:
    """(FINE, FINE, 2): Zach et al. (2007), the method behind the published features."""
    method = cv2.optflow.DualTVL1OpticalFlow.create(
        lambda_=float(rng.uniform(0.1, 0.3)), warps=3, innnerIterations=10, outerIterations=5
    )
    side = (COARSE, COARSE)
    first, last = (cv2.resize(f, side, interpolation=cv2.INTER_AREA) for f in (onset, apex))
    flow = method.calc(first, last, np.zeros((*side, 2), np.float32))
    found = cv2.resize(flow, (FINE, FINE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(found * (FINE / COARSE), np.float32)


def published(flow: Flows, rng: np.random.Generator) -> Flows:
    """(FINE, FINE, 2) of the daemon's crop → (28, 28, 3) of about the published one, strain too.

    The published crops are tighter, stretched to a square, and cut right above the brows in one
    data set and at the hairline in another: where the lids move most in the mean picture of each
    set, with no look at a label, says how tight (``SPACING``, ``HEIGHT``).
    """
    (left, top), (right, _) = CROP_EYES * FINE
    width = (right - left) / rng.uniform(*SPACING)
    height = width / rng.uniform(0.88, 1.12)
    x = (left + right) / 2 - width * rng.normal(0.5, 0.02)
    y = top - height * rng.uniform(*HEIGHT)
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


_Job = tuple[Path, Namespace, float, int, int]


def _block(job: _Job) -> tuple[NDArray[np.uint8], list[list[str]], list[int]]:
    file, namespace, none_share, first, count = job
    cv2.setNumThreads(1)
    sampler = FlowSampler(Head.load(file), namespace, none_share)
    raw, units, valence = zip(*(sampler.sample(first + k) for k in range(count)), strict=True)
    return np.stack(raw), list(units), list(valence)


def simulate_flow(
    head_file: Path,
    count: int,
    namespace: Namespace = "train",
    workers: int = 2,
    none_share: float = 0.0,
) -> SimulatedFlow:
    """The first ``count`` samples of a namespace, on some processes."""
    jobs = [
        (head_file, namespace, none_share, first, min(BLOCK, count - first))
        for first in range(0, count, BLOCK)
    ]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        raw, units, valence = zip(*pool.map(_block, jobs), strict=True)
    pictures = np.concatenate(raw)
    tokens = list(chain.from_iterable(units))
    return SimulatedFlow(
        standard(pictures),
        pictures,
        np.array([LABELS.index(label_of(t) if t else "none") for t in tokens]),
        np.array(list(chain.from_iterable(valence))),
        np.array([unit_row(t) for t in tokens]),
    )
