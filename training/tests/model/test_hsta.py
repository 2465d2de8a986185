"""HSTA against the paper's figures: sizes, shapes and what each part must and must not change."""

import math

import pytest
import torch

from flinch_train.model.hsta import (
    VARIANTS,
    Config,
    CrossRead,
    Csta,
    Hsta,
    SpaceTimeEmbedding,
    Usta,
    config,
    drop_path_schedule,
    multiply_adds,
    parameters,
    sinusoid,
)


@pytest.mark.parametrize(
    ("variant", "expected", "gmac"),
    [("tiny", 5_431_399, 3.8), ("small", 20_889_799, 12.4), ("base", 81_887_623, 44.2)],
)
def test_published_sizes(variant: str, expected: int, gmac: float) -> None:
    cfg = VARIANTS[variant]
    with torch.device("meta"):
        assert parameters(Hsta(cfg)) == expected
    assert (cfg.tokens(0), cfg.tokens(1)) == (325, 589)
    assert multiply_adds(cfg) / 1e9 == pytest.approx(gmac, abs=0.05)


def test_blocks_have_the_sizes_of_the_formulas() -> None:
    di, dj = 96, 192
    assert parameters(Usta(dj, 3, 0.0, 0.0)) == 12 * dj**2 + 12 * dj
    assert parameters(CrossRead(di, dj, 3)) == 2 * di * dj + 4 * dj**2 + 3 * di + 9 * dj
    cfg = VARIANTS["tiny"]
    assert parameters(SpaceTimeEmbedding(cfg, 0)) == 3 * 2 * 12**2 * di + di + di
    assert parameters(SpaceTimeEmbedding(cfg, 1)) == 3 * 2 * 16**2 * dj + dj + dj


def test_shipped_model_at_112() -> None:
    cfg = config("tiny", size=112, classes=8)
    assert (cfg.tokens(0), cfg.tokens(1)) == (14 * 14 + 1, 3 * 7 * 7 + 1)
    logits = Hsta(cfg)(torch.randn(2, 3, 6, 112, 112), torch.randn(2, 3, 2, 112, 112))
    assert logits.shape == (2, 8)


def test_flow_is_a_special_stream_of_one_picture() -> None:
    cfg = Config(widths=(96, 192), heads=3, size=112, patches=(8, 16), frames=(1, 6), classes=4)
    logits = Hsta(cfg)(torch.randn(1, 3, 6, 112, 112), torch.randn(1, 3, 1, 112, 112))
    assert logits.shape == (1, 4)


def test_a_size_that_no_patch_divides_is_refused_or_cropped_in_the_middle() -> None:
    with pytest.raises(ValueError, match="no multiple"):
        Config(widths=(96, 192), heads=3).tokens(0)
    with pytest.raises(ValueError, match="pair up"):
        Config(widths=(96, 192), heads=3, frames=(2, 5)).tokens(1)
    embed = SpaceTimeEmbedding(VARIANTS["tiny"], 0).eval()
    clip = torch.randn(1, 3, 2, 224, 224)
    edged = clip.clone()
    edged[..., :4, :] = edged[..., 220:] = 9.0
    assert torch.equal(embed(clip), embed(edged))
    edged[..., 4, 4] = 9.0
    assert not torch.equal(embed(clip), embed(edged))


def test_sinusoid() -> None:
    table = sinusoid(50, 96)[0]
    assert table.shape == (50, 96)
    assert torch.equal(table[0, 0::2], torch.zeros(48))  # CLS stands at 0
    assert torch.equal(table[0, 1::2], torch.ones(48))
    assert table[7, 10].item() == pytest.approx(math.sin(7 / 10000 ** (10 / 96)), abs=1e-6)
    assert table[7, 11].item() == pytest.approx(math.cos(7 / 10000 ** (10 / 96)), abs=1e-6)
    assert not any("position" in key for key, _ in Hsta(config("tiny", 112)).named_parameters())


def test_csta_reads_the_other_stream_and_leaves_patches_alone() -> None:
    torch.manual_seed(0)
    cross = Csta((96, 192), 3).eval()
    special, video = torch.randn(2, 17, 96), torch.randn(2, 28, 192)
    new_special, new_video, seen = cross(special, video)
    assert seen.shape == (2, 27)
    assert 0 < seen.sum(1).max() < 1  # the rest went to the CLS itself
    assert torch.equal(new_special[:, 1:], special[:, 1:])
    assert torch.equal(new_video[:, 1:], video[:, 1:])
    assert not torch.allclose(new_special[:, 0], special[:, 0])
    other = video.clone()
    other[:, 0] += 1  # the other CLS token is not read …
    assert torch.equal(cross(special, other)[0], new_special)
    other[:, 5] += 1  # … its patches are
    assert not torch.equal(cross(special, other)[0], new_special)


def test_drop_path_rises_with_depth() -> None:
    cfg = VARIANTS["tiny"]
    assert [len(rates) for rates in drop_path_schedule(cfg, 1)] == [2, 2, 2, 2]
    flat = [rate for rates in drop_path_schedule(cfg, 1) for rate in rates]
    assert flat == pytest.approx([0.2 * i / 7 for i in range(8)])
    assert [rates[0] for rates in drop_path_schedule(cfg, 0)] == pytest.approx(
        [0.0, 0.2 / 3, 0.4 / 3, 0.2]
    )


def test_evaluation_is_deterministic_and_training_is_not() -> None:
    torch.manual_seed(0)
    model = Hsta(config("tiny", size=112, classes=8))
    clip = torch.randn(2, 3, 6, 112, 112), torch.randn(2, 3, 2, 112, 112)
    model.eval()
    assert torch.equal(model(*clip), model(*clip))
    model.train()
    assert not torch.equal(model(*clip), model(*clip))


def test_a_training_step_sees_some_patches_and_judgement_all() -> None:
    torch.manual_seed(0)
    embed = SpaceTimeEmbedding(config("tiny", 112, 8), 1)
    clip = torch.randn(2, 3, 6, 112, 112)
    embed.keep = 0.5
    tokens = embed.eval()(clip)
    embed.drop.p = 0.0
    some = embed.train()(clip)
    assert tokens.shape[1] == 148
    assert some.shape[1] == 75
    assert torch.equal(some[:, 0], tokens[:, 0])  # CLS stays where it is
    kept = (some[0, 1:, None] == tokens[0, None, 1:]).all(-1)
    assert kept.sum(1).tolist() == [1] * 74  # each is one of the patches, with its position
