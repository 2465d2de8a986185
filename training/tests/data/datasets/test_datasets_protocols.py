"""Folds that share nobody, classes as protocols count them, and clip sets as one."""

import json
from pathlib import Path

import numpy as np
import pytest

from flinch_train.__main__ import main
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.composite import clip_key, read_list
from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.errors import DatasetError
from flinch_train.data.labels import ACTION_UNITS, LABELS, VALENCES
from flinch_train.data.protocols import CLASS_NAMES, k_fold, loso, view
from tests import dataset_trees as trees

SUBJECTS = np.repeat([4, 1, 9, 7, 2], [1, 30, 3, 12, 5])


def check(folds: list[tuple[np.ndarray, np.ndarray]]) -> None:
    tested = np.concatenate([test for _, test in folds])
    assert sorted(tested) == list(range(len(SUBJECTS)))
    for train, test in folds:
        assert len(train) + len(test) == len(SUBJECTS)
        assert not set(SUBJECTS[train]) & set(SUBJECTS[test])


def test_leave_one_subject_out() -> None:
    folds = list(loso(SUBJECTS))
    check(folds)
    assert len(folds) == 5
    assert all(len(set(SUBJECTS[test])) == 1 for _, test in folds)


def test_k_folds_of_subjects_are_even_in_clips() -> None:
    subjects = np.random.default_rng(0).integers(0, 60, 900)
    sizes = [len(test) for _, test in k_fold(subjects, 10, seed=3)]
    assert max(sizes) - min(sizes) <= 3
    folds = list(k_fold(SUBJECTS, 2, seed=1))
    check(folds)
    assert sorted(len(test) for _, test in folds) == [21, 30]


def test_folds_come_from_the_seed_alone() -> None:
    subjects = np.arange(20).repeat(3)
    tests = [[t.tolist() for _, t in k_fold(subjects, 5, seed)] for seed in (1, 1, 2)]
    assert tests[0] == tests[1]
    assert tests[0] != tests[2]


@pytest.mark.parametrize("k", [0, 1, 6])
def test_impossible_folds_are_refused(k: int) -> None:
    with pytest.raises(ValueError, match="wanted 2 to 5"):
        list(k_fold(SUBJECTS, k, seed=0))


def test_views() -> None:
    clips = [  # label, valence -> of seven, of four, of three
        ("others", None, "others", "others", None),
        ("others", "negative", "others", "negative", "negative"),  # repression, contempt
        ("sad", None, "sad", "negative", None),  # CASME II's
        ("anger", "negative", "anger", "negative", "negative"),
        ("happy", "positive", "happy", "positive", "positive"),
        ("surprise", "surprise", "surprise", "surprise", "surprise"),
        (None, "negative", None, "negative", "negative"),  # SMIC's
        ("none", None, None, None, None),
        (None, None, None, None, None),
    ]
    labels = np.array([LABELS.index(c[0]) if c[0] else -1 for c in clips])
    valence = np.array([VALENCES.index(c[1]) if c[1] else -1 for c in clips])
    for column, classes in enumerate((7, 4, 3), 2):
        names = CLASS_NAMES[classes]
        seen = [names[k] if k >= 0 else None for k in view(labels, valence, classes)]
        assert seen == [c[column] for c in clips], classes
    assert len(CLASS_NAMES[7]) == 7
    with pytest.raises(KeyError):
        view(labels, valence, 5)  # type: ignore[arg-type]


def prepared(dataset: str, root: Path, out: Path, size: int = 16) -> Path:
    fixed = ["--crop", "given", "--size", str(size), "--dataset", dataset]
    assert main(["prepare", "--root", str(root), "--out", str(out), *fixed]) == 0
    return out


@pytest.fixture
def clip_sets(tmp_path: Path) -> list[Path]:
    casme2 = [
        (1, "EP02_01f", 40, 45, 50, "12", "happiness"),
        (1, "EP03_02", 40, 45, 50, "4", "others"),
        (6, "EP01_2", 40, 45, 50, "4", "repression"),
    ]
    samm = [
        ("006", "006_1_2", 40, 45, 50, "4", "Contempt"),
        ("007", "007_5_3", 40, 45, 50, "1+2", "Surprise"),
    ]
    smic = {"s1_po_01": ("positive", range(1, 9), 5), "s6_ne_02": ("negative", range(1, 9), 5)}
    return [
        prepared("casme2", trees.casme2(tmp_path / "C", casme2), tmp_path / "casme2"),
        prepared("samm", trees.samm(tmp_path / "S", samm), tmp_path / "samm"),
        prepared("smic", trees.smic(tmp_path / "M", smic), tmp_path / "smic"),
    ]


