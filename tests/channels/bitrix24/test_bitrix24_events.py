"""Payload files become `Incoming`, the same from a fetch and from a form."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bitrix24.events import Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.forms import parse_body
from bot.messages import Incoming, IncomingKind
from storage.message_json import incoming_of, incoming_text
from tests.channels.bitrix24.doubles import NOW, PAYLOADS, delivered, payload, php_form

ALL = sorted(path.stem for path in PAYLOADS.glob("*.json"))
FORM = "application/x-www-form-urlencoded"


def fetched(name: str) -> Incoming | None:
    """Read a payload file as an element of a fetch."""
    return to_incoming(Event.fetched(payload(name)), realm="acme", received_at=NOW)


def posted(name: str) -> Incoming | None:
    """Read a payload file as the body of a webhook call."""
    body = parse_body(php_form(delivered(payload(name))), FORM)
    return to_incoming(Event.delivered(body), realm="acme", received_at=NOW)


def some(incoming: Incoming | None) -> Incoming:
    """Insist that there is one."""
    assert incoming is not None
    return incoming


@pytest.mark.parametrize("name", ALL)
def test_both_typings_agree(name: str) -> None:
    """A form says the same as JSON, but for the event id, which only a fetch knows."""
    one, other = fetched(name), posted(name)
    if one is None or other is None:
        assert one == other
    else:
        assert replace(one, event_id="") == replace(other, event_id="")


def test_form_file() -> None:
    """A body as PHP writes it is read."""
    body = parse_body((PAYLOADS / "message.form").read_bytes(), FORM)
    assert fetched("message") == to_incoming(Event.delivered(body), realm="acme", received_at=NOW)


def test_message() -> None:
    """A message carries its words, its own time and its sender."""
    incoming = some(fetched("message"))
    assert (
        incoming.kind,
        incoming.event_id,
        incoming.text,
        incoming.message,
        incoming.conversation,
    ) == (IncomingKind.TEXT, "m:88123", "пришёл, опоздал на 10 минут", "88123", "17")
    assert datetime(2026, 8, 21, 9, 59, 58, tzinfo=UTC) == incoming.sent_at
    sender = incoming.sender
    assert (
        sender.account,
        sender.first_name,
        sender.last_name,
        sender.locale,
        sender.is_outsider,
    ) == ("17", "Ida", "Holm", "en", False)


def test_command_counts_once() -> None:
    """A typed command that comes as a message too is one thing; a further command of the message is another."""
    command, echo, second = (some(fetched(name)) for name in ("command_typed", "command_echo", "command_second"))
    assert command.event_id == echo.event_id
    assert "/checkin late by 10" == command.text == echo.text
    assert (second.event_id, second.text) == ("m:88130:208", "/status")


def test_press() -> None:
    """Who pressed is the user, not the author of the message; its time is the press's own."""
    incoming = some(fetched("press"))
    assert (
        incoming.kind,
        incoming.data,
        incoming.message,
        incoming.sender.account,
        incoming.event_id,
        incoming.sent_at,
    ) == (IncomingKind.PRESS, "in:7", "88122", "17", "e:70321", NOW)
    assert some(posted("press")).event_id == "p:88122:17:in:7:1787306400"


def test_press_of_an_incomplete_chat() -> None:
    """Without a dialog the conversation is the person who pressed."""
    incoming = some(fetched("press_incomplete"))
    assert (incoming.kind, incoming.data, incoming.conversation) == (IncomingKind.PRESS, "", "17")


def test_typed_button_command_is_no_press() -> None:
    """What somebody types as the button's command is mere text."""
    raw = payload("press")
    raw["data"]["command"]["context"] = "textarea"
    incoming = some(to_incoming(Event.fetched(raw), realm="acme", received_at=NOW))
    assert (incoming.kind, incoming.text) == (IncomingKind.TEXT, "/smena in:7")


def test_group() -> None:
    """A mention in a group is read without the mention and answered in private."""
    incoming = some(fetched("message_group"))
    assert (incoming.text, incoming.conversation) == ("check in", "17")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("message_file", IncomingKind.UNREADABLE),
        ("message_forwarded", IncomingKind.NOT_OWN),
        ("join", IncomingKind.GREETING),
        ("edited", IncomingKind.EDITED),
        ("bot_deleted", IncomingKind.REMOVED),
    ],
)
def test_kinds(name: str, kind: IncomingKind) -> None:
    """Files, other people's words, first contact, edits and removal are told apart."""
    assert kind == some(fetched(name)).kind


@pytest.mark.parametrize("name", ["message_own", "message_system", "reaction"])
def test_nothing_to_us(name: str) -> None:
    """The bot's own words, the portal's words and reactions mean nothing."""
    assert fetched(name) is None


def test_outsider() -> None:
    """A guest of the extranet is marked as an outsider."""
    assert some(fetched("message_extranet")).sender.is_outsider


def test_unstorable_characters() -> None:
    """NUL and lone surrogates, which databases refuse, do not get in."""
    raw = payload("message")
    raw["data"]["message"]["text"] = "a\x00b\ud800c"
    assert some(to_incoming(Event.fetched(raw), realm="acme", received_at=NOW)).text == "ab?c"


@pytest.mark.parametrize("missing", ["user", "message"])
def test_incomplete(missing: str) -> None:
    """A message without its user or id is unreadable."""
    raw = payload("message")
    del raw["data"][missing]["id"]
    if missing == "message":
        raw["data"]["message"]["authorId"] = 17
    with pytest.raises(UnreadableEvent):
        to_incoming(Event.fetched(raw), realm="acme", received_at=NOW)


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(ALL),
    st.sampled_from(["bot", "message", "user", "chat", "command", "language", "dialogId"]),
    st.none() | st.sampled_from(["id", "authorId", "text", "date", "type", "params", "forward", "dialogId", "command"]),
    _junk,
)
def test_junk(name: str, block: str, key: str | None, junk: Any) -> None:
    """Whatever stands where something else is expected, an event is read, ignored or refused; nothing else happens."""
    raw = payload(name)
    if key is not None and isinstance(raw["data"].get(block), dict):
        raw["data"][block][key] = junk
    else:
        raw["data"][block] = junk
    try:
        incoming = to_incoming(Event.fetched(raw), realm="acme", received_at=NOW)
    except UnreadableEvent:
        return
    if incoming is not None:
        assert incoming == incoming_of(incoming_text(incoming))
        incoming.text.encode()


def test_brought_into_a_group() -> None:
    """What is answered to that is said in the group."""
    found = fetched("join_group")
    assert found is not None
    assert (IncomingKind.INVITED, "chat99") == (found.kind, found.conversation)
