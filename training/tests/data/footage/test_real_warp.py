"""Known expressions on skin: what is put in is what is to be seen, and nothing else."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from flinch_train.data.datasets.face import FaceFinder
from flinch_train.data.footage.clip import LosslessWriter, pictures
from flinch_train.data.footage.expressions import AMPLITUDE, EMOTIONS, Expressions
from flinch_train.data.footage.fields import Box, of_flow, of_units
from flinch_train.data.footage.footage import Video, sha256_of
from flinch_train.data.footage.head_fit import MESH, HeadFitter
from flinch_train.data.footage.warp import warped
from flinch_train.data.footage.warped_video import VideoWarper, rigid_motion
from flinch_train.data.sim.action_units import shapes
from tests.repository import ROOT
from tests.sim_head import tiny_head

STILL = np.array([(1.0, 0, 0), (0, 1, 0)])


def textured(height: int, width: int, seed: int = 0):
    """A drawn picture with something to follow everywhere, as planes."""
    rng = np.random.default_rng(seed)

    def plane(h: int, w: int):
        grain = cv2.GaussianBlur(rng.normal(size=(h, w)).astype(np.float32), (0, 0), 2.5)
        return np.clip(128 + 380 * grain, 0, 255).astype(np.uint8)

    half = height // 2, width // 2
    return plane(height, width), plane(*half), plane(*half)


def drawn_clip(path: Path, frames: int = 6) -> Path:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        for k in range(frames):
            picture = cv2.merge([textured(64, 96, k)[0]] * 3)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        out.mux(stream.encode(None))
    return path


def mesh_of(head, camera, shift):
    """Landmarks (468, 2) of a head that a camera (2, 3) sees; y is down."""
    mesh = np.zeros((468, 2))
    seen = head.neutral[head.landmarks[17:]].astype(np.float64) @ camera.T * (1, -1) + shift
    mesh[MESH] = seen
    return mesh


@pytest.fixture(scope="module")
def face():
    """A tiny head before a camera: the head, what the fitter makes of it, its landmarks."""
    head = tiny_head()
    camera = 14.0 * np.array([(0.98, 0.0, -0.199), (0.0, 1.0, 0.0)])
    mesh = mesh_of(head, camera, (160.0, 140.0))
    return head, HeadFitter(head).fit(mesh), mesh, camera


def test_a_lossless_copy_is_the_same_to_the_bit(tmp_path):
    source, copy = drawn_clip(tmp_path / "a.mp4"), tmp_path / "b.mp4"
    with LosslessWriter(copy, source) as writer:
        for picture in pictures(source):
            writer.write(picture.planes, picture.pts)
    for a, b in zip(pictures(source), pictures(copy), strict=True):
        assert a.ms == b.ms
        assert all(np.array_equal(p, q) for p, q in zip(a.planes, b.planes, strict=True))


def test_times_stay_what_they_are_at_a_rate_that_wavers(tmp_path):
    source, copy = tmp_path / "a.mp4", tmp_path / "b.mp4"
    times = [0, 4242, 7242, 10242, 13242, 13900, 19242, 22242]  # of 90,000 a second
    with av.open(str(source), "w") as out:
        stream = out.add_stream("libx264", rate=30, options={"bf": "0"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv420p"
        stream.codec_context.time_base = stream.time_base = Fraction(1, 90_000)
        for k, time in enumerate(times):
            picture = cv2.merge([textured(64, 96, k)[0]] * 3)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = time, Fraction(1, 90_000)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    with LosslessWriter(copy, source) as writer:
        for picture in pictures(source):
            writer.write(picture.planes, picture.pts)
    wanted = [picture.ms for picture in pictures(source)]
    assert len(wanted) == len(times)
    assert [picture.ms for picture in pictures(copy)] == wanted


def test_two_frames_of_one_time_are_both_kept(tmp_path):
    source, copy = drawn_clip(tmp_path / "a.mp4"), tmp_path / "b.mp4"
    seen = list(pictures(source))
    with LosslessWriter(copy, source) as writer:
        for picture in seen:
            writer.write(picture.planes, picture.pts - (picture.pts == seen[3].pts) * seen[1].pts)
    times = [picture.ms for picture in pictures(copy)]
    assert len(times) == len(seen)
    assert times == sorted(set(times))


def test_other_pixels_are_refused(tmp_path):
    path = tmp_path / "rgb.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264rgb", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 64, 64, "rgb24"
        picture = np.zeros((64, 64, 3), np.uint8)
        out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    with pytest.raises(SystemExit, match="yuv420p is wanted"):
        list(pictures(path))


def test_a_field_of_nought_leaves_every_pixel_alone():
    planes = textured(120, 160)
    box = Box(20, 10, 100, 80)
    moved = warped(planes, np.zeros((80, 100, 2), np.float32), box)
    assert all(np.array_equal(p, q) for p, q in zip(planes, moved, strict=True))


def test_outside_of_the_box_every_pixel_stays():
    planes, box = textured(120, 160), Box(20, 10, 100, 80)
    moved = warped(planes, np.full((80, 100, 2), 3.0, np.float32), box)
    outside = np.ones((120, 160), bool)
    outside[10:90, 20:120] = False
    assert np.array_equal(planes[0][outside], moved[0][outside])
    assert not np.array_equal(planes[0], moved[0])


def test_the_flow_between_plain_and_warped_is_the_field_that_was_put_in(face):
    head, fitted, mesh, _ = face
    field = of_units(head, fitted, mesh, shapes(head, "4") | shapes(head, "12"))
    planes = textured(300, 320)
    put, box = field.at(STILL, 300, 320, 2.5)
    after = warped(planes, put, box)[0]
    before = planes[0][box.top : box.top + box.height, box.left : box.left + box.width].copy()
    after = after[box.top : box.top + box.height, box.left : box.left + box.width].copy()
    # what the later picture shows at a place lay where the field points back to
    method = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    measured = -method.calc(after, before, None)
    strong = np.hypot(put[..., 0], put[..., 1]) > 0.75
    off = np.hypot(*np.moveaxis(measured - put, -1, 0))
    assert strong.sum() > 300
    assert np.median(off[strong]) < 0.2
    weak = np.hypot(put[..., 0], put[..., 1]) < 0.01
    assert np.median(off[weak]) < 0.05


def test_the_head_lies_over_the_face_that_it_is_fitted_to(face):
    head, fitted, _, camera = face
    true = head.neutral[fitted.numbers].astype(np.float64) @ camera.T * (1, -1) + (160.0, 140.0)
    off = np.hypot(*(fitted.places - true).T)
    assert np.median(off) < 1.0  # pixels, of 90 between the eyes
    assert fitted.error < 0.01
    assert abs(fitted.turn - np.degrees(np.arcsin(0.199))) < 3
    assert (head.neutral[fitted.numbers, 2] > -3).all()  # the back of the head is not seen


def test_the_farthest_goes_as_far_as_is_asked_for(face):
    head, fitted, mesh, _ = face
    field = of_units(head, fitted, mesh, shapes(head, "12"))
    moved, _ = field.at(STILL, 300, 320, 5.0)
    assert np.hypot(moved[..., 0], moved[..., 1]).max() == pytest.approx(5.0, rel=0.1)


def test_a_smile_pulls_up_the_corners_of_the_mouth_and_no_brow(face):
    head, fitted, mesh, _ = face
    field = of_units(head, fitted, mesh, shapes(head, "12"))
    moved, box = field.at(STILL, 300, 320, 5.0)

    def at(landmark: int):
        x, y = mesh[landmark]
        return moved[int(y) - box.top, int(x) - box.left]

    assert at(61)[1] < -2 and at(291)[1] < -2
    assert np.hypot(*at(105)) < 0.2


def test_a_field_goes_along_with_the_head(face):
    head, fitted, mesh, _ = face
    field = of_units(head, fitted, mesh, shapes(head, "12"))
    moved, box = field.at(STILL, 300, 320, 5.0)
    quarter = np.array([(0.0, -1.0, 300.0), (1.0, 0.0, 0.0)])  # x, y → 300 - y, x
    turned, place = field.at(quarter, 320, 300, 5.0)
    x, y = (round(float(v)) for v in mesh[61])
    before = moved[y - box.top, x - box.left]
    after = turned[x - place.top, 300 - y - place.left]
    assert np.allclose(after, (-before[1], before[0]), atol=0.4)


def test_a_head_that_turns_and_nears_is_followed():
    points = np.random.default_rng(0).normal(size=(12, 2)) * 40
    wanted = np.array([(1.1, -0.2, 5.0), (0.2, 1.1, -3.0)])
    found = rigid_motion(points, points @ wanted[:, :2].T + wanted[:, 2])
    assert np.allclose(found, wanted)


def test_a_field_outside_of_the_picture_is_none(face):
    head, fitted, mesh, _ = face
    field = of_units(head, fitted, mesh, shapes(head, "12"))
    away = np.array([(1.0, 0, 5000.0), (0, 1, 0)])
    assert field.at(away, 300, 320, 5.0) is None


def test_measured_flow_is_put_where_the_data_set_cut_the_face(face):
    _, _, mesh, _ = face
    flow = np.zeros((3, 28, 28), np.float32)
    flow[1, 20:24, 8:20] = -1.0  # something low in the face goes up
    field = of_flow(flow, "casme2", mesh)
    moved, box = field.at(STILL, 300, 320, 4.0)
    top = np.unravel_index(np.hypot(moved[..., 0], moved[..., 1]).argmax(), moved.shape[:2])
    x, y = top[1] + box.left, top[0] + box.top
    assert moved[top][1] < -3
    assert y > mesh[[33, 263], 1].mean() + 20  # below the eyes
    assert abs(x - mesh[[33, 263], 0].mean()) < 40


def test_expressions_are_the_same_for_a_seed_and_show_every_emotion_as_often():
    expressions = Expressions(tiny_head())
    sha256 = "ab" * 32
    found = list(expressions.of(sha256, 1, 600_000.0))
    assert found == list(expressions.of(sha256, 1, 600_000.0))
    assert found != list(expressions.of(sha256, 2, 600_000.0))
    counts = [sum(one.emotion == emotion for one in found) for emotion in EMOTIONS]
    assert max(counts) - min(counts) <= 1 and min(counts) > 15
    for one, following in pairwise(found):
        assert following.move.onset - one.move.offset > 2000
    assert found[0].move.onset >= 2000
    assert found[-1].move.offset < 600_000
    for one in found:
        assert AMPLITUDE[0] <= one.amplitude <= AMPLITUDE[1]
        assert one.move.offset - one.move.onset <= 501


def test_a_video_gets_its_expressions_and_nothing_else(tmp_path, monkeypatch):
    """The bundled video's face, which is drawn, with the models that ship."""
    demo = tmp_path / "demo.mp4"
    with av.open(str(ROOT / "demo" / "video.mp4")) as whole, av.open(str(demo), "w") as out:
        source = whole.streams.video[0]
        stream = out.add_stream("libx264", rate=30, options={"crf": "10", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = source.width, source.height, "yuv420p"
        for k, frame in enumerate(whole.decode(source)):
            if k >= 220:
                break
            if k % 2 == 0:
                fresh = av.VideoFrame.from_ndarray(frame.to_ndarray(format="bgr24"), format="bgr24")
                out.mux(stream.encode(fresh))
        out.mux(stream.encode(None))
    video = Video(demo, sha256_of(demo), "drawn", "calm", 110, 30.0)
    copy = tmp_path / "shown.mp4"
    # the tiny head resembles nobody, so that how it is turned says nothing
    monkeypatch.setattr("flinch_train.data.footage.warped_video.TURNED", 90.0)
    shown = VideoWarper(tiny_head(), ROOT / "models").write(video, 1, copy)
    assert len(shown) == 1
    truth = json.loads(copy.with_suffix(".json").read_text())
    (event,) = truth["events"]
    assert event["kind"] == "micro_expression" and event["emotion"] in EMOTIONS
    changed = [
        plain.ms
        for plain, moved in zip(pictures(demo), pictures(copy), strict=True)
        if not all(np.array_equal(p, q) for p, q in zip(plain.planes, moved.planes, strict=True))
    ]
    assert min(changed) > event["onsetMs"] and max(changed) < event["offsetMs"]
    assert len(changed) >= 2
    finder = FaceFinder(ROOT / "models")
    (mesh,) = finder.follow([next(pictures(demo)).bgr()])
    assert event["eyeDistancePx"] == pytest.approx(
        np.hypot(*(mesh.eyes[1] - mesh.eyes[0])), rel=0.1
    )
