"""How often which action units go with which emotion, and for how long: real clips, as counts."""

import csv
import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

SHORTEST_MS, LONGEST_MS = 130.0, 500.0  # onset to offset of a micro-expression proper
FASTEST_RISE_MS = 50.0
_TRIES = 60


@dataclass(frozen=True)
class Stats:
    """combinations: emotion → {"4+9": clips}; frames: emotion → phase → quantiles."""

    combinations: dict[str, dict[str, float]]
    frames: dict[str, dict[str, list[float]]]
    quantiles: list[float]
    frame_ms: float

    @staticmethod
    def load(folder: str | Path | None = None) -> "Stats":
        """The packaged counts, or a folder's au_by_emotion.csv and durations.csv."""
        data = json.loads(files("flinch_train.data.sim").joinpath("stats.json").read_text())
        stats = Stats(
            data["actionUnits"], data["durationFrames"], data["quantiles"], data["frameMs"]
        )
        return stats if folder is None else stats._from_csv(Path(folder))

    def _from_csv(self, folder: Path) -> "Stats":
        combinations: dict[str, dict[str, float]] = {}
        with (folder / "au_by_emotion.csv").open() as file:
            for row in csv.DictReader(file):
                units = combinations.setdefault(row["emotion"], {})
                units[row["action_units"]] = int(row["clips"])
        frames: dict[str, dict[str, list[float]]] = {}
        columns = [f"p{round(100 * q):02d}_frames" for q in self.quantiles]
        with (folder / "durations.csv").open() as file:
            for row in csv.DictReader(file):
                phases = frames.setdefault(row["emotion"], {})
                phases[row["phase"]] = [float(row[column]) for column in columns]
        return Stats(combinations, frames, self.quantiles, self.frame_ms)

    def action_units(self, emotion: str, rng: np.random.Generator) -> list[str]:
        """A combination, as often as it is among the emotion's clips: ["4", "L14"]."""
        choices = self.combinations[emotion]
        counts = np.array(list(choices.values()), np.float64)
        return str(rng.choice(list(choices), p=counts / counts.sum())).split("+")

    def timing(self, emotion: str, rng: np.random.Generator) -> tuple[float, float]:
        """Milliseconds from onset to apex and from apex to offset, short enough to be micro."""
        for _ in range(_TRIES):
            rise, fall = (self._phase(emotion, p, rng) for p in ("onset_to_apex", "apex_to_offset"))
            if rise >= FASTEST_RISE_MS and SHORTEST_MS <= rise + fall <= LONGEST_MS:
                return rise, fall
        rise = max(rise, FASTEST_RISE_MS)
        fall = float(np.clip(fall, SHORTEST_MS - rise, LONGEST_MS - rise))
        return rise, fall

    def _phase(self, emotion: str, phase: str, rng: np.random.Generator) -> float:
        points = self.frames[emotion][phase]
        # Labels are whole frames; the truth lay anywhere within one.
        frames = np.interp(rng.random(), self.quantiles, points) + rng.uniform(-0.5, 0.5)
        return float(frames * self.frame_ms)
