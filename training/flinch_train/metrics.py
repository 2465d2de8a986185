"""Scores of a classifier over pooled test clips, and the calibration of its probabilities."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from flinch_train.labels import LABELS, VALENCE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
THREE = ("negative", "positive", "surprise")


def softmax(logits: Floats) -> Floats:
    """Rows (K, C) → probabilities."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def confusion(truth: Ints, predicted: Ints, classes: int) -> Ints:
    """(C, C) counts: row = truth, column = prediction."""
    return np.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes)


def uf1_uar(matrix: Ints) -> tuple[float, float]:
    """Unweighted F1 and unweighted average recall of a confusion matrix (MEGC 2019)."""
    hit, truth, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    f1 = 2 * hit / np.maximum(truth + predicted, 1)
    return float(f1.mean()), float((hit / np.maximum(truth, 1)).mean())


def expected_calibration_error(probabilities: Floats, truth: Ints, bins: int = 15) -> float:
    """Gap between confidence and accuracy over equal bins (Guo et al., arXiv 1706.04599)."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    bucket = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(float(confidence[bucket == b].mean() - right[bucket == b].mean()))
        * float((bucket == b).mean())
        for b in range(bins)
        if (bucket == b).any()
    ]
    return sum(gaps)


def negative_log_likelihood(logits: Floats, truth: Ints) -> float:
    """Mean cross-entropy."""
    chosen = softmax(logits)[np.arange(len(truth)), truth]
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def fit_temperature(logits: Floats, truth: Ints) -> float:
    """The T that makes softmax(logits / T) most likely (Guo et al., arXiv 1706.04599)."""
    found = minimize_scalar(
        lambda log_t: negative_log_likelihood(logits / np.exp(log_t), truth),
        bounds=(np.log(0.2), np.log(5.0)),
        method="bounded",
    )
    return float(np.exp(found.x))


def three_class_view(probabilities: Floats) -> Floats:
    """(K, 8) → (K, 3): negative, positive and surprise, summed; "others" and "none" left out."""
    columns = [[i for i, name in enumerate(LABELS) if VALENCE[name] == v] for v in THREE]
    return np.stack([probabilities[:, c].sum(axis=1) for c in columns], axis=1)


def report(logits: Floats, truth: Ints) -> dict[str, Any]:
    """Everything that stands in metrics.json about one set of clips."""
    probabilities = softmax(logits)
    predicted = probabilities.argmax(axis=1)
    matrix = confusion(truth, predicted, len(LABELS))
    uf1, uar = uf1_uar(matrix)
    valence = np.array([THREE.index(v) if (v := VALENCE[n]) else -1 for n in LABELS])[truth]
    known = valence >= 0
    three = three_class_view(probabilities).argmax(axis=1)
    matrix3 = confusion(valence[known], three[known], len(THREE))
    uf13, uar3 = uf1_uar(matrix3)
    none = LABELS.index("none")
    return {
        "clips": len(truth),
        "accuracy": float((predicted == truth).mean()),
        "uf1": uf1,
        "uar": uar,
        "threeClass": {"classes": list(THREE), "clips": int(known.sum()), "uf1": uf13, "uar": uar3},
        "none": {
            "recall": float(matrix[none, none] / max(matrix[none].sum(), 1)),
            "precision": float(matrix[none, none] / max(matrix[:, none].sum(), 1)),
        },
        "recall": {n: float(matrix[i, i] / max(matrix[i].sum(), 1)) for i, n in enumerate(LABELS)},
        "confusion": {"rows": "truth", "columns": "predicted", "counts": matrix.tolist()},
        "nll": negative_log_likelihood(logits, truth),
        "ece": expected_calibration_error(probabilities, truth),
    }
