"""What a folder of clips holds, for a person."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from flinch_train.data.clips.about import about_clips
from flinch_train.data.protocols import CLASS_NAMES, view


def tally(counts: Mapping[str, int]) -> str:
    """``9 apex unknown, 1 no folder of frames``."""
    return ", ".join(f"{count} {what}" for what, count in counts.items()) or "none"


def summary(out: Path) -> str:
    """What a clip set's folder holds, to compare with what the data set's authors count."""
    about = about_clips(out)
    lines = [f"{out}: {about['count']} clips of {len(about['subjects'])} people"]
    labels, valence = np.load(out / "labels.npy"), np.load(out / "valence.npy")
    for classes, names in CLASS_NAMES.items():
        seen = view(labels, valence, classes)
        counts = {name: int((seen == place).sum()) for place, name in enumerate(names)}
        lines.append(f"{classes} classes: {tally(counts)}; {int((seen < 0).sum())} in none of them")
    lines += [f"noted: {tally(about['notes'])}", f"left out: {tally(about['skipped'])}"]
    return "\n".join(lines)
