"""What footage there is: by part of the split, and by source with its licence.

`python -m flinch_train real-sources --footage DIR` checks that every file is the one that its index
names, that every video has a place in the split, and that no model that ships has seen a person of
the test; then it prints the tables of docs/real-people.md.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from flinch_train.data.footage.footage import Video, load
from flinch_train.data.footage.settings import FootageSettings
from flinch_train.data.footage.split import LEFT_OUT, PARTS, Split, check
from flinch_train.settings import read

_LICENCE = re.compile(r"\s*\(([^)]*)\)\s*$")

# Licences under which a model may be trained and given away under the MIT licence.
FREE = ("MIT", "Apache-2.0", "BSD-3-Clause", "BSD-2-Clause", "CC0-1.0", "CC BY 4.0")


def licence_of(video: Video) -> tuple[str, str]:
    """Source and licence; the latter is "none stated" where the index knows of none."""
    found = _LICENCE.search(video.source)
    licence = found.group(1) if found else ""
    source = _LICENCE.sub("", video.source)
    return source, licence if licence not in ("", "none") else "none stated"


def learned_from(videos: list[Video], split: Split, free: bool) -> list[Video]:
    """The videos for learning; ``free``: only those whose licence lets a free model learn."""
    chosen = split.chosen(videos, ["learning"])
    return [video for video in chosen if not free or licence_of(video)[1] in FREE]


def by_part(videos: list[Video], split: Split) -> str:
    """People, videos and minutes of each part, as Markdown."""
    lines = ["| part | people | videos | minutes |", "|---|---|---|---|"]
    for part in (*PARTS, LEFT_OUT):
        chosen = split.chosen(videos, [part])
        people = {split.of(video.sha256).person for video in chosen}
        minutes = sum(video.seconds for video in chosen) / 60
        lines.append(
            f"| {part.replace('_', ' ')} | {len(people)} | {len(chosen)} | {minutes:.1f} |"
        )
    return "\n".join(lines)


def by_source(videos: list[Video]) -> str:
    """Videos and minutes of each source, as Markdown, the most minutes first."""
    rows: defaultdict[tuple[str, str], list[Video]] = defaultdict(list)
    for video in videos:
        rows[licence_of(video)].append(video)
    lines = ["| source | licence | videos | minutes |", "|---|---|---|---|"]
    for (source, licence), some in sorted(rows.items(), key=lambda row: -_minutes(row[1])):
        lines.append(f"| {source} | {licence} | {len(some)} | {_minutes(some):.1f} |")
    return "\n".join(lines)


def _minutes(videos: list[Video]) -> float:
    return sum(video.seconds for video in videos) / 60


@dataclass(frozen=True, kw_only=True)
class Settings(FootageSettings):
    """What the command takes."""

    models: Path = Path("../models")


def main(argv: list[str]) -> int:
    """Check and print; the exit status."""
    args = read(Settings, "real-sources", __doc__, argv)
    videos, split = load(args.footage), Split.load()
    check(split, args.models)
    print(by_part(videos, split))
    print("\n" + by_source(videos))
    return 0
