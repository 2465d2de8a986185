"""Simulated onset → apex flow, straight from the moving mesh: nothing is rendered.

A face of the morphable head, seen from somewhere near its front, moves by some action units, blinks
perhaps, and turns its head a little; every front vertex leaves its displacement where it lies in a
crop of about the published size. What a flow method makes of such motion is imitated: blur, motion
that flat skin hides, noise, outliers.

Which action units go with which valence follows the criteria by which CASME II was labelled (Yan et
al., PLoS ONE 9(1): e86041, 2014): positive has 6 or 12, surprise 1+2, 2 or 25, negative 9, 10, 4+7,
15 or 17. Real flow is never looked at.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.benchmark.flow import SIDE, Flows, standard, stretch
from flinch_train.labels import unit_row
from flinch_train.sim.action_units import shapes
from flinch_train.sim.camera import pinhole, project, rotation
from flinch_train.sim.head import Head
from flinch_train.sim.identity import Namespace, generator, person
from flinch_train.sim.stage import PIVOT

GRID = 2 * SIDE  # displacements are gathered at twice the size
FACES_PER_PERSON = 16
# valence → (action units, how often)
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
        self.head, self.namespace = head, namespace
        start, end = head.parts.face
        self.rows = slice(start, end)
        self.eyes = head.landmarks[[36, 39, 42, 45]]
        normals = front(head)[self.rows]
        self.visible = normals > 0.12
        self.weight = np.where(self.visible, np.clip(normals, 0, 1), 0).astype(np.float32)
        self._person: tuple[int, NDArray[np.float32]] | None = None
        self._expression = np.ascontiguousarray(head.expression[:, self.rows])

    def sample(self, seed: int) -> tuple[NDArray[np.uint8], int, list[int]]:
        """uint8 (28, 28, 3) as in flow.npz, the valence, and a row of action units."""
        rng = generator(self.namespace, 7, seed)
        base = self._face(seed // FACES_PER_PERSON)
        valence = int(rng.integers(len(UNITS)))
        choices = UNITS[valence]
        odds = np.array(list(choices.values()), np.float64)
        tokens = str(rng.choice(list(choices), p=odds / odds.sum())).split("+")
        onset, apex = self._weights(tokens, rng)
        flow = self._flow(base, onset, apex, rng)
        return stretch(estimate(flow, rng)), valence, unit_row(tokens)

    def many(self, count: int, first: int = 0) -> SimulatedFlow:
        """``count`` samples in a row."""
        found = [self.sample(first + k) for k in range(count)]
        raw, valence, units = zip(*found, strict=True)
        return SimulatedFlow(standard(np.stack(raw)), np.array(valence), np.array(units))

    def _face(self, number: int) -> NDArray[np.float32]:
        if self._person is None or self._person[0] != number:
            someone = person(self.namespace, number)
            shape = self.head.neutral[self.rows] + np.einsum(
                "i,inc->nc", someone.shape, self.head.identity[: len(someone.shape), self.rows]
            )
            self._person = (number, shape.astype(np.float32))
        return self._person[1]

    def _weights(
        self, tokens: list[str], rng: np.random.Generator
    ) -> tuple[dict[int, float], dict[int, float]]:
        """Shape weights at onset and at apex: a face at rest, and the same that has moved."""
        onset: dict[int, float] = {}
        for token in rng.choice(["1", "4", "12", "15", "24", "25", "26"], 2):
            for index, weight in shapes(self.head, str(token)).items():
                onset[index] = onset.get(index, 0.0) + weight * float(rng.uniform(0, 0.15))
        apex = dict(onset)
        strength = np.exp(rng.normal(np.log(0.22), 0.45))
        for token in tokens:
            lean, own = rng.uniform(-0.35, 0.35), strength * rng.uniform(0.5, 1.3)
            for index, weight in shapes(self.head, token).items():
                name = self.head.expression_names[index]
                tilt = 1 + lean * (name.endswith("_L") - name.endswith("_R"))
                apex[index] = apex.get(index, 0.0) + weight * own * tilt
        if rng.random() < 0.35:  # the other muscles are not quite still
            extra = str(rng.choice(["1", "2", "4", "7", "9", "12", "14", "17", "24", "25"]))
            for index, weight in shapes(self.head, extra).items():
                apex[index] = apex.get(index, 0.0) + weight * strength * float(rng.uniform(0, 0.3))
        if rng.random() < 0.45:  # a blink on its way, closing or opening, or lids that sink
            depth = float(rng.uniform(-0.5, 0.6)) * float(rng.uniform(0.1, 1.0))
            side = onset if depth < 0 else apex
            for index in shapes(self.head, "45"):
                side[index] = side.get(index, 0.0) + abs(depth)
        if rng.random() < 0.25:
            look = str(rng.choice(["eyeLookUp", "eyeLookDown"]))
            size = float(rng.uniform(0.1, 0.5))
            for side_name in ("_L", "_R"):
                if look + side_name in self.head.expression_names:
                    index = self.head.shape_index(look + side_name)
                    apex[index] = apex.get(index, 0.0) + size
        return onset, apex

    def _bent(self, base: NDArray[np.float32], weights: dict[int, float]) -> NDArray[np.float32]:
        chosen = list(weights)
        values = np.array([weights[i] for i in chosen], np.float32)
        return base + np.tensordot(values, self._expression[chosen], axes=1).astype(np.float32)

    def _flow(
        self,
        base: NDArray[np.float32],
        onset: dict[int, float],
        apex: dict[int, float],
        rng: np.random.Generator,
    ) -> Flows:
        """(GRID, GRID, 2) displacement in pixels of the crop, u to the right and v down."""
        angles = np.clip(rng.normal(0, (0.12, 0.10, 0.05)), -0.35, 0.35)
        moved = rng.normal(0, 1, 3) * 0.006 * float(rng.choice((0.0, 0.3, 1.0, 2.0)))
        shift = np.array((0, 0, -rng.uniform(45, 110)), np.float32)
        slide = (rng.normal(0, 1, 3) * 0.05 * float(rng.choice((0.0, 0.3, 1.0)))).astype(np.float32)
        lens = pinhole(900.0, (0.0, 0.0))
        before = project(self._bent(base, onset), rotation(*angles), shift, PIVOT, lens)
        after = project(
            self._bent(base, apex), rotation(*(angles + moved)), shift + slide, PIVOT, lens
        )
        crop = loose_crop(before[self.eyes].reshape(2, 2, 2).mean(axis=1), rng)
        place = before @ crop[:, :2].T + crop[:, 2]
        motion = (after - before) @ crop[:, :2].T
        return gather(place, motion, self.weight)


def front(head: Head) -> NDArray[np.float32]:
    """(N,) how much each vertex of the neutral head faces the camera: the z of its normal."""
    corners = head.neutral[head.triangles]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    total = np.zeros_like(head.neutral)
    for k in range(3):
        np.add.at(total, head.triangles[:, k], normal)
    length = np.linalg.norm(total, axis=1)
    return np.asarray(total[:, 2] / np.maximum(length, 1e-9), np.float32)


def loose_crop(eyes: NDArray[np.float32], rng: np.random.Generator) -> Flows:
    """(2, 3) map to a face crop: eye centres (2, 2) come to lie a little differently each time."""
    spacing, height = rng.uniform(0.40, 0.58), rng.uniform(0.14, 0.36)
    aspect = rng.uniform(0.85, 1.15)  # published crops are stretched to a square
    across = eyes[1] - eyes[0]
    scale = spacing * GRID / np.hypot(*across)
    tilt = np.arctan2(across[1], across[0]) + rng.normal(0, 0.03)
    cos, sin = np.cos(tilt), np.sin(tilt)
    matrix = scale * np.array([(cos, sin), (-sin * aspect, cos * aspect)])
    wanted = np.array((0.5 + rng.normal(0, 0.02), height)) * GRID
    return np.concatenate([matrix, (wanted - matrix @ eyes.mean(axis=0))[:, None]], 1).astype(
        np.float32
    )


def gather(place: Flows, motion: Flows, weight: Flows) -> Flows:
    """Displacements (N, 2) of points (N, 2) as a picture (GRID, GRID, 2), holes filled by blur."""
    cell = np.floor(place).astype(int)
    inside = ((cell >= 0) & (cell < GRID)).all(axis=1) & (weight > 0)
    at = cell[inside, 1] * GRID + cell[inside, 0]
    planes = [weight[inside], *(weight[inside, None] * motion[inside]).T]
    sums = np.stack(
        [np.bincount(at, plane, GRID * GRID).reshape(GRID, GRID) for plane in planes], -1
    ).astype(np.float32)
    near, far = cv2.GaussianBlur(sums, (0, 0), 0.8), cv2.GaussianBlur(sums, (0, 0), 2.5)
    total = near + 0.02 * far
    return np.asarray(total[..., 1:] / np.maximum(total[..., :1], 1e-4))


def estimate(flow: Flows, rng: np.random.Generator) -> Flows:
    """(GRID, GRID, 2) true → (28, 28, 3) as a flow method finds it, with strain."""

    def field(sigma: float) -> Flows:
        plane = cv2.GaussianBlur(
            rng.standard_normal((GRID, GRID)).astype(np.float32), (0, 0), sigma
        )
        return np.asarray(plane / max(float(plane.std()), 1e-6))

    seen = 1 / (1 + np.exp(-(1.2 + 1.3 * field(float(rng.uniform(1.0, 4.0))))))  # flat skin hides
    flow = flow * (1 - rng.uniform(0, 1) * (1 - seen[..., None]))
    flow = cv2.GaussianBlur(flow, (0, 0), float(np.exp(rng.uniform(np.log(0.4), np.log(2.5)))))
    strength = max(float(flow.std(axis=(0, 1)).max()), 1e-4)
    noise = np.stack([field(float(np.exp(rng.uniform(np.log(0.5), np.log(5))))) for _ in "uv"], -1)
    flow = flow + noise * strength * rng.uniform(0, 0.4) ** 1.5
    if rng.random() < 0.4:  # a few places where nothing matched
        for _ in range(int(rng.integers(1, 5))):
            y, x = rng.integers(0, GRID, 2)
            reach = int(rng.integers(1, 5))
            flow[y : y + reach, x : x + reach] += rng.normal(0, 3 * strength, 2)
    if rng.random() < 0.5:  # what lies beside the face does not move with it
        rim = int(rng.integers(1, 8))
        edge = [np.s_[:rim], np.s_[:, :rim], np.s_[:, -rim:], np.s_[-rim:]][int(rng.integers(4))]
        flow[edge] *= rng.uniform(-0.5, 0.5)
    small = cv2.resize(flow, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    ux, uy = np.gradient(small[..., 0], axis=1), np.gradient(small[..., 0], axis=0)
    vx, vy = np.gradient(small[..., 1], axis=1), np.gradient(small[..., 1], axis=0)
    strain = np.sqrt(ux**2 + vy**2 + 0.5 * (uy + vx) ** 2)
    return np.concatenate([small, strain[..., None]], axis=-1).astype(np.float32)
