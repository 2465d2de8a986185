"""SAMM: 159 clips of 29 people, 200 grey frames a second.

Davison, Lansley, Costen, Tan, Yap: SAMM: A Spontaneous Micro-Facial Movement Dataset. IEEE
Transactions on Affective Computing 9(1), 2018.

Released as ``SAMM_Micro_FACS_Codes_v2.xlsx``, its header below a page of notes, and
``006/006_1_2/006_05562.jpg``.
"""

from flinch_train.data.datasets.coded import Coded
from flinch_train.data.datasets.layout import child
from flinch_train.data.datasets.sample import Emotion
from flinch_train.data.datasets.sheet import numbered

# Contempt has no class of its own among the seven of CAS(ME)³; in the composite of MEGC 2019 it is
# negative.
EMOTIONS = {
    "anger": Emotion("anger", "negative"),
    "contempt": Emotion("others", "negative"),
    "disgust": Emotion("disgust", "negative"),
    "fear": Emotion("fear", "negative"),
    "sadness": Emotion("sad", "negative"),
    "happiness": Emotion("happy", "positive"),
    "surprise": Emotion("surprise", "surprise"),
    "other": Emotion("others", None),
    "others": Emotion("others", None),
}


DATASET = Coded(
    name="samm",
    title="SAMM",
    fps=200,
    spreadsheets=("SAMM*Micro_FACS_Codes*.xls*",),
    columns={
        "subject": ("Subject",),
        "clip": ("Filename",),
        "onset": ("Onset Frame",),
        "apex": ("Apex Frame",),
        "offset": ("Offset Frame",),
        "units": ("Action Units",),
        "emotion": ("Estimated Emotion",),
    },
    emotions=EMOTIONS,
    folder_pattern=r"\d{3}",
    folder_like="006",
    subject=numbered("{:03d}"),
    clip_name=lambda row: row.clip,
    locate=lambda folders, row: child(folders.get(row.subject), row.clip),
)
