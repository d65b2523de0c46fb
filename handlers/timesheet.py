"""Hours of a week, a month or a team: words at once, then the picture; or a file, where one was asked for."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.days import month_of
from bot.domain.employee import Role
from bot.domain.limits import LimitWarning, limit_warnings, limits_of
from bot.i18n import Translator
from bot.messages import Button, Keyboard, Reply, Say
from bot.pictures.chart import Chart, TeamChart
from bot.pictures.png import draw
from bot.services.accounts import Accounts
from bot.services.people import People
from bot.services.sheets import Sheets
from bot.text import Lines, t
from bot.understanding import understand
from handlers.cards import WeekPressed
from handlers.charts import attachment, chart_of, team_chart_of
from handlers.hours import hours_text
from handlers.period_cards import confirm_button, is_accounted
from handlers.report_request import PicturePressed, ReportPressed, Wanted, wanted_again, wanted_by
from handlers.sheets import sheet_buttons, sheet_reply, wants_file
from handlers.team import Member, late_text, members_of, overtime_text, team_text

router = Router("timesheet")
REPORT = "report"
"""The slot of the one message in which periods are turned over."""


@router.command("week", t("My week"), intents=("report",))
@router.pressed(WeekPressed)
async def week(turn: Turn, accounts: Accounts, people: People, sheets: Sheets) -> Reply:
    """Show the week, or the days and the people that were asked for."""
    return await _report(turn, _slots(turn), accounts, people, sheets)


@router.command("month", t("My month"))
async def month(turn: Turn, accounts: Accounts, people: People, sheets: Sheets) -> Reply:
    """Show the month."""
    first, last = month_of(_today(turn))
    return await _report(turn, {"from_day": first, "to_day": last, **_slots(turn)}, accounts, people, sheets)


@router.command("team", t("My team's hours"), roles=(Role.LEAD, Role.ADMIN))
async def team(turn: Turn, accounts: Accounts, people: People, sheets: Sheets) -> Reply:
    """Show the hours of the people whom the reader leads."""
    return await _report(turn, {**_slots(turn), "scope": "team"}, accounts, people, sheets)


@router.pressed(ReportPressed)
async def turn_over(turn: Turn, press: ReportPressed, accounts: Accounts, people: People) -> Reply:
    """Show other days in the same message; their picture comes when it is asked for."""
    wanted = await wanted_again(turn, press, people)
    text, _ = await _shown(turn, wanted, accounts, people)
    picture = Button(t("🖼 Picture"), wanted.picture(turn.employee))
    return Reply((turn.place(text, _keyboard(turn, wanted, picture), REPORT),))


@router.pressed(PicturePressed)
async def picture(turn: Turn, press: PicturePressed, accounts: Accounts, people: People) -> Reply:
    """Send the picture of what is shown."""
    _, chart = await _shown(turn, await wanted_again(turn, press, people), accounts, people)
    return Reply((await _picture(chart),)) if chart else turn.say(t("No marks in these days."))


async def _report(turn: Turn, slots: Mapping[str, object], accounts: Accounts, people: People, sheets: Sheets) -> Reply:
    if wants_file(turn, slots):
        return await sheet_reply(turn, slots, sheets)
    wanted = await wanted_by(turn, slots, people)
    text, chart = await _shown(turn, wanted, accounts, people)
    says = [Say(text, _keyboard(turn, wanted), slot=REPORT)]
    if chart is not None:
        says.append(await _picture(chart))
    return Reply(tuple(says))


async def _shown(
    turn: Turn, wanted: Wanted, accounts: Accounts, people: People
) -> tuple[Lines, Chart | TeamChart | None]:
    """Return the words, and the picture where one says more than they do."""
    speak = Translator(turn.employee.locale, turn.employee.zone, turn.now)
    today, first, last = _today(turn), wanted.first, wanted.last
    if wanted.subject is not None:
        account = await accounts.one(turn.portal, wanted.subject, first, last, turn.now)
        other = wanted.subject if wanted.subject.id != turn.employee.id else None
        is_drawn = first < last and bool(account.worked)
        return hours_text(account, today, other), chart_of(account, wanted.subject.name, speak) if is_drawn else None
    team = await people.team_of(turn.employee)
    members = members_of(team, await accounts.of(turn.portal, team, first, last, turn.now))
    name = t("everybody") if turn.employee.is_admin else t("your team")
    if wanted.topic == "late":
        return late_text(name, members, first, last), None
    if wanted.topic == "overtime":
        return overtime_text(name, members, first, last, await _warnings(turn, members, accounts, last)), None
    text = team_text(name, members, first, last, today)
    if first == last or not any(each.account.worked for each in members):
        return text, None
    rows = [(each.employee.name, each.account) for each in members]
    return text, team_chart_of(speak.plain(name), rows, speak)


async def _warnings(
    turn: Turn, members: Sequence[Member], accounts: Accounts, last: date
) -> list[tuple[Member, LimitWarning]]:
    """Return where approved overtime of the year is over what the law allows."""
    approved = await accounts.approved(turn.portal.id, last.replace(month=1, day=1), last)
    limits = limits_of(turn.portal.country, turn.portal.options)
    return [
        (each, warning)
        for each in members
        for warning in limit_warnings(approved.get(each.employee.id, {}), limits)
        if warning.last >= each.account.first
    ]


async def _picture(chart: Chart | TeamChart) -> Say:
    png = await asyncio.to_thread(draw, chart)
    person = chart.person if isinstance(chart, Chart) else chart.team
    return Say(t("📊 {period} – {person}", period=chart.title, person=person), file=attachment(png, chart))


def _keyboard(turn: Turn, wanted: Wanted, *more: Button) -> Keyboard:
    is_own = wanted.subject is not None and wanted.subject.id == turn.employee.id
    can_be_confirmed = is_own and wanted.last < _today(turn) and is_accounted(wanted.first, wanted.last)
    right = confirm_button(wanted.first, wanted.last) if can_be_confirmed else None
    files = sheet_buttons(turn.employee, wanted.first, wanted.last, wanted.whom(turn.employee))
    return Keyboard.of(wanted.turning(turn.employee, _today(turn)), more, right, files)


def _slots(turn: Turn) -> Mapping[str, object]:
    """Return what was said about the report, also behind a slash command."""
    if not turn.arguments:
        return turn.understood.slots
    meant = understand(turn.arguments, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    return meant.slots if meant.intent == "report" else {}


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn.zone).date()
