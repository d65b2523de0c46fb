"""What comes in and what is asked, through its stored form; keyboards and replies."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.messages import Attachment, Button, Incoming, IncomingKind, Keyboard, Reply, Say, Sender, State
from bot.text import t
from storage.message_json import incoming_of, incoming_text

ARRIVED = datetime(2026, 7, 15, 6, 0, 0, 250_000, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class AskWherefore(State):
    """A question that remembers a number and a word."""

    number: int
    word: str = ""


def incoming(kind: IncomingKind = IncomingKind.TEXT, sent_at: datetime | None = ARRIVED) -> Incoming:
    """Return something that came in."""
    sender = Sender("5", "Анна", "O'Neil <b>", "ru", is_outsider=True)
    return Incoming("telegram", "", "update:9", kind, sender, "5", ARRIVED, "ушла\n🙂", "in", "77", sent_at)


@pytest.mark.parametrize("kind", IncomingKind)
@pytest.mark.parametrize("sent_at", [None, ARRIVED, ARRIVED.astimezone(timezone(timedelta(hours=5)))])
def test_what_came_in_survives_its_stored_form(kind: IncomingKind, sent_at: datetime | None) -> None:
    """Stored before it is acknowledged, and read back equal, through JSON text."""
    message = incoming(kind, sent_at)
    assert incoming_of(incoming_text(message)) == message


def test_unknown_keys_of_a_newer_version_are_left_out() -> None:
    """A row written by a newer version is read by this one."""
    form = json.loads(incoming_text(incoming()))
    assert incoming_of(json.dumps({**form, "mood": "good"})) == incoming()


def test_a_sender_s_name_is_put_together() -> None:
    """First and last name, or whichever there is."""
    assert [Sender("1", *names).name for names in (("Ann", "Lee"), ("Ann",), ("", "Lee"), ())] == [
        "Ann Lee", "Ann", "Lee", "",
    ]  # fmt: skip


def test_an_open_question_survives_its_stored_form() -> None:
    """A conversation goes on after a restart."""
    asked = AskWherefore(5, "почему")
    assert State.from_json(json.loads(json.dumps(asked.to_json()))) == asked


def test_no_question_remembers_something_under_the_word_for_its_own_name() -> None:
    """What stood there would be lost with the first restart; so such a class cannot be written at all."""
    with pytest.raises(TypeError, match="AskWhose"):

        @dataclass(frozen=True, slots=True)
        class AskWhose(State):
            name: str

    assert "AskWhose" not in State.names


@pytest.mark.parametrize(
    "form",
    [{}, {"name": None}, {"name": "Gone"}, {"name": "AskWherefore"}, {"name": "AskWherefore", "number": 1, "more": 2}],
)
def test_a_question_of_another_version_is_none(form: dict[str, object]) -> None:
    """A stored state that no longer loads ends the dialog politely."""
    assert State.from_json(form) is None


def test_keyboards_leave_out_what_is_empty() -> None:
    """A lone button is a row; None and empty rows are no rows."""
    one, two = Button(t("one")), Button(t("two"))
    assert Keyboard.of(one, None, (), (one, two)) == Keyboard(((one,), (one, two)))
    assert Keyboard.of() == Keyboard.of(None) == Keyboard()


def test_a_reply_grows_by_more_messages() -> None:
    """The first stays as it was."""
    first = Reply((Say(t("one")),), AskWherefore(1), ends=True)
    more = first.also(Say(t("two")))
    assert more.says == (Say(t("one")), Say(t("two")))
    assert (more.state, more.ends) == (first.state, first.ends)
    assert first.says == (Say(t("one")),)


def test_a_message_with_a_file_survives_its_stored_form() -> None:
    """Every byte, the name and the kind, through JSON text."""
    say = Say(t("one"), file=Attachment("июнь.png", bytes(range(256)), "photo"))
    assert Say.from_json(json.loads(json.dumps(say.to_json()))) == say


def test_an_empty_file_is_a_mistake() -> None:
    """No messenger takes one."""
    with pytest.raises(ValueError, match="content"):
        Attachment("a.csv", b"", "document")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Табель – июнь 2026.xlsx", "Табель – июнь 2026.xlsx"),
        ('Отдел "Юг/Север"\r\nX: y.pdf', "Отдел _Юг_Север_X_ y.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (f"{'я' * 300}.xlsx", f"{'я' * 115}.xlsx"),
        ("\ud83d.csv", "_.csv"),
        (" .. ", "_"),
    ],
)
def test_a_file_s_name_fits_everywhere(name: str, kept: str) -> None:
    """Whoever's name is in it: no path, no header, no more than 120 characters, the ending kept."""
    assert Attachment(name, b"1", "document").name == kept
