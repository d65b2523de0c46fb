"""Departments, employments, schedules, named dates and changed days of the calendar ⇄ rows."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.domain.calendar import CalendarDay
from bot.domain.schedule import (
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
from bot.domain.staff import Department, Employment
from bot.pace import gently
from storage.engine import Engine, Read, Write
from storage.part import Part
from storage.rows import Row, clean
from storage.sql import planning


class Staff(Part):
    """Departments and who was employed in them."""

    def __init__(self, engine: Engine) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._departments: dict[tuple[int, str], Department] = {}
        self._employments: dict[int, Employment] = {}

    async def departments(self, portal_id: int) -> Sequence[Department]:
        """Return the departments, by name."""
        rows = await self._rows(planning.DEPARTMENTS, {"portal_id": portal_id})
        found = {row[2]: Department(*row) for row in rows}
        found |= {each.key: each for each in self._departments.values() if each.portal_id == portal_id}
        return sorted(found.values(), key=lambda each: (each.name, each.id))

    async def employments(self, portal_id: int, employee_id: int | None = None) -> Sequence[Employment]:
        """Return one person's or everybody's stretches of employment, oldest first."""
        values = {"portal_id": portal_id}
        read = Read(planning.EMPLOYMENTS, values)
        if employee_id is not None:
            read = Read(planning.EMPLOYMENTS_OF, {**values, "employee_id": employee_id})
        (rows,) = await self._engine.read([read])
        found = {each.id: each for each in await gently(_employment, rows)}
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
        departments = [Write(planning.PUT_DEPARTMENT, _department_values(each)) for each in self._departments.values()]
        employments = [Write(planning.PUT_EMPLOYMENT, _employment_values(each)) for each in self._employments.values()]
        return [*departments, *employments]


class Schedules(Part):
    """Schedules given to portals, departments and people, and shifts named for a date."""

    def __init__(self, engine: Engine) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._given: dict[tuple[int, str, int, date], Assignment] = {}
        self._dates: dict[tuple[int, date, int], PlannedDate | None] = {}

    async def assignments(self, portal_id: int, employee_id: int | None = None) -> Sequence[Assignment]:
        """Return all that were ever given, by the day from which they are valid; none to others than that person."""
        read = Read(planning.ASSIGNMENTS, {"portal_id": portal_id})
        if employee_id is not None:
            read = Read(planning.ASSIGNMENTS_FOR, {"portal_id": portal_id, "employee_id": employee_id})
        (rows,) = await self._engine.read([read])
        found = {_target(each): each for each in await gently(_assignment, rows)}
        found |= {target: each for target, each in self._given.items() if each.portal_id == portal_id}
        given = (each for each in found.values() if employee_id is None or _concerns(each, employee_id))
        return sorted(given, key=lambda each: (each.since, each.id))

    async def dates(self, portal_id: int, first: date, last: date) -> Sequence[PlannedDate]:
        """Return what is planned for single dates, both days included."""
        values = {"portal_id": portal_id, "first": first.isoformat(), "last": last.isoformat()}
        rows = await self._rows(planning.DATES, values)
        found: dict[tuple[int, date, int], PlannedDate | None] = {
            (each.portal_id, each.day, each.employee_id): each for each in await gently(_planned, rows)
        }
        found |= {key: each for key, each in self._dates.items() if key[0] == portal_id and first <= key[1] <= last}
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
        given = [Write(planning.PUT_SCHEDULE, _assignment_values(each)) for each in self._given.values()]
        return [*given, *(_date_write(key, each) for key, each in self._dates.items())]


class Calendars(Part):
    """What administrators changed in the production calendar."""

    def __init__(self, engine: Engine) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, date], CalendarDay | None] = {}

    async def days(self, portal_id: int) -> Sequence[CalendarDay]:
        """Return every changed day, oldest first."""
        rows = await self._rows(planning.CALENDAR, {"portal_id": portal_id})
        found: dict[date, CalendarDay | None] = {each.day: each for each in map(_calendar_day, rows)}
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


def _concerns(assignment: Assignment, employee_id: int) -> bool:
    return assignment.scope is not Scope.PERSON or assignment.target_id == employee_id


def _target(each: Assignment) -> tuple[int, str, int, date]:
    return each.portal_id, each.scope.value, each.target_id, each.since


def _employment(row: Row) -> Employment:
    until = None if row[4] is None else date.fromisoformat(row[4])
    return Employment(row[0], row[1], row[2], date.fromisoformat(row[3]), until, row[5], row[6], row[7], bool(row[8]))


def _assignment(row: Row) -> Assignment:
    schedule = schedule_from_json(json.loads(row[5]))
    return Assignment(row[0], row[1], Scope(row[2]), row[3], date.fromisoformat(row[4]), schedule)


def _planned(row: Row) -> PlannedDate:
    hours, pause = json.loads(row[3])
    return PlannedDate(row[0], row[1], date.fromisoformat(row[2]), hours_from_json(hours), pause_from_json(pause))


def _department_values(department: Department) -> dict[str, Any]:
    return {
        "id": department.id,
        "portal_id": department.portal_id,
        "key": clean(department.key),
        "name": clean(department.name),
        "parent_key": clean(department.parent_key),
        "head_id": department.head_id,
    }


def _employment_values(employment: Employment) -> dict[str, Any]:
    return {
        "id": employment.id,
        "portal_id": employment.portal_id,
        "employee_id": employment.employee_id,
        "since": employment.since.isoformat(),
        "until": employment.until and employment.until.isoformat(),
        "department_id": employment.department_id,
        "title": clean(employment.title),
        "number": clean(employment.number),
        "is_told": employment.is_told,
    }


def _assignment_values(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.id,
        "portal_id": assignment.portal_id,
        "scope": assignment.scope.value,
        "target_id": assignment.target_id,
        "since": assignment.since.isoformat(),
        "body": clean(json.dumps(schedule_to_json(assignment.schedule), ensure_ascii=False, separators=(",", ":"))),
    }


def _date_write(key: tuple[int, date, int], planned: PlannedDate | None) -> Write:
    portal_id, day, employee_id = key
    if planned is None:
        values = {"the_portal_id": portal_id, "the_day": day.isoformat(), "the_employee_id": employee_id}
        return Write(planning.REMOVE_DATE, values)
    body = json.dumps([hours_to_json(planned.hours), pause_to_json(planned.pause)], ensure_ascii=False)
    values = {"portal_id": portal_id, "employee_id": employee_id, "day": day.isoformat(), "body": clean(body)}
    return Write(planning.PUT_DATE, values)


def _calendar_day(row: Row) -> CalendarDay:
    return CalendarDay(date.fromisoformat(row[1]), bool(row[2]), bool(row[3]), bool(row[4]), row[5], row[6])


def _calendar_write(portal_id: int, day: date, noted: CalendarDay | None) -> Write:
    if noted is None:
        return Write(planning.REMOVE_CALENDAR_DAY, {"the_portal_id": portal_id, "the_day": day.isoformat()})
    values = {
        "portal_id": portal_id,
        "day": day.isoformat(),
        "is_off": noted.is_off,
        "is_short": noted.is_short,
        "is_holiday": noted.is_holiday,
        "note": clean(noted.note),
        "source": noted.source,
    }
    return Write(planning.PUT_CALENDAR_DAY, values)
