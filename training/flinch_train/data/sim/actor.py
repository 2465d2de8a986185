"""One person on a stage: shaped, painted, dressed, and drawn in a pose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from flinch_train.data.sim import mesh
from flinch_train.data.sim.eyes import lid_shade, sockets, turn_to
from flinch_train.data.sim.identity import Identity
from flinch_train.data.sim.light import Lighting, exposure, shade
from flinch_train.data.sim.paint import paint
from flinch_train.data.sim.props import Prop, dress, hand
from flinch_train.data.sim.raster import draw
from flinch_train.data.sim.scalp import grow, shine_of
from flinch_train.data.sim.stage import PIVOT, Pose, Stage, Target
from flinch_train.data.sim.types import F32, I32

_WET, _WET_TIGHT = 0.55, 260.0  # the shine of an eye


@dataclass(frozen=True)
class _Shot:
    """What does not change while one frame is drawn. lens: (2, 4) to samples."""

    target: Target
    pose: Pose
    lens: F32
    lighting: Lighting


class Actor:
    """base: (V, 3) own shape, hair and neutral; atlas: own paint."""

    def __init__(self, stage: Stage, identity: Identity) -> None:
        head, looks = stage.head, identity.looks
        self.stage, self.identity = stage, identity
        self.atlas = paint(head, stage.canvas, identity)
        modes = head.identity.reshape(len(head.identity), -1)
        whole = head.neutral + (identity.shape @ modes).reshape(-1, 3)
        self._eyes = sockets(head, whole)
        self.base: F32 = np.ascontiguousarray(whole[: head.parts.mouth[1]], np.float32)
        for name, weight in identity.rest.items():
            shape = head.expression[head.shape_index(name)]
            self.base += np.float32(weight) * shape[: len(self.base)]
        shell = head.parts.shell[1]
        unit = np.empty_like(self.base[:shell])
        mesh.normals(self.base[:shell], stage.shell_triangles, unit)
        self.base[:shell] += unit * grow(head, looks)[:, None]
        self._shine = shine_of(head, looks)
        self._props = dress(head, self.base, stage.rim, looks)
        self._hand = hand()

    def draw(
        self, target: Target, weights: Mapping[int, float], pose: Pose, lens: F32,
        lighting: Lighting, reach: tuple[F32, F32] | None = None,
    ) -> None:  # fmt: skip
        """Draw into `target`; lens: (2, 4) to samples. `reach` is `exposure(…)`, if known."""
        stage, shot = self.stage, _Shot(target, pose, lens, lighting)
        start, end = stage.head.parts.mouth
        is_open = stage.mouth_open(weights)
        vertices = stage.bend(self.base, weights, end if is_open else start)
        skin = vertices[:start]
        unit = np.empty_like(skin)
        mesh.normals(skin, stage.shell_triangles, unit)
        openness, share = reach or exposure(lighting, stage.visible, pose.turn)
        shine = np.float32(lighting.shine) * self._shine
        lit = self._lit(shot, skin, unit, openness, share, shine, lighting.tightness)
        stiff = stage.stiff[: len(vertices)]
        screen = self._placed(shot, vertices, stiff)
        self._draw(shot, screen, stage.shell_triangles, stage.uv, stage.shell_uv, lit)
        if is_open:
            inner = stage.throat[:, None] * lit[0].mean(axis=0)
            light = np.concatenate([lit[0], inner]).astype(np.float32)
            dull = light, np.zeros_like(light)
            self._draw(shot, screen, stage.mouth_triangles, stage.uv, stage.mouth_uv, dull)
        self._draw_eyes(shot, vertices)
        for prop in self._props:
            self._draw_prop(shot, prop, unit, openness, share)
        if pose.hand is not None:
            moved = replace(self._hand, vertices=self._hand.vertices + pose.hand)
            self._draw_prop(shot, moved, unit, openness, share)

    def _draw_prop(self, shot: _Shot, prop: Prop, skin: F32, openness: F32, share: F32) -> None:
        unit = np.empty_like(prop.vertices)
        mesh.normals(prop.vertices, prop.triangles[: len(prop.triangles) // 2], unit)
        lamps = np.repeat(prop.openness[:, None], share.shape[1], 1)
        sky = prop.openness
        if prop.follows is not None:  # grows out of the skin: no seam in the light
            unit[: len(prop.follows)] = skin[prop.follows]
            rings = len(unit) // len(prop.follows)
            sky = np.tile(openness[prop.follows], rings)
            lamps = np.tile(share[prop.follows], (rings, 1))
        shine = prop.shine * np.float32(shot.lighting.shine)
        lit = self._lit(shot, prop.vertices, unit, sky, lamps, shine, shot.lighting.tightness)
        screen = self._placed(shot, prop.vertices, prop.stiff)
        self._draw(shot, screen, prop.triangles, prop.uv, prop.triangles, lit)

    def _draw_eyes(self, shot: _Shot, vertices: F32) -> None:
        cap, lamps = self.stage.cap, len(shot.lighting.directions)
        unit = np.ascontiguousarray(cap.directions @ turn_to(*shot.pose.gaze).T)
        ones = np.ones(len(unit), np.float32)
        for side, (centre, radius) in enumerate(zip(*self._eyes, strict=True)):
            ball = np.ascontiguousarray(centre + unit * radius)
            sky = lid_shade(self.stage.head, vertices, ball, side)
            share = np.repeat(sky[:, None], lamps, 1)
            lit = self._lit(shot, ball, unit, sky, share, np.float32(_WET) * ones, _WET_TIGHT)
            screen = self._placed(shot, ball, ones)
            self._draw(shot, screen, cap.triangles, cap.uv, cap.triangles, lit)

    def _lit(
        self, shot: _Shot, vertices: F32, unit: F32, openness: F32, share: F32, shine: F32,
        tightness: float,
    ) -> tuple[F32, F32]:  # fmt: skip
        light, gloss = np.empty_like(vertices), np.empty_like(vertices)
        back, lighting = shot.pose.turn.T, shot.lighting
        camera = (PIVOT - back @ shot.pose.shift).astype(np.float32)
        shade(
            vertices, unit, openness, share, camera, lighting.sky, lighting.floor,
            np.ascontiguousarray(back[:, 1]), np.ascontiguousarray(lighting.directions @ back.T),
            lighting.colours, lighting.wrap, shine, tightness, light, gloss,
        )  # fmt: skip
        return light, gloss

    @staticmethod
    def _placed(shot: _Shot, vertices: F32, stiff: F32) -> F32:
        screen = np.empty_like(vertices)
        mesh.place(vertices, stiff, shot.pose.turn, shot.pose.shift, PIVOT, shot.lens, screen)
        return screen

    def _draw(
        self, shot: _Shot, screen: F32, triangles: I32, uv: F32, uv_triangles: I32,
        lit: tuple[F32, F32],
    ) -> None:  # fmt: skip
        colour, depth = shot.target.colour, shot.target.depth
        draw(screen, triangles, uv, uv_triangles, self.atlas, *lit, colour, depth)
