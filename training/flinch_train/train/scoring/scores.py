"""What stands in metrics.json and what ``evaluate`` prints: the scores of the three heads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit
from sklearn.metrics import average_precision_score, f1_score

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.labels import ACTION_UNITS, LABELS, VALENCES, three_class_view
from flinch_train.model.temperatures import Temperatures
from flinch_train.train.scoring.metrics import (
    Floats,
    Ints,
    binary_calibration_error,
    confusion,
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    softmax,
    uf1_uar,
)
from flinch_train.train.scoring.priors import Shift, as_met


@dataclass(frozen=True)
class Logits:
    """Of K clips: emotion (K, 8), valence (K, 3), units (K, U)."""

    emotion: Floats
    valence: Floats
    units: Floats

    def over(self, temperatures: "Temperatures") -> "Logits":
        """Divided by the temperatures."""
        return Logits(
            self.emotion / temperatures.emotion,
            self.valence / temperatures.valence,
            self.units / temperatures.units,
        )

    def shifted(self, shift: Shift) -> "Logits":
        """The same with so much added."""
        emotion = self.emotion.copy()
        emotion[:, LABELS.index("none")] += shift.none
        return Logits(emotion, self.valence + np.array(shift.valence), self.units)

    def rows(self, chosen: slice | Ints) -> "Logits":
        """Those of some clips."""
        return Logits(self.emotion[chosen], self.valence[chosen], self.units[chosen])


@dataclass(frozen=True)
class Truth:
    """Places in ``LABELS`` (K,) and ``VALENCES`` (K,), and 0 or 1 (K, U); -1 is unknown."""

    emotion: Ints
    valence: Ints
    units: Ints

    @staticmethod
    def of(clip_set: ClipSet, chosen: slice | Ints = slice(None)) -> "Truth":
        """What a clip set knows of some of its clips."""
        return Truth(clip_set.labels[chosen], clip_set.valence[chosen], clip_set.units[chosen])


def fitted_temperatures(logits: Logits, truth: Truth) -> Temperatures:
    """The most likely ones, each on the clips whose truth is known (arXiv 1706.04599)."""
    yes = logits.units.ravel()
    both = np.stack([np.zeros_like(yes), yes], axis=1)  # whose softmax is the sigmoid
    return Temperatures(
        _fit(logits.emotion, truth.emotion, as_met),
        _fit(logits.valence, truth.valence),
        _fit(both, truth.units.ravel()),
    )


def _fit(
    logits: Floats, truth: Ints, weigh: Callable[[Ints], Floats | None] = lambda truth: None
) -> float:
    known = truth >= 0
    if not known.any():
        return 1.0
    return fit_temperature(logits[known], truth[known], weigh(truth[known]))


def report(logits: Logits, truth: Truth) -> dict[str, Any]:
    """Every score of every head, each over the clips whose truth is known; empty where none is."""
    found: dict[str, Any] = {"clips": len(truth.emotion)}
    known = truth.emotion >= 0
    if known.any():
        found["emotion"] = emotions(logits.emotion[known], truth.emotion[known])
    known = truth.valence >= 0
    if known.any():
        summed = three_class_view(softmax(logits.emotion[known]))
        found["valence"] = valences(logits.valence[known], truth.valence[known])
        found["valenceBySum"] = _plain(summed.argmax(axis=1), truth.valence[known])
    if (truth.units >= 0).any():
        found["actionUnits"] = action_units(logits.units, truth.units)
    return found


def _plain(predicted: Ints, truth: Ints) -> dict[str, float]:
    uf1, uar = uf1_uar(confusion(truth, predicted, len(VALENCES)))
    return {"uf1": uf1, "uar": uar}


def emotions(logits: Floats, truth: Ints) -> dict[str, Any]:
    """Of the eight labels."""
    probabilities = softmax(logits)
    matrix = confusion(truth, probabilities.argmax(axis=1), len(LABELS))
    uf1, uar = uf1_uar(matrix)
    none = LABELS.index("none")
    there = [i for i in range(len(LABELS)) if matrix[i].any()]
    return {
        "clips": len(truth),
        "accuracy": float(np.trace(matrix) / max(matrix.sum(), 1)),
        "uf1": uf1,
        "uar": uar,
        "none": {
            "recall": float(matrix[none, none] / max(matrix[none].sum(), 1)),
            "precision": float(matrix[none, none] / max(matrix[:, none].sum(), 1)),
        },
        "recall": {LABELS[i]: float(matrix[i, i] / matrix[i].sum()) for i in there},
        "confusion": {"rows": "truth", "columns": "said", "counts": matrix.tolist()},
        "nll": negative_log_likelihood(logits, truth, as_met(truth)),
        "ece": expected_calibration_error(probabilities, truth, as_met(truth)),
    }


def valences(logits: Floats, truth: Ints) -> dict[str, Any]:
    """Of the three valences, over clips that have one."""
    probabilities = softmax(logits)
    matrix = confusion(truth, probabilities.argmax(axis=1), len(VALENCES))
    uf1, uar = uf1_uar(matrix)
    return {
        "clips": len(truth),
        "classes": list(VALENCES),
        "uf1": uf1,
        "uar": uar,
        "confusion": {"rows": "truth", "columns": "said", "counts": matrix.tolist()},
        "ece": expected_calibration_error(probabilities, truth),
    }


def action_units(logits: Floats, truth: Ints) -> dict[str, Any]:
    """F1 at a probability of one half and average precision of each unit that occurs."""
    each = {}
    for column, unit in enumerate(ACTION_UNITS):
        known = truth[:, column] >= 0
        wanted, predicted = truth[known, column], logits[known, column]
        if wanted.any():
            each[f"AU{unit}"] = {
                "clips": int(wanted.sum()),
                "f1": float(f1_score(wanted, predicted > 0, zero_division=0)),
                "averagePrecision": float(average_precision_score(wanted, predicted)),
            }
    known = truth >= 0
    return {
        "clips": int(known.all(axis=1).sum()),
        "f1": float(np.mean([unit["f1"] for unit in each.values()])),
        "averagePrecision": float(np.mean([unit["averagePrecision"] for unit in each.values()])),
        "ece": binary_calibration_error(expit(logits[known]), truth[known]),
        "units": each,
    }


def render(found: dict[str, Any], raw: dict[str, Any], what: str) -> str:
    """The reports after and before calibration as a person reads them."""
    lines = [f"{what}: {found['clips']}"]
    if emotion := found.get("emotion"):
        none = emotion["none"]
        lines += [
            f"emotion: UF1 {emotion['uf1']:.3f}, UAR {emotion['uar']:.3f}, accuracy "
            f"{emotion['accuracy']:.3f}, ECE {raw['emotion']['ece']:.3f} before calibration, "
            f"{emotion['ece']:.3f} after",
            f"none: recall {none['recall']:.3f}, precision {none['precision']:.3f}",
        ]
    if valence := found.get("valence"):
        lines += [
            f"valence ({valence['clips']} clips): UF1 {valence['uf1']:.3f}, UAR "
            f"{valence['uar']:.3f}, ECE {raw['valence']['ece']:.3f} before, {valence['ece']:.3f} "
            f"after; by summing emotions UF1 {found['valenceBySum']['uf1']:.3f}"
        ]
    if units := found.get("actionUnits"):
        lines += [
            f"action units ({units['clips']} clips): mean F1 {units['f1']:.3f}, mean average "
            f"precision {units['averagePrecision']:.3f}, ECE {raw['actionUnits']['ece']:.3f} "
            f"before, {units['ece']:.3f} after",
            "  " + ", ".join(f"{name} {unit['f1']:.2f}" for name, unit in units["units"].items()),
        ]
    for part, names in (("emotion", LABELS), ("valence", VALENCES)):
        if part in found:
            lines += ["", *_table(found[part]["confusion"]["counts"], names)]
    return "\n".join(lines)


def _table(counts: list[list[int]], names: tuple[str, ...]) -> list[str]:
    head = "truth \\ said".ljust(14) + "".join(name.rjust(9) for name in names) + "   recall"
    return [head] + [
        name.ljust(14)
        + "".join(str(count).rjust(9) for count in row)
        + f"{row[place] / max(sum(row), 1):9.2f}"
        for place, (name, row) in enumerate(zip(names, counts, strict=True))
    ]
