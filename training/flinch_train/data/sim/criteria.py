"""Which label a combination of action units stands for, by published criteria.

Emotions by annotators depend on what the person said afterwards: in CAS(ME)³ one combination stands
under up to seven of them. The objective classes of Davison, Merghani and Yap ("Objective Classes
for Micro-Facial Expression Recognition", J. Imaging 4(10): 119, 2018) go by the action units alone:
I happiness, II surprise, III anger, IV disgust, V sadness, VI fear, VII others. Every combination
of their lists gets its class here, as a test holds; where one is in none of them, the first rule
below that fits decides. Valence follows MEGC 2019's composite, in which CASME II's repression and
SAMM's contempt count as negative.
"""

from collections.abc import Callable
from dataclasses import replace

from flinch_train.data.labels import LABELS, VALENCE, VALENCES, numbers
from flinch_train.data.sim.stats import Stats

Units = frozenset[str]

# What fits first decides: the letters of a rule are action units.
_RULES: tuple[tuple[str, Callable[[Units], bool]], ...] = (
    ("fear", lambda u: {"1", "2", "4"} <= u or "20" in u),
    ("disgust", lambda u: bool(u & {"9", "10", "11", "40"})),
    ("happy", lambda u: bool(u & {"6", "12"}) and not u & {"4", "15"}),
    ("sad", lambda u: "15" in u or ("1" in u and "2" not in u)),
    ("anger", lambda u: bool(u & {"4", "23"}) or {"17", "24"} <= u),
    ("surprise", lambda u: bool(u & {"1", "2", "5", "25", "26", "27"})),
)
_NEGATIVE_OTHERS = frozenset({"7", "14", "17", "24"})

# Combinations of the criteria, and how often beside others of their valence: a guess, for the
# authors list them without counts. A letter is a side.
TYPICAL: dict[str, dict[str, float]] = {
    "negative": {
        "4": 30, "4+7": 18, "7": 6, "9": 5, "4+9": 6, "10": 4, "4+10": 2, "9+10": 2, "15": 4,
        "17": 6, "15+17": 4, "14": 4, "L14": 3, "R14": 3, "20": 2, "23": 2, "24": 3, "1+4": 4,
        "4+17": 2, "4+7+9": 4, "4+6+7": 2, "L10": 2, "R10": 2, "L9+4": 1, "1+2+4": 3,
        "1": 3, "17+24": 2,
    },
    "positive": {
        "12": 40, "6+12": 22, "L12": 7, "R12": 7, "12+25": 5, "6": 4, "6+12+25": 4, "12+14": 3,
        "7+12": 3, "6+7+12": 3, "12+17": 1, "12+24": 2,
    },
    "surprise": {
        "5+7": 1, "1+2": 45, "2": 10, "1+2+5": 12, "1+2+25": 8, "25": 3, "1+2+26": 3, "L2+1": 4,
        "R2+1": 4, "L1+L2": 3, "R1+R2": 3, "5": 5, "25+26": 2,
    },
}  # fmt: skip


def label_of(tokens: list[str]) -> str:
    """The label of a combination of FACS tokens (4, L14, B23 …)."""
    units = numbers(tokens)
    return next((label for label, fits in _RULES if fits(units)), "others")


def valence_name(tokens: list[str]) -> str | None:
    """Negative, positive or surprise; nothing where the criteria say nothing of it."""
    label = label_of(tokens)
    if label == "others":
        return "negative" if numbers(tokens) & _NEGATIVE_OTHERS else None
    return VALENCE[label]


def valence_place(tokens: list[str]) -> int:
    """Place in ``VALENCES`` of ``valence_name``; -1 where there is none."""
    name = valence_name(tokens)
    return VALENCES.index(name) if name else -1


def by_criteria(stats: Stats) -> Stats:
    """Counts of the same real clips under the labels of the criteria.

    Half of what is drawn for a label are real combinations, as often as among all clips of a data
    set; half are those that the criteria name, for smiles are rare in CAS(ME)³.
    """
    emotions = [label for label in LABELS if label != "none"]
    real: dict[str, dict[str, float]] = {label: {} for label in emotions}
    typical: dict[str, dict[str, float]] = {label: {} for label in emotions}
    counted = [stats.combinations.values(), TYPICAL.values()]
    for found, groups in zip((real, typical), counted, strict=True):
        for group in groups:
            for combination, count in group.items():
                shares = found[label_of(combination.split("+"))]
                shares[combination] = shares.get(combination, 0) + count
    return replace(
        stats, combinations={label: _halves(real[label], typical[label]) for label in emotions}
    )


def _halves(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    mixed: dict[str, float] = {}
    for part in filter(None, (one, other)):
        total = sum(part.values())
        for combination, count in part.items():
            mixed[combination] = mixed.get(combination, 0.0) + count / total
    return mixed
