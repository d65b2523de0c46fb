"""Statistics: hours of a team by person and month, and how long approvals take; as pages and as files."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.domain.approvals.statistics import Tally
from bot.domain.approvals.told import titled
from bot.domain.days import beside, month_of
from bot.domain.errors import BadForm
from bot.domain.people.staff import Department
from bot.domain.periods.period import LONGEST_PERIOD
from bot.i18n import Translator
from bot.services.approvals.approvals_counted import ApprovalNumbers, ApprovalsCounted
from bot.services.approvals.templates import Templates
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.reports.hours_counted import HourNumbers, HoursCounted, TooManyAtOnce
from bot.sheets.book import Format
from bot.sheets.figures import Figures, as_csv, as_xlsx
from bot.text import Duration, Period, Phrase, t, verbatim
from bot.web.forms import Form
from bot.web.kinds import KINDS
from bot.web.svg import BAR_HEIGHT, WIDTH, bar_of
from bot.web.visit import Download, Page, Visit, number_in
from bot.words.approval_numbers import stage_name, template_name
from bot.words.charts import team_chart_of
from bot.words.hours import signed
from bot.words.statistics import approval_figures, hour_figures, limit_line, together

_MOST_ROWS = 200
"""Lines of a part of a page; a file has all."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the numbers is wanted: some days, and one department or all that the reader sees."""

    days: tuple[date, date]
    department: Department | None
    departments: Sequence[Department]

    @property
    def kept(self) -> dict[str, str]:
        """The same as an address has it."""
        first, last = self.days
        also = {} if self.department is None else {"department": str(self.department.id)}
        return {"first": first.isoformat(), "last": last.isoformat(), **also}


class File(Form):
    """In what form the numbers of the page are wanted."""

    form: str


async def hours(visit: Visit, counted: HoursCounted, people: People, departments: Departments) -> Page:
    """Show what people worked in some days, by person and by month, and overtime against the law's limits."""
    chosen = await _chosen(visit, people, departments)
    values = {**_shell(visit, "hours", chosen), "rows": [], "months": []}
    try:
        numbers = await counted.of(visit.portal, visit.reader, chosen.department, *chosen.days, visit.now)
    except TooManyAtOnce as refusal:
        return Page("statistics_hours.html", t("Statistics"), {**values, "too_many": refusal.phrase}, "statistics")
    words = Translator(visit.reader.locale, visit.reader.zone, visit.now)
    told = numbers.people[:_MOST_ROWS]
    chart = team_chart_of("", [(each.employee.name, each.account) for each in told], words, len(told))
    rows = [
        {
            "person": each.employee,
            "bar": bar_of(row, chart.highest),
            "worked": Duration(each.account.worked),
            "norm": None if each.norm is None else Duration(each.norm),
            "balance": None if each.balance is None else signed(each.balance),
            "over": Duration(each.account.over) if each.account.over else None,
            "overtime": Duration(each.account.overtime) if each.account.overtime else None,
            "year": Duration(each.year_overtime) if each.year_overtime else None,
            "limits": [limit_line(one) for one in each.over_limits],
        }
        for each, row in zip(told, chart.rows, strict=True)
    ]
    per_two_days, per_year = numbers.limits.per_two_days, numbers.limits.per_year
    values |= {
        "rows": rows,
        "rest": len(numbers.people) - len(told),
        "total": Duration(numbers.worked),
        "legend": [(ink.value, name) for ink, name in chart.legend if ink.value in {"worked", "over", "plan"}],
        "months": _months(numbers),
        "size": (WIDTH, BAR_HEIGHT),
        "per_two_days": None if per_two_days is None else Duration(per_two_days),
        "per_year": None if per_year is None else Duration(per_year),
        "too_many": None,
    }
    return Page("statistics_hours.html", t("Statistics"), values, "statistics")


def _months(numbers: HourNumbers) -> list[dict[str, object]]:
    if len(numbers.months) < 2:
        return []
    return [
        {
            "period": Period(each.first, each.last),
            "worked": Duration(each.worked),
            "norm": None if each.norm is None else Duration(each.norm),
            "over": Duration(each.over) if each.over else None,
            "overtime": Duration(each.overtime) if each.overtime else None,
        }
        for each in numbers.months
    ]


async def approvals(
    visit: Visit, counted: ApprovalsCounted, people: People, departments: Departments, templates: Templates
) -> Page:
    """Show what was asked, decided and ran out, how long it took, and who holds what now."""
    chosen = await _chosen(visit, people, departments)
    template = visit.query.get("template", "")[:64]
    numbers = await _approvals(visit, chosen, template, counted)
    locale = visit.reader.locale
    told = numbers.told
    named: dict[str, Phrase] = {
        version.key: verbatim(titled(each.route.title, version.key, locale))
        for version, each in await templates.on(visit.portal)
    }
    named |= {key: template_name(numbers, key, locale) for key in (*told.templates, *filter(None, [template]))}
    values = {
        **_shell(visit, "approvals", chosen, {"template": template} if template else {}),
        "template": template,
        "templates": sorted(named.items()),
        "parts": [
            part
            for part in (
                _part(t("By template"), t("Template"), [
                    (template_name(numbers, key, locale), "", each) for key, each in told.templates.items()
                ]),
                _part(t("By stage"), t("Stage"), [
                    (stage_name(numbers, *key, locale), "", each) for key, each in told.stages.items()
                ]),
                _part(t("By person"), t("Name"), [
                    (_name(numbers, key), f"/people/{key}", each) for key, each in told.people.items()
                ]),
            )
            if part["rows"]
        ],
        "held": [(_name(numbers, each.person_id), each.person_id, each.count, each.since) for each in numbers.held],
    }  # fmt: skip
    return Page("statistics_approvals.html", t("Statistics"), values, "statistics")


