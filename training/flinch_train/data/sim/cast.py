"""The people of a namespace, by number."""

from flinch_train.data.sim.actor import Actor
from flinch_train.data.sim.identity import Namespace, person
from flinch_train.data.sim.stage import Stage


class Cast:
    """Paints a person when asked for one, and keeps the last: clips come by the person."""

    def __init__(self, stage: Stage, namespace: Namespace) -> None:
        self._stage, self._namespace = stage, namespace
        self._last: Actor | None = None

    def actor(self, number: int) -> Actor:
        """The same number is the same person."""
        if self._last is None or self._last.identity.number != number:
            self._last = Actor(self._stage, person(self._namespace, number))
        return self._last
