"""Converted face models: found in their packages, shaped as documented, hashed as recorded."""

import json
import os
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper

from flinch_train.data import manifest
from flinch_train.export.face import convert as convert_face
from flinch_train.export.face.tflite_to_onnx import OPSET, Converter
from tests.repository import ROOT

MODELS = ROOT / "models"


def session(name: str) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(MODELS / name)


def test_packed_asset_is_found_by_the_loader_s_own_listing(tmp_path: Path) -> None:
    files = [
        {"filename": "/a/other.tflite", "start": 0, "end": 3},
        {"filename": "/a/face.tflite", "start": 3, "end": 7},
    ]
    (tmp_path / "kit_loader.js").write_text(f'x({{"files": {json.dumps(files)}, "size": 7}});')
    (tmp_path / "kit.data").write_bytes(b"abcDEFG")
    assert convert_face.read_packed_asset(tmp_path, "kit", "face.tflite") == b"DEFG"
    with pytest.raises(FileNotFoundError, match=r"nose\.tflite"):
        convert_face.read_packed_asset(tmp_path, "kit", "nose.tflite")


def test_detector_s_shapes_and_an_empty_picture() -> None:
    boxes, scores = session("face_detection.onnx").run(
        ["boxes", "scores"], {"image": np.full((1, 128, 128, 3), 90, np.uint8)}
    )
    assert boxes.shape == (1, 896, 16)
    assert scores.shape == (1, 896, 1)
    assert (1 / (1 + np.exp(-scores.clip(-80, 80)))).max() < 0.5  # no face in grey


def test_mesh_s_shapes_and_an_empty_picture() -> None:
    landmarks, presence = session("face_landmark.onnx").run(
        ["landmarks", "presence"], {"image": np.full((1, 192, 192, 3), 90, np.uint8)}
    )
    assert landmarks.shape == (1, 468, 3)
    assert presence.shape == (1, 1)
    assert presence[0, 0] < 0


def test_prelu_is_written_without_prelu_and_computes_the_same() -> None:
    x = helper.make_tensor_value_info("t0", TensorProto.FLOAT, [1, 4, 6, 6])
    slope = np.array([0.25, -0.7, 1.3, 0.0], np.float32)
    written = Converter.__new__(Converter)
    written.nodes, written.initializers, written.constants = [], [], {1: slope.reshape(1, 1, 4)}
    written.op_prelu(None, [0, 1], 2)
    assert "PRelu" not in {node.op_type for node in written.nodes}
    y = helper.make_tensor_value_info("t2", TensorProto.FLOAT, [1, 4, 6, 6])
    graph = helper.make_graph(written.nodes, "prelu", [x], [y], written.initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    value = np.random.default_rng(1).normal(size=(1, 4, 6, 6)).astype(np.float32)
    (out,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"t0": value})
    expected = np.where(value > 0, value, slope[:, None, None] * value)
    np.testing.assert_allclose(out, expected, atol=1e-6)


def test_manifest_has_the_files_hashes() -> None:
    models = manifest.load(MODELS)["models"]
    for key in ("faceDetection", "faceLandmark"):
        assert manifest.sha256(MODELS / models[key]["file"]) == models[key]["sha256"]


@pytest.mark.skipif(
    "MEDIAPIPE_PACKAGES" not in os.environ, reason="MEDIAPIPE_PACKAGES: folder of npm packages"
)
def test_conversion_gives_the_shipped_files(tmp_path: Path) -> None:
    packages = Path(os.environ["MEDIAPIPE_PACKAGES"])
    options = ["--face-detection", str(packages / "face_detection")]
    options += ["--face-mesh", str(packages / "face_mesh"), "--out", str(tmp_path)]
    assert convert_face.main(options) == 0
    for name in ("face_detection.onnx", "face_landmark.onnx"):
        assert (tmp_path / name).read_bytes() == (MODELS / name).read_bytes()
