"""Data sets that come with a spreadsheet, one row a clip: CASME II, SAMM and CAS(ME)³."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flinch_train.data.datasets.layout import label_file, subject_folders
from flinch_train.data.datasets.sample import Emotion, Sample, Skip, emotion_of
from flinch_train.data.datasets.sheet import Columns, read_table, whole
from flinch_train.data.datasets.units import unit_values
from flinch_train.data.labels import UNITS_UNKNOWN

Folders = Mapping[str, Path]  # of subjects, by their names in lower case


@dataclass(frozen=True)
class Row:
    """What says where a clip's frames lie."""

    subject: str
    clip: str
    onset: int


@dataclass(frozen=True)
class Coded:
    """A data set as data; ``columns`` has subject, clip, onset, apex, offset, units, emotion."""

    name: str
    title: str
    fps: int
    spreadsheets: tuple[str, ...]  # patterns of the file's name
    columns: Columns
    emotions: Mapping[str, Emotion]
    folder_pattern: str
    folder_like: str
    subject: Callable[[object], str]  # cell of the subject's column -> name
    clip_name: Callable[[Row], str]  # unique within the subject
    locate: Callable[[Folders, Row], Path | None]
    accept: Callable[[Path], bool] = lambda parent: True
    gives_apex: bool = True

    def read(self, root: Path, labels: Path | None) -> list[Sample | Skip]:
        """See ``Dataset.read``."""
        folders = subject_folders(root, self.folder_pattern, self.folder_like, self.accept)
        rows = read_table(label_file(root, labels, self.spreadsheets), self.columns)
        return [self._row(cells, folders) for cells in rows]

    def _row(self, cells: Mapping[str, Any], folders: Folders) -> Sample | Skip:
        subject, clip = self.subject(cells["subject"]), str(cells["clip"]).strip()
        onset, apex, offset = (whole(cells[key]) for key in ("onset", "apex", "offset"))
        if onset is None or offset is None:
            detail = f"{cells['onset']!r}, {cells['offset']!r}"
            return Skip(f"{subject}/{clip}", "onset or offset is no number", detail)
        row = Row(subject, clip, onset)
        name = f"{subject}/{self.clip_name(row)}"
        if offset < onset:
            return Skip(name, "offset before onset", f"{onset}, {offset}")
        if apex is not None and not onset <= apex <= offset:
            return Skip(name, "apex outside onset to offset", f"{onset}, {apex}, {offset}")
        emotion = emotion_of(self.emotions, cells["emotion"])
        if emotion is None:
            return Skip(name, "emotion unknown", repr(cells["emotion"]))
        folder = self.locate(folders, row)
        if folder is None:
            return Skip(name, "no folder of frames")
        units, notes = _units(cells["units"])
        return Sample(name, subject, folder, emotion, onset, apex, offset, units, notes)


def _units(cell: object) -> tuple[list[int], tuple[str, ...]]:
    try:
        units = unit_values(cell)
    except ValueError:
        return UNITS_UNKNOWN, (f"action units unreadable: {cell!r}",)
    return units, () if units != UNITS_UNKNOWN else ("no action units given",)
