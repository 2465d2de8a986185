"""Simulated flow on simulated faces, made anew in every step, on the device that learns.

What moved_faces.py writes clip by clip: here as batches of tensors, so that a GPU never meets a
clip twice. Three things are its own: motions are mixed in pairs, and labels with them
(Zhang et al., "mixup", arXiv 1710.09412); the valence that is wanted is what a simple kernel says
of the disturbed flow (data/flow/teacher.py); and the camera is simpler (no JPEG, no small faces).

Letters in shapes: B clips, T times, S pixels a side.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from flinch_train.data.clips.cameras import seen
from flinch_train.data.clips.ingredients import Ingredients
from flinch_train.data.clips.moved_faces import FRAMES, RIM, SIZE, TRAVEL
from flinch_train.data.flow.measured import CROPS, DISTURBED, NODES, Crop
from flinch_train.data.flow.real import SIDE
from flinch_train.data.flow.teacher import Teacher, with_strain
from flinch_train.data.labels import LABELS, VALENCE, VALENCES
from flinch_train.data.sim.camera import CROP_EYES


@dataclass(frozen=True)
class Made:
    """frames (B, 6, S, S, 3), special (B, 2, S, S, 3), uint8 RGB; what is asked of each head."""

    frames: Tensor
    special: Tensor
    emotion: Tensor  # (B, 8) shares
    valence: Tensor  # (B, 3) shares
    units: Tensor  # (B, U) 0…1


@dataclass(frozen=True)
class Course:
    """How far (B,), in pixels per root mean square, and when (B,) of the time the apex is."""

    pixels: Tensor
    apex: Tensor

    def shares(self) -> Tensor:
        """(B, T) share of the apex's motion in every frame, and last at the apex itself."""
        frames = torch.linspace(0, 1, FRAMES, device=self.apex.device).expand(len(self.apex), -1)
        apex = self.apex[:, None]
        rising = frames <= apex
        part = torch.where(rising, frames / apex, (1 - frames) / (1 - apex))
        risen = 0.5 - 0.5 * torch.cos(torch.pi * part)
        return torch.cat([risen, torch.ones_like(apex)], dim=1)


def placed(crop: Crop) -> Tensor:
    """(2, 3) of ``affine_grid``: where in a flow's own picture the pixels of the daemon's crop are.

    See ``moved_faces.in_crop``, whose inverse it is.
    """
    (left, top), (right, _) = CROP_EYES
    eyes = right - left
    middle_x = (left + right) / 2 + (crop.left + crop.width / 2) * eyes
    middle_y = top + (crop.top + crop.height / 2) * eyes
    across, down = 1 / (crop.width * eyes), 1 / (crop.height * eyes)
    return torch.tensor(
        [[across, 0, (1 - 2 * middle_x) * across], [0, down, (1 - 2 * middle_y) * down]]
    )


