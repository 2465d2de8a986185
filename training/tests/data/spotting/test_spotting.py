import json

import numpy as np
import pytest
import torch

from flinch_train.data.spotting import constants
from flinch_train.data.spotting.decode import decode
from flinch_train.data.spotting.features import (
    REGION_COUNT,
    STEP_MS,
    mirrored_regions,
    on_grid,
)
from flinch_train.data.spotting.reel import Reel
from flinch_train.data.spotting.region_motion import VALUES
from flinch_train.data.spotting.timing import READY, STRIDE
from flinch_train.data.spotting.twin import record
from flinch_train.model.spotter import SpotNet
from flinch_train.train.spotter.command import graph_of, segments_of, twin
from flinch_train.train.spotter.learn import Options, learn
from flinch_train.train.spotter.real_streams import RealStreams
from tests.repository import ROOT


def _samples(times: np.ndarray, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (len(times), VALUES))


def test_region_motion_is_the_daemons():
    kept = json.loads((ROOT / "test" / "data" / "region-motion-twin.json").read_text())
    now = record(ROOT / "models")
    assert np.allclose(kept["samples"], now["samples"], atol=1e-3)
    mouth = np.array(now["samples"])[:, 2 * 12]  # the lower lip's x
    assert mouth.max() > 3


def test_the_daemon_goes_by_these_numbers():
    kept = json.loads((ROOT / "test" / "data" / "spotting-constants.json").read_text())
    assert kept == constants.record()


def test_uneven_samples_come_out_even():
    times = np.sort(np.random.default_rng(2).uniform(0, 2000, 70))
    line = times[:, None] * np.ones(VALUES)
    steps, values, _ = on_grid(times, line)
    assert np.allclose(np.diff(steps), STEP_MS)
    assert np.allclose(values[:, 0], steps)


def test_a_face_that_was_away_begins_anew():
    times = np.concatenate([np.arange(0, 1000, 33.0), np.arange(2005, 3000, 33.0)])
    steps, _, noise = on_grid(times, _samples(times))
    assert 2005 in steps
    assert not ((steps > 1000) & (steps < 2005)).any()
    assert (noise[list(steps).index(2005)] == 0).all()


def test_noise_grows_with_the_jitter():
    times = np.arange(0, 8000, 20.0)
    _, _, small = on_grid(times, _samples(times))
    _, _, large = on_grid(times, 3 * _samples(times))
    assert large[-1] == pytest.approx(3 * small[-1])
    assert small[-1] == pytest.approx(6**0.5 * 1.2533 * np.ones(REGION_COUNT), rel=0.2)


def test_an_expression_is_told_once_and_soon():
    times = np.arange(0, 2000, 20.0)
    probability = np.exp(-(((times - 1390) / 60) ** 2))
    ages = np.stack([times - 1000, times - 1100, times - 1300], axis=1)
    (found,) = decode(times, probability, ages, 0.5)
    assert (found.onset, found.apex, found.offset) == (1000, 1100, 1300)
    assert 1390 <= found.told <= 1480
    assert list(decode(times, 0.4 * probability, ages, 0.5)) == []


def test_the_mirror_image_of_the_mirror_image_is_the_face():
    mirror = mirrored_regions()
    assert [mirror[r] for r in mirror] == list(range(REGION_COUNT))
    assert mirror != list(range(REGION_COUNT))


def _reel(seed: int) -> Reel:
    """Brows that rise for a quarter of a second, and a head that drifts."""
    rng = np.random.default_rng(seed)
    times = np.arange(0, 6000, 1000 / 30)
    samples = rng.normal(0, 0.6, (len(times), VALUES))
    samples += np.cumsum(rng.normal(0, 0.3, VALUES))[None] * times[:, None] / 6000
    begin = rng.uniform(2000, 4500)
    hump = np.clip(np.sin((times - begin) / 250 * np.pi), 0, 1) * (abs(times - begin - 125) < 125)
    samples[:, 1:8:2] -= 15 * hump[:, None]
    events = np.array([[begin, begin + 125, begin + 250]])
    return Reel(times, samples.astype(np.float32), events, 30)


def test_it_learns_what_an_expression_is():
    segments = segments_of(RealStreams([], [], [], []), [_reel(n) for n in range(24)])
    net = learn(segments, Options(steps=90, batch=12))
    fresh = segments_of(RealStreams([], [], [], []), [_reel(n) for n in range(100, 106)])
    batch = fresh.batch(16, np.random.default_rng(5))
    with torch.no_grad():
        outputs = net(batch.window, batch.seen)
    probability = outputs.logit.sigmoid()
    yes = probability[batch.truth == 1]
    no = probability[(batch.truth == 0) & (batch.counted == 1)]
    assert yes.median() > 0.8
    assert no.quantile(0.95) < 0.3
    told = (batch.truth == 1)[:, None].expand_as(batch.ages)
    assert (outputs.ages[told] - batch.ages[told]).abs().mean() < 0.5  # of 100 ms


def test_the_graph_is_asked_at_every_second_step_and_to_the_end():
    outputs = np.array(twin(graph_of(SpotNet().eval()), _reel(3))["said"])
    assert len(outputs) > 20
    assert ((outputs[:, 1] >= 0) & (outputs[:, 1] <= 1)).all()
    assert np.allclose(np.diff(outputs[:, 0]), STRIDE * STEP_MS)
    assert outputs[0, 0] % 1 == 0 or READY
