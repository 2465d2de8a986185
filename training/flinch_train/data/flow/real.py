"""Real onset → apex flow, as MEGC 2019's participants share it, and how the benchmark reads it.

A folder with flow.npz (``flow``, uint8 (K, 28, 28, 3): u, v and optical strain, each picture's
channels stretched to 0…255 by themselves) and index.csv (dataset, subject, sample, label).
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.labels import VALENCES

SIDE = 28  # pixels
LIMIT = 3.0  # root mean squares at which a channel saturates
Flows = NDArray[np.float32]


@dataclass(frozen=True)
class RealFlow:
    """flow (K, 3, 28, 28), read by ``standard``; raw (K, 28, 28, 3); the rest (K,)."""

    flow: Flows
    raw: NDArray[np.uint8]
    valence: NDArray[np.int64]
    subject: NDArray[np.int64]
    subjects: tuple[str, ...]
    dataset: NDArray[np.str_]

    @staticmethod
    def load(folder: Path) -> "RealFlow":
        """Raises ``SystemExit`` in one line for a folder that is none or files that disagree."""
        for name in ("flow.npz", "index.csv"):
            if not (folder / name).exists():
                raise SystemExit(f"{folder}: no {name} in it")
        with np.load(folder / "flow.npz") as data:
            raw = data["flow"]
        with (folder / "index.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        if raw.dtype != np.uint8 or raw.shape != (len(rows), SIDE, SIDE, 3):
            raise SystemExit(f"{folder}: flow.npz holds {raw.shape}, index.csv {len(rows)} rows")
        names = [f"{row['dataset']}/{row['subject']}" for row in rows]
        subjects = tuple(sorted(set(names)))
        valence = np.array([int(row["label"]) for row in rows])
        if not np.isin(valence, range(len(VALENCES))).all():
            raise SystemExit(f"{folder}: a label in index.csv is not 0, 1 or 2")
        return RealFlow(
            standard(raw),
            raw,
            valence,
            np.array([subjects.index(name) for name in names]),
            subjects,
            np.array([row["dataset"] for row in rows]),
        )


def standard(raw: NDArray[np.uint8]) -> Flows:
    """uint8 (K, 28, 28, 3) → (K, 3, 28, 28): what is left of a motion when its scale is lost.

    The median of u and of v is no motion; each channel is divided by its root mean square and
    clipped; strain begins at its least value.
    """
    flow = raw.astype(np.float32).transpose(0, 3, 1, 2)
    still = np.median(flow, axis=(2, 3), keepdims=True)
    still[:, 2] = flow[:, 2].min(axis=(1, 2), keepdims=True)
    flow = flow - still
    size = np.sqrt((flow**2).mean(axis=(2, 3), keepdims=True))
    return np.clip(flow / np.maximum(size, 1.0), -LIMIT, LIMIT).astype(np.float32)


def stretch(flow: Flows) -> NDArray[np.uint8]:
    """(…, 28, 28, 3) in pixels → uint8, each channel of each picture to 0…255, as in flow.npz."""
    low, high = flow.min(axis=(-3, -2), keepdims=True), flow.max(axis=(-3, -2), keepdims=True)
    part = (flow - low) / np.maximum(high - low, 1e-9)
    return np.asarray(np.round(part * 255), dtype=np.uint8)


def mirrored(flow: NDArray[np.floating]) -> NDArray[np.floating]:
    """(K, 3, H, W) seen in a mirror: left and right change places, and u its sign."""
    return np.ascontiguousarray(flow[..., ::-1] * np.array([-1, 1, 1], np.float32)[:, None, None])
