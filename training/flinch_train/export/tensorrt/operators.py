"""Which operators TensorRT's ONNX parser takes, release by release.

Only those that Flinch's graphs use are listed. Sources, read in onnx/onnx-tensorrt's
``docs/operators.md``: 8.5 (branch release/8.5-GA) and 10.15; 9.2's agrees with 10.15's here. For
8.6 no list was at hand: it is taken to be 8.5's with bytes at a graph's input and with
LayerNormalization, of which its release notes speak (quoted in NVIDIA/TensorRT issue 3657, whose
author saw 8.6 refuse it).
10.3's list lies between 9.2's and 10.15's. The lists speak of convolution and pooling in two or
three dimensions; the spotter's have one, and its graph runs on the CPU.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import onnx

_IN_8_5 = frozenset(
    "Abs Add AveragePool BatchNormalization Cast Clip Concat Constant Conv DequantizeLinear Div "
    "Erf Expand Flatten Gather Gemm Identity Log MatMul MaxPool Mul PRelu Pad Pow QuantizeLinear "
    "ReduceMean ReduceSum Relu Reshape Resize Sigmoid Sign Slice Softmax Softplus Split Sqrt "
    "Squeeze Sub Tanh Transpose Unsqueeze".split()
)


@dataclass(frozen=True)
class Release:
    """What one release of TensorRT takes."""

    jetpack: str
    opset: int  # the highest
    operators: frozenset[str]
    byte_inputs: bool  # uint8 at a graph's input, as Flinch's pictures come


RELEASES = {
    "8.5": Release("5.1", 17, _IN_8_5, False),
    "8.6": Release("6.0", 17, _IN_8_5 | {"LayerNormalization"}, True),
    "10.15": Release("6.1 to 7.2 have 10.3 to 10.16", 24, _IN_8_5 | {"LayerNormalization"}, True),
}

# Of Resize, the modes with a "Y" in every list; Flinch's graphs enlarge a map by whole numbers.
RESIZE = {
    "mode": {"nearest", "linear"},
    "coordinate_transformation_mode": {"half_pixel", "pytorch_half_pixel", "asymmetric"},
}
# What an attribute is where a node leaves it out (ONNX's Resize-13).
RESIZE_DEFAULTS = {"mode": "nearest", "coordinate_transformation_mode": "half_pixel"}


def objections(graph: onnx.ModelProto, release: Release) -> list[str]:
    """Why a release would not take a whole graph, each in a few words; empty where it would."""
    return list(_objections(graph, release))


def _objections(graph: onnx.ModelProto, release: Release) -> Iterator[str]:
    opset = max(entry.version for entry in graph.opset_import if entry.domain in ("", "ai.onnx"))
    if opset > release.opset:
        yield f"opset {opset}, at most {release.opset}"
    kinds = Counter(node.op_type for node in graph.graph.node)
    for kind in sorted(set(kinds) - release.operators):
        yield f"{kinds[kind]} × {kind}"
    for given in graph.graph.input:
        kind = given.type.tensor_type.elem_type
        if kind == onnx.TensorProto.UINT8 and not release.byte_inputs:
            yield f"bytes at input {given.name}"
    for node in graph.graph.node:
        if node.op_type == "Resize":
            set_here = {a.name: a.s.decode() for a in node.attribute if a.s}
            for name, allowed in RESIZE.items():
                found = set_here.get(name, RESIZE_DEFAULTS[name])
                if found not in allowed:
                    yield f"Resize with {name} {found}"
