"""A small TFLite to ONNX converter: the dozen operators that MediaPipe's face models use.

TFLite keeps images as NHWC and weights as (out, kh, kw, in); the ONNX graph is NCHW throughout and
goes back to NHWC only where the model flattens, so that the order of its numbers stays the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
import tflite
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
# output name -> the TFLite outputs (by position) that it is made of, each with its new shape
Outputs = Mapping[str, list[tuple[int, tuple[int, ...]]]]
_OP_NAME = {v: k for k, v in vars(tflite.BuiltinOperator).items() if isinstance(v, int)}
_DTYPE = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_ACTIVATION = {
    tflite.ActivationFunctionType.NONE: None,
    tflite.ActivationFunctionType.RELU: "Relu",
}


@dataclass
class Input:
    """How a camera's picture becomes the model's input, inside the graph.

    The picture is uint8, (1, size, size, 3), BGR as OpenCV has it; the model sees
    RGB · scale + shift.
    """

    name: str
    scale: float
    shift: float


@dataclass
class Converter:
    """Walks the operators of one TFLite file in order and emits the ONNX nodes for each."""

    model: tflite.Model
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    initializers: list[onnx.TensorProto] = field(default_factory=list)
    constants: dict[int, NDArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the weights of the only subgraph, as they are stored."""
        self.graph = self.model.Subgraphs(0)
        for index in range(self.graph.TensorsLength()):
            tensor = self.graph.Tensors(index)
            data = self.model.Buffers(tensor.Buffer()).DataAsNumpy()
            if isinstance(data, int) or tensor.Type() not in _DTYPE:  # 0: an activation, no data
                continue
            self.constants[index] = data.view(_DTYPE[tensor.Type()]).reshape(self.shape(index))

    def shape(self, tensor: int) -> list[int]:
        """Shape as TFLite has it, NHWC."""
        t = self.graph.Tensors(tensor)
        return [int(t.Shape(i)) for i in range(t.ShapeLength())]

    def emit(self, op: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """Add a node with one output, and give back that output's name."""
        self.nodes.append(helper.make_node(op, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name: str, value: NDArray) -> str:
        """Add an initialiser, and give back its name."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def convert(self, picture: Input, outputs: Outputs) -> None:
        """Emit everything: picture → model → named outputs, several joined along axis 1."""
        source = int(self.graph.Inputs(0))
        self.entrance(picture, source)
        for index in range(self.graph.OperatorsLength()):
            op = self.graph.Operators(index)
            code = self.model.OperatorCodes(op.OpcodeIndex())
            kind = _OP_NAME[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            handler = getattr(self, f"op_{kind.lower()}", None)
            if handler is None:
                raise NotImplementedError(f"TFLite operator {kind} is not converted")
            handler(op, [int(i) for i in op.InputsAsNumpy()], int(op.Outputs(0)))
        for name, parts in outputs.items():
            self.exit(name, parts)

    def entrance(self, picture: Input, source: int) -> None:
        """uint8 NHWC BGR → float NCHW, scaled; BGR → RGB is folded into the first convolution."""
        self.emit("Cast", [picture.name], "cast", to=TensorProto.FLOAT)
        self.emit("Transpose", ["cast"], "nchw", perm=[0, 3, 1, 2])
        scale = self.constant("scale", np.array(picture.scale, np.float32))
        shift = self.constant("shift", np.array(picture.shift, np.float32))
        self.emit("Mul", ["nchw", scale], "scaled")
        self.emit("Add", ["scaled", shift], f"t{source}")
        self.source = source

    def exit(self, name: str, parts: list[tuple[int, tuple[int, ...]]]) -> None:
        """Back to TFLite's order, reshaped, joined and named."""
        pieces = []
        for position, shape in parts:
            tensor = int(self.graph.Outputs(position))
            value = f"t{tensor}"
            if len(self.shape(tensor)) == 4:
                value = self.emit("Transpose", [value], f"{name}.nhwc{position}", perm=[0, 2, 3, 1])
            to = self.constant(f"{name}.shape{position}", np.array(shape, np.int64))
            last = name if len(parts) == 1 else f"{name}.part{position}"
            pieces.append(self.emit("Reshape", [value, to], last))
        if len(parts) > 1:
            self.emit("Concat", pieces, name, axis=1)

    # One method per TFLite operator; `i` are its input tensors, `o` its output.

    def op_dequantize(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Weights stored as fp16: widened here, no node."""
        self.constants[o] = self.constants[i[0]].astype(np.float32)

    def op_conv_2d(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Convolution; (out, kh, kw, in) → (out, in, kh, kw)."""
        options = tflite.Conv2DOptions()
        self.options(op, options)
        weight = self.constants[i[1]].transpose(0, 3, 1, 2)
        if i[0] == self.source:
            weight = weight[:, ::-1]  # the picture is BGR, the model learned RGB
        self.convolution(options, i, o, weight, group=1)

    def op_depthwise_conv_2d(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Depthwise convolution; (1, kh, kw, channels) → (channels, 1, kh, kw)."""
        options = tflite.DepthwiseConv2DOptions()
        self.options(op, options)
        if options.DepthMultiplier() != 1:
            raise NotImplementedError("a depth multiplier other than 1")
        weight = self.constants[i[1]].transpose(3, 0, 1, 2)
        self.convolution(options, i, o, weight, group=len(weight))

    def convolution(
        self,
        options: tflite.Conv2DOptions | tflite.DepthwiseConv2DOptions,
        i: list[int],
        o: int,
        weight: NDArray,
        group: int,
    ) -> None:
        """The Conv node of both kinds, with its activation."""
        if options.DilationHFactor() != 1 or options.DilationWFactor() != 1:
            raise NotImplementedError("a dilated convolution")
        kernel = list(weight.shape[2:])
        strides = [options.StrideH(), options.StrideW()]
        w = self.constant(f"w{o}", weight)
        b = self.constant(f"b{o}", self.constants[i[2]])
        activation = _ACTIVATION[options.FusedActivationFunction()]
        result = f"t{o}" if activation is None else f"t{o}.linear"
        self.emit(
            "Conv",
            [f"t{i[0]}", w, b],
            result,
            kernel_shape=kernel,
            strides=strides,
            pads=self.padding(options.Padding(), i[0], o, kernel, strides),
            group=group,
        )
        if activation is not None:
            self.emit(activation, [result], f"t{o}")

    def op_max_pool_2d(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Max-pooling."""
        options = tflite.Pool2DOptions()
        self.options(op, options)
        kernel = [options.FilterHeight(), options.FilterWidth()]
        strides = [options.StrideH(), options.StrideW()]
        pads = self.padding(options.Padding(), i[0], o, kernel, strides)
        attributes = {"kernel_shape": kernel, "strides": strides, "pads": pads}
        self.emit("MaxPool", [f"t{i[0]}"], f"t{o}", **attributes)

    def padding(
        self, kind: int, source: int, target: int, kernel: list[int], strides: list[int]
    ) -> list[int]:
        """TFLite's SAME puts the odd pixel at the end; ONNX wants it as numbers."""
        if kind == tflite.Padding.VALID:
            return [0, 0, 0, 0]
        begin, end = [], []
        for axis in (0, 1):
            size, out = self.shape(source)[axis + 1], self.shape(target)[axis + 1]
            total = max((out - 1) * strides[axis] + kernel[axis] - size, 0)
            begin.append(total // 2)
            end.append(total - total // 2)
        return begin + end

    def op_add(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Elementwise sum of two activations."""
        options = tflite.AddOptions()
        self.options(op, options)
        if _ACTIVATION[options.FusedActivationFunction()] is not None:
            raise NotImplementedError("an addition with an activation")
        self.emit("Add", [f"t{i[0]}", f"t{i[1]}"], f"t{o}")

    def op_relu(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Rectifier."""
        self.emit("Relu", [f"t{i[0]}"], f"t{o}")

    def op_prelu(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Rectifier with one learned slope per channel, (1, 1, C): a x + (1 - a) max(x, 0).

        Written as two depthwise convolutions, which ONNX Runtime runs in the layout of those
        around them; its PRelu takes more time than everything else in the mesh together.
        """
        slope = self.constants[i[1]].reshape(-1, 1, 1, 1)
        x, name = f"t{i[0]}", f"t{o}"
        positive = self.emit("Relu", [x], f"{name}.positive")
        each = {"group": len(slope), "kernel_shape": [1, 1]}
        rest = self.constant(f"rest{o}", 1 - slope)
        rectified = self.emit("Conv", [positive, rest], f"{name}.rectified", **each)
        scaled = self.emit("Conv", [x, self.constant(f"slope{o}", slope)], f"{name}.scaled", **each)
        self.emit("Add", [rectified, scaled], name)

    def op_pad(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Zeros around the picture or behind the channels."""
        n, h, w, c = self.constants[i[1]].tolist()
        pads = np.array([[n[k], c[k], h[k], w[k]] for k in (0, 1)], np.int64).reshape(-1)
        self.emit("Pad", [f"t{i[0]}", self.constant(f"pads{o}", pads)], f"t{o}", mode="constant")

    def op_reshape(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Flatten in TFLite's order."""
        value = f"t{i[0]}"
        if len(self.shape(i[0])) == 4:
            value = self.emit("Transpose", [value], f"t{o}.nhwc", perm=[0, 2, 3, 1])
        if len(self.shape(o)) == 4:
            raise NotImplementedError("a reshape to a picture")
        to = self.constant(f"shape{o}", np.array(self.shape(o), np.int64))
        self.emit("Reshape", [value, to], f"t{o}")

    def op_concatenation(self, op: tflite.Operator, i: list[int], o: int) -> None:
        """Join along an axis of TFLite's order."""
        options = tflite.ConcatenationOptions()
        self.options(op, options)
        axis = options.Axis()
        if len(self.shape(o)) == 4:
            axis = [0, 2, 3, 1][axis]
        self.emit("Concat", [f"t{k}" for k in i], f"t{o}", axis=axis)

    @staticmethod
    def options(op: tflite.Operator, into: object) -> None:
        """Read the operator's options table."""
        table = op.BuiltinOptions()
        into.Init(table.Bytes, table.Pos)  # type: ignore[attr-defined]


def convert(
    tflite_bytes: bytes,
    picture: Input,
    outputs: Outputs,
    name: str,
) -> onnx.ModelProto:
    """A TFLite model as an ONNX one, checked and with all shapes inferred."""
    converter = Converter(tflite.Model.GetRootAsModel(tflite_bytes, 0))
    converter.convert(picture, outputs)
    size = converter.shape(converter.source)[1]
    shapes = {
        key: [1, sum(s[1] for _, s in parts), *parts[0][1][2:]] for key, parts in outputs.items()
    }
    graph = helper.make_graph(
        converter.nodes,
        name,
        [helper.make_tensor_value_info(picture.name, TensorProto.UINT8, [1, size, size, 3])],
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, s) for k, s in shapes.items()],
        converter.initializers,
    )
    opset = [helper.make_opsetid("", OPSET)]
    model = helper.make_model(graph, opset_imports=opset, producer_name="flinch_train")
    model.ir_version = 8  # what opset 17 came with; older runtimes refuse a newer one
    onnx.checker.check_model(model, full_check=True)
    return onnx.shape_inference.infer_shapes(model, strict_mode=True)
