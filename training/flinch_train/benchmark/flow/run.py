"""benchmark: HSTA and its rivals on real onset → apex flow, one protocol for all.

Leave one subject out, pooled, the last epoch of a recipe that no test subject had a say in. HSTA
has seen simulated flow before: the package keeps what it learned there, and with `--head` it learns
anew. The rivals are trained from scratch, as in their papers. `--full` repeats all with three
seeds; `--ablations` leaves parts of HSTA out.
"""

import json
import time
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from flinch_train.benchmark.flow.flow_hsta import (
    PARTS,
    REDUCED,
    FlowHsta,
    Lesson,
    Options,
    pretrained,
    say,
)
from flinch_train.benchmark.flow.folds import (
    HstaFold,
    KernelFold,
    RivalFold,
    SvmFold,
    features,
)
from flinch_train.benchmark.flow.pretrained import Pretrained
from flinch_train.benchmark.flow.protocol import Classifications, Fold, leave_one_subject_out
from flinch_train.benchmark.flow.rivals import RIVALS
from flinch_train.benchmark.flow.streams import rendered_face
from flinch_train.benchmark.flow.table import Row, render, row, spread
from flinch_train.data.flow.real import RealFlow, mirrored
from flinch_train.data.flow.simulated import SimulatedFlow, simulate_flow
from flinch_train.data.flow.teacher import FLOWS, Teacher
from flinch_train.data.labels import VALENCES
from flinch_train.data.sim.head import Head
from flinch_train.model.hsta import Config, parameters
from flinch_train.settings import read

TUNE = Options(epochs=4, lr=2e-4, batch=32)
Method = Literal["svm", "ststnet", "resnet18", "htnet", "hsta", "hsta-kernel"]
METHODS: tuple[Method, ...] = get_args(Method)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    flow: Path  # folder of flow.npz, index.csv
    head: Path | None = None  # the morphable head, .npz: teach HSTA anew by simulated flow
    keep: bool = False  # make the package's pretrained.npz anew
    methods: tuple[Method, ...] = METHODS
    flows: int = 8192  # simulated flows to learn from
    epochs: int = 4  # over those
    batch: int = 64  # of those
    full: bool = False  # three seeds, mean and spread
    ablations: bool = False  # parts of HSTA left out
    seed: int = 0
    workers: int = 2  # processes
    device: Literal["cpu", "cuda"] = "cpu"  # of the networks
    json: Path | None = None  # also write every score here
    quiet: bool = False  # no progress bar

    def __post_init__(self) -> None:
        """Raises ``ValueError``: some things need a network to pretrain anew."""
        if self.head is None and (self.ablations or self.keep):
            raise ValueError("--ablations and --keep need --head: a network to pretrain anew")


