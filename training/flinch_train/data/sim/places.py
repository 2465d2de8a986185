"""Where a head is over time: in its seat, on its way in or out, past somebody else, behind all."""

from dataclasses import dataclass

import numpy as np

from flinch_train.data.sim.types import F32

_OUT = 1.05  # widths from the seat


@dataclass(frozen=True)
class Stop:
    """A place at a time (ms): across in widths of the picture at the seat's distance, further from
    the camera in distances of the seat."""

    time: float
    across: float
    behind: float = 0.0


@dataclass(frozen=True)
class Path:
    """Stops by time; between two the head walks, before the first and after the last it stays.

    seated: whether a seat is kept for this head; passers-by have none.
    """

    stops: tuple[Stop, ...]
    seated: bool = True

    def at(self, time: float) -> tuple[float, float]:
        """across and behind at a moment."""
        times = [stop.time for stop in self.stops]
        share = _eased(time, times)
        across = np.interp(share, times, [stop.across for stop in self.stops])
        return float(across), float(np.interp(share, times, [stop.behind for stop in self.stops]))

    def shift(self, time: float, per_width: float, distance: float) -> F32:
        """(3,) head units away from the seat; per_width: head units that the picture is wide there,
        distance: head units from the camera to the seat."""
        across, behind = self.at(time)
        return np.array((across * per_width * (1 + behind), 0, -behind * distance), np.float32)

    def present(self, time: float) -> bool:
        """False while the head is out of the picture for sure."""
        return abs(self.at(time)[0]) < _OUT

    def moving(self) -> list[tuple[float, float]]:
        """When the head walks, or is away: (from, to) in ms."""
        spans = []
        for here, there in zip(self.stops, self.stops[1:], strict=False):
            if (here.across, here.behind) != (there.across, there.behind) or here.across:
                spans.append((here.time, there.time))
        if self.stops[0].across:
            spans.append((-np.inf, self.stops[0].time))
        if self.stops[-1].across:
            spans.append((self.stops[-1].time, np.inf))
        return spans


def _eased(time: float, times: list[float]) -> float:
    """Time, slowed down near every stop: nobody starts to walk at full speed."""
    n = int(np.searchsorted(times, time)) - 1
    if n < 0 or n >= len(times) - 1:
        return time
    part = (time - times[n]) / (times[n + 1] - times[n])
    return times[n] + (times[n + 1] - times[n]) * float(part * part * (3 - 2 * part))


STILL = Path((Stop(0.0, 0.0),))


def enters(time: float, side: int) -> Path:
    """Comes in from a side (−1 left, 1 right) and sits down at `time`."""
    return Path((Stop(time - 2200, 1.1 * side, 0.25), Stop(time, 0.0)))


def leaves(time: float, side: int) -> Path:
    """Gets up at `time` and goes out at a side."""
    return Path((Stop(time, 0.0), Stop(time + 2200, 1.1 * side, 0.25)))


def passes(time: float, side: int, lasts: float = 3500.0) -> Path:
    """Walks past behind everybody, from a side to the other."""
    return Path((Stop(time, -0.9 * side, 1.1), Stop(time + lasts, 0.9 * side, 1.1)), seated=False)


def steps_behind(time: float, across: float) -> Path:
    """Leaves the seat at `time`, passes behind a neighbour `across` widths away, and comes back."""
    return Path(
        (
            Stop(time, 0.0),
            Stop(time + 700, 0.0, 0.45),
            Stop(time + 2500, across, 0.45),
            Stop(time + 4300, 0.0, 0.45),
            Stop(time + 5000, 0.0),
        )
    )
