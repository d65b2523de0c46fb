"""Marks: new punches go into a person's log, and its sessions are derived anew."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.events import DayChanged
from bot.domain.people.employee import Employee
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import Punch, PunchKind, WorkSession, derive
from bot.ids import new_id
from bot.ports import Log, UnitOfWork

WINDOW = timedelta(days=2)
"""How far back a punch may lie; what is older is a correction of a day, not a punch."""


def made(kind: PunchKind, moment: Moment, *, at: datetime | None = None, zone: str = "", mark: str = "") -> Punch:
    """Return a punch of a moment; `at`, `zone` and `mark` where they are not the moment's own."""
    return Punch(
        new_id(),
        kind,
        at or moment.at,
        moment.recorded_at,
        zone or moment.zone,
        source=moment.source,
        event=moment.event,
        actor_id=moment.actor_id,
        reason=moment.reason,
        mark=mark or moment.mark,
    )


def void_of(punch: Punch, moment: Moment) -> Punch:
    """Return the punch that takes another one back."""
    return Punch(
        new_id(),
        PunchKind.VOID,
        punch.at,
        moment.recorded_at,
        punch.zone,
        source=moment.source,
        event=f"{moment.event}:v{punch.id}",
        actor_id=moment.actor_id,
        target=punch.id,
    )


def record(uow: UnitOfWork, employee: Employee, log: Log, new: Sequence[Punch]) -> tuple[WorkSession, ...]:
    """Add punches to a log and return its sessions as they are now."""
    sessions = tuple(derive((*log.punches, *new)))
    uow.punches.add(employee, new, log, sessions)
    uow.events.append(DayChanged(employee.portal_id, employee.id))
    return sessions
