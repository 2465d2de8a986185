"""The rivals of the benchmark against their papers' figures and their own promises."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from flinch_train.benchmark.flow.rivals import (
    FULL,
    PUBLISHED,
    RECIPES,
    RIVALS,
    Recipe,
    multiply_adds,
    parameters,
)
from flinch_train.benchmark.flow.rivals.htnet import VARIANTS, Config, Htnet, join, split
from flinch_train.benchmark.flow.rivals.resnet18 import ENLARGED, Resnet18
from flinch_train.benchmark.flow.rivals.ststnet import FILTERS, Ststnet
from flinch_train.data.flow.real import mirrored as mirror
from flinch_train.data.flow.svm import FlowSvm, centre


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine waiting for the second costs more than it does
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("classes", [3, 7])
@pytest.mark.parametrize("name", RIVALS)
def test_flow_in_logits_out(name: str, classes: int) -> None:
    model = RIVALS[name](classes).eval()
    assert model(torch.randn(2, 3, 28, 28)).shape == (2, classes)


def test_every_rival_has_a_recipe_and_builds_its_optimizer() -> None:
    assert set(RIVALS) == set(RECIPES) == set(PUBLISHED) >= set(FULL)
    model = RIVALS["ststnet"](3)
    for recipe in RECIPES.values():
        (group,) = recipe.build(model).param_groups
        assert (group["lr"], group["weight_decay"]) == (recipe.lr, recipe.weight_decay)


def test_a_recipe_counts_the_last_small_batch() -> None:
    assert Recipe("adam", lr=1e-3, batch=256, epochs=10).steps(369) == 20


def test_ststnet_goes_as_far_in_fewer_epochs() -> None:
    """Adam's updates are about one learning rate long, so steps × rate is the way it can go."""
    short, published = RECIPES["ststnet"], PUBLISHED["ststnet"]
    assert short.epochs < published.epochs
    assert short.lr * short.steps(369) == pytest.approx(published.lr * published.steps(369))


def test_htnet_has_its_papers_optimizer_and_fewer_larger_steps() -> None:
    short, published = RECIPES["htnet"], PUBLISHED["htnet"]
    assert short.optimizer == published.optimizer
    assert short.steps(369) < published.steps(369)
    assert short.lr > published.lr


@pytest.mark.parametrize("name", RIVALS)
def test_can_learn_twelve_samples_by_heart(name: str) -> None:
    model = RIVALS[name](3)
    flow, labels = torch.randn(12, 3, 28, 28), torch.arange(12) % 3
    recipe = {
        "ststnet": Recipe("adam", lr=1e-2, batch=12, epochs=150),
        "resnet18": Recipe("sgd", lr=1e-2, batch=12, epochs=15, momentum=0.9),
        "htnet": Recipe("adam", lr=5e-4, batch=12, epochs=20),
    }[name]
    optimizer = recipe.build(model)
    for _ in range(recipe.epochs):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(flow), labels).backward()
        optimizer.step()
    with torch.no_grad():
        assert model.eval()(flow).argmax(1).tolist() == labels.tolist()


def test_ststnet_has_the_size_of_its_paper() -> None:
    filters = sum(FILTERS)
    convolutions, norms, head = filters * (3 * 9 + 1), 2 * filters, 400 * 3 + 3
    assert parameters(Ststnet()) == convolutions + norms + head == 1_683
    assert multiply_adds(Ststnet()) == filters * 27 * 30**2 + 400 * 3 == 390_000


def test_resnet18_has_the_size_of_its_paper() -> None:
    assert parameters(Resnet18(1000)) == 11_689_512
    assert multiply_adds(Resnet18(1000, side=224)) / 1e9 == pytest.approx(1.8, abs=0.05)


@pytest.mark.parametrize(("side", "millions"), [(28, 34.2), (ENLARGED, 129.1)])
def test_resnet18_costs_what_is_said_of_it(side: int, millions: float) -> None:
    model = Resnet18(side=side)
    assert parameters(model) == 11_178_051
    assert multiply_adds(model) / 1e6 == pytest.approx(millions, abs=0.05)


