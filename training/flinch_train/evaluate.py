"""evaluate: a shipped graph, run by ONNX Runtime on a pool of simulated clips.

Scores the second half of the pool, as training does: the first half fitted the temperature, and no
person is in both.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from tqdm import tqdm

from flinch_train import metrics
from flinch_train.labels import LABELS
from flinch_train.pool import Pool


def main(argv: list[str]) -> int:
    """Print UF1, UAR, the recall of every class, calibration and the confusion matrix."""
    parser = argparse.ArgumentParser(prog="flinch_train evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="an exported .onnx")
    parser.add_argument("--pool", type=Path, required=True, help="clips of people never trained on")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    session = onnxruntime.InferenceSession(args.model, providers=["CPUExecutionProvider"])
    pool = Pool.open(args.pool)
    half = len(pool) // 2
    logits = np.zeros((len(pool) - half, len(LABELS)))
    probabilities = np.zeros_like(logits)
    for row in tqdm(range(half, len(pool)), disable=args.json):
        clip = {"frames": pool.frames[row], "special": pool.special[row]}
        feeds = {name: np.ascontiguousarray(rgb[None, ..., ::-1]) for name, rgb in clip.items()}
        raw, calibrated = session.run(["logits", "probabilities"], feeds)
        logits[row - half], probabilities[row - half] = raw[0], calibrated[0]
    truth = pool.labels[half:]
    report = metrics.report(np.log(np.maximum(probabilities, 1e-12)), truth)
    report["eceBeforeCalibration"] = metrics.expected_calibration_error(
        metrics.softmax(logits), truth
    )
    print(json.dumps(report, indent=2) if args.json else render(report))
    return 0


def render(report: dict) -> str:
    """The report as a person reads it."""
    three, none = report["threeClass"], report["none"]
    head = [
        f"simulated clips: {report['clips']}",
        f"8 classes: UF1 {report['uf1']:.3f}, UAR {report['uar']:.3f}, "
        f"accuracy {report['accuracy']:.3f}",
        f"3 classes ({three['clips']} clips): UF1 {three['uf1']:.3f}, UAR {three['uar']:.3f}",
        f"none: recall {none['recall']:.3f}, precision {none['precision']:.3f}",
        f"ECE {report['eceBeforeCalibration']:.3f} before calibration, {report['ece']:.3f} after",
        "",
        "truth \\ said".ljust(14) + "".join(name.rjust(9) for name in LABELS) + "   recall",
    ]
    counts = report["confusion"]["counts"]
    rows = [
        name.ljust(14)
        + "".join(str(count).rjust(9) for count in row)
        + f"{report['recall'][name]:9.2f}"
        for name, row in zip(LABELS, counts, strict=True)
    ]
    return "\n".join(head + rows)
