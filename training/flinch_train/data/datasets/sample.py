"""What every data set is read into: clips to cut, and those that cannot be used with the reason."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from flinch_train.data.labels import LABELS, UNITS_UNKNOWN, VALENCES, Valence


class Emotion(NamedTuple):
    """What a data set's own name of an emotion means here; None is unknown, or has none."""

    label: str | None
    valence: Valence | None

    @property
    def places(self) -> tuple[int, int]:
        """Places in ``LABELS`` and ``VALENCES``; -1 for None."""
        return (
            LABELS.index(self.label) if self.label else -1,
            VALENCES.index(self.valence) if self.valence else -1,
        )


@dataclass(frozen=True)
class Sample:
    """One clip as its data set describes it; frames are numbered as their files are."""

    clip: str  # subject/name, unique in the data set
    subject: str
    folder: Path
    emotion: Emotion
    onset: int | None = None  # None: the folder's first frame
    apex: int | None = None  # None: not given
    offset: int | None = None  # None: the folder's last frame
    units: list[int] = field(default_factory=lambda: UNITS_UNKNOWN)  # as in units.npy
    notes: tuple[str, ...] = ()  # what was lacking, though the clip can be used


@dataclass(frozen=True)
class Skip:
    """A clip that cannot be used; reasons are few and fixed, so that they can be counted."""

    clip: str
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.clip}: {self.reason}" + (f" ({self.detail})" if self.detail else "")


class Dataset(Protocol):
    """A data set's loader: one file each."""

    @property
    def name(self) -> str:
        """On the command line and in the clip set: ``casme2``."""

    @property
    def title(self) -> str:
        """As its authors write it."""

    @property
    def fps(self) -> int:
        """Frames a second."""

    @property
    def gives_apex(self) -> bool:
        """Whether its authors say which frame is the apex."""

    def read(self, root: Path, labels: Path | None) -> list[Sample | Skip]:
        """All clips under ``root``, in the order of the spreadsheet or of the folders.

        Raises:
            DatasetError: no such folder, spreadsheet or column.
        """


def emotion_of(names: Mapping[str, Emotion], cell: object) -> Emotion | None:
    """What a cell of the emotion's column means; None where the data set has no such name."""
    return names.get(str(cell).strip().casefold())


def counted(skips: Iterable[Skip]) -> dict[str, int]:
    """Reasons and how often they occur, most frequent first."""
    return dict(Counter(skip.reason for skip in skips).most_common())
