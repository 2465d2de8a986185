"""Faces that flow moves in batches: alike what a clip set holds, with valence from a kernel."""

from pathlib import Path

import numpy as np
import pytest
import torch

from flinch_train.benchmark.flow.pretrained import Pretrained
from flinch_train.data.clips import ingredients
from flinch_train.data.clips.ingredients import Ingredients
from flinch_train.data.clips.moved_faces import SIZE, KeptFaces, in_crop, warped
from flinch_train.data.clips.moving import Course, Moving, agreeing
from flinch_train.data.flow import measured
from flinch_train.data.flow.measured import CROPS
from flinch_train.data.flow.real import Flows, standard, stretch
from flinch_train.data.flow.svm import FlowSvm
from flinch_train.data.flow.teacher import COST, FLOWS, Teacher, with_strain
from flinch_train.data.labels import ACTION_UNITS, LABELS, VALENCES
from flinch_train.data.sim.acts import hump

NONE = LABELS.index("none")


def smooth_flow(count: int, seed: int) -> Flows:
    """Standard flow (count, 3, 28, 28)."""
    rng = np.random.default_rng(seed)
    planes = np.stack([measured.noise(5, rng, 2, (28, 28)) for _ in range(count)])
    return standard(stretch(np.stack([measured.with_strain(p) for p in planes])))


@pytest.fixture(scope="module")
def given() -> Ingredients:
    count = 24
    valence = np.arange(count) % 4 - 1
    label = np.array([NONE, LABELS.index("disgust"), LABELS.index("happy"), 2])[valence + 1]
    return Ingredients(
        KeptFaces()._stills.astype(np.float16),
        smooth_flow(count, 1),
        label,
        valence,
        np.random.default_rng(2).integers(0, 2, (count, len(ACTION_UNITS))),
        np.array(list(CROPS))[np.arange(count) % 3],
        {},
    )


def test_a_batch_moves_faces_as_a_clip_set_does(given: Ingredients) -> None:
    source = Moving(given, torch.device("cpu"))
    laid = source.laid(source.flow[:3], source.crop[:3])
    course = Course(torch.tensor([0.5, 1.0, 1.4]), torch.tensor([0.4, 0.3, 0.6]))
    light = source.moved(source.stills[:3], laid, course).numpy()
    for k in range(3):
        flow = in_crop(given.flow[k], CROPS[str(given.dataset[k])])
        assert np.abs(laid[k].numpy().transpose(1, 2, 0) - flow).max() < 0.03 * np.abs(flow).max()
        apex = float(course.apex[k])
        for frame, time in enumerate([*np.linspace(0, 1, 6), apex]):
            far = float(course.pixels[k]) * hump(time, 0, apex, 1)
            expected = warped(given.stills[k].astype(np.float32), flow, far)
            assert np.abs(light[k, frame] - expected).mean() < 1e-3
    assert np.abs(light[:, 2] - light[:, 0]).mean() > 1e-3


def test_the_same_chance_is_the_same_batch(given: Ingredients) -> None:
    source = Moving(given, torch.device("cpu"))
    one, again = (source.make(6, torch.Generator().manual_seed(3)) for _ in range(2))
    assert all(
        torch.equal(a, b) for a, b in zip(vars(one).values(), vars(again).values(), strict=True)
    )
    other = source.make(6, torch.Generator().manual_seed(4))
    assert not torch.equal(one.frames, other.frames)
    assert one.frames.shape == (6, 6, SIZE, SIZE, 3)
    assert one.special.shape == (6, 2, SIZE, SIZE, 3)
    assert one.frames.dtype == torch.uint8
    assert torch.equal(one.special[:, 0], one.frames[:, 0])
    assert torch.allclose(one.emotion.sum(1), torch.ones(6), atol=1e-5)
    # what holds no expression has no valence
    assert torch.allclose(one.valence.sum(1) + one.emotion[:, NONE], torch.ones(6), atol=1e-5)


