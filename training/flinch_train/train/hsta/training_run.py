"""One training run: everything that a checkpoint holds, and the loop over it."""

import copy
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

from flinch_train.data.clips.clip_set import augment, normalise
from flinch_train.data.clips.ingredients import Ingredients
from flinch_train.data.clips.moving import Moving
from flinch_train.data.labels import LABELS
from flinch_train.model.graph.read_back import flows_in, read_graph
from flinch_train.model.hsta import Config, HeadOutputs, Hsta, config
from flinch_train.model.special_flow import DenseFlow, as_frames, augment_flow, moments_of
from flinch_train.model.start import see_differences
from flinch_train.model.weights import load_run
from flinch_train.train.hsta.early import EarlyOptions, train_early
from flinch_train.train.hsta.judge import special_data
from flinch_train.train.hsta.losses import WEIGHTS, BatchGoals, losses, motion_loss, smoothed
from flinch_train.train.hsta.material import FLOWS, Blocks, Held, Material
from flinch_train.train.hsta.run_log import EVERY, Log
from flinch_train.train.hsta.schedule import epoch_order, follow, learning_rate, parameter_groups
from flinch_train.train.hsta.settings import TrainSettings
from flinch_train.train.hsta.workers import Workers

CLIP_NORM = 1.0


def first_weights(start: Path, cfg: Config) -> dict[str, Tensor]:
    """Those of a run's folder, or of an exported graph; flows new to it begin without weight."""
    if start.suffix == ".onnx":
        weights = read_graph(start, replace(cfg, flows=flows_in(start, cfg)))
    else:
        weights = load_run(start)[0].state_dict()
    kernel = weights["embed_special.proj.weight"]  # (d, C, t, p, p)
    lacking = cfg.channels(0) - kernel.shape[1]
    if lacking > 0:
        weights["embed_special.proj.weight"] = F.pad(kernel, (0, 0, 0, 0, 0, 0, 0, lacking))
    return weights


class Learner(nn.Module):
    """The model, and beside it the head that is thrown away: 288 features → what moved."""

    def __init__(self, cfg: Config, targets: int) -> None:
        super().__init__()
        self.model = Hsta(cfg)
        self.motion = nn.Linear(sum(cfg.widths), targets) if targets else None

    def forward(self, frames: Tensor, special: Tensor) -> tuple[HeadOutputs, Tensor | None]:
        """Normalised clips → what the heads say and, where it is learned, motion (B, T)."""
        features = self.model.features(frames, special)
        motion = self.motion(features) if self.motion is not None else None
        return self.model.say(features), motion


