"""The portal's own working day: one record a person and day, by the state machine that the portal keeps to."""

from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows
from bot.sandbox.world import World

Status = Literal["OPENED", "PAUSED", "CLOSED", "EXPIRED"]
DELTA = timedelta(minutes=10)
_DAY_END = timedelta(hours=18)


@dataclass(slots=True)
class Workday:
    """A day; instants are epoch seconds, `offset` is the zone of its start in seconds."""

    id: int
    user_id: int
    start: int
    offset: int
    end: int | None = None
    paused: int | None = None
    leaks: int = 0
    is_approved: bool = True
    reports: list[str] = field(default_factory=list)


class Timeman:
    """The working days of a portal's people."""

    def __init__(self, world: World, rows: Rows) -> None:
        """Read everything back."""
        self._world = world
        self._rows = rows
        self._days = {row_id: Workday(**body) for row_id, body in rows.all("workday")}

    def days_of(self, user_id: int) -> list[Workday]:
        """Return somebody's days, oldest first."""
        return sorted((each for each in self._days.values() if each.user_id == user_id), key=lambda each: each.start)

    def status(self, day: Workday | None) -> Status:
        """Return how a day stands; one opened before today's midnight and never closed has expired."""
        if day is None or day.end is not None:
            return "CLOSED"
        if self._date(day, self._now()) > self._date(day, day.start):
            return "EXPIRED"
        return "OPENED" if day.paused is None else "PAUSED"

    def last(self, account: Account) -> Workday | None:
        """Return somebody's latest day."""
        days = self.days_of(account.id)
        return days[-1] if days else None

    def open(self, account: Account, at: datetime | None, report: str) -> Workday | None:
        """Begin a day, end a break, or go on with a day that was closed today."""
        day = self.last(account)
        status = self.status(day)
        now = self._now()
        if at is not None and status != "CLOSED":
            raise RestError("TIME", "Time cannot be given now")
        if at is not None and self._local(account, int(at.timestamp())) != self._local(account, now):
            raise RestError("WRONG_DATETIME", "The date is not today")
        if status == "EXPIRED":
            raise RestError("WD_EXPIRED", "The working day has expired and is to be closed first")
        if status == "OPENED":
            return day
        if day is not None and status == "PAUSED":
            return self._go_on(day, day.paused or now)
        if day is not None and day.end is not None and self._date(day, day.end) == self._date(day, now) and at is None:
            return self._go_on(replace(day, end=None), day.end)
        self._need_report(at, report)
        start = int(at.timestamp()) if at else now
        made = Workday(self._rows.next_id("workday"), account.id, start, self._offset(account))
        made.is_approved = abs(now - start) <= DELTA.total_seconds()
        return self._keep(made)

    def pause(self, account: Account) -> Workday | None:
        """Begin a break; on a day that was closed today, go on with it and count the gap. It never raises."""
        day = self.last(account)
        status, now = self.status(day), self._now()
        if day is not None and status == "OPENED":
            return self._keep(replace(day, paused=now))
        is_todays = day is not None and day.end is not None and self._date(day, day.end) == self._date(day, now)
        return self._keep(replace(day, end=None)) if day is not None and is_todays else day

    def close(self, account: Account, at: datetime | None, report: str) -> Workday | None:
        """End a day; an expired one only with the time it ended at, on the date of its start."""
        day = self.last(account)
        status, now = self.status(day), self._now()
        if day is None or (status == "CLOSED" and at is None):
            if at is not None:
                raise RestError("WRONG_DATETIME", "There is no working day")
            return day
        if status == "EXPIRED" and at is None:
            raise RestError("WD_EXPIRED", "The time at which the day ended is needed")
        if status == "PAUSED" and at is not None:
            raise RestError("TIME", "Time cannot be given during a break")
        end = int(at.timestamp()) if at else now
        if self._date(day, end) != self._date(day, day.start) or end < day.start:
            raise RestError("WRONG_DATETIME", "The date is not that of the day's start")
        self._need_report(at, report)
        leaks = day.leaks + (now - day.paused if day.paused is not None and status == "PAUSED" else 0)
        is_approved = day.is_approved and abs(now - end) <= DELTA.total_seconds()
        return self._keep(replace(day, end=end, paused=None, leaks=leaks, is_approved=is_approved))

    def form(self, day: Workday | None) -> dict[str, Any]:
        """Describe a day as every method answers; somebody who has none yet gets the status alone."""
        status = self.status(day)
        if day is None:
            return {"STATUS": status}
        is_over = day.end is not None
        worked = (day.end or day.start) - day.start - (day.leaks if is_over else 0)
        described = {
            "STATUS": status,
            "TIME_START": self._iso(day, day.start),
            "TIME_FINISH": self._iso(day, day.end) if day.end is not None else None,
            "DURATION": _clock(max(worked, 0)),
            "TIME_LEAKS": _clock(day.leaks),
            "ACTIVE": day.is_approved,
            "IP_OPEN": "127.0.0.1",
            "IP_CLOSE": "127.0.0.1" if is_over else "",
            "LAT_OPEN": 0,
            "LON_OPEN": 0,
            "LAT_CLOSE": 0,
            "LON_CLOSE": 0,
            "TZ_OFFSET": day.offset,
        }
        if status == "EXPIRED":
            midnight = datetime.combine(self._date(day, day.start), datetime.min.time(), UTC)
            end = int((midnight + _DAY_END).timestamp()) - day.offset
            described["TIME_FINISH_DEFAULT"] = self._iso(day, max(end, day.start))
        return described

    def _go_on(self, day: Workday, since: int) -> Workday:
        """End a break, or the gap since the day was closed, which becomes one."""
        return self._keep(replace(day, paused=None, leaks=day.leaks + self._now() - since))

    def _need_report(self, at: datetime | None, report: str) -> None:
        if at is not None and not report.strip():
            raise RestError("REPORT_NEEDED", "A reason is needed")

    def _keep(self, day: Workday) -> Workday:
        self._days[day.id] = day
        self._rows.put("workday", day.id, asdict(day))
        self._world.changed.set()
        return day

    def _offset(self, account: Account) -> int:
        zone = ZoneInfo(account.zone or "Europe/Moscow")
        offset = self._world.clock.now().astimezone(zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0

    def _local(self, account: Account, instant: int) -> date:
        return datetime.fromtimestamp(instant + self._offset(account), UTC).date()

    def _date(self, day: Workday, instant: int) -> date:
        return datetime.fromtimestamp(instant + day.offset, UTC).date()

    def _iso(self, day: Workday, instant: int) -> str:
        local = datetime.fromtimestamp(instant, UTC) + timedelta(seconds=day.offset)
        hours, minutes = divmod(abs(day.offset) // 60, 60)
        return f"{local:%Y-%m-%dT%H:%M:%S}{'-' if day.offset < 0 else '+'}{hours:02}:{minutes:02}"

    def _now(self) -> int:
        return int(self._world.clock.now().timestamp())


def _clock(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
