"""Status and today: where am I in my day, and what is in it."""

from datetime import datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.away import in_force
from bot.domain.workday.timesheet import DayTotal
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.workday.timesheets import DayView, Timesheets
from bot.text import Day, Duration, Phrase, Time, lines, t
from bot.words.leave import absence_line
from handlers.cards.day import TodayPressed, day_card, keyboard

router = Router("status")


@router.command("status", t("Where I am in my day"), intents=("status",))
async def status(turn: Turn, timesheets: Timesheets, leaves: Leaves) -> Reply:
    """Show the day card, and the absence of today if there is one."""
    view = await timesheets.day(turn.employee, turn.now)
    today = turn.today
    away = [absence_line(each) for each in in_force(await leaves.of(turn.employee, today, today))[0]]
    text, buttons = day_card(view, *away)
    return turn.card(text, buttons)


@router.command("today", t("Today, mark by mark"), intents=("today",))
@router.pressed(TodayPressed)
async def today(turn: Turn, timesheets: Timesheets) -> Reply:
    """Show today's sessions and breaks, and what they add up to."""
    view = await timesheets.day(turn.employee, turn.now)
    return turn.card(
        lines(t("📋 *{day}*", day=Day(view.total.day)), *course(view.total, view.now), _sum(view)), keyboard(view)
    )


def course(total: DayTotal, now: datetime) -> list[Phrase]:
    """Return one line a session, with its breaks below."""
    rows: list[Phrase] = []
    for session in total.sessions:
        start = Time(session.started_at, session.zone)
        if session.ended_at is None:
            rows.append(t("{start} – now", start=start))
        else:
            rows.append(t("{start} – {end}", start=start, end=Time(session.ended_at, session.zone)))
        for each in session.breaks:
            begun = Time(each.started_at, session.zone)
            length = Duration(each.length(now))
            if each.ended_at is None:
                rows.append(t("   ☕ since {start}, {length}", start=begun, length=length))
            else:
                end = Time(each.ended_at, session.zone)
                rows.append(t("   ☕ {start} – {end}, {length}", start=begun, end=end, length=length))
    return rows


def _sum(view: DayView) -> Phrase:
    total = view.total
    if not total.sessions:
        return t("No marks today yet.")
    if total.on_break < timedelta(seconds=1):
        return t("Worked *{worked}*", worked=Duration(total.worked))
    return t("Worked *{worked}*, breaks {breaks}", worked=Duration(total.worked), breaks=Duration(total.on_break))
