"""The tables of one session, as `flinch export --to parquet` wrote them (docs/exports.md).

Letters in shapes: N samples, V values of a motion sample.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
from numpy.typing import NDArray

from flinch_train.data.errors import DatasetError
from flinch_train.data.spotting.regions import REGIONS

Reals = NDArray[np.float64]
Row = dict[str, Any]

SIGNALS = "signals.parquet"
EYES = "thousandths of the eye distance"
_NAMES = [region.name for region in REGIONS]
# In the order of a motion sample's values, each with its unit.
VALUE_UNITS = {
    **{f"{name}_{axis}": EYES for name in _NAMES for axis in ("x", "y")},
    **{f"{name}_change": "root mean square" for name in _NAMES},
    "head_x": EYES,
    "head_y": EYES,
    "head_turn": "thousandths",
    "head_growth": "thousandths",
}
_MARKS = ("onset_ms", "apex_ms", "offset_ms")


@dataclass(frozen=True)
class Excerpt:
    """The motion around one movement: times (N,) ms, samples (N, V)."""

    times: Reals
    samples: Reals


@dataclass(frozen=True)
class RoomSession:
    """name: of the files; session and subject: as the tables say, None where they do not; excerpts
    by the movement's id; movements and labels: rows of these tables."""

    name: str
    session: str | None
    subject: str | None
    excerpts: dict[str, Excerpt]
    movements: list[Row]
    labels: list[Row]


def sessions_in(folder: Path) -> Iterator[RoomSession]:
    """Every session of a folder that has signals.

    Raises:
        DatasetError: no signals, no labels, other regions, another unit, a value that is none.
    """
    files = sorted(folder.glob(f"*{SIGNALS}"))
    if not files:
        raise DatasetError(
            f"{folder}: holds no {SIGNALS}; write it with flinch export SESSION --to parquet"
        )
    for file in files:
        yield _session(file)


def _session(file: Path) -> RoomSession:
    signals = parquet.read_table(file)
    _check_columns(file, signals)
    movements = _rows(file, "movements", ("id", "face", *_MARKS, "session", "subject"))
    labels = _rows(file, "labels", ("movement", "reviewer", "decision", *_MARKS))
    if not labels:
        raise DatasetError(f"{file}: nobody has labelled a movement of it; review it, export again")
    first: Row = movements[0] if movements else {"session": None, "subject": None}
    return RoomSession(
        name=file.name.removesuffix(SIGNALS).rstrip(".") or file.parent.name,
        session=first["session"],
        subject=first["subject"],
        excerpts=_excerpts(file, signals),
        movements=movements,
        labels=labels,
    )


def _rows(signals: Path, table: str, columns: tuple[str, ...]) -> list[Row]:
    """The rows of the table beside, with these columns."""
    file = signals.with_name(signals.name.removesuffix(SIGNALS) + f"{table}.parquet")
    if not file.is_file():
        raise DatasetError(f"{file}: is missing; flinch export writes it beside {signals.name}")
    found = parquet.read_table(file)
    lacking = [name for name in columns if name not in found.column_names]
    if lacking:
        raise DatasetError(f"{file}: has no column {', '.join(lacking)}")
    return [dict(row) for row in found.select(list(columns)).to_pylist()]


def _check_columns(file: Path, table: pa.Table) -> None:
    units = _units(file, table)
    regions = [
        name.removesuffix("_change") for name in table.column_names if name.endswith("_change")
    ]
    if set(regions) != set(_NAMES):
        other = sorted(set(regions) - set(_NAMES)) or ["none"]
        lacking = sorted(set(_NAMES) - set(regions)) or ["none"]
        raise DatasetError(
            f"{file}: was measured with other regions of the face (unknown: {', '.join(other)}; "
            f"missing: {', '.join(lacking)}); only what this motion graph measured can be learned"
        )
    lacking = [name for name in ("movement", "time_ms", *VALUE_UNITS) if name not in units]
    if lacking:
        raise DatasetError(f"{file}: has no column {', '.join(lacking)}")
    for name, unit in VALUE_UNITS.items():
        if units[name] != unit:
            raise DatasetError(f"{file}: {name} is in {units[name]!r}, and {unit!r} is needed")
    if not units["time_ms"].startswith("ms "):
        raise DatasetError(f"{file}: time_ms is in {units['time_ms']!r}, and ms are needed")


def _units(file: Path, table: pa.Table) -> dict[str, str]:
    """The unit of each column, from the data dictionary in the file's metadata."""
    said = (table.schema.metadata or {}).get(b"flinch")
    if said is None:
        raise DatasetError(f"{file}: says no units; only what flinch export wrote can be read")
    columns = json.loads(said)["columns"]
    return {column["name"]: column["unit"] for column in columns}


def _excerpts(file: Path, table: pa.Table) -> dict[str, Excerpt]:
    times = _numbers(file, table, "time_ms")
    samples = np.column_stack([_numbers(file, table, name) for name in VALUE_UNITS])
    whose = np.array(table.column("movement").to_pylist(), dtype=object)
    found = {}
    for movement in dict.fromkeys(whose):
        if movement is None:
            raise DatasetError(
                f"{file}: has samples of no movement; a recording has no labels, export a session"
            )
        own = whose == movement
        if (np.diff(times[own]) <= 0).any():
            raise DatasetError(f"{file}: the times of movement {movement} do not grow")
        found[movement] = Excerpt(times[own], samples[own])
    return found


def _numbers(file: Path, table: pa.Table, name: str) -> Reals:
    values = np.asarray(table.column(name).to_numpy(zero_copy_only=False), np.float64)
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise DatasetError(f"{file}: {name} of row {wrong[0]} is no number")
    return values