class Training:
    """One run: everything that a checkpoint holds, and the loop over it."""

    def __init__(
        self,
        args: TrainSettings,
        material: Material,
        workers: Workers,
        blocks: Blocks | None = None,
    ) -> None:
        """``blocks``: what the epochs after the first learn from; else all learn from the same."""
        self.args, self.workers, self.blocks = args, workers, blocks
        self.moving: Moving | None = None
        if args.moving:
            self.moving = Moving(Ingredients.open(args.moving), workers.device)
            flows = FLOWS.get(args.special, 1)
            self.see = DenseFlow(args.size, flows).to(workers.device).half_size
        self.take(0, material)
        if len(self.clip_set) < args.batch:
            raise SystemExit(f"{len(self.clip_set)} clips are less than a batch of {args.batch}")
        cfg = config(args.variant, args.size, len(LABELS), args.special, heads=True)
        cfg = replace(cfg, dropout=args.dropout, drop_path=args.drop_path)
        torch.manual_seed(args.seed)
        self.learner = Learner(cfg, self.targets.values.shape[1] if self.targets else 0)
        rows = np.random.default_rng(args.seed).permutation(len(self.clip_set))[:192]
        frames, special = self.clip_set.clips(np.sort(rows))
        see_differences(self.learner.model, normalise(frames), special_data(cfg, frames, special))
        if args.start:
            self.learner.model.load_state_dict(first_weights(args.start, cfg))
        self.early()
        self.learner.model.embed_video.keep = args.keep_patches
        self.learner.to(workers.device)
        self.average = copy.deepcopy(self.learner)
        groups = parameter_groups(self.learner, cfg.layers, args.weight_decay, args.layer_decay)
        self.optimizer = torch.optim.AdamW(groups, lr=args.lr, fused=True)
        # of a batch, half is made anew where --moving says so
        self.drawn = args.batch // 2 if args.moving else args.batch
        self.per_epoch = len(self.clip_set) // self.drawn
        self.steps = args.epochs * self.per_epoch
        self.step = 0
        self.minutes = 0.0

    def take(self, epoch: int, material: Material) -> None:
        """What this epoch learns from."""
        self.epoch = epoch
        self.clip_set, self.targets = material.clip_set, material.targets
        self.goals = material.goals
        device = self.workers.device
        self.frames = Held(self.clip_set.frames, device)
        self.flow = None if material.flow is None else Held(material.flow, device)

    def early(self) -> None:
        """The first phase, once a run: what it leaves is kept in RUN/early.pt."""
        kept = self.args.out / "early.pt"
        if not self.args.early_epochs or self.args.resume:
            return
        if self.targets is None:
            raise SystemExit("--early-epochs needs --head: it learns what the simulator knows")
        model = self.learner.model
        if self.workers.first and not kept.exists():
            options = EarlyOptions(self.args.early_epochs, bf16=self.args.bf16, seed=self.args.seed)
            quiet = self.args.quiet
            with (self.args.out / "log.jsonl").open("a") as log:
                train_early(model, self.special, self.targets, options, learning_rate, quiet, log)
            torch.save(model.state_dict(), kept)
        self.workers.wait()
        model.load_state_dict(torch.load(kept, weights_only=True))

    def special(self, rows: NDArray, flipped: Tensor, rng: torch.Generator) -> Tensor:
        """Special data (B, 3, T, H, W) of some clips, mirrored where told."""
        if self.flow is not None:
            return augment_flow(self.flow.at(rows).float(), flipped, rng)
        special = normalise(torch.from_numpy(self.clip_set.special[rows]).to(rng.device))
        return torch.where(flipped.view(-1, 1, 1, 1, 1), special.flip(-1), special)

    def learn(
        self, rows: NDArray[np.int64], rng: torch.Generator, forward: Any
    ) -> dict[str, float]:
        """One step on one batch; gives back its losses, every few steps."""
        device = self.workers.device
        frames, data, flipped = self.pictures(rows, rng)
        goals = self.goals.at(rows, device)
        if self.moving is not None:
            more, flow, wanted = self.made(len(rows), rng)
            frames, data = torch.cat([frames, more]), torch.cat([data, flow])
            goals = goals.beside(wanted)
        for group in self.optimizer.param_groups:
            group["lr"] = self.args.lr * group["scale"] * learning_rate(self.step, self.steps)
        with torch.autocast(device.type, torch.bfloat16, enabled=self.args.bf16):
            outputs, motion = forward(normalise(frames), data)
        parts = losses(outputs, goals)
        loss = sum(
            (WEIGHTS[name] * part for name, part in parts.items()), torch.zeros((), device=device)
        )
        if self.targets is not None and motion is not None:
            targets = torch.from_numpy(self.targets.batch(rows, flipped.cpu().numpy())).to(device)
            parts["motion"] = motion_loss(motion[: len(rows)], targets)
            loss = loss + self.args.motion_weight * parts["motion"]
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.learner.parameters(), CLIP_NORM)
        self.optimizer.step()
        follow(self.average, self.learner, self.step)
        self.step += 1
        if device.type != "cpu" and self.step % EVERY:  # to read a number is to wait for the GPU
            return {}
        right = outputs.emotion[: len(rows)].argmax(1).cpu().numpy() == self.clip_set.labels[rows]
        return {name: float(part.detach()) for name, part in parts.items()} | {
            "acc": float(right.mean())
        }

    def pictures(
        self, rows: NDArray[np.int64], rng: torch.Generator
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Of some clips: varied frames, special data, and which were mirrored."""
        frames = self.frames.at(rows)
        if self.flow is not None:
            # The flow is mirrored and varied by itself; of the pictures only the frames are wanted.
            frames, _, flipped = augment(frames, frames[:, :0], rng)
            return frames, self.special(rows, flipped, rng), flipped
        frames, special, flipped = augment(
            frames, torch.from_numpy(self.clip_set.special[rows]), rng
        )
        return frames, normalise(special), flipped

    def made(self, count: int, rng: torch.Generator) -> tuple[Tensor, Tensor, BatchGoals]:
        """As many new clips: varied frames, special data, what is asked."""
        assert self.moving is not None
        made = self.moving.make(count, rng)
        frames, special, flipped = augment(made.frames, made.special, rng)
        if self.flow is None:
            data = normalise(special)
        else:
            with torch.no_grad():
                moments = moments_of(made.frames, made.special, self.learner.model.cfg.flows)
                flow = self.see(as_frames(moments))
            data = augment_flow(flow, flipped, rng)
        return frames, data, BatchGoals(smoothed(made.emotion), made.valence, made.units)

    def run(self) -> None:
        """All steps that are left, with a checkpoint every few minutes and at the end."""
        self.learner.train()
        forward = self.workers.share(self.learner)
        if self.args.compile:
            forward = torch.compile(forward)  # type: ignore[assignment]  # still called the same way
        begin = saved = time.monotonic()
        before = self.minutes
        quiet = self.args.quiet or not self.workers.first
        bar = tqdm(total=self.steps, initial=self.step, disable=quiet, mininterval=5)
        with Log(self.args.out, enabled=self.workers.first) as log:
            while self.step < self.steps:
                if self.blocks and self.step // self.per_epoch != self.epoch:
                    epoch = self.step // self.per_epoch
                    self.take(epoch, self.blocks(epoch))
                values = self.learn(self.rows(), self.rng(), forward)
                now = time.monotonic()
                self.minutes = before + (now - begin) / 60
                bar.update()
                if shown := log.add(self.step, self.minutes, values):
                    bar.set_postfix(shown, refresh=False)
                if now - saved > 60 * self.args.save_every:
                    self.save()
                    saved = now
        self.save()
        self.workers.wait()

    def rows(self) -> NDArray[np.int64]:
        """This process's clips of this step: from the numbers of epoch and step alone, so that a
        resumed run is the same run."""
        epoch, position = divmod(self.step, self.per_epoch)
        rng = np.random.default_rng([self.args.seed, epoch])
        order = epoch_order(self.clip_set.labels, self.args.balance, rng)
        batch = order[position * self.drawn : (position + 1) * self.drawn]
        return np.asarray(batch[self.workers.rank :: self.workers.count])

    def rng(self) -> torch.Generator:
        """Chance of this step's augmentation; dropout has PyTorch's own."""
        seed = (self.args.seed * 1_000_003 + self.step) * self.workers.count + self.workers.rank
        return torch.Generator(self.workers.device).manual_seed(seed)

    def save(self) -> None:
        """RUN/checkpoint.pt, whole or not at all."""
        if not self.workers.first:
            return
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
        state = torch.load(
            self.args.out / "checkpoint.pt", map_location=self.workers.device, weights_only=True
        )
        self.step, self.minutes = state["step"], state["minutes"]
        self.learner.load_state_dict(state["learner"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
