"""A copy of the room that `flinch export` wrote, to be spoilt table by table."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from tests.repository import ROOT

ROOM = ROOT / "test" / "data" / "room-signals"
FIRST = "room-2_2026-03-02T12-01-00Z_00000001"


def movement(number: int) -> str:
    return f"{100 + number:08}-0000-4000-8000-000000000000"


def spoilt(folder: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> Path:
    """A copy of the room in which one table of the first session is another."""
    shutil.copytree(ROOM, folder)
    file = folder / f"{FIRST}.{table}.parquet"
    parquet.write_table(change(parquet.read_table(file)), file)
    return folder


def replaced(table: pa.Table, name: str, values: list[object]) -> pa.Table:
    at = table.column_names.index(name)
    field = table.schema.field(at)
    column = pa.array(values, field.type, from_pandas=False)
    return table.set_column(at, field, column)


def with_unit(table: pa.Table, name: str, unit: str) -> pa.Table:
    about = json.loads(table.schema.metadata[b"flinch"])
    for column in about["columns"]:
        if column["name"] == name:
            column["unit"] = unit
    return table.replace_schema_metadata({"flinch": json.dumps(about)})
