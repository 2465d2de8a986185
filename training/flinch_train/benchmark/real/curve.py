"""The picture of what is found over what is raised wrongly, of one version or of several.

`python -m flinch_train real-curve --scores FILE.json … --out FILE.svg` draws what `real-score
--json` kept: recall of known expressions over false events an hour on footage as it is, along the
evidence that is asked for; the dot is the operating point.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib

from flinch_train.settings import read

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.ticker import NullLocator, ScalarFormatter

_FLOOR = 1.0  # an hour: less cannot be told from none in so short a footage


def draw(versions: list[dict[str, Any]], out: Path) -> None:
    """Write the picture; the same scores give the same bytes."""
    plt.rcParams.update({"svg.hashsalt": "flinch", "svg.fonttype": "none", "font.size": 10})
    figure, axes = plt.subplots(figsize=(7, 4.2), layout="constrained")
    for version in versions:
        rows = [(max(_FLOOR, false), recall) for _, false, recall in version["curve"]]
        (line,) = axes.plot(*zip(*rows, strict=True), label=version["name"], linewidth=1.8)
        point = (max(_FLOOR, version["falsePerHour"]), version["scores"]["recall"])
        axes.plot(*point, "o", color=line.get_color(), markersize=8)
        axes.annotate(
            f"{point[1]:.2f} at {version['falsePerHour']:.0f} an hour",
            point,
            textcoords="offset points",
            xytext=(8, -12),
            color=line.get_color(),
        )
    axes.axvline(6, color="0.6", linewidth=1, linestyle=":")
    axes.annotate("aim: 6", (6, 0.93), xytext=(4, 0), textcoords="offset points", color="0.4")
    axes.set(
        xscale="log",
        xlim=(_FLOOR, 2000),
        ylim=(0, 1),
        xticks=(1, 3, 6, 10, 30, 100, 300, 1000),
        xlabel="false events a judged hour, real people as they are",
        ylabel="recall of known expressions on real skin",
    )
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.xaxis.set_minor_locator(NullLocator())
    axes.grid(True, which="major", color="0.9")
    axes.legend(loc="upper left", frameon=False)
    figure.savefig(out, metadata={"Date": None})
    plt.close(figure)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    scores: tuple[Path, ...]  # of `real-score`
    out: Path  # picture, .svg


def main(argv: list[str]) -> int:
    """Draw; the exit status."""
    args = read(Settings, "real-curve", __doc__, argv)
    draw([json.loads(path.read_text("utf-8")) for path in args.scores], args.out)
    return 0
