"""The shipped graphs against TensorRT's operators, the roofline, and the builder of engines."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from flinch_train.export.tensorrt import roofline
from flinch_train.export.tensorrt.operators import RELEASES, objections
from tests.repository import ROOT

SHIPPED = sorted((ROOT / "models").glob("*.onnx"))
BUILDER = ROOT / "scripts/jetson/build_engine.py"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("release", ["8.6", "10.15"])
def test_every_shipped_graph_is_whole_for_tensorrt(path: Path, release: str) -> None:
    assert objections(onnx.load(path), RELEASES[release]) == []


def test_what_8_5_would_leave_to_cuda_is_known() -> None:
    found = objections(onnx.load(ROOT / "models/hsta-tiny-112.onnx"), RELEASES["8.5"])
    assert found == ["50 × LayerNormalization", "bytes at input frames", "bytes at input special"]


def test_what_tensorrt_lacks_is_named() -> None:
    picture = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.UINT8, [1])
    nodes = [
        onnx.helper.make_node("Unique", ["x"], ["y"]),
        onnx.helper.make_node("Resize", ["y", "", "s"], ["z"], mode="cubic"),
    ]
    graph = onnx.helper.make_graph(nodes, "g", [picture], [])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)])
    assert objections(model, RELEASES["8.5"]) == [
        "opset 18, at most 17",
        "1 × Unique",
        "bytes at input x",
        "Resize with mode cubic",
    ]


@pytest.mark.parametrize("name", roofline.MODULES)
def test_rates_of_a_module_are_those_that_nvidia_states(name: str) -> None:
    module = roofline.MODULES[name]
    # sparse is twice dense
    assert 2 * module.tera("int8") == pytest.approx(module.sparse_tops, rel=0.03)
    assert module.tera("fp16") == module.tera("int8") / 2


def test_least_time_is_work_over_rate() -> None:
    module = roofline.Module(1000, 100, 1000, 10, 0)
    cfg = roofline.shipped("tiny", 112)
    arithmetic, memory = roofline.least_ms(module, cfg, 5_000_000, "fp16")
    assert arithmetic == pytest.approx(2 * roofline.multiply_adds(cfg) / 51.2e9)
    assert memory == pytest.approx((10e6 + 8 * 112 * 112 * 3) / 10e6)


def test_shipped_model_stands_in_the_table_with_its_own_cost() -> None:
    entry = json.loads((ROOT / "models/manifest.json").read_text())["models"]["hsta"]
    assert roofline.multiply_adds(roofline.shipped("tiny", 112)) == entry["multiplyAdds"]


def test_the_table_of_the_documentation_is_what_the_command_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert roofline.main([]) == 0
    printed = capsys.readouterr().out.strip()
    document = (ROOT / "docs/tensorrt.md").read_text("utf-8")
    assert roofline.between(document) == printed
    copy = tmp_path / "copy.md"
    copy.write_text(f"a\n{roofline.BEGIN}\nold\n{roofline.END}\nb\n")
    assert roofline.main(["--into", str(copy)]) == 0
    assert copy.read_text() == f"a\n{roofline.BEGIN}\n{printed}\n{roofline.END}\nb\n"


def build(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, BUILDER, *args], capture_output=True, text=True)


def test_builder_says_which_onnxruntime_it_has_and_that_tensorrt_is_not_in_it() -> None:
    assert "TensorrtExecutionProvider" not in onnxruntime.get_available_providers()
    result = build(str(ROOT / "models/motion.onnx"), "{}")
    assert result.returncode == 1
    assert result.stdout == f"onnxruntime {onnxruntime.__version__}\n"
    assert "no TensorRT" in result.stderr
    assert "--use_tensorrt" in result.stderr


@pytest.mark.parametrize("args", [[], ["m.onnx", "{}", "quarter"], ["m.onnx", "{}", "half", "x"]])
def test_builder_with_other_arguments_tells_its_usage(args: list[str]) -> None:
    result = build(*args)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("usage: build_engine.py")


@pytest.mark.parametrize("name", ["hsta-tiny-112", "hsta-tiny-112-research"])
def test_a_recogniser_in_half_precision_says_nearly_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("build_engine", BUILDER)
    assert spec is not None and spec.loader is not None
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    model = ROOT / f"models/{name}.onnx"
    path = tmp_path / builder.in_half(str(model))
    assert path.name == f"{name}_half.onnx"

    graph = onnx.shape_inference.infer_shapes(onnx.load(path))
    onnx.checker.check_model(graph, full_check=True)
    types = {value.name: value.type.tensor_type.elem_type for value in graph.graph.value_info}
    types |= {constant.name: constant.data_type for constant in graph.graph.initializer}
    for node in graph.graph.node:
        single = node.op_type == "LayerNormalization"
        if single or node.op_type in ("MatMul", "Conv", "Gemm"):
            wanted = onnx.TensorProto.FLOAT if single else onnx.TensorProto.FLOAT16
            assert types[node.output[0]] == wanted, node.name
    assert objections(graph, RELEASES["10.15"]) == []

    sessions = [
        onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        for file in (model, path)
    ]
    numbers = np.random.default_rng(5)
    for _ in range(3):
        still = numbers.integers(60, 200, (1, 1, 14, 14, 3)).repeat(8, 2).repeat(8, 3)
        rise = np.linspace(0, 30, 6).reshape(1, 6, 1, 1, 1) * (numbers.random((112, 112, 1)) > 0.5)
        frames = (still + rise).clip(0, 255).astype(np.uint8)
        feeds = {"frames": frames, "special": frames[:, [0, 3]]}
        wanted, found = (session.run(["probabilities"], feeds)[0] for session in sessions)
        assert found.dtype == np.float32
        # half of what an engine may be apart (src/engines/parity.ts)
        assert np.abs(wanted - found).max() < 0.005


FAKE = """
import json, pathlib

