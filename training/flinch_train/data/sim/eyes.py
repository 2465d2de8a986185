"""Eyeballs: the visible cap of a sphere, turned as a whole; the head's shapes move only lids."""

from dataclasses import dataclass

import numpy as np

from flinch_train.data.sim.canvas import Swatch, smooth, swatch_uv
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.iris import REACH
from flinch_train.data.sim.types import F32, I32

RINGS, SPOKES = 22, 36


@dataclass(frozen=True)
class Cap:
    """A unit sphere's cap about +z. directions: (K, 3); triangles: (T, 3); uv: (K, 2) in atlas."""

    directions: F32
    triangles: I32
    uv: F32


def cap() -> Cap:
    """The one cap that all eyes are made of."""
    angle = np.linspace(0, REACH * 0.98, RINGS, dtype=np.float32)[:, None]
    turn = np.arange(SPOKES, dtype=np.float32)[None] * np.float32(2 * np.pi / SPOKES)
    x, y = np.sin(angle) * np.cos(turn), np.sin(angle) * np.sin(turn)
    z = np.broadcast_to(np.cos(angle), x.shape)
    ring, spoke = np.mgrid[0 : RINGS - 1, 0:SPOKES]
    a, b = ring * SPOKES + spoke, ring * SPOKES + (spoke + 1) % SPOKES
    c, d = a + SPOKES, b + SPOKES
    triangles = np.stack([np.stack([a, c, d], -1), np.stack([a, d, b], -1)]).reshape(-1, 3)
    share = 0.5 + 0.5 * np.stack([angle * np.cos(turn), -angle * np.sin(turn)], axis=-1) / REACH
    uv = swatch_uv(Swatch.EYE, share).reshape(-1, 2)
    directions = np.stack([x, y, z], axis=-1).reshape(-1, 3)
    return Cap(directions.astype(np.float32), triangles.astype(np.int32), uv.astype(np.float32))


def sockets(head: Head, base: F32) -> tuple[F32, F32]:
    """Centres (2, 3) and radii (2,) of the right and the left eyeball of a shaped head (N, 3)."""
    centres, radii = [], []
    for start, end in (head.parts.right_eye, head.parts.left_eye):
        ball = base[start:end]
        centre = (ball.min(axis=0) + ball.max(axis=0)) / 2
        centres.append(centre)
        radii.append(np.linalg.norm(ball - centre, axis=1).mean())
    return np.array(centres, np.float32), np.array(radii, np.float32)


def lid_shade(head: Head, vertices: F32, ball: F32, side: int) -> F32:
    """(K,) light that the upper lid and its lashes leave to the ball (K, 3). side: right is 0."""
    lid = head.landmarks[list(((37, 38), (43, 44))[side])]
    upper = vertices[lid, 1].mean()
    return np.asarray(0.25 + 0.6 * smooth(upper - ball[:, 1], -0.05, 0.75), np.float32)


def turn_to(yaw: float, pitch: float) -> F32:
    """Rotation (3, 3) of a gaze: yaw to the person's left, pitch up, radians."""
    cy, sy, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    sideways = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    upwards = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    return (sideways @ upwards).astype(np.float32)
