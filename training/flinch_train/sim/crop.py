"""The daemon's view of a clip: an aligned face crop, rendered straight at its own size."""

import numpy as np

from flinch_train.sim.actor import Actor
from flinch_train.sim.acts import Act, State
from flinch_train.sim.camera import align, pinhole, project, rotation, sampled, through
from flinch_train.sim.canvas import blotches
from flinch_train.sim.habits import Habits
from flinch_train.sim.light import exposure, room
from flinch_train.sim.raster import SAMPLES, resolve
from flinch_train.sim.stage import PIVOT, Pose, Target
from flinch_train.sim.types import F32

_FOCUS = 900.0  # pixels; the crop cancels it, only the distance shapes the perspective
_DRIFT = 0.6 / 112  # how far a smoothed alignment wanders within a clip, share of the side


class Shot:
    """One person before one camera in one light, for the length of a clip."""

    def __init__(
        self, actor: Actor, habits: Habits, size: int, span: tuple[float, float],
        rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self._actor, self._size = actor, size
        self._lighting = room(rng)
        self._angles = np.clip(rng.normal(0, (0.20, 0.11, 0.05)), -0.45, 0.45)
        self._distance = float(rng.uniform(45, 110))
        self._look = rng.normal(0, (0.10, 0.06))  # where the eyes rest
        self._look -= 0.5 * self._angles[:2]  # and mostly on the camera
        self._sway = habits.sway(rng, calm=float(rng.uniform(0.3, 1.5)))
        side = float(size)
        self._zoom, self._tilt = rng.normal(1, 0.03), rng.normal(0, np.radians(1.5))
        self._offset = rng.normal(0, 0.012, 2) * side
        # A wandering alignment: half a slow sine and a slope, zero on average.
        self._span = span
        self._wander = rng.uniform(-1, 1, (3, 2))
        self._target = Target.empty(SAMPLES * size, SAMPLES * size)
        shade = np.exp(rng.normal(-1.6, 0.8)) * rng.normal(1, 0.08, 3)
        flat = np.ones((size, size), np.float32) + 0.3 * blotches(rng, (size, size), 3)
        self._backdrop = (np.clip(flat, 0.1, 3)[..., None] * shade).astype(np.float32)
        self._reach = exposure(self._lighting, actor.stage.visible, rotation(*self._angles))

    def render(self, time: float, acts: list[Act]) -> F32:
        """(size, size, 3) linear light at `time` ms."""
        state = State()
        self._sway.apply(time, state)
        for act in acts:
            act.apply(time, state)
        yaw, pitch, roll = self._angles + state.angles
        turn = rotation(yaw, pitch, roll)
        shift = np.array((0, 0, -self._distance), np.float32) + state.shift
        lens = pinhole(_FOCUS, (0.0, 0.0))
        # Corners of the eyes hardly move with the face, so the rigid head is what is aligned.
        eyes = self._actor.stage.head.eye_centres(self._actor.base)
        crop = align(project(eyes, turn, shift, PIVOT, lens), self._size)
        gaze = self._look + state.gaze
        pose = Pose(turn, shift, (float(gaze[0]), float(gaze[1])))
        self._target.clear()
        final = sampled(through(self._loose(time), through(crop, lens)))
        self._actor.draw(self._target, state.weights, pose, final, self._lighting, self._reach)
        picture = self._backdrop.copy()
        resolve(self._target.colour, self._target.depth, picture, 0, 0)
        return picture

    def _loose(self, time: float) -> F32:
        """(2, 3) error of the alignment at `time`: fixed for the clip, and a little drift."""
        part = (time - self._span[0]) / (self._span[1] - self._span[0]) - 0.5
        drift = self._wander @ np.array((part, 0.5 * np.sin(np.pi * part * 1.7)))
        side = self._size
        zoom = self._zoom * (1 + 0.004 * drift[2])
        cos, sin = zoom * np.cos(self._tilt), zoom * np.sin(self._tilt)
        matrix = np.array([(cos, -sin), (sin, cos)])
        middle = np.array((0.5, 0.45)) * side
        offset = middle - matrix @ middle + self._offset + drift[:2] * _DRIFT * side
        return np.concatenate([matrix, offset[:, None]], axis=1).astype(np.float32)
