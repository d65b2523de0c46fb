"""Absences that a portal's calendar tells: when somebody is away, never why, and no leave.

They count where somebody would be asked or reminded in vain. They change no hours, no norm and no balance: leave is
what was approved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.leave.absence import Absence, AbsenceKind

_DAY = timedelta(days=1)
_LAST_MINUTE = time(23, 59)
"""An entry until then is until midnight: calendars offer no later minute of a day."""
_UNKNOWN = 0


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """What was read of an entry: its instants, or its days by the calendar, both included."""

    start: datetime
    end: datetime
    days: tuple[date, date] | None = None

    def instants(self, zone: str) -> tuple[datetime, datetime]:
        """Return from when to when it lasts; whole days are those of the person's own zone."""
        if self.days is None:
            return self.start, self.end
        first, last = self.days
        return _midnight(first, ZoneInfo(zone)), _midnight(last + _DAY, ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class PortalAbsence:
    """Somebody is away between two instants, as their portal's calendar says."""

    portal_id: int
    employee_id: int
    starts_at: datetime
    ends_at: datetime

    def as_absences(self, zone: str) -> Sequence[Absence]:
        """Return its whole days by the clock of a zone, and the hours beside them; the kind is none that was told."""
        local = ZoneInfo(zone)
        begins, ends = self.starts_at.astimezone(local), self.ends_at.astimezone(local)
        if ends.time() >= _LAST_MINUTE:
            ends = _midnight(ends.date() + _DAY, local).astimezone(local)
        first = begins.date() if begins.time() == time() else begins.date() + _DAY
        after = ends.date()
        found = []
        if begins.date() < first:
            found.append(self._hours(begins.date(), begins, min(ends, _midnight(first, local))))
        if first < after:
            found.append(self._absence(first, after - _DAY))
        if first <= after and ends.time() != time():
            found.append(self._hours(after, _midnight(after, local), ends))
        return found

    def _absence(self, first: date, last: date) -> Absence:
        return Absence(_UNKNOWN, self.portal_id, self.employee_id, AbsenceKind.OTHER, first, last)

    def _hours(self, day: date, start: datetime, end: datetime) -> Absence:
        instants = start.astimezone(UTC), end.astimezone(UTC)
        return Absence(_UNKNOWN, self.portal_id, self.employee_id, AbsenceKind.OTHER, day, day, *instants)


def merged(spans: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return spans that neither meet nor overlap, oldest first; those that last no time are none."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(each for each in spans if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def as_absences(known: Iterable[PortalAbsence], zone: str) -> Sequence[Absence]:
    """Return what is known of a person as absences by the clock of their zone."""
    return [one for each in known for one in each.as_absences(zone)]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
