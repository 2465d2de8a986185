"""Builds a TensorRT engine of an ONNX model, as an EPContext model that Node can open.

    python build_engine.py MODEL.onnx OPTIONS [half]

OPTIONS is a JSON object of the TensorRT provider's options, `trt_dump_ep_context_model` among them.
With `half` the model is converted to half precision first: from TensorRT 11 on an engine computes
in the types that its graph has, and there is no option for it.
Run it with the wheel of the ONNX Runtime build whose binding is in Node, on the module that is to
run the engine. It prints the version of ONNX Runtime on a line of its own; `flinch warm` reads it.
"""

import json
import sys
from pathlib import Path

TENSORRT = "TensorrtExecutionProvider"
# Their sums overflow in half precision, as trt_layer_norm_fp32_fallback has it for older TensorRTs.
IN_SINGLE = ["LayerNormalization"]


def in_half(model: str) -> str:
    """Write the model in half precision into the current folder; inputs and outputs stay.

    The converter is ONNX Runtime's own, which its wheel brings; it needs the package onnx.
    """
    import onnx
    from onnxruntime.transformers.float16 import convert_float_to_float16
    from onnxruntime.transformers.onnx_model import OnnxModel

    graph = convert_float_to_float16(onnx.load(model), keep_io_types=True, op_block_list=IN_SINGLE)
    # it appends its casts, and a graph's nodes come in order
    OnnxModel(graph).topological_sort()
    path = f"{Path(model).stem}_half.onnx"
    onnx.save(graph, path)
    return path


def main(argv: list[str]) -> int:
    """Open the model once, which builds and writes the engine."""
    if len(argv) not in (2, 3) or argv[2:] not in ([], ["half"]):
        print("usage: build_engine.py MODEL.onnx OPTIONS [half]", file=sys.stderr)
        return 2
    model, options = argv[0], json.loads(argv[1])
    try:
        import onnxruntime
    except ImportError as error:
        print(
            f"{sys.executable} has no onnxruntime ({error}): install the wheel of Node's build",
            file=sys.stderr,
        )
        return 1
    print(f"onnxruntime {onnxruntime.__version__}", flush=True)
    available = onnxruntime.get_available_providers()
    if TENSORRT not in available:
        print(
            f"the onnxruntime of {sys.executable} has no TensorRT, only {', '.join(available)}: "
            "install the wheel of the build with --use_tensorrt",
            file=sys.stderr,
        )
        return 1
    if argv[2:]:
        try:
            model = in_half(model)
        except ImportError as error:
            print(
                f"{sys.executable} cannot convert to half precision ({error}): "
                f"{sys.executable} -m pip install onnx",
                file=sys.stderr,
            )
            return 1
    try:
        session = onnxruntime.InferenceSession(
            model, providers=[(TENSORRT, options), "CUDAExecutionProvider", "CPUExecutionProvider"]
        )
    except Exception as error:  # of ONNX Runtime's binding, whose classes differ by version
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    # ONNX Runtime falls back without an error where TensorRT cannot begin
    if TENSORRT not in session.get_providers():
        print("TensorRT could not be opened; ONNX Runtime fell back", file=sys.stderr)
        return 1
    # older versions write the engine when the session ends
    del session
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
