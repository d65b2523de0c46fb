"""Hours: one's own or somebody's one leads, a team's, and the months that are confirmed, approved and closed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from bot.domain.days import beside, month_of
from bot.domain.errors import BadForm
from bot.domain.people.employee import Employee
from bot.domain.periods.period import Blocker, PeriodNotOver
from bot.domain.reports.account import DayAccount
from bot.domain.rights import Right
from bot.domain.workday.timesheet import week_of
from bot.gently import gently
from bot.i18n import Translator
from bot.services.people.people import People
from bot.services.periods.closings import Closings, Sheet
from bot.services.reports.reporting import Reporting
from bot.services.reports.sheets import AT_ONCE, Order, Sheets
from bot.sheets.book import Format
from bot.sheets.render import render
from bot.text import Duration, Period, Phrase, Time, t, tn
from bot.web.forms import Day, Form, Words
from bot.web.kinds import KINDS
from bot.web.svg import HEIGHT, WIDTH, drawn
from bot.web.visit import Download, Go, Page, Visit, number_in
from bot.words.charts import chart_of
from bot.words.hours import absences_of, day_notes, is_blank, norm_lines, open_lines, signed, special_lines, worked_line
from bot.words.leave import absence_line
from bot.words.periods import blocker_line

_DAY = timedelta(days=1)
_MOST_DAYS = 92
_MONTHS = 6


class Days(Form):
    """From a day to a day."""

    first: Day
    last: Day


class Meant(Days):
    """The same, and that days without work are meant so."""

    even_empty: str = ""


class Closing(Days):
    """The same, and whether what waits is ended by it."""

    anyway: str = ""


class Reopening(Days):
    """The same, and why."""

    reason: Words


class File(Days):
    """A file of those days: of a person, or of everybody one may see."""

    form: str
    person: str = ""
    at: str = ""
    """The tab on which it was asked for."""


async def hours(visit: Visit, reporting: Reporting, closings: Closings) -> Page:
    """Show somebody's hours: a chart, each day, and what they add up to."""
    first, last = _days(visit, month_of(visit.today))
    subject = await reporting.person_of(visit.reader, number_in(visit.query.get("person", "")))
    account, _ = await reporting.of_person(visit.portal, subject, first, last, visit.now)
    sheet = await closings.sheet(visit.portal, subject, first, last, visit.now)
    is_own = subject.id == visit.reader.id
    chart = chart_of(account, subject.name, Translator(visit.reader.locale, visit.reader.zone, visit.now))
    also = {} if is_own else {"person": str(subject.id)}
    values = {
        "subject": subject,
        "is_own": is_own,
        "period": Period(first, last),
        "days": [_day(each, visit) for each in account.days if _is_told(each)],
        "is_blank": is_blank(account),
        "worked": worked_line(account),
        "lines": [*norm_lines(account, subject.today(visit.now)), *special_lines(account)],
        "wrong": list(open_lines(account)),
        "away": [absence_line(each) for each in absences_of(account)],
        "drawn": drawn(chart),
        "chart": chart,
        "size": (WIDTH, HEIGHT),
        "sheet": sheet,
        "can_confirm": is_own and last <= visit.today and not sheet.is_confirmed and not is_blank(account),
        **_moves(first, last, "/hours", also),
        **_tabs(visit, "own"),
    }
    return Page("hours.html", t("Hours"), values, "hours")


def _is_told(day: DayAccount) -> bool:
    """Whether there is anything to tell of a day."""
    return bool(day.sessions or day.flags or day.absences or day.plan)


def _day(day: DayAccount, visit: Visit) -> dict[str, object]:
    spans = [
        (Time(each.started_at, each.zone), None if each.ended_at is None else Time(each.ended_at, each.zone))
        for each in day.sessions
    ]
    is_compared = day.is_compared and bool(day.plan or day.norm)
    return {
        "day": day.day,
        "spans": spans,
        "breaks": Duration(day.on_break) if day.on_break >= timedelta(minutes=1) else None,
        "worked": Duration(day.worked) if day.sessions else None,
        "plan": Duration(day.plan or day.norm) if is_compared else None,
        "notes": list(day_notes(day)),
        "away": [absence_line(each) for each in day.absences],
        "is_off": not day.is_workday,
        "is_today": day.day == visit.today,
    }


