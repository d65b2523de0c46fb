"""Closings: a person finds a period right, their lead approves; who closes it may open it again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from bot.domain.approvals.request import CLOSED, ApprovalRequest
from bot.domain.days import month_of
from bot.domain.events import DaysClosed, PeriodAsked, PeriodConfirmed, RequestSettled
from bot.domain.people.employee import Employee
from bot.domain.periods.period import (
    LONGEST_PERIOD,
    Blocker,
    BlockerKind,
    Closing,
    Confirmation,
    NotClosed,
    NothingRecorded,
    NothingToApprove,
    PeriodBlocked,
    PeriodNotOver,
    PeriodTooLong,
    blockers_of,
    days_between,
    fingerprint_of,
    is_confirmed,
    lock_on,
)
from bot.domain.portal import Portal
from bot.domain.reports.account import Account
from bot.domain.rights import Right, check, within
from bot.domain.workday.timesheet import week_of
from bot.gently import gently
from bot.ids import new_id
from bot.services.approvals.reopening import Reopening
from bot.services.periods.locks import Locks
from bot.services.periods.news import PeriodNews
from bot.services.reports.accounts import Accounts
from bot.services.unit_service import UnitService


@dataclass(frozen=True, slots=True)
class Sheet:
    """One person's hours of a period: what stands in the way of closing them, and who found them right."""

    employee: Employee
    account: Account
    blockers: tuple[Blocker, ...]
    is_confirmed: bool
    is_approved: bool
    confirmation: Confirmation | None = None
    """Of exactly these days, while the hours are what was looked at."""

    @property
    def matters(self) -> bool:
        """Whether anything was recorded, or planned: who has neither marks nor a schedule keeps no hours here."""
        is_planned = any(each.is_compared and each.is_workday for each in self.account.days)
        return (is_planned and not self.employee.is_disabled) or any(each.sessions for each in self.account.days)

    @property
    def is_empty(self) -> bool:
        """Whether there were workdays, and neither work nor leave on any of them."""
        days = [each for each in self.account.days if each.is_workday]
        return bool(days) and not self.account.worked and not any(each.absences for each in days)


@dataclass(frozen=True, slots=True)
class Review:
    """A period before it is closed: everybody's sheets, and the requests about it that wait."""

    first: date
    last: date
    sheets: tuple[Sheet, ...]
    waiting: tuple[ApprovalRequest, ...]

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """Everything that stands in the way, by person and date."""
        return tuple(chain.from_iterable(each.blockers for each in self.sheets))

    @property
    def hard(self) -> tuple[Blocker, ...]:
        """What nobody can close over: hours that are not known (case 26)."""
        return tuple(each for each in self.blockers if each.kind is not BlockerKind.PENDING)


