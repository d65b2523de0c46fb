"""The working day as the portal keeps it (`timeman`), and ours as far as the portal's can follow it.

A portal has one day a date: a beginning, an end, and the sum of its breaks; it never tells when a break was. Ours has
as many stretches as there were, over midnight too. So the portal's day follows ours as far as it can, and what its
button does becomes marks of ours; hours are always counted from our log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.domain.workday.punch_log import DayState, Punch, PunchKind, WorkSession, last_before, live, standing

SAME = timedelta(minutes=1)
"""Two marks that are no farther apart are one and the same: a call takes a while, and the portal shows minutes."""
TIMEMAN = "timeman"
"""The right without which the portal shows and changes nobody's day."""
SOURCE = "portal"
"""The source of marks that the portal's button made."""


class Standing(Enum):
    """How a day stands on the portal."""

    OPENED = "OPENED"
    PAUSED = "PAUSED"
    CLOSED = "CLOSED"
    """Also of somebody who has no day there yet."""
    EXPIRED = "EXPIRED"
    """Opened before today's midnight and never closed: it has to be closed, with a time, before another begins."""


@dataclass(frozen=True, slots=True)
class PortalDay:
    """Somebody's latest day on the portal; without `start` there has been none."""

    standing: Standing
    start: datetime | None = None
    finish: datetime | None = None
    leaks: timedelta = timedelta()
    """All breaks together. Whether a running one counts already is not documented: it is read between breaks."""
    is_approved: bool = True
    """False while a change of it waits for the supervisor there."""
    offset: timedelta = timedelta()
    """The zone of its start: by that the portal tells dates."""

    def date_of(self, at: datetime) -> date:
        """Return the date of an instant by the day's own clock."""
        return (at.astimezone(UTC) + self.offset).date()

    def is_of(self, at: datetime) -> bool:
        """Whether it is the day of that instant's date."""
        return self.start is not None and self.date_of(self.start) == self.date_of(at)

    @property
    def last_moment(self) -> datetime | None:
        """Return the last second of its date: a day there cannot end later."""
        if self.start is None:
            return None
        local = datetime.combine(self.date_of(self.start), datetime.min.time(), UTC)
        return local + timedelta(days=1, seconds=-1) - self.offset

    def to_form(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "standing": self.standing.value,
            "start": _stored(self.start),
            "finish": _stored(self.finish),
            "leaks": int(self.leaks.total_seconds()),
            "is_approved": self.is_approved,
            "offset": int(self.offset.total_seconds()),
        }

    @classmethod
    def of_form(cls, form: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            Standing(form["standing"]),
            _instant(form.get("start")),
            _instant(form.get("finish")),
            timedelta(seconds=form.get("leaks") or 0),
            form.get("is_approved") is not False,
            timedelta(seconds=form.get("offset") or 0),
        )


