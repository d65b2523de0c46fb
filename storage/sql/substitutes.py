"""Statements about who stands in for whom."""

from typing import Any

from sqlalchemy import delete, or_, select

from storage.engines.statement import Statement, excluded, number, text_of
from storage.schema import substitute

SUBSTITUTES = Statement(
    "substitutes",
    lambda _: (
        select(*substitute.c)
        .where(
            substitute.c.portal_id == number("portal_id"),
            or_(substitute.c.last_day.is_(None), substitute.c.last_day >= text_of("day")),
        )
        .order_by(substitute.c.id)
    ),
)
DROP_SUBSTITUTE = Statement(
    "drop substitute",
    lambda _: delete(substitute).where(
        substitute.c.portal_id == number("the_portal_id"), substitute.c.id == number("the_id")
    ),
    rank=62,
    lock="the_id",
    many=True,
)


def _put_substitute(insert: Any) -> Any:
    statement = insert(substitute)
    return statement.on_conflict_do_update(index_elements=["id"], set_=excluded(statement, "id"))


PUT_SUBSTITUTE = Statement("put substitute", _put_substitute, rank=63, lock="id")
