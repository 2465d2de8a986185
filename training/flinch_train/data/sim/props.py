"""What a person wears: a torso in a shirt, long hair, glasses. Each is a small mesh of its own.

So is the hand that now and then comes to the face.
"""

from dataclasses import dataclass

import numpy as np

from flinch_train.data.sim.canvas import Swatch, blotches, smooth, swatch_uv
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Appearance
from flinch_train.data.sim.types import F32, I32, Real

_SIDES = 6  # of a tube
# Rings below the bust: how far down, how much wider (a shoulder is about 20 cm from the spine).
_RINGS = ((0.0, 1.0), (1.0, 1.2), (2.8, 1.42), (6.0, 1.53), (14.0, 1.56), (30.0, 1.6))


@dataclass(frozen=True)
class Prop:
    """vertices: (V, 3) in the head's frame; uv: (V, 2) in the atlas; stiff: (V,) as in `place`;
    openness: (V,) share of light that gets there; shine: (V,) times the scene's. follows: the
    skin's vertices that the first ones stand on."""

    vertices: F32
    triangles: I32
    uv: F32
    stiff: F32
    openness: F32
    shine: F32
    follows: I32 | None = None


def dress(head: Head, base: F32, edge: I32, looks: Appearance) -> list[Prop]:
    """Everything that a person of shape `base` (V, 3) wears. edge: the bust's `rim`."""
    worn = [torso(base[edge], edge)] if len(edge) else []
    if looks.hair_length is not None:
        worn.append(long_hair(looks, np.random.default_rng(looks.seed + 3)))
    if looks.glasses:
        worn.append(glasses(head.eye_centres(base), base[head.landmarks[27]], looks))
    return worn


def _grid(rows: int, columns: int, closed: bool) -> I32:
    """Triangles of a grid of vertices, row by row; `closed` joins the last column to the first."""
    row, column = np.mgrid[0 : rows - 1, 0 : columns if closed else columns - 1]
    right = (column + 1) % columns
    a, b = row * columns + column, row * columns + right
    c, d = a + columns, b + columns
    pairs = np.stack([np.stack([a, c, b], -1), np.stack([b, c, d], -1)])
    return pairs.reshape(-1, 3).astype(np.int32)


def _both_sides(triangles: I32) -> I32:
    return np.ascontiguousarray(np.concatenate([triangles, triangles[:, ::-1]]))


def rim(head: Head) -> I32:
    """The open edge of the bust, in order around it."""
    shell = head.triangles[(head.triangles < head.parts.shell[1]).all(axis=1)]
    edges = np.concatenate([shell[:, [0, 1]], shell[:, [1, 2]], shell[:, [2, 0]]])
    edges.sort(axis=1)
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    loose = np.unique(unique[counts == 1])
    points = head.neutral[loose]
    return loose[np.argsort(np.arctan2(points[:, 0], points[:, 2] + 1))].astype(np.int32)


def torso(edge: F32, follows: I32) -> Prop:
    """Shoulders and chest, from the bust's edge (K, 3) downwards."""
    rings = [
        edge * np.array((wide, 1, 0.5 + 0.5 * wide), np.float32) - np.array((0, down, 0))
        for down, wide in _RINGS
    ]
    vertices = np.concatenate(rings).astype(np.float32)
    share = np.clip(vertices[:, :2] / 60 + (0.5, 0.9), 0, 1)
    count = len(vertices)
    return Prop(
        vertices,
        _both_sides(_grid(len(rings), len(edge), True)),
        swatch_uv(Swatch.SHIRT, share),
        np.zeros(count, np.float32),
        np.full(count, 0.95, np.float32),
        np.full(count, 0.5, np.float32),
        follows,
    )


def long_hair(looks: Appearance, rng: np.random.Generator) -> Prop:
    """A curtain from one temple round the back to the other, down to `looks.hair_length`."""
    rows, columns = 26, 60
    height = np.linspace(11.5, looks.hair_length or 0.0, rows)[:, None]
    front = np.interp(-height, (-11.5, -9, -5, 0, 8), (0.45, 0.75, 1.1, 1.22, 1.3))
    turn = np.linspace(-1, 1, columns)[None] * (np.pi - front) + np.pi
    dome = np.sqrt(np.clip(1 - np.clip((height - 1.5) / 14.5, 0, 1) ** 2, 0.05, 1))
    flow = 1 + 0.08 * smooth(-height, 2, 12) * rng.uniform(-1, 1.5)
    waves = blotches(rng, (rows, columns), 5) * 0.015 + blotches(rng, (rows, columns), 16) * 0.012
    wide = dome * flow * (1 + waves)
    depth = 9.0 + 0.4 * looks.hair_depth
    x, z = depth * wide * np.sin(turn), (depth + 0.6) * wide * np.cos(turn) - 1.2
    ends = rng.normal(0, 0.25, columns) * np.linspace(0, 1, rows)[:, None] ** 4
    vertices = np.stack([x, height + ends, z], axis=-1).reshape(-1, 3)
    v, u = np.mgrid[0:1:26j, 0:1:60j]
    count = rows * columns
    return Prop(
        vertices.astype(np.float32),
        _both_sides(_grid(rows, columns, False)),
        swatch_uv(Swatch.HAIR, np.stack([u, v], axis=-1).reshape(-1, 2)),
        smooth(vertices[:, 1], -14, -3) * np.float32(0.7) + np.float32(0.3),
        np.full(count, 0.7, np.float32),
        np.full(count, 0.8, np.float32),
    )


