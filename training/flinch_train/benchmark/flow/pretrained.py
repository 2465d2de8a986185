"""HSTA pretrained on simulation, kept in the package: the benchmark runs without a head.

pretrained.npz holds the weights of ``REDUCED`` after simulated flow (fp16), the face that flow
warps for its video stream, and some simulated flow to learn beside real flow.
`benchmark --head HEAD.npz --keep` makes it again.
"""

from dataclasses import dataclass
from importlib.resources import files
from zipfile import ZIP_LZMA, ZipFile

import numpy as np
import torch
from torch import Tensor

from flinch_train.benchmark.flow.flow_hsta import FlowHsta, Lesson
from flinch_train.data.flow.real import standard
from flinch_train.data.flow.simulated import SimulatedFlow
from flinch_train.data.flow.teacher import FLOWS, Teacher

FILE = files("flinch_train.benchmark.flow").joinpath("pretrained.npz")


@dataclass(frozen=True)
class Pretrained:
    """A network that has seen simulated flow alone, and some of that flow."""

    model: FlowHsta
    beside: Lesson

    @staticmethod
    def open() -> "Pretrained":
        """The kept one."""
        with FILE.open("rb") as file, np.load(file) as kept:
            arrays = dict(kept)
        model = FlowHsta(torch.from_numpy(arrays.pop("face")))
        flow, valence, units = (arrays.pop(name) for name in ("raw", "valence", "units"))
        model.load_state_dict({k: torch.from_numpy(v).float() for k, v in arrays.items()})
        seen = standard(flow)
        lesson = Lesson(seen, Teacher(seen, valence), units.astype(np.int64))
        return Pretrained(model.eval(), lesson)

    @staticmethod
    def keep(model: FlowHsta, face: Tensor, simulated: SimulatedFlow) -> None:
        """Write FILE, with the first of the simulated flow."""
        weights = {k: v.numpy().astype(np.float16) for k, v in model.state_dict().items()}
        arrays = {
            "face": face.numpy(),
            "raw": simulated.raw[:FLOWS],
            "valence": simulated.valence[:FLOWS],
            "units": simulated.units[:FLOWS].astype(np.int8),
            **weights,
        }
        # LZMA takes a sixth less than what np.savez_compressed writes; np.load reads both.
        with ZipFile(str(FILE), "w", ZIP_LZMA) as archive:
            for name, array in arrays.items():
                with archive.open(f"{name}.npy", "w") as entry:
                    np.lib.format.write_array(entry, np.asarray(array), allow_pickle=False)
