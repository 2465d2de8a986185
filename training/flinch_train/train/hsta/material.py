"""What a run learns from: a clip set on disk, or block after block of a stream."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.shares import Shares
from flinch_train.data.clips.targets import Scale, Scenes, Targets, motion_targets
from flinch_train.model.special_flow import cached_flow, flow_of
from flinch_train.train.hsta.losses import Goals

FLOWS = {"flow": 1, "flows": 3}  # by --special
SCALED_BY = 1024  # scenes of a stream: they set by what its targets are divided


@dataclass(frozen=True)
class Material:
    """flow: of every clip, where that is the special data; targets: where what moved is learned."""

    clip_set: ClipSet
    flow: NDArray[np.float16] | None = None
    targets: Targets | None = None

    @property
    def goals(self) -> Goals:
        """What is asked of the heads."""
        return Goals.of(self.clip_set, self.targets.shares if self.targets else None)

    @staticmethod
    def open(folder: Path, special: str, head: Path | None = None) -> "Material":
        """A clip set on disk; its flow is made once and kept beside it."""
        clip_set = ClipSet.open(folder)
        flow = None if special == "frames" else cached_flow(clip_set, folder, FLOWS[special])
        return Material(clip_set, flow, motion_targets(clip_set, folder, head) if head else None)


class Held:
    """An array (K, …) of clips by its rows: on the GPU where it fits well, else where it lies."""

    def __init__(self, array: NDArray, device: torch.device) -> None:
        self._array = array
        self._tensor: Tensor | None = None
        if device.type == "cuda" and array.nbytes < torch.cuda.mem_get_info(device)[0] // 3:
            self._tensor = torch.from_numpy(np.array(array)).to(device)

    def at(self, rows: NDArray[np.int64]) -> Tensor:
        """(B, …) of some rows, wherever that is."""
        if self._tensor is None:
            return torch.from_numpy(self._array[rows])
        return self._tensor[torch.from_numpy(rows).to(self._tensor.device)]


Blocks = Callable[[int], Material]  # by number; each is asked for once, in order


def streamed(take: Callable[[int], ClipSet], scenes: Scenes, block: int, special: str) -> Blocks:
    """Material of a stream: ``take`` gives its clips, ``scenes`` say what moved in them."""
    names = list(scenes.habits.head.expression_names)
    scale = Scale.of(scenes.motion(SCALED_BY)[0], names)

    def material(number: int) -> Material:
        clip_set = take(number)
        values, _ = scenes.motion(len(clip_set), clip_set.labels, number * block)
        flow = None if special == "frames" else flow_of(clip_set, FLOWS[special])
        return Material(clip_set, flow, scale.targets(values, Shares.of(clip_set)))

    return material
