"""What is to be done on the portal so that its day follows ours, one call at a time, by what it answered last.

The states and what each call does in them are the portal's (timeman/base): `pause` never refuses, and on a closed day
it resumes the day; a beginning can be named only while no day runs; an end only on the date of the day's start, and not
during a break; an expired day is closed first, with a time. What cannot be done is said, in words, once.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.workday.portal_day import SAME, OwnDay, PortalDay, Standing
from bot.domain.workday.punch_log import DayState

Do = Literal["open", "pause", "close"]
MOST_STEPS = 4
"""An expired day is closed, one of today opened, and paused; one more, and the portal does not do what it says."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call, and how the day has to stand after it; `at` is None where the moment of the call is right."""

    do: Do
    then: Standing
    at: datetime | None = None


class Unsaid(Enum):
    """What the portal cannot hold, or does not let us write."""

    SEVERAL = "several"
    """A second stretch of a date: there it is one day with a break in between."""
    OVER_MIDNIGHT = "over_midnight"
    """A shift over midnight: there it ends with the date on which it began."""
    START = "start"
    """Another beginning of a day that has begun there."""
    END = "end"
    """Another end of a day whose date is over."""
    EXPIRED = "expired"
    """A day of which we know nothing was left open there, and stands in the way."""
    FORMER = "former"
    """A day that was corrected with us after its date was over: only today's can be changed there."""
    BREAKS = "breaks"
    """Breaks that grew there by no button: it is not told when they were, so here nothing has changed."""


def next_step(own: OwnDay, theirs: PortalDay, now: datetime) -> Step | None:
    """Return what is to be done next; None where nothing is, or where nothing can be.

    Only what changed with us is changed there: what the person has done on the portal meanwhile is not undone, for it
    is about to become a mark of ours.
    """
    if theirs.standing is Standing.EXPIRED:
        return _end_of_expired(own, theirs)
    if own.state is DayState.OFF:
        return _ending(own, theirs, now)
    if own.day is None or own.day != now.astimezone(ZoneInfo(own.zone)).date():
        return None  # after midnight none is opened there for the second half of a shift
    if theirs.standing is Standing.CLOSED:
        return _beginning(own, theirs, now)
    if not own.has_changed:
        return None
    if own.state is DayState.BREAK:
        return Step("pause", Standing.PAUSED) if theirs.standing is Standing.OPENED else None
    back_from_break = own.was is DayState.BREAK and theirs.standing is Standing.PAUSED
    return Step("open", Standing.OPENED) if back_from_break else None


def unsaid(own: OwnDay, theirs: PortalDay, now: datetime) -> list[Unsaid]:
    """Return what differs in the end, because the portal has no place for it."""
    found = []
    if theirs.standing is Standing.EXPIRED and next_step(own, theirs, now) is None:
        is_ours = own.start is not None and theirs.is_of(own.start)
        found.append(Unsaid.OVER_MIDNIGHT if is_ours else Unsaid.EXPIRED)
    if own.start is None or theirs.start is None or not theirs.is_of(own.start):
        return found
    if own.stretches > 1:
        found.append(Unsaid.SEVERAL)
    if not own.has_changed and abs(own.start - theirs.start) > SAME:
        found.append(Unsaid.START)
    if own.state is DayState.OFF and own.end is not None and theirs.finish is not None:
        if not theirs.is_of(own.end):
            found.append(Unsaid.OVER_MIDNIGHT)
        elif abs(own.end - theirs.finish) > SAME and not theirs.is_of(now):
            found.append(Unsaid.END)
    return found


def _end_of_expired(own: OwnDay, theirs: PortalDay) -> Step | None:
    """Close what was left open, when we know when it ended; past its own midnight it cannot be held open."""
    ends = [end for start, end in own.ends_of().values() if theirs.is_of(start)]
    if not ends or theirs.start is None or theirs.last_moment is None:
        return None
    return Step("close", Standing.CLOSED, max(min(ends[-1], theirs.last_moment), theirs.start))


def _ending(own: OwnDay, theirs: PortalDay, now: datetime) -> Step | None:
    """Close what runs, or move the end of what was closed; TIME during a break is refused, so that ends first."""
    if theirs.start is None or not theirs.is_of(now):
        return None
    if theirs.standing is Standing.CLOSED:
        is_ours = own.end is not None and theirs.finish is not None and theirs.is_of(own.end)
        if not is_ours or own.end is None or theirs.finish is None or abs(own.end - theirs.finish) <= SAME:
            return None
        return Step("close", Standing.CLOSED, own.end) if own.end > theirs.start else None
    if not own.has_changed or own.since is None or own.since < theirs.start - SAME:
        return None  # it was opened there after all that we know of
    is_past = own.end is not None and theirs.start < own.end < now - SAME
    if not is_past:
        return Step("close", Standing.CLOSED)
    if theirs.standing is Standing.PAUSED:
        return Step("open", Standing.OPENED)
    return Step("close", Standing.CLOSED, own.end)


def _beginning(own: OwnDay, theirs: PortalDay, now: datetime) -> Step | None:
    """Open a day of today, at its time where that has passed; or go on with one that was closed today."""
    if theirs.is_of(now):
        is_later = own.since is not None and theirs.finish is not None and own.since >= theirs.finish - SAME
        return Step("open", Standing.OPENED) if own.has_changed and is_later else None
    is_past = own.start is not None and own.start < now - SAME
    return Step("open", Standing.OPENED, own.start if is_past else None)
