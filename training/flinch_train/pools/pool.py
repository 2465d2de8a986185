"""A pool of clips on disk, and the batches that training draws from it.

A folder with, for K clips: frames.npy (K, N, H, W, 3) and special.npy (K, 2, H, W, 3), uint8 RGB;
labels.npy (K,) places in ``LABELS``, valence.npy (K,) places in ``VALENCES``, units.npy (K, U) one
column for each of ``ACTION_UNITS``; -1 is unknown in all three. subjects.npy (K,) says whose face
it is. pool.json tells where the clips came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.model.hsta import MEAN, STD

SHIFT = 3  # pixels, the most that augmentation moves a crop
NOISE = 1.5  # grey levels, the most noise that augmentation adds (standard deviation)


@dataclass(frozen=True)
class Pool:
    """The arrays of a pool's folder; the pictures are mapped."""

    frames: NDArray[np.uint8]
    special: NDArray[np.uint8]
    labels: NDArray[np.int64]
    valence: NDArray[np.int64]
    units: NDArray[np.int64]
    subjects: NDArray[np.int64]

    @staticmethod
    def open(folder: Path) -> "Pool":
        """Map a folder that ``flinch_train clips``, ``prepare`` or ``join`` wrote."""
        pictures = (
            np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("frames", "special")
        )
        facts = (
            np.load(folder / f"{name}.npy").astype(np.int64)
            for name in ("labels", "valence", "units", "subjects")
        )
        pool = Pool(*pictures, *facts)
        if len({len(array) for array in vars(pool).values()}) != 1:
            raise ValueError(f"{folder}: the arrays differ in length")
        return pool

    def some(self, rows: NDArray[np.int64]) -> "Pool":
        """Those of some rows, copied into memory."""
        return Pool(**{name: np.asarray(array[rows]) for name, array in vars(self).items()})

    def __len__(self) -> int:
        """Number of clips."""
        return len(self.labels)

    def clips(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """frames (B, N, H, W, 3), special (B, 2, H, W, 3): uint8."""
        return torch.from_numpy(self.frames[rows]), torch.from_numpy(self.special[rows])

    def batches(self, size: int) -> Iterator[tuple[Tensor, Tensor]]:
        """All clips once, in order."""
        for start in range(0, len(self), size):
            yield self.clips(np.arange(start, min(start + size, len(self))))


def normalise(clip: Tensor) -> Tensor:
    """uint8 RGB (B, N, H, W, 3) → float (B, 3, N, H, W), ImageNet's mean and deviation."""
    mean, std = torch.tensor(MEAN) * 255, torch.tensor(STD) * 255
    return ((clip.float() - mean) / std).permute(0, 4, 1, 2, 3)


def augment(frames: Tensor, special: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """One mirror, shift, gain and offset a clip, and noise of its own a frame; uint8 → uint8.

    All frames of a clip get the same, for the model is to see what moves between them. The third
    value (B,) says which clips were mirrored.
    """
    both = torch.cat([frames, special], dim=1)
    size = both.shape[2]
    moved = torch.empty_like(both)
    rows = torch.arange(size)
    noise = torch.randn(1 << 20, generator=rng)
    flipped = torch.rand(len(both), generator=rng) < 0.5
    for b in range(len(both)):
        dy, dx = torch.randint(-SHIFT, SHIFT + 1, (2,), generator=rng).tolist()
        gain, offset, level = torch.rand(3, generator=rng).tolist()
        down, right = (rows + dy).clamp(0, size - 1), (rows + dx).clamp(0, size - 1)
        if flipped[b]:
            right = right.flip(0)
        clip = both[b][:, down][:, :, right].float()
        clip = clip * (0.8 + 0.4 * gain) + 40 * (offset - 0.5)
        start = int(torch.randint(0, 1 << 19, (1,), generator=rng))
        repeats = -(-clip.numel() // (1 << 19))
        grain = noise[start : start + (1 << 19)].repeat(repeats)[: clip.numel()]
        clip += grain.view_as(clip) * (NOISE * level)
        moved[b] = clip.round().clamp(0, 255).byte()
    return moved[:, : frames.shape[1]], moved[:, frames.shape[1] :], flipped
