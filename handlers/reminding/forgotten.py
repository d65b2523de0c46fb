"""Forgotten check-outs: the day is closed where it probably ended, and one tap says whether that is true (case 22)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.actions import Instant
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.events import AccessChanged, RequestAsked, RequestSettled, RequestWithdrawn
from bot.domain.people.employee import Employee
from bot.domain.workday.correction import LONGEST_SESSION, Subject, Wish
from bot.domain.workday.punch_log import WorkSession
from bot.messages import NO_BUTTONS, Keyboard, Reply, Say, State
from bot.ports import Job
from bot.services.people.people import People
from bot.services.periods.closings import Closings
from bot.services.reminding.forgotten import Forgotten
from bot.services.reminding.timers import Timer, Timers
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, Lines, Time, lines, t
from bot.understanding import understand_time
from bot.words.requests import matter_lines, matter_title
from handlers.cards.ends import ConfirmEndPressed, OtherEndPressed, end_card, end_slot
from handlers.cards.periods import confirm_button
from handlers.cards.requests import holders_of
from handlers.impossible import check_possible
from handlers.workday.corrections import correct

router = Router("forgotten")


@dataclass(frozen=True, slots=True)
class AskEnd(State):
    """We asked when the person left on that day."""

    session: int
    started: Instant


@router.due(Timer.AUTO_CLOSE)
async def close(job: Job, occasion: Occasion, people: People, forgotten: Forgotten, timers: Timers) -> Sequence[Notice]:
    """Close what is too long to be true, without a word; the morning after, the person is asked."""
    employee = await people.get(int(job.payload["employee_id"]), job.portal_id)
    if employee is None:
        return ()
    closed = await forgotten.close(employee, occasion.now)
    if isinstance(closed, datetime):
        timers.set(employee, Timer.AUTO_CLOSE, closed)
    elif closed is not None and not employee.is_disabled:
        _ask_later(timers, employee, closed, await forgotten.ask_at(employee, occasion.now))
    return ()


@router.due(Timer.ASK_END)
async def ask(job: Job, occasion: Occasion, people: People, forgotten: Forgotten, timers: Timers) -> Sequence[Notice]:
    """Ask whether the day ended where it was closed, unless that was settled meanwhile."""
    employee = await people.told_by_itself(int(job.payload["employee_id"]), job.portal_id)
    if employee is None:
        return ()
    question = await forgotten.question(employee, int(job.payload["session"]), _instant(int(job.payload["started"])))
    if question is None:
        return ()
    at = await forgotten.ask_at(employee, occasion.now)
    if at > occasion.now:
        _ask_later(timers, employee, question.session, at)
        return ()
    if not await forgotten.note_asked(employee, question.session, occasion.now):
        return ()
    return (Notice(employee, end_card(question, occasion.now)),)


@router.happened(AccessChanged)
async def access_changed(
    event: AccessChanged, occasion: Occasion, people: People, forgotten: Forgotten, timers: Timers
) -> Sequence[Notice]:
    """Who is switched off is at work no longer: the session is closed, unconfirmed, and nobody is asked (case 72)."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is not None and event.is_disabled:
        await forgotten.close(employee, occasion.now)
        timers.clear(employee, *Timer)
    return ()


@router.pressed(ConfirmEndPressed)
async def confirm(
    turn: Turn, press: ConfirmEndPressed, forgotten: Forgotten, people: People, closings: Closings
) -> Reply:
    """The day ended where it was closed; what was settled meanwhile is shown as it is, and what waits is not ended.

    Where that was the last thing to be cleared up of a month or week that is over, its hours can be confirmed now.
    """
    known = press.session, _instant(press.started)
    waits = await forgotten.correction_of(turn.employee, *known)
    if waits is not None:
        return Reply((turn.place(await _waiting(waits, people), NO_BUTTONS, end_slot(press.session)),))
    session = await forgotten.confirm(turn.employee, *known, turn.moment)
    today = turn.today
    clear = await closings.clear_now(turn.portal, turn.employee, session.work_date, today, turn.now)
    buttons = Keyboard.of(confirm_button(*clear)) if clear else NO_BUTTONS
    return Reply((turn.place(_settled(session, turn.now), buttons, end_slot(press.session)),))


