"""A portal's people as routes see them, read at once: heads, departments, groups, absences, and when people work."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import WorkingHours
from bot.domain.approvals.people import Company, Person, PersonId
from bot.domain.approvals.people import Department as Unit
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.portal_absence import PortalAbsence
from bot.domain.people.employee import Employee
from bot.domain.people.group import Group
from bot.domain.people.staff import Department
from bot.domain.people.substitute import stands_in
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.portal import Portal
from bot.services.planning.calendars import Calendars
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)
"""No request lasts longer."""
_PRESENT = frozenset({AbsenceKind.REMOTE, AbsenceKind.BUSINESS_TRIP})
"""Whoever works elsewhere can answer."""
_EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class PortalStructure:
    """A portal's people under the ids that routes know them by, and its working hours."""

    company: Company
    employees: Mapping[PersonId, Employee]
    departments: Mapping[int, Department]
    groups: Mapping[str, Group]
    hours: WorkingHours
    by_own_id: Mapping[int, Employee]
    portal: Portal

    def employee(self, person: PersonId) -> Employee | None:
        """Return the employee of an id."""
        return self.employees.get(person)


def person_id(portal: Portal, employee: Employee) -> PersonId:
    """Return how routes know somebody: the portal's own number, else the id that only Smena knows."""
    for each in employee.identities:
        if each.realm == portal.key and each.account.isascii() and each.account.isdigit():
            return int(each.account)
    return str(employee.id)


def hours_of(calendar: ProductionCalendar) -> WorkingHours:
    """Return the working hours of a portal, by its calendar."""
    return WorkingHours(days=_EVERY_DAY, off=_DaysOff(calendar))


def department_id(key: str) -> PersonId:
    """Return how routes know a department: the portal's own number where it is one."""
    return int(key) if key.isascii() and key.isdigit() else key


class Structures(UnitService):
    """Reads how a portal's people stand to one another, in a fixed number of reads however many there are."""

    async def of(self, portal: Portal, now: datetime) -> PortalStructure:
        """Return the structure as of an instant, with the absences of the year that a request may last."""
        today, uow = now.astimezone(ZoneInfo(portal.zone)).date(), self._uow
        # Asked for at once they are read in one hop, and of one state of the database.
        (everybody, calendar), (departments, employments, kept), (absences, by_portal, known) = await asyncio.gather(
            asyncio.gather(uow.employees.of_portal(portal.id), Calendars(uow).of(portal)),
            asyncio.gather(
                uow.staff.departments(portal.id), uow.staff.employments(portal.id), uow.groups.of_portal(portal.id)
            ),
            asyncio.gather(
                uow.absences.between(portal.id, today - _DAY, today + _LONGEST),
                uow.portal_absences.between(portal.id, now - _DAY, now + _LONGEST),
                uow.substitutes.of_portal(portal.id, today - _DAY),
            ),
        )
        groups = {each.name: each for each in kept}
        ids = {each.id: person_id(portal, each) for each in everybody}
        keys = {each.id: department_id(each.key) for each in departments}
        places = {each.employee_id: each.department_id for each in employments if each.covers(today)}
        people = {
            ids[each.id]: Person(
                ids[each.id],
                None if each.lead_id is None else ids.get(each.lead_id),
                keys.get(place) if (place := places.get(each.id)) is not None else None,
                not each.is_disabled,
                tuple(sorted(_away(each, absences.get(each.id, ()), by_portal.get(each.id, ())))),
                None if (found := stands_in(known, each.id, each.today(now))) is None else ids.get(found.substitute_id),
            )
            for each in everybody
        }
        units = {
            keys[each.id]: Unit(
                keys[each.id],
                None if each.head_id is None else ids.get(each.head_id),
                department_id(each.parent_key) if each.parent_key else None,
            )
            for each in departments
        }
        members = {
            name: tuple(ids[member] for member in each.members if member in ids) for name, each in groups.items()
        }
        return PortalStructure(
            Company(people, units, members),
            {ids[each.id]: each for each in everybody},
            {number: each for each in departments if isinstance(number := keys[each.id], int)},
            groups,
            hours_of(calendar),
            {each.id: each for each in everybody},
            portal,
        )


def _away(
    employee: Employee, absences: Sequence[Absence], by_portal: Sequence[PortalAbsence]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield when somebody is away, whole days by the clock of their own zone; also as the portal's calendar says."""
    yield from ((each.starts_at, each.ends_at) for each in by_portal)
    zone = ZoneInfo(employee.zone)
    for each in absences:
        if each.kind in _PRESENT:
            continue
        if each.start is not None and each.end is not None:
            yield each.start, each.end
        else:
            yield _first_of(each.first, zone), _first_of(each.last + _DAY, zone)


def _first_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _DaysOff:
    """The days that a calendar has off, Saturdays too; each is looked at when somebody asks about it."""

    calendar: ProductionCalendar

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.calendar.is_off(day)
