"""Train the spotter on reels and write its graph.

`python -m flinch_train train-spotter --reels pools/reels --out ../models --twin FILE`
writes spotter.onnx, enters it in the manifest, and records what the daemon's twin must say.
"""

import argparse
import io
import json
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

from flinch_train.export.manifest import register
from flinch_train.spotting.features import GAP_MS, REGION_COUNT, STEP_MS, WINDOW
from flinch_train.spotting.graft import grafted
from flinch_train.spotting.handed_over import ask, handed_over
from flinch_train.spotting.learn import Options, learn
from flinch_train.spotting.net import AGE_MS, SpotNet, SpotNets
from flinch_train.spotting.reel import Reel
from flinch_train.spotting.reels_command import load
from flinch_train.spotting.region_motion import VALUES
from flinch_train.spotting.signals import load_signals
from flinch_train.spotting.windows import Windows

FILE = "spotter.onnx"
OPSET = 17
TWIN_THRESHOLD = 0.05  # of the record's candidates: low enough for more than the expression


class Deployed(nn.Module):
    """What the daemon asks: probability (B,) and ages (B, 3) in milliseconds."""

    def __init__(self, net: SpotNet | SpotNets) -> None:
        super().__init__()
        self.net = net

    def forward(self, window: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Windows (B, V, W), noise (B, R)."""
        said = self.net(window, noise)
        return torch.sigmoid(said.logit), said.ages * AGE_MS


def graph_of(net: SpotNet | SpotNets) -> onnx.ModelProto:
    """For one face at one step."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Deployed(net).eval(),
            (torch.zeros(1, VALUES, WINDOW), torch.zeros(1, REGION_COUNT)),
            buffer,  # type: ignore[arg-type]  # the older exporter does write to a buffer
            input_names=["window", "noise"],
            output_names=["probability", "ages"],
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load_from_string(buffer.getvalue())
    graph.producer_name = "flinch_train"
    onnx.checker.check_model(graph, full_check=True)
    return graph


def twin(graph: onnx.ModelProto, reel: Reel, seconds: float = 4.0) -> dict[str, Any]:
    """Some seconds of a reel around its first expression: what the graph says at each step, and
    what is handed over."""
    begin = max(0.0, float(reel.events[0, 0]) - 0.6 * seconds * 1000)
    chosen = (reel.times >= begin) & (reel.times < begin + seconds * 1000)
    times, samples = reel.times[chosen], np.round(reel.samples[chosen].astype(np.float64), 3)
    session = ort.InferenceSession(graph.SerializeToString())
    at = ask(session, times, samples)
    said = np.column_stack([at.times, at.probability, at.ages]).tolist()
    shown = [event.tolist() for event in reel.events if begin < event[0] and event[2] < times[-1]]
    found = [
        [one.onset, one.apex, one.offset, one.probability]
        for one in handed_over(session, times, samples, TWIN_THRESHOLD)
    ]
    return {
        "timesMs": times.tolist(), "samples": samples.tolist(), "said": said, "events": shown,
        "threshold": TWIN_THRESHOLD, "handedOver": found,
    }  # fmt: skip


def main(argv: list[str]) -> int:
    """Train, write, enter; the exit status."""
    parser = argparse.ArgumentParser(prog="flinch_train train-spotter", description=__doc__)
    parser.add_argument("--reels", type=Path, nargs="+", required=True, help="folders of reels")
    several: dict[str, Any] = {"type": Path, "nargs": "+", "default": []}
    parser.add_argument("--signals", **several, help="also learn from what the daemon measured")
    parser.add_argument("--interviews", **several, help="in these sets of videos, one for each")
    parser.add_argument("--out", type=Path, required=True, help="the models folder")
    parser.add_argument("--twin", type=Path, help="write the record for the daemon's test here")
    parser.add_argument("--grafts", type=float, default=3.0, help="more expressions a reel, about")
    parser.add_argument("--epochs", type=int, default=Options.epochs)
    parser.add_argument("--nets", type=int, default=3, help="networks asked together")
    parser.add_argument("--seed", type=int, default=Options.seed, help="of the first")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    args = parser.parse_args(argv)
    if len(args.signals) != len(args.interviews):
        parser.error("--signals and --interviews go together, one for one")
    rendered = [reel for folder in args.reels for reel in load(folder)]
    pairs = zip(args.signals, args.interviews, strict=True)
    measured = [reel for signals, videos in pairs for reel in load_signals(signals, videos)]
    reels = rendered + measured
    more = grafted(reels, args.grafts, args.seed)
    windows = Windows(reels + more)
    minutes = sum(float(reel.times[-1]) for reel in reels) / 60_000
    events, grafts = (sum(len(reel.events) for reel in some) for some in (reels, more))
    print(
        f"{len(reels)} reels, {minutes:.0f} minutes, {events} micro-expressions, "
        f"once more with {grafts - events} grafts",
        flush=True,
    )
    options = Options(epochs=args.epochs, seed=args.seed, quiet=args.quiet)
    seeds = range(args.seed, args.seed + args.nets)
    graph = graph_of(SpotNets([learn(windows, replace(options, seed=seed)) for seed in seeds]))
    onnx.save(graph, args.out / FILE)
    register(
        args.out,
        "spotter",
        {
            "file": FILE,
            "name": "spotter",
            "version": "4",
            "task": "has a micro-expression just ended, and when did it begin and peak",
            "inputs": [
                {"name": "window", "type": "float32", "shape": [1, VALUES, WINDOW]},
                {"name": "noise", "type": "float32", "shape": [1, REGION_COUNT]},
            ],
            "outputs": [
                {"name": "probability", "type": "float32", "shape": [1]},
                {"name": "ages", "type": "float32", "shape": [1, 3], "unit": "ms",
                 "order": ["onset", "apex", "offset"]},
            ],
            "windowSteps": WINDOW,
            "stepMs": STEP_MS,
            "gapMs": GAP_MS,
            "licence": "MIT",
            "provenance": {
                "data": "simulated streams of ICT-FaceKit Light heads (MIT); no real person",
                "reels": len(rendered),
                "interviews": len(measured),
                "nets": args.nets,
                "minutes": round(minutes, 1),
                "microExpressions": events,
                "grafts": grafts - events,
                "epochs": options.epochs,
                "seed": options.seed,
                "command": "python -m flinch_train train-spotter --reels pools/reels --signals "
                "pools/signals-train pools/signals-tune --interviews pools/train pools/tune "
                "--out models/",
            },
        },
    )  # fmt: skip
    if args.twin is not None:
        shown = next(reel for reel in rendered if len(reel.events) and reel.fps == 30)
        args.twin.write_text(json.dumps(twin(graph, shown)) + "\n")
    return 0
