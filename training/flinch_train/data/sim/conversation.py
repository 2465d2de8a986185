"""What people do while they talk and listen, beside the plain habits: what a spotter takes for a
micro-expression on real video, and what hides one.

Brows that flash and lips that press in the rhythm of speech, blinks that are slow or double, smiles
that last, laughter, a hand at the face.
"""

import numpy as np

from flinch_train.data.sim.action_units import blend
from flinch_train.data.sim.acts import Move, Run, Touch
from flinch_train.data.sim.habits import Habits

# Where a hand rests: across (either side), up, out of the face, head units; how long, ms (median).
# Kwok, Gralton and McLaws (2015, doi 10.1016/j.ajic.2014.10.015) saw the mouth touched for 2 s on
# average, nose and eyes for 1 s.
_PLACES = (
    ((1.0, -3.0, 12.0), 2000.0), ((0.8, 0.2, 14.0), 1000.0), ((4.2, 3.2, 10.0), 1000.0),
    ((1.5, -6.8, 11.5), 2500.0), ((5.5, 0.5, 9.5), 2000.0),
)  # fmt: skip
_BELOW = (0.0, -26.0, 6.0)  # from a resting place to where nobody sees it
_NOTE_MS = 210.0  # from one note of a laugh to the next (Provine and Yong 1991)
_STRESSES = (0.05, 0.35)  # syllables that the brows stress: least and most, by the talk
_PRESSES = 0.6  # phrases that end with pressed lips


class Conversation:
    """Samplers, all of (onset in ms, random numbers)."""

    def __init__(self, habits: Habits) -> None:
        self._habits = habits

    def slow_blink(self, onset: float, rng: np.random.Generator) -> Move:
        """Half a second to a second, of which the eye is closed for a while."""
        plain = self._habits.blink(onset, rng)
        close, reopen = rng.uniform(130, 280), rng.uniform(320, 750)
        apex = onset + close
        return Move(
            "blink", onset, apex, apex + reopen, plain.weights, units=["45"],
            hold=float(rng.uniform(0.1, 0.5)),
        )  # fmt: skip

    def double_blink(self, onset: float, rng: np.random.Generator) -> Run:
        """The second follows at once, and often does not close the eye."""
        first = self._habits.blink(onset, rng)
        again = first.offset + rng.uniform(-30, 120)
        second = self._habits.blink(again, rng, depth=float(rng.uniform(0.5, 1.0)))
        return Run("blink", [first, second], units=["45"])

    def smile(self, onset: float, rng: np.random.Generator) -> Move:
        """Comes fast, as a micro-expression would, and stays for seconds."""
        tokens = [["12"], ["6", "12"], ["12", "25"]][int(rng.integers(3))]
        weights, units = blend(self._habits.head, tokens, float(rng.uniform(0.15, 0.8)), rng)
        rise, fall, stay = rng.uniform(150, 500), rng.uniform(250, 900), rng.uniform(1200, 6000)
        return Move(
            "macro_expression", onset, onset + rise, onset + rise + stay + fall, weights,
            units=units, hold=float(stay / (stay + fall)),
        )  # fmt: skip

    def laugh(self, onset: float, rng: np.random.Generator) -> Run:
        """A smile under which jaw and head shake, note by note."""
        notes = int(rng.integers(3, 12))
        rise = rng.uniform(150, 350)
        length = rise + notes * _NOTE_MS + rng.uniform(500, 1800)
        weights, units = blend(self._habits.head, ["6", "12"], float(rng.uniform(0.5, 1.0)), rng)
        moves = [Move("smile", onset, onset + rise, onset + length, weights, hold=0.6)]
        jaw = self._habits.weights({"jawOpen": float(rng.uniform(0.05, 0.2))})
        nod = (0.0, float(rng.uniform(0.0, 0.02)), 0.0)
        for note in range(notes):
            begin = onset + rise + note * _NOTE_MS * rng.uniform(0.95, 1.05)
            moves.append(Move("note", begin, begin + 80, begin + _NOTE_MS, jaw, nod))
        return Run("laugh", moves, units=units)

    def speech(self, onset: float, length: float, rng: np.random.Generator) -> Run:
        """Talk whose stressed words lift or knit the brows, and that ends on pressed lips."""
        talk = self._habits.speech(onset, length, rng)
        moves, stressed = list(talk.moves), rng.uniform(*_STRESSES)
        moves += [self._stress(word, rng) for word in talk.moves if rng.random() < stressed]
        if rng.random() < _PRESSES:
            moves.append(self._press(talk.offset - rng.uniform(0, 120), rng))
        return Run("speech", moves)

    def _stress(self, word: Move, rng: np.random.Generator) -> Move:
        """A brow flash or a frown that goes with a word."""
        kinds = (
            {"browInnerUp": 0.7, "browOuterUp": 0.6}, {"browOuterUp": 0.7}, {"browInnerUp": 0.6},
            {"browDown": 0.5}, {"browDown": 0.3, "eyeSquint": 0.4}, {"noseSneer": 0.25},
        )  # fmt: skip
        chosen = kinds[int(rng.choice(len(kinds), p=(0.35, 0.15, 0.1, 0.2, 0.12, 0.08)))]
        size = float(np.exp(rng.normal(-0.6, 0.5)))
        weights = {i: min(w * size, 1.0) for i, w in self._habits.weights(chosen).items()}
        begin = word.onset - rng.uniform(0, 120)
        rise, fall = rng.uniform(80, 220), rng.uniform(130, 500)
        return Move("stress", begin, begin + rise, begin + rise + fall, weights,
                    hold=float(rng.uniform(0, 0.4)))  # fmt: skip

    def _press(self, onset: float, rng: np.random.Generator) -> Move:
        parts = {"mouthPress": 0.6, "mouthRollUpper": 0.25, "mouthRollLower": 0.3}
        size = rng.uniform(0.3, 1.0)
        weights = {i: w * size for i, w in self._habits.weights(parts).items()}
        rise, fall = rng.uniform(90, 220), rng.uniform(120, 600)
        return Move("press", onset, onset + rise, onset + rise + fall, weights,
                    hold=float(rng.uniform(0, 0.5)))  # fmt: skip

    def touch(self, onset: float, rng: np.random.Generator) -> Touch:
        """A hand that comes, rests at a place of the face, and goes."""
        (across, up, out), stays = _PLACES[int(rng.integers(len(_PLACES)))]
        side = float(rng.choice((-1, 1)))
        x, y, z = np.array((side * across, up, out)) + rng.normal(0, (0.5, 0.6, 0.2))
        come, go = rng.uniform(300, 700, 2)
        rest = float(np.clip(stays * np.exp(rng.normal(0, 0.6)), 300, 8000))
        arrival = onset + come
        return Touch(
            onset, arrival, arrival + rest, arrival + rest + go, (float(x), float(y), float(z)),
            (float(x) + side * 3, float(y) + _BELOW[1], float(z) + _BELOW[2]),
        )  # fmt: skip
