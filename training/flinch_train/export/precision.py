"""The exported graph at half precision and in bytes, and how far that is from fp32."""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
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


def in_bytes(graph: onnx.ModelProto) -> onnx.ModelProto:
    """Weights of the matrix products as int8, a scale a column; activations as they come.

    For CPUs: TensorRT has int8 of its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "fp32.onnx"), Path(folder, "int8.onnx")
        onnx.save(graph, source)
        quantize_dynamic(
            source,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul", "Gemm"],
            extra_options={"MatMulConstBOnly": True},
        )
        return onnx.load(target)


def probabilities(graph: onnx.ModelProto, pool: Pool, rows: NDArray[np.int64]) -> NDArray:
    """(K, 8) calibrated, of some clips of a pool, by ONNX Runtime on the CPU."""
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    clips = (feeds(pool.frames[row], pool.special[row]) for row in rows)
    return np.stack([session.run(["probabilities"], clip)[0][0] for clip in clips])
