"""CAS(ME)³ Part A: 860 clips of 94 people, 30 frames a second.

Li, Dong, Lu, Wang, Yan, Ma, Liu, Huang, Fu: CAS(ME)³: A Third Generation Facial Spontaneous
Micro-Expression Database With Depth Information and High Ecological Validity. IEEE Transactions on
Pattern Analysis and Machine Intelligence 45(3), 2023.

Released as ``cas(me)3_part_A_ME_label_JpgIndex_v2.xlsx``, whole recordings
``spNO.1/a/color/355.jpg`` and, cut out of them, ``Part_A_ME_clip/frame/spNO.1_a_355/355.jpg`` (the
last number of the folder is the onset). Folders and spreadsheet differ in the case of letters. One
recording may hold several clips, so that the onset belongs to a clip's name.
"""

from pathlib import Path

from flinch_train.data.datasets.coded import Coded, Folders, Row
from flinch_train.data.datasets.layout import child
from flinch_train.data.datasets.sample import Emotion
from flinch_train.data.labels import VALENCE

EMOTIONS = {name: Emotion(name, valence) for name, valence in VALENCE.items() if name != "none"}


def _locate(folders: Folders, row: Row) -> Path | None:
    subject = folders.get(row.subject.casefold())
    # each subject's archive, unpacked into a folder of its own name, has it twice
    recording = child(subject, row.clip, "color") or child(subject, row.subject, row.clip, "color")
    return recording or folders.get(f"{row.subject}_{row.clip}_{row.onset}".casefold())


DATASET = Coded(
    name="casme3",
    title="CAS(ME)³ Part A",
    fps=30,
    spreadsheets=("*part_A_ME_label*.xls*", "annotation.xls*"),
    columns={
        "subject": ("Subject",),
        "clip": ("Filename",),
        "onset": ("Onset",),
        "apex": ("Apex",),
        "offset": ("Offset",),
        "units": ("AU", "Action Units"),
        "emotion": ("emotion",),
    },
    emotions=EMOTIONS,
    folder_pattern=r"spNO\.\d+(_.+_\d+)?",
    folder_like="spNO.1",
    subject=lambda cell: str(cell).strip(),
    clip_name=lambda row: f"{row.clip}_{row.onset}",
    locate=_locate,
    accept=lambda parent: parent.name.casefold() != "depth",
)
