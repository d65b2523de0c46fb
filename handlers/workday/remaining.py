"""What is left of today: how long the plan of the day still takes, and until when."""

from datetime import date, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.days import month_of
from bot.domain.leave.away import in_force
from bot.domain.planning.schedule import ScheduleKind
from bot.domain.reports.standing import balance_of, has_norm
from bot.domain.workday.remaining import DayPlan
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.reports.accounts import Accounts
from bot.services.workday.timesheets import DayView, Timesheets
from bot.text import Day, Duration, Month, Phrase, Time, lines, t
from bot.words.leave import absence_line
from handlers.cards.day import keyboard, totals

router = Router("remaining")
_MINUTE = timedelta(minutes=1)


@router.said("remaining")
async def remaining(turn: Turn, timesheets: Timesheets, leaves: Leaves, accounts: Accounts) -> Reply:
    """Say what is left of the day's plan, until when that takes with the lunch still ahead, or why nothing is asked."""
    view = await timesheets.day(turn.employee, turn.now)
    plan = view.plan or await timesheets.plan(turn.employee, view)
    if plan is not None:
        return turn.card(lines(_left(view, plan), totals(view)), keyboard(view))
    day = view.total.day
    away = [absence_line(each) for each in in_force(await leaves.of(turn.employee, day, day))[0]]
    nothing = None if away else await _no_plan(turn, day, accounts)
    return turn.card(lines(*away, nothing, totals(view)), keyboard(view))


def _left(view: DayView, plan: DayPlan) -> Phrase:
    left = Duration(abs(plan.left))
    if plan.until is not None:
        until = Time(plan.until, plan.zone)
        if plan.pause:
            return t("*{left}* left, until {time} with lunch", left=left, time=until)
        return t("*{left}* left, until {time}", left=left, time=until)
    if plan.left <= -_MINUTE:
        return t("The day's plan is done, and {length} more.", length=left)
    if plan.left <= timedelta():
        return t("The day's plan is done.")
    if view.total.sessions:
        return t("You are not at work; {left} of the day's plan are left.", left=left)
    start, end = Time(plan.starts_at, plan.zone), Time(plan.ends_at, plan.zone)
    return t("Planned today: {start} – {end}, {length} of work.", start=start, end=end, length=Duration(plan.length))


async def _no_plan(turn: Turn, day: date, accounts: Accounts) -> Phrase:
    """Where no hours of a day are planned, say so; of flexible hours, what the month still asks for."""
    account = await accounts.one(turn.portal, turn.employee, *month_of(day), turn.now)
    if account.day(day).kind is not ScheduleKind.FLEXIBLE or not has_norm(account):
        return t("No hours are planned for {day}.", day=Day(day))
    balance = balance_of(account)
    if balance >= timedelta():
        return t("No hours of days are planned; the norm of {month} is reached.", month=Month(day))
    left = Duration(-balance)
    return t("No hours of days are planned; {left} are left of the norm of {month}.", left=left, month=Month(day))