def _part(title: Phrase, what: Phrase, rows: list[tuple[Phrase | str, str, Tally]]) -> dict[str, Any]:
    ordered = sorted(rows, key=lambda each: (-each[2].decided, -each[2].expired, -each[2].asked))
    shown = [
        {
            "name": name,
            "link": link,
            "tally": tally,
            "median": None if tally.median is None else Duration(tally.median),
            "ninetieth": None if tally.ninetieth is None else Duration(tally.ninetieth),
        }
        for name, link, tally in ordered[:_MOST_ROWS]
    ]
    return {"title": title, "what": what, "rows": shown, "rest": len(ordered) - len(shown)}


async def hours_file(
    visit: Visit, form: File, counted: HoursCounted, people: People, departments: Departments
) -> Download:
    """Make a file of the hours that the page shows."""
    chosen = await _chosen(visit, people, departments)
    numbers = await counted.of(visit.portal, visit.reader, chosen.department, *chosen.days, visit.now)
    return await _file(visit, form, t("Hours"), chosen, lambda speak: hour_figures(numbers, speak.plain), joined=False)


async def approvals_file(
    visit: Visit, form: File, counted: ApprovalsCounted, people: People, departments: Departments
) -> Download:
    """Make a file of the numbers of approvals that the page shows."""
    chosen = await _chosen(visit, people, departments)
    numbers = await _approvals(visit, chosen, visit.query.get("template", "")[:64], counted)
    locale = visit.reader.locale
    return await _file(
        visit, form, t("Approvals"), chosen, lambda speak: approval_figures(numbers, locale, speak.plain), joined=True
    )


async def _approvals(visit: Visit, chosen: Chosen, template: str, counted: ApprovalsCounted) -> ApprovalNumbers:
    return await counted.of(
        visit.portal, visit.reader, *chosen.days, visit.now, template=template, department=chosen.department
    )


async def _chosen(visit: Visit, people: People, departments: Departments) -> Chosen:
    """Read what the address names; what is none of the reader's, or cannot be read, is as not named."""
    seen = await people.team_of(visit.reader)
    known = await departments.of_people(visit.portal, seen, visit.today)
    wanted = number_in(visit.query.get("department", ""))
    first, last = visit.day("first"), visit.day("last")
    if first is None or last is None or not timedelta() <= last - first <= LONGEST_PERIOD:
        first, last = month_of(visit.today)
    return Chosen((first, last), next((each for each in known if each.id == wanted), None), known)


def _shell(visit: Visit, tab: str, chosen: Chosen, also: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what both pages have: tabs, filters, and where one goes on from here."""
    path = f"/statistics/{tab}"
    kept = {**chosen.kept, **(also or {})}

    def address(days: tuple[date, date]) -> str:
        return f"{path}?{urlencode({**kept, 'first': days[0].isoformat(), 'last': days[1].isoformat()})}"

    first, last = chosen.days
    this = month_of(visit.today)
    year = this[0].replace(month=1)
    quarter = this[0].replace(month=(this[0].month - 1) // 3 * 3 + 1)
    usual = [
        (t("This month"), this),
        (t("Last month"), beside(*this, -1)),
        (t("This quarter"), (quarter, this[1])),
        (t("This year"), (year, this[1])),
    ]
    return {
        "tabs": [
            ("hours", f"/statistics/hours?{urlencode(chosen.kept)}", t("Hours")),
            ("approvals", f"/statistics/approvals?{urlencode(chosen.kept)}", t("Approvals")),
        ],
        "tab": tab,
        "path": path,
        "here": f"{path}?{urlencode(kept)}",
        "first": first,
        "last": last,
        "period": Period(first, last),
        "before": address(beside(first, last, -1)),
        "after": address(beside(first, last, 1)),
        "usual": [(name, address(days), days == chosen.days) for name, days in usual],
        "department": chosen.department,
        "departments": chosen.departments,
    }


async def _file(
    visit: Visit,
    form: File,
    what: Phrase,
    chosen: Chosen,
    tables_of: Callable[[Translator], list[Figures]],
    *,
    joined: bool,
) -> Download:
    """Make the file beside the event loop; CSV has one table: the first, or all of the same columns `joined`."""
    if form.form not in (Format.XLSX.value, Format.CSV.value):
        raise BadForm(t("That could not be read. Please look at it and send it again; nothing was changed."))
    words = Translator(visit.reader.locale, visit.reader.zone, visit.now)
    first, last = chosen.days
    title = t("{what}, {period}", what=what, period=Period(first, last))

    def made() -> bytes:
        tables = tables_of(words)
        if form.form == Format.XLSX.value:
            return as_xlsx(title, tables, words, visit.today)
        same = [each for each in tables if each.columns == tables[0].columns]
        return as_csv(together(same, words.plain) if joined else tables[0], words)

    stem = "_".join(words.plain(t("Statistics of {what}", what=what)).split())
    name = f"{stem}_{first.isoformat()}_{last.isoformat()}.{form.form}"
    return Download(name, KINDS[Format(form.form)], await asyncio.to_thread(made))


def _name(numbers: ApprovalNumbers, person_id: int) -> Phrase | str:
    found = numbers.people.get(person_id)
    return found.name if found is not None else t("somebody")
