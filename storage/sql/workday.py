"""Statements about the punch log and the sessions derived from it.

A window of the log begins at `since`, or where the session began that was still open then. Sessions of a person do
not overlap, so only the last that began before `since` can be that one: one probe of an index, however long the log.
"""

from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.sql import ColumnElement

from storage.engines.statement import Statement, excluded, number, text_of
from storage.schema import identity, punch, work_session


def _begin(portal_id: Any, employee_id: Any) -> ColumnElement[int]:
    """Return where the window begins."""
    open_then, earlier = work_session.alias("open_then"), work_session.alias("earlier")
    last = (
        select(func.max(earlier.c.started_at))
        .where(
            earlier.c.portal_id == portal_id,
            earlier.c.employee_id == employee_id,
            earlier.c.started_at < number("since"),
        )
        .correlate_except(earlier)
        .scalar_subquery()
    )
    start = (
        select(func.min(open_then.c.started_at))
        .where(
            open_then.c.portal_id == portal_id,
            open_then.c.employee_id == employee_id,
            open_then.c.started_at == last,
            or_(open_then.c.ended_at.is_(None), open_then.c.ended_at >= number("since")),
        )
        .correlate_except(open_then)
        .scalar_subquery()
    )
    return func.coalesce(start, number("since"))


def _window(table: Any, instant: Any, *, by_identity: bool) -> Any:
    """Return the rows of a window, of the person with an id or of the one whose account it is."""
    if not by_identity:
        portal_id, employee_id = number("portal_id"), number("employee_id")
        return (
            select(*table.c)
            .where(
                table.c.portal_id == portal_id,
                table.c.employee_id == employee_id,
                instant >= _begin(portal_id, employee_id),
            )
            .order_by(instant, table.c.id)
        )
    join = identity.join(
        table, (table.c.portal_id == identity.c.portal_id) & (table.c.employee_id == identity.c.employee_id)
    )
    return (
        select(*table.c)
        .select_from(join)
        .where(
            identity.c.channel == text_of("channel"),
            identity.c.realm == text_of("realm"),
            identity.c.account == text_of("account"),
            instant >= _begin(identity.c.portal_id, identity.c.employee_id),
        )
        .order_by(instant, table.c.id)
    )


LOG_PUNCHES = Statement("punches of a window", lambda _: _window(punch, punch.c.at, by_identity=False), rank=1)
LOG_SESSIONS = Statement(
    "sessions of a window", lambda _: _window(work_session, work_session.c.started_at, by_identity=False), rank=1
)
TURN_PUNCHES = Statement("punches of a turn", lambda _: _window(punch, punch.c.at, by_identity=True), rank=1)
TURN_SESSIONS = Statement(
    "sessions of a turn", lambda _: _window(work_session, work_session.c.started_at, by_identity=True), rank=1
)
SESSIONS_OF_DATES = Statement(
    "sessions of dates",
    lambda _: (
        select(*work_session.c)
        .where(
            work_session.c.portal_id == number("portal_id"),
            work_session.c.employee_id == number("employee_id"),
            work_session.c.work_date >= text_of("first"),
            work_session.c.work_date <= text_of("last"),
        )
        .order_by(work_session.c.started_at)
    ),
)

ADD_PUNCH = Statement("add punch", lambda insert: insert(punch), rank=40)
REMOVE_SESSION = Statement(
    "remove session",
    lambda _: delete(work_session).where(
        work_session.c.id == number("the_id"), work_session.c.portal_id == number("the_portal_id")
    ),
    rank=50,
)


def _put_session(insert: Any) -> Any:
    statement = insert(work_session)
    changed = excluded(statement, "id", "portal_id", "employee_id")
    return statement.on_conflict_do_update(index_elements=["id"], set_=changed)


PUT_SESSION = Statement("put session", _put_session, rank=51)
SESSIONS_OF_PEOPLE = Statement(
    "sessions of many",
    lambda _: (
        select(*work_session.c)
        .where(
            work_session.c.portal_id == number("portal_id"),
            work_session.c.work_date >= text_of("first"),
            work_session.c.work_date <= text_of("last"),
        )
        .order_by(work_session.c.employee_id, work_session.c.started_at)
    ),
)
