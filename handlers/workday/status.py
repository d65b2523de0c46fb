"""Status and today: where am I in my day, and what is in it."""

from datetime import timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.away import in_force
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.workday.timesheets import DayView, Timesheets
from bot.text import Day, Duration, Phrase, lines, t
from bot.words.day import course
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


def _sum(view: DayView) -> Phrase:
    total = view.total
    if not total.sessions:
        return t("No marks today yet.")
    if total.on_break < timedelta(seconds=1):
        return t("Worked *{worked}*", worked=Duration(total.worked))
    return t("Worked *{worked}*, breaks {breaks}", worked=Duration(total.worked), breaks=Duration(total.on_break))
