"""Streams of real people to learn from: what the daemon measured of the footage for learning.

`real-measure` leaves the signals of every video as it is and with known expressions warped in. The
difference of both is the motion of the expression alone.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.footage.footage import Video
from flinch_train.data.footage.measure import PLAIN, WARPED
from flinch_train.data.footage.seen import seen_in
from flinch_train.data.footage.split import Split
from flinch_train.data.spotting.reel import Reel
from flinch_train.data.spotting.signals import longest_track
from flinch_train.train.spotter.graft import Graft, grafts_of
from flinch_train.train.spotter.stream import Stream, streams_of

Reals = NDArray[np.float64]


@dataclass(frozen=True)
class RealStreams:
    """Of some videos: streams as they are, streams with expressions, and the expressions alone."""

    videos: list[Video]
    plain: list[Stream]
    warped: list[Stream]
    grafts: list[Graft]

    @property
    def minutes(self) -> float:
        """Of footage."""
        return sum(video.seconds for video in self.videos) / 60


def load_real(run: Path, videos: list[Video], split: Split) -> RealStreams:
    """What a run of `real-measure` holds of some videos.

    Raises:
        SystemExit: a video has not been watched.
    """
    plain = {seen.video.name: seen for seen in seen_in(run, PLAIN, videos, split)}
    found = RealStreams(videos, [], [], [])
    own: dict[str, list[Stream]] = {}
    for name, seen in plain.items():
        own[name] = list(_streams(seen.folder, [], str(seen.person)))
        found.plain.extend(own[name])
    for folder in sorted(run.glob(f"{WARPED}-*")):
        # Not every video needs every seed: each that was watched is worth learning from.
        watched = [video for video in videos if (folder / video.name / "summary.json").is_file()]
        for seen in seen_in(run, folder.name, watched, split):
            events = [(t.onset, t.apex, t.offset) for t in seen.truths]
            for stream in _streams(seen.folder, events, str(seen.person)):
                found.warped.append(stream)
                same = [p for p in own[seen.video.name] if _beside(p, stream)]
                for before in same[:1]:
                    found.grafts.extend(grafts_of(stream, before))
    return found


def _streams(folder: Path, events: list[tuple[float, float, float]], person: str) -> list[Stream]:
    """Of the face that was followed for longest: whom else a video shows is nobody's stream."""
    found = longest_track(folder / "signals.ndjson")
    if found is None:
        return []
    times, samples = found
    return list(streams_of(Reel(times, samples, marks_of(events), 0), person))


def marks_of(events: list[tuple[float, float, float]]) -> Reals:
    """(E, 3), also of none."""
    return np.array(events, np.float64).reshape(-1, 3)


def _beside(one: Stream, other: Stream) -> bool:
    """Both are of the same stay: they began at the same frame, and so lie on the same grid."""
    return abs(one.begin_ms - other.begin_ms) < 1
