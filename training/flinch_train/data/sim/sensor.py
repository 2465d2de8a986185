"""From light to bytes: exposure, tone, the lens's softness, resolution, noise, compression."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numba import njit

from flinch_train.data.sim.types import F32, U8

GREY = np.array((0.299, 0.587, 0.114), np.float32)
_STEPS = 4096


@dataclass(frozen=True)
class Sensor:
    """One camera at one setting; the same for all frames of a clip."""

    gain: float
    gamma: float
    contrast: float
    balance: F32  # (3,) of red, green, blue
    blur: float  # sigma in pixels of the crop
    face_width: float  # pixels of the camera that the face is wide
    noise: float  # sigma in grey levels at mid grey
    clumping: float  # share of the noise that compression has smeared
    jpeg: int  # quality, 0 = none
    grey: bool
    flicker: float  # relative, per frame

    @staticmethod
    def sample(rng: np.random.Generator) -> "Sensor":
        warm = rng.normal(0, 0.07)
        return Sensor(
            gain=float(np.exp(rng.normal(0.0, 0.28))),
            gamma=float(rng.uniform(0.85, 1.2) / 2.2),
            contrast=float(rng.uniform(0.75, 1.2)),
            balance=np.array((1 + warm, rng.normal(1, 0.02), 1 - warm), np.float32),
            blur=float(rng.uniform(0.3, 0.9)),
            face_width=float(np.exp(rng.uniform(np.log(80), np.log(300)))),
            noise=float(np.exp(rng.uniform(np.log(0.4), np.log(5.0)))),
            clumping=float(rng.uniform(0, 0.8)),
            jpeg=int(rng.integers(45, 96)) if rng.random() < 0.35 else 0,
            grey=bool(rng.random() < 0.12),
            flicker=float(rng.uniform(0, 0.008)),
        )

    def quiet(self) -> "Sensor":
        """The same in a laboratory: near the face, well lit, nothing compressed."""
        width, noise = max(self.face_width, 180.0), 0.35 * self.noise
        return replace(self, face_width=width, noise=noise, jpeg=0)

    def tone(self) -> F32:
        """Display value 0…255 for linear light in steps of 1/_STEPS, up to 2."""
        light = np.linspace(0, 2, 2 * _STEPS, dtype=np.float32)
        shoulder = light * self.gain
        shoulder = np.where(shoulder > 0.7, 0.7 + 0.3 * np.tanh((shoulder - 0.7) / 0.3), shoulder)
        display = shoulder**self.gamma
        return np.clip((0.5 + (display - 0.5) * self.contrast) * 255, 0, 255).astype(np.float32)

    def expose(self, light: list[F32], side: int, rng: np.random.Generator) -> list[U8]:
        """Linear crops (side, side, 3) to RGB bytes."""
        curve = self.tone()
        working = min(side, max(16, round(side * self.face_width / (1.02 * side))))
        return [self._one(frame, side, working, curve, rng) for frame in light]

    def _one(self, light: F32, side: int, working: int, curve: F32, rng: np.random.Generator) -> U8:
        level = self.balance * np.float32(1 + self.flicker * rng.standard_normal())
        frame = cv2.GaussianBlur(light * level, (0, 0), self.blur)
        if working < side:
            frame = cv2.resize(frame, (working, working), interpolation=cv2.INTER_AREA)
        index = np.clip(frame * _STEPS, 0, 2 * _STEPS - 1).astype(np.int32)
        shown = curve[index]
        if self.grey:
            shown = np.repeat((shown @ GREY)[..., None], 3, axis=2)
        grain = rng.standard_normal(shown.shape, np.float32)
        if self.grey:
            grain[:] = grain[..., :1]
        if self.clumping > 0.2:
            smeared = cv2.GaussianBlur(grain, (0, 0), 0.9) * 2.6
            grain = grain * (1 - self.clumping) + smeared * self.clumping
        # Shot noise: darker is noisier, relative to the signal, after the tone curve.
        noisy = shown + grain * (self.noise * (1.25 - shown / 512))
        out = np.clip(noisy + 0.5, 0, 255).astype(np.uint8)
        if self.jpeg:
            packed = cv2.imencode(".jpg", out, [cv2.IMWRITE_JPEG_QUALITY, self.jpeg])[1]
            out = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
        if working < side:
            out = cv2.resize(out, (side, side), interpolation=cv2.INTER_LINEAR).astype(np.uint8)
        return out


@njit(cache=True, nogil=True)
def _develop(light: F32, level: float, curve: F32, noise: F32, sigma: float, out: U8) -> None:
    n = 0
    top = len(curve) - 1
    for y in range(light.shape[0]):
        for x in range(light.shape[1]):
            for c in range(3):
                shown = curve[min(int(light[y, x, c] * level), top)]
                grain = sigma * (1.25 - shown / 512) * noise[n]
                out[y, x, c] = np.uint8(min(max(shown + grain + 0.5, 0.0), 255.0))
                n += 1


def finish(light: F32, level: float, noise: F32, sigma: float) -> U8:
    """A whole picture (H, W, 3) of linear light to RGB bytes; noise: standard normal numbers."""
    soft = np.asarray(cv2.GaussianBlur(light, (0, 0), 0.55), np.float32)
    out = np.empty(light.shape, np.uint8)
    _develop(soft, level * _STEPS, _PLAIN.tone(), noise, sigma, out)
    return out


_PLAIN = Sensor(
    gain=0.95, gamma=1 / 2.2, contrast=1.0, balance=np.ones(3, np.float32), blur=0.55,
    face_width=200, noise=0, clumping=0, jpeg=0, grey=False, flicker=0,
)  # fmt: skip
