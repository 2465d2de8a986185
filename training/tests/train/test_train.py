"""Training: scores, calibration, the clip set's batches, the start, and a whole tiny run."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from flinch_train.data.clips.clip_set import Change, ClipSet, augment, normalise
from flinch_train.data.clips.shares import Shares
from flinch_train.data.clips.targets import Targets, likely_labels, other_side
from flinch_train.data.labels import ACTION_UNITS, LABELS, unit_row, valence_of
from flinch_train.model.graph.hsta import to_onnx
from flinch_train.model.graph.read_back import read_graph
from flinch_train.model.hsta import HeadOutputs, Hsta, config
from flinch_train.model.start import cosines, see_differences
from flinch_train.model.weights import load_run
from flinch_train.train.hsta import command as train
from flinch_train.train.hsta import judge, schedule
from flinch_train.train.hsta.losses import Goals, losses, motion_loss
from flinch_train.train.scoring import metrics, priors, scores


def make_clip_set(folder: Path, count: int, seed: int) -> Path:
    """A patch that lights up between onset and apex; where it is, is the label."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 8, count)
    frames = rng.integers(90, 110, (count, 6, 112, 112, 3), dtype=np.uint8)
    special = rng.integers(90, 110, (count, 2, 112, 112, 3), dtype=np.uint8)
    for k, label in enumerate(labels):
        top = 14 * label
        frames[k, 2:4, top : top + 14, 30:80] += 60
        special[k, 1, top : top + 14, 30:80] += 60
    folder.mkdir()
    units = np.zeros((count, len(ACTION_UNITS)), np.int8)
    units[np.arange(count), labels] = 1
    units[0] = -1
    arrays = {
        "frames": frames,
        "special": special,
        "labels": labels,
        "valence": [valence_of(label) for label in labels],
        "units": units,
        "subjects": np.arange(count) // 4,
    }
    about = {"source": "simulated-test", "count": count}
    (folder / "clips.json").write_text(json.dumps(about))
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def test_uf1_and_uar() -> None:
    matrix = np.array([[8, 2], [1, 1]])
    uf1, uar = metrics.uf1_uar(matrix)
    assert uf1 == pytest.approx((16 / 19 + 2 / 5) / 2)
    assert uar == pytest.approx((0.8 + 0.5) / 2)
    truth, guess = np.array([0, 0, 1]), np.array([0, 1, 1])
    assert metrics.confusion(truth, guess, 2).tolist() == [[1, 1], [0, 1]]


def test_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 8))
    truth = np.array([rng.choice(8, p=row) for row in metrics.softmax(logits)])
    assert metrics.fit_temperature(logits * 3, truth) == pytest.approx(3, rel=0.1)
    before = metrics.expected_calibration_error(metrics.softmax(logits * 3), truth)
    after = metrics.expected_calibration_error(metrics.softmax(logits), truth)
    assert after < 0.05 < before


def test_three_class_view_leaves_out_others_and_none() -> None:
    probabilities = np.eye(len(LABELS))
    three = scores.three_class_view(probabilities)
    assert three.sum() == 6
    assert three[LABELS.index("others")].sum() == three[LABELS.index("none")].sum() == 0
    assert three[LABELS.index("sad")].tolist() == [1, 0, 0]


def test_what_is_unknown_is_not_asked(tmp_path: Path) -> None:
    clip_set = ClipSet.open(make_clip_set(tmp_path / "clips", 12, 5))
    goals = Goals.of(clip_set)
    rng = torch.Generator().manual_seed(0)
    outputs = HeadOutputs(*(torch.randn(12, n, generator=rng) for n in (8, 3, len(ACTION_UNITS))))
    batch = goals.at(np.arange(12), torch.device("cpu"))
    before = losses(outputs, batch)
    assert set(before) == {"emotion", "valence", "units"}
    outputs.units[0] += 100.0  # the action units of the first clip are unknown
    left_out = np.flatnonzero(clip_set.valence < 0)
    outputs.valence[left_out] += torch.tensor([50.0, 0.0, 0.0])
    after = losses(outputs, batch)
    assert after["units"].item() == pytest.approx(before["units"].item())
    assert after["valence"].item() == pytest.approx(before["valence"].item())
    outputs.units[1] += 100.0
    assert losses(outputs, batch)["units"].item() > after["units"].item() + 1


def test_action_units_without_their_sides() -> None:
    named = [
        unit
        for unit, there in zip(ACTION_UNITS, unit_row(["4", "L14", "T24"]), strict=True)
        if there
    ]
    assert named == ["4", "14", "24"]


