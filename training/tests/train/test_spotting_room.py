"""A room's windows in training: what is asked of them, that they are learned, what is said."""

import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from flinch_train.data.room.held_out import is_held_out
from flinch_train.data.room.windows import load_windows
from flinch_train.data.spotting.timing import LOOK_BACK
from flinch_train.model.spotter import SpotNet
from flinch_train.train.spotter.command import graph_of, main
from flinch_train.train.spotter.room_streams import room_streams, score
from flinch_train.train.spotter.segments import COUNTED, Segments, placed
from tests.data.room.room_folder import ROOM


def test_of_a_window_only_what_is_known_is_asked():
    for window, stream in zip(windows := load_windows((ROOM,)), room_streams(windows), strict=True):
        for seed in range(8):
            _, seen, truth, counted, ages = placed(
                stream.values, stream.events, np.random.default_rng(seed), stream.noes
            )
            assert 0 < counted.sum() < 15  # of 150
            if window.movement.real:
                assert (truth[counted == 1] == 1).all()
                assert ages[:, truth == 1].min() > 1
            else:
                assert (truth == 0).all()
                assert counted.sum() > 5
            assert seen[LOOK_BACK:].all() or not seen[0]


def test_a_face_that_has_just_come_is_put_where_its_movement_is_asked_for():
    short = next(w for w in load_windows((ROOM,)) if w.movement.real)
    late = short.times > short.movement.onset - 900
    (stream,) = room_streams(
        [type(short)(**{**vars(short), "times": short.times[late], "samples": short.samples[late]})]
    )
    for seed in range(8):
        _, _, truth, counted, _ = placed(
            stream.values, stream.events, np.random.default_rng(seed), stream.noes
        )
        assert (truth * counted).sum() > 0


def test_a_rooms_windows_get_no_other_motion():
    streams = room_streams(load_windows((ROOM,)))
    batch = Segments(streams, [], [1.0] * len(streams)).batch(24, np.random.default_rng(1))
    assert batch.counted.shape == (24, COUNTED)
    assert 0 < batch.counted.mean() < 0.1


def test_a_score_counts_what_is_told_of():
    windows = load_windows((ROOM,))
    graph = ort.InferenceSession(graph_of(SpotNet().eval()).SerializeToString())
    everything, nothing = score(graph, windows, 0.0), score(graph, windows, 1.1)
    assert (everything.real, everything.real_told, everything.none_told) == (2, 2, 2)
    assert (nothing.people, nothing.none, nothing.real_told, nothing.none_told) == (2, 2, 0, 0)


def test_the_command_learns_from_a_room(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "manifest.json").write_text(json.dumps({"models": {}}))
    run = ["--steps", "2", "--batch", "2", "--nets", "1", "--quiet", "--out", str(tmp_path)]
    share = next(s / 100 for s in range(100) if is_held_out("p-017", s / 100))
    assert main([*run, "--room-signals", str(ROOM), "--room-held-out", str(share)]) == 0
    said = capsys.readouterr().out
    assert "room: 1 real and 1 not (sessions: 1, people: 1); held out: 1 real" in said
    assert "room: held out (people: 1), told of" in said
    assert main([*run, "--room-signals", str(ROOM), "--room-held-out", "0"]) == 0
    assert (
        "room: 2 real and 2 not (sessions: 2, people: 2); held out: 0 real"
        in capsys.readouterr().out
    )
    entry = json.loads((tmp_path / "manifest.json").read_text())["models"]["spotter"]
    assert "have agreed to" in entry["licence"]
    about = entry["provenance"]
    assert (about["roomSessions"], about["roomReal"], about["roomNotReal"]) == (2, 2, 2)
    assert "p-017" not in json.dumps(entry)


def test_what_is_wrong_with_a_room_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["--out", str(tmp_path), "--room-signals", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("flinch_train train-spotter: ")
