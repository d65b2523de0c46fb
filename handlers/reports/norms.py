"""Hours due: the norm of some days, by one's own schedule and absences, else by the production calendar."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.days import month_of
from bot.domain.leave.away import WORKING
from bot.domain.reports.account import Account
from bot.domain.reports.standing import has_norm, target_of
from bot.messages import Reply
from bot.services.planning.rosters import Rosters
from bot.services.reports.accounts import Accounts
from bot.text import Duration, Period, Phrase, lines, t, tn
from bot.words.hours import norm_lines, worked_line
from handlers.cards.wanted import LONGEST

router = Router("norms")


@router.said("norm")
async def norm(turn: Turn, accounts: Accounts, rosters: Rosters) -> Reply:
    """Say how many hours are due in some days, what was worked, and how it stands."""
    today = turn.today
    first, last = turn.understood.slots.get("from_day"), turn.understood.slots.get("to_day")
    if not isinstance(first, date) or not isinstance(last, date) or not first <= last <= first + LONGEST:
        first, last = month_of(today)
    account = await accounts.one(turn.portal, turn.employee, first, last, turn.now)
    if has_norm(account) or not account.norm_is_known:
        return turn.say(lines(*_own(account, today)))
    calendar = await rosters.calendar(turn.portal)
    calendar.check(first, last)
    hours = Duration(calendar.norm(first, last))
    days = tn("{count} workday", "{count} workdays", calendar.workdays(first, last))
    by_calendar = t(
        "📏 {period}: *{hours}* at 40 hours a week, {days}", period=Period(first, last), hours=hours, days=days
    )
    return turn.say(lines(by_calendar, t("That is the calendar's norm: you have no schedule in these days.")))


def _own(account: Account, today: date) -> Iterator[Phrase]:
    if account.norm_is_known:
        compared = [each for each in account.days if each.is_compared]
        days = tn("{count} workday", "{count} workdays", sum(each.is_workday for each in compared))
        period = Period(account.first, account.last)
        yield t("📏 {period}: *{hours}*, {days}", period=period, hours=Duration(target_of(account)), days=days)
        if len(compared) < len(account.days):
            yield t("Days without a schedule are not in it.")
    away = sum((each.days for kind, each in account.absences.items() if kind not in WORKING), 0)
    if away and account.norm_is_known:
        yield tn("{count} day of absence is taken off", "{count} days of absence are taken off", away)
    if account.worked > timedelta():
        yield worked_line(account)
        yield from norm_lines(account, today)
