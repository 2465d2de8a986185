"""train: HSTA on a clip set.

With --val-clips, once, at the end, evaluated on other identities: the last epoch is the one that
counts; nothing is chosen by these clips. Their first half fits the temperatures, their second
half is the test: no person is in both.

With --protocol, one model a fold: every subject is judged by a model that never saw it, at the last
epoch, and all classifications are put together before UF1 and UAR are computed (crossval.py).

On several GPUs: torchrun --nproc-per-node N -m flinch_train train … ; a batch is shared by all.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from flinch_train.data.clips.about import about_clips, brief
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.ingredients import Ingredients
from flinch_train.data.clips.stream import Stream
from flinch_train.data.clips.targets import Scenes
from flinch_train.model.hsta import VARIANTS
from flinch_train.model.special_flow import cached_flow
from flinch_train.train.hsta.crossval import cross_validate
from flinch_train.train.hsta.judge import evaluate, predict
from flinch_train.train.hsta.material import FLOWS, Material, streamed
from flinch_train.train.hsta.origin import origin
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


def arguments() -> argparse.ArgumentParser:
    """The options, every one with its unit."""
    parser = argparse.ArgumentParser(
        prog="flinch_train train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--clips", type=Path, help="clips to learn from")
    what.add_argument(
        "--stream", type=int, help="render so many new clips every epoch instead (with --head)"
    )
    parser.add_argument("--render-workers", type=int, default=2, help="processes of --stream")
    parser.add_argument(
        "--moving", type=Path, help="a folder of `moving`: half of every batch is made of it, anew"
    )
    parser.add_argument("--val-clips", type=Path, help="clips of other identities")
    parser.add_argument(
        "--protocol",
        choices=("loso", "kfold"),
        help="cross-validate on the clip set's subjects instead",
    )
    parser.add_argument("--folds", type=int, default=10, help="of kfold")
    parser.add_argument("--classes", type=int, choices=(3, 4, 7), default=3, help="that are scored")
    parser.add_argument("--out", type=Path, required=True, help="folder for the run")
    parser.add_argument("--variant", choices=VARIANTS, default="tiny")
    parser.add_argument("--size", type=int, default=112, help="side of the crops, pixels")
    parser.add_argument("--special", choices=("frames", *FLOWS), default="flows")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1e-3, help="peak learning rate")
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--drop-path", type=float, default=0.05)
    parser.add_argument(
        "--keep-patches", type=float, default=1.0, help="share of video patches a step sees"
    )
    parser.add_argument(
        "--layer-decay", type=float, default=1.0, help="1: the same rate everywhere"
    )
    parser.add_argument("--balance", action="store_true", help="draw every class equally often")
    parser.add_argument(
        "--head", type=Path, help="the morphable head: learn what moved as well, beside the label"
    )
    parser.add_argument("--motion-weight", type=float, default=10.0, help="of that second loss")
    parser.add_argument(
        "--early-epochs", type=int, default=0, help="first the special stream alone (with --head)"
    )
    parser.add_argument("--start", type=Path, help="begin with the weights of a run, or of a .onnx")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products (AVX-512 BF16)")
    parser.add_argument("--compile", action="store_true", help="compile the training step")
    parser.add_argument("--resume", action="store_true", help="go on from RUN/checkpoint.pt")
    parser.add_argument("--save-every", type=float, default=5.0, help="minutes")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser


def describe(args: argparse.Namespace) -> dict[str, Any]:
    """RUN/run.json: options and clip sets, without where they lie on this machine."""
    options = {k: v for k, v in vars(args).items() if k not in _PLACES}
    options["motionTargets"] = args.head is not None
    options["start"] = origin(args.start) if args.start else None
    clip_set = about_clips(args.clips) if args.clips else stream_of(args).about()
    run: dict[str, Any] = {"options": options, "clips": clip_set}
    if args.moving:
        run["moving"] = Ingredients.open(args.moving).about
    return run | ({"valClips": brief(about_clips(args.val_clips))} if args.val_clips else {})


def main(argv: list[str]) -> int:
    """Train, evaluate, write RUN/checkpoint.pt and RUN/metrics.json."""
    parser = arguments()
    args = parser.parse_args(argv)
    if (args.val_clips is None) == (args.protocol is None):
        parser.error("either --val-clips (one model) or --protocol (cross-validation)")
    if args.stream and (args.head is None or args.protocol or args.early_epochs):
        parser.error("--stream needs --head, and goes neither with --protocol nor --early-epochs")
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    workers = Workers.join(args.device)
    if args.stream and workers.count > 1:
        raise SystemExit("--stream is for one process: others would render the same clips")
    if workers.first:
        text = json.dumps(describe(args), indent=2)
        (args.out / "run.json").write_text(text + "\n", "utf-8")
    if args.stream:
        code = learn_from_stream(args, workers)
    else:
        if workers.first and args.special in FLOWS:
            flows = FLOWS[args.special]
            cached_flow(ClipSet.open(args.clips), args.clips, flows, workers.device)
        workers.wait()
        if args.protocol:
            code = cross_validate(args, Material.open(args.clips, args.special), workers)
        else:
            material = Material.open(args.clips, args.special, args.head)
            code = train_one(args, Training(args, material, workers))
    workers.leave()
    return code


def stream_of(args: argparse.Namespace) -> Stream:
    """The clips that --stream asks for; nothing is rendered yet."""
    return Stream(args.head, args.seed, args.stream, size=args.size, workers=args.render_workers)


def learn_from_stream(args: argparse.Namespace, workers: Workers) -> int:
    """One model that meets every clip once."""
    # imported here: learning from a clip set does not need the simulator
    from flinch_train.data.clips.rendered import stats_for
    from flinch_train.data.sim.habits import Habits
    from flinch_train.data.sim.head import Head

    stream = stream_of(args)
    habits = Habits(Head.load(args.head), stats_for(criteria=True))
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


def train_one(args: argparse.Namespace, training: Training) -> int:
    """One model, judged by its validation clip set."""
    if args.resume:
        training.resume()
    training.run()
    if not training.workers.first:
        return 0
    held_out = ClipSet.open(args.val_clips)
    shift = Shift.of(*met(training))
    result = evaluate(predict(training.average.model, held_out), held_out, shift)
    result["minutes"] = round(training.minutes, 1)
    (args.out / "metrics.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(render(result["test"], result["beforeCalibration"], "clips of other people"))
    return 0
