"""Command line: ``python -m flinch_train COMMAND …``; each command is one module with ``main``."""

import sys
from importlib import import_module

# command -> (module with main(argv) -> int, what it does)
COMMANDS = {
    "convert-face": ("face.convert", "MediaPipe's face detector and face mesh: TFLite to ONNX"),
    "export-motion": ("motion.command", "write the motion graph and enter it in the manifest"),
    "export-sgemm": ("export.sgemm", "write the yardstick of the benchmark"),
    "export-baselines": (
        "baselines.command",
        "write the graphs of published spotters to compare with",
    ),
    "clips": ("pools.clips", "render a pool of labelled clips for training"),
    "moved-faces": (
        "pools.moved_faces",
        "clips of simulated faces that real or simulated flow moves",
    ),
    "moving": (
        "pools.ingredients",
        "faces and flows of which training makes new clips in every step",
    ),
    "prepare": ("datasets.prepare", "a published data set as a pool"),
    "join": ("pools.join", "several pools as one"),
    "simulate": ("sim.simulate", "render a simulated interview video with its ground truth"),
    "reels": ("spotting.reels_command", "motion samples of simulated streams for the spotter"),
    "spotted": ("pools.spotted", "clips as the spotter hands them over, hits and others"),
    "train-spotter": ("spotting.train_command", "train the spotter on reels, write its graph"),
    "interviews": ("sim.interviews", "render the interviews that a spotter is measured by"),
    "train": ("train.command", "train HSTA on a pool, evaluate it on another, fit the temperature"),
    "benchmark": ("benchmark.run", "HSTA and its rivals on real flow, leave one subject out"),
    "evaluate": ("score.evaluate", "score an exported graph on a pool of clips"),
    "evidence": ("score.evidence", "what would be reported at which recognition.minEvidence"),
    "real-sources": ("real.sources", "check footage of real people, its split and its licences"),
    "real-measure": ("real.measure", "let Flinch watch real people, with and without expressions"),
    "real-clips": ("real.clips", "clips of real faces for HSTA to learn from"),
    "real-score": ("real.score", "false events an hour on real people, and what is found"),
    "real-evidence": ("real.weigh", "how much the spotter's word and HSTA's count, fitted"),
    "real-points": ("real.points", "what each spotting.sensitivity finds, and how often it errs"),
    "real-reliability": ("real.reliability", "is what Flinch says of its certainty true"),
    "real-curve": ("real.curve", "the picture of what is found over what is raised wrongly"),
    "real-context": ("real.context", "does the context told agree with a person who looked"),
    "real-page": ("real.page", "a page over all false events and all misses, with their causes"),
    "roofline": ("tensorrt.roofline", "the least time that HSTA can take on a Jetson, as tables"),
    "export": (
        "export.command",
        "the ONNX graph of a trained run, and its entry in the manifest",
    ),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help"):
        print("usage: python -m flinch_train COMMAND [options]\n")
        for name, (_, what) in COMMANDS.items():
            print(f"  {name:17}{what}")
        return 0 if argv else 2
    if argv[0] not in COMMANDS:
        names = ", ".join(COMMANDS)
        print(f"flinch_train: no command {argv[0]!r}; one of {names}", file=sys.stderr)
        return 2
    # imported late: rendering clips must not wait for torch
    module = import_module(f"flinch_train.{COMMANDS[argv[0]][0]}")
    return int(module.main(argv[1:]) or 0)


if __name__ == "__main__":
    sys.exit(main())
