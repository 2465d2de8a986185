"""How much the spotter's word and HSTA's count, and how much evidence each sensitivity asks for.

`python -m flinch_train real-evidence --footage DIR --run RUN --parts tuning` fits both on what
`real-measure` left of people whom neither has learned from: candidates on footage as it is against
those that found a known expression. It prints what stands in `EVIDENCE` and `OPERATING_POINTS` of
export/model_entry.py. Never fit on people of the test.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from flinch_train.benchmark.real.points import CLEAR, MAX_NONE, run_of
from flinch_train.benchmark.shipped.evidence import evidence, log_odds
from flinch_train.data.footage.seen import Candidate, Seen, match
from flinch_train.data.footage.settings import ScoreSettings
from flinch_train.settings import read

RATES = {"strict": 2.0, "balanced": 6.0, "sensitive": 60.0}  # false events a judged hour


def words_of(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """(K, 2) log odds of the spotter's word and of HSTA's."""
    probabilities = np.array([(c.probability, 1 - c.none) for c in candidates]).reshape(-1, 2)
    return log_odds(probabilities)


def hits_of(warped: Sequence[Seen]) -> list[Candidate]:
    """The candidates that found an expression whose apex is at least ``CLEAR``."""
    found = []
    for seen in warped:
        pairs = match(seen.truths, seen.candidates).pairs
        found += [seen.candidates[k] for t, k in pairs if seen.truths[t].amplitude >= CLEAR]
    return found


def weights_of(true: Sequence[Candidate], false: Sequence[Candidate]) -> dict[str, float]:
    """By logistic regression, both kinds as frequent; a witness never counts against itself."""
    words = np.concatenate([words_of(true), words_of(false)])
    fit = LogisticRegression(class_weight="balanced").fit(words, [1] * len(true) + [0] * len(false))
    spotter, hsta = (round(max(0.0, float(weight)), 2) for weight in fit.coef_[0])
    return {"spotter": spotter, "hsta": hsta, "bias": round(float(fit.intercept_[0]), 2)}


def points_for(
    false: Sequence[Candidate], hours: float, weights: dict[str, float]
) -> dict[str, float]:
    """Least evidence, in tenths, at which so many false events an hour are left as ``RATES``."""
    words = [c for c in false if c.none <= MAX_NONE]
    spotted, none = (np.array([getattr(c, k) for c in words]) for k in ("probability", "none"))
    told = np.sort(evidence(spotted, none, weights))[::-1]
    points = {}
    for name, rate in RATES.items():
        allowed = int(rate * hours)
        if allowed < len(told):
            points[name] = float(np.floor(told[allowed] * 10 + 1) / 10)
        else:  # all of them
            points[name] = float(np.floor(told.min(initial=0.0) * 10) / 10)
    return points


@dataclass(frozen=True, kw_only=True)
class Settings(ScoreSettings):
    """What the command takes."""

    parts: tuple[Literal["learning", "tuning"], ...] = ("tuning",)


def main(argv: list[str]) -> int:
    """Print weights and operating points; the exit status."""
    args = read(Settings, "real-evidence", __doc__, argv)
    plain, warped = run_of(args.run, args.footage, args.parts, args.models)
    hours = sum(seen.judged for seen in plain) / 60
    true, false = hits_of(warped), [c for seen in plain for c in seen.candidates]
    weights = weights_of(true, false)
    print(f"{len(true)} hits, {len(false)} others in {60 * hours:.1f} minutes", flush=True)
    print(json.dumps({"evidence": weights, "operatingPoints": points_for(false, hours, weights)}))
    return 0
