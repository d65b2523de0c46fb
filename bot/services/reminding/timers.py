"""Timers: durable jobs that follow from the state of a person's day, one of a kind; and a portal's next look."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.people.employee import Employee
from bot.domain.workday.correction import LONGEST_SESSION
from bot.domain.workday.punch_log import WorkSession
from bot.ids import new_id
from bot.ports import Job, UnitOfWork
from bot.services.unit_service import UnitService
from bot.services.workday.marks import WINDOW

WATCH = "watch"
"""The job of a portal's next look at everybody."""
FIRST_LOOK = timedelta(minutes=30)
"""No limit of a break is shorter; before that nobody's schedule is read."""


def look_again(uow: UnitOfWork, portal_id: int, at: datetime) -> None:
    """Let a portal be looked at at `at`, for what is planned has changed; later looks follow by themselves."""
    uow.jobs.add(Job(new_id(), portal_id, WATCH, "", at, {}))


class Timer(StrEnum):
    """The kinds of jobs that belong to one person; the key is the employee's id."""

    AUTO_CLOSE = "auto-close"
    """The session has become too long to be true (case 24)."""
    ASK_END = "ask-end"
    """The morning after: was that when you left? (case 22)"""
    BREAK_OVER = "break-over"
    """The length that a break was announced for has passed (case 11)."""
    BREAK_LONG = "break-long"
    """The break may have passed the limit of the schedule (case 12)."""
    REMIND_ME = "remind-me"
    """The person asked to be reminded at a time."""


class Timers(UnitService):
    """Sets and takes back a person's timers."""

    def set(self, employee: Employee, timer: Timer, at: datetime, **payload: Any) -> None:
        """Note that the timer goes off at an instant, instead of another one that was set."""
        self._uow.jobs.add(_job(employee, timer, at, **payload))

    def see_closed(self, employee: Employee, session: WorkSession) -> None:
        """See to it that an open session is closed some day; a timer that is set stays as it is."""
        at = session.started_at + LONGEST_SESSION
        self._uow.jobs.keep(_job(employee, Timer.AUTO_CLOSE, at))

    def clear(self, employee: Employee, *timers: Timer) -> None:
        """Note that the timers are not needed any more."""
        for timer in timers:
            self._uow.jobs.cancel(employee.portal_id, timer, str(employee.id))

    async def follow(self, employee: Employee, now: datetime) -> None:
        """Set what the day as it is now asks for, and take back what it does not."""
        log = await self._uow.punches.log(employee, now - WINDOW)
        last = log.sessions[-1] if log.sessions else None
        if last is None or not last.is_open:
            self.clear(employee, Timer.AUTO_CLOSE)
        else:
            self.set(employee, Timer.AUTO_CLOSE, last.started_at + LONGEST_SESSION)
        self._follow_break(employee, last)

    def _follow_break(self, employee: Employee, last: WorkSession | None) -> None:
        pause = last.running_break if last else None
        if pause is not None:
            since = int(pause.started_at.timestamp())
            self.set(employee, Timer.BREAK_LONG, pause.started_at + FIRST_LOOK, since=since)
        elif last is None or last.breaks:
            self.clear(employee, Timer.BREAK_OVER, Timer.BREAK_LONG)


def _job(employee: Employee, timer: Timer, at: datetime, **payload: Any) -> Job:
    return Job(new_id(), employee.portal_id, timer, str(employee.id), at, {"employee_id": employee.id, **payload})
