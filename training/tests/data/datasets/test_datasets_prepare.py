"""Data sets laid out as released become clip sets, and every clip left out has its reason."""

import json
import shutil
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from flinch_train.__main__ import main
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.datasets.cut import FRAMES, evenly, strongest
from flinch_train.data.labels import ACTION_UNITS, LABELS, VALENCES
from tests import dataset_trees as trees

SIZE = 16


def prepare(dataset: str, root: Path, out: Path, *options: str) -> int:
    fixed = ["--crop", "given", "--size", str(SIZE)]
    return main(
        ["prepare", "--dataset", dataset, "--root", str(root), "--out", str(out), *fixed, *options]
    )


def about(out: Path) -> dict[str, Any]:
    return dict(json.loads((out / "clips.json").read_text("utf-8")))


def emotions(clip_set: ClipSet) -> list[str | None]:
    return [LABELS[k] if k >= 0 else None for k in clip_set.labels]


def valences(clip_set: ClipSet) -> list[str | None]:
    return [VALENCES[k] if k >= 0 else None for k in clip_set.valence]


def test_casme2(tmp_path: Path) -> None:
    names = ("happiness", "repression", "disgust", "surprise", "sadness", "fear", "others")
    rows = [
        (1 + k // 4, f"EP0{k + 1}_01f", 40, 45, 60 - k, "4+R14", e) for k, e in enumerate(names)
    ]
    root, out = trees.casme2(tmp_path / "CASME2", rows), tmp_path / "clips"
    assert prepare("casme2", root, out) == 0
    clip_set, record = ClipSet.open(out), about(out)
    assert emotions(clip_set) == ["happy", "others", "disgust", "surprise", "sad", "fear", "others"]
    # by the data set's own names: repression is negative, and fear and sadness are not counted
    assert valences(clip_set) == ["positive", "negative", "negative", "surprise", None, None, None]
    assert clip_set.frames.shape == (7, FRAMES, SIZE, SIZE, 3)
    assert clip_set.special.shape == (7, 2, SIZE, SIZE, 3)
    shown = [u for u, on in zip(ACTION_UNITS, clip_set.units[0], strict=True) if on]
    assert shown == ["4", "14"]
    assert clip_set.subjects.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert record["subjects"] == ["casme2/sub01", "casme2/sub02"]
    assert record["clips"][0] == "casme2/sub01/EP01_01f"
    assert (record["source"], record["count"], record["fps"], record["skipped"]) == (
        "casme2",
        7,
        200,
        {},
    )
    assert (record["labels"], record["actionUnits"]) == (list(LABELS), list(ACTION_UNITS))
    dtypes = {n: np.load(out / f"{n}.npy").dtype.name for n in ("labels", "units", "subjects")}
    assert dtypes == {"labels": "int8", "units": "int8", "subjects": "int64"}


def test_frames_are_even_in_time_and_rgb(tmp_path: Path) -> None:
    root = trees.casme2(tmp_path, [(1, "EP01_01", 40, 47, 90, "12", "happiness")])
    out = tmp_path / "clips"
    assert prepare("casme2", root, out) == 0
    clip_set = ClipSet.open(out)
    shades = clip_set.frames[0, :, 8, 8, 0].astype(int)  # red is the number of the frame
    assert np.abs(shades - [40, 50, 60, 70, 80, 90]).max() <= 3  # JPEG
    assert np.abs(clip_set.special[0, :, 8, 8, 0].astype(int) - [40, 47]).max() <= 3
    assert clip_set.frames[0, :, 8, 8, 2].min() > 190  # blue


def test_every_row_left_out_has_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: list[tuple[object, ...]] = [
        (1, "EP01_01", 40, 45, 60, "4", "disgust"),
        (1, "EP01_02", 40, "/", 60, "4", "disgust"),
        (1, "EP01_03", 40, 45, 60, "4", "boredom"),
        (2, "EP01_04", 40, 45, 60, "4", "disgust"),
        (2, "EP01_05", 40, 45, 60, "4", "disgust"),
        (2, "EP01_06", 40, 70, 60, "4", "disgust"),
        (2, "EP01_07", 40, 45, 60, "four", "disgust"),
    ]
    root, out = trees.casme2(tmp_path, rows), tmp_path / "clips"
    raw = root / "CASME2_RAW_selected" / "CASME2_RAW_selected"
    shutil.rmtree(raw / "sub02" / "EP01_04")
    for number in range(55, 61):
        (raw / "sub02" / "EP01_05" / f"img{number}.jpg").unlink()
    assert prepare("casme2", root, out) == 0
    printed, record = capsys.readouterr().out, about(out)
    assert record["skipped"] == {
        "emotion unknown": 1,
        "no folder of frames": 1,
        "apex outside onset to offset": 1,
        "apex unknown": 1,
        "offset frame missing": 1,
    }
    assert record["clips"] == ["casme2/sub01/EP01_01", "casme2/sub02/EP01_07"]
    assert "sub01/EP01_02: apex unknown" in printed
    assert "sub01/EP01_03: emotion unknown ('boredom')" in printed
    assert record["notes"] == {"action units unreadable: 'four'": 1}
    assert ClipSet.open(out).units[1].tolist() == [-1] * len(ACTION_UNITS)
    assert len(ClipSet.open(out)) == 2

    assert prepare("casme2", root, out, "--find-apex") == 0
    assert "apex unknown" not in about(out)["skipped"]
    assert "casme2/sub01/EP01_02" in about(out)["clips"]


def test_lost_frames_are_replaced_by_neighbours(tmp_path: Path) -> None:
    root = trees.casme2(tmp_path, [(1, "EP01_01", 40, 50, 90, "12", "happiness")])
    folder = root / "CASME2_RAW_selected" / "CASME2_RAW_selected" / "sub01" / "EP01_01"
    for number in (40, 50, 60, 89, 90):
        (folder / f"img{number}.jpg").unlink()
    assert prepare("casme2", root, tmp_path / "clips") == 0
    clip_set = ClipSet.open(tmp_path / "clips")
    assert np.abs(clip_set.special[0, :, 8, 8, 0].astype(int) - [41, 49]).max() <= 3
    assert abs(int(clip_set.frames[0, -1, 8, 8, 0]) - 88) <= 3


def test_samm(tmp_path: Path) -> None:
    rows = [
        ("006", "006_1_2", 5562, 5565, 5570, "A1B+A2C", "Surprise"),
        ("006", "006_1_3", 10, 12, 14, "R14A or 17A", "Contempt"),
        ("011", "011_3_1", 10, 12, 30, None, "Other"),
        ("011", "011_3_2", 10, 12, 30, 4, "Anger"),
        ("012", "012_3_2", 10, 12, 30, "12", "Happiness"),
    ]
    root, out = trees.samm(tmp_path / "SAMM", rows), tmp_path / "clips"
    assert prepare("samm", root, out) == 0
    clip_set, record = ClipSet.open(out), about(out)
    assert emotions(clip_set) == ["surprise", "others", "others", "anger", "happy"]
    assert valences(clip_set) == ["surprise", "negative", None, "negative", "positive"]
    assert record["subjects"] == ["samm/006", "samm/011", "samm/012"]
    at = {unit: place for place, unit in enumerate(ACTION_UNITS)}
    assert (clip_set.units[0, at["1"]], clip_set.units[0, at["2"]], clip_set.units[0, at["4"]]) == (
        1,
        1,
        0,
    )
    assert (
        clip_set.units[1, at["14"]],
        clip_set.units[1, at["17"]],
        clip_set.units[1, at["12"]],
    ) == (
        -1,
        -1,
        0,
    )
    assert (clip_set.units[2] == -1).all()
    assert record["notes"] == {"no action units given": 1}


def test_smic_takes_hs_and_chooses_the_apex(tmp_path: Path) -> None:
    clips = {
        "s1_ne_01": ("negative", range(20, 40), 33),
        "s1_po_01": ("positive", range(100, 104), 101),
        "s3_sur_01": ("surprise", range(1, 30), 9),
        "s3_xx_01": ("boredom", range(1, 30), 9),
    }
    root, out = trees.smic(tmp_path / "SMIC_all_raw", clips), tmp_path / "clips"
    (root / "HS" / "s1" / "micro" / "Thumbs.db").write_bytes(b"")
    (root / "HS" / "s1" / "micro" / "positive" / "Thumbs.db").write_bytes(b"")
    assert prepare("smic", root, out) == 0
    clip_set, record = ClipSet.open(out), about(out)
    assert emotions(clip_set) == [None, "happy", "surprise"]
    assert valences(clip_set) == ["negative", "positive", "surprise"]
    assert record["subjects"] == ["smic/s01", "smic/s03"]
    assert record["skipped"] == {"emotion unknown": 1}
    assert list(record["notes"].values()) == [3]
    # the apex is the frame with the large white square
    white = (clip_set.special > 240).all(axis=-1).sum(axis=(2, 3))
    assert (white[:, 1] > 5 * np.maximum(white[:, 0], 1)).all()
    # four frames of six: the first and the last once more
    repeated = clip_set.frames[1]
    assert (repeated[0] == repeated[1]).all()
    assert (repeated[4] == repeated[5]).all()
    assert (repeated[2] != repeated[1]).any()


@pytest.mark.parametrize("cut", [False, True])
def test_casme3(tmp_path: Path, cut: bool) -> None:
    rows = [
        ("spNO.1", "a", 355, 360, 372, "4+9+R14", "disgust"),
        ("spNO.1", "a", 400, 403, 410, "12", "Happy"),
        ("spNO.10", "l", 0, 0, 4, 38, "others"),
    ]
    root, out = trees.casme3(tmp_path / "CASME3", rows, cut), tmp_path / "clips"
    for name in ("cas(me)3_part_A_ME_label_JpgIndex_v1.xls", "~$x_part_A_ME_label_v2.xlsx"):
        (root / "annotation" / name).write_bytes(b"the former list; a lock")
    assert prepare("casme3", root, out) == 0
    clip_set, record = ClipSet.open(out), about(out)
    assert emotions(clip_set) == ["disgust", "happy", "others"]
    assert valences(clip_set) == ["negative", "positive", None]
    assert record["clips"] == ["casme3/spNO.1/a_355", "casme3/spNO.1/a_400", "casme3/spNO.10/l_0"]
    assert record["subjects"] == ["casme3/spNO.1", "casme3/spNO.10"]
    assert (record["fps"], record["skipped"]) == (30, {})


def fails(capsys: pytest.CaptureFixture[str], *call: Any) -> str:
    assert prepare(*call) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    return error


def test_what_is_not_there_is_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, empty = tmp_path / "clips", tmp_path / "empty"
    empty.mkdir()
    assert "no such folder" in fails(capsys, "samm", tmp_path / "nowhere", out)
    assert "no folder like 006/" in fails(capsys, "samm", empty, out)
    assert "like HS/s01/" in fails(capsys, "smic", empty, out)

    row = (1, "EP01_01", 40, 45, 60, "4", "disgust")
    root = trees.casme2(tmp_path / "CASME2", [row])
    sheet = root / "CASME2-coding-20140508.xlsx"
    named = ("--labels", str(tmp_path / "none.xlsx"))
    assert "no such spreadsheet" in fails(capsys, "casme2", root, out, *named)
    trees.write_sheet(sheet, [[c for c in trees.CASME2_HEADER if c != "ApexFrame"]])
    assert "has the column(s) ApexFrame" in fails(capsys, "casme2", root, out)
    sheet.rename(sheet.with_suffix(".xls"))
    assert "save it as one" in fails(capsys, "casme2", root, out)
    sheet.with_suffix(".xls").unlink()
    assert "CASME2-coding" in fails(capsys, "casme2", root, out)

    trees.casme2(root, [row])
    shutil.copytree(root / "CASME2_RAW_selected", root / "Cropped")
    assert "name one of them with --root" in fails(capsys, "casme2", root, out)
    assert not out.exists()


def test_a_data_set_without_one_usable_clip_leaves_no_clip_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = trees.casme2(tmp_path, [(1, "E", 40, "/", 60, "4", "disgust")]), tmp_path / "clips"
    assert "no clip can be used: 1 apex unknown" in fails(capsys, "casme2", root, out)
    assert list(out.iterdir()) == []


def test_an_unreadable_picture_costs_its_clip_alone(tmp_path: Path) -> None:
    rows = [(1, name, 40, 45, 60, "4", "disgust") for name in ("A", "B")]
    root, out = trees.casme2(tmp_path, rows), tmp_path / "clips"
    raw = root / "CASME2_RAW_selected" / "CASME2_RAW_selected"
    (raw / "sub01" / "A" / "img40.jpg").write_bytes(b"no picture")
    cv2.imwrite(str(raw / "sub01" / "B" / "reg_img45.jpg"), trees.picture(9))
    (raw / "sub01" / "B" / "._img41.jpg").write_bytes(b"of an archive")
    assert prepare("casme2", root, out) == 1
    (raw / "sub01" / "B" / "reg_img45.jpg").unlink()
    assert prepare("casme2", root, out) == 0
    assert about(out)["skipped"] == {"frame unreadable": 1}


def test_too_few_frames_repeat_first_and_last() -> None:
    assert evenly([7], 6) == [7] * 6
    assert evenly([1, 2, 3], 6) == [1, 1, 2, 3, 3, 3]
    assert evenly([1, 2, 3, 4, 5], 6) == [1, 2, 3, 4, 5, 5]
    assert evenly(range(10, 21), 6) == [10, 12, 14, 16, 18, 20]


def test_a_flash_of_light_is_no_apex() -> None:
    still, moved = trees.picture(90, 4), trees.picture(90, 14)
    lit = np.clip(still.astype(int) + 40, 0, 255).astype(np.uint8)
    assert strongest([still, moved, lit]) == 1
