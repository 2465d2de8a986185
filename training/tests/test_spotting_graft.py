"""Grafts: what an expression did to one face, done to another."""

import numpy as np
import pytest

from flinch_train.spotting.features import DISPLACEMENTS
from flinch_train.spotting.graft import APART_MS, grafted, grafts_of
from flinch_train.spotting.reel import Reel
from flinch_train.spotting.region_motion import VALUES

TIMES = np.arange(0, 12_000, 1000 / 30)
BROW = 2 * 1 + 1  # the left inner brow's y


def _reel(onset: float | None, height: float = -15.0) -> Reel:
    """A face that drifts, and whose left brow goes up at ``onset`` for 300 ms."""
    samples = np.outer(TIMES / 1000, np.ones(VALUES))
    events = np.zeros((0, 3))
    if onset is not None:
        share = np.clip((TIMES - onset) / 300, 0, 1)
        samples[:, BROW] += height * np.sin(share * np.pi)
        events = np.array([[onset, onset + 150, onset + 300]])
    return Reel(TIMES, samples.astype(np.float32), events, 30)


def _between(begin: float, end: float) -> np.ndarray:
    return (begin <= TIMES) & (end >= TIMES)


def test_a_graft_is_the_expression_without_the_drift() -> None:
    (graft,) = grafts_of(_reel(3000))
    assert graft.values[:, BROW].min() == pytest.approx(-15, abs=1)
    others = np.delete(graft.values, BROW, axis=1)
    assert np.abs(others).max() < 1e-3
    assert (graft.apex, graft.offset) == (150, 300)


def test_a_graft_can_be_larger_slower_and_mirrored() -> None:
    (graft,) = grafts_of(_reel(3000))
    other = graft.like(2, 1.5, mirror=True)
    right = 2 * 2 + 1  # the right inner brow's y
    assert other.values[:, right].min() == pytest.approx(2 * graft.values[:, BROW].min())
    assert np.abs(other.values[:, BROW]).max() < 1e-3
    assert (other.apex, other.offset) == (225, 450)
    assert other.times[-1] == pytest.approx(1.5 * graft.times[-1])


def test_a_stream_with_grafts_moves_where_it_is_marked_and_nowhere_else() -> None:
    quiet = _reel(None)
    copies = grafted([quiet, _reel(5000)], rate=4, seed=1)
    assert [copy.times is TIMES for copy in copies] == [True, True]
    moved = copies[0].samples - quiet.samples
    marks = copies[0].events
    assert len(marks) > 1
    assert (np.diff(marks, axis=1) > 0).all()
    assert (marks[1:, 0] - marks[:-1, 2] >= APART_MS).all()
    during = np.any([_between(onset, offset) for onset, _, offset in marks], axis=0)
    assert np.abs(moved[~during]).max() == 0
    for onset, _, offset in marks:
        part = moved[_between(onset, offset)]
        assert part[:, BROW].min() < -5 or part[:, 2 * 2 + 1].min() < -5
    assert (copies[1].events[:, 0] == 5000).any()  # its own is still there
    assert (copies[0].samples[:, DISPLACEMENTS:-4] >= 0).all()


def test_the_same_seed_grafts_the_same() -> None:
    reels = [_reel(4000), _reel(None)]
    one, again, other = (grafted(reels, rate=3, seed=n) for n in (1, 1, 2))
    assert all((a.samples == b.samples).all() for a, b in zip(one, again, strict=True))
    assert not all(len(a.events) == len(b.events) for a, b in zip(one, other, strict=True)) or any(
        (a.samples != b.samples).any() for a, b in zip(one, other, strict=True)
    )


def test_streams_without_expressions_stay_as_they_are() -> None:
    (copy,) = grafted([_reel(None)], rate=5, seed=1)
    assert (copy.samples == _reel(None).samples).all()
    assert len(copy.events) == 0


def test_an_expression_between_two_frames_is_no_graft() -> None:
    slow = _reel(3000)
    sparse = Reel(slow.times[::4], slow.samples[::4], slow.events, 8)
    assert list(grafts_of(sparse)) == []
