"""The learned spotter: has a micro-expression just ended, and when did it begin and peak?

A small causal network of dilated convolutions over region motion (as temporal convolutional
networks of Bai et al., arXiv 1803.01271), asked at every second step of the grid. It looks back
3.2 s and never ahead; what it says comes ``DELAY_MS`` after an offset, when the face has had time
to show that it came back to stay. Times are regressed besides, as anchor-free temporal detectors
do (LGSNet, Yu et al., TOMM 2023).

Letters in shapes: B windows, V values of a motion sample, T steps of a window, S steps that are
asked for, R regions.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from flinch_train.data.spotting.features import CHANGES, DISPLACEMENTS, HEAD, REGION_COUNT
from flinch_train.data.spotting.timing import LOOK_BACK, STRIDE

AGE_MS = 100.0  # unit of the regressed ages
LAGS = (2, 6, 14)  # steps: differences over 40, 120 and 280 ms
SCALES, HEAD_SCALES = (2.5, 5.0, 8.0), (5.0, 10.0, 16.0)  # thousandths of the eye distance
MEAN_STEPS, MEAN_SCALE = 50, 6.0  # a displacement against its mean over the last second
DILATIONS = (1, 2, 4, 8, 12)  # of every second step
_STEM, _KERNEL = 3, 3
# Mean, stem and dilated convolutions together look back exactly over the window.
assert MEAN_STEPS - 1 + _STEM - 1 + STRIDE * (_KERNEL - 1) * sum(DILATIONS) == LOOK_BACK


class Spotted(NamedTuple):
    """logit (B, S); ages (B, 3, S): how long ago onset, apex and offset were, in ``AGE_MS``."""

    logit: Tensor
    ages: Tensor


class SpotNet(nn.Module):
    """Windows (B, V, T) and seen (B, T), 0 before the face came and 1 from then on → ``Spotted``.

    The steps that are asked for are every second one, the first with ``LOOK_BACK`` steps behind it.
    Before the face came, a window repeats its first values.
    """

    def __init__(self, width: int = 64, dropout: float = 0.15) -> None:
        super().__init__()
        moving = DISPLACEMENTS + 4
        channels = len(LAGS) * moving + DISPLACEMENTS + REGION_COUNT + 1
        self.enter = nn.Sequential(nn.Dropout(dropout), nn.Conv1d(channels, width, 1), nn.ReLU())
        self.stem = nn.Sequential(nn.Conv1d(width, width, _STEM, stride=STRIDE), nn.ReLU())
        self.blocks = nn.ModuleList(_Block(width, dilation, dropout) for dilation in DILATIONS)
        self.say = nn.Sequential(
            nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(dropout), nn.Conv1d(width, 4, 1)
        )

    def forward(self, window: Tensor, seen: Tensor) -> Spotted:
        """Asked for every second step that has enough behind it."""
        maps = self.stem(self.enter(self.channels(window, seen)))
        for block in self.blocks:
            maps = block(maps)
        outputs = self.say(maps)
        return Spotted(outputs[:, 0], F.softplus(outputs[:, 1:]))

    @staticmethod
    def channels(window: Tensor, seen: Tensor) -> Tensor:
        """(B, C, T - 49): differences over time, in which drift and place fall out."""
        first = MEAN_STEPS - 1
        away = window[:, :DISPLACEMENTS]
        mean = F.avg_pool1d(away, MEAN_STEPS, stride=1)
        made = [_softened((away[:, :, first:] - mean) / MEAN_SCALE)]
        for lag, scale, of_head in zip(LAGS, SCALES, HEAD_SCALES, strict=True):
            for part, unit in ((away, scale), (window[:, HEAD], of_head)):
                made.append(_softened((part[:, :, first:] - part[:, :, first - lag : -lag]) / unit))
        made.append(3.0 * torch.clamp(window[:, CHANGES, first:], 0.0, 2.0))
        there = seen[:, None, first:]
        return torch.cat([*made, there], dim=1) * there


class _Block(nn.Module):
    """A dilated convolution and the way past it; the maps get shorter by what it looks back."""

    def __init__(self, width: int, dilation: int, dropout: float) -> None:
        super().__init__()
        self.back = (_KERNEL - 1) * dilation
        self.turn = nn.Sequential(
            nn.Conv1d(width, width, _KERNEL, dilation=dilation),
            nn.BatchNorm1d(width),
            nn.ReLU(),
            nn.Conv1d(width, width, 1),
            nn.Dropout(dropout),
        )

    def forward(self, maps: Tensor) -> Tensor:
        return maps[:, :, self.back :] + self.turn(maps)


def _softened(x: Tensor) -> Tensor:
    """asinh, which the exporter does not know: linear where small, logarithmic where large."""
    return torch.sign(x) * torch.log(x.abs() + torch.sqrt(x * x + 1))


class SpotNets(nn.Module):
    """Several networks that learned apart, asked together: mean of their logits and ages."""

    def __init__(self, nets: list[SpotNet]) -> None:
        super().__init__()
        self.nets = nn.ModuleList(nets)

    def forward(self, window: Tensor, seen: Tensor) -> Spotted:
        """As ``SpotNet``."""
        outputs = [net(window, seen) for net in self.nets]
        return Spotted(
            torch.stack([one.logit for one in outputs]).mean(0),
            torch.stack([one.ages for one in outputs]).mean(0),
        )
