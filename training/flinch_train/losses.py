"""What training asks of the three heads; a clip of which something is unknown is not asked that."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.hsta import Said
from flinch_train.labels import LABELS, VALENCES
from flinch_train.pool import Pool
from flinch_train.scores import three_class_view

SMOOTHING = 0.05
WEIGHTS = {"emotion": 1.0, "valence": 0.5, "units": 2.0}


@dataclass(frozen=True)
class Goals:
    """What is wanted of K clips: shares (K, 8), shares (K, 3), and 0 or 1 or -1 (K, U).

    A row of zeros asks nothing. Shares of a valence that sum to less than 1 weigh less.
    """

    emotion: NDArray[np.float32]
    valence: NDArray[np.float32]
    units: NDArray[np.float32]

    @staticmethod
    def of(pool: Pool, likely: NDArray[np.float32] | None = None) -> "Goals":
        """From a pool's labels; ``likely`` (K, 8) are shares that are known better than those."""
        known = (pool.labels >= 0)[:, None]
        hard = np.eye(len(LABELS), dtype=np.float32)[pool.labels]
        smooth = hard * (1 - SMOOTHING) + SMOOTHING / len(LABELS)
        valence = np.eye(len(VALENCES) + 1, dtype=np.float32)[pool.valence][:, : len(VALENCES)]
        if likely is not None:
            smooth, valence = likely, three_class_view(likely.astype(np.float64)).astype(np.float32)
        return Goals(smooth * known, valence, pool.units.astype(np.float32))


def losses(said: Said, goals: Goals, rows: NDArray[np.int64]) -> dict[str, Tensor]:
    """Each head's loss over a batch, by name, unweighted; a head that is missing has none."""
    emotion, valence, units = (
        torch.from_numpy(array[rows]) for array in (goals.emotion, goals.valence, goals.units)
    )
    found = {"emotion": soft_cross_entropy(said.emotion.float(), emotion)}
    if said.valence.shape[1]:
        found["valence"] = soft_cross_entropy(said.valence.float(), valence)
    if said.units.shape[1]:
        asked = (units >= 0).float()
        each = F.binary_cross_entropy_with_logits(
            said.units.float(), units.clamp_min(0), reduction="none"
        )
        found["units"] = (each * asked).sum() / asked.sum().clamp_min(1)
    return found


def soft_cross_entropy(logits: Tensor, shares: Tensor) -> Tensor:
    """Mean over the clips that are asked; shares (B, C) need not sum to 1."""
    each = -(shares * torch.log_softmax(logits, dim=1)).sum(1)
    return each.sum() / shares.sum().clamp_min(1)
