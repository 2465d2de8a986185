"""How much evidence an event should need: spotter and HSTA together on candidates of other people.

`python -m flinch_train evidence --model ../models/hsta-tiny-112.onnx --clips clips/spotted-tune`
prints, for a row of values of `recognition.minEvidence`, what would be reported of clip sets that
`spotted` wrote, as `flinch evaluate` counts it: hits, and false events, which are nothing or cover
too little of an expression. Only clips of the daemon's `spotting.minProbability` (`spotted
--threshold 0.5`) says what the daemon would report: from a lower one on, what settles early hides
what follows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from flinch_train.benchmark.shipped.graph import Graph
from flinch_train.data.clips.about import about_clips
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.labels import LABELS
from flinch_train.data.spotting.reel import SECONDS
from flinch_train.settings import read

LIMIT = 0.001  # the twin of src/recognition/evidence.ts
LEVELS = np.arange(-2.0, 7.01, 0.5)


def log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of probabilities, none surer than a thousand to one."""
    limited = np.clip(probability, LIMIT, 1 - LIMIT)
    return np.asarray(np.log(limited / (1 - limited)))


def evidence(
    spotted: NDArray[np.float64], none: NDArray[np.float64], weights: Mapping[str, float]
) -> NDArray[np.float64]:
    """(K,) from the spotter's probabilities and HSTA's of "none", by the manifest's weights."""
    spotter, hsta = weights["spotter"] * log_odds(spotted), weights["hsta"] * log_odds(1 - none)
    return np.asarray(spotter + hsta + weights["bias"])


def none_of(graph: Graph, clip_set: ClipSet) -> NDArray[np.float64]:
    """(K,) calibrated probability of "none"."""
    clips = zip(clip_set.frames, clip_set.special, strict=True)
    told = tqdm(clips, total=len(clip_set), disable=None, mininterval=5)
    return np.array(
        [graph.say(frames, special)[0][LABELS.index("none")] for frames, special in told]
    )


def about_of(folder: Path) -> dict[str, Any]:
    """What a clip set says of itself; ``SystemExit`` for one that `spotted` did not write."""
    about = about_clips(folder)
    if "spotted" not in about:
        raise SystemExit(f"{folder}: `spotted` did not write it")
    return about


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    model: Path  # an exported .onnx
    clips: tuple[Path, ...]  # what `spotted` wrote, of other reels
    max_none: float = 0.7  # recognition.maxNone


def main(argv: list[str]) -> int:
    """Print the table; the exit status."""
    args = read(Settings, "evidence", __doc__, argv)
    abouts = [about_of(folder) for folder in args.clips]
    thresholds = {about["threshold"] for about in abouts}
    if len(thresholds) > 1:
        raise SystemExit("these clip sets were settled from other probabilities on")
    clip_sets, graph = [ClipSet.open(folder) for folder in args.clips], Graph.open(args.model)
    spotted = np.concatenate([about["spotted"] for about in abouts])
    none = np.concatenate([none_of(graph, clip_set) for clip_set in clip_sets])
    labels = np.concatenate([clip_set.labels for clip_set in clip_sets])
    hit = (labels >= 0) & (labels != LABELS.index("none"))
    reels, shown = (sum(about[key] for about in abouts) for key in ("reels", "expressions"))
    hours = reels * SECONDS / 3600
    settled = f"{len(labels)} candidates, settled from {thresholds.pop()} on"
    print(f"{settled}, in {60 * hours:.0f} minutes with {shown} expressions")
    print("evidence     hits    little  nothing   false/h   recall       F1")
    enough = evidence(spotted, none, graph.entry["evidence"])
    for level in LEVELS:
        told = (none <= args.max_none) & (enough >= level)
        right, little = int((told & hit).sum()), int((told & (labels < 0)).sum())
        wrong = int(told.sum()) - right
        f1 = 2 * right / (shown + right + wrong)
        print(
            f"{level:8.1f} {right:8} {little:9} {wrong - little:8} {wrong / hours:9.1f} "
            f"{right / shown:8.3f} {f1:8.3f}"
        )
    return 0
