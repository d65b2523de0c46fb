"""What came together: each update read, and what needs one answer for several of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.channels.telegram.updates import to_incoming
from bot.messages import Incoming, IncomingKind

_ANSWERED_ONCE = frozenset({IncomingKind.NOT_OWN, IncomingKind.UNREADABLE})


def to_incomings(updates: Iterable[object], *, received_at: datetime, username: str | None) -> list[Incoming]:
    """Read updates that came together, in their order.

    Ten messages forwarded in one go are answered once. Words under one picture of an album are told of beside them,
    so that its other pictures, which may have come before or come later, are not answered as if nothing were said.
    """
    found: list[Incoming] = []
    answered: set[tuple[str, str, str]] = set()
    for update in updates:
        incoming = to_incoming(update, received_at=received_at, username=username)
        if incoming is None:
            continue
        if incoming.kind in _ANSWERED_ONCE and all(each.is_picture for each in incoming.files):
            key = (incoming.conversation, f"{incoming.kind} {incoming.data}", incoming.album)
            if key in answered:
                continue
            answered.add(key)
        found.append(incoming)
        if incoming.album and incoming.kind is IncomingKind.TEXT:
            found.append(replace(incoming, kind=IncomingKind.PART, event_id=incoming.album_words, text=""))
    return found
