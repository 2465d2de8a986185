"""Face regions of the aligned crop, as soft ellipses in crop fractions.

The crop's eye centres lie at (0.32, 0.36) and (0.68, 0.36); "left" is the left side of the image.
The regions follow the muscles that raise action units: brows (AU 1, 2, 4), lids (5, 7, 45),
nose (9), cheeks (6), mouth corners (12, 14, 15, 20), lips (10, 16, 23-28), chin (17, 26).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CROP = 112  # pixels, the side of the aligned crop that the motion graph takes
SIDE = CROP // 2  # of the plane on which it measures


@dataclass(frozen=True)
class Region:
    """An ellipse: centre and half-axes in fractions of the crop's side."""

    name: str
    cx: float
    cy: float
    rx: float
    ry: float


REGIONS: tuple[Region, ...] = (
    Region("brow_outer_left", 0.22, 0.24, 0.075, 0.06),
    Region("brow_inner_left", 0.385, 0.23, 0.075, 0.065),
    Region("brow_inner_right", 0.615, 0.23, 0.075, 0.065),
    Region("brow_outer_right", 0.78, 0.24, 0.075, 0.06),
    Region("eye_left", 0.32, 0.355, 0.105, 0.055),
    Region("eye_right", 0.68, 0.355, 0.105, 0.055),
    Region("nose", 0.50, 0.545, 0.11, 0.06),
    Region("cheek_left", 0.27, 0.50, 0.09, 0.07),
    Region("cheek_right", 0.73, 0.50, 0.09, 0.07),
    Region("mouth_corner_left", 0.36, 0.735, 0.075, 0.075),
    Region("mouth_corner_right", 0.64, 0.735, 0.075, 0.075),
    Region("upper_lip", 0.50, 0.69, 0.09, 0.05),
    Region("lower_lip", 0.50, 0.79, 0.09, 0.05),
    Region("chin", 0.50, 0.90, 0.12, 0.06),
)

# Parts that expressions hardly move: the rigid motion of the head is read off here.
STABLE: tuple[Region, ...] = (
    Region("nose_bridge", 0.50, 0.42, 0.07, 0.12),
    Region("inner_corners", 0.50, 0.37, 0.16, 0.03),
    Region("temple_left", 0.14, 0.40, 0.05, 0.10),
    Region("temple_right", 0.86, 0.40, 0.05, 0.10),
    Region("outer_cheek_left", 0.17, 0.60, 0.06, 0.10),
    Region("outer_cheek_right", 0.83, 0.60, 0.06, 0.10),
    Region("nose_side", 0.50, 0.55, 0.08, 0.08),
)


NEGLIGIBLE = 1e-12  # of a region's weight


def masks(side: int) -> NDArray[np.float32]:
    """Weights of every region and, last, of the stable parts: (len(REGIONS) + 1, side * side).

    Each sums to 1.
    """
    centres = (np.arange(side, dtype=np.float64) + 0.5) / side
    x, y = np.meshgrid(centres, centres)

    def soft(region: Region) -> NDArray[np.float64]:
        radius = np.hypot((x - region.cx) / region.rx, (y - region.cy) / region.ry)
        return 1.0 / (1.0 + np.exp((radius - 1.0) * 12.0))

    rows = [soft(region) for region in REGIONS]
    rows.append(np.max([soft(region) for region in STABLE], axis=0))
    weights = np.stack([(row / row.sum()).ravel() for row in rows])
    # Far below what float32 tells from 1; some would be subnormal, and many processors slow.
    return np.where(weights < NEGLIGIBLE, 0.0, weights).astype(np.float32)
