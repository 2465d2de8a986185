"""Author of `models/motion.onnx`.

Lucas and Kanade (1981) solve the brightness-constancy equation by least squares over a window.
Here the windows are face regions: for each the graph sums the outer product of

    z = (gx, gx*x, gx*y, gy, gy*x, gy*y, It)

over its pixels, where g is the image gradient, x and y the position in -1 ... 1 across the crop,
and It the change from the reference to the current crop. The 7 x 7 sums hold everything that small
linear algebra needs afterwards: the displacement of a region, the affine motion of the stable
parts, a region's displacement with that affine motion removed exactly, and the energy that stays
unexplained.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto

from flinch_train.data.spotting.regions import CROP, REGIONS, SIDE, masks
from flinch_train.model.graph.author import EPSILON, LUMA, Author

TERMS = 7


def build() -> onnx.ModelProto:
    """The graph of one frame.

    Inputs: `reference` float32 (1, 1, 56, 56), the `plane` that an earlier run gave (zeros at
    first), and `current` uint8 (1, 112, 112, 3) BGR. Outputs: `gram` float32 (7, 7, regions + 1),
    each entry a weighted mean over the region's pixels, and `plane`, the current crop as the next
    reference.
    """
    author = Author()
    op, constant = author.op, author.constant

    # The order of the constants is the file's, whose hash the manifest has.
    constant("luma", LUMA)
    constant("epsilon", EPSILON)
    half = constant("half", np.array(0.5, np.float32))

    plane = author.plane(author.grey("current"))
    change = op("Sub", [plane, "reference"], "change")
    middle = op("Mul", [op("Add", [plane, "reference"], "both"), half], "middle")
    gradient = author.gradient(middle)

    ticks = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE * 2 - 1
    x, y = np.meshgrid(ticks, ticks)
    ones = np.ones_like(x)
    place = constant("place", np.stack([ones, x, y, ones, x, y])[None].astype(np.float32))
    pick = constant("pick", np.array([0, 0, 0, 1, 1, 1], np.int64))
    placed = op("Mul", [op("Gather", [gradient, pick], "gradient_six", axis=1), place], "placed")
    z = op("Concat", [placed, change], "z", axis=1)
    column = constant("column", np.array([TERMS, 1, SIDE * SIDE], np.int64))
    row = constant("row", np.array([1, TERMS, SIDE * SIDE], np.int64))
    products = op(
        "Mul",
        [op("Reshape", [z, column], "z_column"), op("Reshape", [z, row], "z_row")],
        "products",
    )
    op("MatMul", [products, constant("weights", np.ascontiguousarray(masks(SIDE).T))], "gram")

    side = [1, 1, SIDE, SIDE]
    return author.model(
        "motion",
        {
            "reference": (TensorProto.FLOAT, side),
            "current": (TensorProto.UINT8, [1, CROP, CROP, 3]),
        },
        {"gram": [TERMS, TERMS, len(REGIONS) + 1], "plane": side},
    )
