"""STSTNet: three shallow streams, one pooled code, one linear layer.

Liong et al., "Shallow Triple Stream Three-dimensional CNN (STSTNet) for Micro-expression
Recognition", FG 2019, arXiv 1902.03634. Each stream is one 3 × 3 convolution over all three flow
channels (the third dimension of its name), with 3, 5 and 8 filters, then ReLU, batch norm,
max-pooling 3 × 3 and dropout; side by side they are averaged 2 × 2 into a code of 5 × 5 × 16 = 400
numbers, and a linear layer gives the classes. The code that its authors published pads the
convolutions by 2, has the batch norm and goes from the 400 numbers straight to the classes, and so
does this one. (Others read the 400 nodes as one more layer of 400 × 400; that makes 162,051
parameters of it.)

1,683 parameters and 0.39 million multiply-adds. Logs of that code say UF1 .7209 and UAR .7250 at
the last of 800 epochs, the paper .7353 and .7605, on all 442 samples of 68 subjects.

Letters in shapes: B pictures.
"""

import torch
from torch import Tensor, nn

from flinch_train.benchmark.flow.rivals.recipe import CHANNELS, Recipe

FILTERS = (3, 5, 8)
GRID = 5  # 28 padded to 30 after the convolution, 10 after max-pooling, 5 after averaging
DROPOUT = 0.5


class Ststnet(nn.Module):
    """Flow (B, 3, 28, 28) → logits (B, classes)."""

    def __init__(self, classes: int = 3, dropout: float = DROPOUT) -> None:
        super().__init__()
        self.streams = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(CHANNELS, filters, 3, padding=2),
                nn.ReLU(),
                nn.BatchNorm2d(filters),
                nn.MaxPool2d(3, stride=3, padding=1),
                nn.Dropout(dropout),
            )
            for filters in FILTERS
        )
        self.pooling = nn.AvgPool2d(2)
        self.head = nn.Linear(sum(FILTERS) * GRID**2, classes)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, 28, 28) → (B, classes)."""
        maps = torch.cat([stream(x) for stream in self.streams], dim=1)  # (B, 16, 10, 10)
        logits: Tensor = self.head(self.pooling(maps).flatten(1))
        return logits


# as in the published code; its loop has no choice of epoch
PUBLISHED = Recipe("adam", lr=5e-5, batch=256, epochs=800, dropout=DROPOUT)
# the same way for the weights to go, in steps ten times as long: the training loss ends at 0.40, as
# against 0.39 of the published one (246 of the 369 samples)
SHORT = Recipe("adam", lr=5e-4, batch=256, epochs=80, dropout=DROPOUT)
