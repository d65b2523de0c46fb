"""What is not right in somebody's days and can be mended: no marks, an end nobody confirmed, a break too long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.reports.account import Account, DayAccount, Flag
from bot.domain.workday.punch_log import Break, WorkSession

BREAK_GRACE = timedelta(minutes=5)
"""A break so much over its limit is not worth a question: an hour's lunch ends about on the hour."""


class GapKind(StrEnum):
    """What is not right."""

    MISSING = "missing"
    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    LONG_BREAK = "long_break"
    NO_BREAK = "no_break"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not right on a work date."""

    kind: GapKind
    day: DayAccount
    session: WorkSession | None = None
    """What is unconfirmed."""
    pause: Break | None = None
    """What is too long."""
    limit: timedelta = timedelta()


def gaps_of(account: Account, break_limit: Callable[[date], timedelta | None], now: datetime) -> list[Gap]:
    """Return what is not right, oldest first; a date about which a correction waits has that and nothing else."""
    return [gap for day in account.days for gap in _of_day(day, break_limit(day.day), now)]


def _of_day(day: DayAccount, limit: timedelta | None, now: datetime) -> Iterator[Gap]:
    if Flag.PENDING in day.flags:
        yield Gap(GapKind.PENDING, day)
        return
    if Flag.MISSING in day.flags:
        yield Gap(GapKind.MISSING, day)
    for session in day.sessions:
        if session.is_auto:
            yield Gap(GapKind.UNCONFIRMED, day, session)
        elif limit is not None:
            for pause in session.breaks:
                if pause.ended_at is not None and pause.length(now) > limit + BREAK_GRACE:
                    yield Gap(GapKind.LONG_BREAK, day, session, pause, limit)
    if Flag.NO_PAUSE in day.flags and Flag.UNCONFIRMED not in day.flags:
        yield Gap(GapKind.NO_BREAK, day)
