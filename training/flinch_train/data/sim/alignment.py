"""The daemon's alignment of a face over time: the twin of ``src/face/{one-euro,alignment}.ts``.

Eye centres as the face mesh finds them, smoothed by 1 € filters, held between fits. Training sees
crops that wander and lag as the daemon's do. A test holds both to the same numbers.
"""

import json
import math
from dataclasses import dataclass, field

import numpy as np

from flinch_train.data.sim.camera import align
from flinch_train.data.sim.types import F32

FIT_EVERY_MS = 30.0  # the daemon's default of face.landmarksEveryMs


@dataclass
class OneEuro:
    """The 1 € filter (Casiez, Roussel and Vogel 2012): rates in hertz, times in milliseconds."""

    rest: float  # cut-off at rest
    beta: float  # how much of the speed is added to it
    slope_rate: float = 1.0
    value: float | None = None
    slope: float = 0.0
    last: float = 0.0

    def filter(self, value: float, time: float) -> float:
        """The smoothed value at ``time``; the first is taken as it is."""
        if self.value is None:
            self.value, self.last = value, time
            return value
        seconds = max(1e-4, (time - self.last) / 1000)
        self.last = time
        self.slope += _share(self.slope_rate, seconds) * (
            (value - self.value) / seconds - self.slope
        )
        cut_off = self.rest + self.beta * abs(self.slope)
        self.value += _share(cut_off, seconds) * (value - self.value)
        return self.value


def _share(rate: float, seconds: float) -> float:
    return 1 / (1 + 1 / (2 * math.pi * rate) / seconds)


@dataclass
class Alignment:
    """Eye centres (2, 2) in pixels, left side of the image first → the crop's similarity (2, 3).

    Position, angle and scale are smoothed each on its own, positions in eye distances.
    """

    side: float
    x: OneEuro = field(default_factory=lambda: OneEuro(1.2, 6))
    y: OneEuro = field(default_factory=lambda: OneEuro(1.2, 6))
    angle: OneEuro = field(default_factory=lambda: OneEuro(0.8, 4))
    log_scale: OneEuro = field(default_factory=lambda: OneEuro(0.5, 3))
    unit: float | None = None

    def update(self, eyes: F32, time: float) -> F32:
        """What the eyes of one frame make of it."""
        (px, py), (qx, qy) = eyes.tolist()
        dx, dy = qx - px, qy - py
        distance = math.hypot(dx, dy)
        unit = self.unit = self.unit or distance
        cx = self.x.filter((px + qx) / 2 / unit, time) * unit
        cy = self.y.filter((py + qy) / 2 / unit, time) * unit
        angle = self.angle.filter(math.atan2(dy, dx), time)
        half = math.exp(self.log_scale.filter(math.log(distance), time)) / 2
        arm = np.array((math.cos(angle), math.sin(angle))) * half
        centre = np.array((cx, cy))
        return align(np.stack([centre - arm, centre + arm]).astype(np.float32), self.side)


@dataclass(frozen=True)
class MeshNoise:
    """How far the mesh's eyes are off, in eye distances (angle: radians; scale: its logarithm).

    From fit to fit by ``grain``, and slowly by ``drift``; measured on simulated video whose head
    hardly moves (frame-to-frame deviation of 0.0014 to 0.0019, a half of it white).
    """

    grain: float = 0.0008
    drift: float = 0.004
    drift_ms: float = 300.0

    def sample(self, times: list[float], rng: np.random.Generator) -> F32:
        """(K, 4): x, y, angle and logarithm of the scale at each of K times."""
        level = rng.normal(0, self.drift, 4)
        found, before = [], times[0]
        for time in times:
            kept = math.exp(-(time - before) / self.drift_ms)
            level = kept * level + math.sqrt(1 - kept * kept) * rng.normal(0, self.drift, 4)
            found.append(level + rng.normal(0, self.grain, 4))
            before = time
        return np.array(found, np.float32)


def disturbed(eyes: F32, noise: F32) -> F32:
    """Eye centres (2, 2), moved, turned and scaled by one row of ``MeshNoise.sample``."""
    centre, arm = eyes.mean(axis=0), (eyes[1] - eyes[0]) / 2
    x, y, angle, scale = noise.tolist()
    centre = centre + 2 * float(np.hypot(*arm)) * np.array((x, y))
    turn = math.exp(scale) * np.array(
        [(math.cos(angle), -math.sin(angle)), (math.sin(angle), math.cos(angle))]
    )
    arm = turn @ arm
    return np.stack([centre - arm, centre + arm]).astype(np.float32)


def twin_record(side: float = 112.0) -> dict[str, list]:
    """Eyes of a head that rests, turns and comes nearer, and the crops that they make."""
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.uniform(15, 45, 80)).tolist()
    eyes, crops, alignment = [], [], Alignment(side)
    for time, noise in zip(times, MeshNoise().sample(times, rng), strict=True):
        move = max(0.0, math.sin((time - 800) / 400)) if time > 800 else 0.0
        rest = np.array([(280 + 30 * move, 200 + 9 * move), (360 + 44 * move, 200 + 3 * move)])
        seen = disturbed(rest.astype(np.float32), noise)
        eyes.append(seen.tolist())
        crops.append(alignment.update(seen, time).tolist())
    return {"timesMs": times, "eyes": eyes, "crops": crops}


if __name__ == "__main__":
    print(json.dumps(twin_record()))
