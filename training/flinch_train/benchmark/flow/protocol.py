"""Leave one subject out, pooled: every clip is scored by a model that never saw its person.

Classifications of all test subjects are put together before UF1 and UAR are computed (MEGC 2019).
The last epoch counts. What the best epoch of each test subject would have claimed is kept beside
it, so that the inflation of that habit is seen (Varanka et al., arXiv 2211.11425); it is never the
result.
"""

import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import torch
from numpy.typing import NDArray

from flinch_train.data.flow.real import RealFlow
from flinch_train.data.labels import VALENCES
from flinch_train.train.scoring.metrics import confusion, uf1_uar

Rows = NDArray[np.int64]
# Rows to learn from, rows to judge → scores of those (E, T, 3), one plane an epoch. Folds go to
# other processes, so they are objects that can be pickled.
Fold = Callable[[Rows, Rows], NDArray[np.float64]]


@dataclass(frozen=True)
class Classifications:
    """scores (E, K, 3): of every clip after each epoch, by the model that never saw its person."""

    scores: NDArray[np.float64]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """(E, K): the class that scores highest."""
        return self.scores.argmax(axis=2)

    def score(self, real: RealFlow, chosen: Rows | NDArray[np.bool_] | None = None) -> tuple:
        """Pooled UF1 and UAR at the last epoch, over all clips or some."""
        rows = np.arange(len(real.valence)) if chosen is None else chosen
        return uf1_uar(confusion(real.valence[rows], self.predicted[-1][rows], len(VALENCES)))

    def inflated(self, real: RealFlow) -> tuple[float, float]:
        """What picking every test subject's best epoch, by its own labels, would have claimed."""
        best = self.predicted[-1].copy()
        for subject in range(len(real.subjects)):
            rows = np.flatnonzero(real.subject == subject)
            right = (self.predicted[:, rows] == real.valence[rows]).sum(axis=1)
            best[rows] = self.predicted[int(right.argmax())][rows]
        return uf1_uar(confusion(real.valence, best, len(VALENCES)))


def looked_at(subject: str) -> bool:
    """Whether a subject's labels were looked at when it was chosen how motion is simulated.

    They were those of 24 of the 56 subjects of MEGC's open flow (local gain, smooth noise, and what
    did not help). The others had no say in anything but what was trained on them in a fold.
    """
    return zlib.crc32(subject.encode()) // 7 % 2 == 0


def folds(real: RealFlow) -> Iterator[tuple[Rows, Rows]]:
    """One a subject: rows to learn from, rows to judge."""
    for subject in range(len(real.subjects)):
        held = real.subject == subject
        yield np.flatnonzero(~held), np.flatnonzero(held)


def leave_one_subject_out(real: RealFlow, fold: Fold, workers: int = 1) -> Classifications:
    """Every fold, each on one thread of one process, put together. Order does not matter."""
    parts = list(folds(real))
    with ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    ) as executor:
        found = list(executor.map(fold, *zip(*parts, strict=True)))
    pooled = np.full((len(found[0]), len(real.valence), len(VALENCES)), np.nan)
    for (_, test), scores in zip(parts, found, strict=True):
        pooled[:, test] = scores
    if np.isnan(pooled).any():
        raise ValueError("a clip was judged in no fold")
    return Classifications(pooled)
