"""Cross-validation on the subjects of a clip set: no subject is learned from and judged.

Each fold has a folder of its own with a checkpoint, so an interrupted run goes on with --resume. A
fold's model is judged at its last epoch; nothing is chosen by the subjects that are held out.
"""

import json
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.protocols import CLASS_NAMES, k_fold, loso, view
from flinch_train.train.hsta.judge import predict
from flinch_train.train.hsta.material import Material
from flinch_train.train.hsta.settings import TrainSettings
from flinch_train.train.hsta.training_run import Training
from flinch_train.train.hsta.workers import Workers
from flinch_train.train.scoring.metrics import confusion, softmax, uf1_uar
from flinch_train.train.scoring.scores import Logits


def class_scores(logits: Logits, classes: int) -> NDArray[np.float64]:
    """What a model says in a data set's classes (K, classes): 7, 4 or 3 of them.

    Seven are the emotions without "none". Three come from the valence head; four are its shares of
    what the emotions leave to a valence, and "others".
    """
    emotion = softmax(logits.emotion)[:, :7]
    emotion /= emotion.sum(axis=1, keepdims=True)
    if classes == 7:
        return np.asarray(emotion)
    negative, positive, surprise = softmax(logits.valence).T
    if classes == 3:
        return np.stack([negative, positive, surprise], axis=1)
    others = emotion[:, 0]
    valued = 1 - others
    return np.stack([negative * valued, surprise * valued, others, positive * valued], axis=1)


def cross_validate(args: TrainSettings, material: Material, workers: Workers) -> int:
    """Train and judge every fold; print and write RUN/crossval.json."""
    clip_set, flow = material.clip_set, material.flow
    truth = view(clip_set.labels, clip_set.valence, args.classes)
    if args.protocol == "loso":
        parts = loso(clip_set.subjects)
    else:
        parts = k_fold(clip_set.subjects, args.folds, args.seed)
    scores = np.full((len(clip_set), args.classes), np.nan)
    for number, (train, test) in enumerate(parts):
        judged = test[truth[test] >= 0]
        if not len(judged):
            continue
        out = args.out / f"fold-{number}"
        out.mkdir(exist_ok=True)
        fold = replace(args, out=out, resume=args.resume and (out / "checkpoint.pt").exists())
        part = flow[train] if flow is not None else None
        training = Training(fold, Material(clip_set.some(train), part), workers)
        if fold.resume:
            training.resume()
        training.run()
        if workers.first:
            logits = predict(training.average.model, clip_set.some(judged))
            scores[judged] = class_scores(logits, args.classes)
            print(f"fold {number}: {len(judged)} clips judged", flush=True)
    if workers.first:
        _conclude(args, truth, scores, clip_set)
    return 0


def _conclude(
    args: TrainSettings,
    truth: NDArray[np.int64],
    scores: NDArray[np.float64],
    clip_set: ClipSet,
) -> None:
    names = CLASS_NAMES[args.classes]
    judged = ~np.isnan(scores[:, 0])
    matrix = confusion(truth[judged], scores[judged].argmax(axis=1), args.classes)
    uf1, uar = uf1_uar(matrix)
    people = len(np.unique(clip_set.subjects[judged]))
    found = {
        "protocol": args.protocol, "classes": list(names), "clips": int(judged.sum()),
        "subjects": people, "uf1": uf1, "uar": uar, "confusion": matrix.tolist(),
    }  # fmt: skip
    (args.out / "crossval.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    print(
        f"{args.protocol}, {args.classes} classes, {int(judged.sum())} clips of {people} subjects: "
        f"UF1 {uf1:.3f}, UAR {uar:.3f} (pooled, last epoch)"
    )
