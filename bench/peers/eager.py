"""HSTA as PyTorch runs it unasked, of the shape that Flinch ships: milliseconds a clip.

Weights are random, which costs the same. The flow of the special stream is not part of it.
"""

import json
import time

import torch
from flinch_train.data.labels import LABELS
from flinch_train.model.hsta import Hsta, config

REPEATS = 30


def main() -> None:
    """Runs clips of noise."""
    torch.set_num_threads(2)
    cfg = config("tiny", 112, len(LABELS), special="flows", heads=True)
    network = Hsta(cfg).eval()
    frames = torch.rand(1, 3, 6, 112, 112)
    special = torch.rand(1, cfg.channels(0), cfg.frames[0], 112, 112)
    times = []
    with torch.inference_mode():
        for _ in range(REPEATS):
            began = time.perf_counter()
            network.say(network.features(frames, special))
            times.append(1000 * (time.perf_counter() - began))
    print(json.dumps({"ms": sorted(times)[len(times) // 2], "version": torch.__version__}))


if __name__ == "__main__":
    main()
