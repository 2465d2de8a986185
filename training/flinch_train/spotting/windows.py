"""Windows to learn from: what the spotter sees at a step, and whether an expression just ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.spotting.features import (
    DISPLACEMENTS,
    HEAD,
    WINDOW,
    mirror_order,
    mirrored_regions,
    on_grid,
    stay_of,
)
from flinch_train.spotting.net import AGE_MS
from flinch_train.spotting.reel import Reel

FROM_MS, TO_MS = 0.0, 60.0  # after its offset an expression is to be told
DOUBT_MS = (-60.0, 300.0)  # here and outside the above, neither yes nor no is asked for
UNKNOWN = -1
PACE, PACE_LIMITS = 0.12, (0.7, 1.4)  # of a varied window: how far its logarithm strays


@dataclass(frozen=True)
class Batch:
    """window (B, V, W), noise (B, R), truth (B,) 0 or 1, ages (B, 3)."""

    window: Tensor
    noise: Tensor
    truth: Tensor
    ages: Tensor


def targets(times: NDArray[np.float64], events: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """Of every step: truth (T,) 1, 0 or ``UNKNOWN``, and ages (T, 3) where it is 1."""
    truth = np.zeros(len(times), np.int8)
    ages = np.zeros((len(times), 3), np.float32)
    for event in events:
        after = times - event[2]
        doubt = (after > DOUBT_MS[0]) & (after < DOUBT_MS[1])
        truth[doubt & (truth == 0)] = UNKNOWN
    for event in events:
        after = times - event[2]
        told = (after >= FROM_MS) & (after <= TO_MS)
        truth[told] = 1
        ages[told] = (times[told, None] - event) / AGE_MS
    return truth, ages


class Windows:
    """All steps of some reels."""

    def __init__(self, reels: list[Reel]) -> None:
        columns: tuple[list[NDArray[Any]], ...] = ([], [], [], [], [])
        ends: list[NDArray[np.int64]] = []
        count = 0
        for reel in reels:
            t, v, n = on_grid(reel.times, reel.samples.astype(np.float64))
            y, a = targets(t, reel.events)
            begun = stay_of(t)
            y[np.arange(len(t)) - begun < WINDOW - 1] = UNKNOWN
            ends.append(np.flatnonzero(y != UNKNOWN) + count)
            for column, new in zip(columns, (v, n, y, a, begun + count), strict=True):
                column.append(new)
            count += len(t)
        values, noise, truth, ages, begun = (np.concatenate(column) for column in columns)
        self._values = torch.from_numpy(values.astype(np.float32))
        self._noise = torch.from_numpy(noise.astype(np.float32))
        self._truth = truth
        self._ages = torch.from_numpy(ages.astype(np.float32))
        self._begun = torch.from_numpy(begun)  # the first step of what a step belongs to
        ends_all = np.concatenate(ends)
        self.yes = ends_all[self._truth[ends_all] == 1]
        self.no = ends_all[self._truth[ends_all] == 0]
        self._mirror, sign = mirror_order()
        self._sign = torch.from_numpy(sign).float()
        self._mirror_regions = mirrored_regions()

    def take(self, ends: NDArray[np.int64]) -> Batch:
        """The windows that end at these steps."""
        rows = torch.from_numpy(ends[:, None] + np.arange(1 - WINDOW, 1))
        window = self._values[rows].permute(0, 2, 1)
        truth = torch.from_numpy(self._truth[ends].astype(np.float32))
        return Batch(window, self._noise[ends], truth, self._ages[ends])

    def paced(self, ends: NDArray[np.int64], rng: torch.Generator) -> Batch:
        """The windows that end at these steps, as if all had gone somewhat slower or faster."""
        pace = torch.exp(PACE * torch.randn(len(ends), generator=rng)).clamp(*PACE_LIMITS)
        back = torch.arange(WINDOW - 1, -1, -1)[None] * pace[:, None]  # steps before the end
        whole = back.floor().long()
        last, first = torch.from_numpy(ends)[:, None], self._begun[ends][:, None]
        near, far = (torch.maximum(last - whole - k, first) for k in (0, 1))
        window = torch.lerp(self._values[near], self._values[far], (back - whole)[:, :, None])
        truth = torch.from_numpy(self._truth[ends].astype(np.float32))
        ages = self._ages[ends] / pace[:, None]
        return Batch(window.permute(0, 2, 1), self._noise[ends], truth, ages)

    def varied(self, ends: NDArray[np.int64], rng: torch.Generator) -> Batch:
        """``paced``, mirrored by chance, larger or smaller, with some more noise."""
        batch = self.paced(ends, rng)
        window, noise = batch.window, batch.noise
        count = len(window)
        flip = torch.rand(count, generator=rng) < 0.5
        other = window[:, self._mirror] * self._sign.view(1, -1, 1)
        window = torch.where(flip.view(-1, 1, 1), other, window)
        noise = torch.where(flip.view(-1, 1), noise[:, self._mirror_regions], noise)
        size = torch.exp(0.25 * torch.randn(count, generator=rng))
        window[:, :DISPLACEMENTS] *= size.view(-1, 1, 1)
        window[:, HEAD] *= size.view(-1, 1, 1)
        grain = torch.rand(count, generator=rng) ** 3 * 1.5
        shape = (count, DISPLACEMENTS, window.shape[2])
        window[:, :DISPLACEMENTS] += grain.view(-1, 1, 1) * torch.randn(shape, generator=rng)
        # a second difference of white noise has √6 times its deviation, a pair's mean length 1.25
        noise = torch.hypot(noise * size.view(-1, 1), 3.07 * grain.view(-1, 1))
        return Batch(window, noise, batch.truth, batch.ages)

    def epoch(
        self, batch: int, share: float, rng: np.random.Generator, others: NDArray[np.int64],
        weights: NDArray[np.float64] | None = None,
    ) -> Iterator[NDArray[np.int64]]:  # fmt: skip
        """Every yes once, beside others drawn by their weights, so that yes has its share."""
        yes = rng.permutation(self.yes)
        per = max(1, round(batch * share))
        for start in range(0, len(yes), per):
            chosen = yes[start : start + per]
            drawn = rng.choice(others, batch - len(chosen), p=weights)
            yield np.concatenate([chosen, drawn])
