"""Author of `bench/lbp.onnx`: uniform local binary patterns of 6 x 6 blocks of a crop.

Moilanen, Zhao and Pietikäinen, "Spotting rapid facial movements from videos using appearance-based
feature difference analysis", ICPR 2014, compare such histograms between frames. The pattern: Ojala,
Pietikäinen and Mäenpää, TPAMI 2002. Eight neighbours at radius 3 as in the authors' later paper
(Li et al., "Towards reading hidden emotions", TAC 2018); the radius is from memory.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto

from flinch_train.data.spotting.regions import CROP
from flinch_train.model.graph.author import Author

BLOCKS = 6
NEIGHBOURS = 8
RADIUS = 3
UNIFORM = 58
BINS = UNIFORM + 1
# A neighbour between four pixels of one brightness is as bright as they are, but for rounding.
TIE = -1e-3


def build() -> onnx.ModelProto:
    """Input `crop` uint8 (1, 112, 112, 3) BGR, output `histograms` float32 (36, 59).

    Blocks row by row; a histogram sums to 1. Pixels whose neighbours lie outside the crop have no
    pattern.
    """
    author = Author()
    op, constant = author.op, author.constant
    inner = CROP - 2 * RADIUS

    # The method is defined on 8-bit pictures.
    grey = op("Round", [author.grey("crop")], "levels")
    rise = op("Conv", [grey, constant("neighbours", neighbour_kernels())], "rise")
    brighter = op("GreaterOrEqual", [rise, constant("tie", np.array(TIE, np.float32))], "brighter")
    bits = op("Cast", [brighter], "bits", to=TensorProto.FLOAT)
    powers = (2.0 ** np.arange(NEIGHBOURS)).astype(np.float32).reshape(1, NEIGHBOURS, 1, 1)
    code = op("Conv", [bits, constant("powers", powers)], "code")
    index = op("Cast", [code], "index", to=TensorProto.INT64)
    bins = op("Gather", [constant("bin_of", uniform_bins()), index], "bins", axis=0)

    block = np.arange(RADIUS, CROP - RADIUS) * BLOCKS // CROP
    share = (1 / np.bincount(block)[block]).astype(np.float32)
    tall, wide = (1, 1, -1, 1), (1, 1, 1, -1)
    # Of a row and of a column apart, so that the file stays small.
    start = op(
        "Add",
        [
            constant("start_row", block.reshape(tall) * BLOCKS * BINS),
            constant("start_column", block.reshape(wide) * BINS),
        ],
        "start",
    )
    weight = op(
        "Mul",
        [
            constant("share_row", share.reshape(tall)),
            constant("share_column", share.reshape(wide)),
        ],
        "weight",
    )
    pixels = inner * inner
    counted = op(
        "ScatterElements",
        [
            constant("empty", np.zeros(BLOCKS**2 * BINS, np.float32)),
            author.reshape(op("Add", [bins, start], "place"), [pixels], "places"),
            author.reshape(weight, [pixels], "weights"),
        ],
        "counted",
        axis=0,
        reduction="add",
    )
    author.reshape(counted, [BLOCKS**2, BINS], "histograms")
    return author.model(
        "lbp",
        {"crop": (TensorProto.UINT8, [1, CROP, CROP, 3])},
        {"histograms": [BLOCKS**2, BINS]},
    )


def neighbour_kernels() -> NDArray[np.float32]:
    """(8, 1, 7, 7): each a neighbour on the circle, from its four pixels, less the centre."""
    kernels = np.zeros((NEIGHBOURS, 1, 2 * RADIUS + 1, 2 * RADIUS + 1))
    for n, angle in enumerate(2 * np.pi * np.arange(NEIGHBOURS) / NEIGHBOURS):
        y, x = RADIUS - RADIUS * np.sin(angle), RADIUS + RADIUS * np.cos(angle)
        grid = np.arange(2 * RADIUS + 1)
        down = np.maximum(0, 1 - np.abs(grid - y))
        across = np.maximum(0, 1 - np.abs(grid - x))
        kernels[n, 0] = np.outer(down, across)
        kernels[n, 0, RADIUS, RADIUS] -= 1
    return kernels.astype(np.float32)


def uniform_bins() -> NDArray[np.int64]:
    """(256,): the bin of a code. Codes of at most two turns have one each, the rest the last."""
    bits = (np.arange(2**NEIGHBOURS)[:, None] >> np.arange(NEIGHBOURS)) & 1
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(1) <= 2
    bins = np.full(2**NEIGHBOURS, UNIFORM, np.int64)
    bins[uniform] = np.arange(UNIFORM)
    return bins
