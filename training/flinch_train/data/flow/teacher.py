"""A simple machine that networks learn from: an RBF kernel of little capacity on simulated flow.

What a network fits of simulated flow beyond the broad shape of a motion does not carry over to real
flow. So a network that is to read real flow does not learn which valence was simulated, but how
probable such a kernel finds each valence, over as much disturbed flow as one likes (distillation:
Hinton, Vinyals and Dean, arXiv 1503.02531).
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.data.flow.real import LIMIT, Flows
from flinch_train.data.flow.svm import MOTION, FlowSvm

COST = 0.1  # of the kernel: little capacity
FLOWS = 2048  # that it learns from
SHARPNESS = 2.0  # by what its scores are multiplied before they become shares


class Teacher:
    """Standard flow (B, 3, 28, 28) → shares of the valences (B, 3), on the device that holds it."""

    def __init__(self, flow: Flows, valence: NDArray[np.int64], cost: float = COST) -> None:
        """Flow (K, 3, 28, 28), and its valences (K,), -1 where there is none; the first count."""
        some = np.flatnonzero(valence >= 0)[:FLOWS]
        svm = FlowSvm(cost=cost).fit(flow[some], valence[some])
        machine = svm.machine
        self._scale = torch.from_numpy(svm.scale).float()
        self._known = torch.from_numpy(machine.support_vectors_).float()
        self._size = self._known.square().sum(1)
        self._gamma = float(machine._gamma)
        weights, offset = pairs(machine.dual_coef_, machine.intercept_, machine.n_support_)
        self._weights, self._offset = torch.from_numpy(weights), torch.from_numpy(offset)

    def to(self, device: torch.device) -> "Teacher":
        """Itself, there."""
        for name, value in vars(self).items():
            if isinstance(value, Tensor):
                setattr(self, name, value.to(device))
        return self

    @torch.no_grad()
    def __call__(self, flow: Tensor) -> Tensor:
        """How probable it finds each valence."""
        return (SHARPNESS * self.scores(flow)).softmax(1)

    def scores(self, flow: Tensor) -> Tensor:
        """(B, 3): what a class has over the others, two by two, summed."""
        seen = torch.cat([_less_median(flow[:, :MOTION]), flow[:, MOTION:]], 1) / self._scale
        seen = seen.flatten(1)
        far = seen.square().sum(1, keepdim=True) + self._size - 2 * seen @ self._known.T
        return torch.exp(-self._gamma * far.clamp_min(0)) @ self._weights + self._offset


def pairs(
    dual: NDArray[np.float64], intercept: NDArray[np.float64], support: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A machine's classes, two by two → weights (V, C) of its support vectors, offsets (C,).

    LIBSVM keeps the coefficient of a vector of class i in the machine i, j in row j − 1 of ``dual``
    (row j of those of class i if j < i); a class's score is the sum of its machines'.
    """
    classes = len(support)
    ends = np.cumsum([0, *support])
    weights = np.zeros((ends[-1], classes), np.float32)
    offset = np.zeros(classes, np.float32)
    machine = 0
    for i in range(classes):
        for j in range(i + 1, classes):
            one, other = slice(ends[i], ends[i + 1]), slice(ends[j], ends[j + 1])
            weights[one, i] += dual[j - 1, one]
            weights[one, j] -= dual[j - 1, one]
            weights[other, i] += dual[i, other]
            weights[other, j] -= dual[i, other]
            offset[i] += intercept[machine]
            offset[j] -= intercept[machine]
            machine += 1
    return weights, offset


def with_strain(motion: Tensor) -> Tensor:
    """u, v (B, 2, h, w) → standard flow (B, 3, h, w): ``measured.with_strain`` and ``standard``."""
    ux, uy = _slopes(motion[:, 0])
    vx, vy = _slopes(motion[:, 1])
    strain = (ux.square() + vy.square() + 0.5 * (uy + vx).square()).sqrt()[:, None]
    strain = strain - strain.amin((2, 3), keepdim=True)
    flow = torch.cat([_less_median(motion), strain], 1)
    size = flow.square().mean((2, 3), keepdim=True).sqrt().clamp_min(1e-6)
    return (flow / size).clamp(-LIMIT, LIMIT)


def _less_median(planes: Tensor) -> Tensor:
    """(B, C, h, w): the middle of each plane is no motion."""
    return planes - planes.flatten(2).quantile(0.5, dim=2)[..., None, None]


def _slopes(plane: Tensor) -> tuple[Tensor, Tensor]:
    """Across and down, of (B, h, w)."""
    down, across = torch.gradient(plane, dim=(1, 2))
    return across, down
