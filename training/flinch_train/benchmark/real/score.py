"""How Flinch does on real people: false events an hour, and what it finds of known expressions.

`python -m flinch_train real-score --footage DIR --run RUN --parts test` prints the tables of
docs/real-people.md; `--json FILE` keeps what `real-curve` draws. A folder `flow-1` in the run is
scored with `--kind flow`: its expressions are measured from people, and have a valence only.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from scipy.stats import chi2

from flinch_train.benchmark.real.causes import Causes
from flinch_train.benchmark.real.context import KINDS
from flinch_train.data.footage.footage import load
from flinch_train.data.footage.measure import PLAIN
from flinch_train.data.footage.seen import Candidate, Seen, Truth, match, seen_in
from flinch_train.data.footage.settings import ScoreSettings
from flinch_train.data.footage.split import Split, check
from flinch_train.data.labels import VALENCES
from flinch_train.settings import read
from flinch_train.train.scoring.metrics import confusion, uf1_uar

CONTEXTS = ("still", *KINDS)
_LEVELS = np.arange(-6, 14.01, 0.25)  # of evidence
_DRAWS = 1000  # of people, for the intervals


@dataclass(frozen=True)
class Outcome:
    """An expression, the event that found it (None: missed), and in what it fell."""

    truth: Truth
    person: int
    fps: float
    context: frozenset[str]
    hit: Candidate | None


@dataclass(frozen=True)
class Result:
    """All that became of the videos with expressions in them."""

    outcomes: list[Outcome]
    false: list[tuple[int, Candidate]]  # person, event


def result_of(seen: Iterable[Seen], context_of: Callable[[Seen, Truth], frozenset[str]]) -> Result:
    """Who found what, at the operating point."""
    outcomes, false = [], []
    for one in seen:
        found = match(one.truths, one.events)
        hits = {t: one.events[k] for t, k in found.pairs}
        for t, truth in enumerate(one.truths):
            context = context_of(one, truth)
            outcomes.append(Outcome(truth, one.person, one.video.fps, context, hits.get(t)))
        false += [(one.person, one.events[k]) for k in found.false]
    return Result(outcomes, false)


def scores(result: Result, least: float = 0.0) -> dict[str, float]:
    """Counts and measures; least: of the amplitudes of the expressions that count."""
    counted = [one for one in result.outcomes if one.truth.amplitude >= least]
    hits = [one for one in counted if one.hit]
    found, false = len(hits), len(result.false)
    matrix = confusion(
        np.array([VALENCES.index(one.truth.valence) for one in hits], np.int64),
        np.array([VALENCES.index(one.hit.valence) for one in hits if one.hit], np.int64),
        len(VALENCES),
    )
    f1 = 2 * found / max(1, len(counted) + found + false)
    named = [one for one in hits if one.truth.emotion is not None]
    apart = [abs(one.hit.apex - one.truth.apex) for one in hits if one.hit]
    return {
        "expressions": len(counted),
        "found": found,
        "false": false,
        "recall": found / max(1, len(counted)),
        "precision": found / max(1, found + false),
        "f1": f1,
        "strs": f1 * uf1_uar(matrix)[0],
        "valence": float(np.trace(matrix)) / max(1, found),
        "emotion": sum(one.hit.emotion == one.truth.emotion for one in named if one.hit)
        / len(named)
        if named
        else float("nan"),
        "apexMs": float(np.median(apart)) if apart else float("nan"),
    }


def interval(result: Result, what: str, least: float = 0.0) -> tuple[float, float]:
    """95 % of what other people like these would give: people are drawn anew, with return."""
    people = sorted({one.person for one in result.outcomes})
    own = {
        person: Result(
            [one for one in result.outcomes if one.person == person],
            [one for one in result.false if one[0] == person],
        )
        for person in people
    }
    rng = np.random.default_rng(0)
    values = []
    for _ in range(_DRAWS):
        drawn = [own[person] for person in rng.choice(people, len(people))]
        mixed = Result(
            [one for part in drawn for one in part.outcomes],
            [one for part in drawn for one in part.false],
        )
        values.append(scores(mixed, least)[what])
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def poisson(count: int, hours: float) -> tuple[float, float]:
    """95 % interval of a rate an hour, of counted events (Garwood 1936)."""
    low = chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    return float(low) / hours, float(chi2.ppf(0.975, 2 * count + 2)) / 2 / hours


def curve(plain: Sequence[Seen], warped: Sequence[Seen]) -> list[tuple[float, float, float]]:
    """Evidence asked for, false events a judged hour on footage as it is, recall of expressions."""
    hours = sum(one.judged for one in plain) / 60
    truths = sum(len(one.truths) for one in warped)
    rows = []
    for level in _LEVELS:
        false = sum(c.evidence >= level for one in plain for c in one.candidates)
        found = 0
        for one in warped:
            told = tuple(c for c in one.candidates if c.evidence >= level)
            found += len(match(one.truths, told).pairs)
        rows.append((float(level), false / hours, found / max(1, truths)))
    return rows


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.2f}".lstrip("0") if value < 1 else f"{value:.2f}"


_MEASURES = (
    "expressions",
    "found",
    "recall",
    "precision",
    "F1",
    "STRS",
    "valence",
    "emotion",
    "apex off, ms",
)


def _row(name: str, result: Result, least: float = 0.0) -> list[str]:
    got = scores(result, least)
    shares = ("recall", "precision", "f1", "strs", "valence", "emotion")
    counts = [f"{got['expressions']:.0f}", f"{got['found']:.0f}"]
    return [name, *counts, *(_share(got[key]) for key in shares), f"{got['apexMs']:.0f}"]


def _recalls(result: Result, groups: Iterable[tuple[str, Callable[[Outcome], bool]]]) -> str:
    rows = []
    for name, belongs in groups:
        chosen = [one for one in result.outcomes if belongs(one)]
        found = sum(one.hit is not None for one in chosen)
        rows.append((name, len(chosen), found, _share(found / len(chosen)) if chosen else "–"))
    return _table(("", "expressions", "found", "recall"), rows)


def _between(low: float, high: float, of: Callable[[Outcome], float]) -> Callable[[Outcome], bool]:
    return lambda one: low <= of(one) < high


def breakdown(result: Result) -> str:
    """Recall by amplitude, size, frame rate, context and emotion, as Markdown."""

    def amplitude(one: Outcome) -> float:
        return one.truth.amplitude

    def eyes(one: Outcome) -> float:
        return one.truth.eyes

    def fps(one: Outcome) -> float:
        return one.fps

    emotions = sorted({one.truth.emotion or one.truth.valence for one in result.outcomes})
    parts: list[tuple[str, list[tuple[str, Callable[[Outcome], bool]]]]] = [
        (
            "Amplitude, of the eye distance",
            [
                (f"{low} to {high}", _between(low, high, amplitude))
                for low, high in ((0.015, 0.03), (0.03, 0.05), (0.05, 0.07))
            ],
        ),
        (
            "Pixels between the eyes",
            [
                (f"{low} to {high}" if high < 1e4 else f"{low} and more", _between(low, high, eyes))
                for low, high in ((0, 40), (40, 60), (60, 90), (90, 1e4))
            ],
        ),
        (
            "Frames a second",
            [("up to 25", _between(0, 25.5, fps)), ("30", _between(25.5, 1e4, fps))],
        ),
        (
            "Context (one may fall in several)",
            [(name, _in_context(name)) for name in CONTEXTS],
        ),
        (
            "What it shows",
            [(name, _shows(name)) for name in emotions],
        ),
    ]
    return "\n\n".join(f"{title}:\n\n{_recalls(result, groups)}" for title, groups in parts)


def _in_context(name: str) -> Callable[[Outcome], bool]:
    if name == "still":
        return lambda one: not one.context
    return lambda one: name in one.context


def _shows(name: str) -> Callable[[Outcome], bool]:
    return lambda one: (one.truth.emotion or one.truth.valence) == name


def footage_table(plain: Sequence[Seen], split: Split, causes: Causes) -> str:
    """What was raised on footage as it is, as Markdown: in all, by cause, by video."""
    minutes, judged = sum(one.minutes for one in plain), sum(one.judged for one in plain)
    events = [(one, event) for one in plain for event in one.events]
    low, high = poisson(len(events), judged / 60)
    gaps: Counter[str] = Counter()
    for one in plain:
        gaps.update(one.summary["minutes"]["notJudged"])
    lost = ", ".join(f"{name.replace('_', ' ')} {value:.1f}" for name, value in gaps.most_common())
    people = len({one.person for one in plain})
    rate = len(events) / (judged / 60)
    lines = [
        f"{people} people, {len(plain)} videos, {minutes:.1f} minutes, {judged:.1f} judged "
        f"({100 * judged / minutes:.0f} %); not judged, in minutes: {lost}.",
        f"{len(events)} events: {rate:.0f} a judged hour (95 %: {low:.0f} to {high:.0f}), "
        f"{len(events) / (minutes / 60):.0f} an hour of video.",
    ]
    judged_causes = Counter(causes.of(one.video.sha256, PLAIN, event.apex) for one, event in events)
    by_cause = [
        (name, count, f"{count / (judged / 60):.0f}") for name, count in judged_causes.most_common()
    ]
    context: Counter[str] = Counter()
    for _, event in events:
        context.update(event.context or ("still",))
    by_context = [(name.replace("_", " "), context[name]) for name in CONTEXTS if context[name]]
    by_video = [
        (
            one.video.sha256[:8], one.person, one.video.what, f"{one.minutes:.2f}",
            f"{one.judged:.2f}", len(one.events),
        )
        for one in sorted(plain, key=lambda one: -len(one.events))
        if one.events
    ]  # fmt: skip
    return "\n\n".join(
        [
            *lines,
            _table(("cause, as a person sees it", "events", "a judged hour"), by_cause),
            _table(("context, as the event tells it", "events"), by_context),
            _table(
                ("video with events", "person", "what it shows", "minutes", "judged", "events"),
                by_video,
            ),
        ]
    )


def watched_by(seen: Sequence[Seen]) -> str:
    """The model that watched.

    Raises:
        SystemExit: it was not the same one everywhere.
    """
    models = {(one.summary["model"]["name"], one.summary["model"]["version"]) for one in seen}
    if len(models) != 1:
        raise SystemExit(f"this run was watched by several models: {sorted(models)}")
    return " ".join(models.pop())


@dataclass(frozen=True, kw_only=True)
class Settings(ScoreSettings):
    """What the command takes."""

    kind: Literal["warped", "flow"] = "warped"
    only: str | None = None  # videos whose path holds this
    name: str = ""  # what the curve is called
    json: Path | None = None  # file for the curve


def main(argv: list[str]) -> int:
    """Print the tables; the exit status."""
    args = read(Settings, "real-score", __doc__, argv)
    split = Split.load()
    check(split, args.models)
    videos = split.chosen(load(args.footage), args.parts)
    if args.only:
        videos = [video for video in videos if args.only in str(video.path)]
    plain = list(seen_in(args.run, PLAIN, videos, split))
    folders = sorted(path.name for path in args.run.glob(f"{args.kind}-*") if path.is_dir())
    warped = [one for folder in folders for one in seen_in(args.run, folder, videos, split)]
    still = {one.video.sha256: one for one in plain}

    def context_of(one: Seen, truth: Truth) -> frozenset[str]:
        signals = still[one.video.sha256].signals
        return frozenset() if signals is None else signals.context(truth)

    result = result_of(warped, context_of)
    intro = f"{watched_by([*plain, *warped])}; parts: {', '.join(args.parts)}"
    print(f"{intro}; expressions of {len(folders)} seeds.\n")
    print(footage_table(plain, split, Causes.load()))
    heading = ("amplitude", *_MEASURES)
    print("\nKnown expressions on real skin:\n")
    print(_table(heading, [_row(".015 to .07", result), _row(".03 to .07", result, 0.03)]))
    for what, name in (("recall", "recall"), ("f1", "F1")):
        low, high = interval(result, what, 0.03)
        print(f"\n{name} from .03 on, 95 % over people: {_share(low)} to {_share(high)}.")
    print("\n" + breakdown(result))
    if args.json:
        args.json.write_text(json.dumps(kept(args.name, args.parts, plain, warped, result)) + "\n")
    return 0


def kept(
    name: str, parts: Sequence[str], plain: Sequence[Seen], warped: Sequence[Seen], result: Result
) -> dict[str, Any]:
    """What `real-curve` draws."""
    hours = sum(one.judged for one in plain) / 60
    events = sum(len(one.events) for one in plain)
    rows = [
        [level, round(false, 2), round(recall, 4)] for level, false, recall in curve(plain, warped)
    ]
    return {
        "name": name,
        "parts": parts,
        "people": len({one.person for one in plain}),
        "judgedMinutes": round(60 * hours, 2),
        "events": events,
        "falsePerHour": round(events / hours, 2),
        "scores": scores(result),
        "scoresFrom03": scores(result, 0.03),
        "curve": rows,
    }
