"""Clips of real faces for HSTA to learn from: expressions, and what only looks like one.

`python -m flinch_train real-clips --footage DIR --run RUN --head HEAD.npz --out CLIPS` takes the
people for learning. "None" is what the spotter would hand over on the footage as it is (RUN/plain)
with a threshold as low as `--threshold`, for of people whom it has learned from it raises little;
and stretches between, some of them with an expression that is held, goes and stays away, or only
blurs the skin. Expressions are known ones, warped into stretches of the same footage, marked as
well as the spotter marks. Without `--research`, only videos whose licence lets a free model learn.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tqdm import tqdm

from flinch_train.data import manifest
from flinch_train.data.clips.moved_faces import warped
from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.datasets.face import FaceFinder, Picture, warp
from flinch_train.data.footage.clip import pictures
from flinch_train.data.footage.expressions import EMOTIONS, Expression, Expressions
from flinch_train.data.footage.fields import F32, of_units
from flinch_train.data.footage.footage import Video, load
from flinch_train.data.footage.head_fit import HeadFitter, Reals
from flinch_train.data.footage.measure import PLAIN
from flinch_train.data.footage.seen import Seen, Span, seen_in
from flinch_train.data.footage.settings import RunSettings
from flinch_train.data.footage.sources import learned_from, licence_of
from flinch_train.data.footage.split import Split
from flinch_train.data.footage.warped_video import TURNED
from flinch_train.data.labels import LABELS, UNITS_UNKNOWN, unit_row
from flinch_train.data.sim.camera import align
from flinch_train.data.sim.criteria import valence_place
from flinch_train.data.sim.head import Head
from flinch_train.data.spotting.handed_over import handed_over
from flinch_train.data.spotting.region_motion import session
from flinch_train.data.spotting.signals import longest_track
from flinch_train.settings import read

SIZE, FRAMES = 112, 6
PER_PERSON_S = 120.0  # of a person's footage, no more counts
SHORTEST_S = 1.0
LENGTHS_MS = (180.0, 560.0)  # of stretches between
SLIP = (0.06, 0.05, 0.06)  # of its length, by which a mark is off: onset, apex, offset
ALTERED = 0.35  # share of what is none that gets an expression which does not come and go
NO_MOVE = (0.4, 0.7)  # of those: up to here it is held, up to here it blurs, else it stays away
FARTHER = (1.0, 2.2)  # what stays away is reached so much sooner


@dataclass(frozen=True)
class Wanted:
    """A clip to make: its marks, and the expression that is warped in. none: it is to be none."""

    span: Span
    expression: Expression | None
    none: bool

    @property
    def times(self) -> NDArray[np.float64]:
        """(FRAMES + 2,) ms: evenly from onset to offset, then onset and apex."""
        span = self.span
        even = np.linspace(span.onset, span.offset, FRAMES)
        return np.array([*even, span.onset, span.apex])


@dataclass(frozen=True)
class RealClip:
    """frames (8, S, S, 3) RGB, the last two onset and apex; label, valence and units."""

    frames: NDArray[np.uint8]
    label: int
    valence: int
    units: list[int]


def likely(seen: Seen, graph: ort.InferenceSession, threshold: float) -> list[Span]:
    """What the spotter would hand over of a video, had it been content with this probability."""
    found = longest_track(seen.folder / "signals.ndjson")
    if found is None:
        return []
    times, samples = found
    told = handed_over(graph, times, samples, threshold)
    return [Span(one.onset, one.apex, one.offset) for one in told]


def wanted_of(
    seen: Seen, told: Sequence[Span], expressions: Expressions, rates: tuple[float, float],
    rng: np.random.Generator,
) -> list[Wanted]:  # fmt: skip
    """What to cut of a video; told: what is likely; rates: expressions and others, a minute."""
    seconds = seen.video.seconds
    if seconds < SHORTEST_S:
        return []
    last_ms = seconds * 1000 - 100
    found = []
    positives, negatives = (int(rng.poisson(rate * seconds / 60)) for rate in rates)
    for _ in range(positives):
        found.append(_expression(expressions, last_ms, rng))
    chosen = rng.permutation(len(told))[: round(0.65 * negatives)]
    others = [told[k] for k in chosen]
    others += [_between(last_ms, rng) for _ in range(negatives - len(others))]
    for span in others:
        drawn = _drawn(expressions, span.onset, rng) if rng.random() < ALTERED else None
        found.append(Wanted(span, drawn, none=True))
    return found


def _drawn(expressions: Expressions, onset: float, rng: np.random.Generator) -> Expression:
    return expressions.draw(str(rng.choice(EMOTIONS)), onset, rng)


def _expression(expressions: Expressions, last_ms: float, rng: np.random.Generator) -> Wanted:
    drawn = _drawn(expressions, float(rng.uniform(50, max(51.0, last_ms - 600))), rng)
    move = drawn.move
    slips = rng.normal(0, SLIP) * (move.offset - move.onset)
    onset, apex, offset = np.array([move.onset, move.apex, move.offset]) + slips
    if not onset + 40 < apex < offset - 40:
        onset, apex, offset = move.onset, move.apex, move.offset
    return Wanted(Span(float(onset), float(apex), float(offset)), drawn, none=False)


def _between(last_ms: float, rng: np.random.Generator) -> Span:
    length = float(rng.uniform(*LENGTHS_MS))
    onset = float(rng.uniform(20, max(21.0, last_ms - length)))
    return Span(onset, onset + length * float(rng.uniform(0.35, 0.65)), onset + length)


class ClipMaker:
    """Cuts and warps."""

    def __init__(self, head: Head, models: Path) -> None:
        self._finder, self._fitter = FaceFinder(models), HeadFitter(head)

    def make(
        self, shown: list[Picture], wanted: Wanted, rng: np.random.Generator
    ) -> RealClip | None:
        """Of the pictures nearest to ``wanted.times``; None where no face shows enough of it."""
        meshes = [mesh for mesh in self._finder.follow(shown) if mesh is not None]
        if len(meshes) < len(shown):
            return None
        # as EyeCropper: one crop a clip
        to_crop = align(np.mean([mesh.eyes for mesh in meshes], axis=0).astype(np.float32), SIZE)
        crops = [warp(picture, to_crop, SIZE) for picture in shown]
        drawn = wanted.expression
        if drawn is not None:
            onset = meshes[-2].points @ to_crop[:, :2].T + to_crop[:, 2]
            moved = self._field(onset, drawn)
            if moved is None:
                return None
            if wanted.none:
                crops = _no_expression(crops, moved, wanted, rng)
            else:
                levels = [drawn.move.level(time) for time in wanted.times]
                crops = [warped(c, moved, k) for c, k in zip(crops, levels, strict=True)]
        frames = np.ascontiguousarray(np.stack(crops)[..., ::-1])
        if wanted.none or drawn is None or drawn.emotion is None:
            return RealClip(frames, LABELS.index("none"), -1, UNITS_UNKNOWN)
        units = drawn.move.units
        return RealClip(frames, LABELS.index(drawn.emotion), valence_place(units), unit_row(units))

    def _field(self, mesh: Reals, drawn: Expression) -> F32 | None:
        """(S, S, 2) pixels by which the skin of these landmarks (468, 2) goes at the apex."""
        fitted = self._fitter.fit(mesh)
        if fitted.turn > TURNED:
            return None
        field = of_units(self._fitter.head, fitted, mesh, drawn.move.weights)
        at = field.at(np.eye(2, 3), SIZE, SIZE, drawn.amplitude * field.eyes) if field else None
        if at is None:
            return None
        moved, box = at
        whole = np.zeros((SIZE, SIZE, 2), np.float32)
        whole[box.top : box.top + box.height, box.left : box.left + box.width] = moved
        return whole


def _no_expression(
    crops: list[Picture], moved: F32, wanted: Wanted, rng: np.random.Generator
) -> list[Picture]:
    """Crops in which the expression is held, only blurs the skin, or goes and stays away."""
    times, span, kind = wanted.times, wanted.span, rng.random()
    if kind < NO_MOVE[0]:
        return [warped(crop, moved, 1.0) for crop in crops]
    if kind < NO_MOVE[1]:
        near = np.clip(1 - 2 * np.abs(times - span.apex) / (span.offset - span.onset), 0, 1)
        return [
            warped(warped(c, moved, k), moved, -k)
            for c, k in zip(crops, near.tolist(), strict=True)
        ]
    gone = (times - span.onset) / (span.offset - span.onset) * rng.uniform(*FARTHER)
    levels = np.clip(gone, 0, 1)
    levels = levels if rng.random() < 0.6 else 1 - levels  # or it begins away and comes back
    return [warped(c, moved, k) for c, k in zip(crops, levels.tolist(), strict=True)]


def clips_of(
    seen: Seen, maker: ClipMaker, wanted: list[Wanted], rng: np.random.Generator
) -> Iterator[RealClip]:
    """All clips of a video, which is read once: each as soon as its last picture has come."""
    todo = sorted(wanted, key=lambda one: one.times.max())
    held: list[tuple[float, Picture]] = []
    for picture in pictures(seen.video.path):
        held.append((picture.ms, picture.bgr()))
        while todo and picture.ms >= todo[0].times.max() + 20:
            clip = maker.make(_nearest(held, todo[0]), todo.pop(0), rng)
            if clip is not None:
                yield clip
        earliest = min((one.times.min() for one in todo), default=picture.ms)
        held = [kept for kept in held if kept[0] >= earliest - 60]


def _nearest(held: list[tuple[float, Picture]], wanted: Wanted) -> list[Picture]:
    there = np.array([ms for ms, _ in held])
    return [held[int(np.abs(there - time).argmin())][1] for time in wanted.times]


@dataclass(frozen=True)
class _Job:
    seen: Seen
    rates: tuple[float, float]
    seed: int


_maker: ClipMaker
_expressions: Expressions
_spotter: tuple[ort.InferenceSession, float]  # and its threshold


def _open(head: Path, models: Path, threshold: float) -> None:
    global _maker, _expressions, _spotter
    cv2.setNumThreads(1)
    loaded = Head.load(head)
    _maker, _expressions = ClipMaker(loaded, models), Expressions(loaded)
    entry = manifest.load(models)["models"]["spotter"]
    _spotter = session(models, entry["file"]), threshold


def _work(job: _Job) -> tuple[int, list[RealClip]]:
    rng = np.random.default_rng([job.seed, int(job.seen.video.sha256[:16], 16)])
    wanted = wanted_of(job.seen, likely(job.seen, *_spotter), _expressions, job.rates, rng)
    return job.seen.person, list(clips_of(job.seen, _maker, wanted, rng))


def jobs(
    run: Path, videos: list[Video], split: Split, rates: tuple[float, float], seed: int
) -> list[_Job]:
    """One a video; people who were filmed for longer than ``PER_PERSON_S`` give less a minute."""
    seconds: dict[int, float] = {}
    for video in videos:
        person = split.of(video.sha256).person
        seconds[person] = seconds.get(person, 0.0) + video.seconds
    found = []
    for seen in seen_in(run, PLAIN, videos, split):
        share = min(1.0, PER_PERSON_S / seconds[seen.person])
        found.append(_Job(seen, (rates[0] * share, rates[1] * share), seed))
    return found


@dataclass(frozen=True, kw_only=True)
class Settings(RunSettings):
    """What the command takes."""

    head: Path  # the morphable head, .npz
    out: Path  # folder to write
    expressions: float = 180.0  # a minute of footage
    others: float = 220.0  # a minute of footage
    threshold: float = 0.05  # of the spotter
    research: bool = False  # take all of the footage
    seed: int = 0
    workers: int = 2


def main(argv: list[str]) -> int:
    """Write a clip set; the exit status."""
    args = read(Settings, "real-clips", __doc__, argv)
    split = Split.load()
    videos = learned_from(load(args.footage), split, free=not args.research)
    rates = (args.expressions, args.others)
    todo = jobs(args.run, videos, split, rates, args.seed)
    minutes = sum(video.seconds for video in videos) / 60
    capacity = round(1.3 * minutes * sum(rates)) + 100
    writer = ClipSetWriter(args.out, capacity, FRAMES, SIZE)
    opening = (args.head, args.models, args.threshold)
    with ProcessPoolExecutor(args.workers, get_context("spawn"), _open, opening) as executor:
        done = tqdm(executor.map(_work, todo), total=len(todo), disable=None)
        for person, clips in done:
            for clip in clips:
                frames, special = clip.frames[:FRAMES], clip.frames[FRAMES:]
                writer.add(frames, special, clip.label, clip.valence, clip.units, person)
    people = len({job.seen.person for job in todo})
    writer.close(
        {
            "source": "filmed",
            "research": args.research,
            "people": people,
            "minutes": round(minutes, 1),
            "seed": args.seed,
            "realSources": sorted({" (".join(licence_of(video)) + ")" for video in videos}),
            "realVideo": sorted(video.sha256 for video in videos),
        }
    )
    print(f"{writer.count} clips of {people} people")
    return 0