def test_scores_of_perfect_heads_are_one(tmp_path: Path) -> None:
    clip_set = ClipSet.open(make_clip_set(tmp_path / "clips", 40, 6))
    truth = scores.Truth.of(clip_set)
    right = scores.Logits(
        np.eye(8)[truth.emotion] * 20,
        np.eye(4)[truth.valence][:, :3] * 20,
        (truth.units * 2.0 - 1) * 20,
    )
    found = scores.report(right, truth)
    assert found["emotion"]["uf1"] == found["valence"]["uf1"] == found["actionUnits"]["f1"] == 1
    assert scores.render(found, found, "clips").count("1.000") >= 5


def test_augmentation_treats_all_frames_alike(tmp_path: Path) -> None:
    frames = torch.full((4, 6, 112, 112, 3), 100, dtype=torch.uint8)
    frames[:, :, :, :30] = 200
    special = frames[:, :2]
    a, b, flipped = augment(frames, special, torch.Generator().manual_seed(5))
    assert a.shape == frames.shape
    assert b.dtype == torch.uint8
    assert 0 < flipped.sum() < 4
    for clip, mirrored in zip(a.float(), flipped, strict=True):
        assert (clip[0] - clip[5]).abs().mean() < 4  # grain alone
        left_is_lighter = clip[:, :, :20].mean() > clip[:, :, 90:].mean()
        assert left_is_lighter != bool(mirrored)
    again, _, _ = augment(frames, special, torch.Generator().manual_seed(5))
    assert torch.equal(a, again)


def test_a_gpu_would_augment_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = torch.Generator().manual_seed(6)
    clips = torch.randint(0, 256, (3, 4, 112, 112, 3), dtype=torch.uint8, generator=rng)
    one, _, _ = augment(clips, clips[:, :0], torch.Generator().manual_seed(7))
    monkeypatch.setattr(Change, "one_by_one", Change.at_once)
    other, _, _ = augment(clips, clips[:, :0], torch.Generator().manual_seed(7))
    assert torch.equal(one, other)
    assert not torch.equal(one, clips)


def test_normalise_is_imagenet_s() -> None:
    clip = torch.full((1, 2, 4, 4, 3), 255, dtype=torch.uint8)
    out = normalise(clip)
    assert out.shape == (1, 3, 2, 4, 4)
    assert out[0, 0].mean().item() == pytest.approx((1 - 0.485) / 0.229, abs=1e-5)


def test_mirrored_targets_swap_sides() -> None:
    assert other_side("browDown_L") == "browDown_R"
    assert other_side("mouthRight") == "mouthLeft"
    assert other_side("jawOpen") == "jawOpen"
    values = np.array([[1.0, 2.0, 3.0]], np.float32)
    targets = Targets(
        values,
        Shares(np.eye(8, dtype=np.float32)[:1], np.zeros((1, 3), np.float32)),
        np.array([1, 0, 2]),
        np.array([1, 1, -1], np.float32),
    )
    assert targets.batch(np.array([0]), np.array([True])).tolist() == [[2.0, 1.0, -3.0]]
    assert targets.batch(np.array([0]), np.array([False])).tolist() == [[1.0, 2.0, 3.0]]


def test_likely_labels_are_shares_among_clips_with_the_same_units() -> None:
    units = [("AU4",), ("AU4",), ("AU4",), (), ("AU1", "AU2")]
    likely = likely_labels(units, np.array([1, 1, 3, 7, 2]))
    assert likely[0].tolist() == pytest.approx([0, 2 / 3, 0, 1 / 3, 0, 0, 0, 0])
    assert likely[3].argmax() == 7
    assert likely.sum(axis=1).tolist() == pytest.approx([1] * 5)


def test_a_start_that_sees_differences() -> None:
    torch.manual_seed(0)
    assert torch.allclose(
        torch.einsum("aij,bij->ab", *[cosines(8, 64)] * 2), torch.eye(64), atol=1e-5
    )
    model = Hsta(config("tiny", 112, 8))
    clip = torch.randn(8, 3, 6, 112, 112), torch.randn(8, 3, 2, 112, 112)
    see_differences(model, *clip)
    still = clip[1][:, :, :1].expand(-1, -1, 2, -1, -1)
    tokens = model.embed_special.proj(still)
    assert tokens[:, : int(0.6 * 96)].abs().max() < 1e-3  # two equal frames: no difference
    assert model.embed_special.proj(clip[1])[:, : int(0.6 * 96)].std() > 0.3


def test_learning_rate_rises_then_falls() -> None:
    rates = [schedule.learning_rate(step, 200) for step in range(200)]
    assert max(rates) == pytest.approx(1.0)
    assert rates[0] == pytest.approx(0.1)
    assert rates[-1] == pytest.approx(schedule.FINAL_RATE, abs=0.01)


