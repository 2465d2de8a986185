"""What a network says of a clip set, and how well: PyTorch in fp32, before any export."""

from dataclasses import asdict
from typing import Any

import torch
from torch import Tensor

from flinch_train.data.clips.clip_set import ClipSet, normalise
from flinch_train.model.hsta import Config, Hsta
from flinch_train.model.special_flow import DenseFlow, as_frames, moments_of
from flinch_train.model.weights import device_of
from flinch_train.train.scoring.priors import Shift
from flinch_train.train.scoring.scores import Logits, Truth, fitted_temperatures, report


@torch.no_grad()
def special_data(cfg: Config, frames: Tensor, special: Tensor) -> Tensor:
    """uint8 clips (B, N, H, W, 3), (B, 2, H, W, 3) → what the special stream of a model takes."""
    if cfg.frames[0] == 1:
        flow: Tensor = DenseFlow(cfg.size, cfg.flows)(
            as_frames(moments_of(frames, special, cfg.flows))
        )
        return flow
    return normalise(special)


@torch.no_grad()
def predict(model: Hsta, clip_set: ClipSet, batch: int = 64) -> Logits:
    """Logits of every head for every clip of a clip set, in fp32."""
    model.eval()
    device = device_of(model)
    outputs = [
        model.say(model.features(normalise(f).to(device), special_data(model.cfg, f, s).to(device)))
        for f, s in clip_set.batches(batch)
    ]
    return Logits(*(torch.cat(part).cpu().double().numpy() for part in zip(*outputs, strict=True)))


def evaluate(logits: Logits, clip_set: ClipSet, shift: Shift | None = None) -> dict[str, Any]:
    """Fit the temperatures on the first half of the validation clip set, report on the second.

    ``shift``: see there; export adds it to the model's bias.
    """
    shift = shift or Shift()
    logits = logits.shifted(shift)
    half = len(clip_set) // 2
    fit, test = slice(None, half), slice(half, None)
    temperatures = fitted_temperatures(logits.rows(fit), Truth.of(clip_set, fit))
    raw, truth = logits.rows(test), Truth.of(clip_set, test)
    return {
        "temperatures": asdict(temperatures),
        "shift": asdict(shift),
        "test": report(raw.over(temperatures), truth),
        "beforeCalibration": report(raw, truth),
    }
