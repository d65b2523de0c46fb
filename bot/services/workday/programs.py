"""Marks by programs: one's own by a key of one's own, and somebody's by a key of the portal, who is told of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.errors import InFuture, Refusal
from bot.domain.events import MarkedByProgram
from bot.domain.people.employee import Employee
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import BY_PROGRAM, PunchKind
from bot.services.unit_service import UnitService
from bot.services.workday.recording import Choice, Proposed, Recording
from bot.services.workday.time_clock import TimeClock
from bot.text import Time, t

_NOW = timedelta(minutes=1)
"""A time so near is the present one: programs say when it was, and take their time to say it."""


class TooLongAgo(Refusal):
    """A mark that lies so far back that it is a correction, which somebody decides on."""

    code = "correction_wanted"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(t("That lies too far back for a mark. Ask for a correction of that day."))


class MarksByPrograms(UnitService):
    """Records what a program says that somebody did."""

    async def record(
        self,
        subject: Employee,
        kind: PunchKind,
        at: datetime | None,
        now: datetime,
        event: str,
        actor_id: int,
        program: str = "",
    ) -> None:
        """Record a mark. `program` is the name of one that acts for the portal: it stands in the person's history."""
        now = now.replace(microsecond=0)
        moment = Moment(now, now, subject.zone, BY_PROGRAM, f"{BY_PROGRAM}:{event}", actor_id, reason=program)
        if at is not None:
            at = at.replace(microsecond=0)
            if at > now + _NOW:
                raise InFuture(Time(at, subject.zone))
            moment = replace(moment, at=at) if abs(now - at) <= _NOW else moment.stated(at)
        done = await Recording(self._uow).record(subject, kind, moment)
        if isinstance(done, Proposed | Choice):
            raise TooLongAgo
        if program:
            self._uow.events.append(
                MarkedByProgram(subject.portal_id, subject.id, program, kind.value, moment.at, subject.zone)
            )

    async def undo(self, person: Employee, now: datetime, event: str) -> None:
        """Take back one's last mark."""
        now = now.replace(microsecond=0)
        moment = Moment(now, now, person.zone, BY_PROGRAM, f"{BY_PROGRAM}:{event}", person.id)
        await TimeClock(self._uow).undo(person, moment)
