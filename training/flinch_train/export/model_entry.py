"""The record of a classifier in models/manifest.json: what goes in and out, whence it is."""

import datetime
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flinch_train.export import manifest
from flinch_train.labels import ACTION_UNITS, LABELS, VALENCE, VALENCES
from flinch_train.model.hsta import Hsta, multiply_adds, parameters
from flinch_train.score.priors import NONE_PRIOR, VALENCE_COUNTS
from flinch_train.score.scores import Temperatures

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


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where there is none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


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
    cfg, result, about = model.cfg, read_json(run / "metrics.json"), read_json(run / "run.json")
    people = sorted({*real_subjects(about.get("pool", {})), *started_with(about)})
    pools = parts_of(about.get("pool", {}))
    videos = sorted({*videos_of(about.get("pool", {})), *started_with(about, "realVideo")})
    kind = "real" if people or any(p.get("research") for p in pools) else "filmed"
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
            **({"realSources": sources_of(pools)} if videos else {}),
            "finished": finished,
            "steps": [state["step"], state["steps"]],
            "training": {**about, "pool": brief(about.get("pool", {}))},
            "exported": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "test": headline(result["test"]) if finished and "test" in result else None,
        },
        "licence": LICENCE[kind],
        **({"realVideo": videos} if videos else {}),
    }


def origin(start: Path) -> dict[str, Any]:
    """What a run began with: a graph's entry in the manifest, or another run."""
    if start.suffix == ".onnx":
        known = manifest.load(start.parent)["models"].values()
        listed = next((e for e in known if e["file"] == start.name), None)
        if listed is None or listed["sha256"] != manifest.sha256(start):
            raise SystemExit(f"{start} is not the file that the manifest beside it lists")
        provenance = {k: listed["provenance"][k] for k in ("data", "realSubjects", "training")}
        named = {k: listed[k] for k in ("name", "version", "sha256", "realVideo") if k in listed}
        return named | provenance
    run = read_json(start / "run.json")
    pool = run.get("pool", {})
    people = sorted({*real_subjects(pool), *started_with(run)})
    videos = sorted({*videos_of(pool), *started_with(run, "realVideo")})
    seen = {"realSubjects": people, "realVideo": videos}
    return {"run": start.name, **seen, **run, "pool": brief(pool)}


def headline(test: dict[str, Any]) -> dict[str, Any]:
    """The scores that stand in the manifest."""
    parts = {
        "emotion": ("clips", "uf1", "uar", "ece", "none"),
        "valence": ("clips", "uf1", "uar", "ece"),
        "actionUnits": ("clips", "f1", "averagePrecision", "ece"),
    }
    return {part: {k: test[part][k] for k in keys} for part, keys in parts.items() if part in test}


def real_subjects(pool: dict[str, Any]) -> list[str]:
    """The real people whose motion or face a pool shows: of simulated ones it names none."""
    known = ("simulated", "filmed")  # people who were filmed are named by their videos
    real = any(not str(p.get("source", "simulated")).startswith(known) for p in parts_of(pool))
    return [s for s in pool.get("subjects", []) if not s.startswith(known)] if real else []


def parts_of(pool: dict[str, Any]) -> list[dict[str, Any]]:
    """What the pools that were joined say of themselves, or the only one."""
    return list(pool.get("pools", [pool]))


def videos_of(pool: dict[str, Any]) -> list[str]:
    """The videos of real people that a pool shows, by hash."""
    return [video for part in parts_of(pool) for video in part.get("realVideo", [])]


def sources_of(pools: list[dict[str, Any]]) -> list[str]:
    """Where those videos are from, with their licences."""
    return sorted({source for pool in pools for source in pool.get("realSources", [])})


def started_with(about: dict[str, Any], what: str = "realSubjects") -> list[str]:
    """The real people, or videos, that the weights that a run began with had seen."""
    start = about.get("options", {}).get("start") or {}
    return list(start.get(what, []))


def brief(pool: dict[str, Any]) -> dict[str, Any]:
    """What a pool says about itself, without a value a person, a video or a clip."""
    long = ("subjects", "clips", "spotted", "realVideo", "realSources")
    kept = {k: v for k, v in pool.items() if k not in long}
    return kept | ({"pools": [brief(part) for part in kept["pools"]]} if "pools" in kept else {})


def about_pool(folder: Path) -> dict[str, Any]:
    """What a pool says about itself."""
    return read_json(folder / "pool.json")
