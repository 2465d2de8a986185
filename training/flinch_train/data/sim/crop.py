"""The daemon's view of a clip: an aligned face crop, rendered straight at its own size."""

from bisect import bisect_right
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.acts import Act, State
from flinch_train.data.sim.alignment import FIT_EVERY_MS, Alignment, MeshNoise, disturbed
from flinch_train.data.sim.camera import CROP_EYES, pinhole, project, rotation, sampled, through
from flinch_train.data.sim.canvas import blotches
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.light import exposure, room
from flinch_train.data.sim.moments import FRAME_RATES
from flinch_train.data.sim.raster import SAMPLES, resolve
from flinch_train.data.sim.stage import PIVOT, Pose, Target
from flinch_train.data.sim.types import F32

_FOCUS = 900.0  # pixels; the crop cancels it, only the distance shapes the perspective
_LENS = pinhole(_FOCUS, (0.0, 0.0))
_WARM_UP_MS = 900.0  # by when the filters have forgotten where they began


class Shot:
    """One person before one camera in one light, for the length of a clip."""

    def __init__(
        self, actor: Actor, habits: Habits, size: int, span: tuple[float, float],
        rng: np.random.Generator, acts: list[Act] | None = None,
    ) -> None:  # fmt: skip
        """``span``: from onset to offset in ms; ``acts``: all that the face does then."""
        self._actor, self._size, self._acts = actor, size, acts or []
        self._lighting = room(rng)
        self._angles = np.clip(rng.normal(0, (0.20, 0.11, 0.05)), -0.45, 0.45)
        self._distance = float(rng.uniform(45, 110))
        self._look = rng.normal(0, (0.10, 0.06))  # where the eyes rest
        self._look -= 0.5 * self._angles[:2]  # and mostly on the camera
        self._sway = habits.sway(rng, calm=float(rng.uniform(0.3, 1.5)))
        side = float(size)
        self._zoom, self._tilt = rng.normal(1, 0.03), rng.normal(0, np.radians(1.5))
        self._offset = rng.normal(0, 0.012, 2) * side
        self._target = Target.empty(SAMPLES * size, SAMPLES * size)
        shade = np.exp(rng.normal(-1.6, 0.8)) * rng.normal(1, 0.08, 3)
        flat = np.ones((size, size), np.float32) + 0.3 * blotches(rng, (size, size), 3)
        self._backdrop = (np.clip(flat, 0.1, 3)[..., None] * shade).astype(np.float32)
        self._reach = exposure(self._lighting, actor.stage.visible, rotation(*self._angles))
        self._fits = self._follow(span, rng)

    def render(self, time: float) -> F32:
        """(size, size, 3) linear light at `time` ms."""
        state = self._state(time)
        pose = self._pose(state)
        crop = self._crop(time)
        self._target.clear()
        final = sampled(through(self._loose(), through(crop, _LENS)))
        self._actor.draw(self._target, state.weights, pose, final, self._lighting, self._reach)
        picture = self._backdrop.copy()
        resolve(self._target.colour, self._target.depth, picture, 0, 0)
        return picture

    def place(self, time: float) -> tuple[NDArray[np.float64], float]:
        """Where the crop's centre lies in the frame (2,), and how far apart the eyes, in pixels."""
        matrix = self._crop(time).astype(np.float64)
        middle = np.full(2, self._size / 2)
        centre = np.linalg.solve(matrix[:, :2], middle - matrix[:, 2]).astype(np.float64)
        scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
        apart = float(CROP_EYES[1, 0] - CROP_EYES[0, 0]) * self._size
        return centre, apart / scale

    def _crop(self, time: float) -> F32:
        return self._fits[max(0, bisect_right(self._fits, time, key=itemgetter(0)) - 1)][1]

    def _state(self, time: float) -> State:
        state = State()
        self._sway.apply(time, state)
        for act in self._acts:
            act.apply(time, state)
        return state

    def _pose(self, state: State) -> Pose:
        shift = np.array((0, 0, -self._distance), np.float32) + state.shift
        gaze = self._look + state.gaze
        turn = rotation(*(float(a) for a in self._angles + state.angles))
        return Pose(turn, shift, (float(gaze[0]), float(gaze[1])), state.hand)

    def _follow(
        self, span: tuple[float, float], rng: np.random.Generator
    ) -> list[tuple[float, F32]]:
        """Times and crops (2, 3) of the daemon's fits, from some time before the clip."""
        frame = 1000 / float(rng.choice(FRAME_RATES))
        every = frame * np.ceil(FIT_EVERY_MS / frame)
        first = span[0] - _WARM_UP_MS - every * rng.random()
        times = np.arange(first, span[1] + every, every).tolist()
        # Corners of the eyes hardly move with the face, so the rigid head is what is aligned.
        eyes = self._actor.stage.head.eye_centres(self._actor.base)
        alignment = Alignment(self._size)
        fits = []
        for time, noise in zip(times, MeshNoise().sample(times, rng), strict=True):
            pose = self._pose(self._state(time))
            seen = project(eyes, pose.turn, pose.shift, PIVOT, _LENS)
            fits.append((time, alignment.update(disturbed(seen, noise), time)))
        return fits

    def _loose(self) -> F32:
        """(2, 3) by what the mesh is always off on this face."""
        cos, sin = self._zoom * np.cos(self._tilt), self._zoom * np.sin(self._tilt)
        matrix = np.array([(cos, -sin), (sin, cos)])
        middle = np.array((0.5, 0.45)) * self._size
        offset = middle - matrix @ middle + self._offset
        return np.concatenate([matrix, offset[:, None]], axis=1).astype(np.float32)
