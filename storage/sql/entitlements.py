"""Statements about days of leave that people are entitled to."""

from typing import Any

from sqlalchemy import delete, select

from storage.engines.statement import Statement, excluded, number, text_of
from storage.schema import entitlement, opening

ENTITLEMENTS = Statement(
    "entitlements",
    lambda _: (
        select(*entitlement.c)
        .where(entitlement.c.portal_id == number("portal_id"))
        .order_by(entitlement.c.kind, entitlement.c.employee_id, entitlement.c.since)
    ),
)
OPENINGS = Statement(
    "openings",
    lambda _: (
        select(*opening.c)
        .where(opening.c.portal_id == number("portal_id"), opening.c.employee_id == number("employee_id"))
        .order_by(opening.c.kind, opening.c.day)
    ),
)
OPENINGS_OF_PORTAL = Statement(
    "openings of portal",
    lambda _: (
        select(*opening.c)
        .where(opening.c.portal_id == number("portal_id"), opening.c.kind == text_of("kind"))
        .order_by(opening.c.day, opening.c.employee_id)
    ),
)
DROP_ENTITLEMENTS = Statement(
    "drop entitlements",
    lambda _: delete(entitlement).where(
        entitlement.c.portal_id == number("the_portal_id"),
        entitlement.c.employee_id == number("the_employee_id"),
        entitlement.c.kind == text_of("the_kind"),
    ),
    rank=58,
    many=True,
)


def _put_entitlement(insert: Any) -> Any:
    key = ["portal_id", "employee_id", "kind", "since"]
    statement = insert(entitlement)
    return statement.on_conflict_do_update(index_elements=key, set_=excluded(statement, *key))


def _put_opening(insert: Any) -> Any:
    key = ["portal_id", "employee_id", "kind", "day"]
    statement = insert(opening)
    return statement.on_conflict_do_update(index_elements=key, set_=excluded(statement, *key))


PUT_ENTITLEMENT = Statement("put entitlement", _put_entitlement, rank=59, lock="employee_id")
PUT_OPENING = Statement("put opening", _put_opening, rank=60, lock="employee_id")
