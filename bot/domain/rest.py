"""Work in times of rest: on statutory holidays and days off, hour by hour from midnight to midnight (art. 153)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from bot.domain.calendar import ProductionCalendar
from bot.domain.stretch import Stretch, split_at_midnight


def on_holidays(stretches: Iterable[Stretch], calendar: ProductionCalendar) -> Iterator[Stretch]:
    """Yield the work on statutory holidays, cut at the local midnights (art. 112, case 49)."""
    return (part for day, part in split_at_midnight(stretches) if calendar.is_holiday(day))


def on_days_off(
    stretches: Iterable[Stretch], calendar: ProductionCalendar, is_free: Callable[[date, int], bool]
) -> Iterator[Stretch]:
    """Yield the work on other dates that are free, cut at the local midnights; `is_free` takes a date and a session."""
    for day, part in split_at_midnight(stretches):
        if not calendar.is_holiday(day) and is_free(day, part.session_id):
            yield part
