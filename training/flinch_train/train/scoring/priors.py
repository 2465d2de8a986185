"""How often what is judged is met outside a training clip set, and what that does to logits."""

from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from flinch_train.data.labels import LABELS, VALENCES
from flinch_train.train.scoring.metrics import Floats, Ints

# Of candidates in a room, so many hold no micro-expression: a guess, and a cautious one.
# Calibration is for this share, whatever a clip set holds.
NONE_PRIOR = 0.5
# Clips of each of ``VALENCES`` in MEGC 2019's composite of three published data sets (See et al.,
# IEEE FG 2019): how often people filmed in laboratories showed which.
VALENCE_COUNTS = (250, 109, 83)


@dataclass(frozen=True)
class Shift:
    """What to add to the logits of a model that learned from clips: of "none", of each valence.

    A spotter hands over more that is nothing than a clip set holds, and people show other valences
    more or less often than a simulation draws them: with the priors of the clip set, one would be
    named too often (logit adjustment: Menon et al., arXiv 2007.07314). Nothing is fitted.
    """

    none: float = 0.0
    valence: tuple[float, ...] = (0.0,) * len(VALENCES)

    @staticmethod
    def of(labels: Ints, valence: Ints) -> "Shift":
        """From a clip set's labels and valences; -1 is unknown or none."""
        return Shift(none_shift(labels[labels >= 0]), valence_shift(valence[valence >= 0]))


def as_met(truth: Ints) -> Floats:
    """(K,) weights under which ``NONE_PRIOR`` of the clips are "none"; all the same without any."""
    none = truth == LABELS.index("none")
    if none.all() or not none.any():
        return np.ones(len(truth))
    return np.where(none, NONE_PRIOR / none.mean(), (1 - NONE_PRIOR) / (1 - none.mean()))


def none_shift(labels: Ints) -> float:
    """What to add to the logit of "none", so that its prior is ``NONE_PRIOR``."""
    share = float((labels == LABELS.index("none")).mean())
    if not 0 < share < 1:
        return 0.0
    return float(logit(NONE_PRIOR) - logit(share))


def valence_shift(valence: Ints) -> tuple[float, ...]:
    """What to add to the valences, so that their priors are those of ``VALENCE_COUNTS``."""
    counts = np.bincount(valence, minlength=len(VALENCES))
    if not counts.all():
        return (0.0,) * len(VALENCES)
    wanted = np.array(VALENCE_COUNTS) / sum(VALENCE_COUNTS)
    return tuple(float(v) for v in np.log(wanted) - np.log(counts / counts.sum()))
