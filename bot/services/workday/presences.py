"""Presences: who is in, who is away and who comes later; why somebody is away only their leads read."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.portal_absence import as_absences
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import Shift
from bot.domain.portal import Portal
from bot.domain.reminding.watch import is_away
from bot.domain.rights import Right, within
from bot.domain.workday.delay import Delay
from bot.domain.workday.punch_log import WorkSession
from bot.gently import gently
from bot.services.leave.portal_calendars import away_on
from bot.services.reports.accounts import Accounts
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Presence:
    """One person now, as far as the reader may know."""

    employee: Employee
    is_seen: bool
    """Whether the reader may see the person's hours, and so since when and why."""
    session: WorkSession | None = None
    absence: Absence | None = None
    delay: Delay | None = None
    is_remote: bool = False
    is_by_portal: bool = False
    """Whether the absence is one of the portal's calendar: it has no kind, and is no leave."""

    @property
    def kind(self) -> AbsenceKind | None:
        """Why the person is away, to whoever may know; None where that is not told."""
        return self.absence.kind if self.absence is not None and self.is_seen and not self.is_by_portal else None


@dataclass(frozen=True, slots=True)
class Unmarked:
    """Somebody whose shift began on a day, and who has neither a mark nor leave."""

    employee: Employee
    shift: Shift
    delay: Delay | None


class Presences(UnitService):
    """Answers who is here."""

    async def of(self, portal: Portal, reader: Employee, now: datetime) -> Sequence[Presence]:
        """Return everybody who works here, in order of names; the reader's nearest colleagues first."""
        everybody = [each for each in await self._uow.employees.of_portal(portal.id) if not each.is_disabled]
        seen = {each.id for each in within(reader, Right.SEE_HOURS, everybody)}
        found = await self.among(portal, everybody, seen, now)
        return sorted(found, key=lambda each: not _is_near(each.employee, reader))

    async def among(
        self, portal: Portal, people: Sequence[Employee], seen: Container[int], now: datetime
    ) -> Sequence[Presence]:
        """Return some people as they are now; `seen` are those whose hours the reader may see."""
        running = {each.employee.id: each.session for each in await self._uow.employees.present(portal.id)}
        today = now.date()
        absences = await self._uow.absences.between(portal.id, today - _DAY, today + _DAY)
        by_portal = await self._uow.portal_absences.between(portal.id, now - _DAY, now + _DAY)
        delays = {(each.employee_id, each.day): each for each in await self._uow.delays.since(portal.id, today - _DAY)}

        def presence(person: Employee) -> Presence:
            day = person.today(now)
            own = absences.get(person.id, ())
            away = [each for each in own if is_away(each, day, now)]
            told = by_portal.get(person.id, ()) if not away else ()
            entered = [each for each in as_absences(told, person.zone) if is_away(each, day, now)]
            is_remote = any(each.kind is AbsenceKind.REMOTE and each.first <= day <= each.last for each in own)
            return Presence(
                person,
                person.id in seen,
                running.get(person.id),
                min(away or entered, key=lambda each: each.last - each.first, default=None),
                delays.get((person.id, day)),
                is_remote,
                bool(entered),
            )

        return await gently(presence, people)

    async def unmarked(
        self, portal: Portal, people: Sequence[Employee], day: date, now: datetime
    ) -> Sequence[Unmarked]:
        """Return whose shift of a day has begun with no mark and no leave, nor an absence that the portal tells."""
        working = [each for each in people if not each.is_disabled]
        accounts = await Accounts(self._uow).of(portal, working, day, day, now)
        delays = {each.employee_id: each for each in await self._uow.delays.since(portal.id, day) if each.day == day}
        by_portal = await away_on(self._uow, working, day)
        found = ((each, accounts[each.id].day(day)) for each in working)
        return [
            Unmarked(person, account.shift, delays.get(person.id))
            for person, account in found
            if account.shift is not None
            and account.shift.starts_at <= now
            and not account.sessions
            and not any(is_away(each, day, now) for each in (*account.absences, *by_portal.get(person.id, ())))
        ]


def _is_near(person: Employee, reader: Employee) -> bool:
    """Whether the two have the same lead, or one leads the other."""
    return person.id in (reader.id, reader.lead_id) or person.lead_id in (reader.id, reader.lead_id or 0)
