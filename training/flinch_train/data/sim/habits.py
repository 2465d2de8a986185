"""Random acts of a face that are no micro-expression, and the micro-expression itself."""

import numpy as np

from flinch_train.data.sim.action_units import blend, shapes
from flinch_train.data.sim.acts import Glance, Move, Nod, Run, Sway
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.stats import Stats

# Head units at apex: 0.10 is 1.6 % of the distance between the eyes, 0.40 is 6.4 %.
TRAVEL_MEDIAN, TRAVEL_SPREAD, TRAVEL_LIMITS = 0.20, 0.35, (0.10, 0.40)

_VISEMES = (
    {"jawOpen": 0.30, "mouthLowerDown": 0.2},
    {"jawOpen": 0.18, "mouthFunnel": 0.35},
    {"jawOpen": 0.12, "mouthPucker": 0.45},
    {"jawOpen": 0.14, "mouthStretch": 0.30, "mouthUpperUp": 0.15},
    {"mouthPress": 0.35, "mouthRollUpper": 0.15, "mouthRollLower": 0.2},
    {"jawOpen": 0.10, "mouthLowerDown": 0.35},
    {"jawOpen": 0.20, "mouthSmile": 0.15},
)


class Habits:
    """Samplers, all of (onset in ms, random numbers)."""

    def __init__(self, head: Head, stats: Stats) -> None:
        self.head, self.stats = head, stats
        self._lids = {
            "left": self.weights({"eyeLookOut_L": 1.4, "eyeLookIn_R": 1.4}),
            "right": self.weights({"eyeLookIn_L": 1.4, "eyeLookOut_R": 1.4}),
            "up": self.weights({"eyeLookUp": 1.7}),
            "down": self.weights({"eyeLookDown": 1.7}),
        }

    def weights(self, names: dict[str, float]) -> dict[int, float]:
        """Shapes by name, both sides of what has sides; what the head lacks is left out."""
        known = self.head.expression_names
        return {
            self.head.shape_index(name + suffix): weight
            for name, weight in names.items()
            for suffix in ("", "_L", "_R")
            if name + suffix in known
        }

    def micro(self, onset: float, emotion: str, rng: np.random.Generator) -> Move:
        weights: dict[int, float] = {}
        while not weights:  # a combination of which the head has nothing is drawn again
            tokens = self.stats.action_units(emotion, rng)
            travel = np.clip(TRAVEL_MEDIAN * np.exp(rng.normal(0, TRAVEL_SPREAD)), *TRAVEL_LIMITS)
            weights, units = blend(self.head, tokens, float(travel), rng)
        rise, fall = self.stats.timing(emotion, rng)
        return Move(
            "micro_expression", onset, onset + rise, onset + rise + fall, weights,
            emotion=emotion, units=units, sharpness=float(rng.uniform(0.8, 1.25)),
            hold=float(rng.uniform(0.0, 0.3)),
        )  # fmt: skip

    def macro(self, onset: float, rng: np.random.Generator) -> Move:
        tokens = [["6", "12"], ["12"], ["1", "2"], ["4", "7"], ["6", "12", "25"], ["15", "17"]]
        chosen = tokens[int(rng.choice(6, p=(0.35, 0.25, 0.12, 0.12, 0.1, 0.06)))]
        weights, units = blend(self.head, chosen, float(rng.uniform(0.5, 1.0)), rng)
        length, rise = rng.uniform(1500, 4000), rng.uniform(0.2, 0.4)
        return Move(
            "macro_expression", onset, onset + rise * length, onset + length, weights,
            units=units, hold=float(rng.uniform(0.2, 0.5)),
        )  # fmt: skip

    def blink(self, onset: float, rng: np.random.Generator, depth: float = 1.0) -> Move:
        close, reopen = rng.uniform(55, 105), rng.uniform(95, 195)
        closed = {i: depth * rng.uniform(0.92, 1.0) for i in shapes(self.head, "45")}
        # Brows and cheeks come along a little.
        along = self.weights({"browDown": 0.06, "eyeSquint": 0.10})
        closed.update({i: w * rng.uniform(0, 1.2) * depth for i, w in along.items()})
        apex = onset + close
        return Move("blink", onset, apex, apex + reopen, closed, units=["45"], hold=0.08)

    def glance(self, onset: float, rng: np.random.Generator) -> Glance:
        yaw, pitch = rng.normal(0, 0.20), rng.normal(-0.03, 0.11)
        size = float(np.hypot(yaw, pitch))
        jump = 25 + 140 * size  # the main sequence of saccades
        leave = onset + jump + rng.uniform(150, 1800)
        target = (float(np.clip(yaw, -0.45, 0.45)), float(np.clip(pitch, -0.25, 0.2)))
        return Glance(onset, onset + jump, leave, leave + jump, target, self._lids)

    def speech(self, onset: float, length: float, rng: np.random.Generator) -> Run:
        syllables: list[Move] = []
        time, rate = onset, rng.uniform(3, 6)
        while True:
            span = 1000 / rate * rng.uniform(0.7, 1.4)
            end = time + span * rng.uniform(1.0, 1.5)  # neighbours run into each other
            if end > onset + length and syllables:
                break
            viseme = _VISEMES[int(rng.integers(len(_VISEMES)))]
            loud = rng.uniform(0.35, 1.1)
            weights = {i: w * loud for i, w in self.weights(dict(viseme)).items()}
            if rng.random() < 0.12:  # brows stress a word
                weights |= self.weights({"browInnerUp": 0.2, "browOuterUp": 0.15})
            apex = time + (end - time) * rng.uniform(0.35, 0.6)
            syllables.append(Move("syllable", time, apex, end, weights))
            time += span
            if rng.random() < 0.08:
                time += rng.uniform(100, 350)
        return Run("speech", syllables)

    def swallow(self, onset: float, rng: np.random.Generator) -> Move:
        """Of saliva: 1.13 s, standard deviation 0.2 s, as measured on the necks of 126 adults
        ("Surface electromyographic study on swallowing in normal adults"); the muscle round the
        lips is active meanwhile (Gürgör et al. 2017, doi 10.24165/jns.9875.16)."""
        parts = {"mouthPress": 0.30, "mouthShrugLower": 0.22, "mouthClose": 0.04, "jawForward": 0.1}
        weights = {i: w * rng.uniform(0.5, 1.3) for i, w in self.weights(parts).items()}
        length = rng.uniform(780, 1480)
        pitch = (0.0, float(rng.uniform(-0.012, 0.004)), 0.0)
        return Move("swallow", onset, onset + length * 0.45, onset + length, weights, pitch)

    def nod(self, onset: float, rng: np.random.Generator) -> Nod:
        swings = float(rng.choice((1.0, 1.5, 2.0, 2.5)))
        length = swings * rng.uniform(330, 600)
        axis = int(rng.choice((0, 1), p=(0.25, 0.75)))
        return Nod(onset, onset + length, float(rng.uniform(0.02, 0.08)), swings, axis)

    def lean(self, onset: float, rng: np.random.Generator) -> Move:
        length = rng.uniform(1200, 3500)
        angles = tuple(float(a) for a in rng.normal(0, (0.06, 0.03, 0.04)))
        shift = tuple(float(s) for s in rng.normal(0, (0.9, 0.3, 1.2)))
        return Move(
            "sway", onset, onset + length * rng.uniform(0.35, 0.6), onset + length,
            angles=(angles[0], angles[1], angles[2]), shift=(shift[0], shift[1], shift[2]),
        )  # fmt: skip

    def sway(self, rng: np.random.Generator, calm: float = 1.0) -> Sway:
        rates = rng.uniform(0.04, 0.45, (6, 4)).astype(np.float32)
        scale = np.array((0.022, 0.014, 0.010, 0.22, 0.10, 0.25), np.float32)[:, None]
        sizes = scale * rng.uniform(0.3, 1.0, (6, 4)) * (0.12 / (rates + 0.08)) * calm
        breath = rng.uniform(0.2, 0.32)
        rates[[1, 4], 3] = breath
        sizes[[1, 4], 3] = (0.0025, 0.05)
        phases = rng.uniform(0, 2 * np.pi, (6, 4))
        return Sway(rates, sizes.astype(np.float32), phases.astype(np.float32))
