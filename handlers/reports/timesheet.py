"""Hours of a week, a month or a team: words at once, then the picture; or a file, where one was asked for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.days import month_of
from bot.domain.reports.account import Flag
from bot.domain.reports.limits import LimitWarning
from bot.domain.rights import Reach, Right, reach
from bot.i18n import Translator
from bot.messages import Button, Keyboard, Reply, Say
from bot.pictures.chart import Chart, TeamChart
from bot.pictures.png import draw
from bot.services.reports.gaps import Gaps
from bot.services.reports.reporting import Reporting
from bot.services.reports.sheets import Sheets
from bot.text import Lines, Phrase, t, verbatim
from bot.understanding import understand
from bot.words.charts import chart_of, team_chart_of
from bot.words.report import hours_text
from handlers.cards.charts import attachment
from handlers.cards.day import WeekPressed
from handlers.cards.gaps import GapsPressed, gaps_text
from handlers.cards.periods import OvertimePressed, confirm_button, is_accounted, ordinals
from handlers.cards.wanted import PicturePressed, ReportPressed, Wanted, wanted_again, wanted_by
from handlers.reports.gaps import gaps_reply
from handlers.reports.members import Member, members_of, troubled
from handlers.reports.sheets import sheet_buttons, sheet_reply, wants_file
from handlers.reports.team import team_text
from handlers.reports.team_topics import late_text, overtime_text

router = Router("timesheet")
REPORT = "report"
"""The slot of the one message in which periods are turned over."""
MENDABLE = {Flag.MISSING, Flag.UNCONFIRMED, Flag.NO_PAUSE}


@dataclass(frozen=True, slots=True)
class Shown:
    """The words, the picture where one says more than they do, and what of one's own can be done about it."""

    text: Lines
    chart: Chart | TeamChart | None = None
    is_mendable: bool = False
    has_over: bool = False
    """Whether there is work over the plan that is not approved as overtime."""


@router.command("week", t("My week"), intents=("report",))
@router.pressed(WeekPressed)
async def week(turn: Turn, reporting: Reporting, sheets: Sheets, gaps: Gaps) -> Reply:
    """Show the week, or the days and the people that were asked for."""
    return await _report(turn, _slots(turn), reporting, sheets, gaps)


@router.command("month", t("My month"))
async def month(turn: Turn, reporting: Reporting, sheets: Sheets, gaps: Gaps) -> Reply:
    """Show the month."""
    first, last = month_of(_today(turn))
    return await _report(turn, {"from_day": first, "to_day": last, **_slots(turn)}, reporting, sheets, gaps)


@router.command("team", t("My team's hours"), right=Right.SEE_HOURS)
async def team(turn: Turn, reporting: Reporting, sheets: Sheets, gaps: Gaps) -> Reply:
    """Show the hours of the people whom the reader may see."""
    return await _report(turn, {**_slots(turn), "scope": "team"}, reporting, sheets, gaps)


@router.pressed(ReportPressed)
async def turn_over(turn: Turn, press: ReportPressed, reporting: Reporting, gaps: Gaps) -> Reply:
    """Show other days in the same message; their picture comes when it is asked for."""
    wanted = await wanted_again(turn, press, reporting)
    shown = await _shown(turn, wanted, reporting, gaps)
    return Reply((turn.place(shown.text, _keyboard(turn, wanted, shown, offers_picture=True), REPORT),))


@router.pressed(PicturePressed)
async def picture(turn: Turn, press: PicturePressed, reporting: Reporting, gaps: Gaps) -> Reply:
    """Send the picture of what is shown."""
    shown = await _shown(turn, await wanted_again(turn, press, reporting), reporting, gaps)
    return Reply((await _picture(shown.chart),)) if shown.chart else turn.say(t("No marks in these days."))


async def _report(turn: Turn, slots: Mapping[str, object], reporting: Reporting, sheets: Sheets, gaps: Gaps) -> Reply:
    if wants_file(turn, slots):
        return await sheet_reply(turn, slots, sheets)
    wanted = await wanted_by(turn, slots, reporting)
    if wanted.topic == "gaps" and wanted.is_own(turn.employee):
        return await gaps_reply(turn, gaps, wanted.first, wanted.last)
    shown = await _shown(turn, wanted, reporting, gaps)
    says = [Say(shown.text, _keyboard(turn, wanted, shown), slot=REPORT)]
    if shown.chart is not None:
        says.append(await _picture(shown.chart))
    return Reply(tuple(says))


