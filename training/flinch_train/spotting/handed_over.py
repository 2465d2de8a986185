"""What the spotter hands over of a stream: the twin of ``src/spotting/learned-spotter.ts``."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from flinch_train.spotting.decode import Found, decode
from flinch_train.spotting.features import DISPLACEMENTS, WINDOW, Reals, on_grid, stay_of
from flinch_train.spotting.marks import put

SHORTEST_MS, LONGEST_MS = 65.0, 500.0  # the defaults of spotting.minMs and maxMs
LENGTH_TOLERANCE = 1.4  # the ends of a slow movement drown in noise


class Said(NamedTuple):
    """What the graph says at S steps: times (S,) ms, probability (S,), ages (S, 3) ms, and the
    noise (S, R) that it was told."""

    times: Reals
    probability: Reals
    ages: Reals
    noise: Reals


def ask(graph: ort.InferenceSession, times: Reals, samples: NDArray[np.floating]) -> Said:
    """At every step of the grid behind which a whole window lies: times (T,) ms, samples (T, V)."""
    steps, values, noise = on_grid(times, samples)
    whole = np.flatnonzero(np.arange(len(steps)) - stay_of(steps) >= WINDOW - 1)
    probability, ages = np.zeros(len(whole)), np.zeros((len(whole), 3))
    for row, end in enumerate(whole):
        window = values[end - WINDOW + 1 : end + 1].T[None].astype(np.float32)
        told = {"window": window, "noise": noise[end][None].astype(np.float32)}
        probability[row : row + 1], ages[row : row + 1] = graph.run(None, told)
    return Said(steps[whole], probability, ages, noise[whole])


def handed_over(
    graph: ort.InferenceSession, times: Reals, samples: NDArray[np.floating], threshold: float
) -> Iterator[Found]:  # fmt: skip
    """Candidates of one face, by their final marks: times (T,) ms, samples (T, V); threshold: least
    probability."""
    said = ask(graph, times, samples)
    displacement = samples[:, :DISPLACEMENTS].astype(np.float64)
    for rough in decode(said.times, said.probability, said.ages, threshold):
        seen = int(np.searchsorted(times, rough.told)) + 1  # the sample that completed that step
        noise = said.noise[int(np.searchsorted(said.times, rough.told))]
        found = put(rough, times[:seen], displacement[:seen], noise)
        if SHORTEST_MS <= found.offset - found.onset <= LENGTH_TOLERANCE * LONGEST_MS:
            yield found
