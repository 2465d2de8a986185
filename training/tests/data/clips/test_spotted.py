import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from flinch_train.benchmark.shipped import evidence
from flinch_train.data.clips import spotted
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.join import join
from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.errors import DatasetError
from flinch_train.data.labels import ACTION_UNITS, LABELS, UNITS_UNKNOWN, VALENCES
from flinch_train.data.sim.acts import Move
from flinch_train.data.spotting.decode import Found
from flinch_train.data.spotting.handed_over import handed_over
from flinch_train.data.spotting.marks import put
from flinch_train.data.spotting.reel import Reel, Take
from flinch_train.data.spotting.region_motion import session
from tests.repository import ROOT

SMILE = Move("micro_expression", 1000, 1150, 1400, emotion="happy", units=["L12"])


def _found(onset: float, apex: float, offset: float) -> Found:
    return Found(onset, apex, offset, 0.9, 1440.0)


def _record() -> dict:
    return dict(json.loads((ROOT / "test" / "data" / "spotter-twin.json").read_text()))


def test_what_is_handed_over_is_what_the_daemon_is_held_to():
    kept = _record()
    graph, samples = session(ROOT / "models", "spotter.onnx"), np.array(kept["samples"])
    found = list(handed_over(graph, np.array(kept["timesMs"]), samples, kept["threshold"]))
    assert len(found) == len(kept["handedOver"]) >= 1
    for one, wanted in zip(found, kept["handedOver"], strict=True):
        marks = one.onset, one.apex, one.offset
        assert marks == pytest.approx(wanted[:3], abs=1)
        assert one.probability == pytest.approx(wanted[3], abs=0.002)


def test_marks_go_where_the_movement_is_and_stay_where_there_is_none():
    times = np.arange(0, 2000, 10.0)
    still = np.zeros((len(times), 6))
    moved = still.copy()
    inside = np.abs(times - 1000) < 150
    moved[inside, 2] = 20 * (0.5 + 0.5 * np.cos((times[inside] - 1000) / 150 * np.pi))
    rough, noise = _found(880, 1040, 1240), np.full(3, 0.5)
    assert put(rough, times, still, noise) == rough
    marks = put(rough, times, moved, noise)
    assert marks.onset == pytest.approx(850, abs=15)  # on the movement
    assert marks.apex == pytest.approx(1020, abs=5)  # midway
    assert marks.offset == 1200  # not farther from the network's word


def test_a_candidate_has_the_label_of_what_it_covers():
    label, valence, units = spotted.labels_of(_found(1010, 1150, 1380), [SMILE])
    assert (LABELS[label], VALENCES[valence]) == ("happy", "positive")
    assert units[ACTION_UNITS.index("12")] == 1
    assert sum(units) == 1


@pytest.mark.parametrize(
    ("marks", "label", "known"),
    [
        (_found(1300, 1400, 1700), -1, False),  # its end and something else
        (_found(1500, 1600, 1700), LABELS.index("none"), True),
        (_found(2100, 2200, 2300), LABELS.index("none"), False),  # lips that speak
    ],
)
def test_what_is_no_expression_is_none_or_unknown(marks: Found, label: int, known: bool):
    talk = Move("speech", 2000, 2500, 3000)
    found_label, valence, units = spotted.labels_of(marks, [SMILE, talk])
    assert (found_label, valence) == (label, -1)
    assert units == ([0] * len(ACTION_UNITS) if known else UNITS_UNKNOWN)


def test_pictures_are_the_nearest_that_had_come(monkeypatch: pytest.MonkeyPatch):
    times = np.arange(0, 2000, 50.0)
    crops = [np.full((112, 112, 3), (k, 0, 255 - k), np.uint8) for k in range(len(times))]
    reel = Reel(times, np.zeros((len(times), 46), np.float32), np.zeros((0, 3)), 20)
    found = _found(1000, 1210, 1500)
    monkeypatch.setattr(spotted, "handed_over", lambda *_: [found])
    (clip,) = spotted.clips_of(Take(reel, [SMILE], 7, crops), None, 0.5)  # type: ignore[arg-type]
    assert clip.frames[:, 0, 0, 2].tolist() == [20, 22, 24, 26, 28, 29]  # blue is last in RGB
    assert clip.special[:, 0, 0, 2].tolist() == [20, 24]
    assert (clip.person, clip.probability) == (7, 0.9)


def test_what_a_clip_set_leaves_out_is_counted(tmp_path: Path):
    still = [np.zeros((n, 112, 112, 3), np.uint8) for n in (6, 2)]
    clip = spotted.SpottedClip(*still, 7, -1, UNITS_UNKNOWN, 0, 0.5)
    writer = ClipSetWriter(tmp_path, 30, 6, 112)
    found = spotted.fill(writer, [([clip] * 15, 2), ([clip], 0)])
    assert found == {"expressions": 2, "leftOut": 3, "spotted": [0.5] * 13}
    assert writer.count == 13


