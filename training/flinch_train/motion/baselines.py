"""What published spotters measure on aligned crops, as small graphs; for comparison, not for use.

`python -m flinch_train export-baselines --out ../bench` writes frame-difference.onnx, lbp.onnx and
main-direction.onnx. All cut the face into 6 × 6 blocks, row by row.

- Frame difference: mean absolute difference of grey, the plainest of all.
- LBP: Moilanen, Zhao and Pietikäinen, "Spotting rapid facial movements from videos using
  appearance-based feature difference analysis" (ICPR 2014): histograms of uniform local binary
  patterns, eight neighbours at a distance of one pixel.
- Main direction: Wang, Wu, Qian, Li and Fu, "A main directional maximal difference analysis for
  spotting facial movements from long-term videos" (Neurocomputing 230, 2017): the mean flow of the
  pixels that move in a block's most frequent direction, of eight. The flow is Flinch's own (dense
  Lucas and Kanade), where the paper uses a slower one.

Letters in shapes: B blocks (36).
"""

import argparse
import io
import math
import warnings
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from flinch_train.model.special_flow import OnsetApexFlow

CROP = 112
BLOCKS = 6
DIRECTIONS = 8
UNIFORM = 59  # 58 uniform patterns of eight bits, and one bin for all others
OPSET = 17
_LUMA = (0.114, 0.587, 0.299)  # of blue, green, red


def grey(crop: Tensor) -> Tensor:
    """uint8 (1, 112, 112, 3) BGR → (1, 1, 112, 112)."""
    return (crop.float() * torch.tensor(_LUMA)).sum(3, keepdim=True).permute(0, 3, 1, 2)


class FrameDifference(nn.Module):
    """Two crops → mean absolute difference of each block (B,), grey levels."""

    def forward(self, before: Tensor, now: Tensor) -> Tensor:
        away = (grey(now) - grey(before)).abs()[:, :, 2:110, 2:110]
        return F.avg_pool2d(away, 108 // BLOCKS).flatten()


def uniform_bins() -> Tensor:
    """(256,): the bin of every pattern; uniform ones change between 0 and 1 at most twice."""
    bins, found = [], 0
    for code in range(256):
        turned = ((code << 1) | (code >> 7)) & 255
        if (code ^ turned).bit_count() <= 2:
            bins.append(found)
            found += 1
        else:
            bins.append(UNIFORM - 1)
    return torch.tensor(bins)


class LocalBinaryPatterns(nn.Module):
    """A crop → histograms (B, 59), each of sum 1."""

    bins: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("bins", uniform_bins())

    def forward(self, now: Tensor) -> Tensor:
        picture = grey(now)
        centre = picture[:, :, 2:110, 2:110]
        ring = ((-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1))
        code = torch.zeros_like(centre)
        for bit, (down, right) in enumerate(ring):
            other = picture[:, :, 2 + down : 110 + down, 2 + right : 110 + right]
            code = code + (other >= centre).float() * 2**bit
        pattern = self.bins[code.long()]
        every = torch.arange(UNIFORM).view(1, UNIFORM, 1, 1)
        shares = F.avg_pool2d((pattern == every).float(), 108 // BLOCKS)
        return shares.flatten(2)[0].T


class MainDirection(nn.Module):
    """Two crops → mean flow of each block in its main direction (B, 2), pixels of half size."""

    towards: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.flow = OnsetApexFlow(CROP)
        turns = torch.arange(DIRECTIONS) * (2 * math.pi / DIRECTIONS)
        self.register_buffer("towards", torch.stack([turns.cos(), turns.sin()], 1))

    def forward(self, before: Tensor, now: Tensor) -> Tensor:
        frames = torch.stack([before, now], 1).flip(4).permute(0, 4, 1, 2, 3).float() / 255
        flow = self.flow.half_size(frames)[:, :2, 1:55, 1:55]
        along = torch.einsum("dc,bchw->bdhw", self.towards, flow)
        nearest = (along == along.amax(1, keepdim=True)).float()
        side = 54 // BLOCKS
        share = F.avg_pool2d(nearest, side)  # of a block's pixels, by direction
        main = (share == share.amax(1, keepdim=True)).float()
        main = main / main.sum(1, keepdim=True)
        moved = [F.avg_pool2d(nearest * flow[:, c : c + 1], side) for c in (0, 1)]
        mean = [(m / share.clamp_min(1e-6) * main).sum(1) for m in moved]
        return torch.stack(mean, 3).reshape(BLOCKS * BLOCKS, 2)


_CROP = torch.zeros(1, CROP, CROP, 3, dtype=torch.uint8)
GRAPHS: dict[str, tuple[nn.Module, tuple[str, ...], str]] = {
    "frame-difference": (FrameDifference(), ("before", "now"), "difference"),
    "lbp": (LocalBinaryPatterns(), ("now",), "histograms"),
    "main-direction": (MainDirection(), ("before", "now"), "flow"),
}


def graph_of(name: str) -> onnx.ModelProto:
    """One of ``GRAPHS``."""
    module, inputs, output = GRAPHS[name]
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module.eval(),
            (_CROP,) * len(inputs),
            buffer,  # type: ignore[arg-type]  # the older exporter does write to a buffer
            input_names=list(inputs),
            output_names=[output],
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load_from_string(buffer.getvalue())
    graph.producer_name = "flinch_train"
    onnx.checker.check_model(graph, full_check=True)
    return graph


def main(argv: list[str]) -> int:
    """Write all; the exit status."""
    parser = argparse.ArgumentParser(prog="flinch_train export-baselines", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    out: Path = parser.parse_args(argv).out
    for name in GRAPHS:
        onnx.save(graph_of(name), out / f"{name}.onnx")
    return 0
