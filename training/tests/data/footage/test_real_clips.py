"""Clips to learn from, cut out of a video and warped: here of the bundled one."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from flinch_train.data.footage.clips import ClipMaker, Wanted, clips_of, jobs, likely, wanted_of
from flinch_train.data.footage.expressions import Expressions
from flinch_train.data.footage.footage import Video
from flinch_train.data.footage.seen import Seen, Span
from flinch_train.data.footage.split import Placed, Split
from flinch_train.data.labels import LABELS
from flinch_train.data.sim.head import Head
from tests.repository import ROOT
from tests.sim_head import tiny_head

VIDEO = Video(ROOT / "demo" / "video.mp4", "ab" * 32, "someone (MIT)", "a face", 300, 30.0)
NONE = LABELS.index("none")


@pytest.fixture(scope="module")
def head() -> Head:
    return tiny_head()


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    rng, level = np.random.default_rng(2), 0.0
    with (tmp_path / "signals.ndjson").open("w") as lines:
        for k in range(300):  # brows that go up and come back at 4 s, and some unrest
            time = k * 1000 / 30
            level = 90 * np.exp(-(((time - 4000) / 110) ** 2))
            moved = rng.normal(0, 1.5, (14, 2))
            moved[:4, 1] -= level
            sample = {"kind": "sample", "face": 1, "timeMs": time, "head": [0, 0, 0, 0],
                    "displacement": moved.ravel().tolist(), "change": [0.0] * 14}  # fmt: skip
            lines.write(json.dumps(sample) + "\n")
    return Seen(VIDEO, 7, tmp_path, ())


def test_what_is_likely_is_what_the_spotter_says(seen):
    graph = ort.InferenceSession(str(ROOT / "models" / "spotter.onnx"))
    found = likely(seen, graph, 0.05)
    assert any(one.onset < 4000 < one.offset for one in found)
    assert len(likely(seen, graph, 0.9999)) < len(found)


def test_what_is_wanted_are_expressions_candidates_and_stretches_between(head, seen):
    told, rng = [Span(1000, 1150, 1350)], np.random.default_rng(1)
    wanted = wanted_of(seen, told, Expressions(head), (60.0, 60.0), rng)
    kinds = [one.none for one in wanted]
    assert 4 < kinds.count(False) < 20
    assert 4 < kinds.count(True) < 20
    assert Span(1000, 1150, 1350) in [one.span for one in wanted if one.none]
    assert all(one.span.onset < one.span.apex < one.span.offset for one in wanted)
    assert all(one.times.min() > 0 and one.times.max() < 10_000 for one in wanted)


def test_an_expression_moves_the_skin_and_a_candidate_is_left_as_it_is(head, seen, monkeypatch):
    # the tiny head is no face that could be laid over this one; its fields have their own tests
    lift = np.zeros((112, 112, 2), np.float32)
    lift[60:90, 30:80, 1] = -2.5
    monkeypatch.setattr(ClipMaker, "_field", lambda self, mesh, drawn: lift)
    rng = np.random.default_rng(3)
    drawn = Expressions(head).draw("happy", 2000.0, rng)
    strong = replace(drawn, amplitude=0.07)
    span = Span(strong.move.onset, strong.move.apex, strong.move.offset)
    maker = ClipMaker(head, ROOT / "models")
    wanted = [Wanted(span, None, none=True), Wanted(span, strong, none=False)]
    still, moved = clips_of(seen, maker, wanted, rng)
    assert (still.label, still.valence) == (NONE, -1)
    assert (moved.label, still.frames.shape) == (LABELS.index("happy"), (8, 112, 112, 3))
    apart = np.abs(moved.frames.astype(int) - still.frames).max(axis=(1, 2, 3))
    assert apart[7] > 10  # the apex
    assert apart[0] < 3  # the onset
    assert apart[5] < 3  # the offset


def test_who_was_filmed_for_long_gives_less_a_minute(tmp_path):
    long = replace(VIDEO, sha256="cd" * 32, frames=30 * 240)
    for video in (VIDEO, long):
        folder = tmp_path / "plain" / video.name
        folder.mkdir(parents=True)
        (folder / "summary.json").write_text("{}")
    split = Split([Placed("ab" * 32, 1, "learning", ""), Placed("cd" * 32, 2, "learning", "")])
    short, other = jobs(tmp_path, [VIDEO, long], split, (100.0, 50.0), 0)
    assert short.rates == (100, 50)
    assert other.rates == (50, 25)


@pytest.mark.parametrize("seed", range(6))  # held, blurred, gone and back
def test_what_does_not_come_and_go_is_none(head, seen, monkeypatch, seed):
    lift = np.zeros((112, 112, 2), np.float32)
    lift[60:90, 30:80, 1] = -2.5
    monkeypatch.setattr(ClipMaker, "_field", lambda self, mesh, drawn: lift)
    drawn = Expressions(head).draw("happy", 2000.0, np.random.default_rng(3))
    wanted = [Wanted(Span(2000, 2150, 2300), drawn, none=True)]
    [clip] = clips_of(seen, ClipMaker(head, ROOT / "models"), wanted, np.random.default_rng(seed))
    assert (clip.label, clip.frames.dtype) == (NONE, np.uint8)
