"""A scene with one or more people, drawn frame by frame."""

from collections.abc import Iterator

import numpy as np

from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.acts import State
from flinch_train.data.sim.backdrop import backdrop
from flinch_train.data.sim.camera import pinhole, project, rotation, sampled
from flinch_train.data.sim.happenings import Happenings
from flinch_train.data.sim.light import room
from flinch_train.data.sim.places import STILL, Path
from flinch_train.data.sim.raster import SAMPLES, resolve
from flinch_train.data.sim.schedule import Script
from flinch_train.data.sim.sensor import finish
from flinch_train.data.sim.stage import PIVOT, Pose, Target
from flinch_train.data.sim.types import F32, U8

_FOCUS = 1.15  # of the picture's width: a field of view of 47°
_FACE = 17.5  # hairline to chin, head units
_NOISE_BANK = 1 << 22


class Film:
    """Renders the frames of a video. `scripts[n]` moves `actors[n]`, left to right.

    Where `paths` are given, `paths[n]` carries that actor through the room; `happenings` are what
    lamps and camera do.
    """

    def __init__(
        self, actors: list[Actor], scripts: list[Script], width: int, height: int,
        rng: np.random.Generator, paths: list[Path] | None = None,
        happenings: Happenings | None = None,
    ) -> None:  # fmt: skip
        self._actors, self._scripts = actors, scripts
        self._paths = paths or [STILL] * len(actors)
        self._happenings = happenings or Happenings()
        self._width, self._height = width, height
        self._lens = pinhole(_FOCUS * width, (width / 2, height / 2))
        self._lighting = room(rng)
        self._backdrop = backdrop(width, height, rng)
        self._target = Target.empty(SAMPLES * height, SAMPLES * width)
        self._rest = [self._seat(n, rng) for n in range(len(actors))]
        self._looks = [rng.normal(0, (0.05, 0.03)) for _ in actors]
        self._drift = rng.uniform((0.02, 0.0), (0.06, 6.3), (3, 2))  # Hz, phase
        self._noise = rng.standard_normal(_NOISE_BANK, np.float32)
        self._grain = rng.uniform(1.2, 2.6)
        self._rng = rng

    def _seat(self, place: int, rng: np.random.Generator) -> tuple[F32, F32]:
        """Angles and position of a head: its share of the picture, 150 to 220 pixels of face."""
        count = sum(path.seated for path in self._paths)
        place = min(place, count - 1)
        share = self._width / count
        tall = min(rng.uniform(170, 215) * self._height / 480, share * 0.62)
        distance = _FOCUS * self._width * _FACE / tall
        across = (share * (place + 0.5) + rng.uniform(-0.04, 0.04) * share) - self._width / 2
        x = across * distance / (_FOCUS * self._width)
        y = rng.uniform(-10.5, -8.5)
        facing = -0.6 * np.arctan2(x, distance)
        angles = np.array((facing + rng.normal(0, 0.07), rng.normal(0, 0.04), rng.normal(0, 0.02)))
        return angles.astype(np.float32), np.array((x, y, -distance), np.float32)

    def pose(self, face: int, time: float) -> tuple[Pose, State]:
        script = self._scripts[face]
        angles, shift = self._rest[face]
        state = State()
        script.sway.apply(time, state)
        for act in script.acts:
            if act.onset < time < act.offset:
                act.apply(time, state)
        yaw, pitch, roll = angles + state.angles
        gaze = self._looks[face] + state.gaze - 0.7 * (angles[:2] + state.angles[:2])
        turn = rotation(yaw, pitch, roll)
        distance = float(-shift[2])
        away = self._paths[face].shift(time, distance / _FOCUS, distance)
        return Pose(
            turn, shift + state.shift + away, (float(gaze[0]), float(gaze[1])), state.hand
        ), state

    def eyes(self, face: int, time: float) -> F32:
        """(2, 2) pixels: eye centres, left in the picture first; for checks of a detector."""
        pose, _ = self.pose(face, time)
        actor = self._actors[face]
        centres = actor.stage.head.eye_centres(actor.base)
        return project(centres, pose.turn, pose.shift, PIVOT, self._lens)

    def frame(self, time: float) -> U8:
        """(height, width, 3) RGB at `time` ms. Frames are drawn in order: noise is a stream."""
        self._target.clear()
        lens = sampled(self._lens)
        for face, actor in enumerate(self._actors):
            if not self._paths[face].present(time):
                continue
            pose, state = self.pose(face, time)
            actor.draw(self._target, state.weights, pose, lens, self._lighting)
        picture = self._backdrop.copy()
        resolve(self._target.colour, self._target.depth, picture, 0, 0)
        rates, phases = self._drift[:, 0], self._drift[:, 1]
        waves = np.sin(2 * np.pi * rates * time / 1000 + phases)
        level = 1 + 0.015 * waves.sum() + 0.001 * self._rng.standard_normal()
        self._happenings.apply(picture, time)
        start = int(self._rng.integers(_NOISE_BANK - picture.size))
        return finish(picture, float(level), self._noise[start:], float(self._grain))

    def frames(self, count: int, fps: float) -> Iterator[U8]:
        for n in range(count):
            yield self.frame(1000.0 * n / fps)
