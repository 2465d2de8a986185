"""Who a simulated person is: shape, skin, hair, eyes; all of it follows from (namespace, number).

Three namespaces keep people apart: "train" feeds the classifier, "test" the evaluation and "demo"
the bundled video. The namespace is hashed into the seed, so that no person is in two of them.
"""

import zlib
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from flinch_train.data.sim.types import F32, Real

Namespace = Literal["train", "tune", "test", "demo"]
NAMESPACES: Final[tuple[Namespace, ...]] = get_args(Namespace)

MODES = 100  # identity modes of the head
LIMIT = 2.0  # standard deviations; beyond them the eyes leave their lids
DAMPING = 0.7  # for shapes that are extreme as a whole

# sRGB, light to dark: from the Monk skin tone scale (Google, CC BY 4.0), a little redder.
_TONES = np.array(
    [
        (233, 194, 172), (229, 188, 163), (226, 184, 152), (226, 190, 158), (210, 165, 130),
        (178, 128, 95), (144, 98, 72), (112, 74, 54), (86, 57, 43), (66, 45, 36),
    ],
    np.float32,
)  # fmt: skip
_HAIR = np.array(
    [(24, 20, 19), (48, 34, 27), (88, 62, 42), (148, 110, 70), (120, 58, 34), (150, 146, 142)],
    np.float32,
)
_IRIS = np.array(
    [(62, 38, 22), (92, 60, 32), (110, 96, 56), (84, 110, 88), (98, 130, 156), (120, 134, 140)],
    np.float32,
)


@dataclass(frozen=True)
class Appearance:
    """What is painted. Colours are linear light, (3,); the rest are shares of 1."""

    skin: F32
    hair: F32
    iris: F32
    lips: F32
    shirt: F32
    brow_density: float
    brow_width: float  # half-width in head units
    stubble: float
    freckles: float
    moles: int
    age: float
    hairline: float  # head units, up is higher
    hair_depth: float  # head units above the scalp
    bald: bool
    lashes: float
    hair_length: float | None  # head units to which it falls; None is short
    glasses: bool
    frame: F32
    neckline: float
    seed: int  # of the random textures


@dataclass(frozen=True)
class Identity:
    """A person. `shape`: (100,) weights of the identity modes; `rest`: a face's own neutral."""

    namespace: Namespace
    number: int
    shape: F32
    rest: dict[str, float]
    looks: Appearance


def linear(srgb: Real) -> F32:
    """0…255 display values to linear light, 0…1 (a plain 2.2 power is near enough for paint)."""
    return ((srgb / 255.0) ** 2.2).astype(np.float32)


def generator(namespace: Namespace, *numbers: int) -> np.random.Generator:
    """Random numbers that belong to one namespace and to nothing else."""
    if namespace not in NAMESPACES:
        raise ValueError(f"unknown namespace {namespace!r}; one of {', '.join(NAMESPACES)}")
    return np.random.default_rng([zlib.crc32(namespace.encode()), *numbers])


def person(namespace: Namespace, number: int) -> Identity:
    """Somebody; the same two arguments are always the same person."""
    rng = generator(namespace, 1, number)
    shape = rng.standard_normal(MODES).astype(np.float32)
    if np.sqrt(np.mean(shape**2)) > 1.05 or np.abs(shape[:8]).max() > LIMIT:
        shape *= DAMPING
    rest_shapes = ("mouthSmile", "mouthFrown", "browInnerUp", "browDown", "mouthPress", "eyeSquint")
    rest = {
        f"{name}_{side}": float(rng.uniform(0.0, 0.10))
        for name in rest_shapes
        if rng.random() < 0.4
        for side in "LR"
    }
    return Identity(namespace, number, np.clip(shape, -LIMIT, LIMIT), rest, _looks(rng))


def _looks(rng: np.random.Generator) -> Appearance:
    tone = float(rng.uniform(0, len(_TONES) - 1))
    low = min(int(tone), len(_TONES) - 2)
    skin = _TONES[low] * (1 - (tone - low)) + _TONES[low + 1] * (tone - low)
    skin = np.clip(skin * rng.normal(1, (0.02, 0.025, 0.03)), 20, 250).astype(np.float32)
    # Fair hair and light eyes go with light skin.
    hair = _HAIR[rng.choice(len(_HAIR), p=_share(tone, (3, 3, 2, 1.6, 0.7, 1)))]
    iris = _IRIS[rng.choice(len(_IRIS), p=_share(tone, (3, 2, 1.5, 1, 1.5, 0.7)))]
    age = float(rng.beta(1.5, 2.5))
    bearded = rng.random() < 0.40
    bald = rng.random() < 0.07
    flows = not bald and rng.random() < (0.12 if bearded else 0.6)
    hair_length = float(rng.uniform(-15, -3)) if flows else None
    lips = linear(skin * np.array((0.92, 0.70, 0.70)) * rng.uniform(0.86, 1.02))
    if not bearded and rng.random() < 0.25:  # lipstick, no brighter than the skin allows
        paint = np.array((rng.uniform(120, 190), rng.uniform(30, 80), rng.uniform(50, 90)))
        lips = linear(paint * (0.45 + 0.55 * skin.mean() / 220))
    return Appearance(
        skin=linear(skin),
        hair=linear(hair * rng.uniform(0.8, 1.2)),
        iris=linear(iris * rng.uniform(0.85, 1.2)),
        lips=lips.astype(np.float32),
        shirt=linear(_muted(rng)),
        brow_density=float(rng.uniform(0.45, 1.0)),
        brow_width=float(rng.uniform(0.22, 0.48)),
        stubble=float(rng.beta(1.2, 1.8)) if bearded else 0.0,
        freckles=float(rng.uniform(0.2, 1)) if rng.random() < 0.25 else 0.0,
        moles=int(rng.integers(0, 7)),
        age=age,
        hairline=float(rng.normal(0.0, 0.7)),
        hair_depth=float(rng.uniform(0.3, 1.5)),
        bald=bald,
        lashes=float(rng.uniform(0.4, 1.0)),
        hair_length=hair_length,
        glasses=bool(rng.random() < 0.15),
        frame=linear(rng.uniform(10, 110) * rng.uniform(0.6, 1.2, 3).astype(np.float32)),
        neckline=float(rng.choice((0.0, rng.uniform(0.3, 1.0)))),
        seed=int(rng.integers(1 << 31)),
    )


def _muted(rng: np.random.Generator) -> F32:
    grey = rng.uniform(25, 215)
    return (grey + rng.uniform(0.1, 0.6) * (rng.uniform(25, 225, 3) - grey)).astype(np.float32)


def _share(tone: float, weights: tuple[float, ...]) -> Real:
    fair = np.array(weights)
    fair[2:] *= max(0.01, 1 - tone / 4.5) ** 2
    return np.asarray(fair / fair.sum())
