"""Scores over pooled test clips, and the calibration of probabilities: the formulas."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def softmax(logits: Floats) -> Floats:
    """Rows (K, C) → probabilities."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def confusion(truth: Ints, predicted: Ints, classes: int) -> Ints:
    """(C, C) counts: row = truth, column = prediction."""
    return np.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes)


def uf1_uar(matrix: Ints) -> tuple[float, float]:
    """Unweighted F1 and unweighted average recall of a confusion matrix (MEGC 2019).

    Averaged over the classes that occur; one that does not has neither.
    """
    hit, truth, predicted = np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0)
    f1, recall = 2 * hit / np.maximum(truth + predicted, 1), hit / np.maximum(truth, 1)
    there = truth > 0
    return (float(f1[there].mean()), float(recall[there].mean())) if there.any() else (0.0, 0.0)


def expected_calibration_error(
    probabilities: Floats, truth: Ints, weight: Floats | None = None, bins: int = 15
) -> float:
    """Gap between confidence and accuracy over equal bins (Guo et al., arXiv 1706.04599).

    ``weight`` (K,): how much each clip counts; without, all the same.
    """
    right = probabilities.argmax(axis=1) == truth
    return _gap(probabilities.max(axis=1), right, bins, weight)


def binary_calibration_error(probability: Floats, truth: Ints, bins: int = 15) -> float:
    """The same of yes-or-no statements: gap between the probability of yes and its share."""
    return _gap(probability, truth == 1, bins)


def _gap(
    confidence: Floats, right: NDArray[np.bool_], bins: int, weight: Floats | None = None
) -> float:
    weight = np.ones(len(right)) if weight is None else weight
    bucket = np.minimum((confidence * bins).astype(int), bins - 1)
    over = np.bincount(bucket, weight * (confidence - right), bins)
    return float(np.abs(over).sum() / weight.sum())


def negative_log_likelihood(logits: Floats, truth: Ints, weight: Floats | None = None) -> float:
    """Mean cross-entropy."""
    chosen = softmax(logits)[np.arange(len(truth)), truth]
    return float(np.average(-np.log(np.maximum(chosen, 1e-12)), weights=weight))


def fit_temperature(logits: Floats, truth: Ints, weight: Floats | None = None) -> float:
    """The T that makes softmax(logits / T) most likely (Guo et al., arXiv 1706.04599)."""
    found = minimize_scalar(
        lambda log_t: negative_log_likelihood(logits / np.exp(log_t), truth, weight),
        bounds=(np.log(0.2), np.log(5.0)),
        method="bounded",
    )
    return float(np.exp(found.x))
