"""Changes of approved absences: asked for as in chat, decided by whoever decides."""

from datetime import date

from bot.api.operation import Answer, Call, Operation
from bot.api.operations.asking import made_answer
from bot.api.problems import NOT_FOUND, PERSON_WANTED, own
from bot.api.schemas.plans import AbsenceCancellation, AbsenceEnd, AbsenceMove
from bot.api.schemas.requests import Made
from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.errors import NotYourPeople
from bot.domain.leave.absence import Absence
from bot.domain.leave.changing import LeaveChange, LeaveIsOver, NotBefore, SameDays, WrongDays
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Employee
from bot.domain.periods.period import PeriodClosed
from bot.domain.rights import Right
from bot.services.leave.balances import NotEnoughLeft
from bot.services.leave.change_wishes import ChangeWishes
from bot.services.leave.changes import LeaveChanges, LeaveIsAnother
from bot.services.leave.leaves import DaysTaken
from bot.services.people.people import People
from bot.services.workday.recording import Recording

_ASKS = (NobodyToAsk, NotYourPeople, PeriodClosed, LeaveIsAnother, LeaveIsOver, NotEnoughLeft, PERSON_WANTED)
_NEW_DAYS = (*_ASKS, NotBefore, SameDays, WrongDays, DaysTaken)

MOVE = Operation(
    "POST",
    "/absences/{absence_id}/move",
    Scope.REQUESTS_WRITE,
    answers=Made,
    body=AbsenceMove,
    status=201,
    refuses=(*_NEW_DAYS, "unknown_year"),
)


@MOVE.run
async def move_absence(
    call: Call, body: AbsenceMove, people: People, recording: Recording, changes: LeaveChanges, wishes: ChangeWishes
) -> Answer:
    """Ask for other days of an approved absence; of one that runs, for what is left of it."""
    return await _other_days(call, (body.first, body.last), body.reason, people, recording, changes, wishes)


SHORTEN = Operation(
    "POST",
    "/absences/{absence_id}/shorten",
    Scope.REQUESTS_WRITE,
    answers=Made,
    body=AbsenceEnd,
    status=201,
    refuses=_NEW_DAYS,
)


@SHORTEN.run
async def shorten_absence(
    call: Call, body: AbsenceEnd, people: People, recording: Recording, changes: LeaveChanges, wishes: ChangeWishes
) -> Answer:
    """Ask for another last day of an approved absence."""
    return await _other_days(call, (None, body.last), body.reason, people, recording, changes, wishes)


CANCEL = Operation(
    "POST",
    "/absences/{absence_id}/cancel",
    Scope.REQUESTS_WRITE,
    answers=Made,
    body=AbsenceCancellation,
    status=201,
    refuses=_ASKS,
)


@CANCEL.run
async def cancel_absence(
    call: Call,
    body: AbsenceCancellation,
    people: People,
    recording: Recording,
    changes: LeaveChanges,
    wishes: ChangeWishes,
) -> Answer:
    """Ask for an approved absence not to be; of one that runs, for its days after today."""
    by, subject, absence = await _absence(call, people, recording, changes)
    change = changes.cancelled(absence, subject.today(call.now))
    return await _ask(call, by, subject, change, body.reason, wishes)


async def _other_days(
    call: Call,
    days: tuple[date | None, date | None],
    reason: str,
    people: People,
    recording: Recording,
    changes: LeaveChanges,
    wishes: ChangeWishes,
) -> Answer:
    by, subject, absence = await _absence(call, people, recording, changes)
    change = await changes.moved(call.portal, subject, absence, *days, subject.today(call.now))
    return await _ask(call, by, subject, change, reason, wishes)


async def _absence(
    call: Call, people: People, recording: Recording, changes: LeaveChanges
) -> tuple[Employee, Employee, Absence]:
    """Return who asks, about whom, and the absence of the address; what the caller may not see is not there."""
    by = call.only_persons()
    absence = await changes.by_id(call.portal.id, call.id("absence_id"))
    subject = None if absence is None else await people.get(absence.employee_id, call.portal.id)
    if absence is None or subject is None or not await people.may(by, Right.SEE_HOURS, subject):
        raise own(NOT_FOUND)
    await recording.check(by, subject)
    return by, subject, absence


async def _ask(
    call: Call, by: Employee, subject: Employee, change: LeaveChange, reason: str, wishes: ChangeWishes
) -> Answer:
    return made_answer(call, await wishes.send(call.portal, by, subject, change, call.now, reason=reason))


OPERATIONS = (MOVE, SHORTEN, CANCEL)