def test_joined_clip_sets_keep_their_people_apart(clip_sets: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "joined"
    assert main(["join", "--out", str(out), *map(str, clip_sets)]) == 0
    whole, parts = ClipSet.open(out), [ClipSet.open(p) for p in clip_sets]
    about = json.loads((out / "clips.json").read_text("utf-8"))
    assert about["subjects"] == [
        "casme2/sub01", "casme2/sub06", "samm/006", "samm/007", "smic/s01", "smic/s06",
    ]  # fmt: skip
    assert whole.subjects.tolist() == [0, 0, 1, 2, 3, 4, 5]
    assert about["source"] == "casme2+samm+smic"
    assert [p["source"] for p in about["parts"]] == ["casme2", "samm", "smic"]
    for name in ("frames", "special", "labels", "valence", "units"):
        both = np.concatenate([getattr(part, name) for part in parts])
        assert (getattr(whole, name) == both).all(), name
    assert isinstance(whole.frames, np.memmap)
    assert sum(about["notes"].values()) == 2  # SMIC's apex frames


def test_a_joined_clip_set_can_be_joined(clip_sets: list[Path], tmp_path: Path) -> None:
    two, three = tmp_path / "two", tmp_path / "three"
    assert main(["join", "--out", str(two), *map(str, clip_sets[:2])]) == 0
    assert main(["join", "--out", str(three), str(two), str(clip_sets[2])]) == 0
    about = json.loads((three / "clips.json").read_text("utf-8"))
    assert len(about["subjects"]) == 6
    assert about["clips"][-1] == "smic/s06/s6_ne_02"


def test_the_composite_s_list_says_which_clips_count(
    clip_sets: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed, out = tmp_path / "list.csv", tmp_path / "megc"
    listed.write_text(
        "casme2,sub01,EP02_01f,1\n,,,\ncasme2,sub06,EP01_2,0\n,,,\nsamm,6,006_1_2,0\n"
        "smic,s01,s01_po_01,1\nsmic,s06,s06_ne_02,2\nsmic,s09,s09_sur_01,2\n"
    )
    assert main(["join", "--out", str(out), *map(str, clip_sets), "--only", str(listed)]) == 0
    printed, clip_set = capsys.readouterr().out, ClipSet.open(out)
    about = json.loads((out / "clips.json").read_text("utf-8"))
    assert [VALENCES[v] for v in clip_set.valence] == [
        "positive", "negative", "negative", "positive", "surprise",
    ]  # fmt: skip
    assert "smic/s06/s6_ne_02: negative in its clip set, surprise in the list" in printed
    assert "smic/s9/s9_sur_1: in the list, in no clip set" in printed
    assert about["skipped"] == {"not in the list": 2}
    assert about["subjects"] == ["casme2/sub01", "casme2/sub06", "samm/006", "smic/s01", "smic/s06"]


def test_clip_sets_that_do_not_go_together(
    clip_sets: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    larger = prepared("samm", tmp_path / "S", tmp_path / "larger", size=24)
    other = tmp_path / "other"
    writer = ClipSetWriter(other, 1, 6, 16)
    picture = np.zeros((6, 16, 16, 3), np.uint8)
    writer.add(picture, picture[:2], 0, -1, [0] * len(ACTION_UNITS), 0)
    writer.close({"actionUnits": ["1"]})
    cases = [
        ([clip_sets[0], larger], "differ in shape"),
        ([clip_sets[0], clip_sets[0]], "3 clips are in more than one clip set"),
        ([clip_sets[0], tmp_path / "none"], "no clip set"),
        ([clip_sets[0], other], "its actionUnits are not"),
        ([clip_sets[0], tmp_path / "joined"], "one of the clip sets to join"),
    ]
    for folders, error in cases:
        assert main(["join", "--out", str(tmp_path / "joined"), *map(str, folders)]) == 1
        assert error in capsys.readouterr().err
    assert not (tmp_path / "joined").exists()


def test_simulated_people_are_told_apart_by_namespace(tmp_path: Path) -> None:
    for name, seed in (("train", 1), ("train", 2), ("test", 1)):
        writer = ClipSetWriter(tmp_path / f"{name}{seed}", 2, 6, 16)
        for person in (5, 8):
            picture = np.zeros((6, 16, 16, 3), np.uint8)
            writer.add(picture, picture[:2], 0, -1, [0] * len(ACTION_UNITS), person)
        writer.close({"namespace": name, "seed": seed})
    names = [str(tmp_path / name) for name in ("train1", "train2", "test1")]
    assert main(["join", "--out", str(tmp_path / "joined"), *names]) == 0
    assert ClipSet.open(tmp_path / "joined").subjects.tolist() == [0, 1, 0, 1, 2, 3]


def test_lists(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("smic,s01,s01_ne_01,0\n")
    assert read_list(path) == {"smic/s1/s1_ne_1": 0}
    assert clip_key("CASME2/sub10/EP06_02_01") == "casme2/sub10/ep6_2_1"
    path.write_text("smic,s01,s01_ne_01,negative\n")
    with pytest.raises(DatasetError, match=r"list\.csv:1: not data set"):
        read_list(path)
    with pytest.raises(DatasetError, match="cannot be read"):
        read_list(tmp_path / "none.csv")
