"""The settings of a training run."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch

from flinch_train.model.hsta import Variant


@dataclass(frozen=True, kw_only=True)
class TrainSettings:
    """What a training run is told."""

    clips: Path | None = None  # clips to learn from
    stream: int | None = None  # render so many new clips every epoch instead (with --head)
    render_workers: int = 2  # processes of --stream
    moving: Path | None = None  # a folder of `moving`: half of every batch is made of it, anew
    val_clips: Path | None = None  # clips of other identities
    protocol: Literal["loso", "kfold"] | None = None
    """cross-validate on the clip set's subjects instead"""
    folds: int = 10  # of kfold
    classes: Literal[3, 4, 7] = 3  # that are scored
    out: Path  # folder for the run
    variant: Variant = "tiny"
    size: int = 112  # side of the crops, pixels
    special: Literal["frames", "flow", "flows"] = "flows"
    epochs: int = 8
    batch: int = 64
    lr: float = 0.001  # peak learning rate
    weight_decay: float = 0.05
    dropout: float = 0.0
    drop_path: float = 0.05
    keep_patches: float = 1.0  # share of video patches a step sees
    layer_decay: float = 1.0  # 1: the same rate everywhere
    balance: bool = False  # draw every class equally often
    head: Path | None = None  # the morphable head: learn what moved as well, beside the label
    motion_weight: float = 10.0  # of that second loss
    early_epochs: int = 0  # first the special stream alone (with --head)
    start: Path | None = None  # begin with the weights of a run, or of a .onnx
    device: Literal["auto", "cpu", "cuda"] = "auto"
    seed: int = 0
    threads: int = torch.get_num_threads()
    bf16: bool = False  # bfloat16 products (AVX-512 BF16)
    compile: bool = False  # compile the training step
    resume: bool = False  # go on from RUN/checkpoint.pt
    save_every: float = 5.0  # minutes
    quiet: bool = False  # no progress bar

    def __post_init__(self) -> None:
        """Raises ``ValueError`` for what does not go together."""
        if (self.clips is None) == (self.stream is None):
            raise ValueError("either --clips or --stream")
        if (self.val_clips is None) == (self.protocol is None):
            raise ValueError("either --val-clips (one model) or --protocol (cross-validation)")
        if self.stream and (self.head is None or self.protocol or self.early_epochs):
            raise ValueError(
                "--stream needs --head, and goes neither with --protocol nor --early-epochs"
            )
