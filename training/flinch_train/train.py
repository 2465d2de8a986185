"""train: HSTA on a pool of simulated clips, evaluated once, at the end, on other identities.

The last epoch is the one that counts; nothing is chosen by the validation pool. Its first half
fits the temperature, its second half is the test: no person is in both.
"""

import argparse
import copy
import json
import math
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from flinch_train.early import EarlyOptions, train_early
from flinch_train.hsta import VARIANTS, Config, Hsta, Said, config
from flinch_train.labels import LABELS
from flinch_train.losses import WEIGHTS, Goals, losses
from flinch_train.pool import Pool, augment, normalise
from flinch_train.scores import Logits, Temperatures, Truth, render, report
from flinch_train.special_flow import OnsetApexFlow, as_frames, augment_flow, cached_flow
from flinch_train.start import see_differences
from flinch_train.targets import Targets, motion_targets

EMA_DECAY = 0.998
CLIP_NORM = 1.0
WARM_UP = 0.05  # share of all steps
FINAL_RATE = 0.01  # of the peak learning rate


def arguments() -> argparse.ArgumentParser:
    """The options, every one with its unit."""
    parser = argparse.ArgumentParser(prog="flinch_train train", description=__doc__)
    parser.add_argument("--pool", type=Path, required=True, help="clips to learn from")
    parser.add_argument("--val-pool", type=Path, required=True, help="clips of other identities")
    parser.add_argument("--out", type=Path, required=True, help="folder for the run")
    parser.add_argument("--variant", choices=VARIANTS, default="tiny")
    parser.add_argument("--size", type=int, default=112, help="side of the crops, pixels")
    parser.add_argument("--special", choices=("frames", "flow"), default="flow")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--drop-path", type=float, default=0.05)
    parser.add_argument(
        "--layer-decay", type=float, default=1.0, help="1: the same rate everywhere"
    )
    parser.add_argument("--balance", action="store_true", help="draw every class equally often")
    parser.add_argument(
        "--head", type=Path, help="the morphable head: learn what moved as well, beside the label"
    )
    parser.add_argument("--motion-weight", type=float, default=10.0, help="of that second loss")
    parser.add_argument(
        "--early-epochs", type=int, default=0, help="first the special stream alone (with --head)"
    )
    parser.add_argument("--start", type=Path, help="a run whose weights to begin with")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products (AVX-512 BF16)")
    parser.add_argument("--compile", action="store_true", help="compile the training step")
    parser.add_argument("--resume", action="store_true", help="go on from RUN/checkpoint.pt")
    parser.add_argument("--save-every", type=float, default=5.0, help="minutes")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


class Learner(nn.Module):
    """The model, and beside it the head that is thrown away: 288 features → what moved."""

    def __init__(self, cfg: Config, targets: int) -> None:
        super().__init__()
        self.model = Hsta(cfg)
        self.motion = nn.Linear(sum(cfg.widths), targets) if targets else None

    def forward(self, frames: Tensor, special: Tensor) -> tuple[Said, Tensor | None]:
        """Normalised clips → what the heads say and, where it is learned, motion (B, T)."""
        features = self.model.features(frames, special)
        motion = self.motion(features) if self.motion is not None else None
        return self.model.say(features), motion


def learning_rate(step: int, steps: int) -> float:
    """Share of the peak: a straight warm-up, then a cosine down to FINAL_RATE."""
    warm = max(1, int(WARM_UP * steps))
    if step < warm:
        return (step + 1) / warm
    part = (step - warm) / max(1, steps - warm)
    return FINAL_RATE + (1 - FINAL_RATE) * 0.5 * (1 + math.cos(math.pi * part))


def parameter_groups(learner: Learner, decay: float, layer_decay: float) -> list[dict[str, Any]]:
    """Weights decay, biases, norms and tokens do not; deeper layers may learn faster."""
    last = learner.model.cfg.layers + 1
    groups: dict[tuple[int, bool], list[nn.Parameter]] = {}
    for name, parameter in learner.named_parameters():
        depth = last
        if name.startswith("model.layers."):
            depth = int(name.split(".")[2]) + 1
        elif name.startswith("model.embed"):
            depth = 0
        decays = parameter.ndim > 1 and not name.endswith("cls")
        groups.setdefault((depth, decays), []).append(parameter)
    return [
        {
            "params": members,
            "weight_decay": decay if decays else 0.0,
            "scale": layer_decay ** (last - depth),
        }
        for (depth, decays), members in groups.items()
    ]


def epoch_order(labels: NDArray[np.int64], balance: bool, rng: np.random.Generator) -> NDArray:
    """The clips of one epoch: each once, or as many drawn with every class equally likely."""
    if not balance:
        return rng.permutation(len(labels))
    weight = 1.0 / np.bincount(labels)[labels]
    return rng.choice(len(labels), len(labels), p=weight / weight.sum())


