"""Action units as coders write them, and tables wherever their header stands."""

from pathlib import Path

import pytest

from flinch_train.data.datasets.sheet import read_table, whole
from flinch_train.data.datasets.units import unit_values
from flinch_train.data.errors import DatasetError
from flinch_train.data.labels import ACTION_UNITS
from tests import dataset_trees as trees


def read(cell: object) -> tuple[list[str], list[str]]:
    """Units that are there, and those of which it is unknown."""
    row = list(zip(ACTION_UNITS, unit_values(cell), strict=True))
    return [u for u, value in row if value == 1], [u for u, value in row if value == -1]


@pytest.mark.parametrize(
    ("cell", "there", "unknown"),
    [
        ("4", ["4"], []),
        (4, ["4"], []),
        (4.0, ["4"], []),
        ("4+R14", ["4", "14"], []),
        ("L4 + 7", ["4", "7"], []),
        ("A1B+A2C", ["1", "2"], []),
        ("12B or 14A?", [], ["12", "14"]),
        ("R14A or 17A", [], ["14", "17"]),
        ("4+12 OR 14", ["4"], ["12", "14"]),
        ("4, 9?", ["4"], ["9"]),
        ("12 or 14 + 12", ["12"], ["14"]),
        ("AU1 and AU2", ["1", "2"], []),
        ("T18", ["18"], []),
        ("38", [], []),
        ("R12+R15+", ["12", "15"], []),
        ("4/7", [], ["4", "7"]),
    ],
)
def test_units(cell: object, there: list[str], unknown: list[str]) -> None:
    assert read(cell) == (there, unknown)


@pytest.mark.parametrize("cell", [None, "", "  "])
def test_an_empty_cell_says_nothing(cell: object) -> None:
    assert read(cell) == ([], list(ACTION_UNITS))


@pytest.mark.parametrize("cell", ["four", "4+x", "123", "n/a"])
def test_other_text_is_no_unit(cell: str) -> None:
    with pytest.raises(ValueError, match="no action unit"):
        unit_values(cell)


def test_whole_numbers() -> None:
    cells = [3, 3.0, "3", " 3.0 ", "/", None, 3.5, "3a", float("nan"), "inf"]
    assert [whole(c) for c in cells] == [3, 3, 3, 3, None, None, None, None, None, None]


def test_the_header_is_found_on_whatever_sheet_and_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    rows = [["notes"], [], [" subject ", None, "Onset\n Frame", "AU"], [6, 0, 7, None], [None] * 4]
    trees.write_sheet(path, rows)
    columns = {"subject": ("Subject",), "onset": ("Onset Frame",), "units": ("Units", "AU")}
    assert read_table(path, columns) == [{"subject": 6, "onset": 7, "units": None}]
    with pytest.raises(DatasetError, match=r"has the column\(s\) Apex$"):
        read_table(path, {**columns, "apex": ("Apex",)})


def test_what_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no zip")
    with pytest.raises(DatasetError, match=r"not an \.xlsx inside"):
        read_table(path, {"subject": ("Subject",)})
