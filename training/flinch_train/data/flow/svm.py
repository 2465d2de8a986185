"""The floor: a support vector machine with an RBF kernel on the flow itself.

Cortes and Vapnik, "Support-Vector Networks", Machine Learning 20 (1995), as scikit-learn has it.
Nothing here is learned but the machine: every picture loses the median of its u and of its v (the
face as a whole moved, or the scaling to 0…255 put zero elsewhere), each channel is divided by its
standard deviation over the training set, and every training sample comes with its mirrored copy.

Letters in shapes: K pictures.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import SVC

from flinch_train.data.flow.real import mirrored

Floats = NDArray[np.floating]
MOTION = 2  # channels with a sign: u and v; strain has none


def centre(flow: Floats) -> Floats:
    """Flow (K, 3, h, w) → the same with each picture's median taken off its u and its v."""
    centred = flow.copy()
    centred[:, :MOTION] -= np.median(flow[:, :MOTION], axis=(2, 3), keepdims=True)
    return centred


class FlowSvm:
    """Flow (K, 3, 28, 28) of any one scale → classes 0 … classes − 1."""

    def __init__(self, classes: int = 3, cost: float = 1.0) -> None:
        """``cost``: C, of a training sample on the wrong side; less makes a simpler machine."""
        self.classes = classes
        self.scale = np.ones((1, 3, 1, 1))
        # ties broken by the scores: what is predicted is what scores highest
        self.machine = SVC(C=cost, gamma="scale", class_weight="balanced", break_ties=True)

    def fit(self, flow: Floats, labels: NDArray[np.integer]) -> "FlowSvm":
        """Flow (K, 3, 28, 28) and labels (K,); the mirrored copies are made here."""
        centred = centre(np.asarray(flow, np.float64))
        both = np.concatenate([centred, mirrored(centred)])
        self.scale = both.std(axis=(0, 2, 3), keepdims=True)
        self.machine.fit((both / self.scale).reshape(len(both), -1), np.tile(labels, 2))
        return self

    def decision(self, flow: Floats) -> Floats:
        """Flow (K, 3, 28, 28) → scores (K, classes); −inf for a class never seen in training."""
        features = centre(np.asarray(flow, np.float64)) / self.scale
        scores = self.machine.decision_function(features.reshape(len(features), -1))
        if scores.ndim == 1:  # of two classes scikit-learn gives the second one's score alone
            scores = np.stack([-scores, scores], axis=1)
        every = np.full((len(features), self.classes), -np.inf)
        every[:, self.machine.classes_] = scores
        return every

    def predict(self, flow: Floats) -> tuple[NDArray[np.integer], Floats]:
        """Flow (K, 3, 28, 28) → classes (K,) and the scores (K, classes) they come from."""
        scores = self.decision(flow)
        return scores.argmax(axis=1), scores
