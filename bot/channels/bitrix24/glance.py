"""A delivered message at a glance: what must be known before it is stored, read from its bytes without taking it apart.

Most of what a portal delivers is one kind of event, always written in one way. Of those the door needs seven values;
the rest is stored as it came, without what nobody may read there, and is taken apart when its turn comes. Whatever
looks any different is read whole at the door.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from bot.channels.bitrix24.bot import NAMES
from bot.channels.bitrix24.events import Event, UnreadableEvent, to_incoming
from bot.channels.bitrix24.forms import MAX_FIELDS, parse_form
from bot.messages import Incoming, Unread

_BEGIN = re.compile(rb"event=ONIMBOTV2MESSAGEADD&data%5Bbot%5D%5Bid%5D=([1-9][0-9]{0,17})&")
_WORDS_OF_PEOPLE = b"&data%5Bmessage%5D%5BisSystem%5D=0&"
_END = re.compile(rb"&ts=([1-9][0-9]{0,9})((?:&auth%5B[^&]*)+)")
"""The time, followed by what the portal proves itself with, and by nothing else."""
_TOKEN = re.compile(rb"&auth%5Bapplication_token%5D=([^&%]+)")
_MEMBER = re.compile(rb"&auth%5Bmember_id%5D=([^&]*)")
_OF_BOT = b"&data%5Bbot%5D%5Bauth%5D%5B"
_NUMBER = re.compile(rb"([1-9][0-9]{0,17})(?:&|$)")
_DATA = b"&data%5B"
_CALENDAR = 1 << 33
"""Epoch seconds that no calendar of ours reaches."""


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
    begin, at = _BEGIN.match(body), body.rfind(b"&ts=")
    end = _END.fullmatch(body, at) if begin is not None and at > 0 and body.isascii() else None
    if begin is None or end is None or _WORDS_OF_PEOPLE not in body or body.count(b"&") >= MAX_FIELDS:
        return None
    if b"[" in body or b"]" in body or b"\0" in body or b"context" in body:
        return None  # what the portal writes in another way, or not at all, in such an event
    tokens, member = _TOKEN.findall(end[2]), _MEMBER.search(end[2])
    rest = _without(body[:at] + b"&ts=" + end[1], _OF_BOT)
    if end[2].count(b"application_token") != 1 or not tokens or (member is not None and b"%" in member[1]):
        return None
    if b"token" in rest or b"auth%5" in rest or tokens[0] in rest:
        return None  # a secret where none is known to be; or somebody writes about tokens
    message, author = _own(rest, b"message%5D%5Bid%5D="), _own(rest, b"message%5D%5BauthorId%5D=")
    user = _own(rest, b"user%5D%5Bid%5D=")
    if not (message and author and user and int(end[1]) < _CALENDAR) or author == begin[1]:
        return None
    moment = datetime.fromtimestamp(int(end[1]), UTC)
    name = "" if member is None else member[1].decode()
    return Glance(int(begin[1]), message.decode(), user.decode(), moment, tokens[0].decode(), name, rest.decode())


def _own(body: bytes, name: bytes) -> bytes:
    """Return the number in the first field of that name, if it is one of the event's data; else nothing."""
    found = body.find(name)  # without what all names begin with, which takes long to search
    if found < 0 or not body.endswith(_DATA, 0, found):
        return b""
    number = _NUMBER.match(body, found + len(name))
    return b"" if number is None else number[1]


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
