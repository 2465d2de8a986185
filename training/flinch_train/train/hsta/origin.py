"""What the weights of a run began with, and whom those had seen."""

from pathlib import Path
from typing import Any

from flinch_train.data import manifest
from flinch_train.data.clips.about import brief, read_json, real_subjects, videos_of


def about_run(run: Path) -> dict[str, Any]:
    """What RUN/run.json says, or nothing where there is none.

    Raises:
        SystemExit: it does not say what clips were learned from: nobody would know whom they show.
    """
    about = read_json(run / "run.json")
    if about and "clips" not in about:
        raise SystemExit(f"{run}/run.json: no clips in it, so it is of an older version")
    return about


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
    run = about_run(start)
    clip_set = run.get("clips", {})
    people = sorted({*real_subjects(clip_set), *started_with(run)})
    videos = sorted({*videos_of(clip_set), *started_with(run, "realVideo")})
    seen = {"realSubjects": people, "realVideo": videos}
    return {"run": start.name, **seen, **run, "clips": brief(clip_set)}


def started_with(about: dict[str, Any], what: str = "realSubjects") -> list[str]:
    """The real people, or videos, that the weights that a run began with had seen."""
    start = about.get("options", {}).get("start") or {}
    return list(start.get(what, []))
