"""Clips that are rendered while a model learns: the same as a clip set's, each met once."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
import torch

from flinch_train.data.clips import stream
from flinch_train.data.clips.rendered import ClipSampler, number, stats_for
from flinch_train.data.clips.targets import Scenes
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.train.hsta import command as train
from flinch_train.train.hsta.material import streamed
from tests.sim_head import tiny_head
from tests.train.test_train import make_clip_set


class InThisProcess:
    """Processes that are none, so that the tiny head is used."""

    def __init__(self, workers: int, context: object, begin: Callable, given: tuple) -> None:
        begin(*given)

    def submit(self, work: Callable, *given: object) -> Future:
        done: Future = Future()
        done.set_result(work(*given))
        return done

    def shutdown(self, cancel_futures: bool) -> None:
        pass


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Head, "load", staticmethod(lambda path: tiny_head()))
    monkeypatch.setattr(stream, "ProcessPoolExecutor", InThisProcess)


def test_blocks_are_the_clips_of_a_clip_set_one_after_the_other() -> None:
    blocks = stream.Stream(Path("-"), seed=5, block=3, size=48)
    first, second = blocks.take(0), blocks.take(1)
    sampler = ClipSampler(tiny_head(), "train", size=48)
    for k, clips, row in ((0, first, 0), (2, first, 2), (4, second, 1)):
        wanted = sampler.sample(number(5, k))
        assert np.array_equal(clips.frames[row], wanted.frames)
        assert (clips.labels[row], clips.valence[row]) == (wanted.label, wanted.valence)
    blocks.close()


def test_what_moved_is_known_of_every_block() -> None:
    blocks = stream.Stream(Path("-"), seed=5, block=4, size=48)
    scenes = Scenes(Habits(tiny_head(), stats_for(True)), "train", 5)
    material = streamed(blocks.take, scenes, 4, "flow")
    first, second = material(0), material(1)
    assert second.flow is not None
    assert second.flow.shape == (4, 3, 24, 24)
    assert second.targets is not None
    assert np.isfinite(second.targets.values).all()
    whole, _ = scenes.motion(8)
    assert first.targets is not None
    ratio = second.targets.values[whole[4:] != 0] / whole[4:][whole[4:] != 0]
    assert (ratio > 0).all()  # the rows of this block, each over a deviation


def test_a_run_meets_new_clips_every_epoch_and_resumes(tmp_path: Path) -> None:
    held_out, out = make_clip_set(tmp_path / "val", 16, 2), tmp_path / "run"
    options = ["--stream", "16", "--head", "-", "--val-clips", str(held_out), "--out", str(out)]
    options += ["--batch", "8", "--quiet", "--seed", "3"]
    assert train.main([*options, "--epochs", "1"]) == 0
    assert train.main([*options, "--epochs", "2", "--resume"]) == 0
    assert torch.load(out / "checkpoint.pt", weights_only=True)["step"] == 4
    assert '"simulated-stream"' in (out / "run.json").read_text()


def test_a_stream_needs_a_head(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--stream", "16", "--val-clips", "x", "--out", str(tmp_path / "run")]
    with pytest.raises(SystemExit):
        train.main(options)
    assert "--stream needs --head" in capsys.readouterr().err
