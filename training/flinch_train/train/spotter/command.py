"""Train the spotter on real people and on simulated ones, and write its graph.

`python -m flinch_train train-spotter --run RUN --footage DIR… --reels reels --out ../models
--twin FILE` writes spotter.onnx, enters it in the manifest, and records what the daemon's twin must
say. RUN is what `real-measure --parts learning` left; only footage whose licence lets a free model
learn from it is used, unless `--research` is given.

`--room-signals DIR…` adds movements that reviewers of a room labelled, as `flinch export SESSION
--to parquet --out DIR` wrote them; `--room-held-out` of the room's people are only scored on.
"""

import io
import json
import sys
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch
from torch import Tensor, nn

from flinch_train.data.errors import DatasetError
from flinch_train.data.footage.footage import Video
from flinch_train.data.footage.footage import load as load_footage
from flinch_train.data.footage.sources import learned_from, licence_of
from flinch_train.data.footage.split import Split
from flinch_train.data.manifest import register
from flinch_train.data.room.held_out import parted
from flinch_train.data.room.windows import Window, load_windows
from flinch_train.data.spotting.features import GAP_MS, STEP_MS
from flinch_train.data.spotting.handed_over import ask, handed_over
from flinch_train.data.spotting.reel import Reel
from flinch_train.data.spotting.reels import load
from flinch_train.data.spotting.region_motion import VALUES
from flinch_train.data.spotting.signals import load_signals
from flinch_train.data.spotting.timing import DELAY_MS, READY, STRIDE, WINDOW
from flinch_train.model.spotter import AGE_MS, SpotNet, SpotNets
from flinch_train.settings import read
from flinch_train.train.spotter.graft import grafts_of
from flinch_train.train.spotter.learn import Options, learn
from flinch_train.train.spotter.real_streams import RealStreams, load_real
from flinch_train.train.spotter.room_streams import room_provenance, room_streams, said_of, score
from flinch_train.train.spotter.segments import Segments
from flinch_train.train.spotter.stream import Stream, streams_of

OPSET = 17
TWIN_THRESHOLD = 0.05  # of the record's candidates: low enough for more than the expression


