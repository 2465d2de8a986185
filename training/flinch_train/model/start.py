"""Where training starts: patch embeddings that already see what changes between two frames.

From random kernels a ViT first has to find out that two nearly equal pictures differ, which takes
longer than learning what the difference means. Here most kernels start as smooth patterns (the
lowest discrete cosines) of the *difference* of the two frames, some as the same of their mean, the
rest stays random; gains are set on clips, so that tokens start out as large as the positions
(data-dependent initialisation: Mishkin and Matas, arXiv 1511.06422). The architecture is untouched.
"""

import math

import torch
from torch import Tensor

from flinch_train.model.hsta import Hsta, SpaceTimeEmbedding

DIFFERENCE_SHARE, MEAN_SHARE = 0.6, 0.25  # of the kernels
DIFFERENCE_SIZE, MEAN_SIZE = 1.0, 0.3  # standard deviation of what they give, on real clips


def cosines(patch: int, count: int) -> Tensor:
    """The ``count`` lowest two-dimensional discrete cosines (count, patch, patch), unit norm."""
    step = (torch.arange(patch) + 0.5) * math.pi / patch
    waves = torch.stack([torch.cos(k * step) for k in range(patch)])
    waves = waves / waves.norm(dim=1, keepdim=True)
    order = sorted((u * u + v * v, u, v) for u in range(patch) for v in range(patch))
    return torch.stack([torch.outer(waves[u], waves[v]) for _, u, v in order[:count]])


@torch.no_grad()
def see_differences(model: Hsta, frames: Tensor, special: Tensor) -> None:
    """Set both embeddings; normalised clips (B, 3, N, H, W) and (B, 3, 2, H, W) set the gains."""
    for embed, clips in ((model.embed_special, special), (model.embed_video, frames)):
        if embed.proj.weight.shape[2] == 2:
            _set_kernels(embed, clips)


def _set_kernels(embed: SpaceTimeEmbedding, clips: Tensor) -> None:
    weight = embed.proj.weight  # (d, 3, 2, p, p)
    width, _, _, patch, _ = weight.shape
    start = 0
    for share, size, signs in (
        (DIFFERENCE_SHARE, DIFFERENCE_SIZE, (-1.0, 1.0)),
        (MEAN_SHARE, MEAN_SIZE, (1.0, 1.0)),
    ):
        count = min(int(share * width), patch * patch)
        rows = slice(start, start + count)
        pattern = cosines(patch, count)
        for t, sign in enumerate(signs):
            weight[rows, :, t] = sign * pattern[:, None]  # the same in every colour
        embed.proj.bias[rows] = 0.0  # type: ignore[index]
        given = embed.proj(clips)[:, rows]
        # a robust deviation: a blink or a moving outline must not set the gain of all
        spread = given.abs().flatten(2).transpose(0, 1).flatten(1).quantile(0.8, dim=1)
        weight[rows] *= (size / spread.clamp_min(1e-3))[:, None, None, None, None]
        start += count
