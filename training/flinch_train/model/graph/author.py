"""Writes small ONNX graphs node by node: opset 17, fixed shapes, nothing learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from flinch_train.data.spotting.regions import CROP

OPSET = 17
LUMA = np.array([[0.114], [0.587], [0.299]], np.float32)
EPSILON = np.array(1e-3, np.float32)


def gaussian(sigma: float, radius: int) -> NDArray[np.float32]:
    """Normalised taps (2 * radius + 1,)."""
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    return (taps / taps.sum()).astype(np.float32)


class Author:
    """A graph in the making; names of values go in and come out of every step."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, NDArray[np.generic]] = {}

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        self.constants[name] = value
        return name

    def integers(self, name: str, *values: int) -> str:
        return self.constant(name, np.array(values, np.int64))

    def op(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.several(kind, inputs, [output], **attributes)
        return output

    def several(self, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> None:
        """Add a node that has more outputs than one."""
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], **attributes))

    def reshape(self, source: str, shape: list[int], output: str) -> str:
        return self.op("Reshape", [source, self.integers(f"{output}_shape", *shape)], output)

    def edge_pad(self, source: str, rows: int, columns: int, output: str) -> str:
        pads = self.integers(f"{output}_pads", 0, 0, rows, columns, 0, 0, rows, columns)
        return self.op("Pad", [source, pads], output, mode="edge")

    def separable(
        self, source: str, taps: NDArray[np.float32], output: str, stride: int = 1
    ) -> str:
        """Filter one-channel pictures (N, 1, H, W) across and down, their edges repeated."""
        radius = len(taps) // 2
        across = self.constant(f"{output}_across", taps.reshape(1, 1, 1, -1))
        down = self.constant(f"{output}_down", taps.reshape(1, 1, -1, 1))
        wide = self.edge_pad(source, 0, radius, f"{output}_wide")
        rows = self.op("Conv", [wide, across], f"{output}_rows", strides=[1, stride])
        tall = self.edge_pad(rows, radius, 0, f"{output}_tall")
        return self.op("Conv", [tall, down], output, strides=[stride, 1])

    def grey(self, crops: str, count: int = 1) -> str:
        """Brightness float32 (count, 1, 112, 112) in 0 … 255 of uint8 BGR (count, 112, 112, 3)."""
        pixels = self.op("Cast", [crops], "pixels", to=TensorProto.FLOAT)
        last = self.op("MatMul", [pixels, self.constant("luma", LUMA)], "grey_last")
        return self.reshape(last, [count, 1, CROP, CROP], "grey")

    def plane(self, grey: str) -> str:
        """Free of slow light and of gain: (N, 1, H, W) → (N, 1, H / 2, W / 2).

        Smoothed, halved, less its local mean, over its own standard deviation.
        """
        epsilon = self.constant("epsilon", EPSILON)
        small = self.separable(grey, gaussian(1.3, 3), "small", stride=2)
        local = self.separable(small, gaussian(7.0, 14), "local")
        detail = self.op("Sub", [small, local], "detail")
        square = self.op("Mul", [detail, detail], "square")
        power = self.op("ReduceMean", [square], "power", axes=[1, 2, 3], keepdims=1)
        spread = self.op("Sqrt", [self.op("Add", [power, epsilon], "power_safe")], "spread")
        return self.op("Div", [detail, spread], "plane")

    def gradient(self, plane: str) -> str:
        """Scharr's derivative (N, 2, h, w), x first, per pixel of a picture twice as fine."""
        scharr = np.outer([3, 10, 3], [-1, 0, 1]).astype(np.float32) / 32.0 / 2.0
        kernels = self.constant("scharr", np.stack([scharr, scharr.T])[:, None])
        return self.op("Conv", [self.edge_pad(plane, 1, 1, f"{plane}_padded"), kernels], "gradient")

    def model(
        self,
        name: str,
        inputs: dict[str, tuple[int, list[int]]],
        outputs: dict[str, list[int]],
    ) -> onnx.ModelProto:
        """The finished graph, checked.

        ``inputs`` names element type and shape; outputs are float32.
        """
        graph = helper.make_graph(
            self.nodes,
            name,
            [helper.make_tensor_value_info(key, *value) for key, value in inputs.items()],
            [
                helper.make_tensor_value_info(key, TensorProto.FLOAT, shape)
                for key, shape in outputs.items()
            ],
            [numpy_helper.from_array(value, key) for key, value in self.constants.items()],
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="flinch"
        )
        model.ir_version = 8
        onnx.checker.check_model(model, full_check=True)
        return model
