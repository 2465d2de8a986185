"""Is what Flinch says of itself true on real people: "none" and confidence against what was there.

`python -m flinch_train real-reliability --footage DIR --run RUN --parts test` prints both curves as
tables, from what `real-measure` left of footage with known expressions: of every candidate how
probable "none" was and whether it was none, of every event its confidence and whether its emotion
was right. What is true depends on how often there is an expression: here about every four seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flinch_train.benchmark.real.points import run_of
from flinch_train.data.footage.seen import Seen, match
from flinch_train.data.footage.settings import ScoreSettings
from flinch_train.settings import read

BINS = 10
Floats = NDArray[np.float64]


def none_of(warped: Sequence[Seen]) -> tuple[Floats, Floats]:
    """Of every candidate (K,): "none" as it was said, and 1 where it found no expression."""
    stated: list[float] = []
    true: list[float] = []
    for seen in warped:
        hits = {k for _, k in match(seen.truths, seen.candidates).pairs}
        stated += [one.none for one in seen.candidates]
        true += [float(k not in hits) for k in range(len(seen.candidates))]
    return np.array(stated), np.array(true)


def confidence_of(warped: Sequence[Seen]) -> tuple[Floats, Floats]:
    """Of every event (K,): its confidence, and 1 where its emotion was there."""
    stated: list[float] = []
    true: list[float] = []
    for seen in warped:
        hits = {k: seen.truths[t].emotion for t, k in match(seen.truths, seen.events).pairs}
        stated += [one.confidence for one in seen.events]
        true += [float(hits.get(k) == one.emotion) for k, one in enumerate(seen.events)]
    return np.array(stated), np.array(true)


def table(stated: Floats, true: Floats, names: tuple[str, str, str]) -> str:
    """A reliability curve as Markdown, and the calibration error (Guo et al., arXiv 1706.04599)."""
    lines = [f"| {' | '.join(names)} |", "|---|---|---|"]
    place = np.minimum((stated * BINS).astype(int), BINS - 1)
    error = 0.0
    for k in range(BINS):
        here = place == k
        if not here.any():
            continue
        mean, share = float(stated[here].mean()), float(true[here].mean())
        error += abs(mean - share) * float(here.mean())
        lines.append(f"| {int(here.sum())} | {mean:.2f} | {share:.2f} |")
    return "\n".join([*lines, "", f"Calibration error {error:.2f} ({len(stated)} of them)."])


@dataclass(frozen=True, kw_only=True)
class Settings(ScoreSettings):
    """What the command takes."""


def main(argv: list[str]) -> int:
    """Print both curves; the exit status."""
    args = read(Settings, "real-reliability", __doc__, argv)
    _, warped = run_of(args.run, args.footage, args.parts, args.models)
    print(table(*none_of(warped), ("candidates", "“none” as said", "of them none")))
    print()
    print(table(*confidence_of(warped), ("events", "confidence as said", "emotion right")))
    return 0