class Moving:
    """Batches of clips; all work is done on ``device``."""

    def __init__(self, given: Ingredients, device: torch.device) -> None:
        self.about = given.about
        self.stills = torch.from_numpy(given.stills).to(device)
        self.rim = torch.from_numpy(RIM.astype(np.float32)).to(device)
        self.flow = torch.from_numpy(given.flow[:, :2]).to(device)
        self.emotion = F.one_hot(torch.from_numpy(given.label), len(LABELS)).float().to(device)
        valence = torch.from_numpy(given.valence)
        self.valence = F.one_hot(valence + 1, len(VALENCES) + 1)[:, 1:].float().to(device)
        self.units = torch.from_numpy(given.units).float().to(device)
        self.teacher = Teacher(given.flow, given.valence).to(device)
        names = list(CROPS)
        self.crops = torch.stack([placed(CROPS[name]) for name in names]).to(device)
        self.crop = torch.tensor([names.index(str(name)) for name in given.dataset], device=device)

    def make(self, count: int, rng: torch.Generator) -> Made:
        """So many new clips; all chance is that of ``rng``, and its device is this one's."""
        device = rng.device
        rows = torch.randint(len(self.flow), (2, count), generator=rng, device=device)
        faces = torch.randint(len(self.stills), (count,), generator=rng, device=device)
        part = 1 - 0.5 * torch.rand(count, generator=rng, device=device) ** 3  # mostly one alone
        flow = _mix(self.flow, rows, part)
        flow = disturbed(flow, rng)
        spread = torch.randn(count, generator=rng, device=device)
        course = Course(
            (TRAVEL * torch.exp(0.4 * spread)).clamp(0.2, 1.4),
            0.25 + 0.35 * torch.rand(count, generator=rng, device=device),
        )
        light = self.moved(self.stills[faces], self.laid(flow, self.crop[rows[0]]), course)
        shown = seen(light, rng)
        special = shown[:, [0, FRAMES]]
        emotion, valence, units = (
            _mix(known, rows, part) for known in (self.emotion, self.valence, self.units)
        )
        # of what shows an expression, the teacher says which valence one may see in it
        some = valence.sum(1, keepdim=True)
        seen_as = self.teacher(with_strain(flow)) * some
        emotion = agreeing(emotion, seen_as)
        return Made(shown[:, :FRAMES], special, emotion, seen_as, units)

    def laid(self, flow: Tensor, crop: Tensor) -> Tensor:
        """Standard u, v (B, 2, 28, 28) of crops (B,) → (B, 2, S, S) of the daemon's."""
        grid = F.affine_grid(self.crops[crop], [len(flow), 2, SIZE, SIZE], align_corners=False)
        return F.grid_sample(flow * self.rim, grid, align_corners=False)

    def moved(self, stills: Tensor, motion: Tensor, course: Course) -> Tensor:
        """Stills (B, S, S, 3) → linear light (B, T, S, S, 3) along a course, the apex last."""
        ticks = (torch.arange(SIZE, device=motion.device) + 0.5) * 2 / SIZE - 1
        grid = torch.stack(torch.meshgrid(ticks, ticks, indexing="xy"), -1)
        far = (course.shares() * course.pixels[:, None] * 2 / SIZE)[..., None, None, None]
        where = grid - far * motion.permute(0, 2, 3, 1)[:, None]
        still = stills.float().permute(0, 3, 1, 2)[:, None].expand(-1, where.shape[1], -1, -1, -1)
        light = F.grid_sample(
            still.flatten(0, 1), where.flatten(0, 1), "bicubic", "border", align_corners=False
        )
        return light.view(len(stills), -1, 3, SIZE, SIZE).permute(0, 1, 3, 4, 2)


def agreeing(emotion: Tensor, valence: Tensor) -> Tensor:
    """Shares of labels (B, 8), with as much of each valence as told (B, 3); "none" stays.

    Within a valence labels share as before; where there was none of it, all of its labels alike.
    """
    alike = torch.tensor([[VALENCE[name] == v for name in LABELS] for v in VALENCES])
    alike = alike.to(emotion)
    own = alike.clone()
    own[VALENCES.index("negative"), LABELS.index("others")] = 1  # such are 14, 17, 24 and 7 alone
    within = emotion[:, None] * own
    total = within.sum(2, keepdim=True)
    even = alike / alike.sum(1, keepdim=True)
    within = torch.where(total > 0, within / total.clamp_min(1e-6), even)
    shared = (valence[:, :, None] * within).sum(1)
    none = LABELS.index("none")
    shared[:, none] += emotion[:, none]
    return shared


def _mix(values: Tensor, rows: Tensor, part: Tensor) -> Tensor:
    """(B, …) of pairs of rows (2, B), so much (B,) of the first."""
    weight = part.view(-1, *[1] * (values.dim() - 1))
    return values[rows[0]] * weight + values[rows[1]] * (1 - weight)


def disturbed(flow: Tensor, rng: torch.Generator) -> Tensor:
    """u, v (B, 2, 28, 28) under smooth noise and of root mean square 1: ``measured.disturbed``."""
    count, device = len(flow), rng.device
    nodes = torch.randn((count, 2, NODES, NODES), generator=rng, device=device)
    over = F.interpolate(nodes, size=SIDE, mode="bicubic", align_corners=False)
    flow = flow + over * (DISTURBED * torch.rand((count, 1, 1, 1), generator=rng, device=device))
    return flow / flow.square().mean((2, 3), keepdim=True).sqrt().clamp_min(1e-3)
