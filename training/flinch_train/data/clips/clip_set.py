"""A clip set on disk, and the batches that training draws from it.

A folder with, for K clips: frames.npy (K, N, H, W, 3) and special.npy (K, 2, H, W, 3), uint8 RGB;
labels.npy (K,) places in ``LABELS``, valence.npy (K,) places in ``VALENCES``, units.npy (K, U) one
column for each of ``ACTION_UNITS``; -1 is unknown in all three. subjects.npy (K,) says whose face
it is. clips.json tells where the clips came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

# ImageNet, RGB in 0…1
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
SHIFT = 3  # pixels, the most that augmentation moves a crop
GRAINS = 1 << 20  # of noise, drawn once a batch: every clip takes another half of them
NOISE = 1.5  # grey levels, the most noise that augmentation adds (standard deviation)


@dataclass(frozen=True)
class ClipSet:
    """The arrays of a clip set's folder; the pictures are mapped."""

    frames: NDArray[np.uint8]
    special: NDArray[np.uint8]
    labels: NDArray[np.int64]
    valence: NDArray[np.int64]
    units: NDArray[np.int64]
    subjects: NDArray[np.int64]

    @staticmethod
    def open(folder: Path) -> "ClipSet":
        """Map a folder that ``flinch_train clips``, ``prepare`` or ``join`` wrote."""
        pictures = (
            np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("frames", "special")
        )
        facts = (
            np.load(folder / f"{name}.npy").astype(np.int64)
            for name in ("labels", "valence", "units", "subjects")
        )
        clip_set = ClipSet(*pictures, *facts)
        if len({len(array) for array in vars(clip_set).values()}) != 1:
            raise ValueError(f"{folder}: the arrays differ in length")
        return clip_set

    def some(self, rows: NDArray[np.int64]) -> "ClipSet":
        """Those of some rows, copied into memory."""
        return ClipSet(**{name: np.asarray(array[rows]) for name, array in vars(self).items()})

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
    mean, std = (torch.tensor(part, device=clip.device) * 255 for part in (MEAN, STD))
    return ((clip.float() - mean) / std).permute(0, 4, 1, 2, 3)


@dataclass(frozen=True)
class Change:
    """What happens to each of B clips: rows and columns (B, S) that are taken, gain, offset and
    level of noise (B, 1), and where in ``noise`` its grains begin (B, 1)."""

    down: Tensor
    right: Tensor
    gain: Tensor
    offset: Tensor
    level: Tensor
    starts: Tensor
    noise: Tensor

    def one_by_one(self, clips: Tensor) -> Tensor:
        """(B, N, S, S, 3): each stays in the cache of a processor."""
        moved = torch.empty_like(clips)
        for b in range(len(clips)):
            clip = clips[b].index_select(1, self.down[b]).index_select(2, self.right[b]).float()
            clip = clip * self.gain[b] + self.offset[b]
            start = int(self.starts[b])
            repeats = -(-clip.numel() // (GRAINS // 2))
            grain = self.noise[start : start + GRAINS // 2].repeat(repeats)[: clip.numel()]
            clip += grain.view_as(clip) * self.level[b]
            moved[b] = clip.round().clamp(0, 255).byte()
        return moved

    def at_once(self, clips: Tensor) -> Tensor:
        """The same, in the few large steps that a GPU wants."""
        which = torch.arange(len(clips), device=clips.device)[:, None, None]
        moved = clips.permute(0, 2, 3, 1, 4)[which, self.down[:, :, None], self.right[:, None]]
        moved = moved.permute(0, 3, 1, 2, 4).float()
        gain, offset, level = (x.view(-1, 1, 1, 1, 1) for x in (self.gain, self.offset, self.level))
        grains = torch.arange(clips[0].numel(), device=clips.device) % (GRAINS // 2)
        moved = moved * gain + offset + self.noise[self.starts + grains].view_as(moved) * level
        return moved.round().clamp(0, 255).byte()


def augment(frames: Tensor, special: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """One mirror, shift, gain and offset a clip, and noise of its own a frame; uint8 → uint8.

    All frames of a clip get the same, for the model is to see what moves between them. The third
    value (B,) says which clips were mirrored. Everything happens, and stays, on the device of
    ``rng``.
    """
    device = rng.device
    both = torch.cat([frames, special], dim=1).to(device)
    count, size = len(both), both.shape[2]
    flipped = torch.rand(count, generator=rng, device=device) < 0.5
    shift = torch.randint(-SHIFT, SHIFT + 1, (2, count, 1), generator=rng, device=device)
    gain, offset, level = torch.rand((3, count, 1), generator=rng, device=device)
    down, right = (torch.arange(size, device=device) + shift).clamp(0, size - 1)
    right = torch.where(flipped[:, None], right.flip(1), right)
    noise = torch.randn(GRAINS, generator=rng, device=device)
    starts = torch.randint(0, GRAINS // 2, (count, 1), generator=rng, device=device)
    change = Change(
        down, right, 0.8 + 0.4 * gain, 40 * (offset - 0.5), NOISE * level, starts, noise
    )
    moved = change.one_by_one(both) if device.type == "cpu" else change.at_once(both)
    return moved[:, : frames.shape[1]], moved[:, frames.shape[1] :], flipped
