"""Marks, days, accounts and what can be mended: all of it from the one account that chat and files show."""

from datetime import UTC, timedelta

from bot.api.operation import Answer, Call, Operation
from bot.api.operations.people import people_after, person_of, seen_person
from bot.api.problems import KEYS_ONLY, NOT_FOUND, PERSON_WANTED, own
from bot.api.schemas.base import Days, seconds, seconds_or_none, text_id, text_id_or_none, utc, utc_or_none
from bot.api.schemas.hours import (
    AbsenceForm,
    Absences,
    AccountForm,
    Accounts,
    AccountsQuery,
    AwayForm,
    BreakForm,
    DayForm,
    DaysOfPerson,
    GapForm,
    GapsOfPerson,
    PlannedForm,
    Punch,
    RosterForm,
    SessionForm,
    TodayForm,
)
from bot.domain.errors import AlreadyIn, AlreadyOnBreak, InFuture, NothingToUndo, NotIn, NotOnBreak
from bot.domain.leave.absence import Absence
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Employee
from bot.domain.people.staff import line_above
from bot.domain.periods.period import PeriodClosed, days_between
from bot.domain.reports.account import Account, DayAccount, Flag
from bot.domain.reports.gaps import Gap
from bot.domain.rights import Right
from bot.domain.workday.correction import Misfit, StillToCome
from bot.domain.workday.punch_log import PunchKind, WorkSession
from bot.ports import UnitOfWork
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.planning.rosters import Rosters
from bot.services.reports.accounts import Accounts as AccountsService
from bot.services.reports.gaps import Gaps
from bot.services.workday.programs import MarksByPrograms, TooLongAgo
from bot.services.workday.timesheets import DayView, Timesheets

_PUNCHES = (Misfit, StillToCome, AlreadyIn, NotIn, AlreadyOnBreak, NotOnBreak, InFuture, PeriodClosed, TooLongAgo)
_DAY = timedelta(days=1)

PUNCH = Operation(
    "POST",
    "/punches",
    Scope.HOURS_WRITE,
    answers=TodayForm,
    body=Punch,
    status=201,
    refuses=(*_PUNCHES, KEYS_ONLY, PERSON_WANTED, NOT_FOUND),
)


@PUNCH.run
async def punch(call: Call, body: Punch, marks: MarksByPrograms, people: People, timesheets: Timesheets) -> Answer:
    """Record a mark: one's own, or by a key of the portal somebody's, who is told of it."""
    subject, program = call.person, ""
    if call.reader.is_service:
        if body.person_id is None:
            raise own(PERSON_WANTED)
        found = await people.get(int(body.person_id), call.portal.id)
        if found is None or found.is_disabled:
            raise own(NOT_FOUND)
        subject, program = found, call.reader.key.name
    elif body.person_id is not None and int(body.person_id) != subject.id:
        raise own(KEYS_ONLY)
    await marks.record(subject, PunchKind(body.kind.value), body.at, call.now, call.turn, call.person.id, program)
    return Answer(_today(subject, await timesheets.day(subject, call.now)))


UNDO = Operation(
    "DELETE",
    "/punches/last",
    Scope.HOURS_WRITE,
    answers=TodayForm,
    refuses=(NothingToUndo, PeriodClosed, PERSON_WANTED),
)


@UNDO.run
async def undo_punch(call: Call, marks: MarksByPrograms, timesheets: Timesheets) -> TodayForm:
    """Take back one's last mark, for five minutes."""
    person = call.only_persons()
    await marks.undo(person, call.now, call.turn)
    return _today(person, await timesheets.day(person, call.now))


DAYS = Operation("GET", "/people/{person_id}/days", Scope.HOURS_READ, answers=DaysOfPerson, query=Days)


