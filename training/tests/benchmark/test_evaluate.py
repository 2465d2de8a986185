"""evaluate: a graph whose hash is right, on clips, on real flow, and on a video with its truth."""

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from flinch_train.benchmark.shipped import evaluate, video
from flinch_train.benchmark.shipped.graph import Graph, calibrated_logits, raw_logits
from flinch_train.data.labels import ACTION_UNITS, LABELS
from flinch_train.export import command as export
from flinch_train.model.hsta import Hsta, config
from flinch_train.model.temperatures import Temperatures
from flinch_train.train.scoring.metrics import softmax
from tests.benchmark.test_benchmark import made_up
from tests.train.test_train import make_clip_set


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    torch.manual_seed(2)
    network = Hsta(config("tiny", 112, len(LABELS), "flow", heads=True)).eval()
    state = {"config": vars(network.cfg), "model": network.state_dict(), "step": 1, "steps": 1}
    torch.save(state, folder / "checkpoint.pt")
    heat = {"emotion": 2.0, "valence": 0.5, "units": 1.5}
    (folder / "metrics.json").write_text(json.dumps({"temperatures": heat}))
    assert export.main(["--run", str(folder), "--out", str(folder / "hsta.onnx")]) == 0
    return folder / "hsta.onnx"


def test_a_clip_set_is_scored_by_its_second_half(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clip_set = make_clip_set(tmp_path / "clips", 16, 1)
    assert evaluate.main(["--model", str(model), "--clips", str(clip_set), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["test"]["clips"] == 8
    assert set(found["test"]) >= {"emotion", "valence", "actionUnits"}


def test_a_graph_that_was_changed_is_refused(model: Path, tmp_path: Path) -> None:
    for name in (model.name, "manifest.json"):
        (tmp_path / name).write_bytes((model.parent / name).read_bytes())
    changed = tmp_path / model.name
    changed.write_bytes(changed.read_bytes() + b"x")
    with pytest.raises(SystemExit, match="hash"):
        Graph.open(changed)
    with pytest.raises(SystemExit, match="no such file"):
        Graph.open(tmp_path / "none.onnx")


def test_what_was_said_before_calibration() -> None:
    emotion = np.array([[0.7, 0.1, 0.05, 0.05, 0.04, 0.03, 0.02, 0.01]])
    outputs = [(emotion[0], np.array([0.5, 0.3, 0.2]), np.full(len(ACTION_UNITS), 0.8))]
    calibrated = calibrated_logits(outputs)
    assert softmax(calibrated.emotion) == pytest.approx(emotion)
    raw = raw_logits(calibrated, Temperatures(2.0, 1.0, 3.0))
    again = raw.over(Temperatures(2.0, 1.0, 3.0))
    assert again.units == pytest.approx(calibrated.units)


def act(kind: str, onset: float, offset: float, face: int = 0) -> dict:
    micro = kind == "micro_expression"
    return {
        "kind": kind,
        "face": face,
        "onsetMs": onset,
        "apexMs": onset + 0.4 * (offset - onset),
        "offsetMs": offset,
        "emotion": "happy" if micro else None,
        "actionUnits": ["12"] if micro else ["45"],
    }


def test_acts_that_overlap_no_micro_expression_are_none() -> None:
    events = [
        act("micro_expression", 1000, 1300),
        act("blink", 1200, 1400),
        act("blink", 2000, 2200),
        act("speech", 3000, 6000),
        act("sway", 0, 9000),
    ]
    found = video.spans({"fps": 100.0, "durationMs": 10_000, "events": events})
    assert [LABELS[span.label] for span in found] == ["happy", "none", "none"]
    assert found[0].frames == (100, 106, 112, 118, 124, 130)
    assert found[0].apex == 112
    assert found[1].frames[0] == 200
    assert found[2].frames[-1] == 360  # 600 ms of the speech
    assert found[0].units[ACTION_UNITS.index("12")] == 1
    assert set(found[1].units) == {0}
    assert set(found[2].units) == {-1}


def test_a_video_of_two_faces_is_refused() -> None:
    truth = {"fps": 30.0, "durationMs": 1000, "events": [act("blink", 0, 200, face=1)]}
    with pytest.raises(SystemExit, match="more than one face"):
        video.spans(truth)


def test_a_video_that_ends_early_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "video.avi"
    writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*"MJPG"), 30, (64, 48))
    for level in range(5):
        writer.write(np.full((48, 64, 3), 40 * level, np.uint8))
    writer.release()
    assert [number for number, _ in video.pictures(file, {1, 4})] == [1, 4]
    with pytest.raises(SystemExit, match="ends at frame 5"):
        list(video.pictures(file, {7}))
    (tmp_path / "noise.mp4").write_bytes(b"nothing")
    with pytest.raises(SystemExit, match="not a video"):
        list(video.pictures(tmp_path / "noise.mp4", {0}))


def test_real_flow_needs_nothing_but_its_files(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = made_up(tmp_path / "flow", subjects=2, each=3)
    assert evaluate.main(["--model", str(model), "--flow", str(flow), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["test"]
    assert found["valence"]["clips"] == 6
    assert np.sum(found["valence"]["confusion"]["counts"]) == 6
    assert "emotion" not in found
    with pytest.raises(SystemExit, match=r"no flow\.npz"):
        evaluate.main(["--model", str(model), "--flow", str(tmp_path)])


def test_people_whom_a_graph_was_trained_on_are_left_out(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flow = made_up(tmp_path / "flow", subjects=2, each=3)
    copy = shutil.copytree(model.parent, tmp_path / "copy")
    record = json.loads((copy / "manifest.json").read_text())
    record["models"]["hsta"]["provenance"]["realSubjects"] = ["set0/0"]
    (copy / "manifest.json").write_text(json.dumps(record))
    assert evaluate.main(["--model", str(copy / model.name), "--flow", str(flow)]) == 0
    assert "1 people never trained on, clips: 3" in capsys.readouterr().out
