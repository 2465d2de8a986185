"""What the commands on real people have in common."""

from dataclasses import dataclass
from pathlib import Path

from flinch_train.data.footage.split import Part


@dataclass(frozen=True, kw_only=True)
class FootageSettings:
    """Videos that lie outside of the repository."""

    footage: tuple[Path, ...]  # folders with index.csv


@dataclass(frozen=True, kw_only=True)
class RunSettings(FootageSettings):
    """What Flinch made of them."""

    run: Path  # what `real-measure` wrote
    models: Path = Path("../models")  # of that run


@dataclass(frozen=True, kw_only=True)
class ScoreSettings(RunSettings):
    """Of the videos of some parts of the split."""

    parts: tuple[Part, ...] = ("test",)  # of the split
