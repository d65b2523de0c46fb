"""Messages ⇄ JSON text: what the outbox, the slots and the inbox hold."""

import json
from typing import Any

from bot.actions import Action, UnknownAction
from bot.messages import NO_BUTTONS, Address, Button, Incoming, IncomingKind, Keyboard, Outgoing, Say, Sender, Words
from bot.text import Lines, Phrase, from_json, t, to_json
from storage.rows import Row, clean, instant, millis

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def say_text(say: Say) -> str:
    """Return what is said: the words and the buttons. Slot and edit have columns of their own."""
    form: dict[str, Any] = {"t": to_json(say.text)}
    if say.keyboard.rows:
        form["k"] = [[_button(button) for button in row] for row in say.keyboard.rows]
    if say.pressed:
        form["p"] = say.pressed
    return clean(_encode(form))


def said_text(say: Say) -> str:
    """Return the words alone."""
    return clean(_encode({"t": to_json(say.text)}))


def _button(button: Button) -> dict[str, Any]:
    form: dict[str, Any] = {"t": to_json(button.text)}
    if button.action is not None:
        form["a"] = button.action.pack()
    if button.link:
        form["l"] = button.link
    if button.style:
        form["s"] = button.style
    return form


def _words(form: Any) -> Words:
    value = from_json(form)
    return value if isinstance(value, Phrase | Lines) else t("{text}", text=value)


def _keyboard(rows: list[list[dict[str, Any]]]) -> Keyboard:
    if not rows:
        return NO_BUTTONS
    return Keyboard.of(*(tuple(button for form in row if (button := _button_of(form))) for row in rows))


def _button_of(form: dict[str, Any]) -> Button | None:
    """Read a button; one whose action this version no longer knows is left out."""
    action = None
    if "a" in form:
        try:
            action = Action.unpack(form["a"])
        except UnknownAction:
            return None
    return Button(_words(form["t"]), action, form.get("l", ""), form.get("s", ""))


def outgoing_of(row: Row, shown_as: str | None) -> Outgoing:
    """Read a message of the outbox; `tries` are those before this one."""
    form = json.loads(row[8])
    pressed = form.get("p", "")
    say = Say(_words(form["t"]), _keyboard(form.get("k", [])), row[9], bool(row[10]), bool(row[11]), pressed)
    to = Address(row[1], row[2], row[3], row[4], row[5], row[6])
    if pressed and shown_as != pressed:
        shown_as = None  # the slot shows another message by now: the answer goes below
    return Outgoing(row[0], to, say, instant(row[13]), row[7], shown_as, row[14] - 1, row[15] / 1000)


def incoming_text(incoming: Incoming) -> str:
    """Return an incoming as the inbox holds it."""
    sender = incoming.sender
    form = {
        "c": incoming.channel,
        "r": incoming.realm,
        "e": incoming.event_id,
        "k": incoming.kind.value,
        "s": [sender.account, sender.first_name, sender.last_name, sender.locale, sender.is_outsider],
        "v": incoming.conversation,
        "at": millis(incoming.received_at),
        "t": incoming.text,
        "d": incoming.data,
        "m": incoming.message,
        "o": None if incoming.sent_at is None else millis(incoming.sent_at),
    }
    return clean(_encode(form))


def incoming_of(body: str) -> Incoming:
    """Read an incoming of the inbox."""
    form = json.loads(body)
    if "\\u0000" in body:
        form = {name: clean(value) if isinstance(value, str) else value for name, value in form.items()}
        form["s"] = [clean(value) if isinstance(value, str) else value for value in form["s"]]
    sent_at = form["o"]
    return Incoming(
        form["c"],
        form["r"],
        form["e"],
        IncomingKind(form["k"]),
        Sender(*form["s"]),
        form["v"],
        instant(form["at"]),
        form["t"],
        form["d"],
        form["m"],
        None if sent_at is None else instant(sent_at),
    )
