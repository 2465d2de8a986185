"""What moved in each clip of a simulated clip set: an auxiliary target for training, known exactly.

The label of a clip is one of eight; the simulator knows much more: by how much each shape of the
face changed from onset to apex. A clip set is a function of its seed, so this is recomputed from
the seed instead of being stored. The head that learns it is thrown away after training.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from flinch_train.data.clips.about import about_clips
from flinch_train.data.clips.clip_set import ClipSet
from flinch_train.data.clips.shares import Shares
from flinch_train.data.labels import LABELS, three_class_view

if TYPE_CHECKING:
    from flinch_train.data.sim.habits import Habits
    from flinch_train.data.sim.identity import Namespace

OTHERS = 5  # targets that are no shape: gaze and head


@dataclass(frozen=True)
class Targets:
    """values (K, T), each over its deviation; mirrored value t = signs[t] · values[places[t]].

    A row of NaN is unknown. shares: how probable each label is, given a clip's action units.
    """

    values: NDArray[np.float32]
    shares: Shares
    places: NDArray[np.int64]
    signs: NDArray[np.float32]

    def batch(self, rows: NDArray[np.int64], flipped: NDArray[np.bool_]) -> NDArray[np.float32]:
        """(B, T), with the sides of mirrored clips swapped."""
        plain = self.values[rows]
        return np.where(flipped[:, None], plain[:, self.places] * self.signs, plain)


def other_side(name: str) -> str:
    """The shape that a mirror makes of a shape."""
    for left, right in (("_L", "_R"), ("Left", "Right")):
        if name.endswith(left):
            return name.removesuffix(left) + right
        if name.endswith(right):
            return name.removesuffix(right) + left
    return name


def motion_targets(clip_set: ClipSet, folder: Path, head_file: Path) -> Targets:
    """Change from onset to apex: shape weights, gaze (yaw, pitch), head (yaw, pitch, roll).

    Of clips that did not come from the simulator's scenes this is not known (NaN).
    """
    # imported here: only training with this target needs the simulator
    from flinch_train.data.clips.rendered import stats_for
    from flinch_train.data.sim.habits import Habits
    from flinch_train.data.sim.head import Head

    about = about_clips(folder)
    head = Head.load(head_file)
    names = list(head.expression_names)
    values = np.full((len(clip_set), len(names) + OTHERS), np.nan, np.float32)
    shares = Shares.of(clip_set)
    start = 0
    for part in about.get("parts", [about]):
        rows = slice(start, start := start + part["count"])
        if "seed" not in part:
            continue
        by_criteria = part.get("labelsBy") == "criteria"
        scenes = Scenes(Habits(head, stats_for(by_criteria)), part["namespace"], part["seed"])
        values[rows], units = scenes.motion(rows.stop - rows.start, clip_set.labels[rows])
        if not by_criteria:
            likely = likely_labels(units, clip_set.labels[rows])
            shares.emotion[rows] = likely
            shares.valence[rows] = three_class_view(likely.astype(np.float64))
    return Scale.of(values, names).targets(values, shares)


@dataclass(frozen=True)
class Scale:
    """By what each target is divided, the same on both sides, and where a mirror puts it."""

    deviation: NDArray[np.float32]
    places: NDArray[np.int64]
    signs: NDArray[np.float32]

    @staticmethod
    def of(values: NDArray[np.float32], names: list[str]) -> "Scale":
        """Of unscaled values (K, T), rows of NaN left out; ``names``: of the head's shapes."""
        mirrored = [names.index(other_side(name)) for name in names]
        places = np.array(mirrored + list(range(len(names), len(names) + OTHERS)))
        signs = np.array([1.0] * len(names) + [-1, 1, -1, 1, -1], np.float32)
        deviation = np.nanstd(values, axis=0)
        deviation = np.sqrt((deviation**2 + deviation[places] ** 2) / 2)
        return Scale(np.maximum(deviation, 1e-3), places, signs)

    def targets(self, values: NDArray[np.float32], shares: Shares) -> Targets:
        """What training asks for."""
        scaled = (values / self.deviation).clip(-4, 4).astype(np.float32)
        return Targets(scaled, shares, self.places, self.signs)


@dataclass(frozen=True)
class Scenes:
    """What ``clips`` rendered, by number and before any rendering."""

    habits: "Habits"
    namespace: "Namespace"
    seed: int

    def motion(
        self, count: int, labels: NDArray[np.int64] | None = None, first: int = 0
    ) -> tuple[NDArray[np.float32], list[tuple[str, ...]]]:
        """(K, T) of K clips from clip ``first`` on, unscaled, and their action units.

        Raises:
            ValueError: one of ``labels`` is another than the one that this version draws.
        """
        from flinch_train.data.clips.rendered import number
        from flinch_train.data.sim.acts import State
        from flinch_train.data.sim.identity import generator
        from flinch_train.data.sim.moments import moment, peak

        shapes = len(self.habits.head.expression_names)
        values = np.zeros((count, shapes + OTHERS), np.float32)
        units: list[tuple[str, ...]] = []
        for k in range(count):
            rng = generator(self.namespace, 2, number(self.seed, first + k))
            scene = moment(self.habits, rng)
            if labels is not None and scene.label != labels[k]:
                raise ValueError(f"rendered by another version of the simulator: clip {k}")
            micro = peak(scene.acts)
            units.append(tuple(sorted(micro.units)) if micro else ())
            for time, sign in ((scene.onset, -1), (scene.apex, 1)):
                state = State()
                for act in scene.acts:
                    act.apply(time, state)
                for index, weight in state.weights.items():
                    values[k, index] += sign * weight
                values[k, shapes : shapes + 2] += sign * state.gaze
                values[k, shapes + 2 :] += sign * state.angles
        return values, units


def likely_labels(units: list[tuple[str, ...]], labels: NDArray[np.int64]) -> NDArray[np.float32]:
    """(K, C): the share of each label among the clips with the same action units.

    One combination stands under several emotions, so one clip's own label is a noisy draw; the
    share among all of its kind says the same without the noise.
    """
    _, kind = np.unique(np.array([" ".join(u) for u in units]), return_inverse=True)
    counts = np.zeros((kind.max() + 1, len(LABELS)), np.float32)
    np.add.at(counts, (kind, labels), 1)
    shares = counts / counts.sum(axis=1, keepdims=True)
    return np.asarray(shares[kind])
