"""Locks: a closed period refuses changes of its work dates, and only of those (cases 64, 65, 67)."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.people.employee import Employee
from bot.domain.periods.period import Closing, PeriodClosed, lock_between, lock_on
from bot.domain.portal import Portal
from bot.services.unit_service import UnitService
from bot.text import Mention


class Locks(UnitService):
    """Guards closed work dates."""

    async def check_of(self, employee: Employee, days: Iterable[date]) -> None:
        """Raise PeriodClosed when one of the days is closed on the person's portal."""
        portal = await self._uow.portals.get(employee.portal_id)
        if portal is not None:
            await self.check(portal, days)

    async def check(self, portal: Portal, days: Iterable[date]) -> None:
        """Raise PeriodClosed when one of the days is closed; the unit of work fails if one is closed meanwhile."""
        await self._refuse(portal, lock_on(await self._uow.periods.closings(portal.id), days))

    async def check_between(self, portal: Portal, first: date, last: date) -> None:
        """Do so for all days from one to another, both included."""
        await self._refuse(portal, lock_between(await self._uow.periods.closings(portal.id), first, last))

    async def _refuse(self, portal: Portal, closing: Closing | None) -> None:
        if closing is None:
            self._uow.periods.expect_open(portal)
            return
        closer = await self._uow.employees.get(portal.id, closing.closed_by)
        who = Mention(closer.name, closer.accounts) if closer else Mention("?")
        raise PeriodClosed(closing, closing.closed_at.astimezone(ZoneInfo(portal.zone)).date(), who)
