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

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from flinch_train.motion.regions import REGIONS, masks

CROP = 112
SIDE = CROP // 2
TERMS = 7


def _gaussian(sigma: float, radius: int) -> NDArray[np.float32]:
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return (taps / taps.sum()).astype(np.float32)


def build() -> onnx.ModelProto:
    """The graph of one frame.

    Inputs: `reference` float32 (1, 1, 56, 56), the `plane` that an earlier run gave (zeros at
    first), and `current` uint8 (1, 112, 112, 3) BGR. Outputs: `gram` float32 (7, 7, regions + 1),
    each entry a weighted mean over the region's pixels, and `plane`, the current crop as the next
    reference.

    A plane is free of slow light and of gain: grey, smoothed, halved, minus its local mean, divided
    by its own standard deviation.
    """
    nodes: list[onnx.NodeProto] = []
    constants: dict[str, NDArray[np.generic]] = {}

    def constant(name: str, value: NDArray[np.generic]) -> str:
        constants[name] = value
        return name

    def op(kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def edge_pad(source: str, rows: int, columns: int, output: str) -> str:
        pads = np.array([0, 0, rows, columns, 0, 0, rows, columns], np.int64)
        return op("Pad", [source, constant(f"{output}_pads", pads)], output, mode="edge")

    def separable(source: str, taps: NDArray[np.float32], name: str, stride: int = 1) -> str:
        radius = len(taps) // 2
        across = constant(f"{name}_across", taps.reshape(1, 1, 1, -1))
        down = constant(f"{name}_down", taps.reshape(1, 1, -1, 1))
        wide = edge_pad(source, 0, radius, f"{name}_wide")
        rows = op("Conv", [wide, across], f"{name}_rows", strides=[1, stride])
        tall = edge_pad(rows, radius, 0, f"{name}_tall")
        return op("Conv", [tall, down], name, strides=[stride, 1])

    luma = constant("luma", np.array([[0.114], [0.587], [0.299]], np.float32))
    epsilon = constant("epsilon", np.array(1e-3, np.float32))
    half = constant("half", np.array(0.5, np.float32))

    pixels = op("Cast", ["current"], "pixels", to=TensorProto.FLOAT)
    grey = op("MatMul", [pixels, luma], "grey_last")
    grey = op(
        "Reshape", [grey, constant("grey_shape", np.array([1, 1, CROP, CROP], np.int64))], "grey"
    )
    small = separable(grey, _gaussian(1.3, 3), "small", stride=2)
    detail = op("Sub", [small, separable(small, _gaussian(7.0, 14), "local")], "detail")
    power = op(
        "ReduceMean", [op("Mul", [detail, detail], "square")], "power", axes=[1, 2, 3], keepdims=1
    )
    spread = op("Sqrt", [op("Add", [power, epsilon], "power_safe")], "spread")
    plane = op("Div", [detail, spread], "plane")

    change = op("Sub", [plane, "reference"], "change")
    middle = op("Mul", [op("Add", [plane, "reference"], "both"), half], "middle")
    # Scharr's derivative, as brightness per pixel of the full-size crop (the grid is half as fine).
    scharr = np.outer([3, 10, 3], [-1, 0, 1]).astype(np.float32) / 32.0 / 2.0
    kernels = constant("scharr", np.stack([scharr, scharr.T])[:, None])
    gradient = op("Conv", [edge_pad(middle, 1, 1, "middle_padded"), kernels], "gradient")

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

    plane_shape = [1, 1, SIDE, SIDE]
    graph = helper.make_graph(
        nodes,
        "motion",
        [
            helper.make_tensor_value_info("reference", TensorProto.FLOAT, plane_shape),
            helper.make_tensor_value_info("current", TensorProto.UINT8, [1, CROP, CROP, 3]),
        ],
        [
            helper.make_tensor_value_info(
                "gram", TensorProto.FLOAT, [TERMS, TERMS, len(REGIONS) + 1]
            ),
            helper.make_tensor_value_info("plane", TensorProto.FLOAT, plane_shape),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="flinch"
    )
    model.ir_version = 8
    onnx.checker.check_model(model, full_check=True)
    return model