def glasses(eyes: F32, bridge: F32, looks: Appearance) -> Prop:
    """Frames around the eye centres (2, 3), resting on the nose's bridge (3,)."""
    rng = np.random.default_rng(looks.seed + 2)
    wide, tall = rng.uniform(2.3, 2.75), rng.uniform(1.5, 2.2)
    square, thick = rng.uniform(0.5, 1.0), rng.uniform(0.07, 0.2)
    turn = np.linspace(0, 2 * np.pi, 41)
    tubes = []
    front = max(float(bridge[2]), float(eyes[:, 2].max()) + 1.6)

    def bent(x: Real, y: Real) -> Real:
        return np.stack([x, y, front - 0.035 * x**2], axis=1)

    for eye in eyes:
        x = eye[0] + wide * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** square
        y = eye[1] - 0.25 + tall * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** square
        tubes.append(_tube(bent(x, y), thick))
        side = np.sign(eye[0])
        hinge = bent(np.array([eye[0] + side * wide]), np.array([eye[1] + 0.4]))[0]
        ear = np.array((side * 7.9, eye[1] + 0.3, -0.5))
        tubes.append(_tube(np.linspace(hinge, ear, 12), thick))
    inner = np.linspace(eyes[0, 0] + wide, eyes[1, 0] - wide, 6)
    tubes.append(_tube(bent(inner, np.full(6, eyes[:, 1].mean() + 0.2)), thick))
    vertices, triangles = _joined(tubes)
    count = len(vertices)
    return Prop(
        vertices,
        _both_sides(triangles),
        swatch_uv(Swatch.FRAME, np.full((count, 2), 0.5)),
        np.ones(count, np.float32),
        np.full(count, 0.8, np.float32),
        np.full(count, 3.0, np.float32),
    )


# Finger by finger: across, and how far its tip lies below the longest one's (head units are cm).
_FINGERS = ((-2.7, 1.4), (-0.9, 0.2), (0.9, 0.0), (2.7, 0.7))
_FINGER, _PALM_TOP, _WRIST = 7.5, -7.0, -17.0


def hand() -> Prop:
    """An open hand, palm to the face; the origin is the tip of its longest finger."""
    pieces = []
    for across, below in _FINGERS:
        y = np.linspace(-below, -below - _FINGER - 1, 12)
        thick = 0.78 * np.sqrt(np.clip((-below - y + 0.02) / 0.9, 0, 1))  # round at the tip
        path = np.stack([across * (1 - 0.015 * y), y, 0.02 * (y + 5) ** 2 - 0.5], axis=1)
        pieces.append(_tube(path, thick))
    y = np.linspace(-7.0, -13.5, 10)
    thumb = np.stack([-5.6 + 0.05 * (y + 7) ** 2, y, np.full(10, -0.4)], axis=1)
    pieces.append(_tube(thumb, 0.95 * np.sqrt(np.clip((-7 - y + 0.02) / 1.2, 0, 1))))
    y = np.linspace(_PALM_TOP, _WRIST - 14.0, 14)
    wide = np.interp(-y, (7.0, 8.0, 13.0, 17.0, 31.0), (3.2, 4.1, 4.0, 2.9, 3.4))
    palm, faces = _tube(np.stack([0 * y, y, 0 * y], axis=1), wide)
    pieces.append((palm * np.array((1, 1, 0.4)), faces))
    vertices, triangles = _joined(pieces)
    share = np.clip(vertices[:, :2] / (14.0, -34.0) + (0.5, 0.02), 0, 1)
    count = len(vertices)
    return Prop(
        vertices,
        _both_sides(triangles),
        swatch_uv(Swatch.HAND, share),
        np.ones(count, np.float32),
        np.full(count, 0.75, np.float32),
        np.full(count, 0.7, np.float32),
    )


def _joined(pieces: list[tuple[Real, I32]]) -> tuple[F32, I32]:
    """One mesh of several."""
    starts = np.cumsum([0, *(len(points) for points, _ in pieces)])
    triangles = [faces + start for (_, faces), start in zip(pieces, starts, strict=False)]
    vertices = np.concatenate([points for points, _ in pieces])
    return vertices.astype(np.float32), np.concatenate(triangles).astype(np.int32)


def _tube(path: Real, radius: float | Real) -> tuple[Real, I32]:
    """About a path (P, 3); radius: one, or (P,)."""
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True) + 1e-9
    helper = np.where(np.abs(ahead[:, 2:]) < 0.9, (0.0, 0.0, 1.0), (0.0, 1.0, 0.0))
    side = np.cross(ahead, helper)
    side /= np.linalg.norm(side, axis=1, keepdims=True) + 1e-9
    up = np.cross(side, ahead)
    turn = np.arange(_SIDES) * (2 * np.pi / _SIDES)
    ring = side[:, None] * np.cos(turn)[:, None] + up[:, None] * np.sin(turn)[:, None]
    points = path[:, None] + np.reshape(radius, (-1, 1, 1)) * ring
    return points.reshape(-1, 3), _grid(len(path), _SIDES, True)
