"""Action units (FACS) as shapes of the head. Those it lacks are made of the nearest it has."""

import re
from collections import defaultdict

import numpy as np

from flinch_train.data.sim.head import Head

Recipe = tuple[tuple[str, float], ...]
Range = tuple[float, float]

NEIGHBOURS = ("1", "4", "7", "14", "17", "24")  # units of which one may move along a little

# Shape names without side; a shape that exists as _L and _R is used on one or both sides.
_RECIPES: dict[str, Recipe] = {
    "1": (("browInnerUp", 1.0),),
    "2": (("browOuterUp", 1.0),),
    "4": (("browDown", 1.0),),
    "5": (("eyeWide", 1.0),),
    "6": (("cheekSquint", 0.8), ("cheekRaiser", 0.4)),
    "7": (("eyeSquint", 1.0),),
    "9": (("noseSneer", 1.0), ("mouthUpperUp", 0.15)),
    "10": (("mouthUpperUp", 0.8), ("noseSneer", 0.25)),
    "11": (("mouthUpperUp", 1.0),),
    "12": (("mouthSmile", 1.0), ("cheekSquint", 0.2)),
    "13": (("cheekPuff", 0.6), ("mouthSmile", 0.2)),
    "14": (("mouthDimple", 1.0), ("mouthPress", 0.25)),
    "15": (("mouthFrown", 1.0),),
    "16": (("mouthLowerDown", 1.0),),
    "17": (("mouthShrugLower", 1.0), ("mouthShrugUpper", 0.3)),
    "18": (("mouthPucker", 1.0),),
    "T18": (("mouthPucker", 0.4), ("mouthShrugUpper", 0.5)),
    "20": (("mouthStretch", 1.0),),
    "22": (("mouthFunnel", 1.0),),
    "23": (("mouthPress", 0.6), ("mouthRollUpper", 0.3), ("mouthRollLower", 0.3)),
    "B23": (("mouthPress", 0.3), ("mouthRollLower", 0.5)),
    "24": (("mouthPress", 1.0), ("mouthRollUpper", 0.15), ("mouthRollLower", 0.15)),
    "T24": (("mouthPress", 0.6), ("mouthRollUpper", 0.4)),
    "25": (("mouthLowerDown", 0.6), ("mouthUpperUp", 0.3)),
    "26": (("jawOpen", 1.0),),
    "27": (("jawOpen", 1.0), ("mouthFunnel", 0.1)),
    "28": (("mouthRollUpper", 0.9), ("mouthRollLower", 0.9)),
    "T28": (("mouthRollUpper", 1.0),),
    "B28": (("mouthRollLower", 1.0),),
    "38": (("noseSneer", 0.5),),  # nostrils: no shape of their own
    "39": (("noseSneer", -0.35),),
    "45": (("eyeBlink", 1.0),),
}
_TOKEN = re.compile(r"^([LRTB]?)(\d+)$")


def shapes(head: Head, token: str) -> dict[int, float]:
    """Shape indices and weights of one token (14, L14, T18…); empty if it has no counterpart."""
    match = _TOKEN.match(token)
    if match is None:
        raise ValueError(f"not an action unit: {token!r}")
    side, number = match.groups()
    recipe = _RECIPES.get(token, _RECIPES.get(number, ()))
    found: dict[int, float] = {}
    for name, weight in recipe:
        for suffix in ("", "_L", "_R"):
            if name + suffix not in head.expression_names:
                continue
            if side in "LR" and side and suffix and not suffix.endswith(side):
                continue
            found[head.shape_index(name + suffix)] = weight
    return found


def reach(head: Head, weights: dict[int, float]) -> float:
    """The farthest that any vertex of the face goes, in head units."""
    start, end = head.parts.face
    moved = sum(
        (np.float32(w) * head.expression[i][start:end] for i, w in weights.items()),
        np.zeros((end - start, 3), np.float32),
    )
    return float(np.sqrt((moved**2).sum(axis=1).max()))


def mixed(
    head: Head, tokens: list[str], strength: Range, lean: float, rng: np.random.Generator
) -> tuple[defaultdict[int, float], list[str]]:
    """Weights of a combination, each unit as strong as chance has it, and the tokens used.

    lean: the share by which one side may be stronger than the unit, and the other weaker.
    """
    total: defaultdict[int, float] = defaultdict(float)
    used = []
    for token in tokens:
        found = shapes(head, token)
        if not found:
            continue
        used.append(token)
        amount = rng.uniform(*strength)
        left = rng.uniform(-lean, lean)
        for index, weight in found.items():
            name = head.expression_names[index]
            tilt = 1 + left * (name.endswith("_L") - name.endswith("_R"))
            total[index] += weight * amount * tilt
    return total, used


def blend(
    head: Head, tokens: list[str], travel: float, rng: np.random.Generator
) -> tuple[dict[int, float], list[str]]:
    """Apex weights of a combination, and the tokens that took part.

    travel: how far the most moving vertex goes, in head units. Each unit has its own strength,
    the two sides differ by up to a fifth, and a neighbour moves along a little.
    """
    total, used = mixed(head, tokens, (0.65, 1.15), 0.2, rng)
    if not total:
        return {}, []
    if rng.random() < 0.3:
        extra = shapes(head, str(rng.choice(NEIGHBOURS)))
        for index, weight in extra.items():
            total[index] += weight * rng.uniform(0.0, 0.15)
    scale = travel / max(reach(head, total), 1e-6)
    return {index: float(np.clip(w * scale, -0.7, 0.7)) for index, w in total.items()}, used
