"""Folders laid out as CASME II, SAMM, SMIC and CAS(ME)³ are released, with made-up pictures."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from openpyxl import Workbook

SIDE = 40
Row = tuple[Any, ...]

CASME2_HEADER = (
    "Subject", "Filename", None, "OnsetFrame", "ApexFrame", "OffsetFrame", None, "Action Units",
    "Estimated Emotion",
)  # fmt: skip
SAMM_HEADER = (
    "Subject", "Filename", "Inducement Code", "Onset Frame", "Apex Frame", "Offset Frame",
    "Duration", "Micro", "Action Units", "Estimated Emotion", "Objective Classes", "Notes",
)  # fmt: skip
CASME3_HEADER = (
    "Subject", "Filename", "Onset", "Apex", "Offset", "AU", "Objective class", "emotion",
)  # fmt: skip


def picture(shade: int, square: int = 0) -> np.ndarray:
    """Grey of one shade, blue in it, with a white square of that many pixels in the middle."""
    image = np.full((SIDE, SIDE, 3), shade, np.uint8)
    image[..., 0] = 200
    if square:
        low = SIDE // 2 - square // 2
        image[low : low + square, low : low + square] = 255
    return image


def write_frames(folder: Path, name: str, numbers: Iterable[int]) -> None:
    """Frames whose shade is their number; ``name`` takes the number, as in "img{}.jpg"."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        assert cv2.imwrite(str(folder / name.format(number)), picture(number % 200))


def write_sheet(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> Path:
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def casme2(root: Path, rows: Sequence[Row]) -> Path:
    """Rows: subject, clip, onset, apex, offset, units, emotion; frames lie from onset to offset."""
    cells = [(s, c, None, on, ap, off, None, u, e) for s, c, on, ap, off, u, e in rows]
    write_sheet(root / "CASME2-coding-20140508.xlsx", [CASME2_HEADER, *cells])
    for subject, clip, onset, _, offset, *_ in rows:
        folder = root / "CASME2_RAW_selected" / "CASME2_RAW_selected" / f"sub{subject:02d}"
        write_frames(folder / str(clip), "img{}.jpg", range(onset, offset + 1))
    return root


def samm(root: Path, rows: Sequence[Row]) -> Path:
    """Rows: subject, clip, onset, apex, offset, units, emotion."""
    notes = [[f"note {k}"] for k in range(13)]
    cells = [(s, c, 1, on, ap, off, 0, "Micro", u, e, 1, "") for s, c, on, ap, off, u, e in rows]
    sheet = [*notes, SAMM_HEADER, *cells]
    write_sheet(root / "SAMM_Micro_FACS_Codes_v2.xlsx", sheet, "MICRO_ONLY")
    for subject, clip, onset, _, offset, *_ in rows:
        name = f"{subject}_{{:05d}}.jpg"
        numbers = range(onset, offset + 1)
        write_frames(root / "SAMM" / str(subject) / str(clip), name, numbers)
    return root


def smic(root: Path, clips: dict[str, tuple[str, range, int]]) -> Path:
    """Clips: folder's name -> emotion, numbers of its frames, and the one that is the apex."""
    for clip, (emotion, numbers, apex) in clips.items():
        for camera in ("HS", "VIS"):
            subject = clip.split("_")[0]
            folder = root / camera / subject / "micro" / emotion / clip
            folder.mkdir(parents=True)
            for number in numbers:
                square = 20 if number == apex else 4
                cv2.imwrite(str(folder / f"image{number}.bmp"), picture(90, square))
    return root


def casme3(root: Path, rows: Sequence[Row], cut: bool = False) -> Path:
    """Rows: subject, clip, onset, apex, offset, units, emotion; ``cut``: one folder a clip."""
    cells = [(s, c, on, ap, off, u, "I", e) for s, c, on, ap, off, u, e in rows]
    name = "cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx"
    write_sheet(root / "annotation" / name, [CASME3_HEADER, *cells], "label")
    for subject, clip, onset, _, offset, *_ in rows:
        small = str(subject).replace("NO", "No")
        numbers = range(onset, offset + 1)
        if cut:
            for kind in ("frame", "depth"):
                folder = root / "Part_A_ME_clip" / kind / f"{small}_{clip}_{onset}"
                write_frames(folder, "{}.jpg", numbers)
        else:
            write_frames(root / "part_A" / small / str(clip) / "color", "{}.jpg", numbers)
    return root
