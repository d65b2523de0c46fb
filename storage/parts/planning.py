"""Departments, employments, schedules, named dates and changed days of the calendar ⇄ rows."""

import json
from collections.abc import Sequence
from datetime import date

from bot.domain.people.staff import Department, Employment
from bot.domain.planning.calendar import CalendarDay
from bot.domain.planning.schedule import (
    Assignment,
    PlannedDate,
    Scope,
    hours_from_json,
    hours_to_json,
    pause_from_json,
    pause_to_json,
    schedule_from_json,
    schedule_to_json,
)
from bot.gently import gently
from storage import schema
from storage.engines.engine import Read, Reader, Write
from storage.part import Part
from storage.rows import Row, clean, compact
from storage.shape import Form, Shape
from storage.sql import planning

_DEPARTMENT = Shape(Department, schema.department)
_EMPLOYMENT = Shape(Employment, schema.employment)
_SCHEDULE = Form(
    lambda body: schedule_from_json(json.loads(body)),
    lambda schedule: compact(schedule_to_json(schedule)),
)
_ASSIGNMENT = Shape(Assignment, schema.schedule, names={"schedule": "body"}, forms={"schedule": _SCHEDULE})
_CALENDAR_DAY = Shape(CalendarDay, schema.calendar_day)


class Staff(Part):
    """Departments and who was employed in them."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._departments: dict[tuple[int, str], Department] = {}
        self._employments: dict[int, Employment] = {}

    async def departments(self, portal_id: int) -> Sequence[Department]:
        """Return the departments, by name."""
        (rows,) = await self._engine.read([departments_read(portal_id)])
        found = {each.key: each for each in map(_DEPARTMENT.read, rows)}
        found |= {each.key: each for each in self._departments.values() if each.portal_id == portal_id}
        return sorted(found.values(), key=lambda each: (each.name, each.id))

    async def employments(self, portal_id: int, employee_id: int | None = None) -> Sequence[Employment]:
        """Return one person's or everybody's stretches of employment, oldest first."""
        (rows,) = await self._engine.read([employments_read(portal_id, employee_id)])
        found = {each.id: each for each in await gently(_EMPLOYMENT.read, rows)}
        found |= {
            each.id: each
            for each in self._employments.values()
            if each.portal_id == portal_id and employee_id in (None, each.employee_id)
        }
        return sorted(found.values(), key=lambda each: (each.since, each.id))

    def put_department(self, department: Department) -> None:
        """Note a new department, or how one of that key is now."""
        self._departments[department.portal_id, department.key] = department

    def put_employment(self, employment: Employment) -> None:
        """Note a new stretch, or how the one of that id is now."""
        self._employments[employment.id] = employment

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._departments.clear()
        self._employments.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        departments = [Write(planning.PUT_DEPARTMENT, _DEPARTMENT.values(each)) for each in self._departments.values()]
        employments = [Write(planning.PUT_EMPLOYMENT, _EMPLOYMENT.values(each)) for each in self._employments.values()]
        return [*departments, *employments]


class Schedules(Part):
    """Schedules given to portals, departments and people, and shifts named for a date."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._given: dict[tuple[int, str, int, date], Assignment] = {}
        self._dates: dict[tuple[int, date, int], PlannedDate | None] = {}

    async def assignments(self, portal_id: int, employee_id: int | None = None) -> Sequence[Assignment]:
        """Return all that were ever given, by the day from which they are valid; none to others than that person."""
        (rows,) = await self._engine.read([assignments_read(portal_id, employee_id)])
        found = {_target(each): each for each in await gently(_ASSIGNMENT.read, rows)}
        found |= {target: each for target, each in self._given.items() if each.portal_id == portal_id}
        given = (each for each in found.values() if employee_id is None or _concerns(each, employee_id))
        return sorted(given, key=lambda each: (each.since, each.id))

    async def dates(
        self, portal_id: int, first: date, last: date, employee_id: int | None = None
    ) -> Sequence[PlannedDate]:
        """Return what is planned for single dates, both days included, for everybody or one person."""
        (rows,) = await self._engine.read([dates_read(portal_id, first, last, employee_id)])
        found: dict[tuple[int, date, int], PlannedDate | None] = {
            (each.portal_id, each.day, each.employee_id): each for each in await gently(_planned, rows)
        }
        found |= {
            key: each
            for key, each in self._dates.items()
            if key[0] == portal_id and first <= key[1] <= last and employee_id in (None, key[2])
        }
        return sorted((each for each in found.values() if each), key=lambda each: (each.day, each.employee_id))

    def put(self, assignment: Assignment) -> None:
        """Note an assignment; another one to the same target from the same day gives way."""
        self._given[_target(assignment)] = assignment

    def put_date(self, planned: PlannedDate) -> None:
        """Note a shift or a day off on a date, instead of what was named for it before."""
        self._dates[planned.portal_id, planned.day, planned.employee_id] = planned

    def remove_date(self, planned: PlannedDate) -> None:
        """Note that nothing is named for that date any more."""
        self._dates[planned.portal_id, planned.day, planned.employee_id] = None

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._given.clear()
        self._dates.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        given = [Write(planning.PUT_SCHEDULE, _ASSIGNMENT.values(each)) for each in self._given.values()]
        return [*given, *(_date_write(key, each) for key, each in self._dates.items())]


