"""``flinch_train ceiling``: the best scores that the simulated labels allow.

One combination of action units stands under several emotions in the counts that the simulator draws
from (AU 14 alone under all seven). Somebody who read every action unit without an error, and then
named the likeliest emotion, would score this much; no classifier of these clips can be expected to
do better by looking at what moved.
"""

import json
from dataclasses import dataclass

import numpy as np

from flinch_train.data.labels import LABELS, VALENCE, VALENCES
from flinch_train.data.sim.moments import NONE_SHARE
from flinch_train.data.sim.stats import Stats
from flinch_train.settings import read
from flinch_train.train.scoring.metrics import uf1_uar


def ceiling(none_share: float) -> dict[str, float]:
    """UF1 and UAR of a perfect reader of action units; "none" is told apart without an error."""
    stats = Stats.load()
    emotions = [name for name in LABELS if name != "none"]
    units = sorted({u for name in emotions for u in stats.combinations[name]})
    share = np.array([[stats.combinations[e].get(u, 0) for u in units] for e in emotions], float)
    share /= share.sum(axis=1, keepdims=True)  # every emotion is drawn equally often

    guess = share.argmax(axis=0)
    matrix = np.zeros((len(LABELS), len(LABELS)))
    for column, label in enumerate(guess):
        matrix[:-1, label] += share[:, column] * (1 - none_share) / len(emotions)
    matrix[-1, -1] = none_share
    uf1, uar = _scores(matrix)
    seven_uf1, seven_uar = _scores(matrix[:-1, :-1])

    valence = [VALENCE[name] for name in emotions]
    grouped = np.stack([share[[v == t for v in valence]].sum(axis=0) for t in VALENCES])
    three = np.zeros((len(VALENCES), len(VALENCES)))
    for column, label in enumerate(grouped.argmax(axis=0)):
        three[:, label] += grouped[:, column]
    three_uf1, _ = _scores(three)
    return {
        "uf1": uf1,
        "uar": uar,
        "accuracy": float(np.trace(matrix)),
        "uf1WithoutNone": seven_uf1,
        "uarWithoutNone": seven_uar,
        "threeClassUf1": three_uf1,
    }


def _scores(matrix: np.ndarray) -> tuple[float, float]:
    """UF1 and UAR of a matrix of shares."""
    return uf1_uar(np.rint(matrix * 1e9).astype(np.int64))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """It takes nothing."""


def main(argv: list[str]) -> int:
    """Print them as JSON; the exit status."""
    read(Settings, "ceiling", __doc__, argv)
    print(json.dumps(ceiling(NONE_SHARE), indent=2))
    return 0
