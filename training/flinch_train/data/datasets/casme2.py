"""CASME II: 256 clips of 26 people, 200 frames a second.

Yan, Li, Wang, Zhao, Liu, Chen, Fu: CASME II: An Improved Spontaneous Micro-Expression Database and
the Baseline Evaluation. PLoS ONE 9(1), 2014.

Released as ``CASME2-coding-*.xlsx``, ``CASME2_RAW_selected/sub01/EP02_01f/img46.jpg`` and, cropped
by the authors, ``Cropped/sub01/EP02_01f/reg_img46.jpg``. Some apex frames are "/": unknown.
"""

from flinch_train.data.datasets.coded import Coded
from flinch_train.data.datasets.layout import child
from flinch_train.data.datasets.sample import Emotion
from flinch_train.data.datasets.sheet import numbered

# Repression has no class of its own among the seven of CAS(ME)³; in the composite of MEGC 2019 it
# is negative. The composite's list has no clip of fear or sadness of CASME II, so these have no
# valence here, though they have a label.
EMOTIONS = {
    "happiness": Emotion("happy", "positive"),
    "disgust": Emotion("disgust", "negative"),
    "repression": Emotion("others", "negative"),
    "surprise": Emotion("surprise", "surprise"),
    "sadness": Emotion("sad", None),
    "fear": Emotion("fear", None),
    "others": Emotion("others", None),
}


DATASET = Coded(
    name="casme2",
    title="CASME II",
    fps=200,
    spreadsheets=("CASME2-coding*.xls*",),
    columns={
        "subject": ("Subject",),
        "clip": ("Filename",),
        "onset": ("OnsetFrame",),
        "apex": ("ApexFrame",),
        "offset": ("OffsetFrame",),
        "units": ("Action Units",),
        "emotion": ("Estimated Emotion",),
    },
    emotions=EMOTIONS,
    folder_pattern=r"sub\d+",
    folder_like="sub01",
    subject=numbered("sub{:02d}"),
    clip_name=lambda row: row.clip,
    locate=lambda folders, row: child(folders.get(row.subject.casefold()), row.clip),
)
