"""The list of people, by name, a page at a time by the key: one statement with accounts, department and lead."""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.sql import ColumnElement

from storage.engines.statement import Statement, flag, number, text_of, whole, word
from storage.schema import department, employee, employment, identity
from storage.sql.people import OF_PEOPLE, PERSON

_PORTAL = number("portal_id")


def _department_and_below() -> Any:
    own = select(department.c.id, department.c.key).where(
        department.c.portal_id == _PORTAL, department.c.id == number("department_id")
    )
    found = own.cte("chosen_below", recursive=True)
    other = department.alias("other_department")
    return found.union(
        select(other.c.id, other.c.key).where(
            other.c.portal_id == _PORTAL, other.c.parent_key == found.c.key, other.c.key != found.c.key
        )
    )


def _now(table: Any) -> list[ColumnElement[bool]]:
    """Tell that a stretch of employment covers the day."""
    return [
        table.c.portal_id == _PORTAL,
        table.c.since <= text_of("today"),
        or_(table.c.until.is_(None), table.c.until >= text_of("today")),
    ]


def _of_state() -> ColumnElement[bool]:
    state, own = text_of("state"), identity.alias("own")
    is_theirs = own.c.employee_id == employee.c.id
    linked = select(own.c.account).where(is_theirs, own.c.channel == text_of("invites"))
    lost = select(own.c.account).where(is_theirs, own.c.is_reachable == flag("is_lost"))
    is_active = employee.c.is_disabled == flag("is_lost")
    return or_(
        state == word("all"),
        and_(state == word("active"), is_active),
        and_(state == word("disabled"), employee.c.is_disabled != flag("is_lost")),
        and_(state == word("unlinked"), is_active, ~linked.exists()),
        and_(state == word("unreached"), is_active, lost.exists()),
    )


def _list(_: Any) -> Any:
    below, there = _department_and_below(), employment.alias("there")
    works_there = select(there.c.id).where(
        there.c.employee_id == employee.c.id, *_now(there), there.c.department_id.in_(select(below.c.id))
    )
    named = [employee.c.name.like(text_of(each), escape="/") for each in ("said", "in_small", "in_large")]
    page = (
        select(employee.c.id)
        .where(
            employee.c.portal_id == _PORTAL,
            or_(*named),
            or_(text_of("role") == word(""), employee.c.role == text_of("role")),
            or_(number("department_id") == whole(0), works_there.exists()),
            _of_state(),
            or_(
                employee.c.name > text_of("after_name"),
                and_(employee.c.name == text_of("after_name"), employee.c.id > number("after_id")),
            ),
        )
        .order_by(employee.c.name, employee.c.id)
        .limit(number("size"))
    )
    place, lead = employment.alias("place"), employee.alias("lead")
    where = (
        select(department.c.name)
        .select_from(place.join(department, department.c.id == place.c.department_id))
        .where(place.c.employee_id == employee.c.id, *_now(place))
        .order_by(place.c.since.desc())
        .limit(whole(1))
        .scalar_subquery()
    )
    led_by = select(lead.c.name).where(lead.c.id == employee.c.lead_id).scalar_subquery()
    found = select(*OF_PEOPLE, where, led_by).select_from(PERSON).where(employee.c.id.in_(page))
    return found.order_by(employee.c.name, employee.c.id, OF_PEOPLE[-1].table.c.channel)


PEOPLE_LIST = Statement("list of people", _list)
