"""How the spotter learns: segments drawn anew in every step, from real and from simulated faces."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from flinch_train.model.spotter import SpotNet, Spotted
from flinch_train.train.spotter.segments import Batch, Segments

YES = 4.0  # an expression that has just ended weighs so many times as much
AGES = 0.3  # weight of the times
_NORM = 1.0


@dataclass(frozen=True)
class Options:
    """Of one run; the last step counts."""

    steps: int = 1500
    lr: float = 2e-3
    batch: int = 24
    weight_decay: float = 0.02
    seed: int = 0
    quiet: bool = True


def learn(segments: Segments, options: Options) -> SpotNet:
    """A trained network."""
    torch.manual_seed(options.seed)
    rng = np.random.default_rng(options.seed)
    net = SpotNet().train()
    optimizer = torch.optim.AdamW(
        net.parameters(), lr=options.lr, weight_decay=options.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, options.lr, options.steps, pct_start=0.1
    )
    for _ in (bar := tqdm(range(options.steps), disable=options.quiet, desc="steps")):
        batch = segments.batch(options.batch, rng)
        loss = loss_of(net(batch.window, batch.seen), batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), _NORM)
        optimizer.step()
        schedule.step()
        bar.set_postfix(loss=f"{float(loss.detach()):.3f}", refresh=False)
    return net.eval()


def loss_of(outputs: Spotted, batch: Batch) -> Tensor:
    """What was said of a batch against what was to be said."""
    weights = batch.counted * (1 + (YES - 1) * batch.truth)
    each = F.binary_cross_entropy_with_logits(outputs.logit, batch.truth, reduction="none")
    loss = (each * weights).sum() / weights.sum().clamp_min(1)
    told = (batch.truth * batch.counted)[:, None].expand_as(batch.ages) > 0
    if told.any():
        loss = loss + AGES * F.smooth_l1_loss(outputs.ages[told], batch.ages[told], beta=0.3)
    return loss
