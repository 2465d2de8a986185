"""What a run says while it goes: RUN/log.jsonl, and the same for TensorBoard in RUN/tensorboard."""

import json
from pathlib import Path
from types import TracebackType
from typing import TextIO

from torch.utils.tensorboard import SummaryWriter

EVERY = 20  # steps
KEPT = 0.95  # of the running mean, a step


class Log:
    """Running means of whatever ``add`` is given, written every ``EVERY`` steps."""

    def __init__(self, out: Path, enabled: bool = True) -> None:
        self._out, self._enabled = out, enabled
        self._means: dict[str, float] = {}
        self._file: TextIO | None = None
        self._board: SummaryWriter | None = None

    def __enter__(self) -> "Log":
        if self._enabled:
            self._file = (self._out / "log.jsonl").open("a", encoding="utf-8")
            self._board = SummaryWriter(str(self._out / "tensorboard"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        if self._board is not None:
            self._board.close()

    def add(self, step: int, minutes: float, values: dict[str, float]) -> dict[str, str] | None:
        """One step's losses; what was written, every ``EVERY`` steps."""
        for key, value in values.items():
            self._means[key] = KEPT * self._means.get(key, value) + (1 - KEPT) * value
        if step % EVERY or self._file is None or self._board is None:
            return None
        line = {"step": step, "minutes": round(minutes, 2), **self._means}
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        for key, mean in self._means.items():
            self._board.add_scalar(key, mean, step)
        return {key: f"{mean:.3f}" for key, mean in self._means.items()}
