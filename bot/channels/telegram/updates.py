"""Telegram's updates → Incoming, read from the plain JSON object; what is malformed or not for us is None."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.messages import Incoming, IncomingKind, Sender

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
NAME = "telegram"

_ID_LIMIT = 2**63
_TEXT_LIMIT = 4096
_NAME_LIMIT = 128
_DATA_LIMIT = 256
_TAG_LIMIT = 35
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})@([A-Za-z0-9_]{1,64})(?=\s|$)")
# What a person sends that is not text; service messages ("pinned a message") are not among these.
_MEDIA = frozenset(
    {
        "animation", "audio", "checklist", "contact", "dice", "document", "game", "live_photo", "location",
        "paid_media", "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice",
    }
)  # fmt: skip


def update_id(update: object) -> int | None:
    """Return the update's id, None when there is none."""
    number = _id(_object(update).get("update_id"))
    return number if number is not None and number >= 0 else None  # a negative offset would mean something else


def callback_id(update: object) -> str | None:
    """Return the id by which a press is answered, None when the update is no press."""
    found = _object(_object(update).get("callback_query")).get("id")
    return found if isinstance(found, str) and found else None


def to_incoming(update: object, *, received_at: datetime, username: str | None) -> Incoming | None:
    """Say what an update means; `username` is the bot's own, if it is known yet."""
    number = update_id(update)
    if number is None:
        return None
    reader = _Reader(str(number), received_at, username)
    for kind, read in _READERS.items():
        found = _object(_object(update).get(kind))
        if found:
            return read(reader, found)
    return None


class _Reader:
    """Reads the one object of an update."""

    def __init__(self, event_id: str, received_at: datetime, username: str | None) -> None:
        self._event_id = event_id
        self._received_at = received_at
        self._username = username

    def message(self, message: Mapping[str, Any]) -> Incoming | None:
        """Read a new message: text in the private chat, a command to us in a group."""
        sender = _sender(message.get("from"))
        chat = _object(message.get("chat"))
        conversation = _id(chat.get("id"))
        if sender is None or conversation is None:
            return None
        text = clean(message.get("text"), _TEXT_LIMIT)
        command = _COMMAND.match(text)
        if chat.get("type") != "private":
            if command is None or command[2].lower() != (self._username or "").lower():
                return None
            # Answered in private: a person's working time is nobody else's business.
            return self._incoming(IncomingKind.TEXT, sender, sender.account, message, _bare(text, command))
        kind = IncomingKind.TEXT
        if not isinstance(message.get("text"), str):
            if not _MEDIA & message.keys():
                return None
            kind = IncomingKind.UNREADABLE
        words = _bare(text, command) if command else text
        return self._incoming(kind, sender, str(conversation), message, words, _id_text(message.get("message_id")))

    def edited(self, message: Mapping[str, Any]) -> Incoming | None:
        """Read a changed text of the private chat; a live location that moves is an edit too, and none of ours."""
        sender = _sender(message.get("from"))
        chat = _object(message.get("chat"))
        conversation = _id(chat.get("id"))
        text = clean(message.get("text"), _TEXT_LIMIT)
        if sender is None or conversation is None or chat.get("type") != "private" or not text:
            return None
        when = {"date": message.get("edit_date") or message.get("date")}
        number = _id_text(message.get("message_id"))
        return self._incoming(IncomingKind.EDITED, sender, str(conversation), when, text, number)

    def press(self, query: Mapping[str, Any]) -> Incoming | None:
        """Read a press; the message may be too old to be told, or missing."""
        sender = _sender(query.get("from"))
        message = _object(query.get("message"))
        chat = _object(message.get("chat"))
        if sender is None or chat.get("type", "private") != "private" or not isinstance(query.get("data"), str):
            return None
        conversation = _id_text(chat.get("id")) or sender.account
        return Incoming(
            channel=NAME,
            realm="",
            event_id=self._event_id,
            kind=IncomingKind.PRESS,
            sender=sender,
            conversation=conversation,
            received_at=self._received_at,
            data=clean(query["data"], _DATA_LIMIT),
            message=_id_text(message.get("message_id")),
        )

    def member(self, change: Mapping[str, Any]) -> Incoming | None:
        """Read that the person stopped the bot. That they started it again is told by the /start that comes with it."""
        sender = _sender(change.get("from"))
        chat = _object(change.get("chat"))
        conversation = _id(chat.get("id"))
        status = _object(change.get("new_chat_member")).get("status")
        if sender is None or conversation is None or chat.get("type") != "private" or status != "kicked":
            return None
        return self._incoming(IncomingKind.BLOCKED, sender, str(conversation), change, "")

    def _incoming(
        self,
        kind: IncomingKind,
        sender: Sender,
        conversation: str,
        dated: Mapping[str, Any],
        text: str,
        message: str = "",
    ) -> Incoming:
        return Incoming(
            channel=NAME,
            realm="",
            event_id=self._event_id,
            kind=kind,
            sender=sender,
            conversation=conversation,
            received_at=self._received_at,
            text=text,
            message=message,
            sent_at=_instant(dated.get("date")),
        )


_READERS = {
    "message": _Reader.message,
    "callback_query": _Reader.press,
    "edited_message": _Reader.edited,
    "my_chat_member": _Reader.member,
}


def clean(text: object, limit: int) -> str:
    """Return text that every database and encoding takes: no NUL, no half of a surrogate pair, at most `limit` long."""
    if not isinstance(text, str):
        return ""
    text = text[:limit].replace("\x00", "")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _bare(text: str, command: re.Match[str]) -> str:
    return f"/{command[1]}{text[command.end() :]}"


def _sender(user: object) -> Sender | None:
    known = _object(user)
    account = _id(known.get("id"))
    if account is None:
        return None
    return Sender(
        account=str(account),
        first_name=clean(known.get("first_name"), _NAME_LIMIT),
        last_name=clean(known.get("last_name"), _NAME_LIMIT),
        locale=clean(known.get("language_code"), _TAG_LIMIT) or None,
        is_outsider=known.get("is_bot") is True,
    )


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _id(value: object) -> int | None:
    return value if type(value) is int and -_ID_LIMIT < value < _ID_LIMIT else None


def _id_text(value: object) -> str:
    found = _id(value)
    return "" if found is None else str(found)


def _instant(value: object) -> datetime | None:
    seconds = _id(value)
    if not seconds or seconds < 0:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
