"""Grafts: what an expression did to one face, done to another."""

from dataclasses import replace

import numpy as np
import pytest

from flinch_train.data.spotting.features import DISPLACEMENTS, STEP_MS
from flinch_train.data.spotting.region_motion import VALUES
from flinch_train.train.spotter.graft import APART, TORN, grafted, grafts_of
from flinch_train.train.spotter.stream import Stream

STEPS = 300
BROW, OTHER_BROW = 2 * 1 + 1, 2 * 2 + 1  # the inner brows' y


def _stream(onset: int | None, height: float = -15.0, drift: float = 1.0) -> Stream:
    """A face that drifts, and whose left brow goes up for fifteen steps."""
    values = np.outer(np.arange(STEPS) * STEP_MS / 1000 * drift, np.ones(VALUES))
    events = np.zeros((0, 3))
    if onset is not None:
        share = np.clip((np.arange(STEPS) - onset) / 15, 0, 1)
        values[:, BROW] += height * np.sin(share * np.pi)
        events = np.array([[onset, onset + 7, onset + 15]], np.float64)
    return Stream(values.astype(np.float32), events, 0.0, "somebody")


def test_a_graft_is_the_expression_without_the_drift() -> None:
    (graft,) = grafts_of(_stream(150))
    assert graft.values[:, BROW].min() == pytest.approx(-15, abs=1)
    assert np.abs(np.delete(graft.values, BROW, axis=1)).max() < 1e-3
    assert graft.apex == 7


def test_beside_the_same_face_as_it_was_the_rest_of_its_motion_falls_out() -> None:
    plain, shown = _stream(None), _stream(150)
    nod = 40 * np.sin(np.arange(STEPS) / 5)[:, None].astype(np.float32)
    plain = replace(plain, values=plain.values + nod)
    shown = replace(shown, values=shown.values + nod)
    (graft,) = grafts_of(shown, plain)
    assert np.abs(np.delete(graft.values, BROW, axis=1)).max() < 1e-3
    (rough,) = grafts_of(shown)
    assert np.abs(np.delete(rough.values, BROW, axis=1)).max() > 5
    late = replace(plain, begin_ms=160 * STEP_MS)  # its stay began after the onset
    assert list(grafts_of(shown, late)) == []


def test_what_no_expression_could_be_is_no_graft() -> None:
    assert list(grafts_of(_stream(150, height=-2 * TORN))) == []
    assert list(grafts_of(_stream(STEPS - 5))) == []  # it goes on after the stream's end


def test_a_graft_comes_larger_slower_and_mirrored() -> None:
    (graft,) = grafts_of(_stream(150))
    rng = np.random.default_rng(1)
    varied = [graft.varied(rng) for _ in range(40)]
    heights = [float(one.values.min()) for one in varied]
    assert min(heights) < -17
    assert max(heights) > -13
    assert len({len(one.values) for one in varied}) > 3
    sides = [np.abs(one.values).max(axis=0).argmax() for one in varied]
    assert set(sides) == {BROW, OTHER_BROW}


def test_a_stream_with_grafts_moves_where_it_is_marked_and_nowhere_else() -> None:
    quiet, own = _stream(None), _stream(200)
    grafts = list(grafts_of(own))
    rng = np.random.default_rng(2)
    values, marks = grafted(quiet.values, quiet.events, grafts, 4, rng)
    moved = values - quiet.values
    assert len(marks) > 1
    assert (np.diff(marks, axis=1) > 0).all()
    assert (marks[1:, 0] - marks[:-1, 2] >= APART).all()
    during = np.zeros(STEPS, bool)
    for onset, _, offset in marks.astype(int):
        during[onset : offset + 1] = True
        part = moved[onset : offset + 1]
        assert min(part[:, BROW].min(), part[:, OTHER_BROW].min()) < -5
    assert np.abs(moved[~during]).max() == 0
    _, beside = grafted(own.values, own.events, grafts, 4, rng)
    assert (beside[:, 0] == 200).any()  # its own is still there
    assert (values[:, DISPLACEMENTS:-4] >= 0).all()


def test_streams_without_grafts_stay_as_they_are() -> None:
    quiet = _stream(None)
    values, marks = grafted(quiet.values, quiet.events, [], 5, np.random.default_rng(1))
    assert (values == quiet.values).all()
    assert len(marks) == 0
