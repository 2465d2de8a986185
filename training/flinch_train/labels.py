"""The eight classes of HSTA, in the order of its output, and the three-class view of them."""

from typing import Final, Literal

Valence = Literal["negative", "positive", "surprise"]

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
