"""The exported graph: what TensorRT can take, and the same numbers as PyTorch's."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from flinch_train.data.clips.clip_set import normalise
from flinch_train.data.labels import LABELS
from flinch_train.export import command as export
from flinch_train.export.tensorrt.operators import RELEASES, objections
from flinch_train.model.graph import half
from flinch_train.model.graph import hsta as onnx_graph
from flinch_train.model.hsta import Hsta, config
from flinch_train.model.temperatures import Temperatures
from tests.repository import ROOT

TEMPERATURES = Temperatures(emotion=1.7, valence=0.8, units=1.2)


@pytest.fixture(scope="module")
def model() -> Hsta:
    torch.manual_seed(5)
    return Hsta(config("tiny", size=112, classes=len(LABELS), heads=True)).eval()


@pytest.fixture(scope="module")
def graph(model: Hsta) -> onnx.ModelProto:
    return onnx_graph.to_onnx(model, TEMPERATURES)


def run(graph: onnx.ModelProto, clip: dict[str, np.ndarray]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    return session.run(list(onnx_graph.OUTPUTS), clip)


def test_operators_are_tensorrt_s_and_layer_norm_stays_whole(graph: onnx.ModelProto) -> None:
    assert objections(graph, RELEASES[export.OLDEST]) == []
    operators = Counter(node.op_type for node in graph.graph.node)
    # 12 USTA with two each, 8 directions of CSTA with three, one at the end of each stream
    assert operators["LayerNormalization"] == 12 * 2 + 8 * 3 + 2
    assert operators["Softmax"] == 12 + 8 + 2
    assert graph.opset_import[0].version == 17


def test_a_model_on_flow_takes_the_same_two_frames() -> None:
    torch.manual_seed(6)
    flow_model = Hsta(config("tiny", 112, len(LABELS), "flow", heads=True)).eval()
    exported = onnx_graph.to_onnx(flow_model, Temperatures())
    assert objections(exported, RELEASES[export.OLDEST]) == []
    shapes = {
        given.name: [d.dim_value for d in given.type.tensor_type.shape.dim]
        for given in exported.graph.input
    }
    assert shapes == {"frames": [1, 6, 112, 112, 3], "special": [1, 2, 112, 112, 3]}
    _, gap = onnx_graph.compare(flow_model, Temperatures(), exported)
    assert gap <= export.TOLERANCE


def test_every_shape_is_static(graph: onnx.ModelProto) -> None:
    for value in [*graph.graph.input, *graph.graph.output, *graph.graph.value_info]:
        assert all(d.dim_value > 0 for d in value.type.tensor_type.shape.dim), value.name


def test_bgr_bytes_in_the_graph_are_rgb_floats_in_pytorch(
    model: Hsta, graph: onnx.ModelProto
) -> None:
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 256, (1, 6, 112, 112, 3), dtype=np.uint8)
    special = rng.integers(0, 256, (1, 2, 112, 112, 3), dtype=np.uint8)
    with torch.no_grad():
        expected, seen = model.look(
            normalise(torch.from_numpy(frames)), normalise(torch.from_numpy(special))
        )
    bgr = {"frames": frames[..., ::-1].copy(), "special": special[..., ::-1].copy()}
    logits, probabilities, valence, units, attention = run(graph, bgr)
    wanted = {
        "logits": (logits, expected.emotion),
        "probabilities": (probabilities, (expected.emotion / 1.7).softmax(1)),
        "valence": (valence, (expected.valence / 0.8).softmax(1)),
        "units": (units, (expected.units / 1.2).sigmoid()),
        "attention": (attention, seen),
    }
    for name, (found, right) in wanted.items():
        assert np.abs(found - right.numpy()).max() <= export.TOLERANCE, name
    assert attention.shape == (1, 3, 7, 7)
    assert attention.sum() == pytest.approx(1, abs=1e-5)


def test_pattern_is_the_documented_one() -> None:
    expected = [((k * 2654435761) % 2**32) >> 24 for k in range(1000, 1012)]
    assert onnx_graph.pattern((3, 4), 1000).reshape(-1).tolist() == expected


def test_command_writes_graph_manifest_and_parity(tmp_path: Path, model: Hsta) -> None:
    state = {"config": asdict(model.cfg), "model": model.state_dict(), "step": 3, "steps": 9}
    torch.save(state, tmp_path / "checkpoint.pt")
    out, parity = tmp_path / "hsta-tiny-112.onnx", tmp_path / "parity.json"
    assert export.main(["--run", str(tmp_path), "--out", str(out), "--parity", str(parity)]) == 0
    entry = json.loads((tmp_path / "manifest.json").read_text())["models"]["hsta"]
    assert entry["bytes"] == out.stat().st_size
    assert entry["labels"] == list(LABELS)
    shipped = json.loads((ROOT / "models/manifest.json").read_text())["models"]["hsta"]
    left_out = {"precision", "realVideo"}
    assert set(shipped) - left_out <= set(entry), "the daemon asks for what a shipped entry has"
    assert entry["provenance"]["finished"] is False
    record = json.loads(parity.read_text())
    found = run(onnx.load(out), onnx_graph.parity_inputs(model.cfg))
    for name, values in zip(onnx_graph.OUTPUTS, found, strict=True):
        gap = np.abs(values.ravel() - np.array(record["outputs"][name])).max()
        assert gap <= record["tolerance"], name


def test_weights_stored_in_half_are_half_the_file_and_say_the_same(graph: onnx.ModelProto) -> None:
    stored = half.stored_half(graph)
    assert stored.ByteSize() < 0.55 * graph.ByteSize()
    rng = np.random.default_rng(3)
    clip = {
        "frames": rng.integers(0, 256, (1, 6, 112, 112, 3), dtype=np.uint8),
        "special": rng.integers(0, 256, (1, 2, 112, 112, 3), dtype=np.uint8),
    }
    for exact, near in zip(run(graph, clip), run(stored, clip), strict=True):
        assert near.dtype == np.float32
        assert np.abs(exact - near).max() < 2e-3


def test_what_fp16_cannot_hold_stays_single() -> None:
    large = np.full(half.SMALLEST, 1e6, np.float32)
    small = np.ones(half.SMALLEST - 1, np.float32)
    fits = np.full(half.SMALLEST, 0.5, np.float32)
    made = [
        onnx.numpy_helper.from_array(v, n) for v, n in ((large, "a"), (small, "b"), (fits, "c"))
    ]
    out = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [half.SMALLEST])
    nodes = [onnx.helper.make_node("Add", ["a", "c"], ["y"])]
    graph = onnx.helper.make_graph(nodes, "g", [], [out], made)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)])
    stored = half.stored_half(model)
    kinds = {i.name: i.data_type for i in stored.graph.initializer}
    assert kinds == {
        "a": onnx.TensorProto.FLOAT,
        "b": onnx.TensorProto.FLOAT,
        "c.half": onnx.TensorProto.FLOAT16,
    }
    assert {half.name_of(name) for name in kinds} == {"a", "b", "c"}
