"""Corrections: a wish about past time becomes a plan of voided and added punches, or a refusal, or a question.

The log stays append-only: moving a check-out is voiding the old mark and adding a new one. Before and after are both
derived, so the same plan shown to the lead is the one that is applied (cases 30–41 of the rules).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from bot.domain.errors import Refusal
from bot.domain.workday.punch_log import Punch, PunchKind, WorkSession
from bot.text import Day, DayTime, Time, t

LONGEST_SESSION = timedelta(hours=16)
"""No session is plausible beyond this."""
FARTHEST_BACK = timedelta(days=92)
"""How far back a person can correct by chat."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A punch to be added."""

    kind: PunchKind
    at: datetime


class Subject(StrEnum):
    """What a correction is about, for the card's heading."""

    CHECK_IN = "check_in"
    CHECK_OUT = "check_out"
    BREAK = "break"
    DAY = "day"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class Span:
    """A session as a card shows it: from, to (None while open), and the breaks inside."""

    start: datetime
    end: datetime | None
    breaks: tuple[tuple[datetime, datetime | None], ...] = ()

    @classmethod
    def of(cls, session: WorkSession) -> Self:
        """Return the span of a session; an end that the service put there by itself is nobody's word, and so none."""
        breaks = tuple((each.started_at, each.ended_at) for each in session.breaks)
        return cls(session.started_at, None if session.is_auto else session.ended_at, breaks)


@dataclass(frozen=True, slots=True)
class Plan:
    """A correction that fits the log: what is voided and added, and the days before and after."""

    subject: Subject
    zone: str
    voids: tuple[int, ...]
    adds: tuple[Mark, ...]
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    shift: timedelta | None
    """How far the farthest mark moves; None where a mark appears or vanishes."""
    target: str = ""
    """Names what is changed, so that a second request about the same replaces the first (case 33)."""

    @property
    def days(self) -> tuple[date, ...]:
        """The local dates that the plan touches."""
        zone = ZoneInfo(self.zone)
        return tuple(sorted({each.start.astimezone(zone).date() for each in (*self.before, *self.after)}))

    def is_small(self, limit: timedelta) -> bool:
        """Whether no mark moves by more than that, and the breaks are as long as before to within it (case 31)."""
        if self.shift is None or self.shift > limit:
            return False
        return abs(_paused(self.after) - _paused(self.before)) <= limit

    @property
    def goes_on(self) -> bool:
        """Whether it is about a day that ran when it was shown: such a day changes, and everybody knows."""
        return any(each.end is None for each in self.after)


class Misfit(Refusal):
    """A correction that cannot be: the reason is in its phrase."""

    code = "correction_misfit"


class StillToCome(Misfit):
    """A correction of what has not been yet (case 40)."""

    code = "still_to_come"

    def __init__(self, at: datetime, shown: Time | DayTime) -> None:
        """Name the time as its reader will see it."""
        super().__init__(t("{time} is still to come; I can only correct what has been.", time=shown))
        self.at = at


class Overlap(Refusal):
    """The wished time overlaps several sessions, or one by a part: three ways out are offered (case 34)."""

    code = "correction_overlap"

    def __init__(self, sessions: Sequence[WorkSession], wished: tuple[datetime, datetime]) -> None:
        """Name the sessions in the way."""
        first = sessions[0]
        super().__init__(
            t(
                "That overlaps what is recorded on {day}. What should I do?",
                day=Day(first.started_at.astimezone(ZoneInfo(first.zone)).date()),
            )
        )
        self.sessions = tuple(sessions)
        self.wished = wished


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants the log to say. `kind` is an intent of the understanding; times are aware instants."""

    kind: str
    at: datetime | None = None
    until: datetime | None = None
    break_for: timedelta | None = None
    """How long the break was; zero where there was none, None where nothing was said."""
    day: date | None = None
    target: str = ""
    overlap: str = ""
    """"trim" or "join", once the person chose; "replace" where they were asked how the day was."""
    break_at: datetime | None = None
    """When the break began; in the middle where nobody knows."""


def trial(
    punches: Sequence[Punch], voids: Iterable[int], adds: Iterable[Mark], zone: str, now: datetime
) -> Iterable[Punch]:
    """Return the log as it would be with the plan applied; the new punches have negative ids."""
    yield from punches
    known = {punch.id: punch for punch in punches}
    number = -1
    for target in voids:
        at = known[target].at if target in known else now
        yield Punch(number, PunchKind.VOID, at, now, zone, target=target)
        number -= 1
    for mark in adds:
        yield Punch(number, mark.kind, mark.at, now, zone)
        number -= 1


def _paused(spans: Iterable[Span]) -> timedelta:
    return sum((end - start for each in spans for start, end in each.breaks if end is not None), timedelta())
