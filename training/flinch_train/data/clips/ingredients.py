"""What moving faces are made of: rendered stills, simulated flow, and what is known of each.

`python -m flinch_train moving --head HEAD.npz --simulated 60000 --stills 3000 --out FOLDER` makes
it; `train --moving FOLDER` makes new clips of it in every step (moving.py).
"""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from flinch_train.data.clips.moved_faces import PER_PERSON, RenderedFaces
from flinch_train.data.flow.real import Flows, standard
from flinch_train.data.flow.simulated import simulate_flow
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Namespace, generator
from flinch_train.settings import read

BLOCK = 96  # stills of one job


@dataclass(frozen=True)
class Ingredients:
    """Stills (M, S, S, 3), linear light; flow (K, 3, 28, 28), standard; and what is known of it.

    label (K,) in ``LABELS``, valence (K,) in ``VALENCES`` or -1, units (K, U); dataset (K,): like
    whose crop it is cut.
    """

    stills: NDArray[np.float16]
    flow: Flows
    label: NDArray[np.int64]
    valence: NDArray[np.int64]
    units: NDArray[np.int64]
    dataset: NDArray[np.str_]
    about: dict[str, Any]

    @staticmethod
    @cache  # a run asks for it several times
    def open(folder: Path) -> "Ingredients":
        """What ``write`` left. Raises ``SystemExit`` in one line where there is nothing."""
        file = folder / "moving.npz"
        if not file.exists():
            raise SystemExit(f"{folder}: no moving.npz in it")
        with np.load(file) as kept:
            arrays = dict(kept)
        about = {name: arrays.pop(name).item() for name in ("namespace", "none")}
        flow = standard(arrays.pop("raw"))
        about |= {"stills": len(arrays["stills"]), "flows": len(flow)}
        return Ingredients(flow=flow, about=about, **arrays)


def _stills(job: tuple[Path, Namespace, int, int]) -> list[NDArray[np.float16]]:
    file, namespace, first, count = job
    cv2.setNumThreads(1)
    faces = RenderedFaces(Head.load(file), namespace)
    return [
        faces.still(number, generator(namespace, 8, number)).astype(np.float16)
        for number in range(first, first + count * PER_PERSON, PER_PERSON)
    ]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the command takes."""

    head: Path  # the morphable head, .npz
    simulated: int = 60000  # flows
    stills: int = 3000  # faces, each in its own light
    none: float = 0.1  # share of those without expression
    namespace: Namespace = "train"
    out: Path  # folder to write
    workers: int = 2


def main(argv: list[str]) -> int:
    """Write FOLDER/moving.npz."""
    args = read(Settings, "moving", __doc__, argv)
    flows = simulate_flow(args.head, args.simulated, args.namespace, args.workers, args.none)
    jobs = [
        (args.head, args.namespace, first * PER_PERSON, min(BLOCK, args.stills - first))
        for first in range(0, args.stills, BLOCK)
    ]
    with ProcessPoolExecutor(args.workers, mp_context=get_context("spawn")) as executor:
        stills = list(chain.from_iterable(executor.map(_stills, jobs)))
    args.out.mkdir(parents=True, exist_ok=True)
    np.savez(
        args.out / "moving.npz",
        stills=np.stack(stills),
        raw=flows.raw,
        label=flows.label,
        valence=flows.valence,
        units=flows.units,
        dataset=flows.dataset,
        namespace=np.array(args.namespace),
        none=np.array(args.none),
    )
    print(f"{len(stills)} faces and {len(flows.raw)} flows")
    return 0
