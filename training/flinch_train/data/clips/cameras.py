"""A camera for every clip of a batch, in tensors: what ``sim.sensor.Sensor`` is for one clip.

It is simpler: no JPEG, and no face so small that it would have to be enlarged.
"""

import numpy as np
import torch
from torch import Tensor

from flinch_train.data.sim.sensor import GREY


def seen(light: Tensor, rng: torch.Generator) -> Tensor:
    """Linear light (B, T, S, S, 3) → uint8, each clip by its own camera; see ``sensor.Sensor``."""
    count, device = len(light), rng.device

    def drawn(scale: float, mean: float = 0.0) -> Tensor:
        """(B, 1, 1, 1, 1), normal."""
        return mean + scale * torch.randn((count, 1, 1, 1, 1), generator=rng, device=device)

    def between(low: float, high: float) -> Tensor:
        """(B, 1, 1, 1, 1), uniform."""
        return low + (high - low) * torch.rand((count, 1, 1, 1, 1), generator=rng, device=device)

    warm, green = drawn(0.07), drawn(0.02, 1.0)
    light = light * torch.cat([1 + warm, green, 1 - warm], dim=4)
    flicker = torch.randn((count, light.shape[1], 1, 1, 1), generator=rng, device=device)
    light = _softer(light * (1 + between(0, 0.008) * flicker), between(0.3, 0.9))
    shown = light.clamp(0, 2) * torch.exp(drawn(0.28))
    shown = torch.where(shown > 0.7, 0.7 + 0.3 * torch.tanh((shown - 0.7) / 0.3), shown)
    shown = shown ** (between(0.85, 1.2) / 2.2)
    shown = ((0.5 + (shown - 0.5) * between(0.75, 1.2)) * 255).clamp(0, 255)
    grain = torch.randn(shown.shape, generator=rng, device=device)
    grey = between(0, 1) < 0.12
    weights = torch.from_numpy(GREY).to(device)
    shown = torch.where(grey, (shown @ weights)[..., None].expand_as(shown), shown)
    grain = torch.where(grey, grain[..., :1].expand_as(grain), grain)
    clumped = between(0, 0.8)
    smeared = _softer(grain, torch.full_like(clumped, 0.9)) * 2.6
    grain = torch.where(clumped > 0.2, grain * (1 - clumped) + smeared * clumped, grain)
    level = torch.exp(between(float(np.log(0.4)), float(np.log(5.0))))
    return (shown + grain * level * (1.25 - shown / 512)).round().clamp(0, 255).byte()


def _softer(pictures: Tensor, sigma: Tensor) -> Tensor:
    """Blurred (B, T, S, S, 3) by a Gaussian's variance sigma² (B, 1, 1, 1, 1), in two passes."""
    side = sigma.square() / 4
    for dim in (2, 3, 2, 3):
        size = pictures.shape[dim]
        ticks = torch.arange(size, device=pictures.device)
        before = pictures.index_select(dim, (ticks - 1).clamp_min(0))
        after = pictures.index_select(dim, (ticks + 1).clamp_max(size - 1))
        pictures = pictures + side * (before + after - 2 * pictures)
    return pictures