class Closings(UnitService):
    """The one place where periods are confirmed, approved, closed and reopened."""

    async def sheet(self, portal: Portal, employee: Employee, first: date, last: date, now: datetime) -> Sheet:
        """Return one person's sheet."""
        return (await self.sheets(portal, [employee], first, last, now))[0]

    async def sheets(
        self, portal: Portal, people: Sequence[Employee], first: date, last: date, now: datetime
    ) -> list[Sheet]:
        """Return several people's sheets, in the order given."""
        _check_days(first, last)
        confirmations = await self._uow.periods.confirmations(portal.id, first, last)
        begin = min((first, *(each.first for each in confirmations)))
        end = max((last, *(each.last for each in confirmations)))
        accounts = await Accounts(self._uow).of(portal, people, begin, end, now)
        waiting = await self._waiting(portal, first, last)

        def sheet(each: Employee) -> Sheet:
            confirmed = [one for one in confirmations if one.employee_id == each.id]
            asked = [one for one in waiting if one.subject_id == each.id]
            return _sheet(each, accounts[each.id], confirmed, asked, first, last)

        return await gently(sheet, people)

    async def confirm(
        self, portal: Portal, person: Employee, first: date, last: date, now: datetime, *, even_empty: bool = False
    ) -> Sheet:
        """Take the person's word that these hours are right; PeriodBlocked where they are not clear yet.

        Workdays without any work are NothingRecorded until the person says that they are meant.
        """
        sheet = await self.sheet(portal, person, first, last, now)
        if last > person.today(now):
            raise PeriodNotOver(first, last)
        await Locks(self._uow).check(portal, days_between(first, last))
        if sheet.blockers:
            raise PeriodBlocked(first, last, sheet.blockers)
        if sheet.confirmation is not None:
            return sheet
        if sheet.is_empty and not even_empty:
            raise NothingRecorded(first, last)
        mark = fingerprint_of(sheet.account)
        confirmation = Confirmation(portal.id, person.id, first, last, mark, person.id, now)
        self._uow.periods.put_confirmation(confirmation)
        self._uow.events.append(PeriodConfirmed(portal.id, person.id, first, last))
        return replace(sheet, is_confirmed=True, confirmation=confirmation)

    async def clear_now(
        self, portal: Portal, person: Employee, day: date, today: date, now: datetime
    ) -> tuple[date, date] | None:
        """Return the month of a day, while that runs its week, if it is over, clear and not confirmed; else None."""
        first, last = month_of(day) if month_of(day)[1] < today else week_of(day)
        if last >= today:
            return None
        sheet = await self.sheet(portal, person, first, last, now)
        return None if sheet.blockers or sheet.is_confirmed else (first, last)

    async def waiting_for(self, portal: Portal, lead: Employee, first: date, last: date, now: datetime) -> list[Sheet]:
        """Return the sheets of just these days that the lead's people confirmed and nobody approved."""
        everybody = await self._uow.employees.of_portal(portal.id)
        people = [each for each in within(lead, Right.APPROVE_PERIODS, everybody) if each.id != lead.id]
        sheets = await self.sheets(portal, people, first, last, now)
        return [each for each in sheets if each.confirmation is not None and each.confirmation.approved_by is None]

    async def approve(
        self, portal: Portal, lead: Employee, first: date, last: date, now: datetime, only: int | None = None
    ) -> list[Sheet]:
        """Approve what the lead's people confirmed, or what one of them did; NothingToApprove when that is nothing."""
        found = await self.waiting_for(portal, lead, first, last, now)
        chosen = [each for each in found if only is None or each.employee.id == only]
        if not chosen:
            raise NothingToApprove
        done = []
        for sheet in chosen:
            if sheet.confirmation is not None:
                approved = replace(sheet.confirmation, approved_by=lead.id, approved_at=now)
                self._uow.periods.put_confirmation(approved)
                done.append(replace(sheet, is_approved=True, confirmation=approved))
        return done

    async def review(self, portal: Portal, closer: Employee, first: date, last: date, now: datetime) -> Review:
        """Return what closing the days would mean; PeriodNotOver while somebody's last day still runs."""
        check(closer, Right.CLOSE_PERIODS)
        _check_days(first, last)
        everybody = await self._uow.employees.of_portal(portal.id)
        zones = {portal.zone, *(each.zone for each in everybody if not each.is_disabled)}
        if any(now.astimezone(ZoneInfo(zone)).date() <= last for zone in zones):
            raise PeriodNotOver(first, last)
        closings = await self._uow.periods.closings(portal.id)
        if all(lock_on(closings, [day]) for day in days_between(first, last)):
            await Locks(self._uow).check(portal, [first])
        sheets = await self.sheets(portal, everybody, first, last, now)
        waiting = await self._waiting(portal, first, last)
        return Review(first, last, tuple(each for each in sheets if each.matters or each.blockers), tuple(waiting))

    async def close(
        self, portal: Portal, closer: Employee, first: date, last: date, now: datetime, *, anyway: bool = False
    ) -> Closing:
        """Close the days. What waits is ended with a note where that was agreed to; else PeriodBlocked (case 68)."""
        review = await self.review(portal, closer, first, last, now)
        if review.hard or (review.waiting and not anyway):
            raise PeriodBlocked(first, last, review.blockers)
        for request in review.waiting:
            gone = request.failed(now, CLOSED)
            self._uow.requests.put(gone)
            self._uow.events.append(RequestSettled(gone.portal_id, gone.subject_id, gone, aside=True))
        closing = Closing(new_id(), portal.id, first, last, closer.id, now)
        self._uow.periods.close(portal, closing)
        self._uow.events.append(DaysClosed(portal.id, closer.id, first, last))
        PeriodNews(self._uow).spread(closing, now, {each.subject_id for each in review.waiting})
        self._uow.audit.add(portal.id, actor_id=closer.id, subject_id=None, what=f"closed {first}..{last}", at=now)
        return closing

    async def reopen(
        self, portal: Portal, closer: Employee, first: date, last: date, reason: str, now: datetime
    ) -> list[Closing]:
        """Open every closing that touches the days again, on record; NotClosed when there is none."""
        check(closer, Right.CLOSE_PERIODS)
        done = []
        for each in await self._touching(portal, first, last):
            done.append(await Reopening(self._uow).open(each, closer.id, reason, now))
            what = f"reopened {each.first}..{each.last}"
            self._uow.audit.add(portal.id, actor_id=closer.id, subject_id=None, what=what, at=now)
        return done

    async def closed(self, portal: Portal) -> list[Closing]:
        """Return the closings that hold, the latest days first."""
        found = [each for each in await self._uow.periods.closings(portal.id) if each.is_closed]
        return sorted(found, key=lambda each: each.first, reverse=True)

    async def touching(self, portal: Portal, first: date, last: date) -> Closing:
        """Return the first closing that holds on one of the days; NotClosed when there is none."""
        return (await self._touching(portal, first, last))[0]

    async def _touching(self, portal: Portal, first: date, last: date) -> list[Closing]:
        found = await self._uow.periods.closings(portal.id)
        touched = [each for each in found if each.is_closed and each.first <= last and each.last >= first]
        if not touched:
            raise NotClosed(first, last)
        return touched

    async def ask(
        self, portal: Portal, actor: Employee, first: date, last: date, now: datetime, only: int | None
    ) -> int:
        """Let a person, or everybody who has not confirmed, be asked to look at their hours; how many are asked."""
        if only == actor.id:
            self._uow.events.append(PeriodAsked(portal.id, actor.id, first, last, actor.id))
            return 1
        review = await self.review(portal, actor, first, last, now)
        chosen = [
            each.employee
            for each in review.sheets
            if (
                each.employee.id == only if only is not None else not each.is_confirmed and each.employee.id != actor.id
            )
        ]
        self._uow.events += [PeriodAsked(portal.id, each.id, first, last, actor.id) for each in chosen]
        return len(chosen)

    async def portal(self, portal_id: int) -> Portal | None:
        """Return the portal of that id."""
        return await self._uow.portals.get(portal_id)

    async def closing(self, portal: Portal, closing_id: int) -> Closing | None:
        """Return a closing that still holds."""
        found = await self._uow.periods.closings(portal.id)
        return next((each for each in found if each.id == closing_id and each.is_closed), None)

    async def _waiting(self, portal: Portal, first: date, last: date) -> list[ApprovalRequest]:
        pending = await self._uow.requests.pending(portal.id)
        return [each for each in pending if _within(each.matter.days, first, last)]


def _sheet(
    person: Employee,
    account: Account,
    confirmations: Iterable[Confirmation],
    waiting: Iterable[ApprovalRequest],
    first: date,
    last: date,
) -> Sheet:
    known = list(confirmations)
    own = account.part(first, last)
    exact = (each for each in known if (each.first, each.last) == (first, last))
    confirmation = next((each for each in exact if each.fingerprint == fingerprint_of(own)), None)
    blocked = [
        Blocker(person.id, BlockerKind.PENDING, _within(each.matter.days, first, last)[0], request_id=each.id)
        for each in waiting
    ]
    return Sheet(
        person,
        own,
        (*blockers_of(own), *blocked),
        is_confirmed(account, known, first, last),
        is_confirmed(account, [each for each in known if each.approved_by is not None], first, last),
        confirmation,
    )


def _within(days: Iterable[date], first: date, last: date) -> list[date]:
    return [each for each in days if first <= each <= last]


def _check_days(first: date, last: date) -> None:
    if last < first or last - first > LONGEST_PERIOD:
        raise PeriodTooLong
