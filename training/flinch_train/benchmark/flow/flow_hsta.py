"""HSTA on flow alone: the network, and how it learns from simulated and from real flow."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from tqdm import tqdm

from flinch_train.benchmark.flow.streams import SIZE, streams, vary
from flinch_train.data.flow.real import Flows
from flinch_train.data.flow.teacher import Teacher
from flinch_train.data.labels import ACTION_UNITS, VALENCES
from flinch_train.model.hsta import Config, HeadOutputs, Hsta
from flinch_train.model.special_flow import mirrored
from flinch_train.model.weights import device_of

# The widths of a CPU: two fifths of HSTA tiny's multiply-adds at this size.
REDUCED = Config(
    widths=(96, 64),
    heads=4,
    layers=4,
    blocks=(1, 1),
    size=SIZE,
    patches=(8, 8),
    frames=(1, 6),
    classes=len(VALENCES),
    units=len(ACTION_UNITS),
    dropout=0.1,
    drop_path=0.05,
)
PARTS = ("both", "special", "video", "no-csta")  # what of HSTA may read


class FlowHsta(nn.Module):
    """Standard flow (B, 3, 28, 28) → what the heads say; ``emotion`` holds the three valences.

    ``parts`` leaves something out for an ablation: the video stream, the special stream, or CSTA.
    """

    def __init__(self, face: Tensor, cfg: Config = REDUCED, parts: str = "both") -> None:
        super().__init__()
        self.hsta = Hsta(cfg)
        self.parts = parts
        self.face: Tensor
        self.register_buffer("face", face, persistent=False)

    def forward(self, flow: Tensor) -> HeadOutputs:
        """Logits: valences (B, 3), none, action units (B, U)."""
        return self.hsta.say(self.features(flow))

    def features(self, flow: Tensor) -> Tensor:
        """Both CLS tokens (B, d0 + d1), zeros where a part is left out."""
        video, special = streams(flow, self.face, self.hsta.cfg.frames[1])
        if self.parts == "both":
            return self.hsta.features(video, special)
        hsta = self.hsta
        cls = []
        for name, data, embed, norm in (
            ("special", special, hsta.embed_special, hsta.norm_special),
            ("video", video, hsta.embed_video, hsta.norm_video),
        ):
            if self.parts not in (name, "no-csta"):
                cls.append(flow.new_zeros(len(flow), norm.normalized_shape[0]))
                continue
            x = embed(data)
            for layer in hsta.layers:
                x = getattr(layer, name)(x)
            cls.append(norm(x[:, 0]))
        return torch.cat(cls, dim=1)


@dataclass(frozen=True)
class Options:
    """Of one phase of learning."""

    epochs: int
    lr: float
    batch: int = 64
    weight_decay: float = 0.05
    units: float = 1.0  # weight of the action units' loss
    seed: int = 0
    quiet: bool = True


def rate(step: int, steps: int) -> float:
    """Share of the peak: a warm-up over a twentieth, then a cosine to a hundredth."""
    warm = max(1, steps // 20)
    return min(1.0, (step + 1) / warm) * (0.505 + 0.495 * float(np.cos(np.pi * step / steps)))


@dataclass(frozen=True)
class Lesson:
    """Flow (K, 3, 28, 28), who says which valence is seen in it, and units (K, U) or nothing."""

    flow: Flows
    teacher: Teacher
    units: NDArray[np.int64] | None = None

    def loss(
        self, model: FlowHsta, rows: NDArray[np.int64], options: Options, rng: torch.Generator
    ) -> Tensor:
        """Of one batch of varied copies."""
        varied, _ = vary(self.flow[rows], rng)
        outputs = model(varied)
        device = varied.device
        loss = F.cross_entropy(outputs.emotion, self.teacher.to(device)(varied))
        if self.units is None:
            return loss
        wanted = torch.from_numpy(self.units[rows]).float().to(device)
        return loss + options.units * F.binary_cross_entropy_with_logits(outputs.units, wanted)


def learn(
    model: FlowHsta,
    lesson: Lesson,
    options: Options,
    after_epoch: Callable[[], None] | None = None,
    beside: Lesson | None = None,
) -> None:
    """Train in place, where the model is.

    With every batch, another half as large is drawn from ``beside``. That keeps a network from
    forgetting what it learned from many simulated faces while it learns from few real ones.
    """
    rng = torch.Generator(device_of(model)).manual_seed(options.seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=options.lr, weight_decay=options.weight_decay, fused=True
    )
    count = len(lesson.flow)
    per_epoch = -(-count // options.batch)
    steps = options.epochs * per_epoch
    model.train()
    for step in tqdm(range(steps), disable=options.quiet, mininterval=5, desc="flow"):
        if step % per_epoch == 0:
            order = torch.randperm(count, generator=rng, device=rng.device).cpu().numpy()
        rows = order[(step % per_epoch) * options.batch :][: options.batch]
        for group in optimizer.param_groups:
            group["lr"] = options.lr * rate(step, steps)
        loss = lesson.loss(model, rows, options, rng)
        if beside is not None:
            size = (options.batch // 2,)
            others = torch.randint(len(beside.flow), size, generator=rng, device=rng.device)
            loss = loss + beside.loss(model, others.cpu().numpy(), options, rng)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if after_epoch is not None and (step + 1) % per_epoch == 0:
            after_epoch()
            model.train()


def pretrained(
    face: Tensor,
    lesson: Lesson,
    options: Options,
    cfg: Config,
    parts: str = "both",
    device: str = "cpu",
) -> FlowHsta:
    """A network that has seen nothing but simulated flow, on the CPU whatever trained it."""
    torch.manual_seed(options.seed)
    model = FlowHsta(face, cfg, parts).to(device)
    learn(model, lesson, options)
    lesson.teacher.to(torch.device("cpu"))  # folds take it to other processes
    return model.cpu().eval()


@torch.no_grad()
def say(model: FlowHsta, flow: Flows, batch: int = 128) -> NDArray[np.float64]:
    """Valence probabilities (K, 3), the mean over each picture and its mirror image."""
    model.eval()
    found = []
    for start in range(0, len(flow), batch):
        plain = torch.from_numpy(flow[start : start + batch]).to(device_of(model))
        both = [model(x).emotion.softmax(1) for x in (plain, mirrored(plain))]
        found.append((both[0] + both[1]) / 2)
    return torch.cat(found).double().cpu().numpy()
