"""Light on skin: a sky and a floor, two or three lamps that wrap softly, a little shine."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from flinch_train.data.sim.occlusion import sphere
from flinch_train.data.sim.types import F32


@dataclass(frozen=True)
class Lighting:
    """Linear light. directions: (L, 3) towards the lamps, in the room; colours: (L, 3)."""

    sky: F32  # (3,)
    floor: F32  # (3,)
    directions: F32
    colours: F32
    wrap: float
    shine: float
    tightness: float  # Phong exponent of the shine


def room(rng: np.random.Generator) -> Lighting:
    """A room's light, normalised so that a frontal patch of skin gets about one."""
    lamps = int(rng.integers(2, 4))
    warm = rng.uniform(-0.12, 0.16)
    cast = np.array((1 + warm, 1, 1 - warm), np.float32)
    yaw = rng.uniform(-1.1, 1.1, lamps)
    pitch = rng.uniform(0.05, 0.95, lamps)
    pitch[-1] = rng.uniform(-0.2, 0.5)  # the last one fills: a window, a screen
    directions = np.stack(
        [np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)], axis=1
    )
    power = rng.uniform(0.25, 1.0, lamps) * np.linspace(1, 0.45, lamps)
    ambient = rng.uniform(0.35, 0.8)
    frontal = ambient * 0.85 + (power * np.clip(directions[:, 2], 0, 1)).sum()
    tints = cast * rng.normal(1, 0.05, (lamps, 3))
    return Lighting(
        sky=(ambient / frontal * cast * rng.normal(1, 0.03, 3)).astype(np.float32),
        floor=(ambient / frontal * rng.uniform(0.35, 0.7) * cast).astype(np.float32),
        directions=directions.astype(np.float32),
        colours=(power[:, None] / frontal * tints).astype(np.float32),
        wrap=float(rng.uniform(0.15, 0.45)),
        shine=float(rng.uniform(0.015, 0.10)),
        tightness=float(rng.uniform(9, 30)),
    )


def exposure(lighting: Lighting, visible: F32, turn: F32) -> tuple[F32, F32]:
    """What of sky and lamps reaches each vertex: (V,) openness and (V, L) lamp share.

    visible: (D, V) from `visibility`; turn: (3, 3) head to room.
    """
    axes = sphere()
    up = axes @ turn.T
    weight = 0.5 + 0.5 * up[:, 1]
    lobe = np.exp(14 * (up @ lighting.directions.T - 1))
    lobes = np.concatenate([(weight / weight.sum())[None], (lobe / lobe.sum(axis=0)).T])
    seen = np.zeros((len(lobes), visible.shape[1]), np.float32)
    _gather(visible, lobes.astype(np.float32), seen)
    return np.minimum(seen[0] * 2.2, 1).astype(np.float32), np.ascontiguousarray(seen[1:].T)


@njit(cache=True, nogil=True)
def _gather(visible: F32, lobes: F32, out: F32) -> None:
    """out = lobes · visible, in an order that never changes (a BLAS may split it anyhow)."""
    for d in range(visible.shape[0]):
        for n in range(lobes.shape[0]):
            share = lobes[n, d]
            if share > np.float32(1e-4):
                for v in range(visible.shape[1]):
                    out[n, v] += share * visible[d, v]


@njit(cache=True, nogil=True, error_model="numpy")
def shade(
    vertices: F32,
    normals: F32,
    openness: F32,
    share: F32,
    eye: F32,
    sky: F32,
    floor: F32,
    up: F32,
    directions: F32,
    colours: F32,
    wrap: float,
    shine: F32,
    tightness: float,
    light: F32,
    gloss: F32,
) -> None:
    """Fill light and gloss (V, 3). All vectors in the head's frame; `eye` is the camera there."""
    zero, half, one = np.float32(0), np.float32(0.5), np.float32(1)
    bleed, tight = np.float32(wrap), np.float32(tightness)
    soft = one / (one + bleed)
    for v in range(vertices.shape[0]):
        nx, ny, nz = normals[v, 0], normals[v, 1], normals[v, 2]
        vx, vy, vz = eye[0] - vertices[v, 0], eye[1] - vertices[v, 1], eye[2] - vertices[v, 2]
        length = one / np.sqrt(vx * vx + vy * vy + vz * vz)
        vx, vy, vz = vx * length, vy * length, vz * length
        tilt = half + half * (nx * up[0] + ny * up[1] + nz * up[2])
        for c in range(3):
            light[v, c] = (sky[c] * tilt + floor[c] * (one - tilt)) * openness[v]
            gloss[v, c] = zero
        for n in range(directions.shape[0]):
            lx, ly, lz = directions[n, 0], directions[n, 1], directions[n, 2]
            facing = nx * lx + ny * ly + nz * lz
            diffuse = max(facing + bleed, zero) * soft * share[v, n]
            hx, hy, hz = lx + vx, ly + vy, lz + vz
            h = max((nx * hx + ny * hy + nz * hz) / np.sqrt(hx * hx + hy * hy + hz * hz), zero)
            # Schlick's rational stand-in for h ** tightness: a power costs more than all else here.
            lobe = h / (tight - tight * h + h)
            mirror = shine[v] * lobe * share[v, n] if facing > zero else zero
            for c in range(3):
                light[v, c] += colours[n, c] * diffuse
                gloss[v, c] += colours[n, c] * mirror
