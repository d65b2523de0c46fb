"""Stretches of work: the instants that count. Every sum is taken from them, so that no instant counts twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.workday.punch_log import WorkSession

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Uninterrupted work of one session, half-open [start, end), in UTC; `zone` is the session's."""

    start: datetime
    end: datetime
    zone: str
    session_id: int

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def within(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of it lies between two instants."""
        return max(min(self.end, end) - max(self.start, start), timedelta())


def stretches_of(session: WorkSession, until: datetime) -> Iterator[Stretch]:
    """Yield the work of a session between its breaks; one that still runs counts up to `until`."""
    end = session.ended_at or max(until, session.started_at)
    at = session.started_at
    for pause in session.breaks:
        stop = min(pause.started_at, end)
        if at < stop:
            yield Stretch(at, stop, session.zone, session.id)
        at = pause.ended_at or end
    if at < end:
        yield Stretch(at, end, session.zone, session.id)


def total(stretches: Iterable[Stretch]) -> timedelta:
    """Return how long stretches are together."""
    return sum((each.length for each in stretches), timedelta())


def split_at_midnight(stretches: Iterable[Stretch]) -> Iterator[tuple[date, Stretch]]:
    """Yield stretches cut at the midnights of their zone, with the local date of each part (cases 45, 49 and 67)."""
    for each in stretches:
        local = ZoneInfo(each.zone)
        day, last = each.start.astimezone(local).date(), each.end.astimezone(local).date()
        if day == last:
            yield day, each
            continue
        start = each.start
        while day < last:
            midnight = datetime.combine(day + _DAY, time(), local).astimezone(UTC)
            yield day, replace(each, start=start, end=midnight)
            day, start = day + _DAY, midnight
        if start < each.end:
            yield day, replace(each, start=start)
