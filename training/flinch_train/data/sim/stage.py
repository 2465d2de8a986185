"""What all people of a scene share: the bare mesh, its shadows, the canvas; a pose; a target."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flinch_train.data.sim import mesh
from flinch_train.data.sim.canvas import TILES, Canvas, Swatch, smooth, swatch_uv
from flinch_train.data.sim.eyes import Cap, cap
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.occlusion import visibility
from flinch_train.data.sim.props import rim
from flinch_train.data.sim.types import F32

PIVOT = np.array((0.0, -7.0, -1.5), np.float32)  # where a skull sits on its spine


@dataclass(frozen=True)
class Pose:
    """turn: (3, 3) of the head; shift: (3,) of the pivot in the room; gaze: yaw, pitch (rad); hand:
    (3,) of its fingertips, head units, where one is before the face."""

    turn: F32
    shift: F32
    gaze: tuple[float, float] = (0.0, 0.0)
    hand: F32 | None = None


@dataclass(frozen=True)
class Target:
    """Sample buffers that a frame is drawn into."""

    colour: F32
    depth: F32

    @staticmethod
    def empty(height: int, width: int) -> "Target":
        return Target(
            np.zeros((height, width, 3), np.float32), np.full((height, width), np.inf, np.float32)
        )

    def clear(self) -> None:
        self.depth.fill(np.inf)


class Stage:
    """What no person changes: triangles, texture coordinates, shadows, the canvas."""

    def __init__(self, head: Head, texture_size: int) -> None:
        parts = head.parts
        self.head = head
        self.canvas = Canvas.of(head, texture_size)
        self.visible = visibility(head)
        self.shapes = np.ascontiguousarray(head.expression[:, : parts.mouth[1]])
        shell = (head.triangles < parts.shell[1]).all(axis=1)
        self.shell_triangles = np.ascontiguousarray(head.triangles[shell])
        self.shell_uv = np.ascontiguousarray(head.uv_triangles[shell])
        start, end = parts.mouth
        mouth = ((head.triangles >= start) & (head.triangles < end)).all(axis=1)
        self.mouth_triangles = np.ascontiguousarray(head.triangles[mouth])
        teeth = self.mouth_triangles[:, 0] >= parts.teeth[0]
        middle = np.array((0.5, 0.5))
        spots = np.stack([swatch_uv(s, middle) for s in (Swatch.GUMS, Swatch.TEETH)])
        self.uv = np.concatenate([head.uv / np.array((TILES, 1), np.float32), spots])
        spot = len(head.uv) + teeth[:, None].astype(np.int32)
        self.mouth_uv = np.ascontiguousarray(np.repeat(spot, 3, 1), np.int32)
        self.rim = rim(head)
        self.cap: Cap = cap()
        rest = head.neutral[: parts.mouth[1]]
        self.stiff = smooth(rest[:, 1], -16.0, -9.0)
        # Light falls off towards the throat, whatever the lips do.
        self.throat = smooth(rest[start:end, 2], 3.0, 10.5) * np.float32(0.75)

    def bend(self, base: F32, weights: Mapping[int, float], rows: int) -> F32:
        chosen = np.array([index for index, weight in weights.items() if weight], np.int32)
        values = np.array([weight for weight in weights.values() if weight], np.float32)
        out = np.empty((rows, 3), np.float32)
        mesh.bend(base, self.shapes, chosen, values, out)
        return out

    def mouth_open(self, weights: Mapping[int, float]) -> bool:
        """Whether teeth may show; behind closed lips they are not worth drawing."""
        opens = ("jawOpen", "mouthLowerDown", "mouthUpperUp", "mouthFunnel", "mouthSmile")
        names = self.head.expression_names
        return any(w > 0.02 and names[i].startswith(opens) for i, w in weights.items())
