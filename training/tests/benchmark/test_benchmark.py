"""The benchmark: how real flow is read, the protocol's honesty, and what HSTA is given."""

from pathlib import Path

import numpy as np
import pytest
import torch

from flinch_train.benchmark.flow.flow_hsta import (
    PARTS,
    REDUCED,
    FlowHsta,
    Lesson,
    Options,
    learn,
    say,
)
from flinch_train.benchmark.flow.folds import HstaFold, KernelFold, RivalFold, SvmFold, class_weight
from flinch_train.benchmark.flow.pretrained import Pretrained
from flinch_train.benchmark.flow.protocol import (
    Classifications,
    folds,
    leave_one_subject_out,
    looked_at,
)
from flinch_train.benchmark.flow.run import TUNE
from flinch_train.benchmark.flow.streams import SIZE, course, streams, vary
from flinch_train.benchmark.flow.table import Row, render
from flinch_train.data.clips.moved_faces import in_crop, warped
from flinch_train.data.flow import real as flow_module
from flinch_train.data.flow.fields import COLUMNS, FINE, LEFT, ROWS, TOP, Fields
from flinch_train.data.flow.measured import MIDDLE, Crop, crop_of, disturbed, published
from flinch_train.data.flow.real import RealFlow, mirrored, standard, stretch
from flinch_train.data.flow.simulated import BLOCK, FlowSampler
from flinch_train.data.flow.teacher import FLOWS, Teacher
from flinch_train.data.labels import ACTION_UNITS
from flinch_train.data.sim.identity import person
from tests.sim_head import tiny_head


def made_up(folder: Path, subjects: int = 6, each: int = 6) -> Path:
    """Flow that anybody can tell apart: the class is the third of the picture that moves."""
    rng = np.random.default_rng(0)
    count = subjects * each
    label = np.arange(count) % 3
    moved = rng.normal(0, 0.2, (count, 28, 28, 3))
    for k in range(count):
        moved[k, 9 * label[k] : 9 * label[k] + 9, :, 1] += 3
    folder.mkdir()
    np.savez(folder / "flow.npz", flow=stretch(moved.astype(np.float32)))
    lines = ["dataset,subject,sample,label"]
    for k in range(count):
        lines.append(f"set{k // each % 2},{k // each},clip{k},{label[k]}")
    (folder / "index.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> RealFlow:
    return RealFlow.load(made_up(tmp_path_factory.mktemp("data") / "flow"))


def test_reading_undoes_the_stretch_up_to_its_scale() -> None:
    rng = np.random.default_rng(1)
    motion = rng.normal(0, 1, (2, 28, 28, 3)).astype(np.float32)
    a, b = standard(stretch(motion)), standard(stretch(motion * 7 + 2))
    assert np.abs(a - b).max() < 0.05
    assert np.abs(np.median(a[:, :2], axis=(2, 3))).max() < 0.02
    assert a[:, 2].min() >= 0
    assert a.max() <= flow_module.LIMIT


def test_a_mirror_turns_u() -> None:
    flow = np.random.default_rng(2).normal(size=(1, 3, 28, 28)).astype(np.float32)
    assert np.array_equal(mirrored(flow)[0, 0], -flow[0, 0, :, ::-1])
    assert np.array_equal(mirrored(flow)[0, 1], flow[0, 1, :, ::-1])
    assert np.array_equal(mirrored(mirrored(flow)), flow)


def test_what_is_no_flow_is_refused_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no flow\.npz"):
        RealFlow.load(tmp_path)
    folder = made_up(tmp_path / "short")
    text = (folder / "index.csv").read_text().splitlines()
    (folder / "index.csv").write_text("\n".join(text[:-1]) + "\n")
    with pytest.raises(SystemExit, match="35 rows"):
        RealFlow.load(folder)


def test_no_subject_is_learned_from_and_judged(real: RealFlow) -> None:
    judged = []
    for train, test in folds(real):
        assert not set(real.subject[train]) & set(real.subject[test])
        assert len(set(real.subject[test])) == 1
        judged += test.tolist()
    assert sorted(judged) == list(range(len(real.valence)))


def test_people_of_two_sets_with_one_number_are_two(tmp_path: Path) -> None:
    folder = made_up(tmp_path / "flow", subjects=2)
    text = (folder / "index.csv").read_text().replace("set1,1,", "set1,0,")
    (folder / "index.csv").write_text(text)
    assert RealFlow.load(folder).subjects == ("set0/0", "set1/0")


def test_the_best_epoch_on_test_claims_more(real: RealFlow) -> None:
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 3, (20, len(real.valence)))  # knows nothing
    classifications = Classifications(np.eye(3)[labels])
    assert classifications.score(real)[0] < 0.5
    assert classifications.inflated(real)[0] > classifications.score(real)[0] + 0.1


