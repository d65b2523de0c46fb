"""Rosters: what is planned on a portal, read at once for as many people as are looked at."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.people.employee import Employee
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.planning.roster import Roster, RosterBook
from bot.domain.portal import Portal
from bot.services.planning.calendars import Calendars
from bot.services.unit_service import UnitService


class Rosters(UnitService):
    """Reads planned time."""

    async def book(
        self, portal: Portal, first: date, last: date, people: Sequence[Employee] | None = None
    ) -> RosterBook:
        """Return everything planned on a portal; shifts named for a date between the two days, both included.

        Where it is asked for one person only, nobody else's schedules and employments are read.
        """
        only = people[0].id if people is not None and len(people) == 1 else None
        return RosterBook(
            await self.calendar(portal),
            await self._uow.schedules.assignments(portal.id, only),
            await self._uow.staff.departments(portal.id),
            await self._uow.staff.employments(portal.id, only),
            await self._uow.schedules.dates(portal.id, first, last),
        )

    async def of(self, portal: Portal, employee: Employee, day: date) -> Roster:
        """Return one person's roster around a day."""
        month = timedelta(days=31)
        book = await self.book(portal, day - month, day + month, [employee])
        return book.of(employee.id, employee.zone)

    async def calendar(self, portal: Portal) -> ProductionCalendar:
        """Return the production calendar of a portal."""
        return await Calendars(self._uow).of(portal)
