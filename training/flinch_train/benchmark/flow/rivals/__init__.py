"""The rivals: what others have built for the same 28 × 28 flow, each written from its paper.

A network takes flow (B, 3, 28, 28), channels u, v and strain, and gives logits (B, classes). A name
in ``RIVALS`` makes one, the same name in ``RECIPES`` says how it is trained here, and in
``PUBLISHED`` how its authors did it. ``FULL`` are the sizes that a CPU does not train 56 times.
"""

from collections.abc import Callable

from torch import nn

from flinch_train.benchmark.flow.rivals import htnet, resnet18, ststnet
from flinch_train.benchmark.flow.rivals.recipe import Recipe, multiply_adds, parameters

RIVALS: dict[str, Callable[[int], nn.Module]] = {
    "ststnet": ststnet.Ststnet,
    "resnet18": resnet18.Resnet18,
    "htnet": lambda classes: htnet.build("small", classes),
}
FULL: dict[str, Callable[[int], nn.Module]] = {
    "resnet18": lambda classes: resnet18.Resnet18(classes, side=resnet18.ENLARGED),
    "htnet": lambda classes: htnet.build("published", classes),
}
RECIPES: dict[str, Recipe] = {
    "ststnet": ststnet.SHORT,
    "resnet18": resnet18.SHORT,
    "htnet": htnet.SHORT,
}
PUBLISHED: dict[str, Recipe] = {
    "ststnet": ststnet.PUBLISHED,
    "resnet18": resnet18.PUBLISHED,
    "htnet": htnet.PUBLISHED,
}

__all__ = [
    "FULL",
    "PUBLISHED",
    "RECIPES",
    "RIVALS",
    "Recipe",
    "multiply_adds",
    "parameters",
]
