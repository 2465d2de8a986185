"""evaluate: a shipped graph, run by ONNX Runtime on a pool of clips.

Scores the second half of the pool, as training does: the first half fitted the temperatures, and no
person is in both.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from tqdm import tqdm

from flinch_train.graph import Graph, calibrated_logits, raw_logits
from flinch_train.pool import Pool
from flinch_train.scores import Truth, render, report


def main(argv: list[str]) -> int:
    """Print UF1, UAR, the recall of every class, calibration and the confusion matrices."""
    parser = argparse.ArgumentParser(prog="flinch_train evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="an exported .onnx")
    parser.add_argument("--pool", type=Path, required=True, help="clips of people never trained on")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    graph, pool = Graph.open(args.model), Pool.open(args.pool)
    rows = np.arange(len(pool) // 2, len(pool))
    said = [graph.say(pool.frames[k], pool.special[k]) for k in tqdm(rows, disable=args.json)]
    logits, truth = calibrated_logits(said), Truth.of(pool, rows)
    found = report(logits, truth)
    before = report(raw_logits(logits, graph.temperatures), truth)
    if args.json:
        print(json.dumps({"test": found, "beforeCalibration": before}, indent=2))
    else:
        print(render(found, before, "clips"))
    return 0
