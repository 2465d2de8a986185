"""What clips say of themselves: where they come from, and whom they show."""

import json
from pathlib import Path
from typing import Any


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file, or nothing where there is none."""
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


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


def brief(pool: dict[str, Any]) -> dict[str, Any]:
    """What a pool says about itself, without a value a person, a video or a clip."""
    long = ("subjects", "clips", "spotted", "realVideo", "realSources")
    kept = {k: v for k, v in pool.items() if k not in long}
    return kept | ({"pools": [brief(part) for part in kept["pools"]]} if "pools" in kept else {})


def about_pool(folder: Path) -> dict[str, Any]:
    """What a pool says about itself."""
    return read_json(folder / "pool.json")
