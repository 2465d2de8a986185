"""What HSTA says: classes, valences and action units, each in the order of its outputs."""

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Valence = Literal["negative", "positive", "surprise"]

Emotion = Literal["others", "disgust", "surprise", "fear", "anger", "sad", "happy"]

EmotionName = Literal["others", "disgust", "surprise", "fear", "anger", "sad", "happy"]

LABELS: Final = ("others", "disgust", "surprise", "fear", "anger", "sad", "happy", "none")

# "others" has no valence of its own, and "none" is no expression at all.
VALENCE: Final[dict[str, Valence | None]] = {
    "others": None,
    "disgust": "negative",
    "surprise": "surprise",
    "fear": "negative",
    "anger": "negative",
    "sad": "negative",
    "happy": "positive",
    "none": None,
}

VALENCES: Final = ("negative", "positive", "surprise")

# FACS numbers of the action units that the third head names: those that occur in at least six of
# CAS(ME)³'s 860 clips and that the simulated head can show.
ACTION_UNITS: Final = (
    "1", "2", "4", "5", "6", "7", "9", "10", "12", "14", "15", "16", "17", "18", "24", "25",
)  # fmt: skip


def valence_of(label: int) -> int:
    """Place in ``VALENCES`` of a place in ``LABELS``; -1 for those without one."""
    valence = VALENCE[LABELS[label]] if label >= 0 else None
    return VALENCES.index(valence) if valence else -1


UNITS_UNKNOWN: Final = [-1] * len(ACTION_UNITS)
# Action units take part in these that are no micro-expression's: nothing is said of them.
_MOVE_UNITS: Final = ("macro_expression", "laugh", "speech", "swallow")


def units_shown(kind: str, tokens: list[str]) -> list[int]:
    """``unit_row`` of what a clip is about; unknown where it is something else that moves them."""
    return UNITS_UNKNOWN if kind in _MOVE_UNITS else unit_row(tokens)


def unit_row(tokens: list[str]) -> list[int]:
    """0 or 1 for each of ``ACTION_UNITS``; tokens are FACS numbers, a side before (L14, B23)."""
    shown = numbers(tokens)
    return [int(unit in shown) for unit in ACTION_UNITS]


def numbers(tokens: list[str]) -> frozenset[str]:
    """FACS numbers of tokens, without their sides."""
    return frozenset(token.lstrip("LRTB") for token in tokens)


def three_class_view(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """(K, 8) → (K, 3): negative, positive and surprise, summed; "others" and "none" left out."""
    columns = [[i for i, name in enumerate(LABELS) if VALENCE[name] == v] for v in VALENCES]
    return np.stack([probabilities[:, c].sum(axis=1) for c in columns], axis=1)
