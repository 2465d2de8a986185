"""A clip set on disk, written clip by clip; ``clip_set.py`` says what is in it."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from flinch_train.data.labels import ACTION_UNITS, LABELS

_BLOCK = 64  # clips at a time: a clip set may be larger than the memory


# name -> type, and shape of one clip; "N" frames and "S" pixels a side are the clip set's own
ARRAYS: Final[dict[str, tuple[Any, tuple[Any, ...]]]] = {
    "frames": (np.uint8, ("N", "S", "S", 3)),
    "special": (np.uint8, (2, "S", "S", 3)),
    "labels": (np.int8, ()),
    "valence": (np.int8, ()),
    "units": (np.int8, (len(ACTION_UNITS),)),
    "subjects": (np.int64, ()),
}


def empty_arrays(out: Path, count: int, frames: int, size: int) -> dict[str, Any]:
    """A clip set's arrays for ``count`` clips, on disk and mapped, in the order of ``ARRAYS``."""
    sides = {"N": frames, "S": size}
    return {
        name: open_memmap(
            out / f"{name}.npy", "w+", kind, (count, *(sides.get(side, side) for side in shape))
        )
        for name, (kind, shape) in ARRAYS.items()
    }


class ClipSetWriter:
    """Room for ``capacity`` clips, of which ``close`` keeps those that were added."""

    def __init__(self, out: Path, capacity: int, frames: int, size: int) -> None:
        out.mkdir(parents=True, exist_ok=True)
        (out / "clips.json").unlink(missing_ok=True)  # of a former clip set, or of half a one
        self._out, self.count = out, 0
        self._arrays = empty_arrays(out, capacity, frames, size)

    def add(
        self, frames: NDArray[np.uint8], special: NDArray[np.uint8], label: int, valence: int,
        units: Sequence[int], subject: int,
    ) -> None:  # fmt: skip
        """One clip: frames (N, S, S, 3), special (2, S, S, 3); units as ``ACTION_UNITS``."""
        rows = (frames, special, label, valence, units, subject)
        for array, row in zip(self._arrays.values(), rows, strict=True):
            array[self.count] = row
        self.count += 1

    def abandon(self) -> None:
        """Leave no clip set behind."""
        for name in list(self._arrays):
            del self._arrays[name]
            (self._out / f"{name}.npy").unlink()

    def close(self, about: dict[str, Any]) -> None:
        """Cut the arrays to the clips that were added and write clips.json."""
        for name in list(self._arrays):
            array = self._arrays.pop(name)
            array.flush()
            if len(array) > self.count:
                self._shrink(name, array)
        head = {"labels": list(LABELS), "actionUnits": list(ACTION_UNITS), "count": self.count}
        text = json.dumps(head | about, indent=1, ensure_ascii=False)
        (self._out / "clips.json").write_text(text + "\n", "utf-8")

    def _shrink(self, name: str, array: NDArray[Any]) -> None:
        path, part = self._out / f"{name}.npy", self._out / f"{name}.part"
        kept = open_memmap(part, "w+", array.dtype, (self.count, *array.shape[1:]))
        for start in range(0, self.count, _BLOCK):
            stop = min(start + _BLOCK, self.count)
            kept[start:stop] = array[start:stop]
        kept.flush()
        os.replace(part, path)