class Deployed(nn.Module):
    """What the daemon asks: probability (B,) and ages (B, 3) in milliseconds."""

    def __init__(self, net: SpotNet | SpotNets) -> None:
        super().__init__()
        self.net = net

    def forward(self, window: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """Windows (B, V, W), seen (B, W): one answer each."""
        outputs = self.net(window, seen)
        return torch.sigmoid(outputs.logit[:, 0]), outputs.ages[:, :, 0] * AGE_MS


def graph_of(net: SpotNet | SpotNets) -> onnx.ModelProto:
    """For one face at one step."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Deployed(net).eval(),
            (torch.zeros(1, VALUES, WINDOW), torch.ones(1, WINDOW)),
            buffer,  # type: ignore[arg-type]  # the older exporter does write to a buffer
            input_names=["window", "seen"],
            output_names=["probability", "ages"],
            opset_version=OPSET,
            dynamo=False,
        )
    graph = onnx.load_from_string(buffer.getvalue())
    graph.producer_name = "flinch_train"
    onnx.checker.check_model(graph, full_check=True)
    return graph


def twin(graph: onnx.ModelProto, reel: Reel, seconds: float = 4.5) -> dict[str, Any]:
    """Some seconds of a reel around its first expression: what the graph says at each step, and
    what is handed over."""
    begin = max(0.0, float(reel.events[0, 0]) - 0.6 * seconds * 1000)
    chosen = (reel.times >= begin) & (reel.times < begin + seconds * 1000)
    times, samples = reel.times[chosen], np.round(reel.samples[chosen].astype(np.float64), 3)
    session = ort.InferenceSession(graph.SerializeToString())
    at = ask(session, times, samples)
    outputs = np.column_stack([at.times, at.probability, at.ages]).tolist()
    shown = [event.tolist() for event in reel.events if begin < event[0] and event[2] < times[-1]]
    found = [
        [one.onset, one.apex, one.offset, one.probability]
        for one in handed_over(session, times, samples, TWIN_THRESHOLD)
    ]
    return {
        "timesMs": times.tolist(), "samples": samples.tolist(), "said": outputs, "events": shown,
        "threshold": TWIN_THRESHOLD, "handedOver": found,
    }  # fmt: skip


# How often each kind of stream is drawn, beside its length.
PLAIN_SHARE, WARPED_SHARE, SIMULATED_SHARE, ROOM_SHARE = 1.0, 0.5, 0.5, 0.5
SCORED_AT = 0.5  # the default of spotting.minProbability


def segments_of(real: RealStreams, reels: list[Reel], room: list[Window] | None = None) -> Segments:
    """Real and simulated streams, with the expressions of both as grafts, and a room's windows."""
    simulated: list[Stream] = []
    for number, reel in enumerate(reels):
        simulated.extend(streams_of(reel, f"simulated {number}"))
    grafts = [*real.grafts, *(graft for stream in simulated for graft in grafts_of(stream))]
    kinds = (
        (real.plain, PLAIN_SHARE), (real.warped, WARPED_SHARE), (simulated, SIMULATED_SHARE),
        (room_streams(room or []), ROOM_SHARE),
    )  # fmt: skip
    streams = [stream for some, _ in kinds for stream in some]
    steps = [sum(len(stream.values) for stream in some) for some, _ in kinds]
    # beside each other by their shares, however much there is of each
    shares = [
        share / max(1, count)
        for (some, share), count in zip(kinds, steps, strict=True)
        for _ in some
    ]
    return Segments(streams, grafts, shares)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    run: Path | None = None  # folder of `real-measure`
    footage: tuple[Path, ...] = ()  # its footage, with index.csv
    research: bool = False  # learn from all of the footage
    reels: tuple[Path, ...] = ()  # folders of reels
    signals: tuple[Path, ...] = ()  # also learn from what the daemon measured
    interviews: tuple[Path, ...] = ()  # in these sets of videos, one for each
    room_signals: tuple[Path, ...] = ()  # exports of a room's sessions, with their labels
    room_held_out: float = 0.2  # share of the room's people that is not learned from
    out: Path  # the models folder
    key: str = "spotter"  # in the manifest
    version: str = "5"  # for the manifest
    twin: Path | None = None  # write the record for the daemon's test here
    steps: int = Options.steps
    batch: int = Options.batch  # segments a step
    nets: int = 3  # networks asked together
    seed: int = Options.seed  # of the first
    threads: int = torch.get_num_threads()
    quiet: bool = False  # no progress bar

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for half of a pair."""
        if len(self.signals) != len(self.interviews):
            raise ValueError("--signals and --interviews go together, one for one")
        if (self.run is None) != (not self.footage):
            raise ValueError("--run and --footage go together")
        if not 0 <= self.room_held_out < 1:
            raise ValueError("--room-held-out is a share: from 0 up to, not including, 1")


def provenance(
    args: Settings, real: RealStreams, reels: list[Reel], options: Options, room: list[Window]
) -> dict[str, Any]:
    """What the manifest says of how the spotter came about."""
    sources = sorted({" (".join(licence_of(video)) + ")" for video in real.videos})
    simulated = sum(float(reel.times[-1]) for reel in reels) / 60_000
    return {
        "data": "region motion of real people, as filmed and with known expressions warped in, and "
        "of simulated ICT-FaceKit Light heads (MIT)",
        "realSources": sources,
        "realMinutes": round(real.minutes, 1),
        "simulatedMinutes": round(simulated, 1),
        "expressions": len(real.grafts) + sum(len(reel.events) for reel in reels),
        **(room_provenance(room) if room else {}),
        "nets": args.nets,
        "steps": options.steps,
        "batch": options.batch,
        "seed": options.seed,
        "command": "python -m flinch_train train-spotter --run RUN --footage DIR "
        f"--reels reels{' --room-signals DIR' if room else ''} --out models/",
    }


def licence_for(args: Settings) -> str:
    """What may be done with a model that learned from this."""
    limits = []
    if args.research:
        limits.append("research and evaluation only")
    if args.room_signals:
        limits.append("only for what the people of its room have agreed to")
    return ", ".join(limits) or "MIT"


def main(argv: list[str]) -> int:
    """Train, write, enter; the exit status."""
    args = read(Settings, "train-spotter", __doc__, argv)
    torch.set_num_threads(args.threads)
    split = Split.load()
    videos: list[Video] = load_footage(args.footage) if args.footage else []
    learned = learned_from(videos, split, free=not args.research)
    real = load_real(args.run, learned, split) if args.run else RealStreams([], [], [], [])
    rendered = [reel for folder in args.reels for reel in load(folder)]
    pairs = zip(args.signals, args.interviews, strict=True)
    reels = rendered + [reel for pair in pairs for reel in load_signals(*pair)]
    try:
        windows = load_windows(args.room_signals) if args.room_signals else []
        room, held = parted(windows, args.room_held_out) if windows else ([], [])
    except DatasetError as error:
        print(f"flinch_train train-spotter: {error}", file=sys.stderr)
        return 1
    segments = segments_of(real, reels, room)
    print(
        f"{real.minutes:.1f} minutes of real people, {len(real.grafts)} expressions; {len(reels)} "
        f"simulated streams, {sum(len(reel.events) for reel in reels)} expressions",
        flush=True,
    )
    if windows:
        print(f"room: {said_of(room)}; held out: {said_of(held)}", flush=True)
    options = Options(args.steps, batch=args.batch, seed=args.seed, quiet=args.quiet)
    seeds = range(args.seed, args.seed + args.nets)
    nets = SpotNets([learn(segments, replace(options, seed=seed)) for seed in seeds])
    graph = graph_of(nets)
    file = f"{args.key}.onnx"
    onnx.save(graph, args.out / file)
    entry = {
        "file": file,
        "name": args.key,
        "version": args.version,
        "task": "has a micro-expression just ended, and when did it begin and peak",
        "inputs": [
            {"name": "window", "type": "float32", "shape": [1, VALUES, WINDOW]},
            {"name": "seen", "type": "float32", "shape": [1, WINDOW]},
        ],
        "outputs": [
            {"name": "probability", "type": "float32", "shape": [1]},
            {"name": "ages", "type": "float32", "shape": [1, 3], "unit": "ms",
             "order": ["onset", "apex", "offset"]},
        ],
        "windowSteps": WINDOW,
        "readySteps": READY,
        "everySteps": STRIDE,
        "delayMs": DELAY_MS,
        "stepMs": STEP_MS,
        "gapMs": GAP_MS,
        "licence": licence_for(args),
        "provenance": provenance(args, real, reels, options, room),
        "realVideo": sorted(video.sha256 for video in real.videos),
    }  # fmt: skip
    register(args.out, args.key, entry)
    if held:
        print(f"room: {score(ort.InferenceSession(graph.SerializeToString()), held, SCORED_AT)}")
    if args.twin is not None:
        shown = next(reel for reel in rendered if len(reel.events) and reel.fps == 30)
        args.twin.write_text(json.dumps(twin(graph, shown)) + "\n")
    return 0