async def team(visit: Visit, people: People, closings: Closings) -> Page:
    """Show what the people whose hours the reader sees worked, and who found it right."""
    first, last = _days(visit, month_of(visit.today))
    them = [each for each in await people.team_of(visit.reader) if not each.is_disabled]
    sheets = await closings.sheets(visit.portal, them, first, last, visit.now)
    rows = await gently(partial(_team_row, is_over=last < visit.today), sheets)
    waiting = [each for each in sheets if each.is_confirmed and not each.is_approved]
    total = sum((each["worked"].length for each in rows), timedelta())
    values = {
        "rows": rows,
        "period": Period(first, last),
        "total": Duration(total),
        "can_approve": visit.may(Right.APPROVE_PERIODS) and bool(waiting),
        "waiting": len(waiting),
        **_moves(first, last, "/hours/team", {}),
        **_tabs(visit, "team"),
    }
    return Page("hours_team.html", t("Hours of the team"), values, "hours")


def _team_row(sheet: Sheet, *, is_over: bool) -> dict[str, Any]:
    account = sheet.account
    worked, norm = account.worked, account.norm
    return {
        "person": sheet.employee,
        "worked": Duration(worked),
        "norm": Duration(norm) if account.norm_is_known and norm else None,
        "balance": signed(worked - norm) if norm and is_over else None,
        "wrong": len({each.day for each in sheet.blockers}),
        "state": _standing(is_approved=sheet.is_approved, is_confirmed=sheet.is_confirmed),
    }


async def months(visit: Visit, closings: Closings, people: People) -> Page:
    """Show the months, which of them are closed, and what stands in the way of closing one."""
    known = {each.id: each for each in await people.everybody_of(visit.portal.id)}
    closed = await closings.closed(visit.portal)
    present = month_of(visit.today)
    rows = []
    for back in range(1, _MONTHS + 1):
        first, last = beside(*present, -back)
        holds = next((each for each in closed if each.first <= first and each.last >= last), None)
        by = known.get(holds.closed_by) if holds else None
        rows.append({"first": first, "last": last, "period": Period(first, last), "closing": holds, "by": by})
    chosen = _days(visit, beside(*present, -1))
    holds = next((each for each in closed if each.first <= chosen[0] and each.last >= chosen[1]), None)
    review, runs = None, None
    try:
        review = None if holds else await closings.review(visit.portal, visit.reader, *chosen, visit.now)
    except PeriodNotOver as why:
        runs = why.phrase
    values = {
        "rows": rows,
        "first": chosen[0],
        "last": chosen[1],
        "period": Period(*chosen),
        "is_closed": holds is not None,
        "review": review,
        "runs": runs,
        "blockers": _blockers(review.blockers, known) if review else [],
        **_tabs(visit, "months"),
    }
    return Page("hours_months.html", t("Months"), values, "hours")


def _blockers(found: Sequence[Blocker], known: Mapping[int, Employee]) -> list[tuple[str, list[Phrase]]]:
    rows: dict[int, list[Phrase]] = {}
    for each in found:
        rows.setdefault(each.employee_id, []).append(blocker_line(each))
    return [(known[key].name, lines) for key, lines in rows.items() if key in known]


def _standing(*, is_approved: bool, is_confirmed: bool) -> str:
    return "approved" if is_approved else "confirmed" if is_confirmed else ""


async def confirm(visit: Visit, form: Meant, closings: Closings) -> Go:
    """Take the reader's word that these hours are right."""
    days = form.first, form.last
    await closings.confirm(visit.portal, visit.reader, *days, visit.now, even_empty=bool(form.even_empty))
    return Go(_address("/hours", form.first, form.last), t("Thank you: these hours are confirmed."))


