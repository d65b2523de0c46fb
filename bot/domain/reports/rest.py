"""Work in times of rest: on statutory holidays and days off, hour by hour from midnight to midnight (art. 153)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.reports.stretch import Stretch, split_at_midnight


def on_holidays(stretches: Iterable[Stretch], calendar: ProductionCalendar) -> Iterator[Stretch]:
    """Yield the work on statutory holidays, cut at the local midnights (art. 112, case 49)."""
    return (part for day, part in split_at_midnight(stretches) if calendar.is_holiday(day))


def at_rest(
    stretches: Iterable[Stretch], calendar: ProductionCalendar, is_free: Callable[[date, int], bool]
) -> tuple[Sequence[Stretch], Sequence[Stretch]]:
    """Return the work on holidays and that on other free dates, cut so; `is_free` takes a date and a session."""
    holiday: list[Stretch] = []
    free: list[Stretch] = []
    for day, part in split_at_midnight(stretches):
        if calendar.is_holiday(day):
            holiday.append(part)
        elif is_free(day, part.session_id):
            free.append(part)
    return holiday, free
