"""What portals' calendars tell of who is away: whose are read, and what is kept of them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.leave.absence import Absence
from bot.domain.leave.portal_absence import CalendarSpan, PortalAbsence, as_absences, merged
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ports import UnitOfWork
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)
_ANY = timedelta(days=3660)
"""Nothing in a calendar lies farther away, as far as anybody is asked or reminded."""
_TOLD = _DAY
"""A reading tells of what ended since then too; what had ended before stays as it was told."""


class PortalCalendars(UnitService):
    """Keeps when people are away, and were, by their portal's calendar: no names of entries."""

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
            person.id: _kept(person, calendars[account], now - _TOLD)
            for account, person in working.items()
            if account in calendars
        }
        since = now - _TOLD
        known = await self._uow.portal_absences.between(portal.id, since, now + _ANY)
        for employee_id in sorted(known.keys() | told.keys()):
            before, after = list(known.get(employee_id, ())), told.get(employee_id, [])
            if before != after:
                self._uow.portal_absences.replace(portal.id, employee_id, since, after)

    async def _working(self, portal: Portal) -> dict[str, Employee]:
        """Return who works there now, by account on the portal."""
        return {
            identity.account: each
            for each in await self._uow.employees.of_portal(portal.id)
            if not each.is_disabled
            for identity in each.identities
            if identity.realm == portal.key
        }


def _kept(person: Employee, spans: Sequence[CalendarSpan], since: datetime) -> list[PortalAbsence]:
    instants = merged(each.instants(person.zone) for each in spans)
    return [PortalAbsence(person.portal_id, person.id, *each) for each in instants if each[1] > since]


async def away_on(uow: UnitOfWork, people: Sequence[Employee], day: date) -> Mapping[int, Sequence[Absence]]:
    """Return as absences when people of a portal are away on a day, each by their own zone, by its calendar."""
    if not people:
        return {}
    midnight = datetime.combine(day, time(), UTC)
    told = await uow.portal_absences.between(people[0].portal_id, midnight - _DAY, midnight + 2 * _DAY)
    found = {each.id: as_absences(told[each.id], each.zone) for each in people if each.id in told}
    on_day = {person: [each for each in own if each.first <= day <= each.last] for person, own in found.items()}
    return {person: own for person, own in on_day.items() if own}