@router.pressed(OtherEndPressed)
async def other_end(turn: Turn, press: OtherEndPressed, forgotten: Forgotten, people: People) -> Reply:
    """Ask for the time."""
    known = press.session, _instant(press.started)
    waits = await forgotten.correction_of(turn.employee, *known)
    if waits is not None:
        return Reply((turn.place(await _waiting(waits, people), NO_BUTTONS, end_slot(press.session)),))
    question = await forgotten.question(turn.employee, *known)
    if question is None:
        return Reply((turn.place(t("That day is settled already."), NO_BUTTONS, end_slot(press.session)),))
    asked = t("When did you leave on {day}? For example: 19:30", day=Day(question.session.work_date))
    return turn.ask(AskEnd(press.session, press.started), asked, slot=end_slot(press.session))


@router.happened(RequestAsked)
@router.happened(RequestWithdrawn)
@router.happened(RequestSettled)
async def follow(
    event: RequestAsked | RequestWithdrawn | RequestSettled, occasion: Occasion, people: People, forgotten: Forgotten
) -> Sequence[Notice]:
    """The card of a forgotten day says what waits, asks again once nothing does, and has no buttons once settled."""
    request = event.request
    found = _closed_day_of(request)
    person = await people.get(request.subject_id, event.portal_id)
    if found is None or person is None or request.state is RequestState.REPLACED:
        return ()
    question = await forgotten.question(person, *found)
    if request.is_open:
        say = Say(await _waiting(request, people), NO_BUTTONS)
    elif question is not None:
        say = end_card(question, occasion.now)
    else:
        say = Say(t("That day is settled already."), NO_BUTTONS)
    return (Notice(person, replace(say, slot=end_slot(found[0]), edit=True, only_if_shown=True), "everywhere"),)


@router.answered(AskEnd)
async def end_said(
    turn: Turn, asked: AskEnd, forgotten: Forgotten, recording: Recording, timesheets: Timesheets
) -> Reply:
    """Take the time for that day, and go the way of a correction; other words are a new message."""
    question = await forgotten.question(turn.employee, asked.session, _instant(asked.started))
    if question is None:
        return turn.pass_on()
    at = _time_on(question.session, turn)
    if at is not None:
        return await correct(turn, recording, timesheets, Wish("check_out", at=at), "")
    if turn.understood.intent is not None:
        return turn.pass_on()
    check_possible(turn.message.text, turn)
    return turn.ask(asked, t("I did not understand the time. Write it like this: 19:30"))


def _closed_day_of(request: ApprovalRequest) -> tuple[int, datetime] | None:
    """Return the session and its start where a correction says the end of a day that nobody had ended."""
    if not isinstance(request.matter, CorrectionMatter):
        return None
    what, _, number = request.matter.plan.target.partition(":")
    if what != Subject.CHECK_OUT or not number.isdigit():
        return None
    forgotten = [each for each in request.matter.plan.before if each.end is None]
    return (int(number), forgotten[-1].start) if forgotten else None


async def _waiting(request: ApprovalRequest, people: People) -> Lines:
    names = ", ".join(each.name for each in (await holders_of(request, people))[:3])
    return lines(
        t("📨 *{what}* – sent", what=matter_title(request.matter)),
        *matter_lines(request.matter),
        t("Decides: {names}", names=names),
    )


def _time_on(session: WorkSession, turn: Turn) -> datetime | None:
    """Return the one instant that the words can mean: of that day, or of the night after."""
    said: set[object] = set()
    for day in (session.work_date, session.work_date + timedelta(days=1)):
        found = understand_time(
            turn.message.text,
            locale=turn.employee.locale,
            zone=ZoneInfo(session.zone),
            now=turn.now,
            intent="check_out",
            day=day,
        )
        said |= {each.slots.get("at") for each in found}
    latest = min(turn.now, session.started_at + LONGEST_SESSION)
    fitting = [at for at in said if isinstance(at, datetime) and session.started_at < at <= latest]
    return fitting[0] if len(fitting) == 1 else None


def _settled(session: WorkSession, now: datetime) -> Lines:
    start, end = Time(session.started_at, session.zone), Time(session.ended_at or now, session.zone)
    return lines(t("✅ {day}: {start} – {end}, confirmed.", day=Day(session.work_date), start=start, end=end))


def _ask_later(timers: Timers, employee: Employee, session: WorkSession, at: datetime) -> None:
    timers.set(employee, Timer.ASK_END, at, session=session.id, started=int(session.started_at.timestamp()))


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
