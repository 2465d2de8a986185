"""What makes probabilities of logits that say too much."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Temperatures:
    """What each head's logits are divided by, so that its probabilities are calibrated."""

    emotion: float = 1.0
    valence: float = 1.0
    units: float = 1.0

    def inverse(self) -> "Temperatures":
        """What undoes these."""
        return Temperatures(1 / self.emotion, 1 / self.valence, 1 / self.units)
