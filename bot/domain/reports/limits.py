"""Legal limits of overtime: dated data, for the law is moving. They warn and never block a check-out (§4.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

OPTION = "overtime_limits"
"""The portal's option: a list of {"valid_from", "per_two_days", "per_year"}, hours; absent or null is no limit."""

MOST_HOURS = 8784
"""A year has no more."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much overtime is allowed, from a day on; None where there is no limit."""

    valid_from: date
    per_two_days: timedelta | None = None
    per_year: timedelta | None = None


BY_LAW: Mapping[str, Sequence[Limits]] = {
    "RU": (Limits(date(2002, 2, 1), timedelta(hours=4), timedelta(hours=120)),),
}
"""By country. Russia: Labour Code art. 99. The bill of 2026 (240 hours) is not adopted as far as is known."""


class LimitKind(StrEnum):
    """What was exceeded."""

    TWO_DAYS = "two_days"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class LimitWarning:
    """That overtime between two days, both included, is over a limit."""

    kind: LimitKind
    first: date
    last: date
    overtime: timedelta
    limit: timedelta


def limits_of(country: str, options: Mapping[str, Any]) -> Sequence[Limits]:
    """Return the limits of a portal, oldest first: its own, else those of its country's law, else none.

    Limits of its own that cannot be read count as not set.
    """
    own = _own(options.get(OPTION))
    return BY_LAW.get(country, ()) if own is None else own


def limits_on(limits: Sequence[Limits], day: date) -> Limits:
    """Return what is valid on a day."""
    return next((each for each in reversed(limits) if each.valid_from <= day), Limits(date.min))


def limit_warnings(overtime: Mapping[date, timedelta], limits: Sequence[Limits]) -> list[LimitWarning]:
    """Return where overtime by work date is over the limits: two days running, and calendar years.

    A year counts as far as it is given, so it is given from 1 January on; its limit is that of its last date.
    """
    dates = sorted(day for day, length in overtime.items() if length)
    return [*_two_days(overtime, dates, limits), *_years(overtime, dates, limits)]


def _two_days(
    overtime: Mapping[date, timedelta], dates: Sequence[date], limits: Sequence[Limits]
) -> list[LimitWarning]:
    """Warn once for each pair of neighbouring dates, and for a date that is over the limit alone."""
    found: list[LimitWarning] = []
    for day, after in pairwise([*dates, date.max]):
        limit = limits_on(limits, day).per_two_days
        last = after if after - day == timedelta(days=1) else day
        is_counted = day == last and found and found[-1].last == day
        length = overtime[day] + (overtime[last] if last != day else timedelta())
        if limit is not None and length > limit and not is_counted:
            found.append(LimitWarning(LimitKind.TWO_DAYS, day, last, length, limit))
    return found


def _years(overtime: Mapping[date, timedelta], dates: Sequence[date], limits: Sequence[Limits]) -> list[LimitWarning]:
    found = []
    for year in sorted({day.year for day in dates}):
        own = [day for day in dates if day.year == year]
        limit = limits_on(limits, own[-1]).per_year
        length = sum((overtime[day] for day in own), timedelta())
        if limit is not None and length > limit:
            found.append(LimitWarning(LimitKind.YEAR, own[0], own[-1], length, limit))
    return found


def _own(forms: Any) -> Sequence[Limits] | None:
    if not isinstance(forms, list):
        return None
    try:
        return tuple(sorted((_limits(each) for each in forms), key=lambda each: each.valid_from))
    except (AttributeError, TypeError, ValueError):
        return None


def _limits(form: Mapping[str, Any]) -> Limits:
    return Limits(
        date.fromisoformat(form.get("valid_from") or "1970-01-01"),
        _hours(form.get("per_two_days")),
        _hours(form.get("per_year")),
    )


def _hours(value: float | None) -> timedelta | None:
    if value is not None and not 0 <= value <= MOST_HOURS:
        raise ValueError(value)
    return None if value is None else timedelta(hours=value)
