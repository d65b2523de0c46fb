"""What came together: each update read, and what needs one answer for several of them."""

from collections.abc import Iterable
from datetime import datetime

from bot.channels.telegram.updates import to_incoming
from bot.messages import Incoming, IncomingKind

_ANSWERED_ONCE = frozenset({IncomingKind.NOT_OWN, IncomingKind.UNREADABLE})


def to_incomings(updates: Iterable[object], *, received_at: datetime, username: str | None) -> list[Incoming]:
    """Read updates that came together, in their order.

    Ten messages forwarded in one go are answered once, and ten stickers; files are kept each, for a form may wait for
    them: those of one album have one answer all the same.
    """
    found: list[Incoming] = []
    answered: set[tuple[str, str, str]] = set()
    for update in updates:
        incoming = to_incoming(update, received_at=received_at, username=username)
        if incoming is None:
            continue
        if incoming.kind in _ANSWERED_ONCE and not incoming.files:
            key = (incoming.conversation, f"{incoming.kind} {incoming.data}", incoming.album)
            if key in answered:
                continue
            answered.add(key)
        found.append(incoming)
    return found
