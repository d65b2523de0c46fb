"""Statements about confirmed and closed periods, approved overtime, what was told, and calendar links."""

from typing import Any

from sqlalchemy import delete, select, update

from bot.ports import NEVER_FORGOTTEN
from storage.engines.statement import Statement, excluded, number, text_of, word
from storage.schema import closing, confirmation, feed, overtime, portal, reminder

CONFIRMATIONS = Statement(
    "confirmations",
    lambda _: (
        select(*confirmation.c)
        .where(
            confirmation.c.portal_id == number("portal_id"),
            confirmation.c.first <= text_of("last"),
            confirmation.c.last >= text_of("first"),
        )
        .order_by(confirmation.c.first, confirmation.c.last, confirmation.c.employee_id)
    ),
)
CLOSINGS = Statement(
    "closings",
    lambda _: select(*closing.c).where(closing.c.portal_id == number("portal_id")).order_by(closing.c.id),
)
OVERTIMES = Statement(
    "approved overtime",
    lambda _: (
        select(*overtime.c)
        .where(
            overtime.c.portal_id == number("portal_id"),
            overtime.c.day >= text_of("first"),
            overtime.c.day <= text_of("last"),
        )
        .order_by(overtime.c.day, overtime.c.id)
    ),
)
TOLD_SINCE = Statement(
    "what was told",
    lambda _: (
        select(*reminder.c)
        .where(reminder.c.portal_id == number("portal_id"), reminder.c.at >= number("since"))
        .order_by(reminder.c.at)
    ),
)
TOLD_TO = Statement(
    "what a person was told",
    lambda _: (
        select(*reminder.c)
        .where(
            reminder.c.portal_id == number("portal_id"),
            reminder.c.employee_id == number("employee_id"),
            reminder.c.kind == text_of("kind"),
        )
        .order_by(reminder.c.at)
    ),
)
TOLD_OF_KIND = Statement(
    "who was told something",
    lambda _: select(reminder.c.employee_id).where(
        reminder.c.portal_id == number("portal_id"), reminder.c.kind == text_of("kind")
    ),
)
FEED = Statement(
    "calendar link",
    lambda _: select(*feed.c).where(feed.c.token_hash == text_of("token_hash"), feed.c.revoked_at.is_(None)),
)

FEED_OF = Statement(
    "calendar link of a person",
    lambda _: (
        select(*feed.c)
        .where(
            feed.c.portal_id == number("portal_id"),
            feed.c.employee_id == number("employee_id"),
            feed.c.revoked_at.is_(None),
        )
        .order_by(feed.c.created_at.desc())
    ),
)


def _put_confirmation(insert: Any) -> Any:
    statement = insert(confirmation)
    key = ["portal_id", "employee_id", "first", "last"]
    return statement.on_conflict_do_update(index_elements=key, set_=excluded(statement, *key))


def _put_closing(insert: Any) -> Any:
    statement = insert(closing)
    names = ("reopened_by", "reopened_at", "reason")
    return statement.on_conflict_do_update(
        index_elements=["id"], set_={name: statement.excluded[name] for name in names}
    )


PUT_CONFIRMATION = Statement("put confirmation", _put_confirmation, rank=52, lock="employee_id")
PUT_CLOSING = Statement("put closing", _put_closing, rank=53, lock="id")
# One by one, closings before what rests on open days: of those in one group that saw the same state, the first closes.
LOCKED = Statement(
    "a period is closed",
    lambda _: (
        update(portal)
        .where(portal.c.id == number("the_id"), portal.c.lock_version == number("seen"))
        .values(lock_version=portal.c.lock_version + 1)
    ),
    rank=12,
    lock="the_id",
    many=True,
)
STILL_OPEN = Statement(
    "nothing was closed",
    lambda _: (
        update(portal)
        .where(portal.c.id == number("the_id"), portal.c.lock_version == number("seen"))
        .values(lock_version=portal.c.lock_version)
    ),
    rank=13,
    lock="the_id",
    many=True,
)
ADD_OVERTIME = Statement("add overtime", lambda insert: insert(overtime), rank=54)
DROP_TOLD = Statement(
    "drop what was told",
    lambda _: delete(reminder).where(
        reminder.c.portal_id == number("the_portal_id"),
        reminder.c.at < number("the_before"),
        reminder.c.kind.not_in([word(each) for each in NEVER_FORGOTTEN]),
    ),
    rank=54,
    many=True,
)
ADD_TOLD = Statement("add what was told", lambda insert: insert(reminder), rank=55, lock="employee_id")
REVOKE_FEEDS = Statement(
    "revoke calendar links",
    lambda _: (
        update(feed)
        .where(
            feed.c.portal_id == number("the_portal_id"),
            feed.c.employee_id == number("the_employee_id"),
            feed.c.revoked_at.is_(None),
        )
        .values(revoked_at=number("revoked_at"))
    ),
    rank=56,
    many=True,
)
ADD_FEED = Statement("add calendar link", lambda insert: insert(feed), rank=57)
