"""Periods: confirmed by each, approved by leads, closed and opened again."""

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.problems import PERSON_WANTED
from bot.api.schemas.base import seconds, text_id, text_id_or_none, utc, utc_or_none
from bot.api.schemas.periods import (
    Approval,
    ClosingForm,
    Closings,
    Confirmation,
    NewClosing,
    Reopening,
    SheetForm,
    Sheets,
    SheetsQuery,
)
from bot.domain.approvals.refusals import ReasonWanted
from bot.domain.errors import LeadsOnly, NotAllowed
from bot.domain.people.api_key import Scope
from bot.domain.periods.period import (
    Closing,
    NotClosed,
    NothingRecorded,
    NothingToApprove,
    PeriodBlocked,
    PeriodClosed,
    PeriodNotOver,
    PeriodTooLong,
)
from bot.domain.rights import Right
from bot.ports import UnitOfWork
from bot.services.people.people import People
from bot.services.periods.closings import Closings as ClosingsService
from bot.services.periods.closings import Sheet
from bot.words.people import mention

PERIODS = Operation("GET", "/periods", Scope.PERIODS_READ, answers=Closings)


@PERIODS.run
async def list_periods(call: Call, uow: UnitOfWork) -> Closings:
    """List what was closed, newest first, and what was opened again."""
    found = await uow.periods.closings(call.portal.id)
    return Closings(items=[_closing(each) for each in reversed(found)], next=None)


SHEETS = Operation(
    "GET", "/periods/sheets", Scope.PERIODS_READ, answers=Sheets, query=SheetsQuery, refuses=(PeriodTooLong,)
)


@SHEETS.run
async def list_sheets(call: Call, query: SheetsQuery, people: People, closings: ClosingsService) -> Sheets:
    """Show whose hours of some days are right, and what stands in the way, of everybody whom the caller may see."""
    seen = [each for each in await people.within(call.person, Right.SEE_HOURS) if not each.is_disabled]
    found = await closings.sheets(call.portal, seen, query.first, query.last, call.now)
    return Sheets(items=[_sheet(each) for each in found], next=None)


CONFIRM = Operation(
    "POST",
    "/periods/confirmations",
    Scope.PERIODS_WRITE,
    answers=SheetForm,
    body=Confirmation,
    shows=Right.SEE_HOURS,
    status=201,
    refuses=(PeriodBlocked, PeriodNotOver, PeriodTooLong, PeriodClosed, NothingRecorded, PERSON_WANTED),
)


@CONFIRM.run
async def confirm_period(call: Call, body: Confirmation, closings: ClosingsService) -> SheetForm:
    """Say that one's own hours of a period are right."""
    person = call.only_persons()
    done = await closings.confirm(call.portal, person, body.first, body.last, call.now, even_empty=body.even_empty)
    return _sheet(done)


APPROVE = Operation(
    "POST",
    "/periods/approvals",
    Scope.PERIODS_WRITE,
    answers=Sheets,
    body=Approval,
    shows=Right.SEE_HOURS,
    status=201,
    refuses=(NothingToApprove, PeriodTooLong, PeriodClosed, LeadsOnly, PERSON_WANTED),
)


@APPROVE.run
async def approve_period(call: Call, body: Approval, closings: ClosingsService) -> Sheets:
    """Approve hours that the caller's people confirmed: of everybody who waits, or of one."""
    person = call.only_persons()
    only = None if body.person_id is None else number_of(body.person_id)
    done = await closings.approve(call.portal, person, body.first, body.last, call.now, only)
    return Sheets(items=[_sheet(each) for each in done], next=None)


CLOSE = Operation(
    "POST",
    "/periods/closings",
    Scope.PERIODS_WRITE,
    answers=ClosingForm,
    body=NewClosing,
    status=201,
    refuses=(NotAllowed, PeriodBlocked, PeriodNotOver, PeriodTooLong, PeriodClosed, PERSON_WANTED),
)


@CLOSE.run
async def close_period(call: Call, body: NewClosing, closings: ClosingsService) -> ClosingForm:
    """Close a period: nothing in it changes any more."""
    person = call.only_persons()
    return _closing(await closings.close(call.portal, person, body.first, body.last, call.now, anyway=body.anyway))


REOPEN = Operation(
    "POST",
    "/periods/reopenings",
    Scope.PERIODS_WRITE,
    answers=Closings,
    body=Reopening,
    refuses=(NotAllowed, NotClosed, ReasonWanted, PERSON_WANTED),
)


@REOPEN.run
async def reopen_period(call: Call, body: Reopening, closings: ClosingsService) -> Answer:
    """Open every closing that touches some days again, on record."""
    person = call.only_persons()
    done = await closings.reopen(call.portal, person, body.first, body.last, body.why, call.now)
    return Answer(Closings(items=[_closing(each) for each in done], next=None))


def _closing(each: Closing) -> ClosingForm:
    return ClosingForm(
        id=text_id(each.id),
        first=each.first,
        last=each.last,
        closed_by=text_id(each.closed_by),
        closed_at=utc(each.closed_at),
        reopened_by=text_id_or_none(each.reopened_by),
        reopened_at=utc_or_none(each.reopened_at),
        reason=each.reason or None,
    )


def _sheet(each: Sheet) -> SheetForm:
    return SheetForm(
        person_id=text_id(each.employee.id),
        name=mention(each.employee).name,
        worked_seconds=seconds(each.account.worked),
        is_confirmed=each.is_confirmed,
        is_approved=each.is_approved,
        blockers=[f"{one.day} {one.kind.value}" for one in each.blockers],
    )


OPERATIONS = (PERIODS, SHEETS, CONFIRM, APPROVE, CLOSE, REOPEN)
