"""My week: worked time, breaks and days of a period, as text."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.absence import Absence
from bot.domain.timesheet import DayTotal, PeriodTotal, week_of
from bot.messages import Reply
from bot.services.leaves import Leaves
from bot.services.timesheets import Timesheets
from bot.text import Day, Duration, Lines, Phrase, lines, t, tn
from handlers.cards import WeekPressed
from handlers.request_cards import absence_line

router = Router("timesheet")
LONGEST = timedelta(days=62)


@router.command("week", t("My week"), intents=("report",))
@router.pressed(WeekPressed)
async def week(turn: Turn, timesheets: Timesheets, leaves: Leaves) -> Reply:
    """Show the week, or the days that were asked for."""
    first, last = _period(turn)
    total = await timesheets.period(turn.employee, first, last, turn.now)
    return turn.say(period_text(total, await leaves.of(turn.employee, first, last)))


def period_text(total: PeriodTotal, absences: Sequence[Absence] = ()) -> Lines:
    """Lay a period out for a phone: a heading, a line a day, the sum, and the days away."""
    heading = t("📅 *{first} – {last}*", first=Day(total.first), last=Day(total.last))
    away = [absence_line(each) for each in absences]
    if not total.days:
        return lines(heading, t("No marks in these days."), *away)
    return lines(heading, *(_line(day) for day in total.days), _sum(total), *away)


def _period(turn: Turn) -> tuple[date, date]:
    slots = turn.understood.slots
    first, last = slots.get("from_day"), slots.get("to_day")
    if isinstance(first, date) and isinstance(last, date) and first <= last:
        return first, min(last, first + LONGEST)
    return week_of(turn.now.astimezone(ZoneInfo(turn.employee.zone)).date())


def _line(day: DayTotal) -> Phrase:
    running = t(" (still running)") if day.is_running else ""
    if day.on_break < timedelta(seconds=1):
        return t("{day}: {worked}{running}", day=Day(day.day), worked=Duration(day.worked), running=running)
    return t(
        "{day}: {worked}, breaks {breaks}{running}",
        day=Day(day.day),
        worked=Duration(day.worked),
        breaks=Duration(day.on_break),
        running=running,
    )


def _sum(total: PeriodTotal) -> Phrase:
    days = tn("{count} day", "{count} days", len(total.days))
    if total.on_break < timedelta(seconds=1):
        return t("Worked *{worked}* in {days}", worked=Duration(total.worked), days=days)
    return t(
        "Worked *{worked}* in {days}, breaks {breaks}",
        worked=Duration(total.worked),
        days=days,
        breaks=Duration(total.on_break),
    )
