from itertools import pairwise

import numpy as np
import pytest

from flinch_train.data.labels import LABELS
from flinch_train.data.sim.acts import Move, State, hump
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.identity import NAMESPACES, generator, person
from flinch_train.data.sim.schedule import APART_MS, QUIET_MS, write
from flinch_train.data.sim.simulate import truth
from flinch_train.data.sim.stats import Stats
from tests.sim_head import tiny_head

LENGTH = 60_000.0


@pytest.fixture(scope="module")
def habits() -> Habits:
    return Habits(tiny_head(), Stats.load())


@pytest.fixture(scope="module")
def scripts(habits: Habits):
    return [write(habits, LENGTH, 14, generator("test", 3, seed)) for seed in range(4)]


def test_a_hump_is_zero_outside_and_one_at_the_apex():
    times = np.linspace(-50, 450, 501)
    levels = [hump(t, 0, 100, 400) for t in times]
    assert max(levels) == pytest.approx(1.0)
    assert hump(100, 0, 100, 400) == pytest.approx(1.0)
    assert all(level == 0 for t, level in zip(times, levels, strict=True) if t <= 0 or t >= 400)
    assert np.abs(np.diff(levels)).max() < 0.02


def test_truth_is_in_order_and_within_the_video(scripts):
    events = truth(scripts)
    assert [e["onsetMs"] for e in events] == sorted(e["onsetMs"] for e in events)
    for event in events:
        assert QUIET_MS <= event["onsetMs"] < event["apexMs"] < event["offsetMs"] <= LENGTH


def test_micro_expressions_are_short_named_and_apart(scripts):
    for script in scripts:
        micros = [a for a in script.acts if a.kind == "micro_expression"]
        assert len(micros) == 14
        for act in micros:
            assert 129 <= act.offset - act.onset <= 501
            assert act.apex - act.onset >= 50
            assert act.emotion in LABELS[:-1]
            assert act.units
        for before, after in pairwise(micros):
            assert after.onset - before.offset >= APART_MS


def test_nothing_else_has_an_emotion(scripts):
    kinds = {a.kind for s in scripts for a in s.acts}
    assert {"blink", "gaze", "speech", "nod", "sway", "swallow", "macro_expression"} < kinds
    others = [a for s in scripts for a in s.acts if a.kind != "micro_expression"]
    assert all(act.emotion is None for act in others)


def test_a_swallow_takes_as_long_as_on_people(habits: Habits):
    rng = generator("test", 2)
    lengths = [act.offset - act.onset for act in (habits.swallow(0.0, rng) for _ in range(400))]
    # 1.13 s, standard deviation 0.2 s, and so longer than any micro-expression
    assert np.mean(lengths) == pytest.approx(1130, abs=40)
    assert np.std(lengths) == pytest.approx(200, abs=25)
    assert min(lengths) > 500


def test_an_act_leaves_nothing_behind(scripts):
    for act in scripts[0].acts:
        for time in (act.onset - 1, act.offset + 1):
            state = State()
            act.apply(time, state)
            assert not any(state.weights.values())
            assert not state.angles.any()
            assert not state.gaze.any()


def test_emotions_are_taken_in_turn(habits: Habits):
    script = write(habits, 20_000, 9, generator("test", 1), ["happy", "sad"])
    named = [a.emotion for a in script.acts if isinstance(a, Move) and a.emotion]
    assert named == ["happy", "sad", "happy"]


def test_namespaces_share_nobody():
    shapes = {n: [person(n, k).shape.tobytes() for k in range(40)] for n in NAMESPACES}
    for one in NAMESPACES:
        assert len(set(shapes[one])) == 40
        for other in NAMESPACES:
            assert one == other or not set(shapes[one]) & set(shapes[other])


def test_a_person_is_always_the_same():
    assert person("test", 7).shape.tobytes() == person("test", 7).shape.tobytes()
    assert person("test", 7).rest == person("test", 7).rest
    with pytest.raises(ValueError, match="unknown namespace"):
        generator("nobody", 1)  # type: ignore[arg-type]
