"""Where weights are, and those that a training run left."""

from pathlib import Path
from typing import Any

import torch
from torch import nn

from flinch_train.model.hsta import Config, Hsta


def device_of(model: nn.Module) -> torch.device:
    """Where a network's weights are."""
    return next(model.parameters()).device


def load_run(run: Path) -> tuple[Hsta, dict[str, Any]]:
    """The averaged weights of RUN/checkpoint.pt, and what else it says."""
    state = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    shape: dict[str, Any] = {
        k: tuple(v) if isinstance(v, list) else v for k, v in state["config"].items()
    }
    model = Hsta(Config(**shape))
    model.load_state_dict(state["model"])
    return model.eval(), state
