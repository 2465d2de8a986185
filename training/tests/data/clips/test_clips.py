import numpy as np
import pytest

from flinch_train.data.clips.rendered import CLIPS_PER_PERSON, ClipSampler
from flinch_train.data.labels import LABELS
from flinch_train.data.sim.camera import CROP_EYES, align, pinhole, project, rotation, through
from flinch_train.data.sim.stage import PIVOT
from tests.sim_head import tiny_head


@pytest.fixture(scope="module")
def sampler() -> ClipSampler:
    return ClipSampler(tiny_head(), "train", size=48)


def test_a_clip_has_the_shape_that_training_reads(sampler: ClipSampler):
    clip = sampler.sample(1)
    assert clip.frames.shape == (6, 48, 48, 3)
    assert clip.special.shape == (2, 48, 48, 3)
    assert clip.frames.dtype == clip.special.dtype == np.uint8
    assert 0 <= clip.label < len(LABELS)
    assert np.array_equal(clip.frames[0], clip.special[0])  # both are the onset
    assert 30 < clip.frames.mean() < 225
    assert clip.frames.std() > 5


def test_a_seed_is_a_clip_in_any_order(sampler: ClipSampler):
    first = sampler.sample(5)
    sampler.sample(5 + CLIPS_PER_PERSON)
    again = sampler.sample(5)
    assert np.array_equal(first.frames, again.frames)
    assert np.array_equal(first.special, again.special)
    assert first.meta == again.meta


def test_clips_of_a_block_share_a_person(sampler: ClipSampler):
    people = [sampler.sample(k).meta["person"] for k in range(2 * CLIPS_PER_PERSON)]
    assert people == [0] * CLIPS_PER_PERSON + [1] * CLIPS_PER_PERSON


def test_marks_are_in_order_and_the_window_plausible(sampler: ClipSampler):
    for seed in range(100, 140):
        meta = sampler.sample(seed).meta
        assert meta["onsetMs"] < meta["apexMs"] < meta["offsetMs"]
        assert 60 < meta["offsetMs"] - meta["onsetMs"] < 800


def test_labels_are_spread(sampler: ClipSampler):
    from flinch_train.data.sim.identity import generator
    from flinch_train.data.sim.moments import moment

    labels = [moment(sampler._habits, generator("train", 2, k)).label for k in range(1500)]
    share = np.bincount(labels, minlength=8) / len(labels)
    assert share[LABELS.index("none")] == pytest.approx(0.30, abs=0.04)
    assert share[:7] == pytest.approx(0.10, abs=0.03)


def test_the_crop_puts_the_eyes_in_their_places():
    head = tiny_head()
    turn, shift = rotation(0.3, -0.1, 0.4), np.array((3, 2, -70), np.float32)
    lens = pinhole(700, (320, 240))
    centres = head.eye_centres(head.neutral)
    eyes = project(centres, turn, shift, PIVOT, lens)
    crop = through(align(eyes, 112), lens)
    assert project(centres, turn, shift, PIVOT, crop) == pytest.approx(CROP_EYES * 112, abs=0.01)
