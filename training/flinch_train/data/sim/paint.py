"""A person's atlas: albedo, (S, 3S, 3), encoded for the rasteriser."""

import cv2
import numpy as np

from flinch_train.data.sim.canvas import TILES, Canvas, Swatch, blotches, smooth
from flinch_train.data.sim.features import brows, eye_lines, freckles, lips, wrinkles
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import Appearance, Identity
from flinch_train.data.sim.iris import eyeball
from flinch_train.data.sim.raster import encode
from flinch_train.data.sim.scalp import above_hairline
from flinch_train.data.sim.types import F32, U8


def paint(head: Head, canvas: Canvas, identity: Identity) -> U8:
    """All of it, from the skin up: later layers cover earlier ones."""
    looks = identity.looks
    rng = np.random.default_rng(looks.seed)
    size = canvas.size
    skin = _skin(canvas, looks, rng)
    face = skin[:, :size]
    face *= wrinkles(canvas, looks, rng)[..., None]
    face *= freckles(canvas, looks, rng)[..., None]
    _blend(face, looks.lips, lips(head, canvas, rng))
    _blend(face, looks.hair * 0.55, _stubble(canvas, looks, rng))
    _blend(face, looks.hair, brows(head, canvas, looks, rng))
    _blend(face, np.float32(0.25) * looks.hair, eye_lines(head, canvas, looks))
    _blend(skin, looks.hair * _locks(canvas, rng)[..., None], _hair(canvas, looks, rng))
    _dress(canvas, looks, skin, rng)
    inside = canvas.place[:, size:]
    mouth = smooth(inside[..., 1], 1.5, 1.0) * smooth(inside[..., 2], -1.0, 0.0)
    _blend(skin[:, size:], np.array((0.12, 0.03, 0.03), np.float32), mouth * _inner(canvas))
    atlas = np.zeros((size, TILES * size, 3), np.float32)
    atlas[:, : 2 * size] = skin
    for swatch in Swatch:
        left, top, side = (int(share * size) for share in swatch.value)
        tile = atlas[top : top + side, 2 * size + left : 2 * size + left + side]
        tile[:] = _swatch(swatch, side, looks, rng)
    return encode(np.clip(atlas, 0.002, 0.95))


def _blend(under: F32, colour: F32, alpha: F32) -> None:
    under += (colour - under) * alpha[..., None]


def _inner(canvas: Canvas) -> F32:
    """The sockets fill the lower strip of the second tile (v above .7 in the mesh's own map)."""
    size = canvas.size
    rows = np.arange(size, dtype=np.float32)[:, None] / size
    return np.broadcast_to((rows > 0.705).astype(np.float32), (size, size))


def _skin(canvas: Canvas, looks: Appearance, rng: np.random.Generator) -> F32:
    place = canvas.place
    shape = place.shape[:2]
    x, y, z = np.abs(place[..., 0]), place[..., 1], place[..., 2]
    skin = np.broadcast_to(looks.skin, place.shape).copy()
    cheeks = np.exp(-((x - 4.4) ** 2 + (y + 0.2) ** 2) / 5.0) * smooth(z, 3, 6)
    nose = np.exp(-(x**2 / 1.4 + (y - 0.6) ** 2 / 3.0)) * smooth(z, 10, 12)
    sockets = np.exp(-((x - 3.0) ** 2 / 4.0 + (y - 2.3) ** 2 / 0.6)) * smooth(z, 6, 8)
    red = rng.uniform(0.2, 1.0) * (0.7 * cheeks + 0.6 * nose)
    skin *= 1 + red[..., None] * np.array((0.02, -0.16, -0.14), np.float32)
    dark = rng.uniform(0.05, 0.30) * sockets
    skin *= 1 - dark[..., None] * np.array((0.8, 1.0, 0.9), np.float32)
    tint = np.array((0.05, 0.075, 0.08), np.float32)
    skin *= 1 + 0.5 * tint * blotches(rng, shape, 6)[..., None]
    skin *= 1 + 0.45 * tint * blotches(rng, shape, 22)[..., None]
    pores = blotches(rng, shape, canvas.size / 2.5) * (0.018 + 0.02 * looks.age)
    mottle = blotches(rng, shape, canvas.size / 7) * (0.02 + 0.02 * looks.age)
    return np.asarray(skin * (1 + pores + mottle)[..., None], np.float32)


def _hair(canvas: Canvas, looks: Appearance, rng: np.random.Generator) -> F32:
    if looks.bald:
        return np.zeros(canvas.place.shape[:2], np.float32)
    ragged = 0.12 * (_locks(canvas, rng) - 1) + 0.08 * blotches(rng, canvas.place.shape[:2], 60)
    return smooth(above_hairline(canvas.place, looks.hairline) + 3 * ragged, -0.55, 0.75)


