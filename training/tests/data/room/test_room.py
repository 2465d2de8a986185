"""Labelled windows of the room that `flinch export` wrote; a Node test holds it to the same."""

import json
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from flinch_train.data.errors import DatasetError
from flinch_train.data.room.decisions import majority
from flinch_train.data.room.held_out import is_held_out, parted
from flinch_train.data.room.tables import sessions_in
from flinch_train.data.room.windows import load_windows
from flinch_train.data.spotting.features import on_grid
from tests.data.room.room_folder import FIRST, ROOM, movement, replaced, spoilt, with_unit
from tests.repository import ROOT

TWIN = json.loads((ROOT / "test" / "data" / "room-signals-twin.json").read_text())
SHIFT_MS = -70_234.37  # from the stream's time to the first session's


def test_the_grid_makes_of_exported_samples_what_the_daemons_makes():
    excerpts = {
        name: excerpt for session in sessions_in(ROOM) for name, excerpt in session.excerpts.items()
    }
    assert set(excerpts) == {twin["movement"] for twin in TWIN["movements"]}
    for twin in TWIN["movements"]:
        excerpt = excerpts[twin["movement"]]
        times, values, noise = on_grid(excerpt.times, excerpt.samples)
        assert len(times) == twin["steps"]
        assert np.allclose(times[::9], twin["timesMs"], rtol=0, atol=1e-5)
        assert np.allclose(values[::9], twin["values"], rtol=0, atol=1e-5)
        assert np.allclose(noise[::9], twin["noise"], rtol=0, atol=1e-5)
        assert np.abs(values).max() > 10


def test_the_tables_have_the_columns_that_an_export_has():
    for table, columns in TWIN["columns"].items():
        file = ROOM / f"{FIRST}.{table}.parquet"
        said = json.loads(parquet.read_metadata(file).metadata[b"flinch"])["columns"]
        assert [[column["name"], column["unit"]] for column in said] == columns


def test_real_ones_are_events_by_the_reviewers_marks_and_the_rest_is_not_asked():
    windows = {window.movement.id: window for window in load_windows((ROOM,))}
    assert set(windows) == {movement(n) for n in (1, 2, 4, 5)}  # nobody is sure of the third
    first = windows[movement(1)]
    assert first.person == "p-017"
    marks = np.array([[71_235, 71_355.25, 71_550]]) + SHIFT_MS  # the median of ada's and grace's
    # a history keeps the wall clock of an apex in whole milliseconds
    assert np.allclose(first.events, marks, rtol=0, atol=1)
    assert len(first.noes) == 0
    unmarked = windows[movement(4)]
    assert unmarked.person == "p-018"
    (onset, apex, offset) = unmarked.events[0]
    assert (apex - onset, offset - onset) == pytest.approx((120.4, 300.6))


def test_what_is_none_is_asked_for_but_not_near_one_that_nobody_decided():
    windows = {window.movement.id: window for window in load_windows((ROOM,))}
    alone, near = windows[movement(5)], windows[movement(2)]
    assert len(alone.events) == len(near.events) == 0
    # told between 160 ms after the onset and 240 ms after the offset
    assert np.diff(alone.noes) == pytest.approx(300.6 + 80)
    assert near.noes[0, 0] - near.movement.onset == pytest.approx(160)
    # the third begins 900 ms after the second: 120 ms before it could be told of, all is doubt
    assert near.noes[0, 1] == pytest.approx(near.movement.offset + 240)


def test_doubt_cuts_a_no_short(tmp_path: Path):
    def sooner(table: pa.Table) -> pa.Table:
        for mark in ("onset_ms", "apex_ms", "offset_ms"):
            values = table.column(mark).to_pylist()
            table = replaced(table, mark, [*values[:2], values[2] - 700])
        return table

    folder = spoilt(tmp_path / "room", "movements", sooner)
    near = next(w for w in load_windows((folder,)) if w.movement.id == movement(2))
    third = near.movement.onset + 900.25 - 700
    begin, end = near.noes[0]
    assert begin == near.movement.onset + 160
    assert end == pytest.approx(third + 160 - 120, rel=0, abs=1)
    assert len(near.noes) == 1


def test_most_reviewers_decide_and_a_draw_decides_nothing():
    assert majority(["real", "real", "not_real"]) is True
    assert majority(["not_real", "unsure"]) is False
    assert majority(["real", "not_real"]) is None
    assert majority(["unsure"]) is None


def test_a_person_is_on_one_side_however_many_sessions_there_are():
    windows = load_windows((ROOM,))
    share = next(s / 100 for s in range(100) if is_held_out("p-017", s / 100))
    assert not is_held_out("p-018", share)
    learned, held = parted(windows, share)
    assert {window.person for window in learned} == {"p-018"}
    assert {window.person for window in held} == {"p-017"}
    assert len(learned) + len(held) == len(windows)
    with pytest.raises(DatasetError, match="all 2 people of the room are held out"):
        parted(windows, 0.999999)


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("labels", lambda t: t.slice(0, 0), "nobody has labelled"),
        (
            "signals",
            lambda t: t.rename_columns(
                [n.replace("chin", "jaw") for n in t.column_names]
            ).replace_schema_metadata(t.schema.metadata),
            "other regions .*unknown: jaw; missing: chin",
        ),
        ("signals", lambda t: with_unit(t, "chin_x", "pixels"), "chin_x is in 'pixels'"),
        ("signals", lambda t: with_unit(t, "time_ms", "s from the start"), "time_ms is in"),
        ("signals", lambda t: t.replace_schema_metadata(None), "says no units"),
        (
            "signals",
            lambda t: replaced(t, "nose_y", [0.0, math.nan, *[0.0] * (len(t) - 2)]),
            "nose_y of row 1 is no number",
        ),
        ("signals", lambda t: replaced(t, "head_turn", [None] * len(t)), "head_turn of row 0"),
        ("signals", lambda t: t.take(list(range(0, len(t), 2))), r"has 15.\d samples a second"),
        ("signals", lambda t: t.take([1, 0, *range(2, len(t))]), "do not grow"),
        ("movements", lambda t: t.drop_columns(["apex_ms"]), "has no column apex_ms"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(tmp_path: Path, table, change, said):
    with pytest.raises(DatasetError, match=said):
        load_windows((spoilt(tmp_path / "room", table, change),))


def test_missing_files_and_sessions_that_come_twice_are_refused(tmp_path: Path):
    with pytest.raises(DatasetError, match=r"holds no signals.parquet"):
        load_windows((tmp_path,))
    with pytest.raises(DatasetError, match="is there twice"):
        load_windows((ROOM, ROOM))
    folder = spoilt(tmp_path / "room", "labels", lambda table: table)
    (folder / f"{FIRST}.labels.parquet").unlink()
    with pytest.raises(DatasetError, match=r"labels.parquet: is missing"):
        load_windows((folder,))
