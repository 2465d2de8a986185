"""Eyes in a picture, found as the daemon finds them: MediaPipe's detector, then its face mesh.

The twin of ``src/face/{detector,landmarks,track,warp}.ts``: the same graphs, the same warps, the
same decoding. BlazeFace: Bazarevsky et al., arXiv 1907.05047. Face mesh: Kartynnik et al., arXiv
1907.06724.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.special import expit

from flinch_train.data import manifest

Floats = NDArray[np.float64]
Picture = NDArray[np.uint8]  # (H, W, 3) BGR

_DETECTOR_SIDE, _MESH_SIDE = 128, 192
_MIN_SCORE = 0.6  # the daemon's default of face.minScore
_PRESENT = 0.5
_OVERLAP = 0.3
_MARGIN = 1.5  # the mesh wants the face's bounding square widened by half
_EYE_CORNERS = ((33, 133), (362, 263))  # left side of the image first


def _anchors() -> Floats:
    """(896, 2) centres in 0…1: a 16 × 16 grid with 2 anchors a cell, then 8 × 8 with 6."""
    grids = []
    for grid, copies in ((16, 2), (8, 6)):
        y, x = np.mgrid[0:grid, 0:grid]
        grids.append(np.repeat((np.stack([x, y], -1).reshape(-1, 2) + 0.5) / grid, copies, axis=0))
    return np.concatenate(grids)


_ANCHORS = _anchors()


@dataclass(frozen=True)
class Square:
    """A square region of the picture in pixels, turned by ``angle`` radians clockwise on screen."""

    cx: float
    cy: float
    side: float
    angle: float

    def upright(self, size: int) -> Floats:
        """(2, 3) similarity that puts the square upright onto a crop of ``size`` pixels."""
        scale = size / self.side
        a, b = np.cos(self.angle) * scale, -np.sin(self.angle) * scale
        turn = np.array([(a, -b), (b, a)])
        return np.column_stack([turn, size / 2 - turn @ (self.cx, self.cy)])


@dataclass(frozen=True)
class Face:
    """A face as the detector sees it; eyes (2, 2) in pixels, left side of the image first."""

    score: float
    x: float
    y: float
    width: float
    height: float
    eyes: Floats

    @property
    def square(self) -> Square:
        """Where the mesh is fitted."""
        dx, dy = self.eyes[1] - self.eyes[0]
        side = _MARGIN * max(self.width, self.height)
        angle = float(np.arctan2(dy, dx))
        return Square(self.x + self.width / 2, self.y + self.height / 2, side, angle)


@dataclass(frozen=True)
class Mesh:
    """points (468, 2) in pixels of the picture; presence: probability that there is a face."""

    points: Floats
    presence: float

    @property
    def eyes(self) -> Floats:
        """(2, 2) means of each eye's corners: they move with the skull, not with the lids."""
        return eye_centres(self.points)

    @property
    def square(self) -> Square:
        """Where to look for the face in the next frame."""
        dx, dy = self.eyes[1] - self.eyes[0]
        angle = float(np.arctan2(dy, dx))
        axes = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
        along = self.points @ axes.T
        low, high = along.min(axis=0), along.max(axis=0)
        cx, cy = (low + high) / 2 @ axes
        return Square(float(cx), float(cy), _MARGIN * float((high - low).max()), angle)


def eye_centres(points: Floats) -> Floats:
    """(2, 2) of a mesh (468, 2): means of each eye's corners, left of the image first."""
    return np.stack([points[list(corners)].mean(axis=0) for corners in _EYE_CORNERS])


def eye_distance(points: Floats) -> float:
    """Between the eye centres of the mesh's points (468, 2), in pixels."""
    left, right = eye_centres(points)
    return float(np.hypot(*(right - left)))


