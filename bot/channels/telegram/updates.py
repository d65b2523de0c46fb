"""Telegram's updates → Incoming, read from the plain JSON object; what is malformed or not for us is None."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram.facts import FACTS
from bot.messages import FORWARDED, SCHEDULED, VIA_BOT, Incoming, IncomingFile, IncomingKind, Sender

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
NAME = FACTS.name

_ID_LIMIT = 2**63
_TEXT_LIMIT = 4096
_NAME_LIMIT = 128
_DATA_LIMIT = 256
_TAG_LIMIT = 35
_ALBUM_LIMIT = 64
_FILE_ID_LIMIT = 256
_SERVICE_ACCOUNT = 777000
"""In its name Telegram copies the posts of a linked channel into a group."""
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})@([A-Za-z0-9_]{1,64})(?=\s|$)")
# What a person sends that is not text; service messages ("pinned a message") are not among these.
_MEDIA = frozenset(
    {
        "animation", "audio", "checklist", "contact", "dice", "document", "game", "live_photo", "location",
        "paid_media", "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice",
    }
)  # fmt: skip
# Any of these marks a forwarded message; all but the first are of Bot API servers before 7.0.
_ORIGINS = ("forward_origin", "forward_date", "forward_from", "forward_from_chat", "forward_sender_name")
_BY_BOTS = ("via_bot", "sender_business_bot")


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
        if sender is None or _id(chat.get("id")) is None or _is_nobodys(message):
            return None
        said = _said(message)
        text = clean(said, _TEXT_LIMIT)
        command = _COMMAND.match(text)
        not_own = _not_own(message)
        if chat.get("type") != "private":
            if command is None or command[2].lower() != (self._username or "").lower() or not_own:
                return None
            # Answered in private: a person's working time is nobody else's business.
            return self._incoming(IncomingKind.TEXT, sender, sender.account, message, _bare(text, command))
        if not _is_private(chat, sender) or (said is None and not _MEDIA & message.keys()):
            return None
        number, files, album = _id_text(message.get("message_id")), _files(message), _album(message, sender)
        if not_own:
            event = f"{album}:{not_own}" if album else ""
            found = self._incoming(IncomingKind.NOT_OWN, sender, sender.account, message, "", number, event)
            return replace(found, data=not_own)
        if said is None:
            # Known by its message, so that it is one part of the album however often it is delivered.
            event = f"{album}:{number}" if album and number else ""
            found = self._incoming(IncomingKind.UNREADABLE, sender, sender.account, message, "", number, event)
        else:
            words = _bare(text, command) if command else text
            found = self._incoming(IncomingKind.TEXT, sender, sender.account, message, words, number)
        return replace(found, album=album, files=files, reply_to=_replied(message))

    def edited(self, message: Mapping[str, Any]) -> Incoming | None:
        """Read a changed text of the private chat; a live location that moves is an edit too, and none of ours."""
        sender = _sender(message.get("from"))
        text = clean(_said(message), _TEXT_LIMIT)
        if sender is None or not _is_private(_object(message.get("chat")), sender) or not text or _not_own(message):
            return None
        when = {**message, "date": message.get("edit_date") or message.get("date")}
        number = _id_text(message.get("message_id"))
        return self._incoming(IncomingKind.EDITED, sender, sender.account, when, text, number)

    def press(self, query: Mapping[str, Any]) -> Incoming | None:
        """Read a press; the message may be too old to be told, or missing."""
        sender = _sender(query.get("from"))
        message = _object(query.get("message"))
        chat = _object(message.get("chat"))
        if sender is None or (chat and not _is_private(chat, sender)) or not isinstance(query.get("data"), str):
            return None
        # Dated by its arrival: the message's own date is that of our card.
        where = {"message_thread_id": message.get("message_thread_id")}
        number = _id_text(message.get("message_id"))
        found = self._incoming(IncomingKind.PRESS, sender, sender.account, where, "", number)
        return replace(found, data=clean(query["data"], _DATA_LIMIT))

    def member(self, change: Mapping[str, Any]) -> Incoming | None:
        """Read that the person stopped the bot. That they started it again is told by the /start that comes with it."""
        sender = _sender(change.get("from"))
        status = _object(change.get("new_chat_member")).get("status")
        if sender is None or not _is_private(_object(change.get("chat")), sender) or status != "kicked":
            return None
        return self._incoming(IncomingKind.BLOCKED, sender, sender.account, change, "")

    def _incoming(
        self,
        kind: IncomingKind,
        sender: Sender,
        conversation: str,
        dated: Mapping[str, Any],
        text: str,
        message: str = "",
        event_id: str = "",
    ) -> Incoming:
        is_private = _is_private(_object(dated.get("chat")), sender) if "chat" in dated else True
        return Incoming(
            channel=NAME,
            realm="",
            event_id=event_id or self._event_id,
            kind=kind,
            sender=sender,
            conversation=conversation,
            received_at=self._received_at,
            text=text,
            message=message,
            sent_at=_instant(dated.get("date")),
            # A topic of a group would mean nothing in the private chat, where it is answered.
            thread=_id_text(dated.get("message_thread_id")) if is_private else "",
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


def _said(message: Mapping[str, Any]) -> str | None:
    """Return the person's own words: a text, or those under a picture; what they quote is elsewhere in the message."""
    for name in ("text", "caption"):
        if isinstance(message.get(name), str) and message[name]:
            return str(message[name])
    return None


