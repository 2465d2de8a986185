import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from flinch_train.motion.baselines import BLOCKS, CROP, UNIFORM, graph_of, uniform_bins

Crop = NDArray[np.uint8]


def _run(name: str, **feeds: Crop) -> NDArray[np.float32]:
    session = ort.InferenceSession(graph_of(name).SerializeToString())
    (found,) = session.run(None, {key: crop[None] for key, crop in feeds.items()})
    return np.asarray(found, np.float32)


def _texture(right: float = 0.0, down: float = 0.0) -> Crop:
    """Soft blots, moved by so many pixels."""
    y, x = np.mgrid[0:CROP, 0:CROP].astype(np.float64)
    x, y = x - right, y - down
    waves = (np.sin(0.31 * x + 0.2 * y) + np.sin(0.11 * x - 0.27 * y) + np.sin(0.4 * y)) / 3
    return np.repeat((128 + 90 * waves)[..., None], 3, 2).astype(np.uint8)


def test_the_difference_is_that_of_grey():
    before, now = _texture(), _texture()
    now[:56] += 10
    found = _run("frame-difference", before=before, now=now).reshape(BLOCKS, BLOCKS)
    assert found[0] == pytest.approx(10, abs=1e-3)
    assert found[5] == pytest.approx(0, abs=1e-3)


def test_patterns_are_those_of_a_plain_count():
    crop = np.random.default_rng(1).integers(0, 255, (CROP, CROP, 3)).astype(np.uint8)
    found = _run("lbp", now=crop)
    grey = crop.astype(np.float32) @ np.array([0.114, 0.587, 0.299], np.float32)
    bins = uniform_bins().numpy()
    wanted = np.zeros(UNIFORM)
    for y in range(20, 38):  # the block in the second row and the second column
        for x in range(20, 38):
            ring = [grey[y - 1, x - 1], grey[y - 1, x], grey[y - 1, x + 1], grey[y, x + 1]]
            ring += [grey[y + 1, x + 1], grey[y + 1, x], grey[y + 1, x - 1], grey[y, x - 1]]
            code = sum(2**bit for bit, value in enumerate(ring) if value >= grey[y, x])
            wanted[bins[code]] += 1 / 18**2
    assert found.shape == (BLOCKS**2, UNIFORM)
    assert np.abs(found[7] - wanted).max() < 0.02  # equal greys may fall either way


def test_there_are_58_uniform_patterns():
    bins = uniform_bins().numpy()
    assert np.bincount(bins)[-1] == 256 - 58
    assert len(np.unique(bins)) == UNIFORM


def test_the_main_direction_is_where_a_block_goes():
    before, now = _texture(), _texture()
    moved = _texture(right=1.2)
    now[40:76, 40:76] = moved[40:76, 40:76]
    flow = _run("main-direction", before=before, now=now).reshape(BLOCKS, BLOCKS, 2)
    inside = flow[2:4, 2:4]
    assert (inside[..., 0] > 0.2).all()
    assert np.abs(inside[..., 1]).max() < inside[..., 0].min()
    assert inside[..., 0].min() > flow[0, :, 0].max() + 0.3  # the head's own motion is taken off
