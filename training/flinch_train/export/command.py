"""export: a trained run as an ONNX graph, checked against PyTorch and entered in the manifest.

`--lower fp16 int8` writes the same graph at lower precisions too, each only if it costs little.
"""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from flinch_train.export import manifest
from flinch_train.export.model_entry import entry, read_json
from flinch_train.export.onnx_graph import OPSET, OUTPUTS, SPECIAL, compare, to_onnx
from flinch_train.export.precision import half, in_bytes, probabilities
from flinch_train.labels import LABELS
from flinch_train.model.hsta import Config
from flinch_train.model.weights import load_run
from flinch_train.pools.pool import Pool
from flinch_train.score.metrics import confusion, uf1_uar
from flinch_train.score.priors import Shift
from flinch_train.score.scores import Temperatures
from flinch_train.tensorrt.operators import RELEASES, objections

CALIBRATION = 128  # clips of a pool's first half that set the ranges of int8
LOSS = 0.01  # of UF1: a lower precision that costs so much is not written
TOLERANCE = 1e-4  # of any output, PyTorch against ONNX Runtime
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


def main(argv: list[str]) -> int:
    """Export, compare, enter in the manifest beside the graph."""
    parser = argparse.ArgumentParser(prog="flinch_train export", description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of a training run")
    parser.add_argument("--out", type=Path, required=True, help="the .onnx to write")
    parser.add_argument("--version", default="0.1.0", help="of the model, for the manifest")
    parser.add_argument("--key", default="hsta", help="of the model in the manifest")
    parser.add_argument(
        "--lower", nargs="+", choices=("fp16", "int8"), default=(), help="also write these"
    )
    parser.add_argument("--pool", type=Path, help="clips to compare them on (with --lower)")
    parser.add_argument("--clips", type=int, default=400, help="how many of its second half")
    parser.add_argument("--parity", type=Path, help="also write PyTorch's numbers here, as JSON")
    args = parser.parse_args(argv)
    if args.lower and args.pool is None:
        parser.error("--lower needs --pool: clips that say what a lower precision costs")

    model, state = load_run(args.run)
    metrics = read_json(args.run / "metrics.json")
    temperatures = Temperatures(**metrics.get("temperatures", {}))
    with torch.no_grad():
        shift = Shift(**metrics.get("shift", {}))
        model.head.bias[LABELS.index("none")] += shift.none
        if model.cfg.valences:
            first = model.cfg.classes
            model.head.bias[first : first + model.cfg.valences] += torch.tensor(shift.valence)
    graph = to_onnx(model, temperatures)
    operators = Counter(node.op_type for node in graph.graph.node)
    if foreign := objections(graph, RELEASES[OLDEST]):
        raise SystemExit(f"TensorRT {OLDEST} would not take it whole: {', '.join(foreign)}")
    outputs, gap = compare(model, temperatures, graph)
    if gap > TOLERANCE:
        raise SystemExit(f"ONNX Runtime is {gap:.2e} off PyTorch, more than {TOLERANCE}")
    onnx.save(graph, args.out)
    about = entry(args.run, args.out, args.version, model, state, OUTPUTS, SPECIAL, OPSET)
    about["parity"] = {"pytorch": gap}
    manifest.register(args.out.parent, args.key, about)
    if args.parity:
        write_parity(args.parity, model.cfg, outputs)
    print(f"{args.out}: {sum(operators.values())} nodes, {gap:.1e} off PyTorch, {temperatures}")
    if args.lower:
        write_lower(args, graph, about)
    return 0


def write_lower(args: argparse.Namespace, graph: onnx.ModelProto, about: dict[str, Any]) -> None:
    """The same graph in fp16 and int8, each only if it costs less than ``LOSS`` of UF1."""
    pool = Pool.open(args.pool)
    rows = np.linspace(len(pool) // 2, len(pool) - 1, args.clips).astype(int)
    truth, wanted = pool.labels[rows], probabilities(graph, pool, rows)
    calibration = np.linspace(0, len(pool) // 2 - 1, min(CALIBRATION, len(pool) // 2)).astype(int)
    before = uf1_of(wanted, truth)
    for name in args.lower:
        lower = half(graph) if name == "fp16" else in_bytes(graph, pool, calibration)
        said = probabilities(lower, pool, rows)
        parity = {
            "clips": len(rows),
            "probability": float(np.abs(said - wanted).max()),
            "sameLabel": float((said.argmax(1) == wanted.argmax(1)).mean()),
            "uf1": uf1_of(said, truth),
            "uf1OfFp32": before,
        }
        told = f"{name}: UF1 {parity['uf1']:.4f}, of fp32 {before:.4f} on {len(rows)} clips; same "
        told += f"label in {parity['sameLabel']:.1%}"
        if before - parity["uf1"] >= LOSS:
            print(f"{told}: not written")
            continue
        out = args.out.with_name(f"{args.out.stem}-{name}.onnx")
        onnx.save(lower, out)
        changed = {"file": out.name, "name": out.stem, "precision": name, "parity": parity}
        manifest.register(out.parent, f"{args.key}-{name}", {**about, **changed})
        print(f"{out}: {out.stat().st_size / 1e6:.1f} MB; {told}")


def uf1_of(said: NDArray, truth: NDArray[np.int64]) -> float:
    """UF1 over the eight labels."""
    return uf1_uar(confusion(truth, said.argmax(axis=1), len(LABELS)))[0]
