"""What lamps and camera do to a whole picture: flicker of the mains, steps of auto-exposure."""

from dataclasses import dataclass, field

import numpy as np

from flinch_train.data.sim.types import F32

_READOUT_MS = 12.0  # of a rolling shutter, first row to last


@dataclass(frozen=True)
class Flicker:
    """Light that follows the mains: twice its frequency (Hz); depth is what the shutter leaves of
    it, a share of the light."""

    mains: float
    depth: float

    def rows(self, time: float, height: int) -> F32:
        """(height, 1, 1) factors of one frame; a rolling shutter meets the lamp row by row."""
        when = time + np.linspace(0, _READOUT_MS, height)
        wave = 1 + self.depth * np.sin(2 * np.pi * 2 * self.mains * when / 1000)
        return wave.astype(np.float32)[:, None, None]


@dataclass(frozen=True)
class Step:
    """From `time` on the light counts `factor` times as much, after `lasts` ms of change."""

    time: float
    factor: float
    lasts: float

    def at(self, time: float) -> float:
        """Its factor at a moment."""
        share = np.clip((time - self.time) / max(self.lasts, 1e-3), 0, 1)
        return float(self.factor**share)


@dataclass(frozen=True)
class Happenings:
    """All of a video."""

    flicker: Flicker | None = None
    steps: list[Step] = field(default_factory=list)

    def apply(self, picture: F32, time: float) -> None:
        """Change a picture of linear light in place."""
        level = float(np.prod([step.at(time) for step in self.steps]))
        if level != 1:
            picture *= np.float32(level)
        if self.flicker is not None:
            picture *= self.flicker.rows(time, len(picture))


def exposure_steps(length: float, rng: np.random.Generator) -> list[Step]:
    """Some up, some down, never far from one: pairs, a minute apart on average."""
    steps: list[Step] = []
    time = rng.uniform(3000, 15000)
    while time < length:
        factor = float(np.exp(rng.choice((-1, 1)) * rng.uniform(0.08, 0.3)))
        lasts = float(rng.choice((0.0, 80.0, 300.0)))
        back = time + rng.uniform(2000, 8000)
        steps += [Step(time, factor, lasts), Step(back, 1 / factor, lasts)]
        time = back + rng.uniform(20000, 50000)
    return steps
