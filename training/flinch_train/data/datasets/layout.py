"""Where things lie: the spreadsheet, the subjects' folders and the numbered frames."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from flinch_train.data.errors import DatasetError

_DEPTH = 4  # levels below the root in which releases, unpacked, keep their subjects
_PICTURES = {".jpg", ".jpeg", ".png", ".bmp"}


def label_file(root: Path, given: Path | None, patterns: Sequence[str]) -> Path:
    """The spreadsheet that was named, or the one under ``root`` that looks like it.

    Raises:
        DatasetError: none, or more than one.
    """
    if given is not None:
        return given
    levels = ("", "*/", "*/*/")
    found = sorted({p for name in patterns for up in levels for p in root.glob(up + name)})
    found = [path for path in found if not path.name.startswith((".", "~$"))]  # half-open ones
    found = [path for path in found if path.suffix.lower() == ".xlsx"] or found
    if len(found) == 1:
        return found[0]
    wanted = " or ".join(patterns)
    if not found:
        raise DatasetError(f"{root}: no spreadsheet {wanted} in it; name it with --labels")
    several = ", ".join(map(str, found))
    raise DatasetError(
        f"{root}: more than one spreadsheet {wanted}: {several}; name one with --labels"
    )


def subject_folders(
    root: Path, pattern: str, like: str, accept: Callable[[Path], bool] = lambda parent: True
) -> dict[str, Path]:
    """Folders whose whole name matches, by that name in lower case; unpacked parts may lie apart.

    ``accept`` says whether a parent's folders are those of the data set; ``like`` is an example of
    a name, for the error.

    Raises:
        DatasetError: no such folder, or one subject twice (raw and cropped pictures, say).
    """
    if not root.is_dir():
        raise DatasetError(f"{root}: no such folder")
    found: dict[str, Path] = {}
    level = [root]
    for _ in range(_DEPTH):
        below = []
        for parent in level:
            for folder in folders(parent):
                if not re.fullmatch(pattern, folder.name, re.IGNORECASE):
                    below.append(folder)
                elif accept(parent):
                    key = folder.name.casefold()
                    if key in found:
                        raise DatasetError(
                            f"{root}: {folder.name} is in {found[key].parent} and in {parent}; "
                            "name one of them with --root and the spreadsheet with --labels"
                        )
                    found[key] = folder
        level = below
    if not found:
        raise DatasetError(f"{root}: no folder like {like}/ in it, {_DEPTH} levels deep")
    return found


def child(folder: Path | None, *names: str) -> Path | None:
    """A folder below a folder, whatever the case of its letters; None where there is none."""
    for name in names:
        if folder is None:
            return None
        exact = folder / name
        if not exact.is_dir():
            same = (f for f in folders(folder) if f.name.casefold() == name.casefold())
            folder = next(same, None)
        else:
            folder = exact
    return folder


def frame_files(folder: Path) -> dict[int, Path]:
    """Pictures by the number that ends their name (``img12.jpg``, ``006_05562.jpg``), in order.

    Raises:
        ValueError: two pictures with one number.
    """
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        number = re.search(r"(\d+)$", path.stem)
        if number is None or path.suffix.lower() not in _PICTURES or path.name.startswith("."):
            continue
        if (at := int(number[1])) in found:
            raise ValueError(f"{found[at].name} and {path.name}")
        found[at] = path
    return dict(sorted(found.items()))


def folders(parent: Path) -> list[Path]:
    """Folders in a folder, by name, without what archives and systems leave there."""
    return sorted(
        f for f in parent.iterdir() if f.is_dir() and not f.name.startswith((".", "__MACOSX"))
    )
