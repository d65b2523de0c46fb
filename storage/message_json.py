"""Messages ⇄ JSON text: what the outbox, the slots and the inbox hold."""

import json
from dataclasses import replace
from typing import Any

from bot.messages import (
    Address,
    Attachment,
    Incoming,
    IncomingFile,
    IncomingKind,
    Outgoing,
    Say,
    Sender,
    Unread,
    Words,
)
from bot.text import to_json
from storage.rows import Row, clean, compact, instant, millis


def say_text(say: Say) -> str:
    """Return what is said: the words and the buttons. Slot and edit have columns of their own, a file a table."""
    rest = (replace(say, file=None) if say.file else say).beside_words()
    words = _WORDS.of(say.text)
    return f'{{"t":{words},{compact(rest)[1:]}' if rest else f'{{"t":{words}}}'


def said_text(say: Say) -> str:
    """Return the words alone."""
    return f'{{"t":{_WORDS.of(say.text)}}}'


class _Words:
    """Words as JSON. Those of the message before are remembered: what twenty people read is written down once."""

    def __init__(self) -> None:
        self._latest: tuple[Words | None, str] = (None, "")

    def of(self, words: Words) -> str:
        known, text = self._latest
        if known is not words:
            text = compact(to_json(words))
            self._latest = (words, text)
        return text


_WORDS = _Words()


def attachment_values(file: Attachment) -> dict[str, object]:
    """Return the columns of a file."""
    return {"name": file.name, "kind": file.kind, "content": file.content}


def outgoing_of(row: Row, shown_as: str | None, file: Attachment | None) -> Outgoing:
    """Read a message of the outbox; `tries` are those before this one."""
    form = json.loads(row[8])
    say = Say.from_json(form, slot=row[9], edit=bool(row[10]), only_if_shown=bool(row[11]))
    # What was written before an account had a column of its own is for a private chat, which has its person's number.
    to = Address(row[1], row[2], row[3], row[17] or row[4], row[4], row[5], row[6])
    if say.pressed and shown_as != say.pressed:
        shown_as = None  # the slot shows another message by now: the answer goes below
    if file is not None:
        say, shown_as = replace(say, file=file), None
    return Outgoing(row[0], to, say, instant(row[13]), row[7], shown_as, row[14] - 1, row[15] / 1000)


def incoming_text(incoming: Incoming) -> str:
    """Return an incoming as the inbox holds it."""
    sender = incoming.sender
    form: dict[str, Any] = {
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
    if incoming.thread:
        form["h"] = incoming.thread
    if incoming.album:
        form["a"] = incoming.album
    if incoming.reply_to:
        form["q"] = incoming.reply_to
    if incoming.files:
        form["f"] = [[each.reference, each.name, each.size, each.is_picture] for each in incoming.files]
    return compact(form)


_UNREAD = "unread"
"""What begins the text of something that was not taken apart; JSON begins otherwise."""


def unread_text(unread: Unread) -> str:
    """Return what was not taken apart as the inbox holds it: a line for each thing that is known, then the rest."""
    at = millis(unread.received_at)
    return clean(
        f"{_UNREAD}\n{unread.channel}\n{unread.realm}\n{unread.event_id}\n{unread.account}\n{at}\n{unread.body}"
    )


def unread_of(body: str) -> Unread | None:
    """Read what was not taken apart; None where the inbox holds an incoming."""
    if not body.startswith(_UNREAD):
        return None
    _, channel, realm, event_id, account, at, rest = body.split("\n", 6)
    return Unread(channel, realm, event_id, account, instant(int(at)), rest)


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
        form.get("h", ""),
        form.get("a", ""),
        tuple(IncomingFile(*each) for each in form.get("f", ())),
        form.get("q", ""),
    )
