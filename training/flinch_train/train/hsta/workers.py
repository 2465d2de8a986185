"""One process or several: what torchrun tells, and how their gradients meet."""

import os
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class Workers:
    """rank: this process among ``count``; device: where it computes."""

    rank: int
    count: int
    device: torch.device

    @staticmethod
    def join(device: str) -> "Workers":
        """From torchrun's environment, or alone. ``device``: "auto", "cpu" or "cuda".

        Raises:
            SystemExit: "cuda" where PyTorch finds no such device.
        """
        if device == "cuda" and not torch.cuda.is_available():
            raise SystemExit("--device cuda: PyTorch finds no CUDA device")
        cuda = device == "cuda" or (device == "auto" and torch.cuda.is_available())
        count = int(os.environ.get("WORLD_SIZE", "1"))
        place = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else None
        if count > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if cuda else "gloo")
        return Workers(int(os.environ.get("RANK", "0")), count, place or torch.device("cpu"))

    @property
    def first(self) -> bool:
        """Whether this one writes the logs and the checkpoints."""
        return self.rank == 0

    def share(self, learner: nn.Module) -> nn.Module:
        """The module whose backward pass averages gradients over all processes."""
        if self.count == 1:
            return learner
        # a head that no clip of a batch asks something has no gradient
        return DistributedDataParallel(learner, find_unused_parameters=True)

    def wait(self) -> None:
        """Until all are here."""
        if self.count > 1:
            dist.barrier()

    def leave(self) -> None:
        """At the end of the program."""
        if self.count > 1:
            dist.destroy_process_group()
