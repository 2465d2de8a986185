"""What the spotter hands over of a stream: the twin of ``src/spotting/learned-spotter.ts``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from flinch_train.spotting.decode import decode
from flinch_train.spotting.features import DISPLACEMENTS, STEP_MS, WINDOW, on_grid
from flinch_train.spotting.marks import Marks, put

SHORTEST_MS, LONGEST_MS = 65.0, 500.0  # the defaults of spotting.minMs and maxMs
LENGTH_TOLERANCE = 1.4  # the ends of a slow movement drown in noise


@dataclass(frozen=True)
class HandedOver:
    """A candidate; probability: the spotter's; told: ms, when it had settled."""

    marks: Marks
    probability: float
    told: float


def session(models: Path) -> ort.InferenceSession:
    """The spotter's graph on one thread."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(str(models / "spotter.onnx"), options)


def handed_over(
    graph: ort.InferenceSession,
    times: NDArray[np.float64],
    samples: NDArray[np.floating],
    threshold: float,
) -> Iterator[HandedOver]:
    """Candidates of one face: times (T,) ms, samples (T, V); threshold: least probability."""
    steps, values, noise = on_grid(times, samples)
    # A face that was away begins anew: a window lies within one stay.
    whole = [
        end
        for end in range(WINDOW - 1, len(steps))
        if steps[end] - steps[end - WINDOW + 1] < WINDOW * STEP_MS
    ]
    said = [
        graph.run(
            None,
            {
                "window": values[end - WINDOW + 1 : end + 1].T[None].astype(np.float32),
                "noise": noise[end][None].astype(np.float32),
            },
        )
        for end in whole
    ]
    if not said:
        return
    probability = np.array([float(p[0]) for p, _ in said])
    ages = np.array([a[0] for _, a in said], np.float64)
    asked = steps[whole]
    displacement = samples[:, :DISPLACEMENTS].astype(np.float64)
    for found in decode(asked, probability, ages, threshold):
        seen = int(np.searchsorted(times, found.told)) + 1  # the sample that completed that step
        loud = noise[whole[int(np.searchsorted(asked, found.told))]]
        rough = Marks(found.onset, found.apex, found.offset)
        marks = put(rough, times[:seen], displacement[:seen], loud)
        length = marks.offset - marks.onset
        if SHORTEST_MS <= length <= LENGTH_TOLERANCE * LONGEST_MS:
            yield HandedOver(marks, found.probability, found.told)
