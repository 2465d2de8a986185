"""Settings: every command tells what it takes, and what is wrong with what it got."""

from dataclasses import dataclass, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from flinch_train.__main__ import COMMANDS, main
from flinch_train.benchmark.flow.rivals import RIVALS
from flinch_train.benchmark.flow.run import METHODS
from flinch_train.data.datasets import prepare
from flinch_train.data.labels import LABELS, EmotionName
from flinch_train.data.sim import interviews
from flinch_train.model.hsta import VARIANTS, Variant
from flinch_train.settings import read


@dataclass(frozen=True, kw_only=True)
class Fruit:
    """Of a test."""

    baskets: tuple[Path, ...]  # to fill
    ripe_only: bool = False  # no others
    count: int = 3

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError("--count: none is no fruit")


def test_options_are_the_fields_with_their_defaults() -> None:
    found = read(Fruit, "pick", "Picks.", ["--baskets", "a", "b", "--ripe-only"])
    assert found == Fruit(baskets=(Path("a"), Path("b")), ripe_only=True)


@pytest.mark.parametrize(
    ("argv", "wrong"),
    [
        ([], "--baskets"),
        (["--baskets"], "at least one"),
        (["--baskets", "a", "--count", "0"], "none is no fruit"),
        (["--baskets", "a", "--count", "x"], "--count"),
        (["--baskets", "a", "--unripe"], "--unripe"),
    ],
)
def test_what_is_wrong_is_named(
    argv: list[str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        read(Fruit, "pick", "Picks.", argv)
    assert left.value.code == 2
    assert wrong in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_helps(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert left.value.code == 0
    help_ = capsys.readouterr().out
    assert f"flinch_train {command}" in help_
    module = import_module(f"flinch_train.{COMMANDS[command][0]}")
    settings = next(
        value
        for name, value in vars(module).items()
        if name in ("Settings", "TrainSettings") and is_dataclass(value)
    )
    for name, field in settings.__dataclass_fields__.items():
        assert f"--{name.replace('_', '-')}" in help_ or "Positional" in str(field.type)


def test_what_can_be_chosen_is_what_there_is() -> None:
    assert get_args(Variant) == tuple(VARIANTS)
    assert get_args(get_type_hints(prepare.Settings)["dataset"]) == tuple(prepare.DATASETS)
    assert set(RIVALS) < set(METHODS)
    assert get_args(EmotionName) == LABELS[:-1]
    assert set(get_args(get_type_hints(interviews.Settings)["set"])) == set(interviews.SETS)
