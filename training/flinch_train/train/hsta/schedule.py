"""How training goes on: learning rate, weight decay, the order of clips, averaged weights."""

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

EMA_DECAY = 0.998
WARM_UP = 0.05  # share of all steps
FINAL_RATE = 0.01  # of the peak learning rate


def learning_rate(step: int, steps: int) -> float:
    """Share of the peak: a straight warm-up, then a cosine down to FINAL_RATE."""
    warm = max(1, int(WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    part = (step - warm) / max(1, steps - warm)
    return FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * part))


def parameter_groups(
    learner: nn.Module, layers: int, decay: float, layer_decay: float
) -> list[dict[str, Any]]:
    """Weights decay, biases, norms and tokens do not; deeper layers may learn faster."""
    last = layers + 1
    groups: dict[tuple[int, bool], list[nn.Parameter]] = {}
    for name, parameter in learner.named_parameters():
        depth = last
        if name.startswith("model.layers."):
            depth = int(name.split(".")[2]) + 1
        elif name.startswith("model.embed"):
            depth = 0
        decays = parameter.ndim > 1 and not name.endswith("cls")
        groups.setdefault((depth, decays), []).append(parameter)
    return [
        {
            "params": members,
            "weight_decay": decay if decays else 0.0,
            "scale": layer_decay ** (last - depth),
        }
        for (depth, decays), members in groups.items()
    ]


def epoch_order(labels: NDArray[np.int64], balance: bool, rng: np.random.Generator) -> NDArray:
    """The clips of one epoch: each once, or as many drawn with every class equally likely."""
    if not balance:
        return rng.permutation(len(labels))
    weight = 1.0 / np.bincount(labels)[labels]
    return rng.choice(len(labels), len(labels), p=weight / weight.sum())


@torch.no_grad()
def follow(average: nn.Module, learner: nn.Module, step: int) -> None:
    """Move the averaged weights towards the current ones; fast at first."""
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    pairs = list(zip(average.parameters(), learner.parameters(), strict=True))
    torch._foreach_lerp_([a for a, _ in pairs], [b for _, b in pairs], 1 - decay)
