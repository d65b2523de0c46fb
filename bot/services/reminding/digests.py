"""Digests: what a lead should know in the morning, and what a person's last week was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import Absence
from bot.domain.people.employee import Employee
from bot.domain.people.readers import told_of
from bot.domain.portal import Portal
from bot.domain.reminding.morning import is_workday
from bot.domain.reports.account import Account
from bot.domain.reports.gaps import Gap
from bot.domain.workday.delay import Delay
from bot.domain.workday.timesheet import week_of
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.waiting import Waiting, all_that_waits
from bot.services.leave.portal_calendars import away_on
from bot.services.planning.rosters import Rosters
from bot.services.reports.accounts import Accounts
from bot.services.reports.gaps import Gaps
from bot.services.unit_service import UnitService

LEAD_DIGEST = "lead-digest"
WEEKLY_SUMMARY = "weekly-summary"
LOOKED_BACK = timedelta(days=7)
LONGEST_HOLIDAYS = timedelta(days=14)
"""Days that are looked through for the workday before; New Year's are eleven or twelve."""


@dataclass(frozen=True, slots=True)
class TeamDay:
    """A lead's morning: the people they are told of, their last days with today, what is not right, and what waits."""

    lead: Employee
    today: date
    since: date
    """The date from which on things are news: the lead's last workday, on Monday the Friday before."""
    people: Sequence[tuple[Employee, Account]]
    gaps: Mapping[int, Sequence[Gap]]
    passed: Sequence[ApprovalRequest]
    """Small changes that were made without asking since the last workday."""
    waiting: Waiting
    """What waits for the lead's decision, of every kind."""
    delays: Mapping[int, Delay] = field(default_factory=dict)
    """What people said about coming later today, by employee."""
    by_portal: Mapping[int, Sequence[Absence]] = field(default_factory=dict)
    """When people are away today by the portal's calendar, by employee: of no kind, and no leave."""


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """A person's last week."""

    employee: Employee
    today: date
    account: Account
    gaps: Sequence[Gap]


class Digests(UnitService):
    """Gathers what a digest tells."""

    async def team_day(self, portal_id: int, lead_id: int, today: date, now: datetime) -> TeamDay | None:
        """Return a lead's morning; None for somebody who is told of nobody any more, or wants no digest.

        Of a day that is over there is none: its successor has one of its own.
        """
        found = await self._reader(portal_id, lead_id)
        if found is None:
            return None
        portal, lead = found
        if today != _date(lead, now):
            return None
        everybody = await self._uow.employees.of_portal(portal_id)
        people = told_of(everybody).get(lead.id)
        if not people or not lead.wants_digest:
            return None
        since = await self._last_workday(portal, lead, today)
        accounts = await Accounts(self._uow).of(portal, people, min(since, today - LOOKED_BACK), today, now)
        rows = [(each, accounts[each.id]) for each in people]
        gaps = await Gaps(self._uow).among(portal, rows, now)
        approvals = Approvals(self._uow)
        passed = await approvals.passed_by_themselves(lead, now)
        news = [each for each in passed if _date(lead, each.created_at) >= since]
        delays = {
            each.employee_id: each for each in await self._uow.delays.since(portal_id, today) if each.day == today
        }
        waiting = await all_that_waits(Courses(self._uow), await approvals.waiting_for(lead), lead, now)
        by_portal = await away_on(self._uow, people, today)
        return TeamDay(lead, today, since, rows, gaps, news, waiting, delays, by_portal)

    async def person_week(self, portal_id: int, employee_id: int, monday: date, now: datetime) -> PersonWeek | None:
        """Return the week before that Monday; None for somebody who wants no summary now, and once it is older."""
        found = await self._reader(portal_id, employee_id)
        if found is None:
            return None
        portal, employee = found
        today = _date(employee, now)
        if not employee.wants_weekly or (employee.muted_until is not None and today < employee.muted_until):
            return None
        if week_of(today)[0] != monday:
            return None
        first, last = week_of(monday - timedelta(days=7))
        account = await Accounts(self._uow).one(portal, employee, first, last, now)
        gaps = await Gaps(self._uow).among(portal, [(employee, account)], now)
        return PersonWeek(employee, today, account, gaps[employee.id])

    async def is_told(self, employee: Employee) -> bool:
        """Whether there is anybody of whose morning the person is told."""
        return employee.id in told_of(await self._uow.employees.of_portal(employee.portal_id))

    def keep_weekly(self, employee: Employee, *, wanted: bool) -> Employee:
        """Send the weekly summary from now on, or send it no more."""
        after = replace(employee, wants_weekly=wanted)
        self._uow.employees.put(after)
        return after

    def keep_digest(self, lead: Employee, *, wanted: bool) -> Employee:
        """Send the morning's digest from now on, or send it no more."""
        after = replace(lead, wants_digest=wanted)
        self._uow.employees.put(after)
        return after

    async def _last_workday(self, portal: Portal, lead: Employee, today: date) -> date:
        """Return the day of the lead's last digest, which holidays can have put long ago."""
        book = await Rosters(self._uow).book(portal, today - LONGEST_HOLIDAYS, today, [lead])
        roster, before = (
            book.of(lead.id, lead.zone),
            [today - timedelta(days=step + 1) for step in range(LONGEST_HOLIDAYS.days)],
        )
        return next((day for day in before if is_workday(roster, day)), before[0])

    async def _reader(self, portal_id: int, employee_id: int) -> tuple[Portal, Employee] | None:
        portal = await self._uow.portals.get(portal_id)
        employee = await self._uow.employees.get(portal_id, employee_id)
        if portal is None or not portal.is_active or employee is None or employee.is_disabled:
            return None
        return portal, employee


def _date(employee: Employee, at: datetime) -> date:
    return at.astimezone(ZoneInfo(employee.zone)).date()
