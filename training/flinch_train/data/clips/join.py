"""Clip sets as one, people kept apart by data set.

`python -m flinch_train join --out clips/megc clips/casme2 clips/samm clips/smic \
--only combined_3class_gt.csv`
makes the composite of MEGC 2019 (see composite.py).
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tyro

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.composite import clip_key, read_list
from flinch_train.data.clips.summary import summary
from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.errors import DatasetError
from flinch_train.data.labels import ACTION_UNITS, LABELS, VALENCES
from flinch_train.settings import read

# Of clips.json: not repeated a clip set.
_LONG = ("subjects", "clips", "spotted", "labels", "actionUnits")


@dataclass(frozen=True)
class Source:
    """A clip set with the names of its people (by number) and of its clips (by row)."""

    folder: Path
    clip_set: ClipSet
    about: dict[str, Any]
    people: dict[int, str]
    clips: list[str]

    @staticmethod
    def open(folder: Path) -> "Source":
        """Map a clip set that ``prepare``, ``join`` or ``clips`` wrote.

        Raises:
            DatasetError: no clip set, or one with other labels or action units.
        """
        try:
            about = json.loads((folder / "clips.json").read_text("utf-8"))
            clip_set = ClipSet.open(folder)
        except (OSError, ValueError) as error:
            raise DatasetError(f"{folder}: no clip set: {error}") from error
        for key, wanted in (("labels", LABELS), ("actionUnits", ACTION_UNITS)):
            if about.get(key) != list(wanted):
                raise DatasetError(f"{folder}: its {key} are not {', '.join(wanted)}")
        # simulated people have numbers only, theirs within a namespace; clips have a seed or
        # a first reel besides
        source = about.setdefault("source", f"simulated-{about.get('namespace', folder.name)}")
        if "subjects" in about:
            people = dict(enumerate(about["subjects"]))
        else:
            people = {int(number): f"{source}/{number}" for number in np.unique(clip_set.subjects)}
        seed = about.get("seed", about.get("firstReel", 0))
        clips = about.get("clips", [f"{source}/{seed}/{row}" for row in range(len(clip_set))])
        return Source(folder, clip_set, about, people, clips)


def join(folders: Sequence[Path], out: Path, only: dict[str, int] | None = None) -> list[str]:
    """Write one clip set of several; returns what there is to say of it, a line each.

    ``only`` keeps the clips that it names, in its valence, which is what its protocol scores.

    Raises:
        DatasetError: clip sets that do not go together, or ``out`` is one of them.
    """
    if out.resolve() in [folder.resolve() for folder in folders]:
        raise DatasetError(f"{out}: is one of the clip sets to join; write to another folder")
    sources = [Source.open(folder) for folder in folders]
    _check(sources)
    rows = [
        (source, row)
        for source in sources
        for row, clip in enumerate(source.clips)
        if only is None or clip_key(clip) in only
    ]
    if not rows:
        raise DatasetError("no clip of these clip sets is in the list")
    frames, size = sources[0].clip_set.frames.shape[1:3]
    writer = ClipSetWriter(out, len(rows), frames, size)
    people: dict[str, int] = {}
    remarks = []
    for source, row in rows:
        clip_set, valence = source.clip_set, int(source.clip_set.valence[row])
        if only is not None and valence != (listed := only[clip_key(source.clips[row])]):
            was = VALENCES[valence] if valence >= 0 else "without valence"
            remarks.append(
                f"{source.clips[row]}: {was} in its clip set, {VALENCES[listed]} in the list"
            )
            valence = listed
        person = people.setdefault(source.people[int(clip_set.subjects[row])], len(people))
        writer.add(
            clip_set.frames[row], clip_set.special[row], int(clip_set.labels[row]), valence,
            clip_set.units[row].tolist(), person,
        )  # fmt: skip
    clips = [source.clips[row] for source, row in rows]
    missing = set(only or ()) - set(map(clip_key, clips))
    remarks += [f"{clip}: in the list, in no clip set" for clip in sorted(missing)]
    left_out = sum(len(source.clips) for source in sources) - len(rows)
    writer.close({
        "source": "+".join(source.about["source"] for source in sources),
        "parts": [{k: v for k, v in source.about.items() if k not in _LONG} for source in sources],
        "subjects": list(people), "clips": clips,
        "skipped": _added(sources, "skipped") | ({"not in the list": left_out} if left_out else {}),
        "notes": _added(sources, "notes"),
    })  # fmt: skip
    return remarks


def _check(sources: list[Source]) -> None:
    shapes = {source.folder: source.clip_set.frames.shape[1:] for source in sources}
    if len(set(shapes.values())) > 1:
        each = ", ".join(f"{folder} {shape}" for folder, shape in shapes.items())
        raise DatasetError(f"the clips differ in shape: {each}")
    repeated = [c for c, n in Counter(c for s in sources for c in s.clips).items() if n > 1]
    if repeated:
        raise DatasetError(f"{len(repeated)} clips are in more than one clip set: {repeated[0]} …")


def _added(sources: list[Source], key: str) -> dict[str, int]:
    total = Counter[str]()
    for source in sources:
        total.update(source.about.get(key, {}))
    return dict(total.most_common())


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    clips: tyro.conf.Positional[tuple[Path, ...]]  # folders that prepare or clips wrote
    out: Path  # folder to write
    only: Path | None = None  # keep the clips of this list (.csv)


def main(argv: list[str]) -> int:
    """Join clip sets; the exit status."""
    args = read(Settings, "join", __doc__, argv)
    try:
        only = read_list(args.only) if args.only else None
        remarks = join(args.clips, args.out, only)
    except DatasetError as error:
        print(f"join: {error}", file=sys.stderr)
        return 1
    print("\n".join([*remarks, summary(args.out)]))
    return 0
