"""Statements about absences."""

from sqlalchemy import delete, select, update

from storage.schema import absence
from storage.statement import Statement, number, text_of

ADD_ABSENCE = Statement("add absence", lambda insert: insert(absence), rank=69)
ABSENCES_OF = Statement(
    "absences of a person",
    lambda _: (
        select(*absence.c)
        .where(
            absence.c.portal_id == number("portal_id"),
            absence.c.employee_id == number("employee_id"),
            absence.c.first <= text_of("last"),
            absence.c.last >= text_of("first"),
        )
        .order_by(absence.c.first, absence.c.id)
    ),
)
ABSENCES_OF_DAY = Statement(
    "absences of a day",
    lambda _: (
        select(*absence.c)
        .where(
            absence.c.portal_id == number("portal_id"),
            absence.c.first <= text_of("day"),
            absence.c.last >= text_of("day"),
        )
        .order_by(absence.c.first, absence.c.id)
    ),
)
ABSENCES_BETWEEN = Statement(
    "absences between days",
    lambda _: (
        select(*absence.c)
        .where(
            absence.c.portal_id == number("portal_id"),
            absence.c.first <= text_of("last"),
            absence.c.last >= text_of("first"),
        )
        .order_by(absence.c.first, absence.c.id)
    ),
)
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