class FaceFinder:
    """The shipped face models on the CPU."""

    def __init__(self, models: Path) -> None:
        """Open the two face graphs of a models folder.

        Raises:
            FileNotFoundError: the manifest or a graph is missing.
        """
        entries = manifest.load(models)["models"]
        sessions = []
        for key in ("faceDetection", "faceLandmark"):
            if key not in entries or not (models / entries[key]["file"]).is_file():
                raise FileNotFoundError(f"{models}: no manifest.json with a file for {key}")
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            path = models / entries[key]["file"]
            sessions.append(
                onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            )
        self._detector, self._mesh = sessions

    def detect(self, picture: Picture) -> list[Face]:
        """All faces, the surest first."""
        height, width = picture.shape[:2]
        side = max(width, height)
        to_crop = Square(width / 2, height / 2, side, 0).upright(_DETECTOR_SIDE)
        crop = warp(picture, to_crop, _DETECTOR_SIDE)
        boxes, scores = self._detector.run(["boxes", "scores"], {"image": crop[None]})
        back = np.asarray(cv2.invertAffineTransform(to_crop), np.float64)
        found = []
        for score, values in _blend(*_decode(boxes[0], scores[0, :, 0])):
            points = values[[0, 1, 4, 5, 6, 7]].reshape(3, 2) * _DETECTOR_SIDE
            centre, *eyes = _through(back, points)
            w, h = values[2:4] * side
            x, y = centre - (w / 2, h / 2)
            eyes.sort(key=lambda eye: float(eye[0]))
            found.append(Face(score, float(x), float(y), float(w), float(h), np.stack(eyes)))
        return found

    def fit(self, picture: Picture, square: Square) -> Mesh:
        """The face mesh inside a square of the picture."""
        to_crop = square.upright(_MESH_SIDE)
        crop = warp(picture, to_crop, _MESH_SIDE)
        landmarks, presence = self._mesh.run(["landmarks", "presence"], {"image": crop[None]})
        back = np.asarray(cv2.invertAffineTransform(to_crop), np.float64)
        points = _through(back, landmarks[0, :, :2].astype(np.float64))
        return Mesh(points, float(expit(presence[0, 0])))

    def follow(self, pictures: list[Picture]) -> list[Mesh | None]:
        """The largest face of the first picture, from picture to picture; None where it is lost."""
        meshes: list[Mesh | None] = []
        square: Square | None = None
        for picture in pictures:
            mesh = self.fit(picture, square) if square else None
            if mesh is None or mesh.presence < _PRESENT:
                mesh = self._look(picture)
            square = mesh.square if mesh else None
            meshes.append(mesh)
        return meshes

    def _look(self, picture: Picture) -> Mesh | None:
        faces = self.detect(picture)
        if not faces:
            return None
        largest = max(faces, key=lambda face: float(np.ptp(face.eyes[:, 0])))
        mesh = self.fit(picture, largest.square)
        # the detector's square is coarse: the mesh fits better where it says itself
        mesh = self.fit(picture, mesh.square) if mesh.presence >= _PRESENT else mesh
        return mesh if mesh.presence >= _PRESENT else None


def warp(picture: Picture, matrix: NDArray[np.floating], size: int) -> Picture:
    """(size, size, 3): an affine warp as the daemon does it."""
    crop = cv2.warpAffine(
        picture, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(crop, np.uint8)


def _through(matrix: Floats, points: Floats) -> Floats:
    return np.asarray(points @ matrix[:, :2].T + matrix[:, 2], np.float64)


def _decode(boxes: NDArray[np.float32], logits: NDArray[np.float32]) -> tuple[Floats, Floats]:
    """Scores (K,) and values (K, 8): centre, size, two eyes in 0…1; of boxes (896, 16)."""
    scores = expit(logits.astype(np.float64))
    values = boxes[:, :8].astype(np.float64) / _DETECTOR_SIDE
    for pair in (0, 4, 6):
        values[:, pair : pair + 2] += _ANCHORS
    kept = scores >= _MIN_SCORE
    return scores[kept], values[kept]


def _blend(scores: Floats, values: Floats) -> list[tuple[float, Floats]]:
    """Overlapping boxes become their mean, weighted by score, as BlazeFace's authors do."""
    order = np.argsort(-scores, kind="stable")
    found = []
    while len(order):
        best = order[0]
        group = _iou(values[best], values[order]) > _OVERLAP
        group[0] = True
        members = order[group]
        mean = scores[members] @ values[members] / scores[members].sum()
        found.append((float(scores[best]), mean))
        order = order[~group]
    return found


def _iou(box: Floats, others: Floats) -> Floats:
    low = np.maximum(box[:2] - box[2:4] / 2, others[:, :2] - others[:, 2:4] / 2)
    high = np.minimum(box[:2] + box[2:4] / 2, others[:, :2] + others[:, 2:4] / 2)
    shared = np.maximum(0, high - low).prod(axis=1)
    return np.asarray(shared / (box[2:4].prod() + others[:, 2:4].prod(axis=1) - shared))