class InferenceSession:
    def __init__(self, model, providers):
        if "refuse" in model:
            raise RuntimeError("Invalid TensorRT EP\\noption: trt_x")
        self.wanted = providers
        name, options = providers[0]
        path = pathlib.Path(options["trt_ep_context_file_path"], "m_ctx.onnx")
        path.write_text(json.dumps(options))
        self.fell = "fall" in model

    def get_providers(self):
        return ["CPUExecutionProvider"] if self.fell else [self.wanted[0][0]]

__version__ = "9.9"
get_available_providers = lambda: ["TensorrtExecutionProvider", "CPUExecutionProvider"]
"""


@pytest.mark.parametrize(
    ("model", "status", "word"),
    [
        ("m.onnx", 0, ""),
        ("refuse.onnx", 1, "Invalid TensorRT EP option: trt_x"),
        ("fall.onnx", 1, "fell back"),
    ],
)
def test_builder_hands_the_options_on_and_tells_what_goes_wrong(
    tmp_path: Path, model: str, status: int, word: str
) -> None:
    # stands in for a build with TensorRT, which only its hardware can have
    (tmp_path / "onnxruntime.py").write_text(FAKE)
    options = {"trt_fp16_enable": "True", "trt_ep_context_file_path": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, BUILDER, model, json.dumps(options)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(tmp_path)},
    )
    assert (result.returncode, result.stdout) == (status, "onnxruntime 9.9\n")
    assert word in result.stderr
    assert result.stderr.count("\n") == (1 if word else 0)
    if status == 0:
        assert json.loads((tmp_path / "m_ctx.onnx").read_text()) == options


def test_an_engine_s_node_runs_on_tensorrt_only(tmp_path: Path) -> None:
    # an EPContext model, as TensorRT's provider writes it, must not pass on a machine without
    picture = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [1])
    node = onnx.helper.make_node(
        "EPContext", ["x"], ["y"], domain="com.microsoft", embed_mode=1, ep_cache_context=b"engine"
    )
    graph = onnx.helper.make_graph([node], "g", [picture], [out])
    opsets = [onnx.helper.make_opsetid("", 17), onnx.helper.make_opsetid("com.microsoft", 1)]
    model = onnx.helper.make_model(graph, opset_imports=opsets, ir_version=8)
    with pytest.raises(Exception, match="EPContext"):
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), providers=["CPUExecutionProvider"]
        )
        session.run(None, {"x": np.zeros(1, np.float32)})
