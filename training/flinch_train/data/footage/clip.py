"""Video files as planes, read as they are and written without loss.

What is left alone stays the same to the bit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

import av
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]  # brightness (H, W), then two of colour (H / 2, W / 2)

_FORMATS = ("yuv420p", "yuvj420p")


@dataclass(frozen=True)
class Picture:
    """A frame of a file. ``pts`` in units of the stream's time base; ``ms`` from the first."""

    planes: Planes
    pts: int
    ms: float
    _frame: av.VideoFrame

    def bgr(self) -> NDArray[np.uint8]:
        """(H, W, 3), as OpenCV would decode it."""
        return np.asarray(self._frame.to_ndarray(format="bgr24"), np.uint8)


def pictures(path: Path) -> Iterator[Picture]:
    """All frames of a video, in order.

    Raises:
        SystemExit: its pixels are of another kind than 4:2:0.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        base = stream.time_base or Fraction(1, 1000)
        first: int | None = None
        for frame in container.decode(stream):
            if frame.format.name not in _FORMATS:
                raise SystemExit(f"{path}: pixels are {frame.format.name}; {_FORMATS[0]} is wanted")
            pts = frame.pts or 0
            first = pts if first is None else first
            yield Picture(_planes(frame), pts, float((pts - first) * base * 1000), frame)


def _planes(frame: av.VideoFrame) -> Planes:
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        found.append(rows[:, : plane.width])
    return found[0], found[1], found[2]


class LosslessWriter:
    """An MP4 of H.264 at quantiser 0, with the times and colours of another video."""

    def __init__(self, out: Path, like: Path) -> None:
        self._out = av.open(str(out), "w", format="mp4")
        with av.open(str(like)) as container:
            source = container.streams.video[0]
            context = source.codec_context
            self._base: Fraction = source.time_base or Fraction(1, 90_000)
            rate = source.average_rate or Fraction(25)
            # lossless is of the High 4:4:4 profile, which decoders know; no frame waits for a later
            options = {"qp": "0", "preset": "ultrafast", "tune": "zerolatency", "threads": "1"}
            stream = self._out.add_stream("libx264", rate=rate, options=options)
            stream.width, stream.height = context.width, context.height
            stream.pix_fmt = "yuv420p"
            # else times are rounded to the mean rate, and two frames may come to have one time
            stream.codec_context.time_base = stream.time_base = self._base
            for what in ("color_range", "colorspace", "color_primaries", "color_trc"):
                setattr(stream.codec_context, what, getattr(context, what))
        self._stream = stream
        self._last: int | None = None

    def __enter__(self) -> "LosslessWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._out.mux(self._stream.encode(None))
        self._out.close()

    def write(self, planes: Planes, pts: int) -> None:
        """The next frame; one that claims the time of the frame before comes a tick later."""
        pts = pts if self._last is None else max(pts, self._last + 1)
        self._last = pts
        height, width = planes[0].shape
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane, source in zip(frame.planes, planes, strict=True):
            rows = np.zeros((plane.height, plane.line_size), np.uint8)
            rows[:, : plane.width] = source
            plane.update(rows.tobytes())
        frame.pts, frame.time_base = pts, self._base
        self._out.mux(self._stream.encode(frame))
