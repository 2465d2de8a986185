"""HSTA: hierarchical space-time attention over two token streams.

Hao et al., "Hierarchical Space-Time Attention for Micro-Expression Recognition",
arXiv 2405.03202 (2024). Written from the paper. Two streams run side by side: *video*, N frames of
the expression in order, and *special*, its onset and apex (or the flow between them). USTA attends
within a stream, over space and time at once; CSTA lets the CLS token of each stream read the
other's patches. K layers of both are stacked, and the two CLS tokens together give the class.

Letters in shapes: B clips, C colours, N frames, H = W = size, L tokens of a stream (CLS first),
d its width, i and j one stream and the other.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from flinch_train.data.labels import ACTION_UNITS, VALENCES

LN_EPS = 1e-6
MLP_RATIO = 4
TEMPORAL_KERNEL = 2  # frames that one token covers


@dataclass(frozen=True)
class Config:
    """Everything that shapes the network; the pairs are (special, video)."""

    widths: tuple[int, int]
    heads: int
    layers: int = 4
    blocks: tuple[int, int] = (1, 2)  # USTA blocks a layer
    size: int = 224  # pixels
    patches: tuple[int, int] = (12, 16)  # pixels
    frames: tuple[int, int] = (2, 6)  # special: 2 = onset and apex, 1 = flow
    flows: int = 1  # where the special data is flow: 1 onset → apex, 3 the return as well
    classes: int = 7
    valences: int = 0  # of a second head, none in the paper: negative, positive, surprise
    units: int = 0  # of a third head, none in the paper: action units, each on its own
    # 224 is no multiple of 12: with this, the middle 216 × 216 go in; without, it is an error
    crop_to_patch: bool = False
    dropout: float = 0.2
    drop_path: float = 0.2

    def grid(self, stream: int) -> tuple[int, int, int]:
        """Patches along (time, height, width) of a stream."""
        side, rest = divmod(self.size, self.patches[stream])
        if rest and not self.crop_to_patch:
            raise ValueError(
                f"size {self.size} is no multiple of patch {self.patches[stream]}: "
                f"choose another, or set crop_to_patch to lose {rest} pixels"
            )
        slices, odd = divmod(self.frames[stream], self.temporal_kernel(stream))
        if odd:
            raise ValueError(f"{self.frames[stream]} frames do not pair up")
        return slices, side, side

    def temporal_kernel(self, stream: int) -> int:
        """Frames that one token covers: two, or the only one."""
        return min(TEMPORAL_KERNEL, self.frames[stream])

    def channels(self, stream: int) -> int:
        """Planes of one frame: three colours, or three of every flow."""
        return 3 * self.flows if stream == 0 else 3

    def tokens(self, stream: int) -> int:
        """Length of a stream, its CLS token included."""
        return math.prod(self.grid(stream)) + 1


Variant = Literal["tiny", "small", "base"]
VARIANTS: dict[Variant, Config] = {
    "tiny": Config(widths=(96, 192), heads=3, crop_to_patch=True),
    "small": Config(widths=(192, 384), heads=6, crop_to_patch=True),
    "base": Config(widths=(384, 768), heads=12, crop_to_patch=True),
}


def config(
    variant: Variant,
    size: int = 224,
    classes: int = 7,
    special: str = "frames",
    heads: bool = False,
) -> Config:
    """A registered variant; sizes other than 224 have patches of 8 and 16, and no crop.

    ``special`` is "frames" (onset and apex), "flow" (u, v and strain between them) or "flows" (the
    same of onset → apex, apex → offset and onset → offset); ``heads`` adds those for valence and
    action units.
    """
    published = VARIANTS[variant]
    if heads:
        published = replace(published, valences=len(VALENCES), units=len(ACTION_UNITS))
    if special != "frames":
        flows = 3 if special == "flows" else 1
        published = replace(published, frames=(1, published.frames[1]), flows=flows)
    if size == published.size:
        return replace(published, classes=classes)
    return replace(published, size=size, classes=classes, patches=(8, 16), crop_to_patch=False)


def sinusoid(length: int, width: int) -> Tensor:
    """Fixed positions (1, length, width): sin on even columns, cos on odd ones."""
    column = torch.arange(width)
    rate = torch.pow(10000.0, -2.0 * (column // 2).double() / width)
    angle = torch.arange(length).double()[:, None] * rate
    return torch.where(column % 2 == 0, angle.sin(), angle.cos()).float()[None]


class DropPath(nn.Module):
    """Stochastic depth (Huang et al., arXiv 1603.09382): a branch left out, per clip."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """(B, …) → the same, some clips zero and the others scaled up."""
        if not self.training or self.rate == 0.0:
            return x
        keep = x.new_empty(x.shape[0], *[1] * (x.ndim - 1)).bernoulli_(1 - self.rate)
        return x * keep / (1 - self.rate)


def attend(q: Tensor, k: Tensor, v: Tensor, heads: int) -> tuple[Tensor, Tensor]:
    """Multi-head attention of (B, Lq, d) over (B, Lk, d); q is scaled by head_dim^-0.5.

    Gives back what was read (B, Lq, d) and with which weights (B, heads, Lq, Lk).
    """
    q, k, v = (t.reshape(*t.shape[:2], heads, -1).transpose(1, 2) for t in (q, k, v))
    # written out: on CPUs faster than the fused kernel, and plain MatMul and Softmax when exported
    weights = torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2), dim=-1)
    return (weights @ v).transpose(1, 2).flatten(2), weights


class SpaceTimeEmbedding(nn.Module):
    """Clip (B, C, N, H, W) → tokens (B, L, d): patches of (2, p, p), CLS first, plus positions."""

    def __init__(self, cfg: Config, stream: int) -> None:
        super().__init__()
        width, patch, self.grid = cfg.widths[stream], cfg.patches[stream], cfg.grid(stream)
        kernel = (cfg.temporal_kernel(stream), patch, patch)
        self.proj = nn.Conv3d(cfg.channels(stream), width, kernel, stride=kernel)
        self.cls = nn.Parameter(nn.init.trunc_normal_(torch.empty(1, 1, width), std=0.02))
        self.position: Tensor
        self.register_buffer("position", sinusoid(cfg.tokens(stream), width), persistent=False)
        self.drop = nn.Dropout(cfg.dropout)
        self.keep = 1.0  # share of the patches that a training step sees
        self.margin = (cfg.size - self.grid[1] * patch) // 2
        self.side = self.grid[1] * patch

    def forward(self, x: Tensor) -> Tensor:
        """Crop (only where the configuration allows it), project, flatten, prepend CLS."""
        if self.margin:
            end = self.margin + self.side
            x = x[..., self.margin : end, self.margin : end]
        patches = self.proj(x).flatten(2).transpose(1, 2)  # (B, t·h·w, d)
        tokens = torch.cat([self.cls.expand(x.shape[0], -1, -1), patches], dim=1)
        tokens = self.drop(tokens + self.position)
        return self.some(tokens) if self.training and self.keep < 1.0 else tokens

    def some(self, tokens: Tensor) -> Tensor:
        """CLS and some patches, others at every step (PatchDropout, Liu et al., arXiv 2208.07220).

        Neighbours say much the same, so a step costs less and learns almost as much.
        """
        patches = tokens.shape[1] - 1
        chosen = torch.randperm(patches, device=tokens.device)[: round(self.keep * patches)]
        return torch.cat([tokens[:, :1], tokens[:, 1:][:, chosen]], dim=1)


class Usta(nn.Module):
    """Unified space-time attention: a pre-norm ViT block over all tokens of one stream."""

    def __init__(self, width: int, heads: int, dropout: float, drop_path: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=LN_EPS)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.q_bias = nn.Parameter(torch.zeros(width))  # k has none: it would cancel in softmax
        self.v_bias = nn.Parameter(torch.zeros(width))
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=LN_EPS)
        self.fc1 = nn.Linear(width, MLP_RATIO * width)
        self.fc2 = nn.Linear(MLP_RATIO * width, width)
        self.drop = nn.Dropout(dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor) -> Tensor:
        """(B, L, d) → (B, L, d)."""
        q, k, v = self.qkv(self.norm1(x)).split(self.proj.in_features, dim=-1)
        y, _ = attend(q + self.q_bias, k, v + self.v_bias, self.heads)
        x = x + self.drop_path(self.drop(self.proj(y)))
        y = self.fc2(self.drop(F.gelu(self.fc1(self.norm2(x)))))
        return x + self.drop_path(self.drop(y))


class CrossRead(nn.Module):
    """One direction of CSTA: the CLS token of stream i reads the patches of stream j."""

    def __init__(self, width_i: int, width_j: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm_in = nn.LayerNorm(width_i, eps=LN_EPS)
        self.enter = nn.Linear(width_i, width_j)
        self.norm = nn.LayerNorm(width_j, eps=LN_EPS)
        self.q = nn.Linear(width_j, width_j)
        self.kv = nn.Linear(width_j, 2 * width_j)
        self.proj = nn.Linear(width_j, width_j)
        self.norm_out = nn.LayerNorm(width_j, eps=LN_EPS)
        self.leave = nn.Linear(width_j, width_i)

    def forward(self, cls_i: Tensor, patches_j: Tensor) -> tuple[Tensor, Tensor]:
        """(B, 1, d_i), (B, L_j − 1, d_j) → new CLS (B, 1, d_i), no residual to the old.

        The second value (B, L_j − 1) says how much each patch was read, heads averaged.
        """
        cls = self.enter(F.gelu(self.norm_in(cls_i)))
        tokens = self.norm(torch.cat([cls, patches_j], dim=1))
        k, v = self.kv(tokens).split(self.proj.in_features, dim=-1)
        read, weights = attend(self.q(tokens[:, :1]), k, v, self.heads)
        cls = cls + self.proj(read)
        return self.leave(F.gelu(self.norm_out(cls))), weights.mean(1)[:, 0, 1:]


class Csta(nn.Module):
    """Cross space-time attention: both directions at once; patches pass through unchanged."""

    def __init__(self, widths: tuple[int, int], heads: int) -> None:
        super().__init__()
        self.special = CrossRead(widths[0], widths[1], heads)
        self.video = CrossRead(widths[1], widths[0], heads)

    def forward(self, special: Tensor, video: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, L0, d0), (B, L1, d1) → the same with new CLS tokens.

        The third value (B, L1 − 1) is how much the special stream read of each video patch.
        """
        s, seen = self.special(special[:, :1], video[:, 1:])
        v, _ = self.video(video[:, :1], special[:, 1:])
        return torch.cat([s, special[:, 1:]], dim=1), torch.cat([v, video[:, 1:]], dim=1), seen


