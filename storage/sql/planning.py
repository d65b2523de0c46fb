"""Statements about departments, employments, schedules and named dates."""

from typing import Any

from sqlalchemy import and_, delete, or_, select

from storage.engines.statement import Statement, excluded, number, text_of, word
from storage.schema import calendar_day, department, employment, planned_date, schedule

DEPARTMENTS = Statement(
    "departments",
    lambda _: (
        select(*department.c)
        .where(department.c.portal_id == number("portal_id"))
        .order_by(department.c.name, department.c.id)
    ),
)
EMPLOYMENTS = Statement(
    "employments",
    lambda _: (
        select(*employment.c)
        .where(employment.c.portal_id == number("portal_id"))
        .order_by(employment.c.since, employment.c.id)
    ),
)
EMPLOYMENTS_OF = Statement(
    "employments of a person",
    lambda _: (
        select(*employment.c)
        .where(employment.c.portal_id == number("portal_id"), employment.c.employee_id == number("employee_id"))
        .order_by(employment.c.since, employment.c.id)
    ),
)
ASSIGNMENTS = Statement(
    "schedules",
    lambda _: (
        select(*schedule.c).where(schedule.c.portal_id == number("portal_id")).order_by(schedule.c.since, schedule.c.id)
    ),
)
ASSIGNMENTS_FOR = Statement(
    "schedules for a person",
    lambda _: (
        select(*schedule.c)
        .where(
            schedule.c.portal_id == number("portal_id"),
            or_(
                and_(schedule.c.scope == word("person"), schedule.c.target_id == number("employee_id")),
                schedule.c.scope.in_([word("department"), word("portal")]),
            ),
        )
        .order_by(schedule.c.since, schedule.c.id)
    ),
)


def _dates(*conditions: Any) -> Any:
    return (
        select(*planned_date.c)
        .where(
            planned_date.c.portal_id == number("portal_id"),
            planned_date.c.day >= text_of("first"),
            planned_date.c.day <= text_of("last"),
            *conditions,
        )
        .order_by(planned_date.c.day, planned_date.c.employee_id)
    )


DATES = Statement("planned dates", lambda _: _dates())
DATES_OF = Statement("planned dates of a person", lambda _: _dates(planned_date.c.employee_id == number("employee_id")))

CALENDAR = Statement(
    "calendar days",
    lambda _: (
        select(*calendar_day.c).where(calendar_day.c.portal_id == number("portal_id")).order_by(calendar_day.c.day)
    ),
)


def _put_department(insert: Any) -> Any:
    statement = insert(department)
    changed = excluded(statement, "id", "portal_id", "key")
    return statement.on_conflict_do_update(index_elements=["portal_id", "key"], set_=changed)


def _put_employment(insert: Any) -> Any:
    statement = insert(employment)
    changed = excluded(statement, "id", "portal_id", "employee_id")
    return statement.on_conflict_do_update(index_elements=["id"], set_=changed)


def _put_schedule(insert: Any) -> Any:
    statement = insert(schedule)
    changed = {"body": statement.excluded.body}
    return statement.on_conflict_do_update(index_elements=["portal_id", "scope", "target_id", "since"], set_=changed)


def _put_date(insert: Any) -> Any:
    statement = insert(planned_date)
    changed = {"body": statement.excluded.body}
    return statement.on_conflict_do_update(index_elements=["portal_id", "day", "employee_id"], set_=changed)


def _put_calendar_day(insert: Any) -> Any:
    statement = insert(calendar_day)
    changed = excluded(statement, "portal_id", "day")
    return statement.on_conflict_do_update(index_elements=["portal_id", "day"], set_=changed)


PUT_DEPARTMENT = Statement("put department", _put_department, rank=30, lock="key")
PUT_EMPLOYMENT = Statement("put employment", _put_employment, rank=31, lock="id")
PUT_SCHEDULE = Statement("put schedule", _put_schedule, rank=32, lock="target_id")
PUT_DATE = Statement("put planned date", _put_date, rank=33, lock="employee_id")
REMOVE_DATE = Statement(
    "remove planned date",
    lambda _: delete(planned_date).where(
        planned_date.c.portal_id == number("the_portal_id"),
        planned_date.c.day == text_of("the_day"),
        planned_date.c.employee_id == number("the_employee_id"),
    ),
    rank=34,
    many=True,
)
PUT_CALENDAR_DAY = Statement("put calendar day", _put_calendar_day, rank=35, lock="day")
REMOVE_CALENDAR_DAY = Statement(
    "remove calendar day",
    lambda _: delete(calendar_day).where(
        calendar_day.c.portal_id == number("the_portal_id"), calendar_day.c.day == text_of("the_day")
    ),
    rank=36,
    many=True,
)
