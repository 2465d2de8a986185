import hashlib
import json
from dataclasses import replace

import pytest

from flinch_train.benchmark.real.causes import Cause, Causes
from flinch_train.benchmark.real.context import KINDS, marks
from flinch_train.data.footage.footage import load, sha256_of
from flinch_train.data.footage.sources import by_part, by_source, licence_of
from flinch_train.data.footage.split import LEFT_OUT, Placed, Split, check, real_video_of
from tests.repository import ROOT

# Whoever changes who is tested changes what every figure means: then, and only then, this changes.
TEST_PEOPLE = "2c8c82c606d709370a6138d820f81bd18f4d7abc6e04b4c171a6e7c6f17e5b06"


def test_a_person_is_in_one_part():
    with pytest.raises(ValueError, match="person 3 is in test and learning"):
        Split([Placed("a", 3, "test", ""), Placed("b", 3, "learning", "")])
    with pytest.raises(ValueError, match="twice"):
        Split([Placed("a", 3, "test", ""), Placed("a", 3, "test", "")])
    with pytest.raises(ValueError, match="no part"):
        Split([Placed("a", 3, "exam", "")])


def test_what_is_left_out_is_in_no_part():
    split = Split([Placed("a", 3, LEFT_OUT, "cuts"), Placed("b", 3, "learning", "")])
    assert split.of("a").why == "cuts"


def test_a_video_that_nobody_has_placed_is_refused():
    with pytest.raises(SystemExit, match=r"not in split\.csv"):
        Split([]).of("a")


def test_who_learned_from_people_of_the_test_is_found_out():
    split = Split([Placed("a", 1, "test", ""), Placed("b", 2, "learning", "")])
    split.refuse_test(["b"], "hsta")
    with pytest.raises(SystemExit, match="hsta has seen a"):
        split.refuse_test(["b", "a"], "hsta")


def test_a_model_that_ships_has_not_seen_the_test(tmp_path):
    split = Split([Placed("a", 1, "test", ""), Placed("b", 2, "learning", "")])
    for videos, fails in ((["b"], False), (["b", "a"], True)):
        entries = {"hsta": {"realVideo": videos}, "motion": {}}
        (tmp_path / "manifest.json").write_text(json.dumps({"models": entries}))
        assert real_video_of(tmp_path) == {"hsta": videos, "motion": []}
        if fails:
            with pytest.raises(SystemExit, match="hsta has seen a"):
                check(split, tmp_path)
        else:
            check(split, tmp_path)
    check(Split.load(), ROOT / "models")


def test_the_people_of_the_test_stay_who_they_are():
    split = Split.load()
    tested = sorted(row.sha256 for row in split.rows if row.part == "test")
    assert hashlib.sha256("\n".join(tested).encode()).hexdigest() == TEST_PEOPLE
    assert all(row.why for row in split.rows if row.part == LEFT_OUT)


def test_marks_are_of_placed_videos_and_of_known_contexts():
    split, found = Split.load(), marks()
    assert len(found) >= 200
    for mark in found:
        assert split.of(mark.sha256).part != LEFT_OUT
        assert mark.first < mark.last
        assert mark.contexts <= set(KINDS)


def test_a_judgement_is_of_the_movement_that_is_near():
    causes = Causes(
        [Cause("a", "plain", 1000.0, "blink", "slow"), Cause("a", "plain", 1400.0, "word", "lips")]
    )
    assert causes.of("a", "plain", 1050.0) == "blink"
    assert causes.of("a", "plain", 1300.0) == "word"
    for sha256, folder, apex in (
        ("a", "plain", 3000.0),
        ("b", "plain", 1e3),
        ("a", "warped-1", 1e3),
    ):
        assert causes.of(sha256, folder, apex) == "not looked at"


def test_footage_is_what_its_index_says(tmp_path):
    (tmp_path / "clips").mkdir()
    video = tmp_path / "clips" / "a.mp4"
    video.write_bytes(b"not quite a video")
    row = f"a.mp4,clips,someone/something (MIT),x/a.mp4,talk,75,25.000,64x64,{sha256_of(video)}"
    index = tmp_path / "index.csv"
    index.write_text(f"file,folder,source,path,what,frames,fps,size,sha256\n{row}\n")
    (found,) = load([tmp_path, tmp_path])
    assert (found.seconds, found.source) == (3.0, "someone/something (MIT)")
    assert found.name == f"a-{found.sha256[:8]}"
    assert licence_of(found) == ("someone/something", "MIT")
    assert licence_of(replace(found, source="someone/other ()")) == ("someone/other", "none stated")
    split = Split([Placed(found.sha256, 1, "test", "")])
    assert "| test | 1 | 1 | 0.1 |" in by_part([found], split)
    assert "| someone/something | MIT | 1 | 0.1 |" in by_source([found])
    video.write_bytes(b"another")
    with pytest.raises(SystemExit, match="not the file"):
        load([tmp_path])
    video.unlink()
    with pytest.raises(SystemExit, match="not there"):
        load([tmp_path])
    with pytest.raises(SystemExit, match=r"no index\.csv"):
        load([tmp_path / "clips"])
