"""SMIC-HS: 164 clips of 16 people, 100 frames a second.

Li, Pfister, Huang, Zhao, Pietikäinen: A Spontaneous Micro-Expression Database: Inducement,
Collection and Baseline. IEEE FG, 2013.

Released as ``HS/s01/micro/negative/s01_ne_01/image1.jpg`` (.bmp where cropped by the authors): the
folders are the labels, a folder is a clip from onset to offset. No action unit is coded and no
apex given; as one the field takes the middle frame or the one that differs most from the onset.
Here it is always the latter, in the aligned crop (``cut.strongest``).
"""

import re
from pathlib import Path

from flinch_train.data.datasets.layout import child, folders, subject_folders
from flinch_train.data.datasets.sample import Emotion, Sample, Skip
from flinch_train.data.errors import DatasetError

# "Positive" is happiness alone; "negative" is sadness, fear and disgust together (Li et al.).
EMOTIONS = {
    "negative": Emotion(None, "negative"),
    "positive": Emotion("happy", "positive"),
    "surprise": Emotion("surprise", "surprise"),
}


class Smic:
    """See ``Dataset``."""

    name = "smic"
    title = "SMIC-HS"
    fps = 100
    gives_apex = False

    def read(self, root: Path, labels: Path | None) -> list[Sample | Skip]:
        """See ``Dataset.read``."""
        if labels is not None:
            raise DatasetError(f"{labels}: SMIC's folders are its labels; leave --labels out")

        def accept(parent: Path) -> bool:  # its brothers VIS and NIR show the same people
            return parent == root or "HS" in re.split(r"[^A-Za-z]+", parent.name)

        found: list[Sample | Skip] = []
        for folder in subject_folders(root, r"s\d+", "HS/s01", accept).values():
            subject = f"s{int(folder.name[1:]):02d}"
            micro = child(folder, "micro")
            for kind in folders(micro) if micro else ():
                found += [_clip(subject, clip) for clip in folders(kind)]
        if not found:
            raise DatasetError(f"{root}: no clip like HS/s01/micro/negative/s01_ne_01/ in it")
        return found


def _clip(subject: str, folder: Path) -> Sample | Skip:
    name = f"{subject}/{folder.name}"
    emotion = EMOTIONS.get(folder.parent.name.casefold())
    if emotion is None:
        return Skip(name, "emotion unknown", repr(folder.parent.name))
    return Sample(name, subject, folder, emotion)


DATASET = Smic()
