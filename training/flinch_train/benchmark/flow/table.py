"""The benchmark's table: one row a method, and what stands in it."""

from dataclasses import dataclass

import numpy as np

from flinch_train.benchmark.flow.protocol import Classifications, looked_at
from flinch_train.data.flow.real import RealFlow


@dataclass(frozen=True)
class Row:
    """One line of the table.

    others: of the subjects whom no choice of the simulation looked at, where there are any.
    inflated: what the best epoch of each test subject would claim.
    """

    name: str
    parameters: int
    full: tuple[float, float]
    sets: dict[str, tuple[float, float]]
    others: tuple[float, float] | None
    inflated: tuple[float, float] | None
    minutes: float


def row(
    name: str, size: int, real: RealFlow, classifications: Classifications, minutes: float
) -> Row:
    """The scores of pooled classifications."""
    sets = {str(d): classifications.score(real, real.dataset == d) for d in np.unique(real.dataset)}
    rest = np.array([not looked_at(name) for name in real.subjects])[real.subject]
    others = classifications.score(real, rest) if rest.any() else None
    inflated = classifications.inflated(real) if len(classifications.predicted) > 1 else None
    return Row(name, size, classifications.score(real), sets, others, inflated, minutes)


def pair(score: tuple[float, float]) -> str:
    """UF1 / UAR."""
    return f"{score[0]:.3f} / {score[1]:.3f}"


def render(rows: list[Row]) -> str:
    """A Markdown table."""
    sets = list(rows[0].sets)
    lines = [
        "| method | parameters | all, UF1 / UAR | "
        + " | ".join(sets)
        + " | subjects not looked at | best epoch on test would claim | minutes |",
        "|" + "---|" * (len(sets) + 6),
    ]
    for r in rows:
        cells = [r.name, f"{r.parameters:,}" if r.parameters else "–", pair(r.full)]
        cells += [pair(r.sets[d]) for d in sets]
        cells += [pair(score) if score else "–" for score in (r.others, r.inflated)]
        cells += [f"{r.minutes:.1f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def spread(rows: list[Row]) -> str:
    """Mean and standard deviation over seeds of one method."""
    uf1, uar = np.array([r.full for r in rows]).T
    return (
        f"{rows[0].name}: UF1 {uf1.mean():.3f} ± {uf1.std(ddof=1):.3f}, "
        f"UAR {uar.mean():.3f} ± {uar.std(ddof=1):.3f} over {len(rows)} seeds"
    )