class Layer(nn.Module):
    """One level of the hierarchy: USTA blocks on each stream, then CSTA between them."""

    def __init__(self, cfg: Config, rates: tuple[list[float], list[float]]) -> None:
        super().__init__()
        self.special, self.video = (
            nn.Sequential(*[Usta(width, cfg.heads, cfg.dropout, rate) for rate in stream_rates])
            for width, stream_rates in zip(cfg.widths, rates, strict=True)
        )
        self.cross = Csta(cfg.widths, cfg.heads)

    def forward(self, special: Tensor, video: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(B, L0, d0), (B, L1, d1) → the same shapes, and what CSTA read (B, L1 − 1)."""
        crossed: tuple[Tensor, Tensor, Tensor] = self.cross(
            self.special(special), self.video(video)
        )
        return crossed


class HeadOutputs(NamedTuple):
    """What the heads say of clips, as logits; heads that a model lacks have no columns.

    emotion (B, classes), valence (B, 3), units (B, U): those of one action unit are on their own.
    """

    emotion: Tensor
    valence: Tensor
    units: Tensor


class Hsta(nn.Module):
    """The classifier: normalised frames and special data in, logits of all heads out."""

    def __init__(self, cfg: Config) -> None:
        super().__init__()
        self.cfg = cfg
        self.embed_special = SpaceTimeEmbedding(cfg, 0)
        self.embed_video = SpaceTimeEmbedding(cfg, 1)
        schedules = [drop_path_schedule(cfg, stream) for stream in (0, 1)]
        self.layers = nn.ModuleList(
            Layer(cfg, (schedules[0][k], schedules[1][k])) for k in range(cfg.layers)
        )
        self.norm_special = nn.LayerNorm(cfg.widths[0], eps=LN_EPS)
        self.norm_video = nn.LayerNorm(cfg.widths[1], eps=LN_EPS)
        self.head = nn.Linear(sum(cfg.widths), cfg.classes + cfg.valences + cfg.units)
        self.head_drop = nn.Dropout(cfg.dropout)
        self.apply(init_linear)
        nn.init.trunc_normal_(self.head.weight, std=0.02)  # start undecided

    def forward(self, frames: Tensor, special: Tensor) -> Tensor:
        """(B, 3, N, H, W) and (B, 3, 2, H, W), both normalised → logits (B, classes)."""
        return self.say(self.features(frames, special)).emotion

    def say(self, features: Tensor) -> HeadOutputs:
        """Both CLS tokens (B, d0 + d1) → the logits of every head."""
        outputs = self.head(self.head_drop(features))
        return HeadOutputs(
            *outputs.split([self.cfg.classes, self.cfg.valences, self.cfg.units], dim=1)
        )

    def features(self, frames: Tensor, special: Tensor) -> Tensor:
        """The same as ``forward`` takes → both CLS tokens (B, d0 + d1)."""
        return self.hierarchy(self.embed_special(special), self.embed_video(frames))[0]

    def look(self, frames: Tensor, special: Tensor) -> tuple[HeadOutputs, Tensor]:
        """The same → what the heads say, and where the model looked (B, N/2, h, w), sum 1.

        The map is how much the special stream's CLS read of each video patch, over all layers.
        """
        features, seen = self.hierarchy(self.embed_special(special), self.embed_video(frames))
        seen = seen / seen.sum(1, keepdim=True)
        return self.say(features), seen.reshape(-1, *self.cfg.grid(1))

    def hierarchy(self, special: Tensor, video: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens of both streams (B, L0, d0), (B, L1, d1) → both CLS tokens (B, d0 + d1).

        And how much each video patch was read, summed over the layers (B, L1 − 1).
        """
        seen = video.new_zeros(())
        for layer in self.layers:
            special, video, read = layer(special, video)
            seen = seen + read
        cls = [self.norm_special(special[:, 0]), self.norm_video(video[:, 0])]
        return torch.cat(cls, dim=1), seen


def drop_path_schedule(cfg: Config, stream: int) -> list[list[float]]:
    """Rates rising evenly from 0 to ``cfg.drop_path`` over a stream's blocks, one list a layer."""
    per_layer = cfg.blocks[stream]
    last = cfg.layers * per_layer - 1
    rates = [cfg.drop_path * i / last for i in range(last + 1)]
    return [rates[k * per_layer : (k + 1) * per_layer] for k in range(cfg.layers)]


def init_linear(module: nn.Module) -> None:
    """Truncated normal that keeps variance, and zero biases.

    The usual deviation of 0.02 suits widths around 1000; at 96 every block would start as nothing.
    """
    if isinstance(module, nn.Linear):
        nn.init.trunc_normal_(module.weight, std=module.in_features**-0.5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def parameters(model: nn.Module) -> int:
    """Number of learned parameters."""
    return sum(p.numel() for p in model.parameters())


def multiply_adds(cfg: Config) -> int:
    """Multiply-adds of one clip: convolutions, linear layers and both products of attention."""
    total = sum(cfg.widths) * (cfg.classes + cfg.valences + cfg.units)
    for i, j in ((0, 1), (1, 0)):
        d, length = cfg.widths[i], cfg.tokens(i)
        voxels = cfg.channels(i) * cfg.temporal_kernel(i) * cfg.patches[i] ** 2
        total += (length - 1) * voxels * d
        usta = length * (4 + 2 * MLP_RATIO) * d * d + 2 * length * length * d
        dj, lj = cfg.widths[j], cfg.tokens(j)  # CSTA: in and out, q and proj once; k, v for all
        csta = 2 * d * dj + 2 * dj * dj + lj * 2 * dj * dj + 2 * lj * dj
        total += cfg.layers * (cfg.blocks[i] * usta + csta)
    return total
