"""Presses as data of a button: packed into 64 bytes, unpacked or refused."""

import types
from dataclasses import dataclass

import pytest

from bot.actions import LIMIT, Action, UnknownAction


@dataclass(frozen=True, slots=True)
class Chosen(Action, code="zz-chosen"):
    """A press with a number and a word."""

    number: int
    word: str


@dataclass(frozen=True, slots=True)
class Plain(Action, code="zz-plain"):
    """A press without anything."""


@dataclass(frozen=True, slots=True)
class Renamed(Action, code="zz-new", formerly=("zz-old", "zz-older")):
    """A press that had other codes."""

    number: int


def test_an_action_is_packed_as_its_code_and_values() -> None:
    """The form that buttons carry is readable and stable."""
    assert Chosen(42, "да").pack() == "zz-chosen:42:да"
    assert Plain().pack() == "zz-plain"
    assert Action.unpack("zz-chosen:42:да") == Chosen(42, "да")
    assert Action.unpack("zz-plain") == Plain()


@pytest.mark.parametrize(
    "data",
    [
        "",
        ":",
        "nobody",
        "nobody:1:2",
        "zz-chosen",
        "zz-chosen:1",
        "zz-chosen:1:a:b",
        "zz-chosen:one:a",
        "zz-chosen::a",
        "zz-plain:",
        "zz-plain:1",
        "ZZ-PLAIN",
        " zz-plain",
        "zz-chosen:1:" + "x" * 64,
        "zz-chosen:1:" + "\ud800" * 60,
        "\x00",
        "<b>zz-plain</b>",
    ],
)
def test_foreign_data_is_unknown(data: str) -> None:
    """Forged, foreign, outdated or over-long data has one error and no other."""
    with pytest.raises(UnknownAction):
        Action.unpack(data)


@pytest.mark.parametrize("action", [Chosen(1, "a:b"), Chosen(1, "x" * 60), Chosen(1, "я" * 30), Chosen(10**60, "")])
def test_what_does_not_fit_is_not_packed(action: Action) -> None:
    """The smaller limit holds for both messengers, in bytes; a colon would be misread."""
    with pytest.raises(ValueError):
        action.pack()


def test_a_press_is_known_by_its_former_codes() -> None:
    """A button that was sent long ago means what it meant; new ones carry the new code."""
    assert Renamed(7).pack() == "zz-new:7"
    assert [Action.unpack(f"{code}:7") for code in ("zz-new", "zz-old", "zz-older")] == [Renamed(7)] * 3


def test_a_former_code_is_not_given_away() -> None:
    """A new kind of press under an old code would answer for buttons that are still in chats."""
    with pytest.raises(ValueError, match="zz-plain"):

        @dataclass(frozen=True, slots=True)
        class Successor(Action, code="zz-successor", formerly=("zz-plain",)):
            """A press that wants the code of a living one."""


def test_the_limit_itself_fits() -> None:
    """64 bytes are allowed, 65 are not."""
    room = LIMIT - len("zz-chosen:1:")
    assert len(Chosen(1, "x" * room).pack().encode()) == LIMIT == 64
    assert Action.unpack(Chosen(1, "x" * room).pack()) == Chosen(1, "x" * room)
    with pytest.raises(ValueError):
        Chosen(1, "x" * (room + 1)).pack()


def test_a_code_is_taken_once() -> None:
    """Two kinds of press under one code would answer for each other."""
    with pytest.raises(ValueError, match="zz-plain"):

        @dataclass(frozen=True, slots=True)
        class Other(Action, code="zz-plain"):
            """Another press that wants the same code."""


def test_a_code_is_taken_once_even_by_a_namesake() -> None:
    """A class of the same name in another module is another kind of press."""

    def body(names: dict[str, object]) -> None:
        names["__module__"] = "elsewhere"

    types.new_class("Namesake", (Action,), {"code": "zz-namesake"})
    with pytest.raises(ValueError, match="zz-namesake"):
        types.new_class("Namesake", (Action,), {"code": "zz-namesake"}, body)
