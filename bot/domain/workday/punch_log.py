"""The punch log and what is derived from it: sessions, breaks, and the state OFF, WORK or BREAK.

The log is append-only. Sessions are never patched: a late, repeated or corrected punch means deriving again.
Instants are UTC; durations are subtracted in UTC, because two aware datetimes of one zone subtract to wall-clock
time, an hour wrong on the nights when clocks change.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class PunchKind(StrEnum):
    """The four facts of a working day, and the one that takes a fact back."""

    IN = "in"
    BREAK_START = "break"
    BREAK_END = "back"
    OUT = "out"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Punch:
    """One immutable fact: what happened at `at` (UTC), when it became known, and who said so.

    `zone` is the employee's IANA zone at that time. `event` is the messenger's id of the message, unique for the
    person. `target` is the punch that a VOID takes back. `mark` says what is unusual: "late", "clock", "stated",
    "corrected", "auto", "confirmed", "idle".
    """

    id: int
    kind: PunchKind
    at: datetime
    recorded_at: datetime
    zone: str
    source: str = ""
    event: str = ""
    actor_id: int | None = None
    reason: str = ""
    target: int | None = None
    mark: str = ""


AUTO = "auto"
"""The mark of a check-out that the service made by itself; it is unconfirmed and gives way to what people say."""
CONFIRMED = "confirmed"
"""The mark of such a check-out once the person said that it is true."""
CORRECTED = "corrected"
"""The mark of what a correction put into the log."""
BY_PROGRAM = "api"
"""The source of what a program told; whoever it acts for is the actor."""
IDLE = "idle"
"""The mark of what changed nothing when it arrived; it counts once an earlier one that it overtook makes it true."""


class DayState(StrEnum):
    """Where a person is in the working day."""

    OFF = "off"
    WORK = "work"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class Break:
    """A pause inside a session, half-open [started_at, ended_at); it still runs while `ended_at` is None."""

    started_at: datetime
    ended_at: datetime | None = None

    def length(self, until: datetime) -> timedelta:
        """How long the break has lasted at `until`."""
        return max(min(self.ended_at or until, until) - self.started_at, timedelta())


@dataclass(frozen=True, slots=True)
class WorkSession:
    """From check-in to check-out, with the breaks inside. `id` is the id of the punch that opened it."""

    id: int
    started_at: datetime
    zone: str
    ended_at: datetime | None = None
    breaks: tuple[Break, ...] = field(default=())
    last_at: datetime | None = None
    """The last punch that belongs to it: what is known of a session that still runs."""
    is_auto: bool = False
    """Closed by the service at a plausible time and not confirmed by anybody."""

    @property
    def is_open(self) -> bool:
        """Whether the person has not checked out."""
        return self.ended_at is None

    @property
    def running_break(self) -> Break | None:
        """The break that still runs."""
        return self.breaks[-1] if self.breaks and self.breaks[-1].ended_at is None else None

    @property
    def work_date(self) -> date:
        """The local date of the start, in the zone kept on the session: what the hours count for."""
        return self.started_at.astimezone(ZoneInfo(self.zone)).date()

    def on_break(self, until: datetime) -> timedelta:
        """Time on breaks up to `until`, or to the end."""
        end = self.ended_at or until
        return sum((each.length(end) for each in self.breaks), timedelta())

    def worked(self, until: datetime) -> timedelta:
        """Time at work without breaks, up to `until` or to the end."""
        end = self.ended_at or max(until, self.started_at)
        return end - self.started_at - self.on_break(end)

    def has_clock_change(self, until: datetime) -> bool:
        """Whether clocks changed in it, so that its ends on the dial do not show its length (case 52)."""
        zone, end = ZoneInfo(self.zone), self.ended_at or until
        return self.started_at.astimezone(zone).utcoffset() != end.astimezone(zone).utcoffset()


# At one instant the punch that is legal in the present state goes first, in this order.
RANK = {PunchKind.BREAK_END: 0, PunchKind.BREAK_START: 1, PunchKind.OUT: 2, PunchKind.IN: 3}
_LEGAL: dict[DayState, frozenset[PunchKind]] = {
    DayState.OFF: frozenset({PunchKind.IN}),
    DayState.WORK: frozenset({PunchKind.BREAK_START, PunchKind.OUT}),
    DayState.BREAK: frozenset({PunchKind.BREAK_END, PunchKind.IN, PunchKind.OUT}),
}


def is_legal(state: DayState, kind: PunchKind) -> bool:
    """Whether a punch of that kind changes anything in that state; `in` also ends a break."""
    return kind in _LEGAL[state]


def live(punches: Iterable[Punch]) -> list[Punch]:
    """Return the punches that are neither voids, nor voided, nor idle, each once."""
    known = {punch.id: punch for punch in punches if punch.mark != IDLE}
    voided = {punch.target for punch in known.values() if punch.kind is PunchKind.VOID}
    if not voided:
        return list(known.values())
    return [punch for punch in known.values() if punch.kind is not PunchKind.VOID and punch.id not in voided]


class _Course:
    """A log read punch by punch: the sessions that have ended, and the one that grows."""

    __slots__ = ("begun", "breaks", "ended", "last_at", "resting", "state")

    def __init__(self) -> None:
        self.ended: list[WorkSession] = []
        self.state = DayState.OFF
        self.begun: Punch
        self.breaks: list[Break] = []
        self.resting: datetime
        """Since when the break runs, in a break."""
        self.last_at: datetime

    def take(self, punch: Punch) -> None:
        """Apply a punch that is legal in the present state."""
        self.last_at = at = _utc(punch.at)
        if self.state is DayState.OFF:
            self.begun, self.breaks, self.state = punch, [], DayState.WORK
            return
        if punch.kind is PunchKind.BREAK_START:
            self.resting, self.state = at, DayState.BREAK
            return
        if self.state is DayState.BREAK and at > self.resting:
            self.breaks.append(Break(self.resting, at))
        self.state = DayState.WORK
        if punch.kind is PunchKind.OUT:
            self.state = DayState.OFF
            started_at = _utc(self.begun.at)
            if at > started_at:
                breaks, begun = tuple(self.breaks), self.begun
                is_auto = punch.mark == AUTO
                self.ended.append(WorkSession(begun.id, started_at, begun.zone, at, breaks, at, is_auto))

    def sessions(self) -> list[WorkSession]:
        """Return what ended, and what has not."""
        if self.state is DayState.OFF:
            return self.ended
        breaks = [*self.breaks, Break(self.resting)] if self.state is DayState.BREAK else self.breaks
        begun = self.begun
        running = WorkSession(begun.id, _utc(begun.at), begun.zone, None, tuple(breaks), self.last_at)
        return [*self.ended, running]


def derive(punches: Iterable[Punch]) -> list[WorkSession]:
    """Return the sessions that a log means, oldest first; only the last may be open.

    The order of the given punches and repetitions by id do not matter. A punch that is not legal in the state it
    meets is ignored: the first of two check-ins counts (cases 2, 3, 6, 8 of the rules). A session or break of no
    length is left out (case 43).
    """
    valid = live(punches)
    valid.sort(key=lambda punch: (punch.at, RANK[punch.kind], punch.id))
    course = _Course()
    place, end = 0, len(valid)
    while place < end:
        first = valid[place]
        at = first.at
        place += 1
        if place == end or valid[place].at != at:  # as it nearly always is
            if first.kind in _LEGAL[course.state]:
                course.take(first)
            continue
        waiting = [first]
        while place < end and valid[place].at == at:
            waiting.append(valid[place])
            place += 1
        while chosen := next((punch for punch in waiting if punch.kind in _LEGAL[course.state]), None):
            waiting.remove(chosen)
            course.take(chosen)
    return course.sessions()


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo is UTC else at.astimezone(UTC)


def standing(sessions: Sequence[WorkSession]) -> tuple[DayState, WorkSession | None]:
    """Return the state after all of a log, and the session that is open then, by the sessions of that log."""
    last = sessions[-1] if sessions else None
    if last is None or not last.is_open:
        return DayState.OFF, None
    return (DayState.BREAK if last.running_break else DayState.WORK), last


def state_at(punches: Iterable[Punch], at: datetime) -> tuple[DayState, WorkSession | None]:
    """Return the state as of `at` and the session that was open then: punches later than `at` are not looked at."""
    return standing(derive([punch for punch in punches if punch.kind is PunchKind.VOID or punch.at <= at]))


def last_before(sessions: Sequence[WorkSession], at: datetime) -> WorkSession | None:
    """The session that started last, not after `at`."""
    return next((session for session in reversed(sessions) if session.started_at <= at), None)
