"""models/manifest.json: what each graph is, where it came from, and the hash that proves it."""

import hashlib
import json
from pathlib import Path
from typing import Any

SCHEMA = 1


def sha256(path: Path) -> str:
    """Hex digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load(models_dir: Path) -> dict[str, Any]:
    """The manifest of a models folder, or an empty one."""
    path = Path(models_dir) / "manifest.json"
    if path.exists():
        return dict(json.loads(path.read_text("utf-8")))
    return {"schema": SCHEMA, "models": {}}


def register(models_dir: Path | str, key: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Enter one model, replacing its former entry; returns the entry as written.

    ``entry["file"]`` names the graph inside ``models_dir``; ``sha256`` and ``bytes`` are computed
    here and nowhere else, so they cannot disagree with the file.
    """
    models_dir = Path(models_dir)
    graph = models_dir / entry["file"]
    whole = {**entry, "sha256": sha256(graph), "bytes": graph.stat().st_size}
    manifest = load(models_dir)
    manifest["schema"] = SCHEMA
    manifest["models"][key] = whole
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (models_dir / "manifest.json").write_text(text, "utf-8")
    return whole
