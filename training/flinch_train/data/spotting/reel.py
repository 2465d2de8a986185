"""Simulated streams of one face's aligned crops, and the motion that the daemon reads off them.

A reel is some seconds of one person who talks, blinks, nods, and now and then has a
micro-expression; it goes straight from renderer to motion samples, and no picture is kept unless
clips are to be cut out of it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.sim.acts import Act
from flinch_train.data.sim.cast import Cast
from flinch_train.data.sim.criteria import by_criteria
from flinch_train.data.sim.crop import Shot
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.happenings import Flicker, Happenings, exposure_steps
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace, generator
from flinch_train.data.sim.schedule import write
from flinch_train.data.sim.sensor import Sensor
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from flinch_train.data.sim.types import U8
from flinch_train.data.spotting.region_motion import RegionMotion, session

SIZE = 112
EYE_DISTANCE = 0.36 * SIZE
SECONDS = 12.0
REELS_PER_PERSON = 2
RATES = (30, 60)  # frames a second: faster cameras look the same on the spotter's even grid
PER_MINUTE = 16.0  # micro-expressions: many more than in life, to learn from
QUIET = 0.15  # share of reels without any


@dataclass(frozen=True)
class Reel:
    """times: (T,) ms; samples: (T, 3 R + 4); events: (E, 3) onset, apex, offset of the
    micro-expressions; fps: nominal."""

    times: NDArray[np.float64]
    samples: NDArray[np.float32]
    events: NDArray[np.float64]
    fps: int


@dataclass(frozen=True)
class Take:
    """A reel with what it shows. acts: all of them; crops: (S, S, 3) BGR, one a sample."""

    reel: Reel
    acts: list[Act]
    person: int
    crops: list[U8]


class Reels:
    """Reels by number: the same (namespace, number) is the same reel."""

    def __init__(self, head: Head, namespace: Namespace, models: Path) -> None:
        self._namespace: Namespace = namespace
        self._cast = Cast(Stage(head, 256), namespace)
        self._habits = Habits(head, by_criteria(Stats.load()))
        self._graph = session(models)

    def reel(self, number: int) -> Reel:
        """Rendered, measured, labelled."""
        return self.take(number).reel

    def take(self, number: int) -> Take:
        """The same, with its pictures; every second reel is a lively conversation."""
        rng = generator(self._namespace, 7, number)
        actor = self._cast.actor(number // REELS_PER_PERSON)
        length = SECONDS * 1000
        rate = 0.0 if rng.random() < QUIET else PER_MINUTE
        script = write(self._habits, length, rate, rng, lively=number % 2 == 1)
        shot = Shot(actor, self._habits, SIZE, (0.0, length), rng, script.acts)
        sensor = Sensor.sample(rng)
        happenings = Happenings(
            Flicker(float(rng.choice((50, 60))), rng.uniform(0, 0.04))
            if rng.random() < 0.3
            else None,
            exposure_steps(length, rng) if rng.random() < 0.3 else [],
        )
        fps = int(rng.choice(RATES))
        times = np.arange(0, length, 1000 / fps)
        if rng.random() < 0.25:  # a camera that loses frames
            times = times[rng.random(len(times)) > rng.uniform(0.02, 0.2)]
        motion = RegionMotion(self._graph, SIZE, EYE_DISTANCE)
        samples, crops = [], []
        for time in times:
            light = shot.render(float(time))
            happenings.apply(light, float(time))
            picture = sensor.expose([light], SIZE, rng)[0]
            centre, apart = shot.place(float(time))
            bgr = np.ascontiguousarray(picture[:, :, ::-1])
            samples.append(motion.measure(bgr, float(time), centre, apart))
            crops.append(bgr)
        micros = [act for act in script.acts if act.kind == "micro_expression"]
        events = np.array([(a.onset, a.apex, a.offset) for a in micros], np.float64).reshape(-1, 3)
        reel = Reel(times, np.array(samples, np.float32), events, fps)
        return Take(reel, script.acts, actor.identity.number, crops)
