"""A delivered message at a glance: what must be known before it is stored, read from its bytes without taking it apart.

Most of what a portal delivers is one kind of event, always written in one way. Of those the door needs seven values;
the rest is stored as it came, without what nobody may read there, and is taken apart when its turn comes. Whatever
looks any different is read whole at the door.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from bot.channels.bitrix24.bot import NAMES
from bot.channels.bitrix24.events import Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.forms import MAX_FIELDS, parse_form
from bot.messages import Incoming, Unread

_BEGIN = b"event=ONIMBOTV2MESSAGEADD&data%5Bbot%5D%5Bid%5D="
_OTHERWISE = (b"[", b"]", b"%5Bcontext", b"\0")
"""What the portal writes in another way, or not at all, in such an event."""
_DIGITS = 18
_END = 1 << 33
"""Epoch seconds that no calendar of ours reaches."""
_WORDS_OF_PEOPLE = b"&data%5Bmessage%5D%5BisSystem%5D=0&"
_TOKEN = b"&auth%5Bapplication_token%5D="
_TAIL = b"&auth%5B"
_OF_BOT = b"&data%5Bbot%5D%5Bauth%5D%5B"
_DATA = b"&data%5B"


class Glance(NamedTuple):
    """What a delivered message shows at a glance."""

    bot_id: int
    message: str
    account: str
    at: datetime
    token: str
    member: str
    rest: str
    """The form without anything by which somebody could act for the portal or the bot."""


def glance(body: bytes) -> Glance | None:
    """Return what such a body shows; None where it must be read whole."""
    if not body.startswith(_BEGIN) or _WORDS_OF_PEOPLE not in body or not body.isascii():
        return None
    if any(each in body for each in _OTHERWISE) or body.count(b"&") >= MAX_FIELDS:
        return None
    # The time is followed by what the portal proves itself with, and by nothing else.
    at = body.rfind(b"&ts=")
    end = body.find(b"&", at + 1)
    tail = body[end:]
    if at < 0 or end < 0 or tail.count(b"&") != tail.count(_TAIL) or tail.count(_TOKEN) != 1:
        return None
    token, member = _value(tail, _TOKEN), _value(tail, b"&auth%5Bmember_id%5D=")
    rest = _without(body[:end], _OF_BOT)
    if not token or b"token" in rest or b"auth%5" in rest or token in rest or b"%" in token + member:
        return None  # a secret where none is known to be, or an odd one; or somebody writes about tokens
    seconds, bot = _number(body[at + 4 : end]), _number(body[len(_BEGIN) : body.find(b"&", len(_BEGIN))])
    message, author = _own(rest, b"message%5D%5Bid%5D="), _own(rest, b"message%5D%5BauthorId%5D=")
    user = _own(rest, b"user%5D%5Bid%5D=")
    if not (bot and message and author and user and 0 < seconds < _END) or author == bot:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return Glance(bot, str(message), str(user), moment, token.decode(), member.decode(), rest.decode())


def _value(body: bytes, name: bytes) -> bytes:
    """Return the value of the first field of that name, as it is written; nothing where there is none."""
    found = body.find(name)
    if found < 0:
        return b""
    start = found + len(name)
    end = body.find(b"&", start)
    return body[start:] if end < 0 else body[start:end]


def _number(value: bytes) -> int:
    """Return a number; 0 for whatever is written otherwise than a number is."""
    return int(value) if value.isdigit() and len(value) <= _DIGITS and value[:1] != b"0" else 0


def _own(body: bytes, name: bytes) -> int:
    """Return the number in the first field of that name, if it is one of the event's data; else 0."""
    found = body.find(name)  # without what all names begin with, which takes long to search
    if not body.endswith(_DATA, 0, max(found, 0)):
        return 0
    start = found + len(name)
    end = body.find(b"&", start)
    return _number(body[start:] if end < 0 else body[start:end])


def _without(body: bytes, begin: bytes) -> bytes:
    """Return the form without the fields whose names begin so, which stand together before the message."""
    start = body.find(begin)
    if start < 0:
        return body
    end = body.find(b"&data%5Bmessage", start)
    block = body[start:end] if end > 0 else b""
    return body[:start] + body[end:] if block.count(b"&") == block.count(begin) > 0 else body


def event_id(seen: Glance) -> str:
    """Return the id by which a message is known, whichever way it is read."""
    return f"m:{seen.message}"


def taken_apart(unread: Unread) -> Incoming | None:
    """Return what was stored as it came; UnreadableEvent or BadBody where that says nothing, or not what it seemed."""
    event = Event.delivered(parse_form(unread.body))
    names = tuple(NAMES.values())
    found = to_incoming(event, realm=unread.realm, received_at=unread.received_at, names=names)
    if found is not None and (found.event_id, found.sender.account) != (unread.event_id, unread.account):
        raise UnreadableEvent("another event than it seemed")
    return found
