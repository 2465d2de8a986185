"""What one fold does, by method: learn from some rows of real flow and score the others."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from torch import Tensor

from flinch_train.benchmark.flow.flow_hsta import FlowHsta, Lesson, Options, learn, say
from flinch_train.benchmark.flow.protocol import Rows
from flinch_train.benchmark.flow.rivals import RECIPES, RIVALS
from flinch_train.data.flow.real import Flows, RealFlow, mirrored
from flinch_train.data.flow.svm import FlowSvm
from flinch_train.data.flow.teacher import Teacher
from flinch_train.data.labels import VALENCES

Scores = NDArray[np.float64]


def class_weight(valence: NDArray[np.int64]) -> Tensor:
    """(3,): every class weighs the same, however many clips it has."""
    share = np.bincount(valence, minlength=len(VALENCES))
    return torch.from_numpy(share.sum() / (len(VALENCES) * np.maximum(share, 1))).float()


@dataclass(frozen=True)
class RivalFold:
    """A network of ``RIVALS`` from scratch, as its recipe says; clips are mirrored by chance."""

    name: str
    real: RealFlow
    seed: int = 0
    device: str = "cpu"

    def __call__(self, train: Rows, test: Rows) -> Scores:
        """Scores after each epoch."""
        torch.manual_seed(self.seed)
        rng = torch.Generator().manual_seed(self.seed)
        recipe, model = RECIPES[self.name], RIVALS[self.name](len(VALENCES)).to(self.device)
        optimizer = recipe.build(model)
        flow = torch.from_numpy(self.real.flow).to(self.device)
        other = torch.from_numpy(mirrored(self.real.flow)).to(self.device)
        truth = torch.from_numpy(self.real.valence).to(self.device)
        weight = class_weight(self.real.valence[train]).to(self.device)
        scores = []
        for _ in range(recipe.epochs):
            model.train()
            order = train[torch.randperm(len(train), generator=rng).numpy()]
            for start in range(0, len(order), recipe.batch):
                rows = order[start : start + recipe.batch]
                if len(rows) == 1:  # batch normalisation needs two
                    continue
                flipped = (torch.rand(len(rows), generator=rng) < 0.5).to(self.device)
                batch = torch.where(flipped.view(-1, 1, 1, 1), other[rows], flow[rows])
                loss = F.cross_entropy(model(batch), truth[rows], weight)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            model.eval()
            with torch.no_grad():
                scores.append(model(flow[test]).double().cpu().numpy())
        return np.stack(scores)


@dataclass(frozen=True)
class SvmFold:
    """The floor: an RBF kernel on the flow itself. It has no epochs."""

    real: RealFlow

    def __call__(self, train: Rows, test: Rows) -> Scores:
        """One plane of scores."""
        raw = self.real.raw.astype(np.float32).transpose(0, 3, 1, 2)
        scores = FlowSvm().fit(raw[train], self.real.valence[train]).decision(raw[test])
        return np.asarray(scores[None], np.float64)


@dataclass(frozen=True)
class HstaFold:
    """HSTA that has seen simulated flow, tuned on the real flow of the training subjects, with some
    simulated flow beside every batch.

    Its teacher of real flow is the floor's machine, which has seen the same subjects and no other.
    """

    real: RealFlow
    model: FlowHsta
    beside: Lesson
    options: Options
    device: str = "cpu"

    def __call__(self, train: Rows, test: Rows) -> Scores:
        """Scores after each epoch."""
        model = copy.deepcopy(self.model).to(self.device)
        scores: list[Scores] = []
        flow = self.real.flow[train]
        teacher = Teacher(flow, self.real.valence[train], cost=1.0)
        learn(
            model,
            Lesson(flow, teacher),
            self.options,
            lambda: scores.append(say(model, self.real.flow[test])),
            self.beside,
        )
        return np.stack(scores)


@dataclass(frozen=True)
class KernelFold:
    """HSTA that has seen simulated flow alone, and an RBF kernel on what it reads, for a head.

    features, mirrored (K, D): both CLS tokens and the action units' logits of every clip, and of
    its mirror image; no fold changes them.
    """

    real: RealFlow
    features: Scores
    mirrored: Scores
    with_flow: bool = True  # beside them the flow itself, as the floor sees it

    def __call__(self, train: Rows, test: Rows) -> Scores:
        """One plane of scores: those of the kernel on features, and of the floor where wanted."""
        machine = make_pipeline(StandardScaler(), SVC(C=1.0, class_weight="balanced"))
        both = np.concatenate([self.features[train], self.mirrored[train]])
        machine.fit(both, np.tile(self.real.valence[train], 2))
        scores = (
            machine.decision_function(self.features[test])
            + machine.decision_function(self.mirrored[test])
        ) / 2
        if self.with_flow:
            scores = scores + SvmFold(self.real)(train, test)[0]
        return np.asarray(scores[None], np.float64)


@torch.no_grad()
def features(model: FlowHsta, flow: Flows) -> Scores:
    """(K, D) of clips: both CLS tokens and the logits of the action units."""
    model.eval()
    found = []
    for start in range(0, len(flow), 128):
        cls = model.features(torch.from_numpy(flow[start : start + 128]))
        found.append(torch.cat([cls, model.hsta.say(cls).units], dim=1))
    return torch.cat(found).double().numpy()
