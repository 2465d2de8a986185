"""Clip sets of faces that flow moves, and the same clip sets joined with rendered ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from flinch_train.data.clips import join, moved_faces
from flinch_train.data.clips import rendered as clips
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.targets import motion_targets
from flinch_train.data.labels import LABELS
from flinch_train.data.sim.head import Head
from tests.sim_head import tiny_head


@pytest.fixture(autouse=True)
def _small_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Head, "load", staticmethod(lambda path: tiny_head()))


def real_flow(folder: Path) -> Path:
    """Four clips of two people."""
    rng = np.random.default_rng(0)
    folder.mkdir()
    flow = rng.integers(0, 256, (4, 28, 28, 3), dtype=np.uint8)
    np.savez(folder / "flow.npz", flow=flow)
    rows = ["dataset,subject,sample,label", "a,1,x,0", "a,1,y,1", "a,2,z,2", "a,2,w,0"]
    (folder / "index.csv").write_text("\n".join(rows) + "\n")
    return folder


class InThisProcess:
    """No processes at all, so that the tiny head is used."""

    def __init__(self, workers: int, context: object, begin: object, given: tuple) -> None:
        begin(*given)  # type: ignore[operator]

    def __enter__(self) -> "InThisProcess":
        return self

    def __exit__(self, *error: object) -> None:
        pass

    map = staticmethod(map)


@pytest.fixture
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moved_faces, "ProcessPoolExecutor", InThisProcess)


@pytest.mark.usefixtures("_one_process")
def test_a_clip_set_of_real_motion_knows_valence_and_people(tmp_path: Path) -> None:
    flow, out = real_flow(tmp_path / "flow"), tmp_path / "clips"
    options = ["--flow", str(flow), "--head", "-", "--out", str(out), "--every", "2"]
    assert moved_faces.main(options) == 0
    clip_set, about = ClipSet.open(out), json.loads((out / "clips.json").read_text())
    assert clip_set.valence.tolist() == [0, 1, 2, 0] * 2
    assert clip_set.labels[:3].tolist() == [-1, LABELS.index("happy"), LABELS.index("surprise")]
    assert [about["subjects"][s] for s in clip_set.subjects[:4]] == ["a/1", "a/1", "a/2", "a/2"]
    assert about["source"] == "real-motion"
    assert not np.array_equal(
        clip_set.special[0], clip_set.special[4]
    )  # another face, another strength
    assert (
        np.abs(clip_set.special[0, 0].astype(int) - clip_set.special[0, 1]).mean() > 0.3
    )  # it moves


@pytest.mark.usefixtures("_one_process")
def test_what_moved_is_unknown_in_a_clip_set_joined_with_moved_faces(tmp_path: Path) -> None:
    flow = real_flow(tmp_path / "flow")
    moved = ["--flow", str(flow), "--head", "-", "--out", str(tmp_path / "moved")]
    assert moved_faces.main(moved) == 0
    sampler = clips.ClipSampler(tiny_head(), "train", size=112)
    rendered = tmp_path / "rendered"
    rendered.mkdir()
    kept = [sampler.sample(3 * 1_000_000_008 + k) for k in range(3)]
    arrays = {
        "frames": [c.frames for c in kept], "special": [c.special for c in kept],
        "labels": [c.label for c in kept], "valence": [c.valence for c in kept],
        "units": [c.units for c in kept], "subjects": [0, 0, 0],
    }  # fmt: skip
    for name, rows in arrays.items():
        np.save(rendered / f"{name}.npy", np.array(rows))
    about = clips.about("train", 3, 3, "criteria")
    (rendered / "clips.json").write_text(json.dumps(about))
    join.join([rendered, tmp_path / "moved"], tmp_path / "both")
    clip_set = ClipSet.open(tmp_path / "both")
    targets = motion_targets(clip_set, tmp_path / "both", Path("-"))
    assert np.isfinite(targets.values[:3]).all()
    assert np.isnan(targets.values[3:]).all()
    assert (targets.shares.emotion.sum(axis=1) == 1).all()
