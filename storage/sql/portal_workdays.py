"""Statements about the portal's own working days."""

from typing import Any

from sqlalchemy import bindparam, select

from storage.engines.statement import Statement, excluded, number
from storage.schema import portal_workday

FOLLOWED_DAY = Statement(
    "followed day",
    lambda _: select(*portal_workday.c).where(
        portal_workday.c.portal_id == number("portal_id"), portal_workday.c.employee_id == number("employee_id")
    ),
)
FOLLOWED_DAYS = Statement(
    "followed days",
    lambda _: (
        select(*portal_workday.c)
        .where(portal_workday.c.portal_id == number("portal_id"))
        .order_by(portal_workday.c.employee_id)
    ),
)


def _put(insert: Any) -> Any:
    """Insert a first row, or replace the one that was read: another one in between is somebody else's."""
    statement = insert(portal_workday).values({each.name: bindparam(each.name, type_=each.type) for each in _COLUMNS})
    return statement.on_conflict_do_update(
        index_elements=["employee_id"],
        set_=excluded(statement, "employee_id", "portal_id"),
        where=portal_workday.c.version == number("former"),
    )


_COLUMNS = tuple(portal_workday.c)
PUT_FOLLOWED_DAY = Statement("put followed day", _put, rank=58, many=True)
