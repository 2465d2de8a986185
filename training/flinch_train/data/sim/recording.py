"""A video file, frame by frame: H.264, the same bytes for the same frames."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np

from flinch_train.data.sim.types import U8

_TICKS = 60_000  # a second, for frames that come when they come


class Recording:
    """Takes frames (height, width, 3) RGB; a context manager that closes its file."""

    def __init__(
        self, path: Path, fps: float, width: int, height: int, crf: int, preset: str = "medium"
    ) -> None:
        options = {"movflags": "+faststart", "fflags": "+bitexact"}
        self._box = av.open(str(path), "w", options=options)
        self._rate = Fraction(fps).limit_denominator(1001)
        stream = self._box.add_stream("libx264", rate=self._rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        # One thread: x264's output must not depend on how the threads were scheduled.
        stream.thread_count = 1
        # No macroblock tree: in x264 165 it lets stale memory into the rate control.
        stream.options = {"crf": str(crf), "preset": preset, "x264-params": "mbtree=0"}
        self._stream = stream
        self.count = 0

    def write(self, picture: U8, time: float | None = None) -> None:
        """The next frame; `time` in ms where frames do not come at an even rate."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        if time is not None:
            frame.pts, frame.time_base = round(time * _TICKS / 1000), Fraction(1, _TICKS)
            self._stream.time_base = frame.time_base
        self._box.mux(self._stream.encode(frame))
        self.count += 1

    def __enter__(self) -> "Recording":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._box.mux(self._stream.encode())
        self._box.close()


def kept(count: int, rng: np.random.Generator) -> Iterable[bool]:
    """Which frames a struggling camera delivers: one in eight is lost, often several at once."""
    lost = 0
    for _ in range(count):
        if lost == 0 and rng.random() < 0.06:
            lost = int(rng.integers(1, 5))
        yield lost == 0
        lost = max(0, lost - 1)
