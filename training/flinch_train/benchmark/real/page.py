"""A page over everything that went wrong: events that are none, and expressions that were missed.

`python -m flinch_train real-page --footage DIR --head HEAD.npz --run RUN --out PAGES` writes
PAGES/index.html with a row for every false event of the footage as it is and for every miss of the
first seed: the motion signal around it, the context, where it was lost, and its cause as a person
judged it (``causes.csv``). Each row leads to the report page of `flinch analyze` for that video,
which is made beside it. The pages are about people: keep them as you keep the footage.
"""

import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm import tqdm

from flinch_train.benchmark.real.causes import UNKNOWN, Causes
from flinch_train.benchmark.real.lost import lost_where
from flinch_train.data.footage.footage import load
from flinch_train.data.footage.measure import PLAIN, WARPED
from flinch_train.data.footage.seen import Seen, Signals, Span, match, seen_in
from flinch_train.data.footage.settings import RunSettings
from flinch_train.data.footage.split import Part, Split
from flinch_train.data.footage.warped_video import VideoWarper
from flinch_train.data.sim.head import Head
from flinch_train.settings import read

AROUND_MS = 1500.0
_WIDTH, _HEIGHT = 240, 48  # pixels of a signal's picture


@dataclass(frozen=True)
class Wrong:
    """An event that is none, or an expression that was missed."""

    seen: Seen
    folder: str
    span: Span
    what: str  # for a person
    lost: str  # where; empty for a false event
    context: tuple[str, ...]

    @property
    def page(self) -> str:
        """File name of the video's report."""
        return f"{self.folder}-{self.seen.video.name}.html"


def false_events(plain: Sequence[Seen]) -> Iterator[Wrong]:
    """Of footage as it is: nobody marked an expression in it."""
    for seen in plain:
        for event in seen.events:
            what = f"false event: {event.emotion}, {', '.join(event.regions[:3]) or 'faint'}"
            yield Wrong(seen, PLAIN, event, what, "", event.context)


def misses(warped: Sequence[Seen], plain: Sequence[Seen], folder: str) -> Iterator[Wrong]:
    """Expressions that no event found."""
    still = {seen.video.sha256: seen.signals for seen in plain}
    for seen in warped:
        for t in match(seen.truths, seen.events).missed:
            truth = seen.truths[t]
            units = "+".join(truth.units)
            what = f"missed: {truth.emotion or truth.valence} {units}, {truth.amplitude:.3f}"
            signals = still[seen.video.sha256]
            context = tuple(sorted(signals.context(truth))) if signals else ()
            yield Wrong(seen, folder, truth, what, lost_where(seen, truth), context)


def picture_of(signals: Signals | None, span: Span) -> str:
    """The spotter's word around a span, as SVG: 0 to 1, with the span shaded."""
    if signals is None:
        return ""
    first, last = span.onset - AROUND_MS, span.offset + AROUND_MS
    inside = (signals.told >= first) & (signals.told <= last)

    def x(ms: float) -> float:
        return round((ms - first) / (last - first) * _WIDTH, 1)

    points = " ".join(
        f"{x(ms)},{round((1 - score) * (_HEIGHT - 2) + 1, 1)}"
        for ms, score in zip(signals.told[inside], signals.scores[inside], strict=True)
    )
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="the spotter\'s word">'
        f'<rect x="{x(span.onset)}" width="{x(span.offset) - x(span.onset)}" height="{_HEIGHT}"/>'
        f'<polyline points="{points}"/></svg>'
    )


def rows_of(wrong: Sequence[Wrong], causes: Causes) -> str:
    """Rows of the table."""
    rows = []
    for number, one in enumerate(wrong, 1):
        judged = causes.near(one.seen.video.sha256, one.folder, one.span.apex)
        cells = [
            str(number),
            f'<a href="{escape(one.page)}">{escape(one.seen.video.name)}</a>',
            f"{one.span.onset / 1000:.2f}–{one.span.offset / 1000:.2f} s",
            escape(one.what),
            picture_of(one.seen.signals, one.span),
            escape(", ".join(one.context) or "still"),
            escape(one.lost),
            escape(judged.cause if judged else ""),
            escape(judged.seen if judged else ""),
        ]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return "\n".join(rows)


_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid #ccc; padding: .3rem .6rem; }
td, th { text-align: left; vertical-align: top; }
svg rect { fill: #fde8c8; } svg polyline { fill: none; stroke: #334; }
"""
_HEADING = (
    "No.", "Video", "Onset – offset", "What", "The spotter's word", "Meanwhile", "Lost where",
    "Cause, as judged", "What is to be seen",
)  # fmt: skip


def page_of(wrong: Sequence[Wrong], causes: Causes) -> str:
    """The whole page."""
    heading = "".join(f"<th>{name}</th>" for name in _HEADING)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f"<title>What went wrong</title><style>{_STYLE}</style></head><body>"
        f"<h1>What went wrong</h1><table><thead><tr>{heading}</tr></thead>\n<tbody>"
        f"{rows_of(wrong, causes)}</tbody></table></body></html>\n"
    )


def kinds(wrong: Sequence[Wrong], causes: Causes) -> list[tuple[str, int]]:
    """How often what went wrong, the most frequent first: by what a person saw."""

    def kind(one: Wrong) -> str:
        judged = causes.near(one.seen.video.sha256, one.folder, one.span.apex)
        what = UNKNOWN if judged is None else judged.seen
        return f"{'missed' if one.lost else 'raised wrongly'}: {what}"

    return Counter(map(kind, wrong)).most_common()


def report(one: Wrong, flinch: str, warper: VideoWarper, out: Path) -> None:
    """The report page of `flinch analyze` for a video."""
    with TemporaryDirectory(prefix="flinch-page-") as name:
        video, more = one.seen.video.path, []
        if one.folder != PLAIN:
            video = Path(name) / f"{one.seen.video.name}.mp4"
            warper.write(one.seen.video, int(one.folder.rsplit("-", 1)[1]), video)
            more = ["--truth", str(video.with_suffix(".json"))]
        command = ["node", flinch, "analyze", str(video), "--report", str(out / one.page), *more]
        options = ["--recognition.providers=cpu", "--log.level=error"]
        subprocess.run([*command, *options], check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True, kw_only=True)
class Settings(RunSettings):
    """What the command takes."""

    head: Path  # the morphable head, .npz
    flinch: str = "../dist/main.js"  # the built daemon
    out: Path  # folder of the pages
    parts: tuple[Part, ...] = ("learning",)
    only: str | None = None  # videos whose path holds this
    no_reports: bool = False  # the one page alone


def main(argv: list[str]) -> int:
    """Write the pages; the exit status."""
    args = read(Settings, "real-page", __doc__, argv)
    split, causes, folder = Split.load(), Causes.load(), f"{WARPED}-1"
    videos = split.chosen(load(args.footage), args.parts)
    if args.only:
        videos = [video for video in videos if args.only in str(video.path)]
    plain = list(seen_in(args.run, PLAIN, videos, split))
    warped = list(seen_in(args.run, folder, videos, split))
    wrong = [*false_events(plain), *misses(warped, plain, folder)]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "index.html").write_text(page_of(wrong, causes), "utf-8")
    for name, count in kinds(wrong, causes)[:10]:
        print(f"| {name} | {count} | {100 * count / len(wrong):.0f} % |")
    if not args.no_reports:
        warper = VideoWarper(Head.load(args.head), args.models)
        for one in tqdm({one.page: one for one in wrong}.values(), disable=None):
            if not (args.out / one.page).is_file():
                report(one, args.flinch, warper, args.out)
    return 0
