import csv

import numpy as np
import pytest

from flinch_train.data.labels import LABELS, VALENCE
from flinch_train.data.sim.action_units import blend, reach, shapes
from flinch_train.data.sim.stats import FASTEST_RISE_MS, LONGEST_MS, SHORTEST_MS, Stats
from tests.sim_head import tiny_head

EMOTIONS = LABELS[:-1]


def test_labels_are_the_eight_classes():
    assert len(LABELS) == len(set(LABELS)) == 8
    assert set(VALENCE) == set(LABELS)


def test_counts_add_up_to_the_clips_of_the_source():
    stats = Stats.load()
    assert set(stats.combinations) == set(EMOTIONS) == set(stats.frames)
    assert sum(sum(units.values()) for units in stats.combinations.values()) == 860


def test_quantiles_rise():
    stats = Stats.load()
    for phases in stats.frames.values():
        for points in phases.values():
            assert len(points) == len(stats.quantiles)
            assert points == sorted(points)


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_timing_is_that_of_a_micro_expression(emotion: str):
    rng = np.random.default_rng(3)
    stats = Stats.load()
    for _ in range(300):
        rise, fall = stats.timing(emotion, rng)
        assert rise >= FASTEST_RISE_MS
        assert fall > 0
        assert SHORTEST_MS <= rise + fall <= LONGEST_MS


def test_combinations_come_as_often_as_they_were_counted():
    rng = np.random.default_rng(4)
    drawn = ["+".join(Stats.load().action_units("disgust", rng)) for _ in range(2000)]
    assert 0.57 < drawn.count("4") / len(drawn) < 0.67  # 152 of 247


def test_a_folder_of_counts_replaces_the_packaged_ones(tmp_path):
    with (tmp_path / "au_by_emotion.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("emotion", "action_units", "clips"), ("sad", "1+15", 3)])
    with (tmp_path / "durations.csv").open("w", newline="") as file:
        head = [f"p{q}_frames" for q in ("05", "25", "50", "75", "95")]
        rows = [("sad", 3, phase, 2, 3, 4, 5, 6) for phase in ("onset_to_apex", "apex_to_offset")]
        csv.writer(file).writerows([("emotion", "clips", "phase", *head), *rows])
    stats = Stats.load(tmp_path)
    assert stats.action_units("sad", np.random.default_rng(0)) == ["1", "15"]


def test_one_sided_units_move_one_side():
    head = tiny_head()
    names = {head.expression_names[i] for i in shapes(head, "L14")}
    assert names
    assert all(name.endswith("_L") for name in names)
    assert len(shapes(head, "14")) == 2 * len(names)


def test_every_counted_unit_is_known_or_dropped():
    head = tiny_head()
    tokens = {t for c in Stats.load().combinations.values() for key in c for t in key.split("+")}
    dropped = {token for token in tokens if not shapes(head, token)}
    assert dropped <= {"21"}
    with pytest.raises(ValueError, match="not an action unit"):
        shapes(head, "smile")


def test_travel_is_what_was_asked_for():
    head = tiny_head()
    weights, units = blend(head, ["1", "2"], 0.2, np.random.default_rng(5))
    assert units == ["1", "2"]
    assert reach(head, weights) == pytest.approx(0.2, rel=0.01)
