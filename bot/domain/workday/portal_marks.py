"""What the portal's button did since we last looked, as marks of ours: each has a name, so that it comes once.

A beginning and an end have the portal's own time. Of breaks the portal tells only whether one runs and how long all of
them were: one that is seen to run begins when it was seen, and is as long as the sum has grown. A time that lies before
our last look was written there afterwards: it is no mark of now, and nobody's hours change by it in silence. Nor do
they by a sum of breaks that has grown by more than a button can have made of it since then.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.workday.portal_day import SAME, PortalDay, Standing
from bot.domain.workday.punch_log import PunchKind

LONGEST_SILENCE = timedelta(hours=12)
"""What is found later than that is no mark of now."""
_RUNNING = (Standing.OPENED, Standing.PAUSED)


@dataclass(frozen=True, slots=True)
class PortalMark:
    """Something that was done on the portal; `event` is the same however often it is seen."""

    kind: PunchKind
    at: datetime
    event: str
    is_stated: bool = False
    """Whether the time was written there afterwards."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was changed there afterwards: it can become a correction, if its person says so.

    Of breaks (`BREAK_END`) the portal does not tell when they were, so `at` is the latest that they can have ended.
    """

    kind: PunchKind
    at: datetime
    event: str


def marks_between(
    before: PortalDay | None,
    seen_at: datetime,
    after: PortalDay,
    now: datetime,
    *,
    resting_since: datetime | None = None,
) -> list[PortalMark | Difference]:
    """Return what happened on the portal since `seen_at`, in order; `resting_since` is when our break began.

    Who was never looked at before brings no history along: only a day that runs counts, from now on.
    """
    if after.start is None or after.standing is Standing.EXPIRED:
        return []
    if before is None or before.start is None or before.date_of(before.start) != after.date_of(after.start):
        return _new_day(before, seen_at, after, now)
    if before.standing is Standing.EXPIRED:
        return [Difference(PunchKind.OUT, after.finish, _name(after, "out", after.finish))] if after.finish else []
    found: list[PortalMark | Difference] = []
    if abs(before.start - after.start) > SAME:
        found.append(Difference(PunchKind.IN, after.start, _name(after, "in", after.start)))
    if before.standing is Standing.CLOSED:
        return [*found, *_after_the_end(before, seen_at, after, now)]
    return [*found, *_on_the_day(before, seen_at, after, now, resting_since)]


def _new_day(
    before: PortalDay | None, seen_at: datetime, after: PortalDay, now: datetime
) -> list[PortalMark | Difference]:
    start, end = after.start, after.finish
    if start is None or (before is None and (after.standing not in _RUNNING or not after.is_of(now))):
        return []
    found: list[PortalMark | Difference] = [
        PortalMark(PunchKind.IN, start, _name(after, "in", start), is_stated=_is_stated(start, seen_at, now))
    ]
    if after.standing is Standing.PAUSED:
        found.append(PortalMark(PunchKind.BREAK_START, now, _rest(after, "break", after.leaks)))
    elif before is not None and after.leaks >= SAME and start < (end or now) - after.leaks:
        found += _break_of(after, after.leaks, end or now, seen_at, now)
    if end is not None:
        found.append(PortalMark(PunchKind.OUT, end, _name(after, "out", end), _is_stated(end, seen_at, now)))
    return found


def _after_the_end(
    before: PortalDay, seen_at: datetime, after: PortalDay, now: datetime
) -> list[PortalMark | Difference]:
    """A closed day goes on, or its end was moved."""
    ended, gap = before.finish, after.leaks - before.leaks
    if after.standing is Standing.CLOSED:
        if after.finish is None or ended is None:
            return []
        moved = abs(after.finish - ended) > SAME
        if moved and gap >= SAME and seen_at - SAME <= ended + gap <= after.finish + SAME:
            # It went on and was closed again between two looks; the gap was counted as a break.
            again = min(ended + gap, after.finish)
            return [
                PortalMark(PunchKind.IN, again, _rest(after, "again", after.leaks)),
                PortalMark(PunchKind.OUT, after.finish, _name(after, "out", after.finish)),
            ]
        found = [Difference(PunchKind.OUT, after.finish, _name(after, "out", after.finish))] if moved else []
        return [*found, *([_lengthened(after, after.finish)] if gap >= SAME else [])]
    again = min(max(ended + gap, seen_at), now) if ended is not None and gap > timedelta() else now
    went_on: list[PortalMark | Difference] = [PortalMark(PunchKind.IN, again, _name(after, "again", ended or again))]
    if ended is not None and ended + gap > now + SAME:
        went_on.append(_lengthened(after, now))
    if after.standing is Standing.PAUSED:
        went_on.append(PortalMark(PunchKind.BREAK_START, now, _rest(after, "break", after.leaks)))
    return went_on


def _on_the_day(
    before: PortalDay, seen_at: datetime, after: PortalDay, now: datetime, resting_since: datetime | None
) -> list[PortalMark | Difference]:
    """The day was running: breaks began and ended, or it was closed."""
    end = after.finish if after.standing is Standing.CLOSED and after.finish is not None else now
    grown = after.leaks - before.leaks
    found: list[PortalMark | Difference] = []
    if before.standing is Standing.PAUSED and after.standing is not Standing.PAUSED:
        is_known = resting_since is not None and grown >= timedelta(seconds=1)
        back = min(max(resting_since + grown, seen_at), end) if is_known and resting_since is not None else end
        # Of a day that was closed too, the sum tells whether it was closed in the break.
        if after.standing is Standing.OPENED or back < end - SAME:
            found.append(PortalMark(PunchKind.BREAK_END, back, _rest(after, "back", after.leaks)))
    elif after.standing is not Standing.PAUSED and grown >= SAME:
        found += _break_of(after, grown, end, seen_at, now)
    elif after.standing is Standing.PAUSED and before.standing is Standing.OPENED:
        found.append(PortalMark(PunchKind.BREAK_START, now, _rest(after, "break", before.leaks)))
    if after.standing is Standing.CLOSED and after.finish is not None:
        found.append(PortalMark(PunchKind.OUT, end, _name(after, "out", end), _is_stated(end, seen_at, now)))
    return found


def _break_of(
    day: PortalDay, length: timedelta, end: datetime, seen_at: datetime, now: datetime
) -> list[PortalMark | Difference]:
    """Return a break that was over before we looked: as long as it was, and at the latest it can have been.

    What would have begun before we looked last was no break by the button: its length was written there.
    """
    if _is_stated(end - length, seen_at, now):
        return [_lengthened(day, end)]
    return [
        PortalMark(PunchKind.BREAK_START, end - length, _rest(day, "break", day.leaks - length)),
        PortalMark(PunchKind.BREAK_END, end, _rest(day, "back", day.leaks)),
    ]


def _lengthened(day: PortalDay, end: datetime) -> Difference:
    return Difference(PunchKind.BREAK_END, end, _rest(day, "longer", day.leaks))


def remembered(before: PortalDay | None, after: PortalDay) -> PortalDay:
    """Return a day as it is to be kept: in a break the sum is that of before, whatever the portal counts."""
    if after.standing is not Standing.PAUSED or before is None or before.start is None or after.start is None:
        return after
    is_same = before.date_of(before.start) == after.date_of(after.start)
    return replace(after, leaks=before.leaks) if is_same else after


def _is_stated(at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a time was written there afterwards, or is so old that nobody's hours are to change by it unasked."""
    return at < seen_at - SAME or now - at > LONGEST_SILENCE


def _name(day: PortalDay, what: str, at: datetime) -> str:
    return f"timeman:{_seconds(day.start)}:{what}:{_seconds(at)}"


def _rest(day: PortalDay, what: str, leaks: timedelta) -> str:
    """Name a break by the day and the sum of breaks at which it began or ended: no two have the same."""
    return f"timeman:{_seconds(day.start)}:{what}:b{int(leaks.total_seconds())}"


def _seconds(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0
