"""Statements that delete what is of no more use, a page of a table at a time.

A page is found by its last key first, so that each statement touches a bounded number of rows, whatever is kept among
them; deleting very much at once would hold up whoever writes meanwhile.
"""

from typing import Any

from sqlalchemy import BigInteger, and_, delete, func, or_, select, text, tuple_, update

from storage.engines.statement import Statement, number, text_of, whole, word
from storage.schema import (
    account_message,
    attachment,
    automation_rule,
    dialog,
    errand,
    inbox,
    link,
    object_request,
    outbox,
    routed_request,
    slot,
)

_SLOT = (slot.c.channel, slot.c.realm, slot.c.conversation, slot.c.slot)
_MESSAGE = (account_message.c.channel, account_message.c.conversation, account_message.c.message)
_TIE = (object_request.c.portal_id, object_request.c.object, object_request.c.request_id)
_OF_REQUEST = "request:"


def last_of_page(keys: Any, *conditions: Any) -> Any:
    """Return the key at which the page of so many rows ends; nothing where there is none."""
    page = select(*keys).where(*conditions).order_by(*keys).limit(number("size")).subquery("chosen_page")
    return select(*page.c).order_by(*(each.desc() for each in page.c)).limit(whole(1))


def _old(table: Any) -> Any:
    return last_of_page([table.c.id], table.c.id > number("id"), table.c.id < number("before"))


def _drop(table: Any, *handled: str) -> Any:
    """Delete what is handled in the page, and what failed so long ago that nobody will try it again."""
    failed = and_(table.c.state == word("failed"), table.c.id < number("long_before"))
    states = or_(*(table.c.state == word(each) for each in handled), failed)
    return delete(table).where(table.c.id > number("id"), table.c.id <= number("to_id"), states)


OLD_INBOX = Statement("old inbox", lambda _: _old(inbox))
INBOX_PURGE = Statement("purge inbox", lambda _: _drop(inbox, "done"), many=True)
OLD_OUTBOX = Statement("old outbox", lambda _: _old(outbox))
OUTBOX_PURGE = Statement("purge outbox", lambda _: _drop(outbox, "sent", "dropped"), many=True)


def _place(keys: Any, prefix: str = "") -> Any:
    kinds = (number if isinstance(each.type, BigInteger) else text_of for each in keys)
    return tuple_(*(kind(f"{prefix}{each.name}") for kind, each in zip(kinds, keys, strict=True)))


def _page(keys: Any) -> Any:
    return last_of_page(keys, tuple_(*keys) > _place(keys))


def _in_page(keys: Any) -> tuple[Any, Any]:
    return tuple_(*keys) > _place(keys), tuple_(*keys) <= _place(keys, "to_")


SLOTS = Statement("slots", lambda _: _page(_SLOT))
SLOT_PURGE = Statement(
    "purge slots",
    lambda _: delete(slot).where(*_in_page(_SLOT), slot.c.outbox_id < number("long_before")),
    many=True,
)
"""Where messages were shown that nobody scrolls up to any more."""
COMPANY_MESSAGES = Statement("messages of further companies", lambda _: _page(_MESSAGE))
COMPANY_MESSAGE_PURGE = Statement(
    "purge messages of further companies",
    lambda _: delete(account_message).where(*_in_page(_MESSAGE), account_message.c.noted_at < number("long_before")),
    many=True,
)
"""Whose a press under them is; nobody scrolls up to them any more."""
TIES = Statement("objects of requests", lambda _: _page(_TIE))
TIE_PURGE = Statement(
    "purge objects of requests",
    lambda _: delete(object_request).where(*_in_page(_TIE), object_request.c.request_id < number("long_before")),
    many=True,
)
"""What was made for requests of long ago: what becomes of it is no news to anybody."""


def _errands(_: Any) -> Any:
    """Delete what ended, and what failed or was offered so long ago that nobody decides about it any more.

    Not what came of a request: its card and its record say what followed, for as long as there is a request.
    """
    over = and_(or_(*(errand.c.state == word(each) for each in ("done", "left"))), errand.c.ended_at < number("ended"))
    stale = or_(*(errand.c.state == word(each) for each in ("failed", "offered")))
    is_free = func.substr(errand.c.cause, whole(1), whole(len(_OF_REQUEST))) != word(_OF_REQUEST)
    return delete(errand).where(
        errand.c.id > number("id"),
        errand.c.id <= number("to_id"),
        or_(over, and_(stale, errand.c.id < number("long_before"))),
        is_free,
    )


OLD_ERRANDS = Statement("old errands", lambda _: _old(errand))
ERRAND_PURGE = Statement("purge errands", _errands, many=True)
_STALE = errand.c.state.in_([word("failed"), word("offered")])
STALE_ERRANDS = Statement(
    "stale errands of requests",
    lambda _: select(errand.c.id, errand.c.form, errand.c.reason).where(
        errand.c.id > number("id"),
        errand.c.id <= number("to_id"),
        _STALE,
        func.substr(errand.c.cause, whole(1), whole(len(_OF_REQUEST))) == word(_OF_REQUEST),
    ),
)
ERRAND_BLANK = Statement(
    "blank errand",
    lambda _: (
        update(errand)
        .where(errand.c.id == number("the_id"), _STALE)
        .values(form=text_of("form"), state=word("left"), reason=text_of("reason"), version=errand.c.version + 1)
    ),
    rank=107,
    many=True,
)
"""What was to be written, and will not be: it is left, without the words of people."""


def _gone_rules(_: Any) -> Any:
    """Delete rules that were deleted long ago, unless a request that runs still may have been asked for by them."""
    runs = select(routed_request.c.id).where(
        routed_request.c.portal_id == automation_rule.c.portal_id,
        text("routed_request.state IN ('pending', 'rework')"),
        routed_request.c.about.is_not(None),
        routed_request.c.started_at <= automation_rule.c.changed_at,
    )
    return delete(automation_rule).where(
        text("automation_rule.state = 'gone'"),
        automation_rule.c.changed_at < number("before"),
        ~runs.correlate(automation_rule).exists(),
    )


DROP_GONE_RULES = Statement("drop rules that were deleted", _gone_rules, many=True)

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
