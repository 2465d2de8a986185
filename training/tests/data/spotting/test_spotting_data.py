import json
from pathlib import Path

import numpy as np
import pytest

from flinch_train.data.clips import spotted
from flinch_train.data.sim.head import Head
from flinch_train.data.spotting import reel as reels_module
from flinch_train.data.spotting import reels as reels_command
from flinch_train.data.spotting.features import REGION_COUNT
from flinch_train.data.spotting.reel import Reels
from flinch_train.data.spotting.region_motion import VALUES
from flinch_train.data.spotting.signals import load_signals
from tests.repository import ROOT
from tests.sim_head import tiny_head

MODELS = ROOT / "models"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reels_module, "SECONDS", 4.0)
    monkeypatch.setattr(Head, "load", staticmethod(lambda path: tiny_head()))


def test_a_reel_is_the_same_each_time_and_moves():
    one, again = (Reels(tiny_head(), "tune", MODELS).reel(3) for _ in range(2))
    assert np.array_equal(one.samples, again.samples)
    assert one.samples.shape == (len(one.times), VALUES)
    assert (np.diff(one.times) > 0).all()
    assert one.samples[:, : 2 * REGION_COUNT].std() > 0.1
    assert np.isfinite(one.samples).all()
    assert (one.events[:, 0] < one.events[:, 1]).all()


def test_what_is_there_is_kept_and_what_was_cut_short_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    options = ["--head", "x", "--models", str(MODELS), "--out", str(tmp_path)]
    (tmp_path / "00001.part.npz").write_bytes(b"half a reel")
    reels_command.open_studio("x", "train", MODELS)
    reels_command.write_reel((0, tmp_path / "00000.npz"))
    before = (tmp_path / "00000.npz").read_bytes()
    assert reels_command.main([*options, "--count", "1", "--workers", "1"]) == 0
    assert (tmp_path / "00000.npz").read_bytes() == before
    assert not (tmp_path / "00001.part.npz").exists()
    (kept,) = reels_command.load(tmp_path)
    assert kept.samples.shape[1] == VALUES


def test_a_reel_kept_beside_its_candidates_is_the_same(tmp_path: Path):
    reels_command.open_studio("x", "train", MODELS)
    reels_command.write_reel((1, tmp_path / "alone.npz"))
    spotted._open("x", "train", MODELS)
    _, shown = spotted._cut((1, 0.05, tmp_path))
    kept = reels_command.file_of(tmp_path, 1)
    assert kept.read_bytes() == (tmp_path / "alone.npz").read_bytes()
    with np.load(kept) as reel:
        assert len(reel["events"]) == shown


def test_signals_are_given_to_whoever_sits_there(tmp_path: Path):
    signals, interviews = tmp_path / "signals", tmp_path / "videos"
    (interviews / "two-30").mkdir(parents=True)
    signals.mkdir()
    acts = [
        {"kind": kind, "face": face, "onsetMs": at, "apexMs": at + 50, "offsetMs": at + 200}
        for kind, face, at in (("micro_expression", 0, 500), ("blink", 0, 900),
                               ("micro_expression", 1, 1500))
    ]  # fmt: skip
    about = {"fps": 30.0, "faces": [{"seated": True}] * 2 + [{"seated": False}], "events": acts}
    (interviews / "two-30" / "truth.json").write_text(json.dumps(about))
    lines = [json.dumps({"id": "an event between the samples"})]
    for n in range(150):
        for face in (1, 2, 3) if n < 120 else (2,):
            row = {"kind": "sample", "face": face, "timeMs": n * 33.0}
            row |= {"displacement": [face] * 28, "change": [0.1] * 14, "head": [0.0] * 4}
            lines.append(json.dumps(row))
    (signals / "two-30.ndjson").write_text("\n".join(lines) + "\n")
    left, right = load_signals(signals, interviews)
    assert left.events.tolist() == [[500, 550, 700]]
    assert right.events.tolist() == [[1500, 1550, 1700]]
    assert (len(left.times), len(right.times)) == (120, 150)
    assert (right.samples[:, 0] == 2).all()


def test_no_signals_are_an_error(tmp_path: Path):
    with pytest.raises(SystemExit, match="holds no"):
        load_signals(tmp_path, tmp_path)
    with pytest.raises(SystemExit, match="holds no"):
        reels_command.load(tmp_path)
