"""A list of the clips that a protocol counts, such as the composite of MEGC 2019.

The organisers' list, ``combined_3class_gt.csv`` (https://facial-micro-expressiongc.github.io/MEGC2019/),
names 442 clips of 68 people, one a line: ``casme2,sub01,EP02_01f,1`` with 0 negative, 1 positive,
2 surprise. Of CASME II it names fewer than the names of emotions would give: none of fear and
sadness, and not all of disgust and repression.
"""

import csv
import re
from pathlib import Path

from flinch_train.data.errors import DatasetError
from flinch_train.data.labels import VALENCES


def read_list(path: Path) -> dict[str, int]:
    """Place in ``VALENCES`` of each clip, by ``clip_key``.

    Raises:
        DatasetError: no such file, or a line of another form.
    """
    try:
        lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: cannot be read: {error}") from error
    found = {}
    for number, line in enumerate(lines, 1):
        cells = [cell.strip() for cell in line]
        if not any(cells):
            continue
        if len(cells) != 4 or cells[3] not in [str(place) for place in range(len(VALENCES))]:
            raise DatasetError(f"{path}:{number}: not data set,subject,clip,0 to 2: {line}")
        found[clip_key("/".join(cells[:3]))] = int(cells[3])
    return found


def clip_key(clip: str) -> str:
    """``samm/006/006_1_2`` as every release and list would write it: small, no leading zeros."""
    return re.sub(r"\d+", lambda digits: str(int(digits[0])), clip.casefold())
