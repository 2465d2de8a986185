"""Labels by action units: the published lists, and what is drawn from them."""

import pytest

from flinch_train.data.labels import LABELS
from flinch_train.data.sim.criteria import TYPICAL, by_criteria, label_of, valence_name
from flinch_train.data.sim.stats import Stats

# The combinations that Davison, Merghani and Yap (2018) name, as their table is printed once more
# in their "A Review on Facial Micro-Expressions Analysis" (arXiv 1805.02397, table 9)
PUBLISHED = {
    "happy": "6 12 6+12 6+7+12 7+12",
    "surprise": "1+2 5 25 1+2+25 25+26 5+24",
    "anger": "23 4 4+7 4+5 4+5+7 17+24 4+6+7 4+38",
    "disgust": "10 9 4+9 4+40 4+5+40 4+7+9 4+9+17 4+7+10 4+5+7+9 7+10",
    "sad": "1 15 1+4 6+15 15+17",
    "fear": "1+2+4 20",
    "others": "14 24 17 7 18 38",
}


@pytest.mark.parametrize("label", PUBLISHED)
def test_the_published_combinations_have_their_labels(label: str) -> None:
    for combination in PUBLISHED[label].split():
        assert label_of(combination.split("+")) == label, combination


def test_a_side_makes_no_difference() -> None:
    assert label_of(["L1", "L2"]) == label_of(["R2", "1"]) == "surprise"


@pytest.mark.parametrize("valence", TYPICAL)
def test_what_is_typical_of_a_valence_has_it(valence: str) -> None:
    for combination in TYPICAL[valence]:
        assert valence_name(combination.split("+")) == valence, combination


def test_what_no_criterion_names_has_no_valence() -> None:
    assert valence_name(["38"]) is None
    assert valence_name(["14"]) == "negative"


def test_every_combination_is_drawn_under_its_own_label() -> None:
    stats = by_criteria(Stats.load())
    assert set(stats.combinations) == set(LABELS) - {"none"}
    for label, combinations in stats.combinations.items():
        assert combinations
        assert all(label_of(c.split("+")) == label for c in combinations)
    counted = {c for group in Stats.load().combinations.values() for c in group}
    drawn = {c for group in stats.combinations.values() for c in group}
    assert counted <= drawn  # no real combination is left out
