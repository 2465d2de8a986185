import json
from pathlib import Path

import av
import numpy as np
import pytest

from flinch_train.data.sim import interviews
from flinch_train.data.sim.happenings import Flicker, Happenings, Step
from flinch_train.data.sim.interviews import SETS, WAVERING, Interview, Studio
from flinch_train.data.sim.places import STILL, enters, leaves, passes, steps_behind
from flinch_train.data.sim.recording import kept
from tests.sim_head import tiny_head


def _times(video: Path) -> list[float]:
    with av.open(str(video)) as box:
        return [float(frame.pts * frame.time_base) for frame in box.decode(video=0)]


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("filmed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(interviews, "TEXTURE", 128)
        studio = Studio(tiny_head(), "tune", 160, 120)
        scene = Interview(
            "scene", 9, (20, 10, WAVERING), faces=2, scene="crosses", passers=True, per_minute=20
        )
        studio.film(3, scene, out)
    return out


def test_a_scene_is_filmed_at_every_rate(filmed: Path):
    fast, slow, lossy = (_times(filmed / f"scene-{o}" / "video.mp4") for o in (20, 10, WAVERING))
    assert len(fast) == 180
    assert slow == pytest.approx(fast[::2])
    assert 0.7 * len(fast) < len(lossy) < len(fast)
    assert set(np.round(lossy, 3)) <= set(np.round(fast, 3))


def test_the_truth_says_who_is_where(filmed: Path):
    about = json.loads((filmed / "scene-10" / "truth.json").read_text())
    assert [face["seated"] for face in about["faces"]] == [True, True, False]
    sits, passer = about["faces"][1]["places"], about["faces"][2]["places"]
    assert len(sits) == 90
    assert 0 < len(passer) < 60
    assert all(0 < x < 160 for _, x, _, _ in passer)
    assert passer[0][3] < 0.7 * sits[0][3]  # further away
    assert not any(e["kind"] == "micro_expression" and e["face"] == 2 for e in about["events"])


def test_nobody_who_walks_has_an_expression(filmed: Path):
    about = json.loads((filmed / "scene-10" / "truth.json").read_text())
    micro = [e for e in about["events"] if e["kind"] == "micro_expression"]
    assert any(e["face"] == 1 for e in micro)
    spans = steps_behind(4500, 0.5).moving()
    for event in (e for e in micro if e["face"] == 0):
        assert all(event["offsetMs"] <= a or event["onsetMs"] >= b for a, b in spans)


def test_what_is_there_is_not_filmed_again(filmed: Path, monkeypatch: pytest.MonkeyPatch):
    scene = Interview("scene", 9, (20, 10, WAVERING))
    monkeypatch.setitem(SETS, "tune", (scene, Interview("other", 9, (20,))))
    settings = interviews.Settings(head="x", out=filmed, set="tune")
    wanted = [job[5].name for job in interviews.jobs(settings)]
    assert wanted == ["other"]


def test_the_test_set_is_an_hour_of_all_rates_and_one_to_three_faces():
    assert sum(s.seconds * len(s.outputs) for s in SETS["test"]) >= 3600
    assert {r for s in SETS["test"] for r in s.outputs} == {200, 100, 60, 30, WAVERING}
    assert {s.faces for s in SETS["test"]} == {1, 2, 3}


def test_paths_come_from_outside_and_end_there():
    assert enters(5000, 1).at(0)[0] > 1
    assert enters(5000, 1).at(6000) == (0, 0)
    assert leaves(5000, -1).at(9000)[0] < -1
    assert not leaves(5000, -1).present(9000)
    across = [passes(1000, 1).at(t)[0] for t in (0, 2750, 9000)]
    assert across == sorted(across)
    assert STILL.moving() == []
    assert STILL.present(1e6)


def test_flicker_runs_down_the_rows_and_steps_come_back():
    picture = np.ones((60, 8, 3), np.float32)
    Happenings(Flicker(50, 0.1)).apply(picture, 3.0)
    assert np.ptp(picture[:, 0, 0]) > 0.1
    assert np.ptp(picture[0]) == 0
    # at 100 frames a second every frame meets the lamp at the same phase
    again = np.ones_like(picture)
    Happenings(Flicker(50, 0.1)).apply(again, 13.0)
    assert np.allclose(picture, again, atol=1e-4)
    level = [Step(100, 1.5, 80).at(t) for t in (0, 100, 140, 180, 500)]
    assert level == pytest.approx([1, 1, 1.5**0.5, 1.5, 1.5])


def test_lost_frames_come_in_runs():
    delivered = np.array(list(kept(5000, np.random.default_rng(1))))
    assert 0.8 < delivered.mean() < 0.95
    runs = np.diff(np.flatnonzero(delivered))
    assert runs.max() > 2
