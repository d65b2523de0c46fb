"""Whom a schedule is for: found by what was said, or again by the target that a question remembers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.dispatch.turn import Turn
from bot.domain.errors import UnknownPerson
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department
from bot.domain.planning.schedule import Scope
from bot.i18n import utc_offset, zone_name
from bot.services.people.departments import Departments, UnknownDepartment
from bot.services.people.people import People
from bot.services.planning.schedules import Target
from bot.text import Phrase, Value, t
from bot.words.people import mention


@dataclass(frozen=True, slots=True)
class Found:
    """A target with how it is called, and the zone by whose clock its hours are meant."""

    target: Target
    name: Value
    zone: str
    person: Employee | None = None

    def today(self, now: datetime) -> date:
        """Return the present day of the target."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def by_whose_clock(self, turn: Turn) -> Phrase | None:
        """Name the zone where the reader's clock shows another time (case 58)."""
        if utc_offset(self.zone, turn.now) == utc_offset(turn.employee.zone, turn.now):
            return None
        return t("By the clock in {place}", place=zone_name(self.zone, turn.employee.locale))


async def find_target(turn: Turn, slots: Mapping[str, Any], people: People, departments: Departments) -> Found:
    """Return whom the words name; a name that is nobody's may be a department's."""
    name = str(slots.get("name", ""))
    match slots.get("target"):
        case "everybody":
            return _everybody(turn)
        case "department":
            return _department(turn, await departments.find(turn.portal, name))
        case "person" if name:
            try:
                return _person(await people.find(turn.portal, name))
            except UnknownPerson:
                try:
                    return _department(turn, await departments.find(turn.portal, name))
                except UnknownDepartment:
                    pass
                raise
        case _:
            return _person(turn.employee)


async def known_target(turn: Turn, scope: str, number: int, people: People, departments: Departments) -> Found | None:
    """Return the target of that scope and id; None when it is gone."""
    if scope == Scope.PORTAL:
        return _everybody(turn)
    if scope == Scope.PERSON:
        person = await people.get(number, turn.portal.id)
        return _person(person) if person else None
    department = await departments.get(turn.portal, number)
    return _department(turn, department) if department else None


def _everybody(turn: Turn) -> Found:
    return Found(Target(Scope.PORTAL), t("Everybody"), turn.portal.zone)


def _department(turn: Turn, department: Department) -> Found:
    return Found(Target(Scope.DEPARTMENT, department.id), department.name, turn.portal.zone)


def _person(person: Employee) -> Found:
    return Found(Target(Scope.PERSON, person.id), mention(person), person.zone, person)
