"""Numbers below float32's smallest normal one cost a processor up to a hundred times a product."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from flinch_train.data.spotting.regions import masks
from flinch_train.model.motion import SIDE, build
from tests.repository import ROOT

_GRAPHS = sorted([*(ROOT / "models").glob("*.onnx"), *(ROOT / "bench").glob("*.onnx")])


def _subnormal(model: onnx.ModelProto) -> dict[str, int]:
    """How many subnormal float32 weights each initializer has; half precision is widened."""
    weights = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    least = np.finfo(np.float32).tiny
    counts = {
        name: int(((values != 0) & (np.abs(values) < least)).sum())
        for name, values in weights.items()
        if values.dtype == np.float32
    }
    return {name: count for name, count in counts.items() if count > 0}


@pytest.mark.parametrize("path", _GRAPHS, ids=lambda path: path.name)
def test_no_shipped_graph_has_subnormal_weights(path: Path) -> None:
    assert _subnormal(onnx.load(path)) == {}


def test_the_motion_graph_is_built_without_them() -> None:
    assert _subnormal(build()) == {}


def test_what_is_left_out_of_a_region_is_nothing() -> None:
    weights = masks(SIDE).astype(np.float64)
    assert np.abs(weights.sum(axis=1) - 1).max() < np.finfo(np.float32).eps
    assert weights[weights > 0].min() > 1e-13
