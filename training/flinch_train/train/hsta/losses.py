"""What training asks of the three heads; a clip of which something is unknown is not asked that."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.shares import Shares
from flinch_train.data.labels import LABELS
from flinch_train.model.hsta import HeadOutputs

SMOOTHING = 0.05
WEIGHTS = {"emotion": 1.0, "valence": 0.5, "units": 2.0}


class BatchGoals(NamedTuple):
    """``Goals`` of one batch, where it is learned."""

    emotion: Tensor
    valence: Tensor
    units: Tensor

    def beside(self, other: "BatchGoals") -> "BatchGoals":
        """Both batches as one."""
        return BatchGoals(*(torch.cat(parts) for parts in zip(self, other, strict=True)))


def smoothed(emotion: Tensor) -> Tensor:
    """Shares (B, 8) a little evened out; a row of zeros stays one."""
    return emotion * (1 - SMOOTHING) + SMOOTHING / len(LABELS) * emotion.sum(1, keepdim=True)


@dataclass(frozen=True)
class Goals:
    """What is wanted of K clips: shares (K, 8), shares (K, 3), and 0 or 1 or -1 (K, U).

    A row of zeros asks nothing. Shares of a valence that sum to less than 1 weigh less.
    """

    emotion: NDArray[np.float32]
    valence: NDArray[np.float32]
    units: NDArray[np.float32]

    @staticmethod
    def of(clip_set: ClipSet, shares: Shares | None = None) -> "Goals":
        """From a clip set's labels; ``shares`` say what is known better than those."""
        shares = shares or Shares.of(clip_set)
        smooth = smoothed(torch.from_numpy(shares.emotion)).numpy()
        return Goals(smooth, shares.valence, clip_set.units.astype(np.float32))

    def at(self, rows: NDArray[np.int64], device: torch.device) -> BatchGoals:
        """Of a batch."""
        parts = (self.emotion, self.valence, self.units)
        return BatchGoals(*(torch.from_numpy(part[rows]).to(device) for part in parts))


def losses(outputs: HeadOutputs, goals: BatchGoals) -> dict[str, Tensor]:
    """Each head's loss over a batch, by name, unweighted; a head that is missing has none."""
    found = {"emotion": soft_cross_entropy(outputs.emotion.float(), goals.emotion)}
    if outputs.valence.shape[1]:
        found["valence"] = soft_cross_entropy(outputs.valence.float(), goals.valence)
    if outputs.units.shape[1]:
        known = (goals.units >= 0).float()
        each = F.binary_cross_entropy_with_logits(
            outputs.units.float(), goals.units.clamp_min(0), reduction="none"
        )
        found["units"] = (each * known).sum() / known.sum().clamp_min(1)
    return found


def soft_cross_entropy(logits: Tensor, shares: Tensor) -> Tensor:
    """Mean over the clips that are asked; shares (B, C) need not sum to 1."""
    each = -(shares * torch.log_softmax(logits, dim=1)).sum(1)
    return each.sum() / shares.sum().clamp_min(1)


def motion_loss(
    outputs: Tensor, wanted: Tensor, distance: Callable[[Tensor, Tensor], Tensor] = F.smooth_l1_loss
) -> Tensor:
    """Over the clips of which it is known what moved; outputs and wanted (B, T), NaN is unknown."""
    known = ~wanted[:, 0].isnan()
    if not known.any():
        return outputs.sum() * 0.0
    return distance(outputs[known].float(), wanted[known])
