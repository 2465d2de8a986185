"""Author of `bench/frame-difference.onnx`: how much two crops differ, and nothing else."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto

from flinch_train.data.spotting.regions import CROP
from flinch_train.model.graph.author import Author


def build() -> onnx.ModelProto:
    """Inputs `before` and `after`, uint8 (1, 112, 112, 3) BGR.

    Output `difference` float32 (1,): the mean of |after - before| over all pixels, in levels of
    grey (0 … 255).
    """
    author = Author()
    pair = author.op("Concat", ["before", "after"], "pair", axis=0)
    grey = author.grey(pair, 2)
    first = author.op("Gather", [grey, author.constant("first", np.array(0))], "grey_before")
    second = author.op("Gather", [grey, author.constant("second", np.array(1))], "grey_after")
    size = author.op("Abs", [author.op("Sub", [second, first], "change")], "size")
    mean = author.op("ReduceMean", [size], "mean", keepdims=0)
    author.reshape(mean, [1], "difference")
    crop = (TensorProto.UINT8, [1, CROP, CROP, 3])
    return author.model("frame-difference", {"before": crop, "after": crop}, {"difference": [1]})