@torch.no_grad()
def follow(average: nn.Module, learner: nn.Module, step: int) -> None:
    """Move the averaged weights towards the current ones; fast at first."""
    decay = min(EMA_DECAY, (1 + step) / (10 + step))
    pairs = list(zip(average.parameters(), learner.parameters(), strict=True))
    torch._foreach_lerp_([a for a, _ in pairs], [b for _, b in pairs], 1 - decay)


@torch.no_grad()
def special_data(cfg: Config, special: Tensor) -> Tensor:
    """uint8 onset and apex (B, 2, H, W, 3) → what the special stream of a model takes."""
    if cfg.frames[0] == 1:
        flow: Tensor = OnsetApexFlow(cfg.size)(as_frames(special))
        return flow
    return normalise(special)


@torch.no_grad()
def predict(model: Hsta, pool: Pool, batch: int = 64) -> Logits:
    """Logits of every head for every clip of a pool, in fp32."""
    model.eval()
    said = [
        model.say(model.features(normalise(f), special_data(model.cfg, s)))
        for f, s in pool.batches(batch)
    ]
    return Logits(*(torch.cat(part).double().numpy() for part in zip(*said, strict=True)))


def evaluate(logits: Logits, pool: Pool) -> dict[str, Any]:
    """Fit the temperatures on the first half of the validation pool, report on the second."""
    half = len(pool) // 2
    fit, test = slice(None, half), slice(half, None)
    temperatures = Temperatures.fit(logits.rows(fit), Truth.of(pool, fit))
    raw, truth = logits.rows(test), Truth.of(pool, test)
    return {
        "temperatures": asdict(temperatures),
        "test": report(raw.over(temperatures), truth),
        "beforeCalibration": report(raw, truth),
    }


