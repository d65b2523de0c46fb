"""The watch: who is to be nudged now, by state alone, and when it is worth looking again (cases 23 and 28).

What is due follows from the plan, the marks, the absences and what was told already, never from what an earlier look
had meant to do: after a day without service a person gets one message, not five.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.leave.absence import Absence
from bot.domain.leave.away import PRESENT, expected, is_whole_day
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import LONGEST_SHIFT_MARGIN, Shift
from bot.domain.reminding.forgotten import Expectation, shift_begun
from bot.domain.workday.correction import LONGEST_SESSION
from bot.domain.workday.delay import Delay
from bot.domain.workday.punch_log import WorkSession

PATIENCE = timedelta(minutes=10)
"""So long after the start of a shift nothing is asked, unless the portal says otherwise."""
LONGEST_PATIENCE = timedelta(hours=2)
OPTION = "remind_after"
"""The portal's option: how many minutes after the start of a shift people are asked where they are."""
AFTER_END = timedelta(minutes=15)
"""So long after the planned end the first question comes."""
LATER = timedelta(hours=2)
"""So long after the planned end the second and last one comes."""
WINDING_DOWN = timedelta(hours=1)
"""So long after a shift at night nobody is woken by a message."""
DAYTIME = time(7), time(22)
"""When people may be written to although they are not on a shift."""
STEP = timedelta(minutes=5)
"""Looks are made on the five minutes, so that ten thousand people do not mean ten thousand looks."""


class NudgeKind(StrEnum):
    """What a person is asked; also the kind under which it is noted that they were."""

    START = "start"
    """The shift has begun, and nothing is recorded (case 28)."""
    END = "end"
    """The shift has ended, and the clock is running (case 23)."""
    STILL = "still"
    """It is still running two hours later."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """A shift on somebody's plan, and from when on it is asked about where nothing is recorded."""

    shift: Shift
    asked_from: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """A person as the watch sees them: the plan, marks and absences of the days around now, and what was told."""

    employee: Employee
    turnouts: Sequence[Turnout]
    sessions: Sequence[WorkSession] = ()
    absences: Sequence[Absence] = ()
    told: frozenset[tuple[str, str]] = frozenset()
    """(kind, key)"""
    delays: Sequence[Delay] = ()
    """What the person said about coming later."""

    @property
    def hours_away(self) -> tuple[tuple[datetime, datetime], ...]:
        """Absences of some hours, oldest first."""
        return tuple((each.start, each.end) for each in self.absences if each.start and each.end)

    @property
    def open_session(self) -> WorkSession | None:
        """The session that runs."""
        return self.sessions[-1] if self.sessions and self.sessions[-1].is_open else None

    def is_stale(self, now: datetime) -> bool:
        """Whether the session that runs is too long to be true: it is as good as closed."""
        session = self.open_session
        if session is None or now - session.started_at < LONGEST_SHIFT_MARGIN:
            return False
        return Expectation(self.shift_of(session)).closes_at(session) <= now

    def shift_of(self, session: WorkSession) -> Shift | None:
        """Return the shift that a session was begun for."""
        return shift_begun((each.shift for each in self.turnouts), session.started_at)


@dataclass(frozen=True, slots=True)
class Nudge:
    """A question to a person about a shift."""

    kind: NudgeKind
    shift: Shift

    @property
    def key(self) -> str:
        """What it is about: each question is asked once a work date."""
        return self.shift.day.isoformat()


def patience(options: Mapping[str, Any]) -> timedelta:
    """Return how long after the start of a shift a portal waits; what is no such length counts as not set."""
    minutes = options.get(OPTION)
    is_known = isinstance(minutes, int) and 0 <= minutes <= LONGEST_PATIENCE.total_seconds() / 60
    return timedelta(minutes=minutes) if is_known and minutes is not None else PATIENCE


def nudge(person: Watched, now: datetime) -> Nudge | None:
    """Return the one question that is due now, if the person may be disturbed."""
    running = None if person.is_stale(now) else person.open_session
    due = _about_end(person, running, now) if running else _about_start(person, now)
    if due is None or (due.kind, due.key) in person.told or is_quiet(person, due.shift, now):
        return None
    return due