@DAYS.run
async def list_days(call: Call, people: People, accounts: AccountsService) -> DaysOfPerson:
    """Show the work dates of a person."""
    query = call.check_days()
    subject = await seen_person(call, people, Right.SEE_HOURS)
    account = await accounts.one(call.portal, subject, query.first, query.last, call.now)
    items = [_day(each) for each in account.days]
    return DaysOfPerson(person_id=text_id(subject.id), first=query.first, last=query.last, items=items, next=None)


ACCOUNT = Operation("GET", "/people/{person_id}/account", Scope.HOURS_READ, answers=AccountForm, query=Days)


@ACCOUNT.run
async def get_account(call: Call, people: People, accounts: AccountsService) -> AccountForm:
    """Show what a period of a person adds up to."""
    query = call.check_days()
    subject = await seen_person(call, people, Right.SEE_HOURS)
    return _account(subject, await accounts.one(call.portal, subject, query.first, query.last, call.now))


ACCOUNTS = Operation("GET", "/accounts", Scope.HOURS_READ, answers=Accounts, query=AccountsQuery)


@ACCOUNTS.run
async def list_accounts(
    call: Call, query: AccountsQuery, people: People, departments: Departments, accounts: AccountsService
) -> Accounts:
    """List what a period adds up to, of everybody whose hours the caller may see, by name."""
    call.check_days()
    found = [each for each in await people.within(call.person, Right.SEE_HOURS) if not each.is_disabled]
    if query.department is not None:
        known = await departments.all_of(call.portal)
        below = {each.id for each in known if int(query.department) in line_above(known, each.id)}
        places = await departments.places(call.portal, query.last)
        found = [each for each in found if places.get(each.id) in below]
    rows, after = call.next(people_after(call, found), lambda each: [each.name, each.id])
    counted = await accounts.of(call.portal, rows, query.first, query.last, call.now) if rows else {}
    return Accounts(items=[_account(each, counted[each.id]) for each in rows], next=after)


GAPS = Operation("GET", "/people/{person_id}/gaps", Scope.HOURS_READ, answers=GapsOfPerson, query=Days)


@GAPS.run
async def list_gaps(call: Call, people: People, gaps: Gaps) -> GapsOfPerson:
    """List what is not right in a person's days and can be mended."""
    query = call.check_days()
    subject = await seen_person(call, people, Right.SEE_HOURS)
    found = await gaps.of(call.portal, subject, query.first, query.last, call.now)
    return GapsOfPerson(items=[_gap(each) for each in found], next=None)


ABSENCES = Operation("GET", "/people/{person_id}/absences", Scope.PLANS_READ, answers=Absences, query=Days)


@ABSENCES.run
async def list_absences(call: Call, people: People, uow: UnitOfWork) -> Absences:
    """List the approved absences of a person that touch some days."""
    query = call.check_days()
    subject = await seen_person(call, people, Right.SEE_HOURS)
    found = await uow.absences.of(subject, query.first, query.last)
    return Absences(items=[_absence(each) for each in found], next=None)


ROSTER = Operation("GET", "/people/{person_id}/roster", Scope.PLANS_READ, answers=RosterForm, query=Days)


@ROSTER.run
async def get_roster(call: Call, people: People, rosters: Rosters) -> RosterForm:
    """Show what is planned for a person on each day."""
    query = call.check_days()
    subject = await seen_person(call, people, Right.SEE_SCHEDULES)
    book = await rosters.book(call.portal, query.first - _DAY, query.last + _DAY, [subject])
    roster = book.of(subject.id, subject.zone)
    items = []
    for day in days_between(query.first, query.last):
        shift = roster.shift(day)
        items.append(
            PlannedForm(
                day=day,
                schedule=roster.schedule(day).kind.value,
                is_employed=roster.is_employed(day),
                starts_at=utc_or_none(shift.starts_at if shift else None),
                ends_at=utc_or_none(shift.ends_at if shift else None),
                name=shift.name if shift else "",
                plan_seconds=seconds(shift.norm) if shift else 0,
            )
        )
    return RosterForm(person_id=text_id(subject.id), zone=subject.zone, items=items, next=None)


