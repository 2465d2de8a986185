"""Weights of a network read back out of its exported graph.

A graph holds every weight, most under PyTorch's own name; products have lost theirs. The order of
nodes is a function of the configuration alone, so a second network of the same shape, exported the
same way, tells which constant is which.
"""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from flinch_train.model.graph.half import name_of
from flinch_train.model.graph.hsta import to_onnx
from flinch_train.model.hsta import Config, Hsta
from flinch_train.model.temperatures import Temperatures

_PREFIX = "model."


def read_graph(path: Path, cfg: Config) -> dict[str, Tensor]:
    """The state of a network of shape ``cfg`` from its graph.

    Raises:
        SystemExit: the graph is that of another shape.
    """
    fresh = Hsta(cfg).eval()
    with torch.no_grad():  # no two alike, or export would make one constant of them
        for weight in fresh.parameters():
            weight.uniform_(-0.1, 0.1)
    twin = constants(to_onnx(fresh, Temperatures()))
    given = constants(onnx.load(path))
    found = {}
    for name, weight in fresh.state_dict().items():
        key, turned = _place(name, weight, twin)
        value = given.get(key)
        if value is None or value.shape != twin[key].shape:
            raise SystemExit(f"{path}: no {name} in it: a graph of another shape")
        found[name] = value.T.contiguous() if turned else value
    colours = ["embed_video"] if cfg.frames[0] == 1 else ["embed_video", "embed_special"]
    for embed in colours:  # export turned RGB into BGR
        found[f"{embed}.proj.weight"] = found[f"{embed}.proj.weight"].flip(1)
    return found


def flows_in(path: Path, cfg: Config) -> int:
    """How many flows the special stream of an exported graph takes."""
    wanted = (cfg.widths[0], *cfg.patches[:1] * 2)
    for value in constants(onnx.load(path)).values():
        if value.ndim == 5 and (value.shape[0], *value.shape[3:]) == wanted:
            return value.shape[1] // 3
    return cfg.flows


def constants(graph: onnx.ModelProto) -> dict[str, Tensor]:
    """Every constant of a graph, by name; those stored in half precision as single."""
    found = {}
    for constant in graph.graph.initializer:
        value = torch.from_numpy(numpy_helper.to_array(constant).copy())
        half = value.dtype == torch.float16
        found[name_of(constant.name)] = value.float() if half else value
    return found


def _place(name: str, weight: Tensor, twin: dict[str, Tensor]) -> tuple[str, bool]:
    """The name under which a graph holds a weight, and whether it stands on its side there."""
    if _PREFIX + name in twin:
        return _PREFIX + name, False
    if name.endswith(".cls"):  # folded into an expansion that has the same bytes
        same = [k for k, v in twin.items() if v.numel() == weight.numel() and _equal(v, weight)]
        return same[0], False
    turned = weight.mT
    return next(k for k, v in twin.items() if v.shape == turned.shape and _equal(v, turned)), True


def _equal(one: Tensor, other: Tensor) -> bool:
    return one.dtype == other.dtype and torch.equal(one.flatten(), other.flatten())
