"""Where an expression was lost on its way: what became of the movement that it made."""

from flinch_train.data.footage.seen import Candidate, Seen, Truth
from flinch_train.data.spans import overlap

NEAR = 0.2  # of what both cover: less is another movement
OUTCOMES = {
    "none": "HSTA: none",
    "little_evidence": "too little evidence of both",
    "low_confidence": "no class sure enough",
    "event": "marks off: an event that covers too little of it",
}
NOT_RAISED = "spotter: nothing raised"


def lost_where(seen: Seen, truth: Truth) -> str:
    """The last stage that a missed expression reached."""
    near = [one for one in seen.candidates if overlap(one, truth) >= NEAR]
    best: Candidate | None = max(near, key=lambda one: overlap(one, truth), default=None)
    return NOT_RAISED if best is None else OUTCOMES.get(best.outcome, best.outcome)
