"""Command line: ``python -m flinch_train COMMAND …``; each command is one module with ``main``."""

import sys
from importlib import import_module

# command -> (module with main(argv) -> int, what it does)
COMMANDS = {
    "convert-face": (
        "export.face.convert",
        "MediaPipe's face detector and face mesh: TFLite to ONNX",
    ),
    "export-motion": (
        "export.motion",
        "write the motion graph and enter it in the manifest",
    ),
    "export-sgemm": (
        "export.sgemm",
        "write the yardstick of the benchmark",
    ),
    "export-baselines": (
        "export.baselines",
        "write the graphs of published spotters to compare with",
    ),
    "clips": (
        "data.clips.rendered",
        "render labelled clips for training",
    ),
    "moved-faces": (
        "data.clips.moved_faces",
        "clips of simulated faces that real or simulated flow moves",
    ),
    "moving": (
        "data.clips.ingredients",
        "faces and flows of which training makes new clips in every step",
    ),
    "prepare": (
        "data.datasets.prepare",
        "a published data set as a clip set",
    ),
    "join": (
        "data.clips.join",
        "several clip sets as one",
    ),
    "simulate": (
        "data.sim.simulate",
        "render a simulated interview video with its ground truth",
    ),
    "reels": (
        "data.spotting.reels",
        "motion samples of simulated streams for the spotter",
    ),
    "spotted": (
        "data.clips.spotted",
        "clips as the spotter hands them over, hits and others",
    ),
    "train-spotter": (
        "train.spotter.command",
        "train the spotter on reels, write its graph",
    ),
    "interviews": (
        "data.sim.interviews",
        "render the interviews that a spotter is measured by",
    ),
    "train": (
        "train.hsta.command",
        "train HSTA on a clip set, evaluate it on another, fit the temperature",
    ),
    "benchmark": (
        "benchmark.flow.run",
        "HSTA and its rivals on real flow, leave one subject out",
    ),
    "evaluate": (
        "benchmark.shipped.evaluate",
        "score an exported graph on a clip set",
    ),
    "evidence": (
        "benchmark.shipped.evidence",
        "what would be reported at which recognition.minEvidence",
    ),
    "ceiling": (
        "benchmark.shipped.ceiling",
        "the best scores that the simulated labels allow",
    ),
    "flow-error": (
        "benchmark.shipped.flow_error",
        "how far the flow inside HSTA's graph is off",
    ),
    "real-sources": (
        "data.footage.sources",
        "check footage of real people, its split and its licences",
    ),
    "real-measure": (
        "data.footage.measure",
        "let Flinch watch real people, with and without expressions",
    ),
    "real-clips": (
        "data.footage.clips",
        "clips of real faces for HSTA to learn from",
    ),
    "real-score": (
        "benchmark.real.score",
        "false events an hour on real people, and what is found",
    ),
    "real-evidence": (
        "benchmark.real.weigh",
        "how much the spotter's word and HSTA's count, fitted",
    ),
    "real-points": (
        "benchmark.real.points",
        "what each spotting.sensitivity finds, and how often it errs",
    ),
    "real-reliability": (
        "benchmark.real.reliability",
        "is what Flinch says of its certainty true",
    ),
    "real-curve": (
        "benchmark.real.curve",
        "the picture of what is found over what is raised wrongly",
    ),
    "real-context": (
        "benchmark.real.context",
        "does the context told agree with a person who looked",
    ),
    "real-page": (
        "benchmark.real.page",
        "a page over all false events and all misses, with their causes",
    ),
    "roofline": (
        "export.tensorrt.roofline",
        "the least time that HSTA can take on a Jetson, as tables",
    ),
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