def test_a_run_learns_resumes_and_exports(tmp_path: Path) -> None:
    clip_set = make_clip_set(tmp_path / "clips", 48, 1)
    held_out = make_clip_set(tmp_path / "val", 32, 2)
    out = tmp_path / "run"
    options = ["--clips", str(clip_set), "--val-clips", str(held_out), "--out", str(out)]
    options += ["--batch", "16", "--quiet", "--seed", "4"]
    assert train.main([*options, "--epochs", "1"]) == 0
    assert torch.load(out / "checkpoint.pt", weights_only=True)["step"] == 3
    assert train.main([*options, "--epochs", "2", "--resume"]) == 0
    assert torch.load(out / "checkpoint.pt", weights_only=True)["step"] == 6
    result = json.loads((out / "metrics.json").read_text())
    assert result["test"]["clips"] == 16
    assert np.sum(result["test"]["emotion"]["confusion"]["counts"]) == 16
    model, _ = load_run(out)
    logits = judge.predict(model, ClipSet.open(held_out))
    report = judge.evaluate(logits, ClipSet.open(held_out), priors.Shift(**result["shift"]))
    assert report["temperatures"] == pytest.approx(result["temperatures"], rel=1e-3)


def test_cross_validation_judges_every_subject_once(tmp_path: Path) -> None:
    clip_set, out = make_clip_set(tmp_path / "clips", 48, 3), tmp_path / "run"
    options = ["--clips", str(clip_set), "--out", str(out), "--protocol", "kfold", "--folds", "2"]
    options += ["--classes", "7", "--epochs", "1", "--batch", "16", "--quiet", "--threads", "2"]
    assert train.main(options) == 0
    found = json.loads((out / "crossval.json").read_text())
    of_the_seven = ClipSet.open(clip_set).labels < 7
    assert found["clips"] == of_the_seven.sum() == np.sum(found["confusion"])
    assert found["subjects"] == len(np.unique(ClipSet.open(clip_set).subjects[of_the_seven]))
    assert (out / "fold-1" / "checkpoint.pt").exists()
    assert list((out / "fold-0" / "tensorboard").iterdir())


def test_two_processes_learn_the_same_weights(tmp_path: Path) -> None:
    clip_set, held_out = (
        make_clip_set(tmp_path / "clips", 32, 1),
        make_clip_set(tmp_path / "val", 16, 2),
    )
    out = tmp_path / "run"
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    command += [
        "-m",
        "flinch_train",
        "train",
        "--clips",
        str(clip_set),
        "--val-clips",
        str(held_out),
    ]
    command += ["--out", str(out), "--epochs", "1", "--batch", "16", "--quiet", "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.count("emotion: UF1") == 1  # one of the two speaks
    assert torch.load(out / "checkpoint.pt", weights_only=True)["step"] == 2


def test_a_run_starts_from_another(tmp_path: Path) -> None:
    clip_set, held_out = (
        make_clip_set(tmp_path / "clips", 16, 1),
        make_clip_set(tmp_path / "val", 16, 2),
    )
    first, second = tmp_path / "first", tmp_path / "second"
    options = ["--clips", str(clip_set), "--val-clips", str(held_out), "--batch", "16", "--quiet"]
    assert train.main([*options, "--out", str(first), "--epochs", "1"]) == 0
    args = ["--out", str(second), "--epochs", "0", "--start", str(first)]
    assert train.main([*options, *args]) == 0
    a, b = (
        torch.load(run / "checkpoint.pt", weights_only=True)["model"] for run in (first, second)
    )
    assert all(torch.equal(a[name], b[name]) for name in a)


def test_half_of_a_batch_is_made_anew(tmp_path: Path) -> None:
    clip_set, held_out = (
        make_clip_set(tmp_path / "clips", 24, 1),
        make_clip_set(tmp_path / "val", 16, 2),
    )
    rng = np.random.default_rng(3)
    (tmp_path / "moving").mkdir()
    np.savez(
        tmp_path / "moving" / "moving.npz",
        stills=rng.random((2, 112, 112, 3)).astype(np.float16),
        raw=rng.integers(0, 256, (24, 28, 28, 3), dtype=np.uint8),
        label=np.tile((1, 6, 2), 8),
        valence=np.tile((0, 1, 2), 8),
        units=np.zeros((24, len(ACTION_UNITS)), np.int64),
        dataset=np.array(["samm"] * 24),
        namespace=np.array("train"),
        none=np.array(0.0),
    )
    out, options = tmp_path / "run", ["--clips", str(clip_set), "--val-clips", str(held_out)]
    options += ["--batch", "16", "--quiet", "--epochs", "1", "--moving", str(tmp_path / "moving")]
    assert train.main([*options, "--out", str(out)]) == 0
    assert (
        torch.load(out / "checkpoint.pt", weights_only=True)["step"] == 3
    )  # of 8 from the clip set
    run = json.loads((out / "run.json").read_text())
    assert run["moving"] == {"namespace": "train", "none": 0.0, "stills": 2, "flows": 24}
    # what is made holds no "none" and every valence alike, and it was half of what was met
    labels, valence = ClipSet.open(clip_set).labels, ClipSet.open(clip_set).valence
    met = np.concatenate([labels, np.tile((1, 6, 2), 8)])
    found = json.loads((out / "metrics.json").read_text())["shift"]
    expected = priors.Shift.of(met, np.concatenate([valence, np.tile((0, 1, 2), 8)]))
    assert found["none"] == pytest.approx(expected.none)
    assert found["valence"] == pytest.approx(expected.valence)


def test_a_graph_gives_its_weights_back(tmp_path: Path) -> None:
    torch.manual_seed(5)
    cfg = config("tiny", 112, len(LABELS), "flow", heads=True)
    model = Hsta(cfg).eval()
    with torch.no_grad():  # as after training: no two biases alike
        for weight in model.parameters():
            weight.normal_(0, 0.05)
    onnx.save(to_onnx(model, scores.Temperatures(emotion=2.0)), tmp_path / "model.onnx")
    found, wanted = read_graph(tmp_path / "model.onnx", cfg), model.state_dict()
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)
    with pytest.raises(SystemExit, match="another shape"):
        read_graph(tmp_path / "model.onnx", config("tiny", 112, 7, "flow", heads=True))


