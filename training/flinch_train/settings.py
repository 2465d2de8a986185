"""A command's settings: a frozen dataclass, read from the command line in one place."""

import sys
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import tyro

S = TypeVar("S")


def read(cls: type[S], command: str, about: str | None, argv: list[str]) -> S:
    """The arguments of a command as its settings.

    Every field of ``cls``, a dataclass, is an option: ``val_clips`` is ``--val-clips``, its type
    and default are the option's, the comment behind it its help. A ``ValueError`` of ``cls`` says
    what does not go together.

    Raises:
        SystemExit: 2 for arguments that are wrong, 0 after the help.
    """
    found = tyro.cli(
        cls,
        args=argv,
        prog=f"flinch_train {command}",
        description=about,
        config=(tyro.conf.FlagCreatePairsOff,),
    )
    for field in fields(cls):  # type: ignore[arg-type]  # a dataclass, which a type variable cannot say
        if field.default is MISSING and _empty(getattr(found, field.name)):
            name = field.name.replace("_", "-")
            print(f"flinch_train {command}: {name}: at least one is needed", file=sys.stderr)
            raise SystemExit(2)
    return found


def _empty(value: Any) -> bool:
    return value == ()
