"""How a rival is trained, and what it costs."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from flinch_train.model.weights import device_of

CHANNELS = 3  # horizontal flow u, vertical flow v, optical strain
SIDE = 28  # pixels
INPUT = (1, CHANNELS, SIDE, SIDE)


@dataclass(frozen=True)
class Recipe:
    """Everything between a fresh network and its last epoch; nothing is picked on the way."""

    optimizer: Literal["adam", "sgd"]
    lr: float
    batch: int
    epochs: int
    weight_decay: float = 0.0
    momentum: float = 0.0  # of SGD
    dropout: float = 0.0  # built into the network; here for the report

    def build(self, model: nn.Module) -> torch.optim.Optimizer:
        """The optimizer of this recipe over the parameters of a network."""
        if self.optimizer == "adam":
            return torch.optim.Adam(
                model.parameters(), lr=self.lr, weight_decay=self.weight_decay, fused=True
            )
        return torch.optim.SGD(
            model.parameters(),
            lr=self.lr,
            momentum=self.momentum,
            weight_decay=self.weight_decay,
            fused=True,
        )

    def steps(self, samples: int) -> int:
        """Updates of the weights in all epochs; the last, smaller batch of an epoch counts."""
        return self.epochs * -(-samples // self.batch)


def parameters(model: nn.Module) -> int:
    """Number of learned parameters."""
    return sum(p.numel() for p in model.parameters())


def multiply_adds(model: nn.Module) -> int:
    """Multiply-adds of one picture: convolutions, linear layers and both products of attention."""
    device = device_of(model)
    training = model.training
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model.eval()(torch.zeros(INPUT, device=device))
    model.train(training)
    return counter.get_total_flops() // 2
