"""export: a trained run as an ONNX graph, checked against PyTorch and entered in the manifest.

Weights are stored in half precision and cast when the graph is loaded. `--clips DIR` says what
that costs, and refuses to write a graph of which it costs too much.
"""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray

from flinch_train.benchmark.shipped.graph import feeds
from flinch_train.data import manifest
from flinch_train.data.clips.about import read_json
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.labels import LABELS
from flinch_train.export.model_entry import entry
from flinch_train.export.tensorrt.operators import RELEASES, objections
from flinch_train.model.graph.half import stored_half
from flinch_train.model.graph.hsta import OPSET, OUTPUTS, SPECIAL, compare, to_onnx
from flinch_train.model.hsta import Config
from flinch_train.model.temperatures import Temperatures
from flinch_train.model.weights import load_run
from flinch_train.settings import read
from flinch_train.train.scoring.metrics import confusion, uf1_uar
from flinch_train.train.scoring.priors import Shift

LOSS = 0.002  # of UF1: the most that weights in half precision may cost
EXACT = 1e-4  # of any output, PyTorch against ONNX Runtime, all weights in single precision
TOLERANCE = 2e-3  # the same, weights in half precision
OLDEST = "8.6"  # the first TensorRT that is to take every graph whole


def write_parity(path: Path, cfg: Config, outputs: dict[str, NDArray]) -> None:
    """PyTorch's numbers for the parity clip, for a test in another language."""
    record = {
        "about": "PyTorch fp32 on frames and special whose byte k, counted from `start`, is "
        "(k * 2654435761 mod 2^32) >> 24; JavaScript: Math.imul(k, 2654435761) >>> 24",
        "inputs": {
            "frames": {"shape": [1, cfg.frames[1], cfg.size, cfg.size, 3], "start": 0},
            "special": {
                "shape": [1, SPECIAL, cfg.size, cfg.size, 3],
                "start": cfg.frames[1] * cfg.size * cfg.size * 3,
            },
        },
        "outputs": {name: [float(v) for v in value.ravel()] for name, value in outputs.items()},
        "tolerance": TOLERANCE,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    run: Path  # folder of a training run
    out: Path  # the .onnx to write
    version: str = "0.1.0"  # of the model, for the manifest
    key: str = "hsta"  # of the model in the manifest
    clips: Path | None = None  # clips that say what half precision costs
    count: int = 400  # how many of them
    parity: Path | None = None  # also write PyTorch's numbers here, as JSON


def main(argv: list[str]) -> int:
    """Export, compare, enter in the manifest beside the graph."""
    args = read(Settings, "export", __doc__, argv)

    model, state = load_run(args.run)
    metrics = read_json(args.run / "metrics.json")
    temperatures = Temperatures(**metrics.get("temperatures", {}))
    with torch.no_grad():
        shift = Shift(**metrics.get("shift", {}))
        model.head.bias[LABELS.index("none")] += shift.none
        if model.cfg.valences:
            first = model.cfg.classes
            model.head.bias[first : first + model.cfg.valences] += torch.tensor(shift.valence)
    whole = to_onnx(model, temperatures)
    _, gap = compare(model, temperatures, whole)
    if gap > EXACT:
        raise SystemExit(f"ONNX Runtime is {gap:.2e} off PyTorch, more than {EXACT}")
    graph = stored_half(whole)
    operators = Counter(node.op_type for node in graph.graph.node)
    if foreign := objections(graph, RELEASES[OLDEST]):
        raise SystemExit(f"TensorRT {OLDEST} would not take it whole: {', '.join(foreign)}")
    outputs, stored_gap = compare(model, temperatures, graph)
    if stored_gap > TOLERANCE:
        raise SystemExit(f"in half precision it is {stored_gap:.2e} off, more than {TOLERANCE}")
    parity: dict[str, Any] = {"pytorch": gap, "storedInHalf": stored_gap}
    if args.clips:
        parity |= cost_of_half(whole, graph, ClipSet.open(args.clips), args.count)
    onnx.save(graph, args.out)
    about = entry(args.run, args.out, args.version, model, state, OUTPUTS, SPECIAL, OPSET)
    about["parity"] = parity
    manifest.register(args.out.parent, args.key, about)
    if args.parity:
        write_parity(args.parity, model.cfg, outputs)
    print(f"{args.out}: {sum(operators.values())} nodes, {parity}, {temperatures}")
    return 0


def cost_of_half(
    whole: onnx.ModelProto, stored: onnx.ModelProto, clip_set: ClipSet, count: int
) -> dict[str, Any]:
    """What a graph says of clips whose weights were stored in half precision, beside the whole one.

    Raises:
        SystemExit: it loses ``LOSS`` of UF1 or more.
    """
    rows = np.linspace(0, len(clip_set) - 1, min(count, len(clip_set))).astype(int)
    truth = clip_set.labels[rows]
    wanted, found = (probabilities(graph, clip_set, rows) for graph in (whole, stored))
    before, after = uf1_of(wanted, truth), uf1_of(found, truth)
    if before - after >= LOSS:
        raise SystemExit(f"in half precision UF1 is {after:.4f}, not {before:.4f}")
    return {
        "clips": len(rows),
        "probability": float(np.abs(found - wanted).max()),
        "sameLabel": float((found.argmax(1) == wanted.argmax(1)).mean()),
        "uf1": after,
        "uf1InSingle": before,
    }


def probabilities(graph: onnx.ModelProto, clip_set: ClipSet, rows: NDArray[np.int64]) -> NDArray:
    """(K, 8) calibrated, of some clips of a clip set, by ONNX Runtime on the CPU."""
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    clips = (feeds(clip_set.frames[row], clip_set.special[row]) for row in rows)
    return np.stack([session.run(["probabilities"], clip)[0][0] for clip in clips])


def uf1_of(found: NDArray, truth: NDArray[np.int64]) -> float:
    """UF1 over the eight labels."""
    return uf1_uar(confusion(truth, found.argmax(axis=1), len(LABELS)))[0]
