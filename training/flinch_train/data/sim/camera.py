"""A pinhole camera, and the aligned crop that the daemon cuts from its picture."""

import numpy as np

from flinch_train.data.sim.raster import SAMPLES
from flinch_train.data.sim.types import F32

# Eye centres in the aligned crop, in shares of its side: the person's right eye, then the left.
CROP_EYES = np.array([(0.32, 0.36), (0.68, 0.36)], np.float32)


def rotation(yaw: float, pitch: float, roll: float) -> F32:
    """Head to room (3, 3): yaw to the person's left, pitch up (nose rises), roll; radians."""
    cy, sy = np.cos(yaw), np.sin(yaw)
    cp, sp = np.cos(pitch), np.sin(pitch)
    cr, sr = np.cos(roll), np.sin(roll)
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return (about_z @ about_y @ about_x).astype(np.float32)


def pinhole(focus: float, centre: tuple[float, float]) -> F32:
    """(2, 4) lens in pixels: x right, y down."""
    return np.array([(focus, 0, 0, centre[0]), (0, -focus, 0, centre[1])], np.float32)


def project(points: F32, turn: F32, shift: F32, pivot: F32, lens: F32) -> F32:
    """(K, 2) image points of (K, 3) head points, as `mesh.place` would put them."""
    room = (points - pivot) @ turn.T + shift
    flat = room[:, :2] / -room[:, 2:]
    return (flat @ lens[:, :2].T + lens[:, 3]).astype(np.float32)


def align(eyes: F32, side: float) -> F32:
    """(2, 3) similarity that takes the eye centres (2, 2) to their places in a crop."""
    wanted = CROP_EYES * np.float32(side)
    source, goal = eyes[1] - eyes[0], wanted[1] - wanted[0]
    a = np.dot(source, goal) / np.dot(source, source)
    b = (source[0] * goal[1] - source[1] * goal[0]) / np.dot(source, source)
    matrix = np.array([(a, -b), (b, a)], np.float32)
    offset = wanted.mean(axis=0) - matrix @ eyes.mean(axis=0)
    return np.concatenate([matrix, offset[:, None]], axis=1).astype(np.float32)


def through(matrix: F32, lens: F32) -> F32:
    """The lens that sees what an affine (2, 3) would make of the picture."""
    out = matrix[:, :2] @ lens
    out[:, 3] += matrix[:, 2]
    return np.ascontiguousarray(out, np.float32)


def sampled(lens: F32) -> F32:
    """A lens in pixels as a lens in samples."""
    return np.ascontiguousarray(lens * np.float32(SAMPLES), np.float32)
