"""What the weights of a run began with, and whom those had seen."""

from pathlib import Path
from typing import Any

from flinch_train.data import manifest
from flinch_train.data.clips.about import brief, read_json, real_subjects, videos_of


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


def started_with(about: dict[str, Any], what: str = "realSubjects") -> list[str]:
    """The real people, or videos, that the weights that a run began with had seen."""
    start = about.get("options", {}).get("start") or {}
    return list(start.get(what, []))
