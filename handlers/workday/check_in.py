"""Check-in: an employee starts the work day, and is asked what only they can know about it."""

from contextlib import suppress
from dataclasses import replace

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.errors import Refusal
from bot.domain.leave.absence import Absence
from bot.domain.options import REMOTE_IS_ASKED
from bot.domain.workday.punch_log import PunchKind, WorkSession
from bot.messages import Reply, Say
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.people.people import People
from bot.services.reminding.forgotten import Forgotten
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import DayView, Timesheets
from bot.text import Phrase, Time, lines, t
from handlers.cards.day import CheckInPressed, day_card
from handlers.leave.leave import ask_for_leave
from handlers.workday.punches import about_last_day, punch
from handlers.workday.work_on_leave import leave_card

router = Router("check-in")


@router.command("checkin", t("Check in"), intents=("check_in",), params=t("time, if not now"))
@router.pressed(CheckInPressed)
async def check_in(
    turn: Turn,
    recording: Recording,
    timesheets: Timesheets,
    forgotten: Forgotten,
    leaves: Leaves,
    wishes: LeaveWishes,
    people: People,
) -> Reply:
    """Start the work day; from another place, the day is remote as well."""
    is_remote = turn.understood.slots.get("mark") == "remote"
    asks_lead = is_remote and await _asks_lead(turn, leaves)
    if is_remote and (here := await _here_already(turn, timesheets, noted=not asks_lead)) is not None:
        return await _with_question(turn, wishes, leaves, people, here) if asks_lead else here
    reply = await punch(turn, PunchKind.IN, recording, leaves, timesheets)
    if reply.state is not None:
        return reply
    view = await timesheets.day(turn.employee, turn.now)
    session = view.session
    absence = await leaves.covering(turn.employee, session.work_date) if session else None
    asks = [await about_last_day(turn, forgotten), await _about_leave(turn, leaves, session, absence)]
    card, *others = reply.says
    planned = replace(card, text=lines(card.text, None if absence else _plan(view)))
    reply = replace(reply, says=(*(each for each in asks if each), planned, *others))
    return await _with_question(turn, wishes, leaves, people, reply) if asks_lead else reply


async def _asks_lead(turn: Turn, leaves: Leaves) -> bool:
    """Note that the day is remote, unless the portal wants the lead to be asked about it."""
    today = turn.today
    if REMOTE_IS_ASKED.of(turn.portal):
        return not await leaves.of(turn.employee, today, today)
    with suppress(Refusal):  # no check-in is refused because a day is closed
        await leaves.mark_remote(turn.employee, today)
    return False


async def _here_already(turn: Turn, timesheets: Timesheets, *, noted: bool) -> Reply | None:
    """Of somebody at work only the place is noted; a break goes on."""
    view = await timesheets.day(turn.employee, turn.now)
    if view.session is None or view.session.work_date != turn.today:
        return None
    return turn.card(*day_card(view, t("Noted: you work remotely today.") if noted else None))


async def _with_question(turn: Turn, wishes: LeaveWishes, leaves: Leaves, people: People, reply: Reply) -> Reply:
    """Read the remote day back below, for the lead."""
    today = turn.today
    remote = turn.meaning("leave", {"kind": "remote", "from_day": today, "to_day": today})
    asked: Reply = await ask_for_leave(remote, wishes, leaves, people)
    return replace(asked, says=(*reply.says, *asked.says))


def _plan(view: DayView) -> Phrase | None:
    """Say what is planned for the day that begins, as it is: without hours that are approved away (case 1)."""
    plan, session = view.plan, view.session
    if plan is None or session is None or session.breaks:
        return None
    start, end = (Time(each, session.zone) for each in (plan.starts_at, plan.ends_at))
    return t("Planned: {start} – {end}", start=start, end=end)


async def _about_leave(turn: Turn, leaves: Leaves, session: WorkSession | None, absence: Absence | None) -> Say | None:
    """Who comes on a day of leave is asked what that means (case 29)."""
    if session is None or absence is None or not await leaves.note_asked(turn.employee, session.work_date, turn.now):
        return None
    return leave_card(absence, session)