def test_a_valence_without_a_label_is_any_label_of_that_valence(tmp_path: Path) -> None:
    clip_set = ClipSet.open(make_clip_set(tmp_path / "clips", 4, 9))
    clip_set.labels[:] = (-1, -1, -1, LABELS.index("others"))
    clip_set.valence[:] = (0, 1, -1, 0)
    goals = Goals.of(clip_set)
    negative = [LABELS.index(name) for name in ("disgust", "fear", "anger", "sad")]
    assert goals.emotion[0, negative].tolist() == pytest.approx([0.25 * 0.95 + 0.05 / 8] * 4)
    assert goals.emotion[1].argmax() == LABELS.index("happy")
    assert goals.emotion[2].sum() == goals.valence[2].sum() == 0  # nothing is asked
    assert goals.valence[3].tolist() == [1, 0, 0]  # the clip set knows more than its label


def test_none_is_judged_as_often_as_it_is_met() -> None:
    none = LABELS.index("none")
    truth = np.array([0, 1, 2, none])
    weight = priors.as_met(truth)
    assert weight[3] == pytest.approx(weight[:3].sum())
    assert priors.as_met(truth[:3]).tolist() == [1, 1, 1]
    shift = priors.none_shift(truth)
    assert np.exp(shift) == pytest.approx(3)  # from one in four to one in two
    assert priors.none_shift(truth[:3]) == 0
    assert priors.Shift.of(np.array([-1, *truth]), np.array([-1])) == priors.Shift(shift)


def test_valences_are_judged_as_often_as_they_are_met() -> None:
    shift = priors.valence_shift(np.array([0, 0, 1, 2]))
    prior = np.array([0.5, 0.25, 0.25]) * np.exp(shift)
    assert prior == pytest.approx(np.array([250, 109, 83]) / 442)
    assert priors.valence_shift(np.array([0, 1, 1])) == (0, 0, 0)
    even = scores.Logits(np.zeros((1, 8)), np.zeros((1, 3)), np.zeros((1, 16)))
    moved = even.shifted(priors.Shift(1.0, (0.5, 0.0, -0.5)))
    assert moved.valence.tolist() == [[0.5, 0.0, -0.5]]
    assert moved.emotion.sum() == 1


def test_a_sure_error_costs_calibration() -> None:
    none = LABELS.index("none")
    truth = np.array([0, 1, 2, none])
    weight = priors.as_met(truth)
    sure = np.full((4, 8), -9.0)
    sure[np.arange(4), [0, 1, 2, 0]] = 9.0  # wrong about the one "none", and sure of it
    found = metrics.expected_calibration_error(metrics.softmax(sure), truth, weight)
    assert found == pytest.approx(0.5, abs=1e-3)


def test_what_moved_is_asked_only_where_it_is_known() -> None:
    outputs, wanted = torch.ones(3, 2), torch.zeros(3, 2)
    wanted[1:] = torch.nan
    assert motion_loss(outputs, wanted).item() == pytest.approx(0.5)
    assert motion_loss(outputs, torch.full((3, 2), torch.nan)).item() == 0


def test_what_is_asked_must_be_one_thing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        train.main(["--clips", str(tmp_path), "--out", str(tmp_path / "run")])
    assert "either --val-clips" in capsys.readouterr().err