@dataclass(frozen=True, slots=True)
class OwnDay:
    """Our day as the portal's is to follow it: the one that somebody is in, or the last of today."""

    state: DayState
    zone: str
    start: datetime | None = None
    """When its first stretch began; None where nothing is recorded for today."""
    end: datetime | None = None
    """When its last stretch ended; None while it runs."""
    since: datetime | None = None
    """When what is so now came to be: by the last mark, or by what took one back."""
    stretches: int = 0
    was: DayState = DayState.OFF
    """How it stood when the portal's day was last told to follow: what did not change here is not changed there."""
    earlier: tuple[tuple[datetime, datetime], ...] = ()
    """Beginning and end of the dates shortly before, oldest first: what was left open there is closed by them."""

    @property
    def day(self) -> date | None:
        """Return the date for which it counts."""
        return self.start.astimezone(ZoneInfo(self.zone)).date() if self.start else None

    @property
    def has_changed(self) -> bool:
        """Whether its state is another one than before."""
        return self.state is not self.was

    def is_like(self, other: "OwnDay | None") -> bool:
        """Whether the portal would have nothing to do between the two."""
        return other is not None and replace(self, was=other.was, since=other.since, earlier=other.earlier) == other

    def ends_of(self) -> dict[date, tuple[datetime, datetime]]:
        """Return beginning and end of each date that is over or has been ended."""
        zone = ZoneInfo(self.zone)
        spans = self.earlier if self.start is None or self.end is None else (*self.earlier, (self.start, self.end))
        return {start.astimezone(zone).date(): (start, end) for start, end in spans}

    def to_form(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "state": self.state.value,
            "zone": self.zone,
            "start": _stored(self.start),
            "end": _stored(self.end),
            "since": _stored(self.since),
            "stretches": self.stretches,
            "was": self.was.value,
            "earlier": [[_stored(start), _stored(end)] for start, end in self.earlier],
        }

    @classmethod
    def of_form(cls, form: Mapping[str, Any]) -> Self:
        """Read it from JSON."""
        return cls(
            DayState(form["state"]),
            str(form["zone"]),
            _instant(form.get("start")),
            _instant(form.get("end")),
            _instant(form.get("since")),
            int(form.get("stretches") or 0),
            DayState(form.get("was") or DayState.OFF),
            tuple(
                (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in form.get("earlier") or ()
            ),
        )


@dataclass(frozen=True, slots=True)
class FollowedDay:
    """How far both days of a person have followed each other."""

    portal_id: int
    employee_id: int
    seen: PortalDay | None = None
    """The portal's, as it was when we last looked or wrote there."""
    seen_at: datetime | None = None
    own: OwnDay | None = None
    """Ours, as the portal's was last told to follow it."""
    asked: str = ""
    """The key of the newest errand for it."""
    ended: str = ""
    """The key of the errand that ended last: until it is the newest, what is seen there may be our own doing."""
    version: int = 0
    """Grows with each change, so that nothing that was read before one counts after it."""

    @property
    def is_waiting(self) -> bool:
        """Whether an errand for it is still to end."""
        return self.asked != self.ended


def own_day(punches: Sequence[Punch], sessions: Sequence[WorkSession], zone: str, now: datetime) -> OwnDay:
    """Return the day that the portal's is to follow: that of the open session, else the one that was today."""
    today = now.astimezone(ZoneInfo(zone)).date()
    state, running = standing(sessions)
    last = running or last_before(sessions, now)
    if last is None or not (running or today in (last.work_date, _date(last.ended_at, last.zone))):
        return OwnDay(state, zone, since=_marked_last(punches, today, zone), earlier=_spans(sessions))
    of_day = [each for each in sessions if each.work_date == last.work_date]
    marked = last.last_at or last.ended_at or last.started_at
    since = max(marked, _marked_last(punches, last.work_date, last.zone) or marked)
    earlier = _spans([each for each in sessions if each.work_date < last.work_date])
    return OwnDay(state, last.zone, of_day[0].started_at, last.ended_at, since, len(of_day), earlier=earlier)


def changed_dates(before: OwnDay | None, after: OwnDay) -> list[date]:
    """Return the dates before the present one whose beginning or end was another, and has been said already."""
    if before is None:
        return []
    known, now = before.ends_of(), after.ends_of()
    return [
        day
        for day in sorted(known.keys() & now.keys())
        if day != after.day and any(abs(old - new) > SAME for old, new in zip(known[day], now[day], strict=True))
    ]


def _spans(sessions: Sequence[WorkSession]) -> tuple[tuple[datetime, datetime], ...]:
    found: dict[date, tuple[datetime, datetime]] = {}
    for each in sessions:
        if each.ended_at is not None:
            begun = found.get(each.work_date, (each.started_at, each.ended_at))[0]
            found[each.work_date] = (begun, each.ended_at)
    return tuple(found.values())


def _marked_last(punches: Sequence[Punch], day: date, zone: str) -> datetime | None:
    """Return when a mark of that day was made, or taken back, last; also one of a stretch of no length."""
    known = {each.id: each for each in punches}
    times = [each.at for each in live(punches)]
    for each in punches:
        gone = known.get(each.target or 0)
        if each.kind is PunchKind.VOID and gone is not None and _date(gone.at, zone) == day:
            times.append(each.recorded_at)
    return max((at for at in times if _date(at, zone) == day), default=None)


def _date(at: datetime | None, zone: str) -> date | None:
    return at.astimezone(ZoneInfo(zone)).date() if at else None


def _stored(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _instant(stored: Any) -> datetime | None:
    return datetime.fromisoformat(stored) if isinstance(stored, str) and stored else None