async def approve(visit: Visit, form: Days, closings: Closings) -> Go:
    """Approve what the reader's people confirmed."""
    done = await closings.approve(visit.portal, visit.reader, form.first, form.last, visit.now)
    said = tn("Approved: {count} person.", "Approved: {count} people.", len(done))
    return Go(_address("/hours/team", form.first, form.last), said)


async def close(visit: Visit, form: Closing, closings: Closings) -> Go:
    """Close the days."""
    await closings.close(visit.portal, visit.reader, form.first, form.last, visit.now, anyway=bool(form.anyway))
    days = Period(form.first, form.last)
    return Go(_address("/hours/months", form.first, form.last), t("Closed: {period}.", period=days))


async def reopen(visit: Visit, form: Reopening, closings: Closings) -> Go:
    """Open the days again, on record."""
    if not form.reason:
        raise BadForm(t("Say in a word why it is opened: that stands on record."), "reason")
    await closings.reopen(visit.portal, visit.reader, form.first, form.last, form.reason, visit.now)
    days = Period(form.first, form.last)
    return Go(_address("/hours/months", form.first, form.last), t("Open again: {period}.", period=days))


async def file(visit: Visit, form: File, sheets: Sheets) -> Download:
    """Make a file of hours."""
    if form.form not in {each.value for each in Format} or form.last < form.first:
        raise BadForm(t("That could not be read. Please look at it and send it again; nothing was changed."))
    order = Order(Format(form.form), form.first, form.last, person_id=number_in(form.person))
    people = await sheets.people_for(visit.reader, order)
    if len(people) > AT_ONCE:
        raise BadForm(t("That takes longer than a page waits. Ask the bot: /sheet, it sends the file to the chat."))
    book = await sheets.book(visit.reader, people, order, visit.now)
    if book is None:
        raise BadForm(t("Nothing was recorded in these days, so the sheet would be empty."))
    words = Translator(visit.reader.locale, visit.reader.zone, visit.now)
    made = await asyncio.to_thread(render, book, order.form, words)
    return Download(made.name, KINDS[order.form], made.content)


async def file_refused(visit: Visit, reporting: Reporting, closings: Closings, people: People) -> Page:
    """Show the tab on which a file was asked for, with the days and the person that were meant."""
    typed = visit.typed
    meant = replace(visit, query={name: typed[name] for name in ("first", "last", "person") if typed.get(name)})
    if typed.get("at") == "months" and visit.may(Right.CLOSE_PERIODS):
        return await months(meant, closings, people)
    if typed.get("at") == "team" and visit.may(Right.SEE_HOURS):
        return await team(meant, people, closings)
    return await hours(meant, reporting, closings)


def _days(visit: Visit, usual: tuple[date, date]) -> tuple[date, date]:
    first, last = visit.day("first"), visit.day("last")
    if first is None or last is None or last < first or (last - first).days >= _MOST_DAYS:
        return usual
    return first, last


def _address(path: str, first: date, last: date, also: dict[str, str] | None = None) -> str:
    return f"{path}?{urlencode({'first': first.isoformat(), 'last': last.isoformat(), **(also or {})})}"


def _moves(first: date, last: date, path: str, also: dict[str, str]) -> dict[str, object]:
    """Return where one goes from here: back and on by as much, to a week, to a month."""
    before, after = beside(first, last, -1), beside(first, last, 1)
    return {
        "first": first,
        "last": last,
        "before": _address(path, *before, also),
        "after": _address(path, *after, also),
        "week": _address(path, *week_of(last), also),
        "month": _address(path, *month_of(last), also),
        "is_month": (first, last) == month_of(first),
    }


def _tabs(visit: Visit, tab: str) -> dict[str, object]:
    tabs = [("own", "/hours", t("My hours"))]
    if visit.may(Right.SEE_HOURS):
        tabs.append(("team", "/hours/team", t("Team")))
    if visit.may(Right.CLOSE_PERIODS):
        tabs.append(("months", "/hours/months", t("Months")))
    tabs.append(("leave", "/leave", t("Time off")))
    return {"tabs": tabs, "tab": tab, "may_t13": visit.may(Right.MAKE_T13)}
