"""Statistics of hours, one's own or of those one sees: by person and month, and overtime against the law's limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.days import months_of
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department
from bot.domain.portal import Portal
from bot.domain.reports.account import Account
from bot.domain.reports.limits import Limits, LimitWarning, limit_warnings, limits_of, limits_on
from bot.domain.reports.standing import balance_by, has_norm, target_of
from bot.domain.rights import Right, check
from bot.services.reports.accounts import Accounts
from bot.services.reports.reporting import Reporting
from bot.services.reports.sheets import Order, Sheets
from bot.services.unit_service import UnitService
from bot.sheets.book import Format
from bot.text import t

_MOST = 80_000
"""So many days of people are counted at once: eight hundred people in a quarter."""


class TooManyAtOnce(Refusal):
    """More days of more people than are counted while somebody waits."""

    code = "too_many_at_once"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(t("That is too much to count at once. Please choose a department, or fewer days."))


@dataclass(frozen=True, slots=True)
class PersonHours:
    """What one person worked in the days, and their approved overtime."""

    employee: Employee
    account: Account
    norm: timedelta | None
    """What the hours are held against; None where there is nothing, or it is not known."""
    balance: timedelta | None
    """Of the days, or up to yesterday while they run; None where it means nothing yet."""
    year_overtime: timedelta
    """Approved from the New Year of the last day to that day."""
    over_limits: Sequence[LimitWarning]


@dataclass(frozen=True, slots=True)
class MonthHours:
    """What all of them worked in a month, as far as it is among the days."""

    first: date
    last: date
    worked: timedelta
    norm: timedelta | None
    over: timedelta
    overtime: timedelta
    """The approved part of what was over the plan."""


@dataclass(frozen=True, slots=True)
class HourNumbers:
    """The statistics that a reader sees."""

    first: date
    last: date
    people: Sequence[PersonHours]
    months: Sequence[MonthHours]
    limits: Limits
    """What overtime may be on the last of the days."""

    @property
    def worked(self) -> timedelta:
        """What all of them worked."""
        return sum((each.account.worked for each in self.people), timedelta())


class HoursCounted(UnitService):
    """Counts the hours of people for whoever may see them; changes nothing."""

    async def of(
        self, portal: Portal, reader: Employee, department: Department | None, first: date, last: date, now: datetime
    ) -> HourNumbers:
        """Return the numbers of days, both included, a year at most, of a department or of all that the reader sees.

        Whoever has no access any more is told of only where something was recorded.
        """
        check(reader, Right.SEE_HOURS)
        found = await Reporting(self._uow).team(reader, department, first, last)
        return await self._count(portal, found, first, last, now)

    async def own(self, portal: Portal, person: Employee, first: date, last: date, now: datetime) -> HourNumbers:
        """Return the numbers of a person's own days, both included, a year at most."""
        order = Order(Format.XLSX, first, last, person_id=person.id)
        return await self._count(portal, await Sheets(self._uow).people_for(person, order), first, last, now)

    async def _count(
        self, portal: Portal, found: Sequence[Employee], first: date, last: date, now: datetime
    ) -> HourNumbers:
        if len(found) * ((last - first).days + 1) > _MOST:
            raise TooManyAtOnce
        accounts = await Accounts(self._uow).of(portal, found, first, last, now)
        people = [each for each in found if not each.is_disabled or _is_told(accounts[each.id])]
        approved = await Accounts(self._uow).approved(portal.id, first.replace(month=1, day=1), last)
        limits, new_year = limits_of(portal.country, portal.options), last.replace(month=1, day=1)

        def numbers(person: Employee) -> PersonHours:
            account, own = accounts[person.id], approved.get(person.id, {})
            return PersonHours(
                person,
                account,
                target_of(account) if has_norm(account) else None,
                balance_by(account, person.today(now)),
                sum((length for day, length in own.items() if day >= new_year), timedelta()),
                [warning for warning in limit_warnings(own, limits) if warning.last >= first],
            )

        rows = [numbers(each) for each in people]
        months = [_month([accounts[each.id].part(*days) for each in people], *days) for days in months_of(first, last)]
        return HourNumbers(first, last, rows, months, limits_on(limits, last))


def _is_told(account: Account) -> bool:
    return any(each.sessions or each.absences for each in account.days)


def _month(parts: Sequence[Account], first: date, last: date) -> MonthHours:
    norms = [target_of(each) for each in parts if has_norm(each)]
    return MonthHours(
        first,
        last,
        _sum(each.worked for each in parts),
        _sum(norms) if norms else None,
        _sum(each.over for each in parts),
        _sum(each.overtime for each in parts),
    )


def _sum(lengths: Iterable[timedelta]) -> timedelta:
    return sum(lengths, timedelta())
