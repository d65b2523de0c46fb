"""Planned breaks in what was worked: a paid one counts as work, a missing one may be taken off (art. 108)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.planning.schedule import NEEDS_NO_BREAK, PlannedBreak
from bot.domain.reports.stretch import Stretch, stretches_of, total
from bot.domain.workday.punch_log import Break, WorkSession

_MINUTE = timedelta(minutes=1)


def counted(sessions: Sequence[WorkSession], pause: PlannedBreak, until: datetime) -> tuple[Stretch, ...]:
    """Return the work of one date's sessions after the rule of its planned break.

    Where the break is paid, breaks count as work up to its length. Where it is deducted, what is missing of it is
    taken off once nobody is at work any more, but never so much that whoever stays longer has worked less.
    """
    if pause.is_paid and pause.length:
        sessions = list(_with_paid(sessions, pause.length, until))
    work = tuple(part for each in sessions for part in stretches_of(each, until))
    if not pause.is_deducted or pause.is_paid or any(each.is_open for each in sessions):
        return work
    missing = min(pause.length - rest(sessions, until), presence(sessions, until) - NEEDS_NO_BREAK)
    if missing <= timedelta():
        return work
    return tuple(_without(work, _place(work, pause, missing), missing))


def rest(sessions: Sequence[WorkSession], until: datetime) -> timedelta:
    """Return the breaks of one date, with the time between its sessions: who checks out for lunch has had it."""
    gaps = (after.started_at - before.ended_at for before, after in pairwise(sessions) if before.ended_at)
    return sum((each.on_break(until) for each in sessions), sum(gaps, timedelta()))


def presence(sessions: Sequence[WorkSession], until: datetime) -> timedelta:
    """Return how long the sessions of a date last, breaks included."""
    return sum((each.worked(until) + each.on_break(until) for each in sessions), timedelta())


def has_no_break(sessions: Sequence[WorkSession], pause: PlannedBreak, until: datetime) -> bool:
    """Whether a break was planned, the day was long enough to need it, and none was taken, nor is one taken off."""
    is_over = not any(each.is_open for each in sessions)
    is_long = presence(sessions, until) > NEEDS_NO_BREAK
    return bool(pause.length) and not pause.is_deducted and is_over and is_long and not rest(sessions, until)


def _with_paid(sessions: Sequence[WorkSession], left: timedelta, until: datetime) -> Iterator[WorkSession]:
    """Yield the sessions with the first `left` of their breaks turned into work."""
    for session in sessions:
        kept: list[Break] = []
        for each in session.breaks:
            length = each.length(session.ended_at or until)
            paid = min(length, left)
            left -= paid
            if paid < length:
                kept.append(replace(each, started_at=each.started_at + paid))
        yield replace(session, breaks=tuple(kept))


def _place(work: Sequence[Stretch], pause: PlannedBreak, length: timedelta) -> timedelta:
    """Return after how much work the missing break comes: at its planned time, else in the middle, to the minute."""
    most = max(total(work) - length, timedelta())
    if pause.start is None:
        return most / 2 // _MINUTE * _MINUTE
    first = work[0].start.astimezone(ZoneInfo(work[0].zone))
    planned = datetime.combine(first.date(), pause.start, first.tzinfo)
    if planned < first:
        planned = datetime.combine(first.date() + timedelta(days=1), pause.start, first.tzinfo)
    at = planned.astimezone(UTC)
    return min(sum((each.within(each.start, at) for each in work), timedelta()), most)


def _without(work: Sequence[Stretch], after: timedelta, length: timedelta) -> Iterator[Stretch]:
    """Yield the work without `length` of it that comes after so much."""
    done = timedelta()
    for each in work:
        head, tail = max(after - done, timedelta()), max(done + each.length - after - length, timedelta())
        if head >= each.length or tail >= each.length:
            yield each
        else:
            if head:
                yield replace(each, end=each.start + head)
            if tail:
                yield replace(each, start=each.end - tail)
        done += each.length
