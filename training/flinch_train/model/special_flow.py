"""The special data as flow: (u, v, optical strain) between moments, made inside the network.

HSTA takes as special data either the onset and apex frames or the optical flow between them. On
real people the return counts as much as the rise: a smile that stays rises as fast. So the flow may
also be that from apex to offset and from onset to offset. It is a fixed part of the graph, so that
the daemon hands over pictures in every case: dense Lucas and Kanade (1981) on half-size brightness,
with the affine motion of the whole face (what is left of the head's movement) taken out by least
squares with constant weights. Every step is a convolution, a product or a matrix product, so that
TensorRT runs it.
"""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from flinch_train.data.clips.clip_set import ClipSet

WINDOW = 2.0  # pixels of the half-size picture
RIDGE = 0.004  # of the brightness gradient's power; flat skin moves little rather than wildly
GAIN = 1.6  # makes the motion of a typical micro-expression about 1
LIMIT = 3.0  # where a blink or a word saturates


def gaussian(sigma: float, radius: int) -> Tensor:
    """Normalised taps (2 * radius + 1,)."""
    taps = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / sigma) ** 2)
    return taps / taps.sum()


PAIRS = {1: ((0, 1),), 3: ((0, 1), (1, 2), (0, 2))}  # of onset, apex, offset, by Config.flows


class DenseFlow(nn.Module):
    """Frames (B, 3, K, H, W), RGB in 0…1 → (B, 3 P, 1, H, W).

    K: onset and apex, and the offset where P is three. Of each of P pairs u, v (soft-clipped) and
    strain.
    """

    small: Tensor
    local: Tensor
    window: Tensor
    soft: Tensor
    scharr: Tensor
    luma: Tensor
    affine: Tensor
    basis: Tensor

    def __init__(self, size: int, flows: int = 1) -> None:
        super().__init__()
        self.pairs = PAIRS[flows]
        self.size, side = size, size // 2
        self.side = side
        for name, taps in (
            ("small", gaussian(1.3, 3)),
            ("local", gaussian(7.0, 14)),
            ("window", gaussian(WINDOW, 5)),
            ("soft", gaussian(1.0, 2)),
        ):
            self.register_buffer(name, taps[None, None, None], persistent=False)
        scharr = torch.outer(torch.tensor([3.0, 10, 3]), torch.tensor([-1.0, 0, 1])) / 32 / 2
        self.register_buffer("scharr", torch.stack([scharr, scharr.T])[:, None], persistent=False)
        luma = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
        self.register_buffer("luma", luma, persistent=False)
        affine, basis = affine_projection(side)
        self.register_buffer("affine", affine, persistent=False)
        self.register_buffer("basis", basis, persistent=False)

    def smooth(self, x: Tensor, taps: Tensor, stride: int = 1) -> Tensor:
        """Separable filter with edge padding of one-channel pictures (B, 1, H, W)."""
        radius = taps.shape[-1] // 2
        x = F.conv2d(F.pad(x, (radius, radius, 0, 0), mode="replicate"), taps, stride=(1, stride))
        x = F.pad(x, (0, 0, radius, radius), mode="replicate")
        return F.conv2d(x, taps.transpose(2, 3), stride=(stride, 1))

    def plane(self, frame: Tensor) -> Tensor:
        """(B, 3, H, W) → (B, 1, H/2, W/2): brightness free of slow light and of gain."""
        small = self.smooth((frame * self.luma).sum(1, keepdim=True), self.small, stride=2)
        detail = small - self.smooth(small, self.local)
        return detail / (detail.square().mean((1, 2, 3), keepdim=True) + 1.5e-8).sqrt()

    def forward(self, special: Tensor) -> Tensor:
        """Flow at half size, repeated to the full size, for the embedding cuts whole patches."""
        half = self.half_size(special)
        return F.interpolate(half, size=(self.size, self.size), mode="nearest")[:, :, None]

    def half_size(self, special: Tensor) -> Tensor:
        """(B, 3 P, H/2, W/2): every pair's flow, one after the other."""
        planes = [self.plane(special[:, :, k]) for k in range(special.shape[2])]
        flows = [self.between(planes[first], planes[second]) for first, second in self.pairs]
        return torch.cat(flows, 1) if len(flows) > 1 else flows[0]

    def between(self, first: Tensor, second: Tensor) -> Tensor:
        """Planes (B, 1, h, w) of two moments → (B, 3, h, w).

        The 2 x 2 system of every pixel, less the affine part, and strain.
        """
        batch = int(first.shape[0])  # a number, not a node of the exported graph
        middle = F.pad((first + second) / 2, (1, 1, 1, 1), mode="replicate")
        g = F.conv2d(middle, self.scharr)
        gx, gy, change = g[:, :1], g[:, 1:], second - first
        products = torch.cat([gx * gx, gx * gy, gy * gy, gx * change, gy * change], 0)
        xx, xy, yy, xt, yt = self.smooth(products, self.window).split(batch, 0)
        xx, yy = xx + RIDGE, yy + RIDGE
        minus_determinant = xy * xy - xx * yy
        u, v = (yy * xt - xy * yt) / minus_determinant, (xx * yt - xy * xt) / minus_determinant
        flow = torch.cat([u, v], 1)
        flow = flow.clamp(-4.0, 4.0).view(batch, 2, self.side * self.side)
        flow = flow - (flow @ self.affine) @ self.basis
        planes = flow.view(2 * batch, 1, self.side, self.side)
        planes = LIMIT * torch.tanh(self.smooth(planes, self.soft) * (GAIN / LIMIT))
        flow = planes.view(batch, 2, self.side, self.side)
        slope = F.conv2d(F.pad(planes, (1, 1, 1, 1), mode="replicate"), self.scharr)
        slope = slope.view(batch, 2, 2, self.side, self.side) * 8.0
        ux, uy, vx, vy = slope[:, 0, 0], slope[:, 0, 1], slope[:, 1, 0], slope[:, 1, 1]
        strain = (ux * ux + vy * vy + 0.5 * (uy + vx) ** 2 + 1e-6).sqrt()[:, None]
        return torch.cat([flow, strain], 1)


