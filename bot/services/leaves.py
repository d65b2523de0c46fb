"""Leaves: what a person may ask for, and who is away."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.absence import Absence
from bot.domain.away import WORKING, in_force
from bot.domain.employee import Employee
from bot.domain.errors import Refusal
from bot.domain.events import LeaveCancelled
from bot.domain.period import days_between
from bot.ids import new_id
from bot.ports import Told, UnitOfWork
from bot.services.locks import Locks
from bot.text import Day, t

LONGEST = timedelta(days=366)
BACK = timedelta(days=31)
"""A sick note comes late: that far back a leave can be asked for."""

ON_LEAVE = "on-leave"
"""What is noted once a person was asked about work on a day of leave, by the date."""


class LeaveMisfit(Refusal):
    """Days that cannot be asked for."""

    code = "leave_misfit"


class Leaves:
    """Approved absences, and whether new days fit beside them."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        self._uow = uow

    async def check(self, employee: Employee, first: date, last: date, now: datetime) -> None:
        """Refuse days that end before they begin, lie too far off, or are taken already."""
        today = now.astimezone(ZoneInfo(employee.zone)).date()
        if last < first:
            raise LeaveMisfit(
                t("{last} is before {first}. Please write the days again.", first=Day(first), last=Day(last))
            )
        if last - first > LONGEST or first - today > LONGEST:
            raise LeaveMisfit(t("That is more than a year. Please ask your administrator."))
        if today - first > BACK:
            raise LeaveMisfit(t("{first} is more than a month ago. Please ask your administrator.", first=Day(first)))
        await Locks(self._uow).check_of(employee, days_between(first, last))
        taken = await self._uow.absences.of(employee, first, last)
        if taken:
            raise LeaveMisfit(
                t("You are already away from {first} to {last}.", first=Day(taken[0].first), last=Day(taken[0].last))
            )

    async def of(self, employee: Employee, first: date, last: date) -> Sequence[Absence]:
        """Return the person's absences that touch those days."""
        return await self._uow.absences.of(employee, first, last)

    async def covering(self, employee: Employee, day: date) -> Absence | None:
        """Return the absence for the whole of a day on which nobody works; remote work and trips are work."""
        found, _ = in_force(await self._uow.absences.of(employee, day, day))
        return next((each for each in found if each.start is None and each.kind not in WORKING), None)

    async def cancel_day(self, employee: Employee, absence: Absence, day: date) -> None:
        """Take one day out of an absence: at an end it becomes shorter, in the middle it becomes two (case 29)."""
        await Locks(self._uow).check_of(employee, [day])
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        if absence.first < day:
            self._uow.absences.put(replace(absence, last=before))
            if day < absence.last:
                self._uow.absences.add(replace(absence, id=new_id(), first=after))
        elif day < absence.last:
            self._uow.absences.put(replace(absence, first=after))
        else:
            self._uow.absences.remove(absence)
        self._uow.events.append(LeaveCancelled(absence.portal_id, absence.employee_id, day, absence.kind))

    async def note_asked(self, employee: Employee, day: date, now: datetime) -> bool:
        """Note that the person is asked what work on that day of leave means; False when they were already."""
        told = await self._uow.reminders.of(employee.portal_id, employee.id, ON_LEAVE)
        if day.isoformat() in {each.key for each in told}:
            return False
        self._uow.reminders.add(Told(employee.portal_id, employee.id, ON_LEAVE, day.isoformat(), now))
        return True

    async def today(self, portal_id: int, day: date) -> Sequence[Absence]:
        """Return who is away on a day: of each person what counts on it, and nothing that gives way to sickness."""
        people: dict[int, list[Absence]] = {}
        for each in await self._uow.absences.of_portal(portal_id, day):
            people.setdefault(each.employee_id, []).append(each)
        return [each for own in people.values() for each in in_force(own)[0]]