def test_labels_agree_with_the_valence_that_is_told() -> None:
    emotion = torch.eye(len(LABELS))[[LABELS.index("sad"), LABELS.index("others"), NONE]]
    valence = torch.tensor([[0.7, 0.2, 0.1], [0.6, 0.4, 0.0], [0.0, 0.0, 0.0]])
    told = agreeing(emotion, valence)
    assert told[0, LABELS.index("sad")] == pytest.approx(0.7)
    assert told[0, LABELS.index("happy")] == pytest.approx(0.2)
    assert told[0, LABELS.index("surprise")] == pytest.approx(0.1)
    assert told[1, LABELS.index("others")] == pytest.approx(0.6)
    assert told[2].tolist() == emotion[2].tolist()


def test_ingredients_come_back_as_they_were_written(
    tmp_path: Path, given: Ingredients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match=r"no moving\.npz"):
        Ingredients.open(tmp_path)
    raw = np.random.default_rng(5).integers(0, 256, (24, 28, 28, 3), dtype=np.uint8)
    facts = {name: getattr(given, name) for name in ("label", "valence", "units", "dataset")}
    made = type("Made", (), {**facts, "raw": raw})
    monkeypatch.setattr(ingredients, "simulate_flow", lambda *_: made)
    monkeypatch.setattr(ingredients, "ProcessPoolExecutor", _Serial)
    monkeypatch.setattr(ingredients, "_stills", lambda job: list(given.stills[: job[3]]))
    options = ["--head", "-", "--simulated", "24", "--stills", "5", "--out", str(tmp_path)]
    assert ingredients.main(options) == 0
    found = Ingredients.open(tmp_path)
    assert np.array_equal(found.flow, standard(raw))
    assert np.array_equal(found.stills, given.stills)
    assert found.about == {"namespace": "train", "none": 0.1, "stills": 5, "flows": 24}
    Moving(found, torch.device("cpu"))


class _Serial:
    """No processes at all."""

    def __init__(self, workers: int, mp_context: object) -> None:
        pass

    def __enter__(self) -> "_Serial":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    map = staticmethod(map)


def test_the_teacher_is_the_machine_that_it_was_made_of() -> None:
    flow, valence = Pretrained.open().beside.flow[:300], np.arange(300) % 3
    flow[:, 1] += 0.3 * (valence - 1)[:, None, None] * np.linspace(-1, 1, 28)
    valence[5] = -1
    teacher = Teacher(flow, valence)
    some = np.flatnonzero(valence >= 0)[:FLOWS]
    svm = FlowSvm(cost=COST).fit(flow[some], valence[some])
    svm.machine.decision_function_shape = "ovo"
    seen = smooth_flow(20, 7)
    pairs = svm.decision(seen)  # 0 against 1, 0 against 2, 1 against 2
    expected = np.stack(
        [pairs[:, 0] + pairs[:, 1], pairs[:, 2] - pairs[:, 0], -pairs[:, 1] - pairs[:, 2]], 1
    )
    found = teacher.scores(torch.from_numpy(seen)).numpy()
    assert np.abs(found - expected).max() < 1e-3
    shares = teacher(torch.from_numpy(seen))
    assert shares.shape == (20, len(VALENCES))
    assert torch.allclose(shares.sum(1), torch.ones(20), atol=1e-5)
    assert shares.argmax(1).tolist() == found.argmax(1).tolist()


def test_strain_is_that_of_the_published_features() -> None:
    rng = np.random.default_rng(8)
    planes = np.stack([measured.noise(5, rng, 2, (28, 28)) for _ in range(4)])
    expected = standard(stretch(np.stack([measured.with_strain(p) for p in planes])))
    found = with_strain(torch.from_numpy(planes.transpose(0, 3, 1, 2).copy())).numpy()
    assert np.abs(found - expected).mean() < 0.01  # 255 steps apart
