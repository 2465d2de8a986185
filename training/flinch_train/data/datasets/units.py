"""Action units as coders write them: ``4+R14``, ``12B or 14A?``, ``AU1 + AU2``."""

import re

from flinch_train.data.datasets.sheet import whole
from flinch_train.data.labels import ACTION_UNITS, UNITS_UNKNOWN, unit_row

_BETWEEN_UNITS = re.compile(r"[+,;&]|\bAND\b")
_BETWEEN_GUESSES = re.compile(r"\bOR\b|/")
_DOUBT = re.compile(r"[\s?()]+")
# FACS: a side (L, R, T, B) or asymmetry before the number, the intensity A…E after it.
_UNIT = re.compile(r"(?:AU)?[A-Z]{0,2}(\d{1,2})[A-E]?")


def unit_values(cell: object) -> list[int]:
    """A cell of the action units' column as a row of units.npy: 0, 1, or -1 for unknown.

    Sides and intensities are left out. Units that stand in an "or", or with a question mark, are
    unknown; an empty cell says nothing of any unit.

    Raises:
        ValueError: something in the cell is no action unit.
    """
    number = whole(cell)
    text = str(number) if number is not None else str("" if cell is None else cell).upper()
    sure, doubtful = set[str](), set[str]()
    for part in filter(str.strip, _BETWEEN_UNITS.split(text)):
        guesses = _BETWEEN_GUESSES.split(part)
        where = doubtful if len(guesses) > 1 or "?" in part else sure
        where.update(_number(guess) for guess in guesses if guess.strip())
    if not sure and not doubtful:
        return UNITS_UNKNOWN
    row = unit_row(sorted(sure))
    return [
        -1 if not value and unit in doubtful else value
        for unit, value in zip(ACTION_UNITS, row, strict=True)
    ]


def _number(token: str) -> str:
    unit = _UNIT.fullmatch(_DOUBT.sub("", token))
    if unit is None:
        raise ValueError(f"no action unit: {token.strip()!r}")
    return str(int(unit[1]))