def _not_own(message: Mapping[str, Any]) -> str:
    """Say how words came that are not the sender's own, or not of this moment; nothing where they are.

    Whoever passes on "I am here", be it their own of yesterday, has not arrived, and whoever had it sent by itself at
    nine need not be there either.
    """
    if any(message.get(name) is not None for name in _ORIGINS):
        return FORWARDED
    if any(message.get(name) is not None for name in _BY_BOTS):
        return VIA_BOT
    return SCHEDULED if message.get("is_from_offline") is True else ""


def _is_nobodys(message: Mapping[str, Any]) -> bool:
    """Whether no person stands behind the sender: a post of a channel, or somebody who writes as a chat."""
    sender = _object(message.get("from")).get("id")
    return bool(message.get("is_automatic_forward")) or bool(message.get("sender_chat")) or sender == _SERVICE_ACCOUNT


def _is_private(chat: Mapping[str, Any], sender: Sender) -> bool:
    """Whether this is the person's own chat with the bot, which has the person's number."""
    return chat.get("type", "private") == "private" and _id_text(chat.get("id")) == sender.account


def _replied(message: Mapping[str, Any]) -> str:
    """Return the message of the chat that this one answers.

    What is written in a topic seems to answer the message with which the topic began.
    """
    number = _id_text(_object(message.get("reply_to_message")).get("message_id"))
    return "" if number == _id_text(message.get("message_thread_id")) else number


def _album(message: Mapping[str, Any], sender: Sender) -> str:
    group = message.get("media_group_id")
    return f"album:{sender.account}:{clean(group, _ALBUM_LIMIT)}" if isinstance(group, str) and group else ""


def _files(message: Mapping[str, Any]) -> tuple[IncomingFile, ...]:
    """Return the document or the picture of a message; of a picture the largest of its sizes, which comes last."""
    document = _object(message.get("document"))
    if document:
        return _file(document, clean(document.get("file_name"), _NAME_LIMIT), is_picture=False)
    sizes = message.get("photo")
    largest = _object(sizes[-1]) if isinstance(sizes, list) and sizes else {}
    return _file(largest, "", is_picture=True)


def _file(found: Mapping[str, Any], name: str, *, is_picture: bool) -> tuple[IncomingFile, ...]:
    reference, size = clean(found.get("file_id"), _FILE_ID_LIMIT), _id(found.get("file_size"))
    return (IncomingFile(reference, name, max(size or 0, 0), is_picture),) if reference else ()


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
