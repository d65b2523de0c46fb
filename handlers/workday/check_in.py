"""Check-in: an employee starts the work day, and is asked what only they can know about it."""

from dataclasses import replace

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.absence import Absence
from bot.domain.workday import WorkSession
from bot.messages import Reply, Say
from bot.services.desk import Desk
from bot.services.forgotten import Forgotten
from bot.services.leaves import Leaves
from bot.services.time_clock import TimeClock
from bot.services.timesheets import DayView
from bot.text import Phrase, Time, lines, t
from handlers.workday.cards import CheckInPressed
from handlers.workday.punches import about_last_day, punch
from handlers.workday.work_on_leave import leave_card

router = Router("check-in")


@router.command("checkin", t("Check in"), intents=("check_in",), params=t("time, if not now"))
@router.pressed(CheckInPressed)
async def check_in(turn: Turn, clock: TimeClock, desk: Desk, forgotten: Forgotten, leaves: Leaves) -> Reply:
    """Start the work day."""
    reply = await punch(turn, "check_in", clock.check_in, desk)
    if reply.state is not None:
        return reply
    view = await desk.timesheets.day(turn.employee, turn.now)
    session = view.session
    absence = await leaves.covering(turn.employee, session.work_date) if session else None
    asks = [await about_last_day(turn, forgotten), await _about_leave(turn, leaves, session, absence)]
    card, *others = reply.says
    planned = replace(card, text=lines(card.text, None if absence else _plan(view)))
    return replace(reply, says=(*(each for each in asks if each), planned, *others))


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
