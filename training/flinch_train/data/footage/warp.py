"""Moves the skin in a picture by a displacement field, plane by plane."""

import cv2
import numpy as np

from flinch_train.data.footage.clip import Plane, Planes
from flinch_train.data.footage.fields import F32, Box


def warped(planes: Planes, moved: F32, box: Box) -> Planes:
    """The planes with what lies in a box moved by displacements (h, w, 2) in pixels.

    A pixel shows what lay where its displacement points back to. Where nothing moves, every pixel
    stays as it is, to the bit.
    """
    bright, *colours = planes
    small = cv2.resize(moved, (box.width // 2, box.height // 2), interpolation=cv2.INTER_AREA) / 2
    half = Box(box.left // 2, box.top // 2, box.width // 2, box.height // 2)
    first, second = (_moved(plane, np.asarray(small, np.float32), half) for plane in colours)
    return _moved(bright, moved, box), first, second


def _moved(plane: Plane, moved: F32, box: Box) -> Plane:
    x, y = np.meshgrid(
        np.arange(box.left, box.left + box.width, dtype=np.float32),
        np.arange(box.top, box.top + box.height, dtype=np.float32),
    )
    x, y = x - moved[..., 0], y - moved[..., 1]
    inside = cv2.remap(plane, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    out = plane.copy()
    out[box.top : box.top + box.height, box.left : box.left + box.width] = inside
    return out
