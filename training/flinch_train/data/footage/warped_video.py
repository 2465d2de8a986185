"""Warps known expressions into a video of a real person: real skin, light and coding, known truth.

The field of an expression is made for the picture in which it begins and follows the head from
there. Everything else of the video stays as it is, to the bit.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flinch_train.data.datasets.face import FaceFinder, Mesh
from flinch_train.data.flow.real import RealFlow
from flinch_train.data.footage.clip import LosslessWriter, Picture, Planes, pictures
from flinch_train.data.footage.expressions import Expression, Expressions
from flinch_train.data.footage.fields import Field, of_flow, of_units
from flinch_train.data.footage.footage import Video
from flinch_train.data.footage.head_fit import HeadFitter, Reals
from flinch_train.data.footage.warp import warped
from flinch_train.data.sim.head import Head

# Points of the mesh that muscles hardly move: corners of the eyes, bridge of the nose, temples.
RIGID = np.array([33, 133, 362, 263, 168, 6, 197, 195, 127, 356, 234, 454, 151, 10])
TURNED = 35.0  # degrees: a face turned farther away shows half of an expression


@dataclass(frozen=True)
class Shown:
    """An expression as it is to be seen."""

    expression: Expression
    eyes: float  # pixels between them


class VideoWarper:
    """Warps expressions into videos."""

    def __init__(self, head: Head, models: Path, flow: RealFlow | None = None) -> None:
        self._fitter = HeadFitter(head)
        self._finder = FaceFinder(models)
        self._flow = flow
        self._expressions = Expressions(head, flow)

    def write(self, video: Video, seed: int, out: Path) -> list[Shown]:
        """Write ``out`` and, beside it, what is to be seen as NAME.json; give the same."""
        last_ms = (video.frames - 1) * 1000 / video.fps
        wanted = self._expressions.of(video.sha256, seed, last_ms)
        shown: list[Shown] = []
        with LosslessWriter(out, video.path) as writer:
            for picture, planes in self._pictures(video, wanted, shown):
                writer.write(planes, picture.pts)
        truth = truth_of(video, seed, shown)
        out.with_suffix(".json").write_text(json.dumps(truth, indent=1) + "\n")
        return shown

    def _pictures(
        self, video: Video, wanted: Iterator[Expression], shown: list[Shown]
    ) -> Iterator[tuple[Picture, Planes]]:
        coming = next(wanted, None)
        window: list[Picture] = []
        for picture in pictures(video.path):
            if coming is not None and picture.ms >= coming.move.offset:
                yield from self._warp(window, coming, shown)
                window, coming = [], next(wanted, None)
            if coming is not None and picture.ms >= coming.move.onset:
                window.append(picture)
            else:
                yield picture, picture.planes
        for picture in window:  # the video ended sooner than its index says
            yield picture, picture.planes

    def _warp(
        self, window: list[Picture], expression: Expression, shown: list[Shown]
    ) -> Iterator[tuple[Picture, Planes]]:
        """The pictures of an expression; as they are where no face shows enough of it."""
        meshes = [mesh for mesh in self._finder.follow([p.bgr() for p in window]) if mesh]
        field = self._field(meshes[0], expression) if len(meshes) == len(window) > 0 else None
        if field is None:
            yield from ((picture, picture.planes) for picture in window)
            return
        shown.append(Shown(expression, field.eyes))
        for picture, mesh in zip(window, meshes, strict=True):
            motion = rigid_motion(meshes[0].points[RIGID], mesh.points[RIGID])
            level = expression.move.level(picture.ms)
            pixels = level * expression.amplitude * field.eyes * _scale(motion)
            height, width = picture.planes[0].shape
            moved = field.at(motion, height, width, pixels)
            yield picture, warped(picture.planes, *moved) if moved else picture.planes

    def _field(self, mesh: Mesh, expression: Expression) -> Field | None:
        fitted = self._fitter.fit(mesh.points)
        if fitted.turn > TURNED:
            return None
        if self._flow is None or expression.row is None:
            return of_units(self._fitter.head, fitted, mesh.points, expression.move.weights)
        row = expression.row
        return of_flow(self._flow.flow[row], str(self._flow.dataset[row]), mesh.points)


def rigid_motion(before: Reals, after: Reals) -> Reals:
    """The similarity (2, 3) that takes points (K, 2) nearest to others, by least squares."""
    a, b = before.mean(axis=0), after.mean(axis=0)
    p, q = (before - a) @ (1, 1j), (after - b) @ (1, 1j)
    turn = np.vdot(p, q) / np.vdot(p, p).real
    linear = np.array([(turn.real, -turn.imag), (turn.imag, turn.real)])
    return np.column_stack([linear, b - linear @ a])


def _scale(motion: Reals) -> float:
    return float(np.hypot(motion[0, 0], motion[1, 0]))


def truth_of(video: Video, seed: int, shown: list[Shown]) -> dict[str, Any]:
    """What is to be seen, as the simulator writes it of its videos."""
    return {
        "sha256": video.sha256,
        "seed": seed,
        "fps": video.fps,
        "durationMs": round(video.seconds * 1000, 1),
        "events": [_event(one) for one in shown],
    }


def _event(shown: Shown) -> dict[str, Any]:
    expression, move = shown.expression, shown.expression.move
    return {
        "kind": "micro_expression",
        "face": 0,
        "onsetMs": round(move.onset, 1),
        "apexMs": round(move.apex, 1),
        "offsetMs": round(move.offset, 1),
        "emotion": expression.emotion,
        "valence": expression.valence,
        "actionUnits": move.units,
        "amplitude": round(expression.amplitude, 4),
        "eyeDistancePx": round(shown.eyes, 1),
        **({} if expression.row is None else {"flowRow": expression.row}),
    }