def affine_projection(side: int) -> tuple[Tensor, Tensor]:
    """(P, 3) and (3, P): flow @ first @ second is its least-squares affine fit over the face."""
    ticks = (torch.arange(side, dtype=torch.float64) + 0.5) / side * 2 - 1
    y, x = torch.meshgrid(ticks, ticks, indexing="ij")
    weight = ((x / 0.75) ** 2 + ((y - 0.1) / 0.9) ** 2 < 1).double().flatten()
    basis = torch.stack([torch.ones_like(x), x, y]).flatten(1)
    normal = (basis * weight) @ basis.T
    projection = (basis * weight).T @ torch.linalg.inv(normal)
    return projection.float(), basis.float()


def cached_flow(
    clip_set: ClipSet, folder: Path, flows: int = 1, device: torch.device | None = None
) -> NDArray[np.float16]:
    """(K, 3 P, H/2, W/2) of every clip of a set; made once and kept in the set's folder."""
    file = folder / ("special_flow.npy" if flows == 1 else f"special_flow{flows}.npy")
    if file.exists():
        kept: NDArray[np.float16] = np.load(file)
        return kept
    flow = flow_of(clip_set, flows, device)
    np.save(file, flow)
    return flow


def flow_of(
    clip_set: ClipSet, flows: int = 1, device: torch.device | None = None
) -> NDArray[np.float16]:  # fmt: skip
    """(K, 3 P, H/2, W/2) of every clip of a clip set, computed on ``device``."""
    size = clip_set.special.shape[2]
    make = DenseFlow(size, flows).to(device)
    flow = np.zeros((len(clip_set), 3 * flows, size // 2, size // 2), np.float16)
    with torch.no_grad():
        for start in range(0, len(clip_set), 128):
            rows = slice(start, start + 128)
            frames, special = (
                torch.from_numpy(np.array(a[rows])) for a in (clip_set.frames, clip_set.special)
            )
            moments = moments_of(frames, special, flows).to(device)
            flow[rows] = make.half_size(as_frames(moments)).cpu().numpy()
    return flow


def moments_of(frames: Tensor, special: Tensor, flows: int) -> Tensor:
    """Clips (B, N, H, W, 3) and (B, 2, H, W, 3) → what ``flows`` flows lie between (B, K, H, W, 3).

    The frames go from onset to offset, so the last is the offset.
    """
    return special if flows == 1 else torch.cat([special, frames[:, -1:]], 1)


def as_frames(special: Tensor) -> Tensor:
    """uint8 RGB (B, K, H, W, 3) → (B, 3, K, H, W) in 0…1."""
    return special.permute(0, 4, 1, 2, 3).float() / 255


def mirrored(flow: Tensor) -> Tensor:
    """(B, 3 P, H, W) seen in a mirror: left and right change places, and every u its sign."""
    sign = flow.new_tensor([-1.0, 1.0, 1.0]).repeat(flow.shape[1] // 3)
    return flow.flip(3) * sign.view(1, -1, 1, 1)


def augment_flow(flow: Tensor, flipped: Tensor, rng: torch.Generator) -> Tensor:
    """Half-size flow (B, C, h, w) → special data (B, C, 1, 2h, 2w), mirrored where told.

    A mirror turns the sign of u; faces move by more or less, and a crop lies a little off. All
    happens on the device of ``rng``.
    """
    device = rng.device
    flow = flow.to(device)
    flow = torch.where(flipped[:, None, None, None], mirrored(flow), flow)
    flow = flow * (0.8 + 0.45 * torch.rand((len(flow), 1, 1, 1), generator=rng, device=device))
    down, right = torch.randint(-1, 2, (2,), generator=rng, device=device).tolist()
    flow = flow.roll((down, right), (2, 3))
    size = 2 * flow.shape[-1]
    return F.interpolate(flow, size=(size, size), mode="nearest")[:, :, None]
