"""A published data set as a clip set.

`python -m flinch_train prepare --dataset casme2 --root CASME2 --out clips/casme2`
reads the data set as its authors release it, cuts every clip as the daemon would and writes a
clip set (see clip_set.py). What cannot be used is printed with its reason and counted in
clips.json.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tqdm import tqdm

from flinch_train.data.clips.summary import summary, tally
from flinch_train.data.clips.write import ClipSetWriter
from flinch_train.data.datasets import casme2, casme3, samm, smic
from flinch_train.data.datasets.cut import FRAMES, Cropper, EyeCropper, GivenCropper, cut
from flinch_train.data.datasets.face import FaceFinder
from flinch_train.data.datasets.sample import Dataset, Sample, Skip, counted
from flinch_train.data.errors import DatasetError
from flinch_train.settings import read

DATASETS: dict[str, Dataset] = {
    each.name: each for each in (casme2.DATASET, samm.DATASET, smic.DATASET, casme3.DATASET)
}


@dataclass(frozen=True)
class Options:
    """How to cut; ``crop`` is what clips.json says of it."""

    cropper: Cropper
    crop: str
    size: int
    find_apex: bool = False


def prepare(
    dataset: Dataset, root: Path, labels: Path | None, out: Path, options: Options
) -> list[Skip]:
    """Write the clip set; returns the clips that could not be used.

    Raises:
        DatasetError: the data set is not as it should be, or no clip of it can be used.
    """
    found = dataset.read(root, labels)
    samples = [each for each in found if isinstance(each, Sample)]
    skips = [each for each in found if isinstance(each, Skip)]
    find_apex = options.find_apex or not dataset.gives_apex
    people: dict[str, int] = {}
    clips, notes = [], Counter[str]()
    writer = ClipSetWriter(out, max(1, len(samples)), FRAMES, options.size)
    for sample in tqdm(samples, dataset.name, disable=not sys.stderr.isatty()):
        clip = cut(sample, options.cropper, find_apex)
        if isinstance(clip, Skip):
            skips.append(clip)
            continue
        label, valence = sample.emotion.places
        person = people.setdefault(sample.subject, len(people))
        writer.add(clip.frames, clip.special, label, valence, sample.units, person)
        clips.append(f"{dataset.name}/{sample.clip}")
        notes.update(clip.notes)
    if not clips:
        writer.abandon()
        raise DatasetError(f"{root}: no clip can be used: {tally(counted(skips))}")
    writer.close({
        "source": dataset.name, "title": dataset.title, "fps": dataset.fps, "crop": options.crop,
        "subjects": [f"{dataset.name}/{name}" for name in people], "clips": clips,
        "skipped": counted(skips), "notes": dict(notes.most_common()),
    })  # fmt: skip
    return skips


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    dataset: Literal["casme2", "samm", "smic", "casme3"]
    root: Path  # the data set's folder
    out: Path  # folder to write
    labels: Path | None = None  # its spreadsheet, if not found under the root
    size: int = 112  # pixels, side of the crop
    crop: Literal["eyes", "given"] = "eyes"
    """eyes: as the daemon crops; given: pictures that are face crops are only scaled"""
    models: Path = Path("../models")  # the face models
    find_apex: bool = False
    """where no apex is given, take the frame that differs most from the onset"""


def main(argv: list[str]) -> int:
    """Prepare one data set; the exit status."""
    args = read(Settings, "prepare", __doc__, argv)
    dataset = DATASETS[args.dataset]
    try:
        cropper: Cropper = (
            EyeCropper(FaceFinder(args.models), args.size)
            if args.crop == "eyes"
            else GivenCropper(args.size)
        )
        options = Options(cropper, args.crop, args.size, args.find_apex)
        skips = prepare(dataset, args.root, args.labels, args.out, options)
    except (DatasetError, FileNotFoundError) as error:
        print(f"prepare: {error}", file=sys.stderr)
        return 1
    for skip in skips:
        print(skip)
    print(summary(args.out))
    return 0
