"""HTNet: transformers inside areas of the face, and convolutions that join the areas.

Wang et al., "HTNet for micro-expression recognition", Neurocomputing 2024, arXiv 2307.14637. The
flow of four regions (both eyes, both corners of the lips), 14 × 14 each, makes one picture of
28 × 28. It is cut into patches, and these into 4 × 4 areas; transformer blocks attend within each
area on its own. An aggregation (3 × 3 convolution, layer norm, max-pooling) then halves the sides
and doubles the width, so that the next level has 2 × 2 areas, one for each region, and the last has
the face as one. The mean over its tokens gives the class.

Two things to know. The authors crop the regions around landmarks; flow alone has none, so here the
regions are the four quadrants of the aligned picture, and it goes in as it is. And with the
published patch of 7 pixels an area holds a single token at every level: attention then has nothing
to choose from, and only the aggregations carry anything from one place to another. A patch of 1
gives areas of 7 × 7 tokens; it is for those who want to see the attention work.

| variant | width | heads | blocks | parameters | multiply-adds |
|---|---|---|---|---|---|
| published | 256 | 3 | 2, 2, 10 | 139,582,982 | 214 million |
| small | 96 | 3 | 2, 2, 4 | 9,052,230 | 20 million |

Letters in shapes: B pictures, N areas of all pictures, L tokens of an area, d the width, and h, w
or side the tokens of the whole picture.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from flinch_train.benchmark.flow.rivals.recipe import CHANNELS, SIDE, Recipe

MLP_RATIO = 4


@dataclass(frozen=True)
class Config:
    """Everything that shapes the network; the width and the heads double with each level."""

    width: int
    heads: int
    blocks: tuple[int, ...]  # transformer blocks a level, lowest first
    patch: int = 7  # pixels
    classes: int = 3
    dropout: float = 0.0

    def grid(self, level: int) -> int:
        """Tokens along one side of the whole picture at a level, 0 the lowest."""
        return SIDE // self.patch // 2**level

    def areas(self, level: int) -> int:
        """Areas along one side that attend on their own at a level: 4, 2, 1."""
        return int(2 ** (len(self.blocks) - 1 - level))


VARIANTS = {
    "published": Config(width=256, heads=3, blocks=(2, 2, 10)),
    "small": Config(width=96, heads=3, blocks=(2, 2, 4)),
}


def split(x: Tensor, areas: int) -> Tensor:
    """Maps (B, h, w, d) → tokens of each area on its own (B·areas², h·w / areas², d)."""
    b, h, w, d = x.shape
    x = x.reshape(b, areas, h // areas, areas, w // areas, d)
    return x.permute(0, 1, 3, 2, 4, 5).reshape(b * areas**2, -1, d)


def join(x: Tensor, areas: int, side: int) -> Tensor:
    """The inverse: (B·areas², side² / areas², d) → (B, side, side, d)."""
    part = side // areas
    x = x.reshape(-1, areas, areas, part, part, x.shape[-1])
    return x.permute(0, 1, 3, 2, 4, 5).reshape(-1, side, side, x.shape[-1])


class Attention(nn.Module):
    """Self-attention within an area; heads that do not divide the width drop the remainder."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        inner = width // heads * heads
        self.qkv = nn.Linear(width, 3 * inner, bias=False)
        self.proj = nn.Linear(inner, width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(N, L, d) → (N, L, d)."""
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        weights = torch.softmax((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2), dim=-1)
        return self.drop(self.proj((self.drop(weights) @ v).transpose(1, 2).flatten(2)))


class Block(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads, dropout)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, MLP_RATIO * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(MLP_RATIO * width, width),
            nn.Dropout(dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, L, d) → (N, L, d)."""
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Level(nn.Module):
    """One level: positions, then transformer blocks in each area, which see no other area."""

    def __init__(self, cfg: Config, level: int) -> None:
        super().__init__()
        self.areas, self.side = cfg.areas(level), cfg.grid(level)
        width, heads = cfg.width * 2**level, cfg.heads * 2**level
        # one number a place, the same for every channel and every area
        self.position = nn.Parameter(torch.randn(1, (self.side // self.areas) ** 2, 1))
        self.blocks = nn.Sequential(
            *[Block(width, heads, cfg.dropout) for _ in range(cfg.blocks[level])]
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, side, side, d) → the same."""
        return join(self.blocks(split(x, self.areas) + self.position), self.areas, self.side)


class Aggregation(nn.Module):
    """Between levels: convolution across areas, layer norm, and max-pooling to half the side."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(width, 2 * width, 3, padding=1)
        self.norm = nn.LayerNorm(2 * width)
        self.pooling = nn.MaxPool2d(3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, h, w, d) → (B, h / 2, w / 2, 2 d)."""
        maps = self.norm(self.conv(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))
        pooled: Tensor = self.pooling(maps.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        return pooled


class Htnet(nn.Module):
    """Flow (B, 3, 28, 28) → logits (B, classes)."""

    def __init__(self, cfg: Config) -> None:
        super().__init__()
        last = len(cfg.blocks) - 1
        self.embed = nn.Conv2d(CHANNELS, cfg.width, cfg.patch, stride=cfg.patch)
        self.levels = nn.ModuleList(Level(cfg, level) for level in range(last + 1))
        self.aggregations = nn.ModuleList(
            Aggregation(cfg.width * 2**level) for level in range(last)
        )
        self.norm = nn.LayerNorm(cfg.width * 2**last)
        self.head = nn.Linear(cfg.width * 2**last, cfg.classes)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, 28, 28) → (B, classes)."""
        tokens = self.levels[0](self.tokens(x))
        for aggregation, level in zip(self.aggregations, self.levels[1:], strict=True):
            tokens = level(aggregation(tokens))
        logits: Tensor = self.head(self.norm(tokens).mean((1, 2)))
        return logits

    def tokens(self, x: Tensor) -> Tensor:
        """(B, 3, 28, 28) → patches side by side (B, 28 / patch, 28 / patch, width)."""
        maps: Tensor = self.embed(x)
        return maps.permute(0, 2, 3, 1)


def build(variant: str, classes: int = 3) -> Htnet:
    """A registered variant."""
    return Htnet(replace(VARIANTS[variant], classes=classes))


# as in the published code, which then keeps the best epoch of each test subject; we do not
PUBLISHED = Recipe("adam", lr=5e-5, batch=256, epochs=800)
# shorter, in smaller batches and larger steps: small has 96 % of all 369 samples, mirrored at
# random, right after 18 epochs, at a loss of 0.13
SHORT = Recipe("adam", lr=2e-4, batch=64, epochs=18)
