"""models/manifest.json: hashes are computed, entries replaced, order is stable."""

import json
from pathlib import Path

import pytest

from flinch_train.data import manifest
from flinch_train.data.clips.about import (
    about_clips,
    brief,
    parts_of,
    real_subjects,
    sources_of,
    videos_of,
)
from flinch_train.train.hsta.origin import origin, started_with


def test_register_hashes_merges_and_sorts(tmp_path: Path) -> None:
    (tmp_path / "b.onnx").write_bytes(b"graph")
    (tmp_path / "a.onnx").write_bytes(b"")
    manifest.register(tmp_path, "second", {"file": "b.onnx", "sha256": "not this"})
    manifest.register(tmp_path, "first", {"file": "a.onnx"})
    text = (tmp_path / "manifest.json").read_text()
    models = json.loads(text)["models"]
    assert list(models) == ["first", "second"]
    assert models["second"]["bytes"] == 5
    assert models["second"]["sha256"] == manifest.sha256(tmp_path / "b.onnx")
    manifest.register(tmp_path, "first", {"file": "a.onnx"})
    assert (tmp_path / "manifest.json").read_text() == text


def test_people_whom_the_first_weights_saw_are_named(tmp_path: Path) -> None:
    run = tmp_path / "first"
    run.mkdir()
    clip_set = {"source": "real-motion", "subjects": ["samm/6", "casme2/1"], "clips": ["x"] * 9}
    (run / "run.json").write_text(json.dumps({"options": {}, "clips": clip_set}))
    start = origin(run)
    assert start["realSubjects"] == ["casme2/1", "samm/6"]
    assert "clips" not in start["clips"]  # a manifest is no list of clips
    later = {"options": {"start": start}, "clips": {"source": "simulated-train"}}
    assert started_with(later) == ["casme2/1", "samm/6"]


def test_a_model_names_the_videos_of_people_that_it_has_seen():
    filmed = {"source": "filmed", "realVideo": ["ab", "cd"], "realSources": ["someone (MIT)"]}
    clip_set = {"source": "filmed+simulated-train", "subjects": ["filmed/3"], "parts": [filmed, {}]}
    assert videos_of(clip_set) == ["ab", "cd"]
    assert sources_of(parts_of(clip_set)) == ["someone (MIT)"]
    assert "realVideo" not in brief(clip_set)["parts"][0]
    coded = {"source": "samm"}
    joined = clip_set | {"subjects": ["filmed/3", "samm/6"], "parts": [filmed, coded]}
    assert real_subjects(joined) == ["samm/6"]
    assert real_subjects(joined | {"parts": [filmed]}) == []
    later = {"options": {"start": {"realVideo": ["ef"]}}}
    assert started_with(later, "realVideo") == ["ef"]


def test_what_does_not_say_whom_it_shows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps({"options": {}}))
    with pytest.raises(SystemExit, match="no clips in it"):
        origin(tmp_path)
    with pytest.raises(SystemExit, match=r"no clips\.json"):
        about_clips(tmp_path)
