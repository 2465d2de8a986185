"""Eyes are found as the daemon finds them, and come to lie where its crop has them."""

from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from flinch_train.__main__ import main
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.datasets.cut import EyeCropper
from flinch_train.data.datasets.face import FaceFinder, Square
from flinch_train.data.sim.camera import CROP_EYES
from tests import dataset_trees as trees
from tests.repository import ROOT

MODELS = ROOT / "models"

# Of frames of demo/video.mp4, saved as PNG, what `FaceDetector`, `LandmarkFitter` and `FaceTrack`
# of src/face/ said: score; x, y, width, height; the detector's eyes; the mesh's eyes in the
# track's square, and in the square that these landmarks ask for.
RECORDED = {
    0: (
        0.944398, (214.4442, 182.2479, 198.8889, 198.8767),
        ((271.1476, 235.8697), (352.6719, 232.4563)),
        ((272.5539, 230.7984), (348.8088, 232.0821)),
        ((273.3490, 230.7938), (348.6918, 231.5221)),
    ),
    285: (
        0.931596, (209.3795, 180.4345, 204.9572, 204.9442),
        ((267.9477, 237.6235), (351.1981, 234.1426)),
        ((268.6383, 231.5528), (345.3822, 231.8704)),
        ((269.6973, 231.9598), (345.3456, 232.0753)),
    ),
    900: (
        0.940106, (213.4679, 183.5147, 198.5573, 198.5448),
        ((268.3759, 236.2112), (350.7609, 231.5657)),
        ((271.3242, 230.0886), (346.5415, 230.9539)),
        ((271.5347, 229.7660), (346.8897, 230.6214)),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder(MODELS)


@pytest.fixture(scope="module")
def demo() -> dict[int, np.ndarray]:
    """The first 301 frames of the bundled video, and frame 900; BGR."""
    frames = {}
    with av.open(str(ROOT / "demo" / "video.mp4")) as video:
        for number, frame in enumerate(video.decode(video=0)):
            if number <= 300 or number == 900:
                frames[number] = frame.to_ndarray(format="bgr24")
            if number == 900:
                return frames
    raise AssertionError("the demo is too short")


@pytest.mark.parametrize("number", RECORDED)
def test_the_twin_says_what_the_daemon_says(
    finder: FaceFinder, demo: dict[int, np.ndarray], number: int
) -> None:
    score, box, eyes, first, second = RECORDED[number]
    (face,) = finder.detect(demo[number])
    assert face.score == pytest.approx(score, abs=1e-3)
    assert (face.x, face.y, face.width, face.height) == pytest.approx(box, abs=0.01)
    assert np.abs(face.eyes - eyes).max() < 0.01
    # OpenCV's releases round a turned warp differently: by 0.02 pixels, of 76 between the eyes
    mesh = finder.fit(demo[number], face.square)
    assert np.abs(mesh.eyes - first).max() < 0.05
    assert np.abs(finder.fit(demo[number], mesh.square).eyes - second).max() < 0.05
    assert mesh.presence > 0.99


def test_where_nobody_is_nobody_is_found(finder: FaceFinder) -> None:
    grey = np.full((480, 640, 3), 90, np.uint8)
    assert finder.detect(grey) == []
    assert finder.follow([grey, grey]) == [None, None]
    assert finder.fit(grey, Square(320, 240, 200, 0)).presence < 0.5


def test_a_face_is_found_again_when_it_jumps(
    finder: FaceFinder, demo: dict[int, np.ndarray]
) -> None:
    there = demo[0]
    away = np.roll(there, -180, axis=1)
    first, lost, second = finder.follow([there, np.full_like(there, 90), away])
    assert lost is None
    assert first is not None
    assert second is not None
    assert np.abs(first.eyes - (180, 0) - second.eyes).max() < 2


def test_grey_and_large_pictures_give_the_same_eyes(
    finder: FaceFinder, demo: dict[int, np.ndarray]
) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(demo[0], cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    large = cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)  # about SAMM's size
    small_mesh, large_mesh = finder.follow([demo[0]])[0], finder.follow([large])[0]
    assert small_mesh is not None
    assert large_mesh is not None
    assert np.abs(large_mesh.eyes / 3 - small_mesh.eyes).max() < 0.05 * 76


def test_one_crop_a_clip_with_the_eyes_in_their_places(
    finder: FaceFinder, demo: dict[int, np.ndarray]
) -> None:
    size = 112
    pictures = [demo[n] for n in range(266, 292, 5)]
    crop = EyeCropper(finder, size).crop(pictures)
    assert crop is not None
    side = 1.1 * size
    for picture in pictures:
        mesh = finder.fit(crop(picture), Square(size / 2, size / 2, side, 0))
        off = np.linalg.norm(mesh.eyes - CROP_EYES * size, axis=1)
        assert off.max() < 0.05 * (CROP_EYES[1, 0] - CROP_EYES[0, 0]) * size
    assert EyeCropper(finder, size).crop([*pictures, np.full_like(pictures[0], 90)]) is None


def test_a_data_set_of_whole_pictures(demo: dict[int, np.ndarray], tmp_path: Path) -> None:
    rows = [
        (1, "EP01_01", 266, 281, 290, "5", "surprise"),
        (2, "EP01_02", 266, 270, 275, "5", "surprise"),  # made-up pictures: nobody in them
    ]
    root, out = trees.casme2(tmp_path / "CASME2", rows), tmp_path / "clips"
    folder = root / "CASME2_RAW_selected" / "CASME2_RAW_selected" / "sub01" / "EP01_01"
    for number in range(266, 291):
        options = [cv2.IMWRITE_JPEG_QUALITY, 97]
        assert cv2.imwrite(str(folder / f"img{number}.jpg"), demo[number], options)
    call = ["prepare", "--dataset", "casme2", "--root", str(root), "--out", str(out)]
    assert main([*call, "--models", str(MODELS)]) == 0
    clip_set = ClipSet.open(out)
    assert clip_set.frames.shape == (1, 6, 112, 112, 3)
    assert '"no face in a frame": 1' in (out / "clips.json").read_text("utf-8")
    # skin is redder than blue: the clip set is RGB
    skin = clip_set.frames[0, 0, 60:70, 50:60].reshape(-1, 3).mean(axis=0)
    assert skin[0] > skin[2] + 10


def test_missing_face_models_are_said_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = ["prepare", "--dataset", "smic", "--root", str(tmp_path), "--out", str(tmp_path / "p")]
    assert main([*call, "--models", str(tmp_path)]) == 1
    assert "no manifest.json with a file for faceDetection" in capsys.readouterr().err
