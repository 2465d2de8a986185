"""The exported graph at half precision and in bytes, and how far that is from fp32."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.transformers.float16 import convert_float_to_float16

from flinch_train.pools.pool import Pool
from flinch_train.score.graph import feeds

# Flow is differences of nearly equal brightness; their squares and determinants leave fp16's range.
FLOW = "/flow/"


def half(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Weights and products in fp16; flow and all inputs and outputs as they were."""
    copy = onnx.ModelProto()
    copy.CopyFrom(graph)
    kept = [node.name for node in copy.graph.node if node.name.startswith(FLOW)]
    return convert_float_to_float16(
        copy, keep_io_types=True, node_block_list=kept, disable_shape_infer=False
    )


class _Clips(CalibrationDataReader):
    """Clips of a pool, one after the other, as the quantiser asks for them."""

    def __init__(self, pool: Pool, rows: NDArray[np.int64]) -> None:
        self._clips = (feeds(pool.frames[row], pool.special[row]) for row in rows)

    def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
        return next(self._clips, None)


def in_bytes(graph: onnx.ModelProto, pool: Pool, rows: NDArray[np.int64]) -> onnx.ModelProto:
    """Products with weights in int8, static: a scale a column, and of activations what ``rows``
    of a pool need. For CPUs: TensorRT has int8 of its own.
    """
    constant = {i.name for i in graph.graph.initializer}
    products = [
        node.name
        for node in graph.graph.node
        if node.op_type in ("MatMul", "Gemm")
        and node.input[1] in constant
        and not node.name.startswith(FLOW)
    ]
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "fp32.onnx"), Path(folder, "int8.onnx")
        onnx.save(graph, source)
        quantize_static(
            source,
            target,
            _Clips(pool, rows),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=products,
        )
        return onnx.load(target)


def probabilities(graph: onnx.ModelProto, pool: Pool, rows: NDArray[np.int64]) -> NDArray:
    """(K, 8) calibrated, of some clips of a pool, by ONNX Runtime on the CPU."""
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    clips = (feeds(pool.frames[row], pool.special[row]) for row in rows)
    return np.stack([session.run(["probabilities"], clip)[0][0] for clip in clips])
