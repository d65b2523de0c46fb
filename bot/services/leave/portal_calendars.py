"""What portals' calendars tell of who is away: whose are read, and what is kept of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.leave.portal_absence import CalendarSpan, PortalAbsence, merged
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.services.unit_service import UnitService

_ANY = timedelta(days=3660)
"""Nothing in a calendar lies farther away, as far as anybody is asked or reminded."""


class PortalCalendars(UnitService):
    """Keeps when people are away by their portal's calendar: no names of entries, and nothing that is past."""

    async def asked(self, realm: str) -> Sequence[str]:
        """Return the accounts of who works on a portal."""
        portal = await self._uow.portals.by_key(realm)
        return [] if portal is None or not portal.is_active else [*await self._working(portal)]

    async def shown(self, realm: str, calendars: Mapping[str, Sequence[CalendarSpan]], now: datetime) -> None:
        """Take all that was read: who is not there has nothing any more. Only what has changed is written."""
        portal = await self._uow.portals.by_key(realm)
        if portal is None:
            return
        working = {} if not calendars else await self._working(portal)
        told = {
            person.id: _kept(person, calendars[account], now)
            for account, person in working.items()
            if account in calendars
        }
        known = await self._uow.portal_absences.between(portal.id, now - _ANY, now + _ANY)
        for employee_id in sorted(known.keys() | told.keys()):
            before, after = list(known.get(employee_id, ())), told.get(employee_id, [])
            if before != after:
                self._uow.portal_absences.replace(portal.id, employee_id, after)

    async def _working(self, portal: Portal) -> dict[str, Employee]:
        """Return who works there now, by account on the portal."""
        return {
            identity.account: each
            for each in await self._uow.employees.of_portal(portal.id)
            if not each.is_disabled
            for identity in each.identities
            if identity.realm == portal.key
        }


def _kept(person: Employee, spans: Sequence[CalendarSpan], now: datetime) -> list[PortalAbsence]:
    instants = merged(each.instants(person.zone) for each in spans)
    return [PortalAbsence(person.portal_id, person.id, *each) for each in instants if each[1] > now]
