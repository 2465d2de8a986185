"""What the shapes of one face move, as pictures of displacement seen from the front.

No light, no camera: the head's vertices, and how far each expression shifts them, are drawn into a
small grid around the eyes. Flow made of these costs about a millisecond, and rendered flow sixty.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Identity
from flinch_train.data.sim.raster import bake
from flinch_train.data.sim.types import F32

FINE = 14  # cells of the grid in one distance between the eyes
# The grid, in eye distances from the point between the eyes: x to the right, y down.
LEFT, TOP, RIGHT, BOTTOM = -1.25, -0.8, 1.25, 2.0
COLUMNS, ROWS = round((RIGHT - LEFT) * FINE), round((BOTTOM - TOP) * FINE)
Y, X = np.mgrid[:ROWS, :COLUMNS].astype(np.float32)  # cells
ACROSS, DOWN = (X + 0.5) / FINE + LEFT, (Y + 0.5) / FINE + TOP  # their middles, in eye distances
TURN = (0.15, 0.10, 0.03)  # standard deviations of yaw, pitch and roll, radians
FARTHEST = 0.4  # radians
FILL = 3.0  # cells over which what is hidden takes what is around it


@dataclass(frozen=True)
class Fields:
    """Of one face in one pose, on a grid of (H, W) cells.

    shift (E, H, W, 2): of a whole shape, in eye distances, x to the right and y down.
    depth (H, W): towards the camera, in eye distances, zero in the middle.
    open (H, W): 1 in the openings of the eyes, where no skin is.
    """

    shift: F32
    depth: F32
    open: F32

    @staticmethod
    def of(head: Head, person: Identity, rng: np.random.Generator) -> "Fields":
        """Draw a person's face, turned a little by chance."""
        begin, end = head.parts.face
        rest = np.zeros(len(head.expression_names), np.float32)
        for name, weight in person.rest.items():
            rest[head.shape_index(name)] = weight
        expression = head.expression[:, begin:end]
        shape = head.neutral[begin:end] + np.tensordot(person.shape, head.identity[:, begin:end], 1)
        shape = shape + np.tensordot(rest, expression, 1)
        turn = _turned(rng)
        seen = np.asarray(shape @ turn.T, np.float32)
        eyes = head.eye_centres(seen)
        unit = float(np.linalg.norm(eyes[1] - eyes[0]))
        seen = (seen - eyes.mean(axis=0)) / unit
        moved = expression @ (turn[:2] * np.array([[1], [-1]], np.float32) / unit).T
        values = np.concatenate(
            [moved.transpose(1, 0, 2).reshape(end - begin, -1), seen[:, 2:]], axis=1
        )
        drawn, hit = _drawn(head, seen, values.astype(np.float32))
        planes = drawn[..., :-1].reshape(ROWS, COLUMNS, -1, 2).transpose(2, 0, 1, 3)
        depth = drawn[..., -1] - drawn[..., -1].mean()
        return Fields(np.ascontiguousarray(planes), depth, _openings(hit))

    def moved(self, weights: dict[int, float]) -> F32:
        """(H, W, 2): where some shapes by their weights take the skin."""
        chosen = list(weights)
        amount = np.array([weights[k] for k in chosen], np.float32)
        return np.asarray(np.tensordot(amount, self.shift[chosen], 1), np.float32)


def _turned(rng: np.random.Generator) -> F32:
    """(3, 3): yaw, then pitch, then roll."""
    yaw, pitch, roll = np.clip(rng.normal(0, TURN), -FARTHEST, FARTHEST)
    axes = ((0, yaw, 0), (pitch, 0, 0), (0, 0, roll))
    matrix = np.eye(3)
    for axis in axes:
        matrix = cv2.Rodrigues(np.array(axis, np.float64))[0] @ matrix
    return matrix.astype(np.float32)


def _drawn(head: Head, seen: F32, values: F32) -> tuple[F32, F32]:
    """``values`` (V, C) of the face's vertices on the grid (H, W, C), and where skin is (H, W)."""
    triangles = head.triangles[(head.triangles < len(seen)).all(axis=1)]
    at = (seen[:, :2] * np.array([1, -1]) - np.array([LEFT, TOP])) * FINE
    corners = at[triangles]
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    facing = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0] < 0  # y is down
    near = seen[triangles, 2].mean(axis=1)
    order = np.argsort(near, kind="stable")
    order = order[facing[order]]
    out = np.zeros((ROWS, COLUMNS, values.shape[1]), np.float32)
    hit = np.zeros((ROWS, COLUMNS), np.float32)
    bake(corners[order].astype(np.float32), triangles[order], values, out, hit)
    spread = cv2.GaussianBlur(hit, (0, 0), FILL)
    around = cv2.GaussianBlur(out, (0, 0), FILL) / np.maximum(spread, 1e-3)[..., None]
    return np.where(hit[..., None] > 0, out, around).astype(np.float32), hit


def _openings(hit: F32) -> F32:
    """1 where no skin is near an eye."""
    near = (np.abs(np.abs(ACROSS) - 0.5) < 0.35) & (np.abs(DOWN) < 0.2)
    return ((hit == 0) & near).astype(np.float32)
