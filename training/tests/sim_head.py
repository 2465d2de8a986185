"""A tiny head for tests: a dented ellipsoid with the landmarks and shapes that the simulator asks
for, so that nothing here needs the real head's file."""

import numpy as np

from flinch_train.data.sim.head import Head, Parts
from flinch_train.data.sim.identity import MODES
from flinch_train.data.sim.types import F32

_ROWS, _COLUMNS = 40, 56
_RADII = np.array((8.0, 13.0, 10.0))
# Landmarks of the right half (x < 0) where the real mean head has them, (number, x, y).
_MARKS = (
    (17, -5.8, 5.2), (18, -4.9, 6.0), (19, -3.8, 6.3), (20, -2.4, 6.2), (21, -1.2, 5.9),
    (36, -4.5, 3.4), (37, -3.9, 3.9), (38, -2.8, 3.9), (39, -1.8, 3.3), (40, -2.7, 3.1),
    (41, -3.9, 3.1), (48, -2.5, -3.5), (49, -1.7, -2.8), (59, -1.8, -4.1), (60, -2.2, -3.5),
)  # fmt: skip
_MIRROR = {
    17: 26, 18: 25, 19: 24, 20: 23, 21: 22, 36: 45, 37: 44, 38: 43, 39: 42, 40: 47, 41: 46,
    48: 54, 49: 53, 59: 55, 60: 64,
}  # fmt: skip
_CENTRE = ((27, 3.7), (51, -2.5), (57, -4.4), (62, -3.3), (8, -7.6))
_SHAPES = {  # where each shape pulls: x, y, and by how much
    "browInnerUp": (1.5, 6.0, 0.6), "browOuterUp": (4.5, 6.0, 0.8), "browDown": (2.5, 6.0, -0.6),
    "eyeWide": (3.2, 3.9, 0.4), "eyeBlink": (3.2, 3.9, -0.9), "eyeSquint": (3.2, 3.1, 0.4),
    "eyeLookUp": (3.2, 3.9, 0.3), "eyeLookDown": (3.2, 3.9, -0.5), "eyeLookIn": (3.0, 3.5, 0.2),
    "eyeLookOut": (3.4, 3.5, 0.2), "cheekSquint": (4.5, 1.0, 0.5), "cheekRaiser": (4.5, 1.5, 0.5),
    "noseSneer": (1.2, 0.0, 0.8), "mouthSmile": (2.6, -3.4, 1.2), "mouthDimple": (2.8, -3.5, 0.6),
    "mouthFrown": (2.5, -3.7, -0.6), "mouthPress": (1.5, -3.5, 0.4),
    "mouthUpperUp": (1.2, -2.7, 0.7), "mouthLowerDown": (1.2, -4.2, -0.5),
    "mouthStretch": (2.8, -4.0, -0.8),
}  # fmt: skip
_MIDDLE = {
    "jawOpen": (0.0, -7.0, -3.0), "mouthPucker": (0.0, -3.5, 0.8), "mouthFunnel": (0.0, -3.5, 0.9),
    "mouthShrugLower": (0.0, -5.0, 0.9), "mouthShrugUpper": (0.0, -2.6, 0.6),
    "mouthRollUpper": (0.0, -3.0, -0.6), "mouthRollLower": (0.0, -4.0, 0.6),
    "mouthClose": (0.0, -4.0, 1.0), "jawForward": (0.0, -7.0, 0.4), "cheekPuff": (0.0, -2.0, 0.7),
}  # fmt: skip


def tiny_head() -> Head:
    """Same fields, units and landmark places as the real one; about 4,000 vertices."""
    skin = _ellipsoid()
    balls = [
        np.array((x, 3.5, 7.4)) + 1.4 * _unit_sphere(8, 12).reshape(-1, 3) for x in (3.2, -3.2)
    ]
    mouth = np.array((0.0, -3.5, 5.0)) + 0.1 * _unit_sphere(2, 4).reshape(-1, 3)
    vertices = np.concatenate([skin, mouth, *balls]).astype(np.float32)
    shell, inner, ball = len(skin), len(mouth), len(balls[0])
    row, column = np.mgrid[0 : _ROWS - 1, 0:_COLUMNS]
    a, b = row * _COLUMNS + column, row * _COLUMNS + (column + 1) % _COLUMNS
    c, d = a + _COLUMNS, b + _COLUMNS
    triangles = np.concatenate([np.stack([a, c, d], -1), np.stack([a, d, b], -1)]).reshape(-1, 3)
    uv = np.stack(
        [
            np.tile(np.linspace(0, 1, _COLUMNS), _ROWS),
            np.repeat(np.linspace(0, 0.6, _ROWS), _COLUMNS),
        ],
        axis=1,
    )
    shapes = {
        **{f"{n}_{s}": (x * t, y, up) for n, (x, y, up) in _SHAPES.items()
           for s, t in (("L", 1), ("R", -1))},
        **_MIDDLE,
    }  # fmt: skip
    rng = np.random.default_rng(0)
    return Head(
        neutral=vertices,
        uv=uv.astype(np.float32),
        triangles=triangles.astype(np.int32),
        uv_triangles=triangles.astype(np.int32),
        expression=np.stack([_rise(vertices, *where, shell) for where in shapes.values()]),
        expression_names=tuple(shapes),
        identity=(rng.normal(0, 0.002, (MODES, *vertices.shape))).astype(np.float32),
        landmarks=_landmarks(vertices[:shell]),
        parts=Parts(
            face=(0, shell), skin=(0, shell), shell=(0, shell), mouth=(shell, shell + inner),
            teeth=(shell, shell + inner), left_eye=(shell + inner, shell + inner + ball),
            right_eye=(shell + inner + ball, shell + inner + 2 * ball),
        ),
    )  # fmt: skip


def _unit_sphere(rows: int, columns: int) -> F32:
    down = np.linspace(0.02, np.pi - 0.02, rows)[:, None]
    turn = np.linspace(0, 2 * np.pi, columns, endpoint=False)[None]
    x, z = np.sin(down) * np.sin(turn), np.sin(down) * np.cos(turn)
    y = np.broadcast_to(np.cos(down), x.shape)
    return np.stack([x, y, z], axis=-1).astype(np.float32)


def _ellipsoid() -> F32:
    return (_unit_sphere(_ROWS, _COLUMNS).reshape(-1, 3) * _RADII + (0, 1, 0)).astype(np.float32)


def _rise(vertices: F32, x: float, y: float, up: float, shell: int) -> F32:
    near = np.exp(-((vertices[:, 0] - x) ** 2 + (vertices[:, 1] - y) ** 2) / 1.5)
    near[(vertices[:, 2] < 0) | (np.arange(len(vertices)) >= shell)] = 0
    return (near[:, None] * np.array((0.1, up, 0.05))).astype(np.float32)


def _landmarks(skin: F32) -> np.ndarray:
    wanted = {n: (x, y) for n, x, y in _MARKS} | {_MIRROR[n]: (-x, y) for n, x, y in _MARKS}
    wanted |= {n: (0.0, y) for n, y in _CENTRE}
    marks = np.zeros(68, np.int32)
    for number, (x, y) in wanted.items():
        distance = (skin[:, 0] - x) ** 2 + (skin[:, 1] - y) ** 2 + 1e3 * (skin[:, 2] < 0)
        marks[number] = distance.argmin()
    return marks
