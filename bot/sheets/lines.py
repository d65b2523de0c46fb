"""Who has which lines on a sheet: one a person, and another for each department that they moved to (case 73). Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.domain.account import Account
from bot.domain.employee import Employee
from bot.domain.staff import Employment
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

    Days before the first and after the last employment have no line, unless there was work. A new post in the same
    department begins no line; the latest stands in it.
    """
    for begins, ends, run in _runs(stretches):
        here = run[-1] if run else None
        department_id = here.department_id if here else None
        if only is not None and department_id not in only:
            continue
        own = whole.part(max(whole.first + _DAY, begins), min(whole.last, ends))
        days = [each.day for each in own.days if each.is_employed or each.worked]
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
    return not any(day.worked or day.on_break or day.absences for line in lines for day in line.days)


def _runs(stretches: Sequence[Employment]) -> Iterator[tuple[date, date, Sequence[Employment]]]:
    """Yield the stretches in a row in one department, and the dates from each such row to the next."""
    ordered = sorted(stretches, key=lambda each: each.since)
    runs = [list(run) for _, run in groupby(ordered, key=lambda each: each.department_id)] or [[]]
    for place, run in enumerate(runs):
        begins = run[0].since if place else date.min
        ends = runs[place + 1][0].since - _DAY if place + 1 < len(runs) else date.max
        yield begins, ends, run
