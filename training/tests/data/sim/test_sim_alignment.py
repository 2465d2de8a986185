"""Crops wander in training as they do in the daemon: one record, to which both halves are held."""

import json

import numpy as np
import pytest

from flinch_train.data.sim.alignment import Alignment, MeshNoise, OneEuro, disturbed, twin_record
from flinch_train.data.sim.camera import CROP_EYES
from tests.repository import ROOT

RECORD = ROOT / "test/data/alignment-twin.json"


def test_the_record_that_the_daemon_is_held_to_is_what_the_twin_says() -> None:
    kept, found = json.loads(RECORD.read_text()), twin_record()
    assert found["timesMs"] == pytest.approx(kept["timesMs"])
    for name in ("eyes", "crops"):
        assert np.array(found[name]) == pytest.approx(np.array(kept[name]), rel=1e-4, abs=1e-3)


def test_the_first_eyes_lie_where_the_crop_wants_them() -> None:
    eyes = np.array([(281, 190), (355, 212)], np.float32)
    crop = Alignment(112).update(eyes, 0)
    assert eyes @ crop[:, :2].T + crop[:, 2] == pytest.approx(CROP_EYES * 112, abs=1e-3)


def test_a_step_is_followed_and_grain_is_not() -> None:
    still, moving = OneEuro(1.2, 6), OneEuro(1.2, 6)
    rng = np.random.default_rng(0)
    times = np.arange(0, 2000, 33.3)
    grain = [still.filter(float(rng.normal(0, 0.001)), t) for t in times]
    step = [moving.filter(float(t > 500), t) for t in times]
    assert np.std(grain[20:]) < 0.0005
    assert step[-1] == pytest.approx(1, abs=0.01)


def test_noise_moves_turns_and_scales_in_eye_distances() -> None:
    eyes = np.array([(100, 50), (180, 50)], np.float32)
    assert disturbed(eyes, np.zeros(4, np.float32)) == pytest.approx(eyes)
    found = disturbed(eyes, np.array((0.1, 0, 0, np.log(2)), np.float32))
    assert found == pytest.approx(np.array([(68, 50), (228, 50)]), abs=1e-3)
    level = MeshNoise().sample(list(np.arange(0, 60000, 33.0)), np.random.default_rng(0))
    assert level.std(axis=0) == pytest.approx([0.004] * 4, rel=0.3)
