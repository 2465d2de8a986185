"""Who is tested on whom, and which classes are counted.

No fold ever tests on a person whom it trained on. Leave-one-subject-out and the three classes over
the joined data sets are the composite protocol of MEGC 2019 (See, Yap, Li, Hong, Wang: MEGC 2019 –
The Second Facial Micro-Expressions Grand Challenge. IEEE FG, 2019): all predictions are pooled
before UF1 and UAR are computed.
"""

from collections.abc import Iterator
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.labels import LABELS, VALENCES, valence_of

Ints = NDArray[np.int64]
Classes = Literal[3, 4, 7]

# Classes of each view, in the order of their places.
CLASS_NAMES: Final[dict[Classes, tuple[str, ...]]] = {
    3: VALENCES,
    4: ("negative", "surprise", "others", "positive"),  # CAS(ME)³'s second scheme
    7: tuple(name for name in LABELS if name != "none"),
}


def loso(subjects: NDArray[np.integer[Any]]) -> Iterator[tuple[Ints, Ints]]:
    """(train rows, test rows) for each subject; ``subjects`` (K,), as in a clip set.

    Raises:
        ValueError: fewer than two subjects.
    """
    yield from k_fold(subjects, len(np.unique(subjects)), seed=0)


def k_fold(subjects: NDArray[np.integer[Any]], k: int, seed: int) -> Iterator[tuple[Ints, Ints]]:
    """(train rows, test rows) of ``k`` folds of whole subjects, even in their number of clips.

    Raises:
        ValueError: k < 2, or more folds than subjects.
    """
    names, place, clips = np.unique(subjects, return_inverse=True, return_counts=True)
    if not 2 <= k <= len(names):
        raise ValueError(f"{k} folds of {len(names)} subjects: wanted 2 to {len(names)}")
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = np.zeros(len(names), np.int64)
    load = np.zeros(k, np.int64)
    # who has most clips goes first, each into the fold that has fewest
    for subject in order[np.argsort(-clips[order], kind="stable")]:
        fold_of[subject] = load.argmin()
        load[load.argmin()] += clips[subject]
    for fold in range(k):
        tested = fold_of[place] == fold
        yield np.flatnonzero(~tested), np.flatnonzero(tested)


def view(
    labels: NDArray[np.integer[Any]], valence: NDArray[np.integer[Any]], classes: Classes
) -> Ints:
    """(K,) places in ``CLASS_NAMES[classes]``; -1 for clips that the scheme leaves out.

    ``labels`` and ``valence`` (K,) are a clip set's. Seven classes go by label, three by valence.
    Four go by valence, then by the label's valence, then by the label "others": so CASME II's
    repression and SAMM's contempt, "others" among the seven, are negative.

    Raises:
        KeyError: no such number of classes.
    """
    names = CLASS_NAMES[classes]
    if classes == 3:
        return valence.astype(np.int64)
    if classes == 7:
        return _renamed(labels, LABELS, names)
    by_label = np.array([*map(valence_of, range(len(LABELS))), -1])[labels]  # [-1] is the last
    merged = _renamed(np.where(valence >= 0, valence, by_label), VALENCES, names)
    others = (merged < 0) & (labels == LABELS.index("others"))
    return np.where(others, names.index("others"), merged)


def _renamed(
    places: NDArray[np.integer[Any]], source: tuple[str, ...], target: tuple[str, ...]
) -> Ints:
    """Places in one tuple of names as places in another; -1 where it lacks the name."""
    table = [target.index(name) if name in target else -1 for name in source]
    return np.array([*table, -1], np.int64)[places]