def test_the_floor_tells_thirds_apart(real: RealFlow) -> None:
    classifications = leave_one_subject_out(real, SvmFold(real))
    assert classifications.scores.shape == (1, len(real.valence), 3)
    assert classifications.score(real) == (1.0, 1.0)
    assert classifications.score(real, real.dataset == "set0") == (1.0, 1.0)


def test_a_rival_learns_in_a_fold(real: RealFlow) -> None:
    train, test = next(folds(real))
    scores = RivalFold("ststnet", real)(train, test)
    assert scores.shape[1:] == (len(test), 3)
    right = (scores.argmax(2) == real.valence[test]).mean(axis=1)
    assert right[-1] > 0.8
    again = RivalFold("ststnet", real)(train, test)
    assert np.allclose(scores, again, atol=1e-4)


def test_a_kernel_on_features(real: RealFlow) -> None:
    known = np.eye(3)[real.valence] + np.random.default_rng(4).normal(0, 0.1, (36, 3))
    train, test = next(folds(real))
    scores = KernelFold(real, known, known, with_flow=False)(train, test)
    assert (scores[-1].argmax(1) == real.valence[test]).all()


def test_every_class_weighs_the_same() -> None:
    truth = np.array([0, 0, 0, 0, 1, 1, 2])
    assert (class_weight(truth)[truth].reshape(-1)[:4].sum()).item() == pytest.approx(7 / 3)


def test_hsta_gets_nothing_but_the_flow() -> None:
    face = torch.rand(1, 1, SIZE, SIZE)
    still, moved = torch.zeros(1, 3, 28, 28), torch.zeros(1, 3, 28, 28)
    moved[:, 1, 10:18, 10:18] = 2
    video, special = streams(torch.cat([still, moved]), face, 6)
    assert video.shape == (2, 3, 6, SIZE, SIZE)
    assert special.shape == (2, 3, 1, SIZE, SIZE)
    assert (video[0] - video[0, :, :1]).abs().max() < 1e-5  # no flow, no motion
    change = (video[1, 0] - video[1, 0, :1]).abs()
    assert change[0].max() < 1e-5
    assert change[2, 24:32, 24:32].mean() > 0.05
    assert change[2, :10].max() < 1e-4
    assert course(6)[2] == 1
    assert course(6)[0] == course(6)[-1] == 0


def test_varied_flow_keeps_its_shape_and_tells_mirrors() -> None:
    flow = torch.zeros(400, 3, 28, 28)
    flow[:, 0, :, :14] = 1
    varied, flipped = vary(flow, torch.Generator().manual_seed(1))
    assert 150 < flipped.sum() < 250
    turned, plain = varied[flipped].mean(0)[0], varied[~flipped].mean(0)[0]
    assert plain[:, :10].mean() > 0.3 > plain[:, 18:].mean()
    assert turned[:, 18:].mean() < -0.3 < turned[:, :10].mean()
    assert varied.square().mean((2, 3)).max() < 1


@pytest.mark.parametrize("parts", PARTS)
def test_hsta_without_a_part_does_not_read_it(parts: str) -> None:
    torch.manual_seed(0)
    model = FlowHsta(torch.rand(1, 1, SIZE, SIZE), REDUCED, parts).eval()
    features = model.features(torch.randn(2, 3, 28, 28))
    special, video = features[:, : REDUCED.widths[0]], features[:, REDUCED.widths[0] :]
    assert (special.abs().sum() > 0) == (parts != "video")
    assert (video.abs().sum() > 0) == (parts != "special")


def test_hsta_learns_from_flow(real: RealFlow) -> None:
    torch.manual_seed(0)
    model = FlowHsta(torch.rand(1, 1, SIZE, SIZE), parts="special")
    epochs = []
    options = Options(epochs=4, lr=1e-3, batch=12)
    lesson = Lesson(real.flow, Teacher(real.flow, real.valence))
    learn(model, lesson, options, lambda: epochs.append(1))
    assert len(epochs) == 4


def test_simulated_flow_is_learned_beside_real_flow(real: RealFlow) -> None:
    torch.manual_seed(0)
    units = np.zeros((len(real.valence), len(ACTION_UNITS)), np.int64)
    flow, valence = real.flow[::-1].copy(), real.valence[::-1].copy()
    other = Lesson(flow, Teacher(flow, valence), units)
    model = FlowHsta(torch.rand(1, 1, SIZE, SIZE), parts="special")
    train, test = next(folds(real))
    scores = HstaFold(real, model, other, TUNE)(train, test)
    assert scores.shape == (TUNE.epochs, len(test), 3)
    assert np.allclose(scores.sum(axis=2), 1, atol=1e-5)


def test_simulated_flow_is_a_function_of_its_seed() -> None:
    sampler = FlowSampler(tiny_head(), "train")
    first = sampler.sample(3)
    sampler.sample(BLOCK)
    again = sampler.sample(3)
    assert np.array_equal(first[0], again[0])
    assert first[1:] == again[1:]
    assert first.raw.shape == (28, 28, 3)
    assert first.raw.dtype == np.uint8
    assert first.units
    assert 0 <= first.valence < 3


