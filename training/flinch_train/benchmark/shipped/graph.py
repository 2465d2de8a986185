"""A shipped graph under ONNX Runtime: clips in, what its heads say out."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.special import logit

from flinch_train.data import manifest
from flinch_train.model.temperatures import Temperatures
from flinch_train.train.scoring.metrics import Floats
from flinch_train.train.scoring.scores import Logits

TINY = 1e-7  # probabilities are kept this far from 0 and 1, for their logarithm


@dataclass(frozen=True)
class Graph:
    """An exported HSTA and its entry in the manifest that lies beside it."""

    session: onnxruntime.InferenceSession
    entry: dict[str, Any]

    @staticmethod
    def open(path: Path) -> "Graph":
        """Raises ``SystemExit`` for a graph that is missing, unlisted or other than its hash."""
        if not path.exists():
            raise SystemExit(f"{path}: no such file")
        entries = manifest.load(path.parent)["models"].values()
        entry = next((e for e in entries if e["file"] == path.name), None)
        if entry is None:
            raise SystemExit(f"{path.name} is not in {path.parent / 'manifest.json'}")
        if manifest.sha256(path) != entry["sha256"]:
            raise SystemExit(f"{path} is not the file whose hash the manifest holds")
        session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        return Graph(session, entry)

    @property
    def temperatures(self) -> Temperatures:
        """What the graph divides its logits by."""
        return Temperatures(**self.entry["temperatures"])

    def say(self, frames: NDArray[np.uint8], special: NDArray[np.uint8]) -> tuple[Floats, ...]:
        """RGB (N, S, S, 3) and (2, S, S, 3) → calibrated (8,), (3,) and (U,)."""
        wanted = ["probabilities", "valence", "action_units"]
        found = self.session.run(wanted, feeds(frames, special))
        return tuple(row[0].astype(np.float64) for row in found)


def feeds(frames: NDArray[np.uint8], special: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """One clip of a clip set, RGB, as a graph takes it: a batch of one, BGR."""
    clip = {"frames": frames, "special": special}
    return {name: np.ascontiguousarray(rgb[None, ..., ::-1]) for name, rgb in clip.items()}


def calibrated_logits(outputs: list[tuple[Floats, ...]]) -> Logits:
    """Probabilities of K clips as the logits that make them."""
    emotion, valence, units = (
        np.clip(np.stack(rows), TINY, 1 - TINY) for rows in zip(*outputs, strict=True)
    )
    return Logits(np.log(emotion), np.log(valence), logit(units))


def raw_logits(calibrated: Logits, temperatures: Temperatures) -> Logits:
    """The same before calibration (up to a constant a row, which softmax does not see)."""
    return calibrated.over(temperatures.inverse())
