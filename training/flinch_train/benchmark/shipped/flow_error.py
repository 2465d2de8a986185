"""``flinch_train flow-error --clips CLIPS``: how far the graph's flow is off.

Rendered faces of a clip set are warped by smooth motion that is known exactly, of the size of a
micro-expression, with camera noise on both frames; the endpoint error (in pixels, over the face) of
the flow that is made inside the graph stands beside those of OpenCV's DIS and Farnebäck methods and
of taking everything as still. (OpenCV's TV-L1 is in its contrib modules, which are not installed.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.moved_faces import warped
from flinch_train.model.special_flow import GAIN, LIMIT, DenseFlow, affine_projection, as_frames
from flinch_train.settings import read

Picture = NDArray[np.uint8]
Field = NDArray[np.float32]
NOISE = 1.5  # grey levels, standard deviation
REACH = (0.5, 2.0)  # pixels of the strongest displacement


def motion(size: int, rng: np.random.Generator) -> Field:
    """(size, size, 2) pixels: one to three rises where brows, cheeks or mouth may be, no affine."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    field = np.zeros((size, size, 2), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        cx, cy, width = rng.uniform(0.25, 0.75), rng.uniform(0.25, 0.85), rng.uniform(0.05, 0.12)
        rise = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * width**2))
        angle = rng.uniform(0, 2 * np.pi)
        field += rise[..., None] * np.array([np.cos(angle), np.sin(angle)], np.float32)
    field *= rng.uniform(*REACH) / np.abs(field).max()
    return without_affine(field)


def without_affine(field: Field) -> Field:
    """Less its least-squares affine part over the face, as the graph takes it out."""
    project, basis = (m.numpy() for m in affine_projection(len(field)))
    flat = field.reshape(-1, 2).T
    return np.asarray((flat - (flat @ project) @ basis).T.reshape(field.shape), np.float32)


def pair(still: Picture, field: Field, rng: np.random.Generator) -> tuple[Picture, Picture]:
    """Onset and apex (S, S, 3) of a face that moves as told, both with noise."""
    moved = warped(still.astype(np.float32), field, 1.0)
    onset, apex = (
        np.clip(frame + rng.normal(0, NOISE, still.shape), 0, 255).round().astype(np.uint8)
        for frame in (still.astype(np.float32), moved)
    )
    return onset, apex


def grey(frame: Picture) -> Picture:
    """RGB (H, W, 3) → (H, W)."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)


def in_graph(onset: Picture, apex: Picture) -> Field:
    """The special data as displacement (S, S, 2): its soft limit and gain undone."""
    special = torch.from_numpy(np.stack([onset, apex])[None])
    with torch.no_grad():
        planes = DenseFlow(len(onset)).half_size(as_frames(special))[0, :2].numpy()
    half = np.arctanh(np.clip(planes / LIMIT, -0.999, 0.999)) * LIMIT / GAIN
    full = [cv2.resize(plane, onset.shape[:2], interpolation=cv2.INTER_LINEAR) for plane in half]
    return np.asarray(2 * np.stack(full, -1), np.float32)


def dis(onset: Picture, apex: Picture) -> Field:
    """OpenCV's DIS, medium preset, less the affine part."""
    method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return without_affine(np.asarray(method.calc(*map(grey, (onset, apex)), None), np.float32))  # type: ignore[call-overload]


def farneback(onset: Picture, apex: Picture) -> Field:
    """OpenCV's Farnebäck method with the settings of its documentation."""
    found = cv2.calcOpticalFlowFarneback(*map(grey, (onset, apex)), None, 0.5, 3, 15, 3, 5, 1.2, 0)  # type: ignore[call-overload]
    return without_affine(np.asarray(found, np.float32))


def still(onset: Picture, apex: Picture) -> Field:
    """Nothing moved."""
    return np.zeros((*onset.shape[:2], 2), np.float32)


METHODS: dict[str, Callable[[Picture, Picture], Field]] = {
    "in the graph": in_graph,
    "DIS": dis,
    "Farnebäck": farneback,
    "still": still,
}


@dataclass(frozen=True)
class Errors:
    """pixels: mean endpoint error. scale: of the truth, by least squares. rescaled: the error
    without that scale, which a network that reads the flow does not mind."""

    pixels: float
    scale: float
    rescaled: float


def endpoint_errors(stills: NDArray[np.uint8], seed: int = 0) -> dict[str, Errors]:
    """By method, over the middle of faces (K, S, S, 3)."""
    rng = np.random.default_rng(seed)
    inner = slice(stills.shape[1] // 6, -stills.shape[1] // 6)
    found: dict[str, list[Field]] = {name: [] for name in METHODS}
    truth = []
    for face in stills:
        field = motion(len(face), rng)
        onset, apex = pair(face, field, rng)
        truth.append(field[inner, inner])
        for name, method in METHODS.items():
            found[name].append(method(onset, apex)[inner, inner])
    true = np.stack(truth)
    return {name: _errors(np.stack(fields), true) for name, fields in found.items()}


def _errors(found: Field, true: Field) -> Errors:
    scale = float((found * true).sum() / (true * true).sum()) or 1.0
    gaps = (np.linalg.norm(field - true, axis=-1).mean() for field in (found, found / scale))
    return Errors(*map(float, (next(gaps), scale, next(gaps))))


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    clips: Path
    count: int = 200


def main(argv: list[str]) -> int:
    """Print a line a method; the exit status."""
    args = read(Settings, "flow-error", __doc__, argv)
    clip_set = ClipSet.open(args.clips)
    rows = np.linspace(0, len(clip_set) - 1, min(args.count, len(clip_set))).astype(int)
    print(f"{'method':14}{'pixels':>8}{'scale':>8}{'rescaled':>10}")
    for name, e in endpoint_errors(np.asarray(clip_set.special[rows, 0])).items():
        print(f"{name:14}{e.pixels:8.3f}{e.scale:8.2f}{e.rescaled:10.3f}")
    return 0
