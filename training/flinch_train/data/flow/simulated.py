"""Simulated onset → apex flow from geometry: a face's own shapes, disturbed as measured flow is.

A simulated person moves some action units, blinks or glances perhaps, and turns the head a little.
What a flow method does to that is drawn by chance (measured.py). The window is cut as one of the
published data sets cuts its faces, and stretched as the published features are.

Which action units go with which valence, and how often, is data/sim/criteria.py's.
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.data.flow.fields import ACROSS, COLUMNS, DOWN, ROWS, Fields
from flinch_train.data.flow.measured import CROPS, bent, measured, noise, published
from flinch_train.data.flow.real import Flows, standard, stretch
from flinch_train.data.labels import LABELS, VALENCES, unit_row
from flinch_train.data.sim.action_units import NEIGHBOURS, mixed, shapes
from flinch_train.data.sim.criteria import TYPICAL, label_of
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace, generator, person
from flinch_train.data.sim.types import F32

PER_PERSON = 16  # samples
BLOCK = 512  # samples of one job


@dataclass(frozen=True)
class SimulatedFlow:
    """flow (K, 3, 28, 28), read as real flow is; label, valence (K,), -1 for none; units (K, U).

    raw (K, 28, 28, 3) is the same as it would be published; dataset (K,): like whose crops.
    """

    flow: Flows
    raw: NDArray[np.uint8]
    label: NDArray[np.int64]
    valence: NDArray[np.int64]
    units: NDArray[np.int64]
    dataset: NDArray[np.str_]


class Sample(NamedTuple):
    """raw: uint8 (28, 28, 3) as in flow.npz; valence: -1 for no expression; like whose crop."""

    raw: NDArray[np.uint8]
    units: list[str]
    valence: int
    dataset: str


class FlowSampler:
    """Flow by number: the same (namespace, seed) gives the same picture."""

    def __init__(self, head: Head, namespace: Namespace, none_share: float = 0.0) -> None:
        """``none_share`` of the samples hold no micro-expression."""
        self.head, self.namespace, self.none_share = head, namespace, none_share
        self._person = -1
        self._fields: Fields

    def sample(self, seed: int) -> Sample:
        """One picture, and what is true of it."""
        fields = self._face(seed // PER_PERSON)
        rng = generator(self.namespace, 9, seed)
        valence = int(rng.integers(len(VALENCES)))
        typical = TYPICAL[VALENCES[valence]]
        odds = np.array(list(typical.values()), np.float64)
        units = str(rng.choice(list(typical), p=odds / odds.sum())).split("+")
        if self.none_share and rng.random() < self.none_share:
            valence, units = -1, []
        motion = np.zeros((ROWS, COLUMNS, 2), np.float32)
        if units:
            motion = _unit_length(fields.moved(self._weights(units, rng)))
            motion = bent(motion, 0.15 * noise(4, rng))
        motion = measured(self._beside(motion, fields, rng), rng)
        dataset = str(rng.choice(list(CROPS)))
        raw = stretch(published(motion, CROPS[dataset].nearly(rng)))
        return Sample(raw, units, valence, dataset)

    def _face(self, number: int) -> Fields:
        if number != self._person:
            rng = generator(self.namespace, 10, number)
            self._fields = Fields.of(self.head, person(self.namespace, number), rng)
            self._person = number
        return self._fields

    def _weights(self, units: list[str], rng: np.random.Generator) -> dict[int, float]:
        """Shapes of a combination: each unit has its strength, and the sides differ."""
        total, _ = mixed(self.head, units, (0.5, 1.2), 0.25, rng)
        if rng.random() < 0.3:  # a neighbour moves along a little
            amount = rng.uniform(0, 0.25)
            extra = str(rng.choice(NEIGHBOURS))
            for index, weight in shapes(self.head, extra).items():
                total[index] += weight * amount
        return dict(total)

    def _beside(self, motion: F32, fields: Fields, rng: np.random.Generator) -> F32:
        """What else happens: a blink, a glance, and what is left of the head's own motion."""
        if rng.random() < 0.45:
            blink = _unit_length(fields.moved(shapes(self.head, "45")))
            motion = motion + blink * float(rng.uniform(0.05, 1.2) * rng.choice((-1, 1)))
        if rng.random() < 0.3:
            glance = rng.normal(0, 0.5, 2).astype(np.float32)
            motion = motion + cv2.GaussianBlur(fields.open, (0, 0), 0.7)[..., None] * glance
        size = float(np.exp(rng.normal(-2.2, 1.0)))
        roll, scale, yaw, pitch = (size * rng.normal(0, 1, 4)).astype(np.float32)
        right = scale * ACROSS - roll * DOWN + yaw * fields.depth
        down = scale * DOWN + roll * ACROSS + pitch * fields.depth
        return np.asarray(motion + np.stack([right, down], axis=-1), np.float32)


def _unit_length(motion: F32) -> F32:
    """The farthest that anything goes is 1."""
    return np.asarray(motion / max(float(np.linalg.norm(motion, axis=-1).max()), 1e-6))


_Job = tuple[Path, Namespace, float, int, int]


def _block(job: _Job) -> list[Sample]:
    file, namespace, none_share, first, count = job
    cv2.setNumThreads(1)
    sampler = FlowSampler(Head.load(file), namespace, none_share)
    return [sampler.sample(first + k) for k in range(count)]


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
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        samples = list(chain.from_iterable(executor.map(_block, jobs)))
    raw, units, valence, dataset = zip(*samples, strict=True)
    pictures = np.stack(raw)
    return SimulatedFlow(
        standard(pictures),
        pictures,
        np.array([LABELS.index(label_of(tokens) if tokens else "none") for tokens in units]),
        np.array(valence),
        np.array([unit_row(tokens) for tokens in units]),
        np.array(dataset),
    )
