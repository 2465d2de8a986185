"""train: HSTA on a clip set.

With --val-clips, once, at the end, evaluated on other identities: the last epoch is the one that
counts; nothing is chosen by these clips. Their first half fits the temperatures, their second
half is the test: no person is in both.

With --protocol, one model a fold: every subject is judged by a model that never saw it, at the last
epoch, and all classifications are put together before UF1 and UAR are computed (crossval.py).

On several GPUs: torchrun --nproc-per-node N -m flinch_train train … ; a batch is shared by all.
"""

import json
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from flinch_train.data.clips.about import about_clips, brief
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.ingredients import Ingredients
from flinch_train.data.clips.stream import Stream
from flinch_train.data.clips.targets import Scenes
from flinch_train.model.special_flow import cached_flow
from flinch_train.settings import read
from flinch_train.train.hsta.crossval import cross_validate
from flinch_train.train.hsta.judge import evaluate, predict
from flinch_train.train.hsta.material import FLOWS, Material, streamed
from flinch_train.train.hsta.origin import origin
from flinch_train.train.hsta.settings import TrainSettings
from flinch_train.train.hsta.training_run import Training
from flinch_train.train.hsta.workers import Workers
from flinch_train.train.scoring.priors import Shift
from flinch_train.train.scoring.scores import render

_PLACES = (
    "out",
    "resume",
    "quiet",
    "save_every",
    "clips",
    "val_clips",
    "head",
    "start",
    "device",
    "moving",
)


def describe(args: TrainSettings) -> dict[str, Any]:
    """RUN/run.json: options and clip sets, without where they lie on this machine."""
    options = {k: v for k, v in asdict(args).items() if k not in _PLACES}
    options["motionTargets"] = args.head is not None
    options["start"] = origin(args.start) if args.start else None
    clip_set = about_clips(args.clips) if args.clips else stream_of(args).about()
    run: dict[str, Any] = {"options": options, "clips": clip_set}
    if args.moving:
        run["moving"] = Ingredients.open(args.moving).about
    return run | ({"valClips": brief(about_clips(args.val_clips))} if args.val_clips else {})


def main(argv: list[str]) -> int:
    """Train, evaluate, write RUN/checkpoint.pt and RUN/metrics.json."""
    args = read(TrainSettings, "train", __doc__, argv)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    workers = Workers.join(args.device)
    if args.stream and workers.count > 1:
        raise SystemExit("--stream is for one process: others would render the same clips")
    if workers.first:
        text = json.dumps(describe(args), indent=2)
        (args.out / "run.json").write_text(text + "\n", "utf-8")
    code = learn_from_stream(args, workers) if args.stream else learn_from_clips(args, workers)
    workers.leave()
    return code


def learn_from_clips(args: TrainSettings, workers: Workers) -> int:
    """One model, or one a fold, of clips on disk."""
    assert args.clips is not None  # the settings saw to it
    if workers.first and args.special in FLOWS:
        cached_flow(ClipSet.open(args.clips), args.clips, FLOWS[args.special], workers.device)
    workers.wait()
    if args.protocol:
        return cross_validate(args, Material.open(args.clips, args.special), workers)
    material = Material.open(args.clips, args.special, args.head)
    return train_one(args, Training(args, material, workers))


def stream_of(args: TrainSettings) -> Stream:
    """The clips that --stream asks for; nothing is rendered yet."""
    assert args.head is not None and args.stream is not None  # the settings saw to it
    return Stream(args.head, args.seed, args.stream, size=args.size, workers=args.render_workers)


def learn_from_stream(args: TrainSettings, workers: Workers) -> int:
    """One model that meets every clip once."""
    # imported here: learning from a clip set does not need the simulator
    from flinch_train.data.clips.rendered import stats_for
    from flinch_train.data.sim.habits import Habits
    from flinch_train.data.sim.head import Head

    stream = stream_of(args)
    habits = Habits(Head.load(stream.head), stats_for(criteria=True))
    scenes = Scenes(habits, stream.namespace, stream.seed)
    blocks = streamed(stream.take, scenes, stream.block, args.special)
    try:
        return train_one(args, Training(args, blocks(0), workers, blocks))
    finally:
        stream.close()


def met(training: Training) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Labels and valences as often as a run met them: half of them are of --moving, if there is."""
    labels, valence = training.clip_set.labels, training.clip_set.valence
    if training.args.moving is None:
        return labels, valence
    made = Ingredients.open(training.args.moving)
    count = max(len(labels), len(made.label))
    both = ((labels, made.label), (valence, made.valence))
    found = [np.concatenate([np.resize(part, count) for part in pair]) for pair in both]
    return found[0], found[1]


def train_one(args: TrainSettings, training: Training) -> int:
    """One model, judged by its validation clip set."""
    if args.resume:
        training.resume()
    training.run()
    if not training.workers.first:
        return 0
    assert args.val_clips is not None  # the settings saw to it
    held_out = ClipSet.open(args.val_clips)
    shift = Shift.of(*met(training))
    result = evaluate(predict(training.average.model, held_out), held_out, shift)
    result["minutes"] = round(training.minutes, 1)
    (args.out / "metrics.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(render(result["test"], result["beforeCalibration"], "clips of other people"))
    return 0
