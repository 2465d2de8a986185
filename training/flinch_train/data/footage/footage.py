"""Videos of real people, as they lie in a folder outside of the repository.

A folder of footage holds an ``index.csv`` with a row for every video: file, folder, source with its
licence, path there, what it shows, frames, fps, size, sha256. None of it is committed; what the
repository keeps of a video is its hash.
"""

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Video:
    """One video. ``sha256`` names it wherever the repository speaks of it."""

    path: Path
    sha256: str
    source: str
    what: str
    frames: int
    fps: float

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    @property
    def name(self) -> str:
        """A name that is its own, for files about it."""
        return f"{self.path.stem}-{self.sha256[:8]}"


def load(folders: Iterable[Path]) -> list[Video]:
    """All videos of some folders, by hash; one that lies in two of them once.

    Raises:
        SystemExit: a folder is none, or a file is missing or is not the one that the index names.
    """
    found: dict[str, Video] = {}
    for folder in folders:
        index = folder / "index.csv"
        if not index.is_file():
            raise SystemExit(f"{folder}: no index.csv in it")
        with index.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                path = folder / row["folder"] / row["file"]
                if not path.is_file():
                    raise SystemExit(f"{path}: in {index}, but not there")
                if sha256_of(path) != row["sha256"]:
                    raise SystemExit(f"{path}: not the file that {index} names; fetch it again")
                found[row["sha256"]] = Video(
                    path,
                    row["sha256"],
                    row["source"],
                    row["what"],
                    int(row["frames"]),
                    float(row["fps"]),
                )
    return sorted(found.values(), key=lambda video: video.sha256)


def sha256_of(path: Path) -> str:
    """Hash of a file's content, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