def htnet_size(cfg: Config) -> int:
    total = cfg.width * (3 * cfg.patch**2 + 1)
    for level, blocks in enumerate(cfg.blocks):
        d, heads = cfg.width * 2**level, cfg.heads * 2**level
        inner = d // heads * heads
        total += blocks * (3 * d * inner + (inner + 1) * d + 8 * d**2 + 5 * d + 4 * d)
        total += (cfg.grid(level) // cfg.areas(level)) ** 2
        if level < len(cfg.blocks) - 1:
            total += 2 * d * (9 * d + 1) + 4 * d
        else:
            total += 2 * d + cfg.classes * (d + 1)
    return total


@pytest.mark.parametrize(
    ("variant", "expected", "millions"),
    [("published", 139_582_982, 214.3), ("small", 9_052_230, 19.7)],
)
def test_htnet_has_the_size_of_its_formula(variant: str, expected: int, millions: float) -> None:
    cfg = VARIANTS[variant]
    with torch.device("meta"):
        model = Htnet(cfg)
    assert parameters(model) == htnet_size(cfg) == expected
    assert multiply_adds(model) / 1e6 == pytest.approx(millions, abs=0.05)


def test_areas_are_split_and_joined() -> None:
    maps = torch.arange(2 * 8 * 8 * 3.0).reshape(2, 8, 8, 3)
    parts = split(maps, areas=2)
    assert parts.shape == (8, 16, 3)
    assert torch.equal(parts[1].reshape(4, 4, 3), maps[0, :4, 4:])  # upper right
    assert torch.equal(join(parts, areas=2, side=8), maps)


TINY = Config(width=12, heads=3, blocks=(1, 1, 1))


def changed(before: Tensor, after: Tensor) -> Tensor:
    """Maps (1, h, w, d) twice → which places differ (h, w)."""
    return (before != after).any(-1)[0]


@pytest.mark.parametrize("patch", [7, 1])
def test_htnet_regions_stay_apart_before_aggregation(patch: int) -> None:
    model = Htnet(replace(TINY, patch=patch)).eval()
    flow = torch.randn(1, 3, 28, 28)
    other = flow.clone()
    other[..., :14, :14] = torch.randn(3, 14, 14)  # the eye on the picture's left
    before, after = (model.levels[0](model.tokens(x)) for x in (flow, other))
    half = 14 // patch
    expected = torch.zeros(2 * half, 2 * half, dtype=torch.bool)
    expected[:half, :half] = True
    assert torch.equal(changed(before, after), expected)
    joined = changed(model.aggregations[0](before), model.aggregations[0](after))
    assert joined[half // 2 :].any() and joined[:, half // 2 :].any()  # the convolution crosses


@pytest.mark.parametrize("level", [0, 1, 2])
def test_htnet_attends_everywhere_within_an_area_and_nowhere_else(level: int) -> None:
    cfg = replace(TINY, patch=1)
    model = Htnet(cfg).eval()
    side, width = cfg.grid(level), cfg.width * 2**level
    tokens = torch.randn(1, side, side, width)
    other = tokens.clone()
    other[0, 0, 0] += torch.randn(width)
    area = side // cfg.areas(level)
    expected = torch.zeros(side, side, dtype=torch.bool)
    expected[:area, :area] = True
    assert area == 7
    assert torch.equal(changed(model.levels[level](tokens), model.levels[level](other)), expected)


def test_htnet_as_published_attends_to_single_tokens() -> None:
    cfg = VARIANTS["published"]
    assert [cfg.grid(level) // cfg.areas(level) for level in range(3)] == [1, 1, 1]


@pytest.fixture
def samples() -> tuple[np.ndarray, np.ndarray]:
    """Thirty noisy pictures, zero motion somewhere near 128; the class is what channel moves."""
    rng = np.random.default_rng(0)
    labels = np.arange(30) % 3
    flow = rng.normal(0, 5, (30, 3, 28, 28))
    flow[:, :2] += rng.uniform(100, 150, (30, 2, 1, 1))
    for picture, label in zip(flow, labels, strict=True):
        picture[label, 4:10, 4:10] += 40
    return flow, labels


def test_mirror_turns_the_picture_and_the_sign_of_u() -> None:
    flow = np.zeros((1, 3, 28, 28))
    flow[0, :, 5, 2] = [3, 4, 6]
    mirrored = mirror(flow)
    assert mirrored[0, :, 5, 25].tolist() == [-3, 4, 6]
    assert np.count_nonzero(mirrored) == 3
    assert np.array_equal(mirror(mirrored), flow)


def test_medians_are_taken_off_u_and_v_only(samples: tuple[np.ndarray, np.ndarray]) -> None:
    flow, _ = samples
    centred = centre(flow)
    assert np.allclose(np.median(centred[:, :2], axis=(2, 3)), 0)
    assert np.array_equal(centred[:, 2], flow[:, 2])
    assert flow[:, :2].min() > 60  # and not in place


def test_svm_divides_by_the_deviations_of_the_training_set(
    samples: tuple[np.ndarray, np.ndarray],
) -> None:
    flow, labels = samples
    svm = FlowSvm().fit(flow, labels)
    centred = centre(flow)
    expected = np.concatenate([centred, mirror(centred)]).std(axis=(0, 2, 3))
    assert np.allclose(svm.scale.ravel(), expected)
    units = np.array([3.0, 0.2, 11.0]).reshape(1, 3, 1, 1)
    shift = np.array([17.0, -9.0, 0.0]).reshape(1, 3, 1, 1)
    moved = FlowSvm().fit(flow * units + shift, labels)
    assert np.allclose(svm.decision(flow), moved.decision(flow * units - shift))


def test_svm_knows_the_mirrored_copies(samples: tuple[np.ndarray, np.ndarray]) -> None:
    flow, labels = samples
    svm = FlowSvm().fit(flow, labels)
    predicted, scores = svm.predict(mirror(centre(flow)))
    assert predicted.tolist() == labels.tolist()
    assert np.allclose(scores, svm.decision(flow), atol=1e-2)
    features = svm.machine.shape_fit_
    assert features == (60, 3 * 28 * 28)


def test_svm_scores_decide_and_leave_out_unseen_classes(
    samples: tuple[np.ndarray, np.ndarray],
) -> None:
    flow, labels = samples
    predicted, scores = FlowSvm().fit(flow, labels).predict(flow)
    assert scores.shape == (30, 3)
    assert predicted.tolist() == labels.tolist() == scores.argmax(1).tolist()
    two = labels != 1
    predicted, scores = FlowSvm().fit(flow[two], labels[two]).predict(flow)
    assert predicted[two].tolist() == labels[two].tolist()
    assert np.isneginf(scores[:, 1]).all() and np.isfinite(scores[:, [0, 2]]).all()
