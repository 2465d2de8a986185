"""Who of a room is learned from, and who is kept to score on: by person, never by movement."""

from hashlib import sha256

from flinch_train.data.errors import DatasetError
from flinch_train.data.room.windows import Window


def is_held_out(person: str, share: float) -> bool:
    """The same for the same person however many others there are."""
    number = int.from_bytes(sha256(person.encode()).digest()[:8], "big")
    return number < share * 2**64


def parted(windows: list[Window], share: float) -> tuple[list[Window], list[Window]]:
    """Windows to learn from, and windows of others to score on.

    All sessions of a subject are on one side; a session that names none is a person of its own.

    Raises:
        DatasetError: nobody is left to learn from.
    """
    learned = [window for window in windows if not is_held_out(window.person, share)]
    held = [window for window in windows if is_held_out(window.person, share)]
    if not learned:
        people = len({window.person for window in windows})
        raise DatasetError(
            f"all {people} people of the room are held out with a share of {share}: give a smaller "
            "--room-held-out, or label sessions of more people"
        )
    return learned, held
