"""What a flow method and its authors make of motion: disturbed, cut, with optical strain.

A method sees one part of the skin well and another hardly (``GAIN``), bends directions, leaves
noise and is smooth. How tightly each published data set cuts its faces was read off the mean
picture of its flow, where lids and mouth move most, with no look at a label.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from flinch_train.data.flow.fields import COLUMNS, FINE, LEFT, ROWS, TOP, X, Y
from flinch_train.data.flow.real import SIDE, Flows
from flinch_train.data.sim.types import F32

DISTURBED = 3.0  # root mean squares of a motion: the strongest smooth noise that is laid over it
NODES = 6  # a side, through which that noise goes
GAIN = 1.6  # standard deviation of the logarithm of what is seen of a motion, by place
TAPS = np.array([0.25, 0.5, 0.25], np.float32)


@dataclass(frozen=True)
class Crop:
    """A window of a face, in eye distances from the point between the eyes; y is down."""

    left: float
    top: float
    width: float
    height: float

    @staticmethod
    def around_eyes(distance: float, level: float) -> "Crop":
        """A square in which the eyes are so far apart and so far down, in shares of its side."""
        return Crop(-0.5 / distance, -level / distance, 1 / distance, 1 / distance)

    def nearly(self, rng: np.random.Generator) -> "Crop":
        """Another one like it: no face is cut exactly so."""
        width = self.width * float(np.exp(rng.normal(0, 0.06)))
        height = width * float(np.exp(rng.normal(0, 0.05)))
        left = -width * float(rng.normal(0.5, 0.02))
        top = height * (self.top / self.height + float(rng.normal(0, 0.025)))
        return Crop(left, top, width, height)


# Of the published features, by data set; any other is taken for what lies between.
CROPS = {
    "casme2": Crop.around_eyes(0.60, 0.24),
    "samm": Crop.around_eyes(0.50, 0.18),
    "smic": Crop.around_eyes(0.57, 0.24),
}
MIDDLE = Crop.around_eyes(0.55, 0.22)


def crop_of(dataset: str) -> Crop:
    """How a data set cuts its faces."""
    return CROPS.get(dataset, MIDDLE)


def noise(
    nodes: int,
    rng: np.random.Generator,
    planes: int | None = None,
    size: tuple[int, int] = (COLUMNS, ROWS),
) -> F32:
    """(H, W) or (H, W, planes) smooth normal noise through some nodes a side; size: (W, H)."""
    shape = (nodes, nodes) if planes is None else (nodes, nodes, planes)
    values = rng.standard_normal(shape).astype(np.float32)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_CUBIC))


def disturbed(flow: Flows, rng: np.random.Generator) -> Flows:
    """Standard flow (3, 28, 28), its u and v under smooth noise, and as strong as before.

    What is left to learn from is the broad shape of a motion, which simulated and real flow share.
    """
    over = noise(NODES, rng, 2, (SIDE, SIDE)).transpose(2, 0, 1) * float(rng.uniform(0, DISTURBED))
    moved = flow[:2] + over
    size = np.sqrt(np.square(moved).mean(axis=(1, 2), keepdims=True))
    return np.concatenate([moved / np.maximum(size, 1e-3), flow[2:]]).astype(np.float32)


def measured(motion: F32, rng: np.random.Generator) -> F32:
    """What a flow method makes of a motion (H, W, 2), in eye distances of any scale."""
    motion = motion * np.exp(GAIN * noise(7, rng))[..., None]
    slip = 0.06 * FINE * noise(5, rng, 2)
    motion = sampled(motion, X + slip[..., 0], Y + slip[..., 1])
    for nodes in (6, 16):
        motion = motion + float(np.exp(rng.normal(-3, 0.8))) * noise(nodes, rng, 2)
    for _ in range(int(rng.integers(1, 4))):
        softer = cv2.sepFilter2D(motion, -1, TAPS, TAPS, borderType=cv2.BORDER_REPLICATE)
        motion = np.asarray(softer, np.float32)
    return motion


def bent(motion: F32, angle: F32) -> F32:
    """(H, W, 2) with directions turned by an angle (H, W), radians."""
    c, s = np.cos(angle), np.sin(angle)
    u, v = motion[..., 0], motion[..., 1]
    return np.stack([c * u - s * v, s * u + c * v], axis=-1)


def sampled(picture: F32, x: F32, y: F32) -> F32:
    """A picture (H, W, C) read at places (h, w) in cells; beyond its edge it goes on as there."""
    return np.asarray(
        cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def published(motion: F32, crop: Crop) -> F32:
    """(H, W, 2) of the grid → (28, 28, 3) of a crop, strain too."""
    ticks = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE
    x = (crop.left + crop.width * ticks - LEFT) * FINE - 0.5
    y = (crop.top + crop.height * ticks - TOP) * FINE - 0.5
    across, down = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    return with_strain(sampled(motion, across, down))


def with_strain(flow: F32) -> F32:
    """(h, w, 2) → (h, w, 3): optical strain beside u and v, by central differences."""
    ux, uy = np.gradient(flow[..., 0], axis=1), np.gradient(flow[..., 0], axis=0)
    vx, vy = np.gradient(flow[..., 1], axis=1), np.gradient(flow[..., 1], axis=0)
    strain = np.sqrt(ux**2 + vy**2 + 0.5 * (uy + vx) ** 2)
    return np.concatenate([flow, strain[..., None]], axis=-1).astype(np.float32)