class Calendars(Part):
    """What administrators changed in the production calendar."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, date], CalendarDay | None] = {}

    async def days(self, portal_id: int) -> Sequence[CalendarDay]:
        """Return every changed day, oldest first."""
        (rows,) = await self._engine.read([calendar_read(portal_id)])
        found: dict[date, CalendarDay | None] = {each.day: each for each in map(_CALENDAR_DAY.read, rows)}
        found |= {day: each for (portal, day), each in self._noted.items() if portal == portal_id}
        return [each for day in sorted(found) if (each := found[day]) is not None]

    def put(self, portal_id: int, day: CalendarDay) -> None:
        """Note a changed day."""
        self._noted[portal_id, day.day] = day

    def remove(self, portal_id: int, day: date) -> None:
        """Note that a day is as the country has it again."""
        self._noted[portal_id, day] = None

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [_calendar_write(*key, each) for key, each in self._noted.items()]


def departments_read(portal_id: int) -> Read:
    """Read the departments."""
    return Read(planning.DEPARTMENTS, {"portal_id": portal_id})


def employments_read(portal_id: int, employee_id: int | None) -> Read:
    """Read one person's or everybody's stretches of employment."""
    if employee_id is None:
        return Read(planning.EMPLOYMENTS, {"portal_id": portal_id})
    return Read(planning.EMPLOYMENTS_OF, {"portal_id": portal_id, "employee_id": employee_id})


def assignments_read(portal_id: int, employee_id: int | None) -> Read:
    """Read all schedules that were ever given; none to others than that person."""
    if employee_id is None:
        return Read(planning.ASSIGNMENTS, {"portal_id": portal_id})
    return Read(planning.ASSIGNMENTS_FOR, {"portal_id": portal_id, "employee_id": employee_id})


def dates_read(portal_id: int, first: date, last: date, employee_id: int | None = None) -> Read:
    """Read what is planned for single dates, for everybody or one person."""
    values = {"portal_id": portal_id, "first": first.isoformat(), "last": last.isoformat()}
    if employee_id is None:
        return Read(planning.DATES, values)
    return Read(planning.DATES_OF, {**values, "employee_id": employee_id})


def calendar_read(portal_id: int) -> Read:
    """Read the days by which a portal's calendar differs from its country's."""
    return Read(planning.CALENDAR, {"portal_id": portal_id})


def _concerns(assignment: Assignment, employee_id: int) -> bool:
    return assignment.scope is not Scope.PERSON or assignment.target_id == employee_id


def _target(each: Assignment) -> tuple[int, str, int, date]:
    return each.portal_id, each.scope.value, each.target_id, each.since


def _planned(row: Row) -> PlannedDate:
    hours, pause = json.loads(row[3])
    return PlannedDate(row[0], row[1], date.fromisoformat(row[2]), hours_from_json(hours), pause_from_json(pause))


def _date_write(key: tuple[int, date, int], planned: PlannedDate | None) -> Write:
    portal_id, day, employee_id = key
    if planned is None:
        values = {"the_portal_id": portal_id, "the_day": day.isoformat(), "the_employee_id": employee_id}
        return Write(planning.REMOVE_DATE, values)
    body = json.dumps([hours_to_json(planned.hours), pause_to_json(planned.pause)], ensure_ascii=False)
    values = {"portal_id": portal_id, "employee_id": employee_id, "day": day.isoformat(), "body": clean(body)}
    return Write(planning.PUT_DATE, values)


def _calendar_write(portal_id: int, day: date, noted: CalendarDay | None) -> Write:
    if noted is None:
        return Write(planning.REMOVE_CALENDAR_DAY, {"the_portal_id": portal_id, "the_day": day.isoformat()})
    return Write(planning.PUT_CALENDAR_DAY, {"portal_id": portal_id, **_CALENDAR_DAY.values(noted)})
