"""Constant folding for graphs of fixed shape: what is known before the first run is not a node."""

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator


def fold(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same graph without Constant, Shape and Identity nodes, and without their consequences."""
    known = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    nodes: list[onnx.NodeProto] = []
    alias: dict[str, str] = {}
    shapes = _static_shapes(model)
    outputs = {o.name for o in model.graph.output}
    for node in model.graph.node:
        for k, name in enumerate(node.input):
            node.input[k] = alias.get(name, name)
        if node.op_type == "Identity" and node.output[0] not in outputs:
            alias[node.output[0]] = node.input[0]
        elif node.op_type == "Shape" and node.input[0] in shapes and not node.attribute:
            known[node.output[0]] = np.array(shapes[node.input[0]], np.int64)
        elif all(name in known for name in node.input if name):
            known.update(_evaluate(node, known, model.opset_import))
        else:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    folded = helper.make_graph(
        nodes,
        model.graph.name,
        list(model.graph.input),
        list(model.graph.output),
        [numpy_helper.from_array(v, k) for k, v in known.items() if k in used],
    )
    result = helper.make_model(folded, opset_imports=list(model.opset_import))
    result.ir_version = model.ir_version
    return result


def _static_shapes(model: onnx.ModelProto) -> dict[str, list[int]]:
    """Every value whose shape is known in full."""
    graph = onnx.shape_inference.infer_shapes(model, data_prop=True).graph
    found = {}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        shape = value.type.tensor_type.shape
        if all(d.HasField("dim_value") for d in shape.dim):
            found[value.name] = [d.dim_value for d in shape.dim]
    return found


def _evaluate(
    node: onnx.NodeProto,
    known: dict[str, NDArray],
    opset: list[onnx.OperatorSetIdProto],
) -> dict[str, NDArray]:
    """The outputs of one node whose inputs are all known."""
    names = [n for n in dict.fromkeys(node.input) if n]
    inputs = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(known[n].dtype), None)
        for n in names
    ]
    outputs = [onnx.ValueInfoProto(name=n) for n in node.output]
    graph = helper.make_graph([node], "one", inputs, outputs)
    evaluator = ReferenceEvaluator(helper.make_model(graph, opset_imports=list(opset)))
    values = evaluator.run(None, {n: known[n] for n in names})
    return {name: np.asarray(v) for name, v in zip(node.output, values, strict=True)}