async def _shown(turn: Turn, wanted: Wanted, reporting: Reporting, gaps: Gaps) -> Shown:
    if wanted.subject is None:
        return await _shown_team(turn, wanted, reporting)
    subject, first, last = wanted.subject, wanted.first, wanted.last
    other = None if wanted.is_own(turn.employee) else subject
    if wanted.topic == "gaps":
        found = await gaps.of(turn.portal, subject, first, last, turn.now)
        return Shown(gaps_text(found, first, last, other))
    account, summed = await reporting.of_person(turn.portal, subject, first, last, turn.now)
    text = hours_text(account, _today(turn), other, wanted.topic, summed)
    is_drawn = first < last and bool(account.worked) and not wanted.topic
    chart = chart_of(account, subject.name, _speak(turn)) if is_drawn else None
    if other is not None:
        return Shown(text, chart)
    is_mendable = any(day.flags & MENDABLE for day in account.days)
    return Shown(text, chart, is_mendable, any(day.over > day.overtime for day in account.days))


async def _shown_team(turn: Turn, wanted: Wanted, reporting: Reporting) -> Shown:
    first, last = wanted.first, wanted.last
    members = members_of(*await reporting.of_team(turn.portal, turn.employee, wanted.department, first, last, turn.now))
    name = _team(turn, wanted)
    match wanted.topic:
        case "late":
            return Shown(late_text(name, members, first, last))
        case "overtime":
            warnings = await _warnings(turn, members, reporting, first, last)
            return Shown(overtime_text(name, members, first, last, warnings))
        case "gaps":
            found = troubled(members)
            return Shown(team_text(name, found, first, last, _today(turn)) if found else gaps_text((), first, last))
    text = team_text(name, members, first, last, _today(turn))
    if first == last or not any(each.account.worked for each in members):
        return Shown(text)
    speak = _speak(turn)
    rows = [(each.employee.name, each.account) for each in members]
    return Shown(text, team_chart_of(speak.plain(name), rows, speak))


async def _warnings(
    turn: Turn, members: Sequence[Member], reporting: Reporting, first: date, last: date
) -> list[tuple[Member, LimitWarning]]:
    """Return where approved overtime of the year is over what the law allows."""
    found = await reporting.over_limits(turn.portal, [each.employee.id for each in members], first, last)
    return [(each, warning) for each in members for warning in found[each.employee.id]]


async def _picture(chart: Chart | TeamChart) -> Say:
    png = await asyncio.to_thread(draw, chart)
    person = chart.person if isinstance(chart, Chart) else chart.team
    return Say(t("📊 {period} – {person}", period=chart.title, person=person), file=attachment(png, chart))


def _keyboard(turn: Turn, wanted: Wanted, shown: Shown, *, offers_picture: bool = False) -> Keyboard:
    """Offer the days beside, the picture that was not sent, what is not right, and the files."""
    first, last = wanted.first, wanted.last
    more = []
    if offers_picture and shown.chart is not None:
        more.append(Button(t("🖼 Picture"), wanted.picture(turn.employee)))
    if shown.is_mendable:
        more.append(Button(t("🔎 What is not right"), GapsPressed(first.toordinal(), last.toordinal(), 0)))
    can_be_confirmed = wanted.is_own(turn.employee) and last < _today(turn) and is_accounted(first, last)
    right = confirm_button(first, last) if can_be_confirmed else None
    files = sheet_buttons(turn.employee, first, last, wanted.whom(turn.employee))
    overtime = Button(t("⏱ Ask for overtime"), OvertimePressed(*ordinals(first, last))) if shown.has_over else None
    return Keyboard.of(wanted.turning(turn.employee, _today(turn)), tuple(more), right, overtime, files)


def _team(turn: Turn, wanted: Wanted) -> Phrase:
    if wanted.department is not None:
        return verbatim(wanted.department.name)
    return t("everybody") if reach(turn.employee, Right.SEE_HOURS) is Reach.ALL else t("your team")


def _slots(turn: Turn) -> Mapping[str, object]:
    """Return what was said about the report, also behind a slash command."""
    if not turn.arguments:
        return turn.understood.slots
    meant = understand(turn.arguments, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    return meant.slots if meant.intent == "report" else {}


def _speak(turn: Turn) -> Translator:
    return Translator(turn.employee.locale, turn.employee.zone, turn.now)


def _today(turn: Turn) -> date:
    return turn.today
