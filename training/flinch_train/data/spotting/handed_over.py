"""What the spotter hands over of a stream: the twin of ``src/spotting/learned-spotter.ts``."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from flinch_train.data.spotting.decode import Found, decode
from flinch_train.data.spotting.features import DISPLACEMENTS, STEP_MS, Reals, on_grid, stay_of
from flinch_train.data.spotting.marks import put
from flinch_train.data.spotting.timing import DELAY_MS, LOOK_BACK, READY, STRIDE, WINDOW

SHORTEST_MS, LONGEST_MS = 65.0, 500.0  # the defaults of spotting.minMs and maxMs
LENGTH_TOLERANCE = 1.4  # the ends of a slow movement drown in noise
TOLD_MS = 80.0  # for about so long the network tells of an offset, after its delay
HELD_STEPS = round((DELAY_MS + TOLD_MS) / STEP_MS)  # for which a stay is held at its end


class StepOutputs(NamedTuple):
    """What the graph says at S steps: times (S,) ms, probability (S,), ages (S, 3) ms, and the
    noise (S, R) of the regions then."""

    times: Reals
    probability: Reals
    ages: Reals
    noise: Reals


def ask(graph: ort.InferenceSession, times: Reals, samples: NDArray[np.floating]) -> StepOutputs:
    """At every second step of the grid, once a face is in view for ``READY``.

    times (T,) ms, samples (T, V). Each stay of the face is held for ``DELAY_MS`` at its end, so
    that an expression that ends with it is told.
    """
    steps, values, noise = on_grid(times, samples)
    parts = [_ask(graph, *stay) for stay in _stays(steps, values, noise)]
    return StepOutputs(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _stays(steps: Reals, values: Reals, noise: Reals) -> Iterator[tuple[Reals, Reals, Reals]]:
    begun = stay_of(steps)
    for first in np.unique(begun):
        stay = begun == first
        yield steps[stay], values[stay], noise[stay]


def _ask(graph: ort.InferenceSession, steps: Reals, values: Reals, noise: Reals) -> StepOutputs:
    held = HELD_STEPS
    there = np.concatenate([np.zeros(LOOK_BACK), np.ones(len(steps) + held)]).astype(np.float32)
    whole = np.concatenate(
        [values[:1].repeat(LOOK_BACK, 0), values, values[-1:].repeat(held, 0)]
    ).astype(np.float32)
    ends = np.arange(READY + READY % STRIDE, len(steps) + held, STRIDE)
    probability, ages = np.zeros(len(ends)), np.zeros((len(ends), 3))
    for row, end in enumerate(ends):
        told = {
            "window": whole[end : end + WINDOW].T[None],
            "seen": there[end : end + WINDOW][None],
        }
        probability[row : row + 1], ages[row : row + 1] = graph.run(None, told)
    at = np.minimum(ends, len(steps) - 1)
    return StepOutputs(steps[0] + STEP_MS * ends, probability, ages, noise[at])


def handed_over(
    graph: ort.InferenceSession, times: Reals, samples: NDArray[np.floating], threshold: float
) -> Iterator[Found]:  # fmt: skip
    """Candidates of one face, by their final marks: times (T,) ms, samples (T, V); threshold: least
    probability."""
    outputs = ask(graph, times, samples)
    displacement = samples[:, :DISPLACEMENTS].astype(np.float64)
    for rough in decode(outputs.times, outputs.probability, outputs.ages, threshold):
        seen = int(np.searchsorted(times, rough.told)) + 1  # the sample that completed that step
        noise = outputs.noise[int(np.searchsorted(outputs.times, rough.told))]
        found = put(rough, times[:seen], displacement[:seen], noise)
        if SHORTEST_MS <= found.offset - found.onset <= LENGTH_TOLERANCE * LONGEST_MS:
            yield found
