"""Tables in .xlsx files, found by the names of their columns."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from flinch_train.data.errors import DatasetError

_HEADER_WITHIN = 60  # rows; SAMM has a page of notes above its header

# A column's key here -> the names that releases of the data set have given it.
Columns = Mapping[str, Sequence[str]]


def read_table(path: Path, columns: Columns) -> list[dict[str, Any]]:
    """Rows below the first header that has all columns, on whatever sheet; blank rows left out.

    Raises:
        DatasetError: no such file, an old .xls, or no header with these columns.
    """
    lacking: list[str] | None = None
    for sheet in _workbook(path).worksheets:
        rows = sheet.iter_rows(values_only=True)
        for number, row in enumerate(rows):
            if number == _HEADER_WITHIN:
                break
            places = _places(row, columns)
            if len(places) == len(columns):
                found = [{key: cells[at] for key, at in places.items()} for cells in rows]
                return [cells for cells in found if any(v is not None for v in cells.values())]
            missing = [names[0] for key, names in columns.items() if key not in places]
            if lacking is None or len(missing) < len(lacking):
                lacking = missing
    wanted = ", ".join(lacking or [names[0] for names in columns.values()])
    raise DatasetError(f"{path}: no row of headers has the column(s) {wanted}")


def whole(cell: object) -> int | None:
    """A cell as a whole number; None where it is none ("/", empty, text)."""
    try:
        value = float(str(cell).strip())
    except ValueError:
        return None
    return int(value) if value.is_integer() else None


def numbered(form: str) -> Callable[[object], str]:
    """How a data set writes a subject's number ("sub{:02d}"); a cell that is none stays."""

    def name(cell: object) -> str:
        number = whole(cell)
        return str(cell).strip() if number is None else form.format(number)

    return name


def _workbook(path: Path) -> Any:
    if not path.is_file():
        raise DatasetError(f"{path}: no such spreadsheet")
    if path.suffix.lower() != ".xlsx":
        raise DatasetError(f"{path}: not an .xlsx; save it as one in a spreadsheet program")
    try:
        return load_workbook(path, data_only=True)
    except (BadZipFile, KeyError) as error:
        raise DatasetError(f"{path}: not an .xlsx inside: {error}") from error


def _places(row: Sequence[object], columns: Columns) -> dict[str, int]:
    there = {_plain(cell): at for at, cell in reversed(list(enumerate(row))) if cell is not None}
    found = {}
    for key, names in columns.items():
        at = next((there[_plain(name)] for name in names if _plain(name) in there), None)
        if at is not None:
            found[key] = at
    return found


def _plain(name: object) -> str:
    return " ".join(str(name).split()).casefold()