def test_clip_sets_of_other_reels_can_be_joined(tmp_path: Path):
    still = [np.zeros((n, 8, 8, 3), np.uint8) for n in (6, 2)]
    clip_sets = [tmp_path / name for name in ("one", "two", "again")]
    for folder, first in zip(clip_sets, (0, 40, 0), strict=True):
        writer = ClipSetWriter(folder, 1, 6, 8)
        writer.add(*still, 7, -1, UNITS_UNKNOWN, first // 2)
        writer.close({"source": "simulated-spotted", "firstReel": first})
    join(clip_sets[:2], tmp_path / "both")
    assert ClipSet.open(tmp_path / "both").subjects.tolist() == [0, 1]
    with pytest.raises(DatasetError, match="more than one clip set"):
        join([clip_sets[0], clip_sets[2]], tmp_path / "twice")


def test_a_clip_set_names_its_spotter():
    listed = json.loads((ROOT / "models" / "manifest.json").read_text())["models"]["spotter"]
    found = spotted.spotter_of(ROOT / "models")
    assert found == {"version": listed["version"], "sha256": listed["sha256"]}


EVEN = {"spotter": 1, "hsta": 1, "bias": 0}
GRAPH = SimpleNamespace(entry={"evidence": EVEN})


def test_evidence_is_what_the_daemon_adds_up():
    spotted_p, none = np.array([0.5, 0.9, 1.0]), np.array([0.5, 0.1, 0.0])
    found = evidence.evidence(spotted_p, none, EVEN)
    assert found.tolist() == pytest.approx([0, 2 * np.log(9), 2 * np.log(999)])
    weighed = evidence.evidence(spotted_p, none, {"spotter": 0.5, "hsta": 2, "bias": -1})
    assert weighed[1] == pytest.approx(2.5 * np.log(9) - 1)


def test_the_table_counts_hits_and_false_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    writer = ClipSetWriter(tmp_path, 3, 6, 112)
    for label in (LABELS.index("happy"), LABELS.index("none"), -1):
        frames, special = (np.zeros((n, 112, 112, 3), np.uint8) for n in (6, 2))
        writer.add(frames, special, label, -1, UNITS_UNKNOWN, 0)
    writer.close({"spotted": [0.9, 0.9, 0.9], "threshold": 0.5, "reels": 300, "expressions": 2})
    monkeypatch.setattr(evidence, "none_of", lambda *_: np.array([0.05, 0.4, 0.3]))
    monkeypatch.setattr(evidence.Graph, "open", staticmethod(lambda path: GRAPH))
    assert evidence.main(["--model", "x.onnx", "--clips", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "3 candidates, settled from 0.5 on, in 60 minutes with 2 expressions"
    rows = {float(line.split()[0]): line.split()[1:] for line in lines[2:]}
    assert rows[2.5] == ["1", "1", "1", "2.0", "0.500", "0.400"]
    assert rows[3.0] == ["1", "1", "0", "1.0", "0.500", "0.500"]
    assert rows[4.0] == ["1", "0", "0", "0.0", "0.500", "0.667"]


def test_clip_sets_of_several_runs_are_counted_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    still = [np.zeros((n, 112, 112, 3), np.uint8) for n in (6, 2)]
    clip_sets = [tmp_path / name for name in ("one", "two")]
    for folder, label in zip(clip_sets, ("happy", "none"), strict=True):
        writer = ClipSetWriter(folder, 1, 6, 112)
        writer.add(*still, LABELS.index(label), -1, UNITS_UNKNOWN, 0)
        writer.close({"spotted": [0.9], "threshold": 0.5, "reels": 300, "expressions": 2})
    monkeypatch.setattr(evidence, "none_of", lambda *_: np.array([0.05]))
    monkeypatch.setattr(evidence.Graph, "open", staticmethod(lambda path: GRAPH))
    assert evidence.main(["--model", "x.onnx", "--clips", *map(str, clip_sets)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 candidates, settled from 0.5 on, in 120 minutes with 4 expressions"
    assert "     2.0        1         0        1       0.5    0.250    0.333" in lines


def test_clip_sets_settled_otherwise_are_not_counted_together(tmp_path: Path):
    for name, threshold in (("one", 0.5), ("two", 0.05)):
        ClipSetWriter(tmp_path / name, 1, 6, 112).close({"spotted": [], "threshold": threshold})
    clip_sets = [str(tmp_path / name) for name in ("one", "two")]
    with pytest.raises(SystemExit, match="other probabilities"):
        evidence.main(["--model", "x.onnx", "--clips", *clip_sets])


def test_a_clip_set_of_something_else_is_refused(tmp_path: Path):
    ClipSetWriter(tmp_path, 1, 6, 112).close({})
    assert len(ClipSet.open(tmp_path)) == 0
    with pytest.raises(SystemExit, match="did not write it"):
        evidence.main(["--model", "x.onnx", "--clips", str(tmp_path)])
