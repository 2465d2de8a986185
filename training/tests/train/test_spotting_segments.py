"""Segments: mixed backgrounds, what is asked at which step, and what the network sees of them."""

import numpy as np
import pytest
import torch

from flinch_train.data.spotting.features import DISPLACEMENTS, REGION_COUNT, STEP_MS
from flinch_train.data.spotting.reel import Reel
from flinch_train.data.spotting.region_motion import VALUES
from flinch_train.data.spotting.regions import REGIONS
from flinch_train.data.spotting.timing import DELAY_MS, LOOK_BACK, READY, STRIDE, WINDOW
from flinch_train.model.spotter import AGE_MS, SpotNet
from flinch_train.train.spotter.graft import Graft
from flinch_train.train.spotter.mix import columns_of, mixed, paced
from flinch_train.train.spotter.segments import COUNTED, LENGTH, TOLD_MS, Segments, placed, targets
from flinch_train.train.spotter.stream import SHORTEST, Stream, streams_of


def _values(steps: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (steps, VALUES)).astype(np.float32)


def test_every_stay_of_a_face_is_a_stream_of_its_own() -> None:
    times = np.concatenate([np.arange(0, 2000, 40.0), np.arange(5000, 8000, 40.0)])
    events = np.array([[500.0, 600, 800], [5600.0, 5700, 5900]])
    reel = Reel(times, _values(len(times)), events, 25)
    first, second = streams_of(reel, "p")
    assert second.begin_ms == 5000
    assert (second.events * STEP_MS == [[600, 700, 900]]).all()
    assert len(first.events) == 1
    short = Reel(times[: SHORTEST // 3], _values(SHORTEST // 3), events[:0], 25)
    assert list(streams_of(short, "p")) == []


def test_two_faces_make_a_third_with_the_upper_half_of_one() -> None:
    one, other = (np.full((200, VALUES), level, np.float32) for level in (1, 2))
    lower = [r for r, region in enumerate(REGIONS) if region.cy > 0.45]
    upper = [r for r in range(REGION_COUNT) if r not in lower]
    found = set()
    for seed in range(60):
        values = mixed(one, other, np.random.default_rng(seed))
        change = values[:, DISPLACEMENTS : DISPLACEMENTS + REGION_COUNT]
        if (change[:, upper] == 1).all():
            found.add(float(change[0, lower[0]]))
    assert {1.0, 2.0} <= found  # as it was, and with the mouth of the other
    assert set(columns_of([3])) == {6, 7, DISPLACEMENTS + 3}


def test_pace_keeps_the_course() -> None:
    line = np.arange(100, dtype=np.float32)[:, None] * np.ones(VALUES, np.float32)
    slow = paced(line, 1.5)
    assert len(slow) == 150
    assert slow[[0, -1], 0].tolist() == [0, 99]
    assert (np.diff(slow[:, 0]) > 0).all()


def test_an_expression_is_told_some_time_after_its_offset_and_doubted_around_that() -> None:
    steps = LOOK_BACK + STRIDE * np.arange(COUNTED)
    offset = steps[0] + 100.0
    truth, counted, ages = targets(steps, np.array([[offset - 15, offset - 8, offset]]))
    late = (steps[truth == 1] - offset) * STEP_MS
    assert late.min() >= DELAY_MS
    assert late.max() <= DELAY_MS + TOLD_MS
    assert len(late) > 1
    assert (counted[truth == 1] == 1).all()
    since = (steps[truth == 1] - (offset - 15)) * STEP_MS
    assert ages[0, truth == 1] * AGE_MS == pytest.approx(since)
    assert (counted[(steps > offset - 8) & (truth == 0) & (steps < offset + 8)] == 0).all()
    assert (counted[steps < offset - 20] == 1).all()


def test_before_the_face_came_nothing_is_seen_and_nothing_asked() -> None:
    short = _values(120)
    for seed in range(20):
        window, seen, _, counted, _ = placed(short, np.zeros((0, 3)), np.random.default_rng(seed))
        start = int((seen == 0).sum())
        assert window.shape == (VALUES, LENGTH)
        assert (window[:, :start] == short[0][:, None]).all()
        assert (short[: LENGTH - start] == window[:, start : start + 120].T).all()
        steps = LOOK_BACK + STRIDE * np.arange(COUNTED)
        assert (counted[steps < start + READY] == 0).all()
        assert (counted[steps >= start + READY] == 1).all()


def test_a_segment_comes_with_grafts_and_the_same_seed_gives_the_same() -> None:
    stream = Stream(_values(600), np.zeros((0, 3)), 0.0, "p")
    graft = Graft(np.full((15, VALUES), 30, np.float32), 7.0)
    segments = Segments([stream], [graft], [1.0])
    one, again = (segments.batch(8, np.random.default_rng(3)) for _ in range(2))
    assert torch.equal(one.window, again.window)
    assert one.truth.sum() > 0
    assert one.window.shape == (8, VALUES, LENGTH)
    assert one.truth.shape == one.counted.shape == (8, COUNTED)


def test_one_who_was_filmed_for_long_is_not_drawn_for_all_of_it() -> None:
    long, short = (Stream(_values(n), np.zeros((0, 3)), 0.0, str(n)) for n in (10_000, 100))
    chances = Segments([long, short], [], [1.0, 1.0])._chances
    assert chances[0] / chances[1] == pytest.approx(10)


def test_a_window_alone_says_what_a_whole_segment_says() -> None:
    torch.manual_seed(1)
    net = SpotNet().eval()
    values = torch.from_numpy(_values(WINDOW + 40).T.copy())[None]
    seen = torch.ones(1, values.shape[2])
    with torch.no_grad():
        whole = net(values, seen)
        for k in range(21):
            part = slice(STRIDE * k, STRIDE * k + WINDOW)
            one = net(values[:, :, part], seen[:, part])
            assert one.logit.shape == (1, 1)
            assert torch.allclose(one.logit[:, 0], whole.logit[:, k], atol=1e-5)
            assert torch.allclose(one.ages[:, :, 0], whole.ages[:, :, k], atol=1e-5)
    assert whole.logit.shape == (1, 21)


def test_the_place_of_a_face_says_nothing() -> None:
    net = SpotNet().eval()
    values = torch.from_numpy(_values(WINDOW).T.copy())[None]
    moved = values.clone()
    moved[:, :DISPLACEMENTS] += 300.0
    with torch.no_grad():
        one, other = (net(v, torch.ones(1, WINDOW)).logit for v in (values, moved))
    assert torch.allclose(one, other, atol=1e-3)