class Training:
    """One run: everything that a checkpoint holds, and the loop over it."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.pool = Pool.open(args.pool)
        self.targets: Targets | None = None
        if args.head:
            self.targets = motion_targets(self.pool, args.pool, args.head)
        cfg = config(args.variant, args.size, len(LABELS), args.special, heads=True)
        cfg = replace(cfg, dropout=args.dropout, drop_path=args.drop_path)
        self.goals = Goals.of(self.pool, self.targets.likely if self.targets else None)
        torch.manual_seed(args.seed)
        self.learner = Learner(cfg, self.targets.values.shape[1] if self.targets else 0)
        rows = np.random.default_rng(args.seed).permutation(len(self.pool))[:192]
        frames, special = self.pool.clips(np.sort(rows))
        self.flow = cached_flow(self.pool, args.pool) if args.special == "flow" else None
        see_differences(self.learner.model, normalise(frames), special_data(cfg, special))
        if args.start:
            kept = torch.load(args.start / "checkpoint.pt", weights_only=True)
            self.learner.model.load_state_dict(kept["model"])
        self.early()
        self.average = copy.deepcopy(self.learner)
        groups = parameter_groups(self.learner, args.weight_decay, args.layer_decay)
        self.optimizer = torch.optim.AdamW(groups, lr=args.lr, fused=True)
        self.per_epoch = len(self.pool) // args.batch
        self.steps = args.epochs * self.per_epoch
        self.step = 0
        self.minutes = 0.0

    def early(self) -> None:
        """The first phase, once a run: what it leaves is kept in RUN/early.pt."""
        kept = self.args.out / "early.pt"
        if not self.args.early_epochs or self.args.resume:
            return
        if self.targets is None:
            raise SystemExit("--early-epochs needs --head: it learns what the simulator knows")
        model = self.learner.model
        if not kept.exists():
            options = EarlyOptions(self.args.early_epochs, bf16=self.args.bf16, seed=self.args.seed)
            quiet = self.args.quiet
            with (self.args.out / "log.jsonl").open("a") as log:
                train_early(model, self.special, self.targets, options, learning_rate, quiet, log)
            torch.save(model.state_dict(), kept)
        model.load_state_dict(torch.load(kept, weights_only=True))

    def special(self, rows: NDArray, flipped: Tensor, rng: torch.Generator) -> Tensor:
        """Special data (B, 3, T, H, W) of some clips, mirrored where told."""
        if self.flow is not None:
            return augment_flow(torch.from_numpy(self.flow[rows]).float(), flipped, rng)
        special = normalise(torch.from_numpy(self.pool.special[rows]))
        return torch.where(flipped.view(-1, 1, 1, 1, 1), special.flip(-1), special)

    def learn(
        self, rows: NDArray[np.int64], rng: torch.Generator, forward: Any
    ) -> dict[str, float]:
        """One step on one batch; gives back its losses."""
        frames = torch.from_numpy(self.pool.frames[rows])
        if self.flow is not None:
            # The flow is mirrored and varied by itself; of the pictures only the frames are wanted.
            frames, _, flipped = augment(frames, frames[:, :0], rng)
            data = self.special(rows, flipped, rng)
        else:
            special = torch.from_numpy(self.pool.special[rows])
            frames, special, flipped = augment(frames, special, rng)
            data = normalise(special)
        for group in self.optimizer.param_groups:
            group["lr"] = self.args.lr * group["scale"] * learning_rate(self.step, self.steps)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.args.bf16):
            said, motion = forward(normalise(frames), data)
        parts = losses(said, self.goals, rows)
        loss = sum((WEIGHTS[name] * part for name, part in parts.items()), torch.zeros(()))
        values = {name: float(part.detach()) for name, part in parts.items()}
        right = said.emotion.argmax(1).numpy() == self.pool.labels[rows]
        values["acc"] = float(right.mean())
        if self.targets is not None and motion is not None:
            wanted = torch.from_numpy(self.targets.batch(rows, flipped.numpy()))
            second = F.smooth_l1_loss(motion.float(), wanted)
            values["motion"] = float(second.detach())
            loss = loss + self.args.motion_weight * second
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.learner.parameters(), CLIP_NORM)
        self.optimizer.step()
        follow(self.average, self.learner, self.step)
        self.step += 1
        return values

    def run(self) -> None:
        """All steps that are left, with a checkpoint every few minutes and after each epoch."""
        self.learner.train()
        forward = torch.compile(self.learner) if self.args.compile else self.learner
        begin = saved = time.monotonic()
        before = self.minutes
        history: dict[str, float] = {}
        bar = tqdm(total=self.steps, initial=self.step, disable=self.args.quiet, mininterval=5)
        with (self.args.out / "log.jsonl").open("a") as log:
            while self.step < self.steps:
                epoch, position = divmod(self.step, self.per_epoch)
                # from the epoch's and the step's number alone, so that a resumed run is the same
                order = epoch_order(
                    self.pool.labels,
                    self.args.balance,
                    np.random.default_rng([self.args.seed, epoch]),
                )
                rows = order[position * self.args.batch : (position + 1) * self.args.batch]
                rng = torch.Generator().manual_seed(self.args.seed * 1_000_003 + self.step)
                for key, value in self.learn(rows, rng, forward).items():
                    history[key] = 0.95 * history.get(key, value) + 0.05 * value
                now = time.monotonic()
                self.minutes = before + (now - begin) / 60
                bar.update()
                if self.step % 20 == 0:
                    bar.set_postfix({k: f"{v:.3f}" for k, v in history.items()}, refresh=False)
                    line = {"step": self.step, "minutes": round(self.minutes, 2), **history}
                    log.write(json.dumps(line) + "\n")
                    log.flush()
                if now - saved > 60 * self.args.save_every:
                    self.save()
                    saved = now
        self.save()

    def save(self) -> None:
        """RUN/checkpoint.pt, whole or not at all."""
        state = {
            "config": asdict(self.learner.model.cfg),
            "step": self.step,
            "steps": self.steps,
            "minutes": self.minutes,
            "learner": self.learner.state_dict(),
            "average": self.average.state_dict(),
            "model": self.average.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        partial = self.args.out / "checkpoint.pt.partial"
        torch.save(state, partial)
        partial.replace(self.args.out / "checkpoint.pt")

    def resume(self) -> None:
        """Go on where RUN/checkpoint.pt stands."""
        state = torch.load(self.args.out / "checkpoint.pt", weights_only=True)
        self.step, self.minutes = state["step"], state["minutes"]
        self.learner.load_state_dict(state["learner"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])


def about_pool(folder: Path) -> dict[str, Any]:
    """What a pool says about itself."""
    path = folder / "pool.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def main(argv: list[str]) -> int:
    """Train, evaluate, write RUN/checkpoint.pt and RUN/metrics.json."""
    args = arguments().parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    training = Training(args)
    if args.resume:
        training.resume()
    options = {k: str(v) if isinstance(v, Path) else v for k, v in vars(args).items()}
    for key in ("out", "resume", "quiet", "save_every", "pool", "val_pool", "head", "start"):
        options.pop(key)
    options["motionTargets"] = args.head is not None
    run = {"options": options, "pool": about_pool(args.pool), "valPool": about_pool(args.val_pool)}
    (args.out / "run.json").write_text(json.dumps(run, indent=2) + "\n", "utf-8")
    training.run()
    held_out = Pool.open(args.val_pool)
    result = evaluate(predict(training.average.model, held_out), held_out)
    result["minutes"] = round(training.minutes, 1)
    (args.out / "metrics.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(render(result["test"], result["beforeCalibration"], "clips of other people"))
    return 0
