"""Night work: 22:00 to 06:00 by the local clock (Labour Code art. 96)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.reports.stretch import Stretch

BEGINS = time(22)
ENDS = time(6)
_DAY = timedelta(days=1)


def night_hours(stretches: Iterable[Stretch]) -> timedelta:
    """Return the work between 22:00 and 06:00 in the zone of each stretch; breaks are in no stretch (case 48).

    Counted between instants: the night when clocks change is an hour shorter or longer. A night shift is not made an
    hour shorter by itself (art. 96): its planned hours are what the schedule says.
    """
    return sum((_night(each) for each in stretches), timedelta())


def _night(stretch: Stretch) -> timedelta:
    local = ZoneInfo(stretch.zone)
    start, end = stretch.start.astimezone(local), stretch.end.astimezone(local)
    if start.date() == end.date() and start.time() >= ENDS and end.time() <= BEGINS:
        return timedelta()
    found, day = timedelta(), start.date() - _DAY
    while day <= end.date():
        found += stretch.within(_instant(day, BEGINS, local), _instant(day + _DAY, ENDS, local))
        day += _DAY
    return found


def _instant(day: date, at: time, local: ZoneInfo) -> datetime:
    return datetime.combine(day, at, local).astimezone(UTC)
