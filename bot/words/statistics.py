"""Statistics as tables of a file, and limits of overtime in a few words."""

from collections.abc import Callable, Iterable

from bot.domain.approvals.statistics import Tally
from bot.domain.reports.limits import LimitKind, LimitWarning
from bot.domain.reports.rounding import decimal_hours
from bot.services.approvals.approvals_counted import ApprovalNumbers
from bot.services.reports.hours_counted import HourNumbers
from bot.sheets.figures import Figures
from bot.sheets.table import Cell, Column, Kind
from bot.text import Duration, Period, Phrase, t
from bot.words.approval_numbers import stage_name, template_name

Speak = Callable[[Phrase], str]
"""Says a phrase in the reader's language."""

_NAME = Column("name", t("Name"), Kind.TEXT, 32)
_TALLY = (
    Column("asked", t("Asked"), Kind.COUNT),
    Column("decided", t("Decided"), Kind.COUNT),
    Column("expired", t("Time ran out"), Kind.COUNT),
    Column("median", t("Half within"), Kind.LENGTH),
    Column("ninetieth", t("9 of 10 within"), Kind.LENGTH),
)
_HOURS = (
    _NAME,
    Column("worked", t("Worked"), Kind.LENGTH),
    Column("norm", t("Norm"), Kind.LENGTH),
    Column("balance", t("Difference, hours"), Kind.HOURS),
    Column("over", t("Over plan"), Kind.LENGTH),
    Column("overtime", t("Overtime approved"), Kind.LENGTH),
    Column("year", t("Overtime of the year"), Kind.LENGTH),
    Column("limits", t("Over the limits"), Kind.TEXT, 40),
)


def limit_line(warning: LimitWarning) -> Phrase:
    """Say which limit of overtime was passed, where it is known whose."""
    overtime, limit = Duration(warning.overtime), Duration(warning.limit)
    if warning.kind is LimitKind.YEAR:
        year = str(warning.first.year)
        return t("{overtime} of overtime in {year}, at most {limit}", overtime=overtime, year=year, limit=limit)
    days = Period(warning.first, warning.last)
    return t("{overtime} of overtime in two days ({days}), at most {limit}", overtime=overtime, days=days, limit=limit)


def hour_figures(numbers: HourNumbers, speak: Speak) -> list[Figures]:
    """Return the tables of hours: people, and months."""
    people: list[tuple[Cell, ...]] = [
        (
            each.employee.name,
            each.account.worked,
            each.norm,
            None if each.balance is None else decimal_hours(each.balance),
            each.account.over,
            each.account.overtime,
            each.year_overtime,
            "; ".join(speak(limit_line(warning)) for warning in each.over_limits),
        )
        for each in numbers.people
    ]
    months: list[tuple[Cell, ...]] = [
        (speak(t("{period}", period=Period(each.first, each.last))), each.worked, each.norm, each.over, each.overtime)
        for each in numbers.months
    ]
    month = Column("month", t("Month"), Kind.TEXT, 18)
    return [
        Figures(t("People"), _HOURS, people),
        Figures(t("Months"), (month, *(each for each in _HOURS[1:6] if each.key != "balance")), months),
    ]


def approval_figures(numbers: ApprovalNumbers, locale: str, speak: Speak) -> list[Figures]:
    """Return the tables of approvals: templates, stages, people, and who holds what now."""
    told = numbers.told
    templates = [(speak(template_name(numbers, key, locale)), each) for key, each in told.templates.items()]
    stages = [(speak(stage_name(numbers, *key, locale)), each) for key, each in told.stages.items()]
    people = [(_person(numbers, key, speak), each) for key, each in told.people.items()]
    held: list[tuple[Cell, ...]] = [
        (_person(numbers, each.person_id, speak), each.count, each.since.date().isoformat()) for each in numbers.held
    ]
    return [
        Figures(t("Templates"), (_NAME, *_TALLY), _tallied(templates)),
        Figures(t("Stages"), (_NAME, *_TALLY), _tallied(stages)),
        Figures(t("People"), (_NAME, *_TALLY), _tallied(people)),
        Figures(
            t("Who holds it now"),
            (_NAME, Column("count", t("Holds"), Kind.COUNT), Column("since", t("The oldest since"), Kind.TEXT, 12)),
            held,
        ),
    ]


def together(tables: list[Figures], speak: Speak) -> Figures:
    """Return tables of the same columns as one, with the name of each before its rows."""
    part = Column("part", t("Of"), Kind.TEXT, 12)
    rows = [(speak(each.name), *row) for each in tables for row in each.rows]
    return Figures(tables[0].name, (part, *tables[0].columns), rows)


def _tallied(rows: Iterable[tuple[str, Tally]]) -> list[tuple[Cell, ...]]:
    ordered = sorted(rows, key=lambda each: (-each[1].decided, -each[1].expired, each[0]))
    return [(name, each.asked, each.decided, each.expired, each.median, each.ninetieth) for name, each in ordered]


def _person(numbers: ApprovalNumbers, person_id: int, speak: Speak) -> str:
    found = numbers.people.get(person_id)
    return found.name if found else speak(t("somebody"))
