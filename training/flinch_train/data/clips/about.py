"""What clips say of themselves: where they come from, and whom they show."""

import json
from pathlib import Path
from typing import Any


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where there is none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def real_subjects(clip_set: dict[str, Any]) -> list[str]:
    """The real people whose motion or face a clip set shows: of simulated ones it names none."""
    known = ("simulated", "filmed")  # people who were filmed are named by their videos
    real = any(not str(p.get("source", "simulated")).startswith(known) for p in parts_of(clip_set))
    return [s for s in clip_set.get("subjects", []) if not s.startswith(known)] if real else []


def parts_of(clip_set: dict[str, Any]) -> list[dict[str, Any]]:
    """What the clip sets that were joined say of themselves, or the only one."""
    return list(clip_set.get("parts", [clip_set]))


def videos_of(clip_set: dict[str, Any]) -> list[str]:
    """The videos of real people that a clip set shows, by hash."""
    return [video for part in parts_of(clip_set) for video in part.get("realVideo", [])]


def sources_of(clip_sets: list[dict[str, Any]]) -> list[str]:
    """Where those videos are from, with their licences."""
    return sorted({source for clip_set in clip_sets for source in clip_set.get("realSources", [])})


def brief(clip_set: dict[str, Any]) -> dict[str, Any]:
    """What a clip set says about itself, without a value a person, a video or a clip."""
    long = ("subjects", "clips", "spotted", "realVideo", "realSources")
    kept = {k: v for k, v in clip_set.items() if k not in long}
    return kept | ({"parts": [brief(part) for part in kept["parts"]]} if "parts" in kept else {})


def about_clips(folder: Path) -> dict[str, Any]:
    """What a clip set says about itself.

    Raises:
        SystemExit: it says nothing: nobody would know whom it shows.
    """
    if not (folder / "clips.json").exists():
        raise SystemExit(f"{folder}: no clips.json, so not a clip set, or one of an older version")
    return read_json(folder / "clips.json")
