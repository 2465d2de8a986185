"""How probable each label and valence of a clip is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.labels import LABELS, VALENCES, three_class_view


@dataclass(frozen=True)
class Shares:
    """How probable labels (K, 8) and valences (K, 3) are; a row of zeros is unknown."""

    emotion: NDArray[np.float32]
    valence: NDArray[np.float32]

    @staticmethod
    def of(clip_set: ClipSet) -> "Shares":
        """A clip set's own labels; a valence without a label is any label of that valence."""
        emotion = _one_hot(clip_set.labels, len(LABELS))
        valence = _one_hot(clip_set.valence, len(VALENCES))
        alike = three_class_view(np.eye(len(LABELS))).T.astype(np.float32)  # (3, 8)
        some = (clip_set.labels < 0) & (clip_set.valence >= 0)
        emotion[some] = (alike / alike.sum(axis=1, keepdims=True))[clip_set.valence[some]]
        return Shares(emotion, valence)


def _one_hot(places: NDArray[np.int64], count: int) -> NDArray[np.float32]:
    """(K, count); a row of zeros where the place is -1."""
    return np.eye(count + 1, dtype=np.float32)[places][:, :count]
