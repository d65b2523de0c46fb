"""Accounts: what people's logs yield, read at once for as many people as are looked at."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.domain.leave.absence import Absence
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.reports.account import Account
from bot.domain.reports.counting import account
from bot.domain.workday.punch_log import WorkSession
from bot.domain.workday.timesheet import accounting_period
from bot.gently import gently
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)


class Accounts(UnitService):
    """Counts periods; changes nothing. As many reads for a thousand people as for one."""

    async def one(self, portal: Portal, employee: Employee, first: date, last: date, now: datetime) -> Account:
        """Return the account of one person, both days included."""
        return (await self.of(portal, [employee], first, last, now))[employee.id]

    async def accounting_period(
        self, portal: Portal, employee: Employee, seen: Account, now: datetime
    ) -> Account | None:
        """Return the quarter or year over which the hours of the last day seen are summed (Labour Code art. 104).

        None where that is a month, or what is seen already.
        """
        kind = seen.days[-1].accounting
        first, last = accounting_period(seen.last, kind)
        if kind == "month" or (seen.first, seen.last) == (first, last):
            return None
        return await self.one(portal, employee, first, last, now)

    async def of(
        self, portal: Portal, employees: Sequence[Employee], first: date, last: date, now: datetime
    ) -> Mapping[int, Account]:
        """Return the accounts of several people of a portal, by id, both days included."""
        # A day more at both ends: a shift near midnight may be answered by a session of the date beside it.
        begin, end = first - _DAY, last + _DAY
        book = await Rosters(self._uow).book(portal, begin, end, employees)
        sessions, absences = await self._recorded(portal.id, employees, begin, end)
        overtimes = await self.approved(portal.id, first, last)
        pending = await self._pending(portal.id)

        def counted(each: Employee) -> tuple[int, Account]:
            return each.id, account(
                book.of(each.id, each.zone),
                sessions.get(each.id, ()),
                absences.get(each.id, ()),
                overtimes.get(each.id, {}),
                first,
                last,
                now,
                pending=pending.get(each.id, frozenset()),
            )

        return dict(await gently(counted, employees))

    async def approved(self, portal_id: int, first: date, last: date) -> Mapping[int, Mapping[date, timedelta]]:
        """Return how much overtime was approved, by person and work date."""
        found: dict[int, dict[date, timedelta]] = {}
        for employee_id, approved in (await self._uow.overtimes.between(portal_id, first, last)).items():
            own = found.setdefault(employee_id, {})
            for each in approved:
                own[each.day] = own.get(each.day, timedelta()) + each.length
        return found

    async def _recorded(
        self, portal_id: int, employees: Sequence[Employee], first: date, last: date
    ) -> tuple[Mapping[int, Sequence[WorkSession]], Mapping[int, Sequence[Absence]]]:
        """Return the sessions and absences of some people; of a single one without reading those of all."""
        punches, absences = self._uow.punches, self._uow.absences
        if len(employees) == 1:
            own = employees[0]
            return (
                {own.id: await punches.sessions(own, first, last)},
                {own.id: await absences.of(own, first, last)},
            )
        return (
            await punches.of_people(portal_id, first, last, [each.id for each in employees]),
            await absences.between(portal_id, first, last),
        )

    async def _pending(self, portal_id: int) -> Mapping[int, set[date]]:
        """Return the dates that open corrections would change, by person."""
        found: dict[int, set[date]] = {}
        for request in await self._uow.requests.pending(portal_id):
            if request.matter.changes_marks:
                found.setdefault(request.subject_id, set()).update(request.matter.days)
        return found