class Benchmark:
    """Everything that the rows share: real flow, the network pretrained on simulation."""

    def __init__(self, args: Settings) -> None:
        self.args = args
        self.device: str = args.device
        self.real = RealFlow.load(args.flow)
        self.classifications: dict[tuple[str, int], Classifications] = {}
        self._pretrained: dict[tuple[str, int, Config], FlowHsta] = {}

    @property
    def head(self) -> Path:
        """The morphable head, where the network is pretrained anew."""
        assert self.args.head is not None
        return self.args.head

    @cached_property
    def simulated(self) -> SimulatedFlow:
        """What HSTA learns from first."""
        print(f"making {self.args.flows} simulated flows …", flush=True)
        return simulate_flow(self.head, self.args.flows, "train", self.args.workers)

    @cached_property
    def beside(self) -> Lesson:
        """Simulated flow that HSTA goes on to learn while it is tuned."""
        if self.args.head is None:
            return self.kept.beside
        given, some = self.lesson, slice(FLOWS)
        assert given.units is not None
        return Lesson(given.flow[some], given.teacher, given.units[some])

    @cached_property
    def lesson(self) -> Lesson:
        """All of the simulated flow, and a teacher that learned from the first of it."""
        found = self.simulated
        return Lesson(found.flow, Teacher(found.flow, found.valence), found.units)

    @cached_property
    def kept(self) -> Pretrained:
        """What the package holds of all this."""
        return Pretrained.open()

    @cached_property
    def face(self) -> Tensor:
        """What the flow warps for the video stream."""
        return rendered_face(Head.load(self.head))

    def pretrained(self, seed: int, parts: str = "both", cfg: Config = REDUCED) -> FlowHsta:
        """HSTA that has seen simulated flow alone: the kept one where there is no head."""
        if self.args.head is None:
            return self.kept.model
        key = (parts, seed, cfg)
        if key not in self._pretrained:
            options = Options(
                self.args.epochs, lr=1e-3, batch=self.args.batch, seed=seed, quiet=self.args.quiet
            )
            self._pretrained[key] = pretrained(
                self.face, self.lesson, options, cfg, parts, self.device
            )
        return self._pretrained[key]

    def fold(self, method: str, seed: int) -> tuple[Fold, int]:
        """What a fold does, and how many parameters it learns."""
        if method == "svm":
            return SvmFold(self.real), 0
        if method in RIVALS:
            size = parameters(RIVALS[method](len(VALENCES)))
            return RivalFold(method, self.real, seed, self.device), size
        model = self.pretrained(seed)
        if method == "hsta":
            options = replace(TUNE, seed=seed)
            fold = HstaFold(self.real, model, self.beside, options, self.device)
            return fold, parameters(model)
        return self.kernel(model, with_flow=True), parameters(model)

    def kernel(self, model: FlowHsta, with_flow: bool) -> KernelFold:
        """An RBF kernel on what a network reads of real flow."""
        seen = features(model, self.real.flow), features(model, mirrored(self.real.flow))
        return KernelFold(self.real, *seen, with_flow)

    def run(self, name: str, fold: Fold, size: int, seed: int = 0) -> Row:
        """All subjects."""
        begin = time.monotonic()
        classifications = leave_one_subject_out(self.real, fold, self.args.workers)
        self.classifications[name, seed] = classifications
        return row(name, size, self.real, classifications, (time.monotonic() - begin) / 60)

    def both(self, one: str, other: str, seed: int) -> Row:
        """Two methods that have run, their last scores added: no fold is trained again."""
        last = [self.classifications[name, seed].scores[-1:] for name in (one, other)]
        total = np.sum([(s - s.mean()) / s.std() for s in last], axis=0)
        return row(f"{one} + {other}", 0, self.real, Classifications(total), 0.0)

    def zero_shot(self, name: str, model: FlowHsta) -> Row:
        """No fold: real flow is only looked at to be scored."""
        scores = say(model, self.real.flow)[None]
        return row(name, parameters(model), self.real, Classifications(scores), 0.0)

    def floor_of_simulation(self) -> Row:
        """HSTA's teacher by itself: the floor of what simulation alone brings."""
        begin = time.monotonic()
        both = (self.real.flow, mirrored(self.real.flow))
        teacher = self.beside.teacher
        scores = np.sum([teacher.scores(torch.from_numpy(flow)).numpy() for flow in both], axis=0)
        minutes = (time.monotonic() - begin) / 60
        return row("svm, simulation only", 0, self.real, Classifications(scores[None]), minutes)

    def ablated(self, name: str, model: FlowHsta) -> list[Row]:
        """Without a part: pretrained on simulation alone, and with a kernel on what it reads."""
        fold = self.kernel(model, with_flow=False)
        return [
            self.zero_shot(f"{name}, simulation only", model),
            self.run(f"{name}, kernel", fold, parameters(model)),
        ]


ABLATIONS: dict[str, tuple[str, Config]] = {
    **{part: (part, REDUCED) for part in PARTS},
    "no hierarchy": ("both", replace(REDUCED, layers=1, blocks=(4, 4))),
    **{f"N = {n}": ("both", replace(REDUCED, frames=(1, n))) for n in (4, 8, 12)},
}


def main(argv: list[str]) -> int:
    """Print the table."""
    args = read(Settings, "benchmark", __doc__, argv)
    if args.head is not None and not args.head.exists():
        raise SystemExit(f"{args.head}: no such file")
    torch.set_num_threads(args.workers)
    if args.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("--device cuda: PyTorch sees no such device here")
    bench = Benchmark(args)
    print(f"{len(bench.real.valence)} clips of {len(bench.real.subjects)} subjects", flush=True)
    if args.keep:
        Pretrained.keep(bench.pretrained(args.seed), bench.face, bench.simulated)
    seeds = [args.seed, args.seed + 1, args.seed + 2] if args.full else [args.seed]
    rows: list[Row] = []
    for method in args.methods:
        of_method = [bench.run(method, *bench.fold(method, seed), seed) for seed in seeds]
        rows += of_method
        print(render(of_method).splitlines()[-1], flush=True)
    if {"hsta", "svm"} <= set(args.methods):
        rows += [bench.both("hsta", "svm", seed) for seed in seeds]
    if any(method.startswith("hsta") for method in args.methods):
        rows += [bench.zero_shot("hsta, simulation only", bench.pretrained(seed)) for seed in seeds]
        rows += [bench.floor_of_simulation()]
    print("\n" + render(rows))
    if args.full:
        names = dict.fromkeys(r.name for r in rows)  # each once, in order
        several = [[r for r in rows if r.name == name] for name in names]
        print("\n" + "\n".join(spread(found) for found in several if len(found) > 1))
    ablated: list[Row] = []
    if args.ablations:
        for name, (parts, cfg) in ABLATIONS.items():
            ablated += bench.ablated(name, bench.pretrained(args.seed, parts, cfg))
        print("\nHSTA without some of its parts:\n" + render(ablated))
    if args.json:
        args.json.write_text(json.dumps([asdict(r) for r in rows + ablated], indent=1) + "\n")
    return 0
