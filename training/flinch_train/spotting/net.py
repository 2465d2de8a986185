"""The learned spotter: has a micro-expression just ended, and when did it begin and peak?

A small convolutional network over the last 1.6 s of region motion, asked at every step of the grid.
It looks back only, so that an expression can be told a moment after its offset. In the manner of
SOFTNet (Liong et al., ICIP 2021) it is shallow and reads motion, not pixels; times are regressed
besides, as anchor-free temporal detectors do (LGSNet, Yu et al., TOMM 2023).

Letters in shapes: B windows, V values of a motion sample, W steps of a window, R regions.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from flinch_train.spotting.features import CHANGES, DISPLACEMENTS, HEAD, REGION_COUNT, WINDOW

AGE_MS = 100.0  # unit of the regressed ages


class Spotted(NamedTuple):
    """logit (B,); ages (B, 3): how long ago onset, apex and offset were, in ``AGE_MS``."""

    logit: Tensor
    ages: Tensor


class SpotNet(nn.Module):
    """Windows (B, V, W), noise (B, R) → ``Spotted``."""

    def __init__(self, width: int = 64, dropout: float = 0.2) -> None:
        super().__init__()
        channels = 2 * (DISPLACEMENTS + 4) + REGION_COUNT
        self.convs = nn.Sequential(
            _conv(channels, width),
            _conv(width, width),
            _conv(width, width + width // 2),
        )
        seen = (width + width // 2) * -(-WINDOW // 8)
        self.mix = nn.Sequential(
            nn.Linear(seen + REGION_COUNT, 96), nn.ReLU(), nn.Dropout(dropout), nn.Linear(96, 4)
        )

    def forward(self, window: Tensor, noise: Tensor) -> Spotted:
        """Asked for the last step of each window."""
        maps = self.convs(self.channels(window))
        said = self.mix(torch.cat([maps.flatten(1), torch.log(noise + 0.1)], dim=1))
        return Spotted(said[:, 0], nn.functional.softplus(said[:, 1:]))

    @staticmethod
    def channels(window: Tensor) -> Tensor:
        """Against the last step, and against the step before: drift and place fall out."""
        places = torch.cat([window[:, :DISPLACEMENTS], window[:, HEAD]], dim=1)
        away = _softened((places - places[:, :, -1:]) / 6.0)
        steps = _softened((places[:, :, 1:] - places[:, :, :-1]) / 1.5)
        first = torch.zeros_like(steps[:, :, :1])
        change = torch.clamp(window[:, CHANGES], 0.0, 2.0) * 3.0
        return torch.cat([away, torch.cat([first, steps], dim=2), change], dim=1)


def _softened(x: Tensor) -> Tensor:
    """asinh, which the exporter does not know: linear where small, logarithmic where large."""
    return torch.sign(x) * torch.log(x.abs() + torch.sqrt(x * x + 1))


def _conv(inputs: int, outputs: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, 5, stride=2, padding=2, bias=False),
        nn.BatchNorm1d(outputs),
        nn.ReLU(),
    )


class SpotNets(nn.Module):
    """Several networks that learned apart, asked together: mean of their logits and ages."""

    def __init__(self, nets: list[SpotNet]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, window: Tensor, noise: Tensor) -> Spotted:
        """As ``SpotNet``."""
        said = [net(window, noise) for net in self.nets]
        return Spotted(
            torch.stack([one.logit for one in said]).mean(0),
            torch.stack([one.ages for one in said]).mean(0),
        )