def _today(person: Employee, view: DayView) -> TodayForm:
    return TodayForm(
        person_id=text_id(person.id),
        day=view.total.day,
        state=view.state.value,
        sessions=[_session(each) for each in view.total.sessions],
        worked_seconds=seconds(view.total.worked),
        break_seconds=seconds(view.total.on_break),
        may_undo=view.may_undo,
    )


def _session(each: WorkSession) -> SessionForm:
    breaks = [BreakForm(started_at=utc(one.started_at), ended_at=utc_or_none(one.ended_at)) for one in each.breaks]
    return SessionForm(
        id=text_id(each.id),
        started_at=utc(each.started_at),
        ended_at=utc_or_none(each.ended_at),
        breaks=breaks,
        is_unconfirmed=each.is_auto,
    )


def _absence(each: Absence) -> AbsenceForm:
    return AbsenceForm(
        id=text_id(each.id),
        person_id=text_id(each.employee_id),
        kind=each.kind.value,
        first=each.first,
        last=each.last,
        starts_at=utc_or_none(each.start),
        ends_at=utc_or_none(each.end),
        request_id=text_id_or_none(each.request_id),
    )


def _day(each: DayAccount) -> DayForm:
    shift = each.shift
    return DayForm(
        day=each.day,
        is_workday=each.is_workday,
        is_employed=each.is_employed,
        starts_at=utc_or_none(shift.starts_at if shift else None),
        ends_at=utc_or_none(shift.ends_at if shift else None),
        sessions=[_session(one) for one in each.sessions],
        absences=[_absence(one) for one in each.absences],
        flags=sorted(flag.value for flag in each.flags),
        worked_seconds=seconds(each.worked),
        break_seconds=seconds(each.on_break),
        plan_seconds=seconds(each.plan),
        norm_seconds=seconds(each.norm) if each.norm_is_known else None,
        balance_seconds=seconds_or_none(each.balance),
        over_seconds=seconds(each.over),
        overtime_seconds=seconds(each.overtime),
        night_seconds=seconds(each.night),
        holiday_seconds=seconds(each.holiday),
        off_day_seconds=seconds(each.off_day),
        late_seconds=seconds(each.late),
        early_seconds=seconds(each.early),
    )


def _account(person: Employee, account: Account) -> AccountForm:
    away = [
        AwayForm(kind=kind.value, days=each.days, workdays=each.workdays, hours_seconds=seconds(each.hours))
        for kind, each in account.absences.items()
    ]
    return AccountForm(
        person_id=text_id(person.id),
        name=person.name,
        first=account.first,
        last=account.last,
        worked_seconds=seconds(account.worked),
        break_seconds=seconds(account.on_break),
        plan_seconds=seconds(account.plan),
        norm_seconds=seconds_or_none(account.norm),
        balance_seconds=seconds_or_none(account.balance),
        over_seconds=seconds(account.over),
        overtime_seconds=seconds(account.overtime),
        night_seconds=seconds(account.night),
        holiday_seconds=seconds(account.holiday),
        off_day_seconds=seconds(account.off_day),
        late_seconds=seconds(account.late),
        early_seconds=seconds(account.early),
        days_worked=account.days_worked,
        late_times=account.late_times,
        early_times=account.early_times,
        absences=away,
        flagged={flag.value: count for flag in Flag if (count := len(account.flagged(flag)))},
    )


def _gap(gap: Gap) -> GapForm:
    part = gap.pause or gap.session
    return GapForm(
        kind=gap.kind.value,
        day=gap.day.day,
        session_id=text_id_or_none(gap.session.id if gap.session else None),
        started_at=utc_or_none(part.started_at.astimezone(UTC) if part else None),
        ended_at=utc_or_none(part.ended_at if part else None),
        limit_seconds=seconds(gap.limit),
    )


OPERATIONS = (PUNCH, UNDO, DAYS, ACCOUNT, ACCOUNTS, GAPS, ABSENCES, ROSTER)
__all__ = ["OPERATIONS", "person_of"]
