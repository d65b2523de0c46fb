"""Marks that overtook others on their way: each is judged by its own time, whatever arrived between (case 15).

No messenger promises an order, and one person may write in two. What changed nothing when it arrived is kept as idle.
When a mark comes that was said earlier, the idle ones after it are looked at again: the hours are those of the right
order, whichever arrived first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.workday.correction import LONGEST_SESSION
from bot.domain.workday.punch_log import (
    AUTO,
    CONFIRMED,
    CORRECTED,
    IDLE,
    RANK,
    Punch,
    PunchKind,
    is_legal,
    live,
    state_at,
)

UNDO_WITHIN = timedelta(minutes=5)
"""So long a mark can be taken back by a word (case 44)."""
_AGAIN = "~"
"""What an idle mark's event ends in, once it counts."""


def counting_now(log: Sequence[Punch], new: Punch, said_at: datetime) -> list[Punch]:
    """Return the idle marks of a log that count once `new` does, as they are to be; their ids are still the idle ones'.

    Only those are looked at that were said after the new one, and while a day may last: what was refused before, or
    days later, is no mark of now.
    """
    known = [*log, new]
    waiting = sorted(
        (
            each
            for each in _idle(log)
            if each.kind is not PunchKind.VOID and _is_later(each, new, said_at) and each.at - new.at <= LONGEST_SESSION
        ),
        key=lambda each: (each.at, RANK[each.kind], each.id),
    )
    found: list[Punch] = []
    while True:
        fitting = next((each for each in waiting if is_legal(state_at(known, each.at)[0], each.kind)), None)
        if fitting is None:
            return found
        waiting.remove(fitting)
        _, session = state_at(known, fitting.at)
        zone = session.zone if session else fitting.zone
        event = f"{fitting.event}{_AGAIN}"
        counted = replace(fitting, mark="", zone=zone, event=event, recorded_at=new.recorded_at)
        found.append(counted)
        known.append(counted)


def undone_already(log: Sequence[Punch], new: Punch, said_at: datetime) -> Punch | None:
    """Return the idle word that takes `new` back: it was said within five minutes after it, and arrived before."""
    undo = [
        each
        for each in _idle(log)
        if each.kind is PunchKind.VOID and _is_later(each, new, said_at) and each.at <= said_at + UNDO_WITHIN
    ]
    first = min(undo, key=lambda each: each.at, default=None)
    if first is None or any(said_at < said(each) <= first.at for each in live(log)):
        return None
    return first


def last_undoable(punches: Iterable[Punch], at: datetime) -> Punch | None:
    """Return the mark that was recorded last, if it is not taken back already and not older than five minutes."""
    made = [punch for punch in live(punches) if punch.mark not in (AUTO, CONFIRMED, CORRECTED)]
    last = max(made, key=lambda punch: (punch.recorded_at, punch.id), default=None)
    return last if last is not None and at - last.recorded_at <= UNDO_WITHIN else None


def said(punch: Punch) -> datetime:
    """Return when a mark was said: at its own time, unless it names another one."""
    return punch.recorded_at if punch.mark == "stated" else punch.at


def _is_later(idle: Punch, new: Punch, said_at: datetime) -> bool:
    """Whether an idle mark was said after the new one; within one second the messenger's numbers tell, if it is one."""
    if idle.at != said_at:
        return idle.at > said_at and idle.at >= new.at
    return idle.source == new.source and (_number(idle) or 0) > (_number(new) or 0) > 0


def _number(punch: Punch) -> int | None:
    """Return the messenger's number of the message, where it has one."""
    name = punch.event.rpartition(":")[2]
    return int(name) if name.isdecimal() else None


def _idle(log: Sequence[Punch]) -> list[Punch]:
    """Return the idle marks that were not taken up yet."""
    taken = {punch.event for punch in log}
    return [each for each in log if each.mark == IDLE and f"{each.event}{_AGAIN}" not in taken]
