"""What HSTA takes, made of flow alone: the special data is the flow, the video a face it warps.

MEGC's shared features hold no pictures. One rendered face, the same for all, is warped by each flow
along a time course that rises to the apex and falls again, so no information but the flow enters.
"""

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from flinch_train.data.flow.measured import DISTURBED, NODES
from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.acts import hump
from flinch_train.data.sim.crop import Shot
from flinch_train.data.sim.habits import Habits
from flinch_train.data.sim.head import Head
from flinch_train.data.sim.identity import generator, person
from flinch_train.data.sim.stage import Stage
from flinch_train.data.sim.stats import Stats
from flinch_train.model.special_flow import mirrored

SIZE = 56  # pixels of both streams: the flow, twice its own size, and the warped face
TRAVEL = 1.0  # pixels that a displacement of one root mean square moves the face
APEX = 0.4  # of the time from onset to offset
# of the daemon's crop: about what the published crops show, eyes in the upper quarter
_PART = (slice(24, 97), slice(20, 93))


def rendered_face(head: Head) -> Tensor:
    """(1, 1, SIZE, SIZE) brightness in 0…1 of one simulated person at rest, seen from the front."""
    habits = Habits(head, Stats.load())
    rng = generator("demo", 9)
    actor = Actor(Stage(head, 256), person("demo", 1))
    light = Shot(actor, habits, 112, (0.0, 1.0), rng).render(0.0)
    grey = np.clip(light.mean(axis=2), 0, 1) ** (1 / 2.2)
    small = cv2.resize(grey[_PART], (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    return torch.from_numpy(small.astype(np.float32))[None, None]


def course(frames: int) -> Tensor:
    """(frames,) share of the apex's motion: raised cosines, onset first and offset last."""
    times = np.linspace(0, 1, frames)
    return torch.tensor([hump(float(t), 0.0, APEX, 1.0) for t in times], dtype=torch.float32)


def streams(flow: Tensor, face: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Standard flow (B, 3, 28, 28) → video (B, 3, N, SIZE, SIZE), special (B, 3, 1, SIZE, SIZE)."""
    special = F.interpolate(flow, size=(SIZE, SIZE), mode="nearest")[:, :, None]
    motion = F.interpolate(flow[:, :2], size=(SIZE, SIZE), mode="bilinear", align_corners=False)
    motion = motion.permute(0, 2, 3, 1) * (TRAVEL * 2 / SIZE)
    ticks = (torch.arange(SIZE, device=flow.device) + 0.5) * 2 / SIZE - 1
    grid = torch.stack(torch.meshgrid(ticks, ticks, indexing="xy"), -1)
    share = course(frames).to(flow.device).view(1, frames, 1, 1, 1)
    where = (grid - share * motion[:, None]).flatten(0, 1)
    video = F.grid_sample(
        face.expand(len(where), -1, -1, -1), where, padding_mode="border", align_corners=False
    )
    video = video.view(len(flow), frames, SIZE, SIZE)
    video = (video - face.mean()) / face.std()
    return video[:, None].expand(-1, 3, -1, -1, -1), special


def vary(flow: NDArray[np.float32] | Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Augmented copies (B, 3, 28, 28), and which were mirrored (B,).

    Mirrored, moved by a pixel, noisier, and with u, v and strain a little stronger by themselves.
    Then smooth noise, up to thrice as strong as the motion: what is left to learn from is the broad
    shape of a motion, and that is what simulated and real flow share. All happens on the device of
    ``rng``.
    """
    device = rng.device
    flow = torch.as_tensor(flow).to(device)
    count = len(flow)
    flipped = torch.rand(count, generator=rng, device=device) < 0.5
    flow = torch.where(flipped.view(-1, 1, 1, 1), mirrored(flow), flow)
    shift = torch.randint(-2, 3, (count, 2), generator=rng, device=device).float() * (2 / 28)
    zoom = 1 + 0.16 * (torch.rand((count, 2), generator=rng, device=device) - 0.5)
    theta = torch.zeros(count, 2, 3, device=device)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = zoom[:, 0], zoom[:, 1], shift
    grid = F.affine_grid(theta, [count, 3, 28, 28], align_corners=False)
    flow = F.grid_sample(flow, grid, padding_mode="border", align_corners=False)
    gain = torch.exp(0.25 * torch.randn((count, 3, 1, 1), generator=rng, device=device))
    level = 0.3 * torch.rand((count, 1, 1, 1), generator=rng, device=device)
    flow = flow * gain + level * torch.randn(flow.shape, generator=rng, device=device)
    nodes = torch.randn((count, 3, NODES, NODES), generator=rng, device=device)
    smooth = F.interpolate(nodes, size=28, mode="bicubic", align_corners=False)
    flow = flow + DISTURBED * torch.rand((count, 1, 1, 1), generator=rng, device=device) * smooth
    return flow / (flow.square().mean((2, 3), keepdim=True).sqrt() + 0.1), flipped