def close_at(person: Watched, now: datetime) -> datetime | None:
    """Return when the running session is to be closed, where that is sooner than it would be anyway (case 24)."""
    running = person.open_session
    if running is None:
        return None
    if person.employee.is_disabled:
        return now
    shift = person.shift_of(running)
    if shift is None or now < shift.ends_at + AFTER_END:
        return None
    anyway = running.started_at + LONGEST_SESSION
    at = Expectation(shift).closes_at(running)
    return at if max(at, now) < anyway else None


def next_look(people: Iterable[Watched], now: datetime) -> datetime:
    """Return the next instant at which something could be due to somebody, at the latest in a day."""
    latest = now + timedelta(days=1)
    alike = {(id(person.turnouts), person.hours_away, tuple(person.delays)): person for person in people}
    moments = (moment for person in alike.values() for moment in _moments(person) if now < moment < latest)
    first = min(moments, default=latest)
    past = timedelta(seconds=first.timestamp() % STEP.total_seconds())
    return first - past + STEP if past else first


def is_quiet(person: Watched, shift: Shift, now: datetime) -> bool:
    """Whether nothing is written to the person now: cannot be reached, asked for silence, away, or asleep."""
    who = person.employee
    local = now.astimezone(ZoneInfo(shift.zone))
    if who.is_disabled or not any(each.is_reachable for each in who.identities):
        return True
    if is_muted(who, local.date()):
        return True
    if any(is_away(each, shift.day, now) for each in person.absences):
        return True
    on_shift = shift.starts_at <= now < shift.ends_at + WINDING_DOWN
    return not on_shift and not is_daytime(local)


def is_muted(employee: Employee, today: date) -> bool:
    """Whether the person asked for silence that lasts over that day."""
    return employee.muted_until is not None and today < employee.muted_until


def is_daytime(local: datetime) -> bool:
    """Whether it is neither late nor early."""
    return DAYTIME[0] <= local.time() < DAYTIME[1]


def is_away(absence: Absence, day: date, now: datetime) -> bool:
    """Whether an absence covers a work date, or this hour of it. Remote work is work."""
    if absence.kind in PRESENT or not absence.first <= day <= absence.last:
        return False
    return absence.start is None or absence.end is None or absence.start <= now < absence.end


def _about_start(person: Watched, now: datetime) -> Nudge | None:
    came_for = {person.shift_of(each) for each in person.sessions}
    for each in person.turnouts:
        if _asked_from(person, each) <= now < each.shift.ends_at and each.shift not in came_for:
            return Nudge(NudgeKind.START, each.shift)
    return None


def _asked_from(person: Watched, turnout: Turnout) -> datetime:
    """Who is away for the first hours, or said to come later, is asked only after that, as long after as anybody."""
    shift, begins = turnout.shift, turnout.shift.starts_at
    patience = turnout.asked_from - begins
    if person.hours_away:
        wanted = expected(shift, [each for each in person.absences if not is_whole_day(each)])
        if wanted is None:
            return shift.ends_at
        begins = wanted[0]
    said = next((each for each in person.delays if each.day == shift.day), None)
    if said is not None:
        begins = max(begins, said.expected(shift.starts_at))
    for start, end in person.hours_away:
        if start <= begins < end:
            begins = end
    return begins + patience


def _about_end(person: Watched, running: WorkSession, now: datetime) -> Nudge | None:
    shift = person.shift_of(running)
    if shift is None:
        return None
    if now >= shift.ends_at + LATER:
        return Nudge(NudgeKind.STILL, shift)
    return Nudge(NudgeKind.END, shift) if now >= shift.ends_at + AFTER_END else None


def _moments(person: Watched) -> Iterable[datetime]:
    for each in person.turnouts:
        yield from (_asked_from(person, each), each.shift.ends_at + AFTER_END, each.shift.ends_at + LATER)
