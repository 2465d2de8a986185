"""Flow as special data, and the first phase of training, which teaches that stream alone."""

from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from flinch_train.benchmark.shipped.flow_error import endpoint_errors
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.shares import Shares
from flinch_train.data.clips.targets import Targets
from flinch_train.data.labels import ACTION_UNITS
from flinch_train.model.hsta import Hsta, config
from flinch_train.model.special_flow import (
    DenseFlow,
    affine_projection,
    as_frames,
    augment_flow,
    cached_flow,
)
from flinch_train.train.hsta.early import EarlyLearner, EarlyOptions, train_early


def texture() -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    smooth = cv2.GaussianBlur(rng.uniform(0, 255, (140, 140)).astype(np.float32), (0, 0), 3)
    return np.asarray(cv2.normalize(smooth, None, 20, 230, cv2.NORM_MINMAX), np.float32)


def shot(shift: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A 112 px crop of the texture whose pixels moved by ``shift`` (112, 112, 2), x first."""
    y, x = np.mgrid[0:112, 0:112].astype(np.float32) + 14
    moved = cv2.remap(texture(), x - shift[..., 0], y - shift[..., 1], cv2.INTER_CUBIC)
    return np.asarray(moved.clip(0, 255).astype(np.uint8)[..., None].repeat(3, axis=2))


def clip(shift: NDArray[np.float32]) -> torch.Tensor:
    still = np.zeros((112, 112, 2), np.float32)
    return as_frames(torch.from_numpy(np.stack([shot(still), shot(shift)])[None]))


def brow(dx: float, dy: float) -> NDArray[np.float32]:
    """One patch that moves, its edges soft."""
    y, x = np.mgrid[0:112, 0:112].astype(np.float32)
    weight = np.exp(-(((x - 40) / 14) ** 2 + ((y - 36) / 10) ** 2))
    return np.stack([weight * dx, weight * dy], axis=-1).astype(np.float32)


def test_a_region_that_moves_shows_where_and_which_way() -> None:
    flow = DenseFlow(112)(clip(brow(0.0, -1.0)))
    assert flow.shape == (1, 3, 1, 112, 112)
    u, v, strain = flow[0, :, 0]
    assert v[36, 40] < -0.4
    assert abs(u[36, 40]) < 0.3
    assert abs(v[90, 90]) < 0.2
    assert strain[30:42, 26:54].mean() > 2 * strain[80:100, 60:100].mean()


def test_the_motion_of_the_whole_face_is_taken_out() -> None:
    whole = np.full((112, 112, 2), 0.6, np.float32)
    flow = DenseFlow(112)(clip(whole))[0, :2, 0, 20:100, 20:92]
    assert flow.abs().mean() < 0.15


def test_light_is_no_motion() -> None:
    pair = clip(np.zeros((112, 112, 2), np.float32))
    pair[:, :, 1] = pair[:, :, 1] * 0.8 + 0.05
    assert DenseFlow(112)(pair)[:, :2].abs().max() < 0.05


def test_the_affine_projection_reproduces_affine_flow() -> None:
    first, second = affine_projection(20)
    fields = torch.randn(4, 3) @ second
    assert torch.allclose(fields @ first @ second, fields, atol=1e-4)


def test_a_mirrored_clip_has_the_mirrored_flow() -> None:
    pair = clip(brow(1.0, -0.5))
    make = DenseFlow(112)
    mirrored = make.half_size(pair.flip(-1))
    turned = make.half_size(pair).flip(-1) * torch.tensor([-1.0, 1, 1]).view(1, 3, 1, 1)
    # Halving samples every second pixel, in a mirror the others: alike, not the same.
    assert (mirrored - turned)[:, :2].abs().mean() < 0.05 * turned[:, :2].abs().amax()
    flipped = torch.tensor([True])
    out = augment_flow(make.half_size(pair), flipped, torch.Generator().manual_seed(1))
    assert out.shape == (1, 3, 1, 112, 112)
    assert out[0, 0, 0, 36, 72] < 0 < out[0, 0, 0].abs().max()


def still_set(count: int) -> ClipSet:
    special = np.stack([shot(np.zeros((112, 112, 2), np.float32))] * 2)[None].repeat(count, axis=0)
    unknown = np.full(count, -1)
    units = np.full((count, len(ACTION_UNITS)), -1)
    return ClipSet(special.repeat(3, axis=1), special, unknown, unknown, units, np.arange(count))


def test_the_flow_of_a_clip_set_is_made_once(tmp_path: Path) -> None:
    clip_set = still_set(3)
    flow = cached_flow(clip_set, tmp_path)
    assert flow.shape == (3, 3, 56, 56)
    np.save(tmp_path / "special_flow.npy", flow + 1)
    assert np.array_equal(cached_flow(clip_set, tmp_path), flow + 1)


def test_the_first_phase_teaches_the_model_s_own_blocks() -> None:
    torch.manual_seed(0)
    model = Hsta(config("tiny", 112, 8, "flow"))
    before = {k: v.clone() for k, v in model.state_dict().items()}
    values = np.ones((16, 3), np.float32)
    likely = np.eye(8, dtype=np.float32)[[2] * 16]
    targets = Targets(
        values, Shares(likely, likely[:, :3]), np.array([1, 0, 2]), np.ones(3, np.float32)
    )
    train_early(
        model,
        lambda rows, flipped, rng: torch.randn(len(rows), 3, 1, 112, 112, generator=rng),
        targets,
        EarlyOptions(epochs=2, batch=8),
        lambda step, steps: 1.0,
        quiet=True,
    )
    changed = {k for k, v in model.state_dict().items() if not torch.equal(v, before[k])}
    assert any(k.startswith("layers.0.special") for k in changed)
    assert not any("video" in k for k in changed)
    motion, logits = EarlyLearner(model, 3)(torch.randn(2, 3, 1, 112, 112))
    assert (motion.shape, logits.shape) == ((2, 3), (2, 8))


def test_the_flow_follows_motion_that_is_known() -> None:
    rng = np.random.default_rng(5)
    faces = np.stack(
        [
            cv2.GaussianBlur(rng.integers(0, 256, (112, 112, 3)).astype(np.float32), (0, 0), 2.5)
            for _ in range(6)
        ]
    )
    faces = np.clip(128 + (faces - faces.mean()) * 6, 0, 255).astype(np.uint8)
    errors = endpoint_errors(faces)
    assert 0.9 < errors["in the graph"].scale < 2.2  # too much, by what a texture's detail makes it
    assert errors["in the graph"].rescaled < 0.5 * errors["still"].pixels
    assert errors["DIS"].pixels < 0.5 * errors["still"].pixels  # the truth is the truth
