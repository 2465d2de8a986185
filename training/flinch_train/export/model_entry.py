"""The record of a classifier in models/manifest.json: what goes in and out, whence it is."""

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flinch_train.data.clips.about import (
    brief,
    parts_of,
    read_json,
    real_subjects,
    sources_of,
    videos_of,
)
from flinch_train.data.labels import ACTION_UNITS, LABELS, VALENCE, VALENCES
from flinch_train.model.hsta import Hsta, multiply_adds, parameters
from flinch_train.model.temperatures import Temperatures
from flinch_train.train.hsta.origin import about_run, started_with
from flinch_train.train.scoring.priors import NONE_PRIOR, VALENCE_COUNTS

# Where the daemon's aligned crop has the eyes: shares of its width and height.
CROP = {"leftEye": [0.32, 0.36], "rightEye": [0.68, 0.36]}
# How the daemon adds up the spotter's word and the model's, and how much it asks for: what
# `real-evidence` says of people for tuning, of spotter 5 and HSTA 0.7.0.
EVIDENCE = {"spotter": 0.91, "hsta": 0.35, "bias": -2.03}
OPERATING_POINTS = {"strict": 2.2, "balanced": 0.8, "sensitive": -0.8}
_HEADS = "ICT-FaceKit heads (USC ICT, MIT), `flinch_train clips`"
DATA = {
    "simulated": f"simulated clips only: {_HEADS}",
    "filmed": f"simulated clips ({_HEADS}), and clips of real people, as filmed and with known "
    "expressions warped in (`flinch_train real-clips`)",
    "real": f"simulated clips ({_HEADS}), some moved by real flow of CASME II, SAMM and SMIC-HS",
}
LICENCE = {
    "simulated": "MIT",
    "filmed": "MIT",
    "real": "research and evaluation only: CASME II, SAMM, SMIC licences",
}


def entry(
    run: Path,
    out: Path,
    version: str,
    model: Hsta,
    state: dict[str, Any],
    outputs: tuple[str, ...],
    special: int,
    opset: int,
) -> dict[str, Any]:
    """The manifest's record of the classifier; ``special`` pictures go in for the special data."""
    cfg, result, about = model.cfg, read_json(run / "metrics.json"), about_run(run)
    people = sorted({*real_subjects(about.get("clips", {})), *started_with(about)})
    clip_sets = parts_of(about.get("clips", {}))
    videos = sorted({*videos_of(about.get("clips", {})), *started_with(about, "realVideo")})
    kind = "real" if people or any(p.get("research") for p in clip_sets) else "filmed"
    kind = kind if people or videos else "simulated"
    finished = state["step"] >= state["steps"]
    picture = {"type": "uint8", "layout": "NTHWC, BGR", "range": [0, 255]}
    side = [cfg.size, cfg.size, 3]
    columns = ([cfg.classes], [cfg.classes], [cfg.valences], [cfg.units], list(cfg.grid(1)))
    shapes = zip(outputs, columns, strict=True)
    return {
        "file": out.name,
        "name": out.stem,
        "version": version,
        "task": "micro-expression classification of one candidate clip",
        "inputs": [
            {"name": "frames", "shape": [1, cfg.frames[1], *side], **picture},
            {"name": "special", "shape": [1, special, *side], **picture},
        ],
        "outputs": [
            {"name": name, "type": "float32", "shape": [1, *shape]} for name, shape in shapes
        ],
        "opset": opset,
        "labels": list(LABELS),
        "valence": dict(VALENCE),
        "valences": list(VALENCES),
        "actionUnits": list(ACTION_UNITS),
        "attention": list(cfg.grid(1)),
        "frames": cfg.frames[1],
        "size": cfg.size,
        "crop": CROP,
        "special": "frames" if cfg.frames[0] == 2 else "flows" if cfg.flows > 1 else "flow",
        "parameters": parameters(model),
        "multiplyAdds": multiply_adds(cfg),
        "temperatures": result.get("temperatures", asdict(Temperatures())),
        "evidence": EVIDENCE,
        "operatingPoints": OPERATING_POINTS,
        "nonePrior": NONE_PRIOR,
        "valencePrior": [round(count / sum(VALENCE_COUNTS), 3) for count in VALENCE_COUNTS],
        "provenance": {
            "architecture": "HSTA, arXiv 2405.03202; written anew from the paper",
            "data": DATA[kind],
            "realSubjects": people,
            **({"realSources": sources_of(clip_sets)} if videos else {}),
            "finished": finished,
            "steps": [state["step"], state["steps"]],
            "training": {**about, "clips": brief(about.get("clips", {}))},
            "exported": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "test": headline(result["test"]) if finished and "test" in result else None,
        },
        "licence": LICENCE[kind],
        **({"realVideo": videos} if videos else {}),
    }


def headline(test: dict[str, Any]) -> dict[str, Any]:
    """The scores that stand in the manifest."""
    parts = {
        "emotion": ("clips", "uf1", "uar", "ece", "none"),
        "valence": ("clips", "uf1", "uar", "ece"),
        "actionUnits": ("clips", "f1", "averagePrecision", "ece"),
    }
    return {part: {k: test[part][k] for k in keys} for part, keys in parts.items() if part in test}