def _strands(side: int, rng: np.random.Generator) -> F32:
    """(side, side) factor about 1: streaks that run down the picture."""
    fine = cv2.resize(rng.standard_normal((7, side)).astype(np.float32), (side, side))
    broad = cv2.resize(rng.standard_normal((5, 24)).astype(np.float32), (side, side))
    return np.clip(1 + 0.16 * fine + 0.16 * broad, 0.4, 1.8).astype(np.float32)


def _locks(canvas: Canvas, rng: np.random.Generator) -> F32:
    """(S, 2S) factor about 1: streaks of hair that radiate from the crown."""
    streaks = _strands(256, rng)
    x, y, z = (canvas.place[..., axis] for axis in range(3))
    around = np.arctan2(x, z + 1.0) / (2 * np.pi) + 0.5
    down = np.clip((14.5 - y) / 22, 0, 1)
    return cv2.remap(
        streaks,
        (around * 255).astype(np.float32),
        (down * 255).astype(np.float32),
        cv2.INTER_LINEAR,
    ).astype(np.float32)


def _dress(canvas: Canvas, looks: Appearance, skin: F32, rng: np.random.Generator) -> None:
    """A collar line on the bust; below it there is shirt."""
    x, y, z = np.abs(canvas.place[..., 0]), canvas.place[..., 1], canvas.place[..., 2]
    vee = looks.neckline * smooth(x, 5.0, 0.0) * smooth(z, 0, 4)
    line = -11.6 - 1.2 * smooth(z, -2, 4) - 3.5 * vee
    weave = 1 + 0.05 * blotches(rng, y.shape, canvas.size / 3)
    shadow = 1 - 0.45 * smooth(np.abs(y - line), 0.5, 0.0) * (y > line - 0.1)
    skin *= np.where(y < line + 1.0, shadow, 1.0)[..., None]
    _blend(skin, looks.shirt * weave[..., None], smooth(y, line + 0.08, line - 0.08))


def _stubble(canvas: Canvas, looks: Appearance, rng: np.random.Generator) -> F32:
    if looks.stubble == 0:
        return np.zeros((canvas.size, canvas.size), np.float32)
    place = canvas.place[:, : canvas.size]
    x, y, z = np.abs(place[..., 0]), place[..., 1], place[..., 2]
    line = -3.0 + 0.045 * x**2  # lower on the cheek than at the sideburn
    beard = smooth(y, line + 0.8, line - 1.2) * smooth(z, -1.5, 1.0) * smooth(y, -11.5, -9.0)
    moustache = smooth(y, -1.3, -1.9) * smooth(x, 3.2, 2.2) * smooth(z, 8, 10)
    lip = smooth(x, 1.9, 1.2) * smooth(np.abs(y + 4.9), 0.25, 0.7) + smooth(x, 1.2, 2.2)
    grain = 1 + 0.28 * blotches(rng, (canvas.size, canvas.size), canvas.size / 1.6)
    cover = np.maximum(beard * np.clip(lip, 0, 1), moustache) * np.clip(grain, 0, 2)
    return np.clip(cover * 0.75 * looks.stubble, 0, 0.92).astype(np.float32)


def _swatch(swatch: Swatch, side: int, looks: Appearance, rng: np.random.Generator) -> F32:
    if swatch is Swatch.EYE:
        return eyeball(side, looks, rng)
    if swatch is Swatch.TEETH:
        return np.full((side, side, 3), (0.62, 0.58, 0.48), np.float32)
    if swatch is Swatch.GUMS:
        return np.full((side, side, 3), (0.32, 0.10, 0.09), np.float32)
    if swatch is Swatch.FRAME:
        return np.full((side, side, 3), looks.frame, np.float32)
    if swatch is Swatch.HAND:  # random numbers of its own: a hand changes no shirt
        own = np.random.default_rng(looks.seed + 5)
        tone = 1 + 0.05 * blotches(own, (side, side), 5) + 0.03 * blotches(own, (side, side), 18)
        return np.asarray(looks.skin * tone[..., None], np.float32)
    if swatch is Swatch.HAIR:
        return np.asarray(looks.hair * _strands(side, rng)[..., None], np.float32)
    weave = 1 + 0.06 * blotches(rng, (side, side), side / 3)
    folds = 1 + 0.04 * cv2.GaussianBlur(blotches(rng, (side, side), 7), (0, 0), side / 60)
    return np.asarray(looks.shirt * (weave * folds)[..., None], np.float32)
