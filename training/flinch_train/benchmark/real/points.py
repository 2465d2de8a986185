"""What each `spotting.sensitivity` finds on real people, and how often it errs.

`python -m flinch_train real-points --footage DIR --run RUN --parts tuning` prints, for every
operating point of the manifest, false events a judged hour on footage as it is and the recall of
known expressions, from what `real-measure` left. One run serves all of them: the candidates are the
same, and an operating point only says how much evidence an event needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flinch_train.benchmark.real.score import poisson
from flinch_train.benchmark.shipped.evidence import evidence
from flinch_train.data import manifest
from flinch_train.data.footage.footage import load
from flinch_train.data.footage.measure import PLAIN, WARPED
from flinch_train.data.footage.seen import Candidate, Seen, match, seen_in
from flinch_train.data.footage.settings import ScoreSettings
from flinch_train.data.footage.split import Part, Split, check
from flinch_train.settings import read

MAX_NONE = 0.7  # the default of recognition.maxNone
CLEAR = 0.03  # of the eye distance: expressions from here on count


@dataclass(frozen=True)
class Point:
    """What asking for so much evidence comes to."""

    evidence: float
    false: int
    hours: float
    found: int
    expressions: int

    @property
    def recall(self) -> float:
        """Of expressions whose apex is at least ``CLEAR``."""
        return self.found / max(1, self.expressions)


def run_of(
    run: Path, footage: Sequence[Path], parts: Sequence[str], models: Path
) -> tuple[list[Seen], list[Seen]]:
    """What a run holds of some parts: footage as it is, and with known expressions."""
    split = Split.load()
    check(split, models)
    videos = split.chosen(load(footage), parts)
    plain = list(seen_in(run, PLAIN, videos, split))
    warped: list[Seen] = []
    for folder in sorted(run.glob(f"{WARPED}-*")):
        watched = [v for v in videos if (folder / v.name / "summary.json").is_file()]
        warped += seen_in(run, folder.name, watched, split)
    return plain, warped


def reported(seen: Seen, least: float, weights: Mapping[str, float]) -> tuple[Candidate, ...]:
    """The candidates that would be events, by these weights, whatever they were measured with."""
    told = seen.candidates
    pairs = np.array([(c.probability, c.none) for c in told], np.float64).reshape(-1, 2)
    probability, none = pairs.T
    enough = (none <= MAX_NONE) & (evidence(probability, none, weights) >= least)
    return tuple(c for c, one in zip(told, enough, strict=True) if one)


def point_of(
    plain: Sequence[Seen], warped: Sequence[Seen], least: float, weights: Mapping[str, float]
) -> Point:
    """Counted on footage as it is and on footage with known expressions."""
    false = sum(len(reported(seen, least, weights)) for seen in plain)
    hours = sum(seen.judged for seen in plain) / 60
    found = expressions = 0
    for seen in warped:
        clear = {t for t, truth in enumerate(seen.truths) if truth.amplitude >= CLEAR}
        expressions += len(clear)
        pairs = match(seen.truths, reported(seen, least, weights)).pairs
        found += sum(truth in clear for truth, _ in pairs)
    return Point(least, false, hours, found, expressions)


def table(points: dict[str, Point]) -> str:
    """As Markdown."""
    lines = [
        "| sensitivity | evidence | false events | a judged hour (95 %) | found | recall |",
        "|---|---|---|---|---|---|",
    ]
    for name, at in points.items():
        low, high = poisson(at.false, at.hours)
        rate = f"{at.false / at.hours:.0f} ({low:.0f} to {high:.0f})"
        found = f"{at.found} of {at.expressions}"
        lines.append(
            f"| {name} | {at.evidence:g} | {at.false} | {rate} | {found} | {at.recall:.2f} |"
        )
    return "\n".join(lines)


@dataclass(frozen=True, kw_only=True)
class Settings(ScoreSettings):
    """What the command takes."""

    model: str = "hsta"  # its key in the manifest
    parts: tuple[Part, ...] = ("tuning",)


def main(argv: list[str]) -> int:
    """Print the table; the exit status."""
    args = read(Settings, "real-points", __doc__, argv)
    plain, warped = run_of(args.run, args.footage, args.parts, args.models)
    minutes = sum(seen.judged for seen in plain)
    people = len({seen.person for seen in plain})
    print(f"{people} people, {minutes:.1f} minutes judged\n")
    entry = manifest.load(args.models)["models"][args.model]
    points, weights = entry["operatingPoints"], entry["evidence"]
    named = {name: float(points[name]) for name in ("strict", "balanced", "sensitive")}
    print(table({name: point_of(plain, warped, level, weights) for name, level in named.items()}))
    return 0
