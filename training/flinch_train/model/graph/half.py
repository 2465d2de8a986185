"""Weights stored in half precision and cast to single when a graph is loaded.

A file of half the size, and the same arithmetic: runtimes fold the casts of constants once, at
load, and run in single precision from then on. What is lost is the rounding of each weight.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Shapes, scales and the filters of the flow are small, and some of them leave fp16's range.
SMALLEST = 1024
_STORED = ".half"
_RANGE = float(np.finfo(np.float16).max)


def stored_half(graph: onnx.ModelProto) -> onnx.ModelProto:
    """The graph with every large constant in half precision, and a cast to single behind each."""
    lower = onnx.ModelProto()
    lower.CopyFrom(graph)
    casts = []
    for constant in lower.graph.initializer:
        values = numpy_helper.to_array(constant)
        if values.dtype != np.float32 or values.size < SMALLEST or np.abs(values).max() > _RANGE:
            continue
        name = constant.name
        constant.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + _STORED))
        casts.append(
            helper.make_node(
                "Cast", [name + _STORED], [name], name=f"{name}_cast", to=TensorProto.FLOAT
            )
        )
    nodes = list(lower.graph.node)
    del lower.graph.node[:]
    lower.graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(lower, full_check=True)
    return lower


def name_of(stored: str) -> str:
    """The name that a constant has in the graph's nodes."""
    return stored.removesuffix(_STORED)
