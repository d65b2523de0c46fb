"""Who has which lines on a sheet: one a person, and another for each department that they moved to (case 73). Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.domain.people.employee import Employee
from bot.domain.people.staff import Employment
from bot.domain.reports.account import Account, DayAccount
from bot.domain.reports.stretch import split_at_midnight
from bot.sheets.book import Line

_DAY = timedelta(days=1)


def lines_of(
    person: Employee,
    whole: Account,
    stretches: Sequence[Employment],
    departments: Mapping[int, str],
    only: Collection[int] | None = None,
) -> Iterator[Line]:
    """Yield a person's lines, oldest first; `whole` begins the day before the sheet does, `only` names departments.

    Days before the first and after the last employment have no line, unless work fell on them, such as the end of the
    last night. A new post in the same
    department begins no line; the latest stands in it.
    """
    fallen = whole.split()
    for begins, ends, run in _runs(stretches):
        here = run[-1] if run else None
        department_id = here.department_id if here else None
        if only is not None and department_id not in only:
            continue
        own = whole.part(max(whole.first + _DAY, begins), min(whole.last, ends))
        days = [each.day for each in own.days if each.is_employed or each.day in fallen]
        if not days:
            continue
        yield Line(
            person.name,
            own.part(days[0], days[-1]),
            departments.get(department_id, "") if department_id is not None else "",
            here.title if here else "",
            here.number if here else "",
            person.paper_name,
            whole.day(days[0] - _DAY),
        )


def is_blank(lines: Sequence[Line]) -> bool:
    """Whether nothing was recorded and nobody was away: there is no sheet to make."""
    return not any(_is_night_before(line) or any(map(_is_told, line.days)) for line in lines)


def _is_told(day: DayAccount) -> bool:
    return bool(day.worked or day.on_break or day.absences)


def _is_night_before(line: Line) -> bool:
    """Whether a shift of the day before ends on the first date of the line (case 67)."""
    return line.eve is not None and any(day > line.eve.day for day, _ in split_at_midnight(line.eve.stretches))


def _runs(stretches: Sequence[Employment]) -> Iterator[tuple[date, date, Sequence[Employment]]]:
    """Yield the stretches in a row in one department, and the dates from each such row to the next."""
    ordered = sorted(stretches, key=lambda each: each.since)
    runs = [list(run) for _, run in groupby(ordered, key=lambda each: each.department_id)] or [[]]
    for place, run in enumerate(runs):
        begins = run[0].since if place else date.min
        ends = runs[place + 1][0].since - _DAY if place + 1 < len(runs) else date.max
        yield begins, ends, run
