import numpy as np
import pytest

from flinch_train.data.labels import LABELS
from flinch_train.data.sim.acts import Run, State
from flinch_train.data.sim.conversation import Conversation
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.identity import generator
from flinch_train.data.sim.moments import moment
from flinch_train.data.sim.schedule import write
from flinch_train.data.sim.stats import Stats
from tests.sim_head import tiny_head


@pytest.fixture(scope="module")
def habits() -> Habits:
    return Habits(tiny_head(), Stats.load())


@pytest.fixture(scope="module")
def people(habits: Habits) -> Conversation:
    return Conversation(habits)


def _many(make, count: int = 200):
    rng = generator("test", 4)
    return [make(1000.0, rng) for _ in range(count)]


def test_a_slow_blink_takes_half_a_second_or_more(people: Conversation):
    lengths = [act.offset - act.onset for act in _many(people.slow_blink)]
    assert min(lengths) >= 450
    assert max(lengths) < 1100


def test_a_double_blink_closes_the_eye_twice(habits: Habits, people: Conversation):
    lids = habits.weights({"eyeBlink": 1.0})
    for act in _many(people.double_blink, 20):
        times = np.arange(act.onset, act.offset, 5.0)
        closed = []
        for time in times:
            state = State()
            act.apply(time, state)
            closed.append(max(state.weights[i] for i in lids) > 0.4)
        assert np.count_nonzero(np.diff(np.array(closed, int)) == 1) == 2


def test_a_smile_comes_fast_and_stays(people: Conversation):
    for act in _many(people.smile):
        assert act.apex - act.onset <= 500
        assert act.level(act.apex + 1000) == 1
        assert act.offset - act.onset > 1500


def test_a_laugh_shakes_the_jaw_five_times_a_second(people: Conversation):
    for act in _many(people.laugh, 20):
        notes = [move.onset for move in act.moves if move.kind == "note"]
        assert np.mean(np.diff(notes)) == pytest.approx(210, abs=25)
        assert act.onset == 1000


def test_talk_lifts_brows_with_words_and_may_end_on_pressed_lips(people: Conversation):
    talks = _many(lambda t, rng: people.speech(t, 3000, rng), 60)
    moves = [move for talk in talks for move in talk.moves]
    stresses = [move for move in moves if move.kind == "stress"]
    words = [move for move in moves if move.kind == "syllable"]
    assert 0.05 < len(stresses) / len(words) < 0.4
    assert 0.4 < sum(move.kind == "press" for move in moves) / len(talks) < 0.8
    # brief enough to be taken for a micro-expression: that is what they are there for
    assert np.mean([move.offset - move.onset < 500 for move in stresses]) > 0.3


def test_a_hand_comes_rests_and_goes(people: Conversation):
    for act in _many(people.touch, 20):
        hands = []
        for time in (act.onset - 1, act.onset + 1, act.apex, act.leave - 1, act.offset + 1):
            state = State()
            act.apply(time, state)
            hands.append(state.hand)
        before, coming, there, leaving, gone = hands
        assert before is None
        assert gone is None
        assert coming[1] < there[1] - 20
        assert np.allclose(there, act.place)
        assert np.allclose(leaving, act.place)


def test_a_lively_script_holds_more_than_a_calm_one(habits: Habits):
    def kinds(lively: bool):
        scripts = [write(habits, 60_000, 8, generator("test", 5, n), lively=lively) for n in (1, 2)]
        acts = [act for script in scripts for act in script.acts]
        doubles = sum(act.kind == "blink" and isinstance(act, Run) for act in acts)
        talk = sum(act.offset - act.onset for act in acts if act.kind == "speech")
        return {act.kind for act in acts}, doubles, talk

    calm, lively = kinds(False), kinds(True)
    assert not {"laugh", "hand_at_face"} & calm[0]
    assert {"laugh", "hand_at_face"} < lively[0]
    assert calm[1] == 0
    assert lively[1] > 0
    assert lively[2] > 1.5 * calm[2]


def test_lively_moments_without_an_expression_are_none_as_often(habits: Habits):
    moments = [moment(habits, generator("train", 2, k), lively=True) for k in range(800)]
    none = [one for one in moments if one.label == LABELS.index("none")]
    assert len(none) / len(moments) == pytest.approx(0.30, abs=0.05)
    assert {"laugh", "hand_at_face"} < {one.kind for one in none}
    assert all(one.onset < one.apex < one.offset for one in none)
