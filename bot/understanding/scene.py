"""Where and when a text is said, and the instants of a clock time there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.understanding.phrases import ClockTime


class Scene:
    """The person's zone and language, and their own present moment; it knows whether zone or moment were asked for."""

    __slots__ = ("_now", "_zone", "is_timeless", "locale", "month_first")

    def __init__(self, now: datetime, zone: ZoneInfo, locale: str) -> None:
        """Set it at a moment of that zone."""
        self._now = now
        self._zone = zone
        self.locale = locale
        self.month_first = locale.startswith("en")
        """Whether 07/03 means July in the person's language."""
        self.is_timeless = True
        """Whether what was made of it so far is the same at every moment and in every zone."""

    @property
    def now(self) -> datetime:
        """Return the person's own present moment."""
        self.is_timeless = False
        return self._now

    @property
    def zone(self) -> ZoneInfo:
        """Return the person's zone."""
        self.is_timeless = False
        return self._zone

    @property
    def today(self) -> date:
        """Return the person's own day."""
        return self.now.date()

    def instants(self, day: date, time: ClockTime) -> list[datetime]:
        """Return the instants of a local time: two where it happens twice or, by either rule, where it never does."""
        try:
            first = datetime(day.year, day.month, day.day, time.hour, time.minute, time.second, tzinfo=self.zone)
        except ValueError:
            return []
        second = first.replace(fold=1)
        early, late = first.utcoffset(), second.utcoffset()
        if early == late or early is None or late is None:
            return [first]
        if early > late:
            return [first, second]
        return sorted(moment.astimezone(UTC).astimezone(self.zone) for moment in (first, second))

    def lacks(self, day: date) -> bool:
        """Whether the zone skipped that day, as Samoa did with 30 December 2011."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=self.zone)
        return noon.astimezone(UTC).astimezone(self.zone).date() != day

    def ago(self, seconds: int) -> datetime:
        """Return the moment so many seconds before now, in absolute time."""
        return (self.now.astimezone(UTC) - timedelta(seconds=seconds)).astimezone(self.zone)


def scene(now: datetime, zone: ZoneInfo, locale: str) -> Scene:
    """Return the scene; a naive moment is taken for the zone's own."""
    if now.tzinfo is zone:
        return Scene(now, zone, locale.lower())
    local = now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)
    return Scene(local, zone, locale.lower())
