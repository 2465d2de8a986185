"""The simulated head laid over a real face: where each of its vertices lies in the picture.

The morphable head is fitted to the face mesh's landmarks by a scaled orthographic camera, identity
and expression; what is left is bent away, so that brows, lids, nose wings and lips lie where this
person's are. Only then do the head's action units move the right skin.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from flinch_train.data.datasets.face import eye_distance
from flinch_train.data.sim.head import Head

Reals = NDArray[np.float64]

# Points of MediaPipe's face mesh that lie where iBUG's landmarks 17 to 67 do.
MESH = np.array(
    """70 63 105 66 107 336 296 334 293 300 168 197 5 4 98 97 2 326 327
    33 160 158 133 153 144 362 385 387 263 373 380
    61 39 37 0 267 269 291 405 314 17 84 181 78 82 13 312 308 317 14 87""".split(),
    np.int64,
)
FIRST = 17  # of iBUG's landmarks: those of the jaw slide along it as the head turns

_MODES = 40  # of identity
_NOISE = 0.02  # how far landmarks are off, in eye distances
_ROUNDS = 6
_FRONT = 0.1  # least cosine between a vertex' normal and the line of sight
_SMOOTHING = 1e-3


@dataclass(frozen=True)
class FittedHead:
    """The head over one face of one picture.

    places (K, 2): pixels of the vertices that can be seen, numbers (K,). ``camera`` (2, 3) takes
    movements in head units to pixels. ``error``: median distance to the landmarks before bending,
    in eye distances; ``turn``: how far the head looks away from the camera, degrees.
    """

    places: Reals
    numbers: NDArray[np.int64]
    camera: Reals
    error: float
    turn: float


class HeadFitter:
    """Fits one head to many faces."""

    def __init__(self, head: Head) -> None:
        self.head = head
        corners = head.landmarks[FIRST:]
        self._rest = head.neutral[corners].astype(np.float64)
        shapes = np.concatenate([head.identity[:_MODES, corners], head.expression[:, corners]])
        self._shapes = shapes.astype(np.float64)  # (S, 51, 3)
        start, end = head.parts.face
        self._face = head.neutral[start:end].astype(np.float64)
        self._face_shapes = np.concatenate(
            [head.identity[:_MODES, start:end], head.expression[:, start:end]]
        )
        inside = (head.triangles < end).all(axis=1)
        self._triangles = head.triangles[inside]
        # an expression is half of its shape now and then, an identity mode has variance 1
        self._spread = np.concatenate([np.ones(_MODES), np.full(len(head.expression), 0.4)])

    def fit(self, mesh: Reals) -> FittedHead:
        """mesh (468, 2): landmarks in pixels, y down."""
        seen = mesh[MESH] * (1, -1)
        eyes = eye_distance(mesh)
        weights: Reals = np.zeros(len(self._shapes))
        for _ in range(_ROUNDS):
            shape = self._rest + np.tensordot(weights, self._shapes, 1)
            camera, shift = _orthographic(shape, seen)
            left = seen - shift - self._rest @ camera.T
            moved = (self._shapes @ camera.T).reshape(len(self._shapes), -1) / (_NOISE * eyes)
            square = moved @ moved.T + np.diag(1 / self._spread**2)
            solved = np.linalg.solve(square, moved @ (left.ravel() / (_NOISE * eyes)))
            weights = np.asarray(np.clip(solved, -3, 3), np.float64)
        shape = self._rest + np.tensordot(weights, self._shapes, 1)
        away = seen - shift - shape @ camera.T
        face = self._face + np.tensordot(weights.astype(np.float32), self._face_shapes, 1)
        front = self._facing(face, camera)
        flat = face[front] @ camera.T + shift
        bend = RBFInterpolator(
            (shape @ camera.T + shift) / eyes, away / eyes, smoothing=_SMOOTHING, degree=1
        )
        places = (flat + eyes * bend(flat / eyes)) * (1, -1)
        error = float(np.median(np.hypot(*away.T))) / eyes
        sight = np.cross(camera[0], camera[1])
        turn = float(np.degrees(np.arccos(np.clip(sight[2] / np.linalg.norm(sight), -1, 1))))
        return FittedHead(places, np.flatnonzero(front), camera * [[1], [-1]], error, turn)

    def _facing(self, face: Reals, camera: Reals) -> NDArray[np.bool_]:
        """(V,) whether a vertex of the face looks at the camera."""
        a, b, c = (face[self._triangles[:, k]] for k in range(3))
        normal = np.cross(b - a, c - a)
        total = np.zeros_like(face)
        for k in range(3):
            np.add.at(total, self._triangles[:, k], normal)
        sight = np.cross(camera[0], camera[1])
        length = np.linalg.norm(total, axis=1) * np.linalg.norm(sight)
        return np.asarray(total @ sight / np.maximum(length, 1e-12) > _FRONT)


def _orthographic(shape: Reals, seen: Reals) -> tuple[Reals, Reals]:
    """Scaled orthographic camera (2, 3) and shift (2,) that take points (K, 3) to (K, 2)."""
    middle, centre = shape.mean(axis=0), seen.mean(axis=0)
    free = np.linalg.lstsq(shape - middle, seen - centre, rcond=None)[0].T
    # the nearest camera whose two axes are as long as each other and at right angles
    u, sizes, v = np.linalg.svd(free, full_matrices=False)
    camera = sizes.mean() * u @ v
    return camera, centre - camera @ middle
