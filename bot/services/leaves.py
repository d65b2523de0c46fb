"""Leaves: what a person may ask for, and who is away."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.absence import Absence
from bot.domain.employee import Employee
from bot.domain.errors import Refusal
from bot.ports import UnitOfWork
from bot.text import Day, t

LONGEST = timedelta(days=366)
BACK = timedelta(days=31)
"""A sick note comes late: that far back a leave can be asked for."""


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
        taken = await self._uow.absences.of(employee, first, last)
        if taken:
            raise LeaveMisfit(
                t("You are already away from {first} to {last}.", first=Day(taken[0].first), last=Day(taken[0].last))
            )

    async def of(self, employee: Employee, first: date, last: date) -> Sequence[Absence]:
        """Return the person's absences that touch those days."""
        return await self._uow.absences.of(employee, first, last)

    async def today(self, portal_id: int, day: date) -> Sequence[Absence]:
        """Return who is away on a day."""
        return await self._uow.absences.of_portal(portal_id, day)
