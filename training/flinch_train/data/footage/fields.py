"""Displacement fields: what a micro-expression does to the picture of one face.

A field is of one picture, in which the expression begins; ``at`` takes it to a later one, into
which the head has moved. Lengths are in pixels, y is down.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.data.clips.moved_faces import SIZE, in_crop
from flinch_train.data.datasets.face import eye_centres, eye_distance
from flinch_train.data.flow.measured import crop_of
from flinch_train.data.flow.real import Flows
from flinch_train.data.footage.head_fit import FittedHead, Reals
from flinch_train.data.sim.camera import align
from flinch_train.data.sim.head import Head

F32 = NDArray[np.float32]

_GRID = 24  # cells of the field to an eye distance
_NEAR, _WIDE = 0.7, 2.5  # cells: standard deviations over which vertices are averaged
_DOUBT = 0.02  # weight of those farther away
_INSIDE = 0.05  # vertices a cell, averaged widely, from which on there is face
_RIM = 0.15  # eye distances over which a field fades out at the edge of the face
_FARTHEST = 99.8  # percentile that counts as the farthest: single vertices do not


@dataclass(frozen=True)
class Box:
    """A part of a picture, in pixels; even, so that it covers whole pixels of colour."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Field:
    """displacement (h, w, 2) on a grid; ``place`` (2, 3) takes grid points to the picture's pixels.

    The farthest that the skin goes is 1; ``eyes`` is the distance between the eyes in pixels.
    """

    displacement: F32
    place: Reals
    eyes: float

    def at(self, motion: Reals, height: int, width: int, pixels: float) -> tuple[F32, Box] | None:
        """Displacements (h, w, 2) in a box of a picture of that size; None if none is seen.

        motion (2, 3): how the head has moved since the field's own picture; pixels: the farthest
        that the skin goes.
        """
        to_picture = _then(motion, self.place)
        rows, columns = self.displacement.shape[:2]
        corners = np.array([(0, 0), (columns, 0), (0, rows), (columns, rows)], np.float64)
        low, high = _bounds(_through(to_picture, corners), height, width)
        if (high <= low).any():
            return None
        shifted = to_picture.copy()
        shifted[:, 2] -= low
        across, down = (int(v) for v in high - low)
        spread = cv2.warpAffine(self.displacement, shifted, (across, down), flags=cv2.INTER_LINEAR)
        turned = spread @ (pixels * motion[:, :2] / _scale(motion)).T.astype(np.float32)
        return np.asarray(turned, np.float32), Box(int(low[0]), int(low[1]), across, down)


def of_units(
    head: Head, fitted: FittedHead, mesh: Reals, weights: dict[int, float]
) -> Field | None:
    """What shapes of the head, each by its weight, do to a face with these landmarks (468, 2).

    None where they move nothing that can be seen.
    """
    moved = np.zeros((len(fitted.numbers), 3))
    for index, weight in weights.items():
        moved += weight * head.expression[index, fitted.numbers]
    return _spread(fitted, moved @ fitted.camera.T, eye_distance(mesh))


def of_flow(flow: Flows, dataset: str, mesh: Reals) -> Field | None:
    """Measured flow (3, 28, 28) in standard form, on a face with these landmarks (468, 2)."""
    to_crop = align(eye_centres(mesh).astype(np.float32), float(SIZE)).astype(np.float64)
    place = np.asarray(cv2.invertAffineTransform(to_crop), np.float64)
    moved = cv2.GaussianBlur(in_crop(flow, crop_of(dataset)), (0, 0), 2.0)
    # from the crop's axes to the picture's
    turned = moved @ (place[:, :2] / _scale(place)).T.astype(np.float32)
    return _unit(np.asarray(turned, np.float32), place, eye_distance(mesh))


def _spread(fitted: FittedHead, moved: Reals, eyes: float) -> Field | None:
    cell = eyes / _GRID
    low = fitted.places.min(axis=0) - 2 * cell
    at = (fitted.places - low) / cell
    columns, rows = (int(v) + 3 for v in at.max(axis=0))
    total = np.zeros((rows, columns, 3), np.float64)  # movement, and how many vertices say it
    votes = np.column_stack([moved, np.ones(len(moved))])
    whole = np.floor(at).astype(np.int64)
    part = at - whole
    for right, down in ((0, 0), (1, 0), (0, 1), (1, 1)):
        share = np.abs(1 - right - part[:, 0]) * np.abs(1 - down - part[:, 1])
        np.add.at(total, (whole[:, 1] + down, whole[:, 0] + right), votes * share[:, None])
    near, wide = (cv2.GaussianBlur(total, (0, 0), sigma) for sigma in (_NEAR, _WIDE))
    mixed = near + _DOUBT * wide  # where vertices are few, those farther away speak
    field = (mixed[..., :2] / np.maximum(mixed[..., 2:], 1e-9)).astype(np.float32)
    inside = wide[..., 2] > _INSIDE
    # still at the rim, or the picture would tear
    border = cv2.copyMakeBorder(inside.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    away = cv2.distanceTransform(border, cv2.DIST_L2, 5)[1:-1, 1:-1]
    field *= np.clip((away - 1) / (_RIM * _GRID), 0, 1)[..., None]
    place = np.array([(cell, 0, low[0]), (0, cell, low[1])])
    return _unit(np.asarray(field, np.float32), place, eyes)


def _unit(field: F32, place: Reals, eyes: float) -> Field | None:
    farthest = float(np.percentile(np.hypot(field[..., 0], field[..., 1]), _FARTHEST))
    if farthest < 1e-6:
        return None
    return Field(field / np.float32(farthest), place, eyes)


def _then(second: Reals, first: Reals) -> Reals:
    """The affine (2, 3) that does the first, then the second."""
    linear = second[:, :2] @ first[:, :2]
    return np.column_stack([linear, second[:, :2] @ first[:, 2] + second[:, 2]])


def _through(matrix: Reals, points: Reals) -> Reals:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2])


def _scale(matrix: Reals) -> float:
    return float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))


def _bounds(points: Reals, height: int, width: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """An even box round points, inside of a picture."""
    low = np.maximum(np.floor(points.min(axis=0) / 2) * 2, 0)
    high = np.minimum(np.ceil(points.max(axis=0) / 2) * 2, (width // 2 * 2, height // 2 * 2))
    return low.astype(np.int64), high.astype(np.int64)
