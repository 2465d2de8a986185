import json
import os
from pathlib import Path

import numpy as np
import pytest

from flinch_train.data.sim import simulate
from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.acts import Act, Sway
from flinch_train.data.sim.conversation import Conversation
from flinch_train.data.sim.film import Film
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import generator, person
from flinch_train.data.sim.schedule import Script, write
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from tests.sim_head import tiny_head


def _film(head: Head, faces: int = 1) -> Film:
    stage, habits = Stage(head, 128), Habits(head, Stats.load())
    rng = generator("test", 3, 1)
    actors = [Actor(stage, person("test", n)) for n in range(faces)]
    scripts = [write(habits, 6000, 20, rng) for _ in actors]
    return Film(actors, scripts, 160, 120, rng)


def test_the_same_seed_gives_the_same_pixels():
    one, other = (list(_film(tiny_head()).frames(4, 30)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert not np.array_equal(one[0], one[1])


def test_faces_sit_from_left_to_right():
    film = _film(tiny_head(), faces=3)
    middles = [film.eyes(face, 0.0)[:, 0].mean() for face in range(3)]
    assert middles == sorted(middles)
    assert all(abs(x - (n + 0.5) * 160 / 3) < 20 for n, x in enumerate(middles))


def test_a_hand_hides_a_part_of_the_face_while_it_is_there():
    stage, habits = Stage(tiny_head(), 128), Habits(tiny_head(), Stats.load())
    actor, still = Actor(stage, person("test", 1)), Sway(*np.zeros((3, 6, 1), np.float32))
    touch = Conversation(habits).touch(1000, generator("test", 2))

    def frame(acts: list[Act], time: float):
        script = Script(acts, still)
        return Film([actor], [script], 160, 120, generator("test", 3, 1)).frame(time).astype(int)

    def changed(time: float):
        return (np.abs(frame([touch], time) - frame([], time)).max(axis=2) > 12).sum()

    assert changed(900) == 0
    assert changed(touch.apex) > 100


def test_the_command_writes_a_video_and_its_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Head, "load", staticmethod(lambda path: tiny_head()))
    monkeypatch.setattr(simulate, "_TEXTURE", 128)
    options = "--head x --seconds 4 --fps 10 --seed 3 --width 160 --height 120".split()
    for name in ("a", "b"):
        assert simulate.main([*options, "--out", str(tmp_path / name)]) == 0
    video, again = ((tmp_path / n / "video.mp4").read_bytes() for n in "ab")
    assert video == again
    about = json.loads((tmp_path / "a" / "truth.json").read_text())
    assert about["durationMs"] == 4000
    assert any(event["kind"] == "micro_expression" for event in about["events"])


@pytest.mark.skipif("FLINCH_HEAD" not in os.environ, reason="FLINCH_HEAD names no head file")
def test_the_real_head_is_drawn_where_its_eyes_are_projected():
    film = _film(Head.load(os.environ["FLINCH_HEAD"]))
    frame, eyes = film.frame(0.0), film.eyes(0, 0.0)
    assert frame.std() > 10
    assert (eyes > 0).all()
    assert (eyes < (160, 120)).all()
