"""How the spotter learns: every expression of every reel, beside the hardest of the rest."""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from tqdm import tqdm

from flinch_train.spotting.net import SpotNet
from flinch_train.spotting.windows import Windows

HARD_POOL = 20_000  # windows that are judged to find the hard ones


@dataclass(frozen=True)
class Options:
    """Of one run; the last epoch counts."""

    epochs: int = 14
    lr: float = 2e-3
    batch: int = 256
    share: float = 0.25  # of every batch, windows at whose end an expression has just ended
    weight_decay: float = 0.02
    hard_from: int = 3  # epoch from which what is taken for an expression is drawn more often
    seed: int = 0
    quiet: bool = True


def learn(windows: Windows, options: Options) -> SpotNet:
    """A trained network."""
    torch.manual_seed(options.seed)
    rng, draw = torch.Generator().manual_seed(options.seed), np.random.default_rng(options.seed)
    net = SpotNet()
    optimizer = torch.optim.AdamW(
        net.parameters(), lr=options.lr, weight_decay=options.weight_decay, fused=True
    )
    per = max(1, round(options.batch * options.share))
    steps = options.epochs * -(-len(windows.yes) // per)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, options.lr, steps, pct_start=0.1)
    others, hard = windows.no, None
    for epoch in (bar := tqdm(range(options.epochs), disable=options.quiet, desc="epochs")):
        if epoch >= options.hard_from and epoch % 3 == 0:
            # A part of them, drawn anew each time: to judge all would cost more than to learn.
            pool = draw.choice(windows.no, min(len(windows.no), HARD_POOL), replace=False)
            taken = probabilities(net, windows, pool) + 0.01
            others, hard = pool, taken / taken.sum()
        net.train()
        losses = []
        for ends in windows.epoch(options.batch, options.share, draw, others, hard):
            batch = windows.varied(ends, rng)
            said = net(batch.window, batch.noise)
            loss = F.binary_cross_entropy_with_logits(said.logit, batch.truth)
            told = batch.truth == 1
            loss = loss + 0.5 * F.smooth_l1_loss(said.ages[told], batch.ages[told], beta=0.3)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.detach())
        bar.set_postfix(loss=f"{torch.stack(losses).mean():.3f}")
    return net.eval()


@torch.no_grad()
def probabilities(net: SpotNet, windows: Windows, ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of windows that end at these steps."""
    net.eval()
    found = []
    for start in range(0, len(ends), 2048):
        batch = windows.take(ends[start : start + 2048])
        found.append(net(batch.window, batch.noise).logit.sigmoid())
    return torch.cat(found).double().numpy()
