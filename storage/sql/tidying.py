"""Statements that delete what is of no more use, a page of a table at a time.

A page is found by its last key first, so that each statement touches a bounded number of rows, whatever is kept among
them; deleting very much at once would hold up whoever writes meanwhile.
"""

from typing import Any

from sqlalchemy import and_, delete, func, or_, select, tuple_

from storage.engines.statement import Statement, number, text_of, whole, word
from storage.schema import attachment, dialog, inbox, link, outbox, slot

_SLOT = (slot.c.channel, slot.c.realm, slot.c.conversation, slot.c.slot)


def _last_of_page(keys: Any, *conditions: Any) -> Any:
    """Return the key at which the page of so many rows ends; nothing where there is none."""
    page = select(*keys).where(*conditions).order_by(*keys).limit(number("size")).subquery("chosen_page")
    return select(*page.c).order_by(*(each.desc() for each in page.c)).limit(whole(1))


def _old(table: Any) -> Any:
    return _last_of_page([table.c.id], table.c.id > number("id"), table.c.id < number("before"))


def _drop(table: Any, *handled: str) -> Any:
    """Delete what is handled in the page, and what failed so long ago that nobody will try it again."""
    failed = and_(table.c.state == word("failed"), table.c.id < number("long_before"))
    states = or_(*(table.c.state == word(each) for each in handled), failed)
    return delete(table).where(table.c.id > number("id"), table.c.id <= number("to_id"), states)


OLD_INBOX = Statement("old inbox", lambda _: _old(inbox))
INBOX_PURGE = Statement("purge inbox", lambda _: _drop(inbox, "done"), many=True)
OLD_OUTBOX = Statement("old outbox", lambda _: _old(outbox))
OUTBOX_PURGE = Statement("purge outbox", lambda _: _drop(outbox, "sent", "dropped"), many=True)


def _after(prefix: str = "") -> Any:
    return tuple_(*(text_of(f"{prefix}{each.name}") for each in _SLOT))


SLOTS = Statement("slots", lambda _: _last_of_page(_SLOT, tuple_(*_SLOT) > _after()))
SLOT_PURGE = Statement(
    "purge slots",
    lambda _: delete(slot).where(
        tuple_(*_SLOT) > _after(), tuple_(*_SLOT) <= _after("to_"), slot.c.outbox_id < number("long_before")
    ),
    many=True,
)
"""Where messages were shown that nobody scrolls up to any more."""

ATTACHMENT_PURGE = Statement(
    "purge attachments",
    lambda _: delete(attachment).where(
        attachment.c.id.not_in(select(outbox.c.attachment_id).where(outbox.c.attachment_id.is_not(None)))
    ),
    many=True,
)
"""Files without a message: of messages that were dropped, and are gone."""
DROP_OLD_DIALOGS = Statement("drop old dialogs", lambda _: delete(dialog).where(dialog.c.expires_at < number("now")))
DROP_OLD_LINKS = Statement(
    "drop old links", lambda _: delete(link).where(func.coalesce(link.c.used_at, link.c.expires_at) < number("before"))
)
