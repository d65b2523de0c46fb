"""Statements about absences."""

from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update

from storage.engines.statement import Statement, number, text_of
from storage.schema import absence

ADD_ABSENCE = Statement("add absence", lambda insert: insert(absence), rank=69)


def _touching(first: str, last: str, *whose: ColumnElement[bool]) -> Select[Any]:
    """Select the absences of a portal that touch the days between two parameters, both included."""
    return (
        select(*absence.c)
        .where(
            absence.c.portal_id == number("portal_id"),
            *whose,
            absence.c.first <= text_of(last),
            absence.c.last >= text_of(first),
        )
        .order_by(absence.c.first, absence.c.id)
    )


ABSENCES_OF = Statement(
    "absences of a person", lambda _: _touching("first", "last", absence.c.employee_id == number("employee_id"))
)
ABSENCE_BY_ID = Statement(
    "absence by id",
    lambda _: select(*absence.c).where(
        absence.c.id == number("absence_id"), absence.c.portal_id == number("portal_id")
    ),
)
ABSENCES_OF_DAY = Statement("absences of a day", lambda _: _touching("day", "day"))
ABSENCES_BETWEEN = Statement("absences between days", lambda _: _touching("first", "last"))
PUT_ABSENCE = Statement(
    "put absence",
    lambda _: (
        update(absence)
        .where(absence.c.id == number("the_id"), absence.c.portal_id == number("the_portal_id"))
        .values(first=text_of("first"), last=text_of("last"))
    ),
    rank=70,
    lock="the_id",
    key="the_id",
)
REMOVE_ABSENCE = Statement(
    "remove absence",
    lambda _: delete(absence).where(absence.c.id == number("the_id"), absence.c.portal_id == number("the_portal_id")),
    rank=71,
    lock="the_id",
    key="the_id",
)
