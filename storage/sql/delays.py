"""Statements about what people said of coming later."""

from typing import Any

from sqlalchemy import delete, select

from storage.engines.statement import Statement, excluded, number, text_of
from storage.schema import delay

DELAYS_SINCE = Statement(
    "delays",
    lambda _: (
        select(*delay.c)
        .where(delay.c.portal_id == number("portal_id"), delay.c.day >= text_of("first"))
        .order_by(delay.c.day, delay.c.employee_id)
    ),
)
DROP_DELAYS = Statement(
    "drop delays",
    lambda _: delete(delay).where(delay.c.portal_id == number("the_portal_id"), delay.c.day < text_of("the_first")),
    rank=56,
    many=True,
)


def _put(insert: Any) -> Any:
    statement = insert(delay)
    changed = excluded(statement, "portal_id", "employee_id", "day")
    return statement.on_conflict_do_update(index_elements=["portal_id", "employee_id", "day"], set_=changed)


PUT_DELAY = Statement("put delay", _put, rank=57, lock="employee_id")
