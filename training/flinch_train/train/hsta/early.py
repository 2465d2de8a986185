"""The first phase of training: the special stream alone, at a sixth of the whole model's cost.

A transformer learns from a clip's label alone what moved only after very many clips. Here the CLS
token of the special stream is told which shapes of the face changed and which label that makes
likely, both known to the simulator. The heads for this are thrown away; the blocks keep what they
learned when both streams are joined.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from flinch_train.data.clips.targets import Targets
from flinch_train.model.hsta import Hsta
from flinch_train.train.hsta.losses import motion_loss, soft_cross_entropy

WEIGHTS = {"motion": 10.0, "label": 1.0}

# clips by row, which of them to mirror, randomness → special data (B, 3, T, H, W)
SpecialBatches = Callable[[NDArray[np.int64], Tensor, torch.Generator], Tensor]


class EarlyLearner(nn.Module):
    """Embedding and USTA blocks of the special stream, without CSTA; heads on its CLS token."""

    def __init__(self, model: Hsta, targets: int) -> None:
        super().__init__()
        width, cfg = model.cfg.widths[0], model.cfg
        self.embed = model.embed_special
        self.blocks = nn.ModuleList(block for layer in model.layers for block in layer.special)  # type: ignore[union-attr]
        self.norm = model.norm_special
        self.motion = nn.Linear(width, targets)
        self.label = nn.Linear(width, cfg.classes)

    def forward(self, special: Tensor) -> tuple[Tensor, Tensor]:
        """Special data (B, 3, T, H, W) → motion (B, targets), logits (B, C)."""
        x = self.embed(special)
        for block in self.blocks:
            x = block(x)
        cls = self.norm(x[:, 0])
        return self.motion(cls), self.label(cls)


@dataclass(frozen=True)
class EarlyOptions:
    """Of the first phase alone."""

    epochs: int
    batch: int = 64
    lr: float = 1e-3
    weight_decay: float = 0.05
    bf16: bool = False
    seed: int = 0


def train_early(
    model: Hsta,
    special: SpecialBatches,
    targets: Targets,
    options: EarlyOptions,
    schedule: Callable[[int, int], float],
    quiet: bool = False,
    log: TextIO | None = None,
) -> None:
    """Teach the special stream of ``model``, in place."""
    learner = EarlyLearner(model, targets.values.shape[1]).train()
    optimizer = torch.optim.AdamW(
        learner.parameters(), lr=options.lr, weight_decay=options.weight_decay, fused=True
    )
    count = len(targets.values)
    per_epoch = count // options.batch
    steps = options.epochs * per_epoch
    shown: dict[str, float] = {}
    bar = tqdm(range(steps), desc="special stream", disable=quiet, mininterval=5)
    for step in bar:
        epoch, position = divmod(step, per_epoch)
        order = np.random.default_rng([options.seed, epoch]).permutation(count)
        rows = np.sort(order[position * options.batch : (position + 1) * options.batch])
        rng = torch.Generator().manual_seed(options.seed * 1_000_003 + step)
        flipped = torch.rand(len(rows), generator=rng) < 0.5
        motion = torch.from_numpy(targets.batch(rows, flipped.numpy()))
        for group in optimizer.param_groups:
            group["lr"] = options.lr * schedule(step, steps)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bf16):
            predicted_motion, logits = learner(special(rows, flipped, rng))
        losses = {
            "motion": motion_loss(predicted_motion, motion, F.mse_loss),
            "label": soft_cross_entropy(
                logits.float(), torch.from_numpy(targets.shares.emotion[rows])
            ),
        }
        optimizer.zero_grad(set_to_none=True)
        sum(WEIGHTS[k] * v for k, v in losses.items()).backward()  # type: ignore[union-attr]
        nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimizer.step()
        for key, value in losses.items():
            shown[key] = 0.95 * shown.get(key, value.item()) + 0.05 * value.item()
        bar.set_postfix({k: f"{v:.3f}" for k, v in shown.items()}, refresh=False)
        if log is not None and step % 20 == 0:
            print(json.dumps({"early": step, "of": steps, **shown}), file=log, flush=True)
