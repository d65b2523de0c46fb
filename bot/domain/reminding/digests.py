"""Digests: at which hour of whose day they are due, once each, also when the service comes back late."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MORNING = time(10)
"""When leads get their digest on workdays, unless the portal says otherwise."""
WEEKLY = time(9, 30)
"""When people get the summary of their week, on Monday or their first workday after it."""
_MONDAY = 0

OPTION = "digest_at"
"""The portal's option: when its leads get their digest, such as "08:30"."""


def digest_time(options: Mapping[str, Any]) -> time:
    """Return when the portal's leads get their digest; what is no time of day counts as not set."""
    try:
        own = time.fromisoformat(str(options.get(OPTION, "")))
    except ValueError:
        return MORNING
    return time(own.hour, own.minute)


def digest_due(zone: str, at: time, since: datetime, now: datetime) -> date | None:
    """Return today's date in a zone if its hour has come since the last look; a former day's is not made up for."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return today if since < _instant(today, at, zone) <= now else None


def weekly_due(zone: str, since: datetime, now: datetime) -> date | None:
    """Return this week's Monday in a zone if its hour has come since the last look, also when that is days ago."""
    today = now.astimezone(ZoneInfo(zone)).date()
    monday = today - timedelta(days=today.weekday())
    return monday if since < _instant(monday, WEEKLY, zone) <= now else None


def weekly_at(zone: str, day: date) -> datetime:
    """Return when the weekly summary is told on a day."""
    return _instant(day, WEEKLY, zone)


def next_due(zones: Iterable[str], at: time, now: datetime) -> datetime:
    """Return the next hour of a digest in any zone, at the latest in a day."""
    latest = now + timedelta(days=1)
    moments = (moment for zone in set(zones) for moment in _moments(zone, at, now))
    return min((each for each in moments if now < each < latest), default=latest)


def _moments(zone: str, at: time, now: datetime) -> Iterable[datetime]:
    today = now.astimezone(ZoneInfo(zone)).date()
    for day in (today, today + timedelta(days=1)):
        yield _instant(day, at, zone)
        if day.weekday() == _MONDAY:
            yield _instant(day, WEEKLY, zone)


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
