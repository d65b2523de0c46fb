"""What portals' calendars say of who is away: what is kept of it, whom to read, and what was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.leave.portal_absence import CalendarSpan, PortalAbsence
from bot.domain.people.employee import Employee


class PortalAbsences(Protocol):
    """When portals' calendars say that people are away."""

    async def of(self, employee: Employee, since: datetime, until: datetime) -> Sequence[PortalAbsence]:
        """Return when a person is away between two instants, oldest first."""
        ...

    async def between(self, portal_id: int, since: datetime, until: datetime) -> Mapping[int, Sequence[PortalAbsence]]:
        """Return when everybody is away between two instants, by employee, oldest first."""
        ...

    def replace(self, portal_id: int, employee_id: int, since: datetime, absences: Sequence[PortalAbsence]) -> None:
        """Note that these are all that is known of a person after an instant; what ended by then stays as it was."""
        ...


class TakesCalendars(Protocol):
    """Knows whose calendars on a portal are to be read, and is told what stands in them."""

    async def asked(self, realm: str) -> Sequence[str]:
        """Return the accounts of who works there."""
        ...

    async def shown(self, realm: str, calendars: Mapping[str, Sequence[CalendarSpan]]) -> None:
        """Take all that was read of a portal, by account; of whom nothing was read, nothing is known any more."""
        ...
