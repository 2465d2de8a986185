"""Author of `bench/mdmd.onnx`: the main directional maximal difference of 6 x 6 blocks.

Wang, Wu, Qian, Li and Fu, "A main directional maximal difference analysis for spotting facial
movements from long-term videos", Neurocomputing 230 (2017), as its authors restate it in He, Wang,
Li and Yap, "Spotting macro- and micro-expression intervals in long video sequences", FG 2020
(arXiv 1912.11985). A face that moves and comes back is farther from the head frame at the current
frame than at the tail frame. Of every block: the flow head → current is sorted into four
directions; the pixels of the commonest count; d is the mean of the largest third of
|flow head → current| - |flow head → tail| over them.

The paper's flow is RLOF. Here it is dense Lucas and Kanade (1981) on half-size brightness that is
free of slow light and of gain, as inside HSTA (`model/special_flow.py`), because that is plain
convolutions; it follows some two pixels, and a micro-expression moves about one.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto

from flinch_train.data.spotting.regions import CROP
from flinch_train.model.graph.author import Author, gaussian

BLOCKS = 6
SIDE = CROP // 2
CELL = SIDE // BLOCKS  # what is left over, a pixel at each edge, belongs to no block
PIXELS = CELL**2
THIRD = PIXELS // 3
WINDOW = gaussian(2.0, 5)
RIDGE = 0.004  # of the gradient's power: flat skin moves little rather than wildly
LIMIT = 4.0
NEVER = -1e6


def build() -> onnx.ModelProto:
    """Inputs `head`, `current` and `tail`, uint8 (1, 112, 112, 3) BGR.

    Output `differences` float32 (36,): d of every block, row by row, in pixels of the crop.
    """
    author = Author()
    crops = author.op("Concat", ["head", "current", "tail"], "crops", axis=0)
    flow = _flow(author, author.plane(author.grey(crops, 3)))
    _main_direction(author, _cut(author, flow))
    crop = (TensorProto.UINT8, [1, CROP, CROP, 3])
    return author.model(
        "mdmd", {"head": crop, "current": crop, "tail": crop}, {"differences": [BLOCKS**2]}
    )


def _flow(author: Author, planes: str) -> str:
    """Head → current and head → tail: (3, 1, 56, 56) → x and y (2, 2, 56, 56)."""
    op, constant = author.op, author.constant

    def number(name: str, value: float) -> str:
        return constant(name, np.array(value, np.float32))

    axis = author.integers("batch_axis", 0)
    one, three = author.integers("one", 1), author.integers("three", 3)
    head = op("Slice", [planes, author.integers("zero", 0), one, axis], "plane_head")
    others = op("Slice", [planes, one, three, axis], "plane_others")
    change = op("Sub", [others, head], "change")
    middle = op("Mul", [op("Add", [others, head], "both"), number("half", 0.5)], "middle")
    gradient = author.gradient(middle)
    author.several("Split", [gradient], ["gx", "gy"], axis=1)
    pairs = [("gx", "gx"), ("gx", "gy"), ("gy", "gy"), ("gx", change), ("gy", change)]
    products = [op("Mul", [p, q], f"{p}_{q}") for p, q in pairs]
    sums = author.separable(op("Concat", products, "products", axis=0), WINDOW, "sums")
    author.several("Split", [sums], ["xx_bare", "xy", "yy_bare", "xt", "yt"], axis=0)
    ridge = number("ridge", RIDGE)
    xx, yy = (op("Add", [f"{name}_bare", ridge], name) for name in ("xx", "yy"))

    def cross(p: str, q: str, r: str, s: str, output: str) -> str:
        left = op("Mul", [p, q], f"{output}_left")
        return op("Sub", [left, op("Mul", [r, s], f"{output}_right")], output)

    # Cramer's rule for (xx xy; xy yy) (u; v) = -(xt; yt)
    minus_determinant = cross("xy", "xy", xx, yy, "minus_determinant")
    u = op("Div", [cross(yy, "xt", "xy", "yt", "u_top"), minus_determinant], "u")
    v = op("Div", [cross(xx, "yt", "xy", "xt", "v_top"), minus_determinant], "v")
    both = op("Concat", [u, v], "flow_free", axis=1)
    return op("Clip", [both, number("least", -LIMIT), number("most", LIMIT)], "flow")


def _cut(author: Author, flow: str) -> str:
    """(2, 2, 56, 56) → (2, 2, 36, 81): blocks row by row, and their pixels."""
    edge = (SIDE - BLOCKS * CELL) // 2
    stop = edge + BLOCKS * CELL
    inner = author.op(
        "Slice",
        [
            flow,
            author.integers("cut_from", edge, edge),
            author.integers("cut_to", stop, stop),
            author.integers("cut_axes", 2, 3),
        ],
        "flow_inner",
    )
    grid = author.reshape(inner, [2, 2, BLOCKS, CELL, BLOCKS, CELL], "flow_grid")
    turned = author.op("Transpose", [grid], "flow_turned", perm=[0, 1, 2, 4, 3, 5])
    return author.reshape(turned, [2, 2, BLOCKS**2, PIXELS], "flow_blocks")


def _main_direction(author: Author, flow: str) -> str:
    """(2, 2, 36, 81) → (36,)."""
    op, constant = author.op, author.constant
    zero = constant("still", np.array(0, np.float32))

    length = op("ReduceL2", [flow], "length", axes=[1], keepdims=0)
    author.several("Split", [length], ["length_current", "length_tail"], axis=0)
    difference = op("Sub", ["length_current", "length_tail"], "difference_pair")
    difference = author.reshape(difference, [BLOCKS**2, PIXELS], "difference")

    to_current = op("Gather", [flow, constant("first", np.array(0))], "to_current", axis=0)
    signs = op(
        "Cast",
        [op("GreaterOrEqual", [to_current, zero], "forward")],
        "signs",
        to=TensorProto.FLOAT,
    )
    quarter = constant("quarter", np.array([2, 1], np.float32).reshape(2, 1, 1))
    weighed = op("Mul", [signs, quarter], "signs_weighed")
    direction = op("ReduceSum", [weighed, author.integers("sign_axis", 0)], "direction", keepdims=0)

    four = constant("four", np.arange(4, dtype=np.float32).reshape(4, 1, 1))
    votes = op("Cast", [op("Equal", [direction, four], "towards")], "votes", to=TensorProto.FLOAT)
    pixel_axis = author.integers("pixel_axis", -1)
    counts = op("ReduceSum", [votes, pixel_axis], "counts", keepdims=1)
    commonest = op("ArgMax", [counts], "commonest", axis=0, keepdims=0)
    main = op("Cast", [commonest], "main", to=TensorProto.FLOAT)
    member = op("Equal", [direction, main], "member")

    never = constant("never", np.array(NEVER, np.float32))
    kept = op("Where", [member, difference, never], "kept")
    author.several("TopK", [kept, author.integers("third", THIRD)], ["largest", "which"], axis=-1)
    size = op("ReduceMax", [counts], "size", axes=[0], keepdims=0)
    share = op("Mul", [size, constant("a_third", np.array(1 / 3, np.float32))], "share")
    taken = op("Round", [share], "taken")
    rank = constant("rank", np.arange(THIRD, dtype=np.float32)[None])
    chosen = op("Where", [op("Less", [rank, taken], "within"), "largest", zero], "chosen")
    total = op("ReduceSum", [chosen, pixel_axis], "total", keepdims=1)
    return author.reshape(op("Div", [total, taken], "mean"), [BLOCKS**2], "differences")
