"""convert-face: MediaPipe's face detector and face mesh, from their npm packages to ONNX.

Get the packages first (Apache-2.0, Google; they carry the models, not a licence file):

    npm pack @mediapipe/face_detection@0.4.1657300184 @mediapipe/face_mesh@0.4.1657299874

and unpack each into a folder of its own.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx

from flinch_train.data import manifest
from flinch_train.export.face.tflite_to_onnx import Input, Outputs, convert
from flinch_train.settings import read

DETECTION_PACKAGE = "@mediapipe/face_detection@0.4.1657300184"
MESH_PACKAGE = "@mediapipe/face_mesh@0.4.1657299874"
# Outputs of the TFLite file, by position: boxes 16 × 16 × 2 and 8 × 8 × 6 already joined to 896.
DETECTION_OUTPUTS: Outputs = {"boxes": [(0, (1, 896, 16))], "scores": [(1, (1, 896, 1))]}
MESH_OUTPUTS: Outputs = {"landmarks": [(0, (1, 468, 3))], "presence": [(1, (1, 1))]}


def package_root(folder: Path) -> Path:
    """The unpacked package itself, whether ``folder`` is it or holds npm's ``package/``."""
    return folder / "package" if (folder / "package").is_dir() else folder


def read_packed_asset(folder: Path, stem: str, filename: str) -> bytes:
    """One file out of an Emscripten data bundle; its loader script lists the byte ranges."""
    loader = (folder / f"{stem}_loader.js").read_text("utf-8")
    start = loader.index('"files"')
    listing = loader[loader.index("[", start) :]
    files, _ = json.JSONDecoder().raw_decode(listing)
    for entry in files:
        if Path(entry["filename"]).name == filename:
            return (folder / f"{stem}.data").read_bytes()[entry["start"] : entry["end"]]
    raise FileNotFoundError(f"{filename} is not in {stem}.data")


def convert_detection(data: bytes) -> onnx.ModelProto:
    """BlazeFace, short range: (1, 128, 128, 3) → raw boxes and scores of 896 anchors."""
    return convert(data, Input("image", 2 / 255, -1.0), DETECTION_OUTPUTS, "face_detection")


def convert_mesh(data: bytes) -> onnx.ModelProto:
    """Face mesh: (1, 192, 192, 3) → 468 points in pixels of that picture, and a presence logit."""
    return convert(data, Input("image", 1 / 255, 0.0), MESH_OUTPUTS, "face_landmark")


def entry(
    model: onnx.ModelProto, file: str, name: str, task: str, package: str, asset: str, data: bytes
) -> dict[str, Any]:
    """The manifest's record of one converted model."""

    def describe(value: onnx.ValueInfoProto) -> dict[str, Any]:
        tensor = value.type.tensor_type
        kind = "uint8" if tensor.elem_type == onnx.TensorProto.UINT8 else "float32"
        return {
            "name": value.name,
            "type": kind,
            "shape": [d.dim_value for d in tensor.shape.dim],
        }

    return {
        "file": file,
        "name": name,
        "version": package.rsplit("@", 1)[1],
        "task": task,
        "inputs": [
            {**describe(v), "layout": "NHWC, BGR", "range": [0, 255]} for v in model.graph.input
        ],
        "outputs": [describe(v) for v in model.graph.output],
        "opset": model.opset_import[0].version,
        "licence": "Apache-2.0 (LICENSE.mediapipe)",
        "provenance": {
            "source": f"npm {package}",
            "asset": asset,
            "assetSha256": hashlib.sha256(data).hexdigest(),
            "command": "python -m flinch_train convert-face",
            "authors": "Google, MediaPipe",
        },
    }


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    face_detection: Path  # unpacked npm package
    face_mesh: Path  # unpacked npm package
    out: Path  # models folder


def main(argv: list[str]) -> int:
    """Convert both models into ``--out`` and enter them in its manifest."""
    args = read(Settings, "convert-face", __doc__, argv)

    asset = "face_detection_short_range.tflite"
    data = (package_root(args.face_detection) / asset).read_bytes()
    model = convert_detection(data)
    onnx.save(model, args.out / "face_detection.onnx")
    record = entry(
        model,
        "face_detection.onnx",
        "blazeface-short-range",
        "face boxes and six key points, raw, of 896 anchors",
        DETECTION_PACKAGE,
        asset,
        data,
    )
    manifest.register(args.out, "faceDetection", record)

    asset = "face_landmark.tflite"
    bundle = "face_mesh_solution_packed_assets"
    data = read_packed_asset(package_root(args.face_mesh), bundle, asset)
    model = convert_mesh(data)
    onnx.save(model, args.out / "face_landmark.onnx")
    record = entry(
        model,
        "face_landmark.onnx",
        "face-mesh-468",
        "468 face landmarks in pixels of the crop, and a presence logit",
        MESH_PACKAGE,
        f"{bundle}.data/{asset}",
        data,
    )
    manifest.register(args.out, "faceLandmark", record)
    for file in ("face_detection.onnx", "face_landmark.onnx"):
        print(args.out / file)
    return 0
