"""What the network sees of a face: its motion on an even grid, and how noisy each region is.

The twin of ``src/spotting/grid.ts``. Letters in shapes: T grid steps, V values of a motion sample,
R regions.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.spotting.region_motion import VALUES
from flinch_train.data.spotting.regions import REGIONS

Reals = NDArray[np.float64]

STEP_MS = 20.0
GAP_MS = 250.0  # a face not seen for longer begins anew
LEAST_FPS = 25.0  # samples a second: fewer show too little of a movement
NOISE_STEPS = 250  # how slowly the noise is forgotten: 5 s
REGION_COUNT = len(REGIONS)
DISPLACEMENTS = 2 * REGION_COUNT
# Where in a motion sample's values the changes of the regions lie, and the head's own motion.
CHANGES, HEAD = slice(DISPLACEMENTS, VALUES - 4), slice(VALUES - 4, VALUES)


def mirrored_regions() -> list[int]:
    """Where each region lies in the mirror image."""
    names = [region.name for region in REGIONS]
    return [
        names.index(_mirror(name)) if _mirror(name) in names else i for i, name in enumerate(names)
    ]


def mirrored(values: NDArray[Any]) -> NDArray[Any]:
    """Motion samples (…, V) of the mirror image."""
    order, sign = mirror_order()
    return values[..., order] * sign.astype(values.dtype)


def mirror_order() -> tuple[list[int], NDArray[np.float64]]:
    """Of the mirror image's values: the place (V,) that each comes from, and its sign (V,)."""
    regions = mirrored_regions()
    order = [2 * r + axis for r in regions for axis in (0, 1)]
    order += [DISPLACEMENTS + r for r in regions]
    order += range(VALUES - 4, VALUES)
    sign = np.ones(VALUES)
    sign[:DISPLACEMENTS:2] = -1  # x goes the other way
    sign[[-4, -2]] = -1  # the head's x and its turn
    return order, sign


def _mirror(name: str) -> str:
    if name.endswith("_left"):
        return name.removesuffix("_left") + "_right"
    return name.removesuffix("_right") + "_left"


class Grid:
    """Motion samples at uneven times to an even grid, linearly; and the noise at each step."""

    def __init__(self) -> None:
        self._last: tuple[float, Reals] | None = None
        self._next = 0.0
        self._before: list[Reals] = []  # the last two displacements on the grid
        self._noise = np.zeros(REGION_COUNT)
        self._weight = 0.0

    def push(self, time: float, sample: Reals) -> list[tuple[float, Reals, Reals]]:
        """The steps that this sample completes: time, values (V,), noise (R,)."""
        if self._last is None or time - self._last[0] > GAP_MS:
            self.__init__()  # type: ignore[misc]
            self._last, self._next = (time, sample), time
        before, last = self._last
        steps = []
        while self._next <= time:
            share = 1.0 if time <= before else (self._next - before) / (time - before)
            values = last + share * (sample - last)
            steps.append((self._next, values, self._noisy(values)))
            self._next += STEP_MS
        self._last = time, sample
        return steps

    def _noisy(self, values: Reals) -> Reals:
        """Mean size of the second difference of a region's displacement, forgetting."""
        now = values[:DISPLACEMENTS]
        if len(self._before) == 2:
            bend = (now - 2 * self._before[1] + self._before[0]).reshape(-1, 2)
            size = np.hypot(bend[:, 0], bend[:, 1])
            share = 1 / min(self._weight + 1, NOISE_STEPS)
            self._weight += 1
            self._noise = self._noise + share * (size - self._noise)
        self._before = [*self._before[-1:], now]
        return self._noise


def stay_of(steps: Reals) -> NDArray[np.int64]:
    """(T,): at which step the stay of each began; no window may reach over a gap."""
    jumps = np.flatnonzero(np.diff(steps) > 1.5 * STEP_MS) + 1
    fresh = np.zeros(len(steps), np.int64)
    fresh[jumps] = jumps
    return np.maximum.accumulate(fresh)


def on_grid(times: Reals, samples: NDArray[np.floating]) -> tuple[Reals, Reals, Reals]:
    """A whole stream: times (T,), values (T, V), noise (T, R)."""
    grid = Grid()
    steps = [s for t, v in zip(times, samples, strict=True) for s in grid.push(float(t), v)]
    if not steps:
        return np.zeros(0), np.zeros((0, VALUES)), np.zeros((0, REGION_COUNT))
    found = [np.array(column) for column in zip(*steps, strict=True)]
    return found[0], found[1], found[2]
