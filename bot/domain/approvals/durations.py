"""Lengths of a route on the clock: elapsed time, working hours, days and working days in the route's zone."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.base import parted

_DAY = timedelta(days=1)
_REMEMBERED = 4096


class BadWorkingHours(ValueError):
    """The working hours that somebody wrote cannot be."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When people work: the days of the week, from one clock time to another, and the days off."""

    days: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    opens: time = time(9)
    closes: time = time(18)
    off: Container[date] = frozenset()

    @classmethod
    def read(cls, form: Any) -> "WorkingHours":
        """Read the `working_hours` of a company; what is missing is as in most offices."""
        if form is None:
            return cls()
        if not isinstance(form, Mapping):
            raise BadWorkingHours("working_hours must be an object")
        usual = cls()
        days = form.get("days", sorted(usual.days))
        numbers = {1, 2, 3, 4, 5, 6, 7}
        if not isinstance(days, list) or not days or not all(type(day) is int and day in numbers for day in days):
            raise BadWorkingHours("working_hours.days must be numbers from 1 (Monday) to 7, one at least")
        opens, closes = _clock(form, "from", usual.opens), _clock(form, "to", usual.closes)
        if opens >= closes:
            raise BadWorkingHours("working_hours.from must be before working_hours.to")
        off = form.get("off", [])
        try:
            return cls(frozenset(days), opens, closes, frozenset(date.fromisoformat(day) for day in off))
        except (TypeError, ValueError):
            raise BadWorkingHours("working_hours.off must be days such as 2026-01-01") from None


def _clock(form: Mapping[str, Any], name: str, usual: time) -> time:
    text = form.get(name)
    if text is None:
        return usual
    if not isinstance(text, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise BadWorkingHours(f"working_hours.{name} must be a time such as 09:00")
    return time.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Adds lengths to instants. Instants are UTC; days and hours are those of one zone.

    A local time that does not exist moves on by the gap; of one that happens twice it is the first.
    """

    zone: ZoneInfo
    hours: WorkingHours = WorkingHours()
    _spans: dict[date, tuple[datetime, datetime] | None] = field(default_factory=dict, compare=False, repr=False)

    def after(self, at: datetime, length: str) -> datetime:
        """Return the instant a length after another."""
        number, unit = parted(length)
        match unit:
            case "d":
                return self._days_on(at, number)
            case "wd":
                return self._working_days(self.working(at), number, _DAY)
            case "wh":
                return self._hours_on(self.working(at), timedelta(hours=number))
            case _:
                return at + (timedelta(minutes=number) if unit == "m" else timedelta(hours=number))

    def before(self, at: datetime, length: str) -> datetime:
        """Return the instant a length before another."""
        number, unit = parted(length)
        match unit:
            case "d":
                return self._days_on(at, -number)
            case "wd":
                return self._working_days(self.working(at), number, -_DAY)
            case "wh":
                return self._hours_back(self.working(at), timedelta(hours=number))
            case _:
                return at - (timedelta(minutes=number) if unit == "m" else timedelta(hours=number))

    def working(self, at: datetime) -> datetime:
        """Return the instant itself if it is within working hours, both ends included; else the next opening."""
        day = self._local(at).date()
        while True:
            span = self._span(day)
            if span is not None and at <= span[1]:
                return max(at, span[0])
            day += _DAY

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants."""
        worked, day, last = timedelta(), self._local(start).date(), self._local(end).date()
        while day <= last:
            span = self._span(day)
            if span is not None:
                worked += max(min(end, span[1]) - max(start, span[0]), timedelta())
            day += _DAY
        return worked

    def first_of(self, day: date) -> datetime:
        """Return the first instant of a day."""
        return self._instant(day, time())

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def _instant(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        """Return when a day's work opens and closes, None for a day off."""
        try:
            return self._spans[day]
        except KeyError:
            pass
        works = day.isoweekday() in self.hours.days and day not in self.hours.off
        span = (self._instant(day, self.hours.opens), self._instant(day, self.hours.closes)) if works else None
        if len(self._spans) >= _REMEMBERED:
            self._spans.clear()
        self._spans[day] = span
        return span

    def _days_on(self, at: datetime, number: int) -> datetime:
        local = self._local(at)
        return self._instant(local.date() + timedelta(days=number), local.time())

    def _working_days(self, at: datetime, number: int, step: timedelta) -> datetime:
        local = self._local(at)
        day = local.date()
        while number:
            day += step
            if self._span(day) is not None:
                number -= 1
        return self._instant(day, local.time())

    def _hours_on(self, at: datetime, left: timedelta) -> datetime:
        day = self._local(at).date()
        while True:
            span = self._span(day)
            if span is not None:
                start = max(at, span[0])
                if left <= span[1] - start:
                    return start + left
                left -= span[1] - start
            day += _DAY

    def _hours_back(self, at: datetime, left: timedelta) -> datetime:
        day = self._local(at).date()
        while True:
            span = self._span(day)
            if span is not None:
                end = min(at, span[1])
                if left <= end - span[0]:
                    return end - left
                left -= end - span[0]
            day -= _DAY
