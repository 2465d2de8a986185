"""How every region of one face moves: the twin of ``src/spotting/region-motion.ts``.

Training sees the very signal that the daemon's spotter sees. A test holds both to the same numbers.
Letters in shapes: R regions.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from flinch_train.data.sim.types import U8
from flinch_train.data.spotting.regions import REGIONS, SIDE

Reals = NDArray[np.float64]

AFFINE, CHANGE = 6, 6
GX, GY = 0, 3
REFERENCE_MS, REFERENCE_PX = 600.0, 0.8
BLINKING_CHANGE, REFERENCE_LATEST_MS = 0.5, 1000.0
RIDGE_AFFINE, RIDGE_REGION = 1e-4, 4e-4
EYES = [i for i, region in enumerate(REGIONS) if region.name.startswith("eye_")]
VALUES = 3 * len(REGIONS) + 4  # displacement x, y of each region; change of each; head


def session(models: Path, file: str = "motion.onnx") -> ort.InferenceSession:
    """The motion graph, or another of the models folder, on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(str(models / file), options)


@dataclass
class RegionMotion:
    """Takes the crops of one face in turn."""

    graph: ort.InferenceSession
    size: int  # of the crop, pixels
    eye_distance: float  # in the crop, pixels

    def __post_init__(self) -> None:
        count = len(REGIONS)
        self._reference: NDArray[np.float32] | None = None
        self._reference_ms = 0.0
        self._base = np.zeros((count, 2))
        self._base_head = np.zeros(4)
        self._followed = np.zeros(2)
        self._centre: Reals | None = None
        self._eyes = EYES

    def measure(self, crop: U8, time: float, centre: Reals, eye_distance: float) -> Reals:
        """(3 R + 4,): displacements x0, y0, x1, … (thousandths of the eye distance), changes, head.

        crop: (size, size, 3) BGR; centre (2,) of the crop and distance of the eyes in the frame's
        pixels.
        """
        last = centre if self._centre is None else self._centre
        self._followed += (centre - last) / eye_distance * 1000
        self._centre = centre
        blank = np.zeros((1, 1, SIDE, SIDE), np.float32)
        reference = blank if self._reference is None else self._reference
        gram, plane = self.graph.run(
            ["gram", "plane"], {"reference": reference, "current": crop[None]}
        )
        if self._reference is None:
            self._reference, self._reference_ms = plane, time
            return np.zeros(VALUES)
        moved, change, affine = self._solve(gram.astype(np.float64))
        half, unit = self.size / 2, 1000 / self.eye_distance
        in_crop = self._base_head + np.array(
            (
                affine[0] * unit,
                affine[3] * unit,
                (affine[4] - affine[2]) / 2 / half * 1000,
                (affine[1] + affine[5]) / 2 / half * 1000,
            )
        )
        displacement = self._base + moved * unit
        if self._due(time, affine, change):
            self._base, self._base_head = displacement, in_crop
            self._reference, self._reference_ms = plane, time
        head = in_crop.copy()
        head[:2] += self._followed
        return np.concatenate([displacement.ravel(), change, head])

    def _solve(self, gram: Reals) -> tuple[Reals, Reals, Reals]:
        stable = gram[:, :, -1]
        a = stable[:AFFINE, :AFFINE]
        stiff = _lower(a) + RIDGE_AFFINE * np.eye(AFFINE)
        affine: Reals = np.linalg.solve(stiff, -stable[:AFFINE, CHANGE]).astype(np.float64)
        regions = gram[:, :, :-1]  # (7, 7, R)
        left = regions[:, CHANGE] + np.einsum("tkr,k->tr", regions[:, :AFFINE], affine)  # (7, R)
        xx, xy, yy = regions[GX, GX], regions[GX, GY], regions[GY, GY]
        xx, yy = xx + RIDGE_REGION, yy + RIDGE_REGION
        determinant = xx * yy - xy * xy
        bx, by = -left[GX], -left[GY]
        moved = np.stack([(yy * bx - xy * by), (xx * by - xy * bx)], axis=1) / determinant[:, None]
        energy = left[CHANGE] + np.einsum("k,kr->r", affine, left[:AFFINE])
        return moved, np.sqrt(np.maximum(0, energy)), affine

    def _due(self, time: float, affine: Reals, change: Reals) -> bool:
        age = time - self._reference_ms
        if np.hypot(affine[0], affine[3]) > REFERENCE_PX:
            return True
        if age < REFERENCE_MS:
            return False
        return not (change[self._eyes] > BLINKING_CHANGE).any() or age > REFERENCE_LATEST_MS


def _lower(a: Reals) -> Reals:
    """The symmetric matrix of a lower half."""
    lower = np.tril(a)
    return np.asarray(lower + np.tril(a, -1).T)
