"""The graphs of the published spotters against plain arithmetic, and against known motion."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest
from numpy.typing import NDArray

from flinch_train.benchmark.baselines import frame_difference, lbp, mdmd
from flinch_train.export.baselines import GRAPHS, main
from tests.repository import ROOT

BENCH = ROOT / "bench"
Crop = NDArray[np.uint8]
Run = Callable[..., NDArray[np.float32]]


def runner(build: Callable[[], onnx.ModelProto]) -> Run:
    session = onnxruntime.InferenceSession(
        build().SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = [value.name for value in session.get_inputs()]

    def run(*crops: Crop) -> NDArray[np.float32]:
        feeds = {name: crop[None] for name, crop in zip(names, crops, strict=True)}
        return np.asarray(session.run(None, feeds)[0])

    return run


def noise(seed: int) -> Crop:
    return np.random.default_rng(seed).integers(0, 256, (112, 112, 3)).astype(np.uint8)


def texture() -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    smooth = cv2.GaussianBlur(rng.uniform(0, 255, (140, 140)).astype(np.float32), (0, 0), 3)
    return np.asarray(cv2.normalize(smooth, None, 40, 210, cv2.NORM_MINMAX), np.float32)


def shot(shift: NDArray[np.float64] | tuple[float, float]) -> Crop:
    """A crop of the texture moved by so many pixels, x first: one vector, or one a pixel."""
    by = np.broadcast_to(np.asarray(shift, np.float32), (112, 112, 2))
    y, x = np.mgrid[0:112, 0:112].astype(np.float32) + 14
    moved = cv2.remap(texture(), x - by[..., 0], y - by[..., 1], cv2.INTER_CUBIC)
    return np.asarray(moved.clip(0, 255).round().astype(np.uint8)[..., None].repeat(3, axis=2))


def grey(crop: Crop) -> NDArray[np.float64]:
    return crop.astype(np.float64) @ [0.114, 0.587, 0.299]


def plain_lbp(crop: Crop) -> NDArray[np.float64]:
    """Uniform patterns of eight neighbours at radius 3, pixel by pixel."""
    picture = np.pad(np.round(grey(crop)), (0, 1))  # what weighs nothing may lie outside
    codes = sorted(c for c in range(256) if turns(c) <= 2)
    bin_of = {code: i for i, code in enumerate(codes)}
    histograms = np.zeros((36, 59))
    offsets = [(-3 * np.sin(a), 3 * np.cos(a)) for a in np.arange(8) * np.pi / 4]
    for y in range(3, 109):
        for x in range(3, 109):
            code = 0
            for n, (dy, dx) in enumerate(offsets):
                y0, x0 = int(np.floor(y + dy + 1e-9)), int(np.floor(x + dx + 1e-9))
                fy, fx = y + dy - y0, x + dx - x0
                square = picture[y0 : y0 + 2, x0 : x0 + 2]
                value = np.array([1 - fy, fy]) @ square @ np.array([1 - fx, fx])
                code |= int(value - picture[y, x] >= -1e-3) << n
            block = (y * 6 // 112) * 6 + x * 6 // 112
            histograms[block, bin_of.get(code, 58)] += 1
    return histograms / histograms.sum(1, keepdims=True)


def turns(code: int) -> int:
    return sum((code >> i & 1) != (code >> (i + 1) % 8 & 1) for i in range(8))


def test_frame_difference_is_the_mean_change_of_grey() -> None:
    run = runner(frame_difference.build)
    before, after = noise(1), noise(2)
    wanted = np.abs(grey(after) - grey(before)).mean()
    assert run(before, after) == pytest.approx([wanted], rel=1e-5)
    assert run(after, after) == [0]


@pytest.mark.parametrize("crop", [noise(3), shot((0, 0)), np.full((112, 112, 3), 77, np.uint8)])
def test_lbp_histograms_are_those_of_a_loop_over_pixels(crop: Crop) -> None:
    found = runner(lbp.build)(crop)
    assert found.shape == (36, 59)
    # Single precision may see a tie otherwise, for one pixel of a block's 256.
    assert np.abs(found - plain_lbp(crop)).max() < 1.01 / 256


def test_lbp_knows_58_uniform_patterns() -> None:
    bins = lbp.uniform_bins()
    assert [int((bins == b).sum()) for b in (0, 57, 58)] == [1, 1, 256 - 58]
    assert all((bins[c] < 58) == (turns(c) <= 2) for c in range(256))


def test_lbp_does_not_see_light() -> None:
    run = runner(lbp.build)
    brighter = shot((0, 0)) + np.uint8(30)
    assert np.abs(run(brighter) - run(shot((0, 0)))).max() < 1e-6


def plain_mdmd(current: NDArray[np.float32], tail: NDArray[np.float32]) -> NDArray[np.float64]:
    """The paper's formula in loops, of the flow from the head, (112, 112, 2) each."""
    found = []
    for block in range(36):
        y, x = 2 + 18 * (block // 6), 2 + 18 * (block % 6)
        to_current = current[y : y + 18, x : x + 18].reshape(-1, 2)
        to_tail = tail[y : y + 18, x : x + 18].reshape(-1, 2)
        angle = np.degrees(np.arctan2(to_current[:, 1], to_current[:, 0])) % 360
        sector = (angle // 90).astype(int)
        member = sector == np.bincount(sector, minlength=4).argmax()
        differences = np.linalg.norm(to_current, axis=1) - np.linalg.norm(to_tail, axis=1)
        largest = np.sort(differences[member])[::-1][: round(member.sum() / 3)]
        found.append(largest.mean())
    return np.array(found)


DIRECTIONS = [(1.0, 0.4), (-0.8, 0.5), (-0.5, -1.0), (0.6, -0.9)]


@pytest.mark.parametrize("shift", DIRECTIONS)
def test_mdmd_of_a_movement_that_returns_is_its_length(shift: tuple[float, float]) -> None:
    still = shot((0, 0))
    found = runner(mdmd.build)(still, shot(shift), still)
    length = np.hypot(*shift)
    assert (found > 0.8 * length).all() and (found < 1.5 * length).all()


@pytest.mark.parametrize("shift", DIRECTIONS)
def test_mdmd_of_a_movement_that_stays_is_nothing(shift: tuple[float, float]) -> None:
    run = runner(mdmd.build)
    still, moved = shot((0, 0)), shot(shift)
    assert np.abs(run(still, moved, moved)).max() < 1e-4
    assert (run(still, still, moved) < 0).all()  # the movement is yet to come


def test_mdmd_agrees_with_the_formula_on_another_method_s_flow() -> None:
    y, x = np.mgrid[0:112, 0:112]
    brow = np.exp(-(((x - 40) / 14) ** 2 + ((y - 36) / 10) ** 2))
    mouth = np.exp(-(((x - 70) / 16) ** 2 + ((y - 80) / 10) ** 2))
    current = brow[..., None] * [0.3, -1.4] + mouth[..., None] * [1.0, 0.3]
    tail = mouth[..., None] * [1.0, 0.3]
    crops = [shot((0, 0)), shot(current), shot(tail)]
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    flows = [dis.calc(crops[0][..., 0], crop[..., 0], None) for crop in crops[1:]]
    wanted = plain_mdmd(*flows)
    found = runner(mdmd.build)(*crops)
    assert np.corrcoef(found, wanted)[0, 1] > 0.95
    assert set(np.argsort(found)[-3:]) == set(np.argsort(wanted)[-3:])
    assert set(np.argsort(found)[-3:]) <= {7, 8, 13, 14}  # the brow, and not the mouth, which stays


def test_mdmd_s_commonest_direction_decides() -> None:
    """The lowest rows of a block move farther than the rest, and the other way."""
    mostly = np.full((112, 112, 2), -0.4)
    partly = mostly.copy()
    partly[51:66, 30:64] = [1.4, 1.4]
    run = runner(mdmd.build)
    still = shot((0, 0))
    block = 2 * 6 + 2  # rows and columns 38 … 55
    alone, beside = (run(still, shot(shift), still)[block] for shift in (mostly, partly))
    assert run(still, shot(partly), still)[block + 6] > 2 * alone
    assert beside < 1.2 * alone


def test_mdmd_does_not_see_light() -> None:
    still = shot((0, 0))
    darker = (still * 0.8).astype(np.uint8)
    assert np.abs(runner(mdmd.build)(still, darker, still)).max() < 0.1


def test_the_shipped_graphs_are_what_the_command_writes(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    for name in GRAPHS:
        written, shipped = tmp_path / f"{name}.onnx", BENCH / f"{name}.onnx"
        assert onnx.load(written) == onnx.load(shipped)
        assert shipped.stat().st_size < 100_000
        assert [entry.version for entry in onnx.load(shipped).opset_import] == [17]
