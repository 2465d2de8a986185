"""A clip out of its frames: six of them from onset to offset, and the special pair, aligned."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.data.datasets.face import FaceFinder, Picture, warp
from flinch_train.data.datasets.layout import frame_files
from flinch_train.data.datasets.sample import Sample, Skip
from flinch_train.data.sim.camera import align

FRAMES = 6
_DROPPED = 2  # frames: cameras lose some, and so far away the next one may stand in
_BLUR = 1 / 56  # share of the side: below it, difference is noise more than motion

Crop = Callable[[Picture], Picture]


@dataclass(frozen=True)
class Clip:
    """frames (FRAMES, S, S, 3), special (2, S, S, 3): uint8 RGB; notes: what was made up."""

    frames: NDArray[np.uint8]
    special: NDArray[np.uint8]
    notes: tuple[str, ...] = ()


class Cropper(Protocol):
    """How the face is cut out of a clip's pictures."""

    def crop(self, pictures: list[Picture]) -> Crop | None:
        """One cut for all of a clip, judged by these pictures of it; None: no face in one."""


@dataclass(frozen=True)
class EyeCropper:
    """The daemon's crop: the mean eyes of the clip come to lie at ``CROP_EYES``.

    The daemon smooths its alignment so that within a clip it hardly moves; here it does not at all.
    """

    finder: FaceFinder
    size: int

    def crop(self, pictures: list[Picture]) -> Crop | None:
        """See ``Cropper.crop``."""
        meshes = self.finder.follow(pictures)
        eyes = [mesh.eyes for mesh in meshes if mesh is not None]
        if len(eyes) < len(meshes):
            return None
        matrix = align(np.mean(eyes, axis=0).astype(np.float32), self.size)
        return lambda picture: warp(picture, matrix, self.size)


@dataclass(frozen=True)
class GivenCropper:
    """Pictures that are crops already, scaled to a square; where the eyes lie is their affair."""

    size: int

    def crop(self, pictures: list[Picture]) -> Crop | None:
        """See ``Cropper.crop``."""
        return lambda picture: np.asarray(
            cv2.resize(picture, (self.size, self.size), interpolation=cv2.INTER_AREA), np.uint8
        )


class _Unreadable(Exception):
    pass


def cut(sample: Sample, cropper: Cropper, find_apex: bool) -> Clip | Skip:
    """One clip; ``find_apex`` allows to choose the apex where none is given."""
    if sample.apex is None and not find_apex:
        return Skip(sample.clip, "apex unknown")
    try:
        files = frame_files(sample.folder)
    except ValueError as error:
        return Skip(sample.clip, "two files for one frame", str(error))
    if not files:
        return Skip(sample.clip, "no frames in the folder", str(sample.folder))
    marks = {"onset": sample.onset, "apex": sample.apex, "offset": sample.offset}
    for mark, wanted in marks.items():
        if wanted is not None and abs(nearest(list(files), wanted) - wanted) > _DROPPED:
            return Skip(sample.clip, f"{mark} frame missing", str(wanted))
    first = nearest(list(files), sample.onset) if sample.onset is not None else min(files)
    last = nearest(list(files), sample.offset) if sample.offset is not None else max(files)
    try:
        return _cut(sample, {n: files[n] for n in files if first <= n <= last}, cropper)
    except _Unreadable as error:
        return Skip(sample.clip, "frame unreadable", str(error))


def evenly(numbers: Sequence[int], count: int) -> list[int]:
    """``count`` of the frames, evenly in time; of too few, the first and last are repeated."""
    if len(numbers) < count:
        more = count - len(numbers)
        return [numbers[0]] * (more // 2) + [*numbers] + [numbers[-1]] * (more - more // 2)
    return [nearest(numbers, t) for t in np.linspace(numbers[0], numbers[-1], count)]


def nearest(numbers: Sequence[int], wanted: float) -> int:
    """The number closest to the one wanted, the lower of two."""
    return min(numbers, key=lambda n: abs(n - wanted))


def strongest(crops: Sequence[Picture]) -> int:
    """Which of the crops (K ≥ 2) differs most from the first: the place of a clip's apex.

    The mean absolute difference of blurred grey pictures, less their difference in brightness.
    """
    sigma = _BLUR * crops[0].shape[0]
    grey = [
        cv2.GaussianBlur(cv2.cvtColor(c, cv2.COLOR_BGR2GRAY).astype(np.float32), (0, 0), sigma)
        for c in crops
    ]
    apart = [grey[k] - grey[0] for k in range(1, len(grey))]
    return 1 + int(np.argmax([np.abs(d - d.mean()).mean() for d in apart]))


def _cut(sample: Sample, files: dict[int, Path], cropper: Cropper) -> Clip | Skip:
    @cache
    def picture(number: int) -> Picture:
        image = cv2.imread(str(files[number]), cv2.IMREAD_COLOR)
        if image is None:
            raise _Unreadable(files[number].name)
        return np.asarray(image, np.uint8)

    numbers = list(files)
    chosen = evenly(numbers, FRAMES)
    crop = cropper.crop([picture(n) for n in dict.fromkeys(chosen)])
    if crop is None:
        return Skip(sample.clip, "no face in a frame")
    if sample.apex is not None:
        apex, notes = nearest(numbers, sample.apex), sample.notes
    elif len(numbers) == 1:
        return Skip(sample.clip, "one frame only")
    else:
        apex = numbers[strongest([crop(picture(n)) for n in numbers])]
        notes = (*sample.notes, "apex chosen: the frame that differs most from the onset")
    rgb = {n: crop(picture(n))[..., ::-1] for n in {*chosen, apex}}
    special = np.stack([rgb[numbers[0]], rgb[apex]])
    return Clip(np.stack([rgb[n] for n in chosen]), special, notes)