def test_some_flow_holds_no_expression() -> None:
    sampler = FlowSampler(tiny_head(), "train", none_share=0.5)
    found = [sampler.sample(k) for k in range(8)]
    assert {sample.valence < 0 for sample in found} == {True, False}
    assert all((sample.valence < 0) == (sample.units == []) for sample in found)


def test_a_face_is_drawn_around_its_eyes() -> None:
    head = tiny_head()
    fields = Fields.of(head, person("train", 1), np.random.default_rng(0))
    assert fields.shift.shape == (len(head.expression_names), ROWS, COLUMNS, 2)
    assert fields.depth.shape == fields.open.shape == (ROWS, COLUMNS)
    still = fields.moved({})
    assert still.shape == (ROWS, COLUMNS, 2)
    assert not still.any()
    one = fields.moved({0: 1.0})
    assert np.allclose(fields.moved({0: 0.5}), one / 2, atol=1e-6)


def test_a_crop_is_cut_where_it_says() -> None:
    motion = np.zeros((ROWS, COLUMNS, 2), np.float32)
    y = (np.arange(ROWS, dtype=np.float32) + 0.5) / FINE + TOP
    x = (np.arange(COLUMNS, dtype=np.float32) + 0.5) / FINE + LEFT
    motion[..., 0], motion[..., 1] = np.meshgrid(x, y)
    crop = Crop.around_eyes(0.5, 0.25)
    flow = published(motion, crop)
    assert flow.shape == (28, 28, 3)
    middle = (np.arange(28) + 0.5) / 28
    assert np.allclose(flow[0, :, 0], 2 * middle - 1, atol=0.01)  # eyes at a quarter and three
    assert np.allclose(flow[:, 0, 1], 2 * middle - 0.5, atol=0.01)
    cell = 2 / 28  # a square that grows by itself strains by its rate, in both directions
    assert np.allclose(flow[2:-2, 2:-2, 2], np.hypot(cell, cell), rtol=0.02)


def test_a_crop_is_cut_nearly_so() -> None:
    rng = np.random.default_rng(0)
    cut = [MIDDLE.nearly(rng) for _ in range(400)]
    assert np.mean([c.width for c in cut]) == pytest.approx(MIDDLE.width, rel=0.02)
    assert np.mean([c.top for c in cut]) == pytest.approx(MIDDLE.top, rel=0.03)
    assert len({c.left for c in cut}) == 400
    assert crop_of("casme2").width < crop_of("samm").width
    assert crop_of("of one's own") == MIDDLE


def test_disturbed_flow_is_as_strong_as_before() -> None:
    rng = np.random.default_rng(0)
    flow = standard(rng.integers(0, 256, (1, 28, 28, 3), dtype=np.uint8))[0]
    found = disturbed(flow, rng)
    assert np.allclose(np.square(found[:2]).mean(axis=(1, 2)), 1, atol=1e-3)
    assert np.array_equal(found[2], flow[2])
    assert np.abs(found[:2] - flow[:2]).max() > 0.1


def test_real_motion_moves_the_crop_where_the_flow_is() -> None:
    flow = np.zeros((3, 28, 28), np.float32)
    flow[1, 4:9, 4:9] = 2  # down, about the left brow
    motion = in_crop(flow, MIDDLE)
    assert motion.shape == (112, 112, 2)
    moved = np.argwhere(motion[..., 1] > 1).mean(axis=0)
    assert moved[0] < 56
    assert moved[1] < 56
    edge = np.zeros((112, 112, 3), np.float32)
    row = int(moved[0])
    edge[row:] = 1
    down = warped(edge, motion, 2.0)
    assert down[row + 1, int(moved[1]), 0] < 0.5 < down[row + 1, 90, 0]
    assert np.array_equal(warped(edge, motion, 0.0), edge)


def test_the_table_has_a_row_a_method() -> None:
    row = Row("svm", 0, (0.7, 0.71), {"set0": (0.6, 0.5)}, (0.8, 0.7), None, 0.1)
    text = render([row])
    assert "| svm | – | 0.700 / 0.710 | 0.600 / 0.500 | 0.800 / 0.700 | – | 0.1 |" in text


def test_subjects_looked_at_are_always_the_same() -> None:
    names = [f"set/{k}" for k in range(1, 13)]
    assert [name for name in names if looked_at(name)] == [
        "set/1",
        "set/2",
        "set/4",
        "set/6",
        "set/8",
        "set/9",
        "set/10",
        "set/11",
    ]


def test_a_pretrained_network_lies_in_the_package() -> None:
    pretrained = Pretrained.open()
    assert len(pretrained.beside.flow) == FLOWS
    labels = say(pretrained.model, pretrained.beside.flow[:300]).argmax(axis=1)
    wanted = (
        pretrained.beside.teacher(torch.from_numpy(pretrained.beside.flow[:300])).argmax(1).numpy()
    )
    assert (labels == wanted).mean() > 0.7  # it learned this very flow from this very teacher
