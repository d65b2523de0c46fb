"""Gaps: what people could mend in their days."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.domain.people.employee import Employee
from bot.domain.periods.period import days_between, lock_on
from bot.domain.planning.roster import Roster
from bot.domain.portal import Portal
from bot.domain.reports.account import Account
from bot.domain.reports.gaps import Gap, gaps_of
from bot.gently import gently
from bot.services.planning.rosters import Rosters
from bot.services.reports.accounts import Accounts
from bot.services.unit_service import UnitService


class Gaps(UnitService):
    """Finds what is not right; changes nothing."""

    async def of(self, portal: Portal, employee: Employee, first: date, last: date, now: datetime) -> Sequence[Gap]:
        """Return one person's gaps of the dates from `first` to `last`, oldest first."""
        account = await Accounts(self._uow).one(portal, employee, first, last, now)
        return (await self.among(portal, [(employee, account)], now))[employee.id]

    async def is_closed(self, portal: Portal, first: date, last: date) -> bool:
        """Whether nothing between two days can be mended any more."""
        closings = await self._uow.periods.closings(portal.id)
        return all(lock_on(closings, [day]) for day in days_between(first, last))

    async def among(
        self, portal: Portal, people: Sequence[tuple[Employee, Account]], now: datetime
    ) -> Mapping[int, Sequence[Gap]]:
        """Return the gaps of accounts, by employee."""
        if not people:
            return {}
        book = await Rosters(self._uow).book(
            portal, people[0][1].first, people[0][1].last, [each for each, _ in people]
        )

        def of(row: tuple[Employee, Account]) -> tuple[int, Sequence[Gap]]:
            person, account = row
            return person.id, gaps_of(account, _break_limit(book.of(person.id, person.zone)), now)

        return dict(await gently(of, people))


def _break_limit(roster: Roster) -> Callable[[date], timedelta | None]:
    """Return how long a break may be by day; whoever has no schedule has no limit."""
    return lambda day: roster.schedule(day).longest_break
