"""The watch over a portal: one look at everybody, with a fixed number of reads, says whom to ask what now."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.asked import absence_asked
from bot.domain.leave.portal_absence import as_absences
from bot.domain.people.employee import Employee
from bot.domain.planning.roster import Roster, RosterBook
from bot.domain.portal import Portal
from bot.domain.reminding.watch import Nudge, NudgeKind, Turnout, Watched, close_at, next_look, nudge, patience
from bot.domain.workday.delay import by_person
from bot.gently import gently
from bot.ports import Told
from bot.services.planning.rosters import Rosters
from bot.services.reminding.timers import Timer, Timers, look_again
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)
_TOLD = timedelta(days=3)
"""What was told before concerns no shift that can still be asked about."""


class Asked(NamedTuple):
    """Whom to ask, and what."""

    employee: Employee
    nudge: Nudge
    is_apart: bool
    """Asked beside the day card, which is about to show that an earlier day was closed."""


class Watch(UnitService):
    """Looks after the people of a portal."""

    def look_again(self, portal_id: int, at: datetime) -> None:
        """Look at `at`, the present instant, because what is planned has changed; later looks follow by themselves."""
        look_again(self._uow, portal_id, at)

    async def look(self, portal_id: int, now: datetime) -> Sequence[Asked]:
        """Return whom to ask what, noted as told; see to sessions that are too long, and to the next look."""
        portal = await self._uow.portals.get(portal_id)
        if portal is None or not portal.is_active:
            return ()
        today = now.date()
        book = await Rosters(self._uow).book(portal, today - 2 * _DAY, today + 2 * _DAY)
        if not book.assignments and not book.dates:
            return ()  # nothing is planned, so nothing can be missed; a schedule that comes says so
        people = await self._watched(portal, book, now)
        self.look_again(portal_id, next_look(people, now))
        await gently(lambda each: self._close(each, now), people)
        asked = await gently(lambda each: self._ask(each, now), people)
        return [each for each in asked if each is not None]

    def note(self, employee: Employee, kind: str, key: str, now: datetime) -> None:
        """Note that something was told."""
        self._uow.reminders.add(Told(employee.portal_id, employee.id, kind, key, now))

    async def was_told(self, employee: Employee, kind: str, key: str) -> bool:
        """Whether that was told already."""
        return key in {each.key for each in await self._uow.reminders.of(employee.portal_id, employee.id, kind)}

    async def spare(self, portal: Portal, people: Collection[int], now: datetime) -> None:
        """Ask these people nothing about the start of a shift that runs already: it was planned for them only now."""
        today = now.date()
        book = await Rosters(self._uow).book(portal, today - _DAY, today + _DAY)
        everybody = await self._uow.employees.of_portal(portal.id)
        told = await self._uow.reminders.since(portal.id, now - _TOLD)
        known = {(each.employee_id, each.key) for each in told if each.kind == NudgeKind.START}

        def note(person: Employee) -> None:
            roster = book.of(person.id, person.zone)
            here = person.today(now)
            for day in (here - _DAY, here):
                shift = roster.shift(day)
                if shift and shift.starts_at <= now < shift.ends_at and (person.id, day.isoformat()) not in known:
                    self.note(person, NudgeKind.START, day.isoformat(), now)

        await gently(note, [each for each in everybody if each.id in people])

    async def ask_no_more(self, employee: Employee, day: date, now: datetime) -> None:
        """Note that the person answered: the end of that shift is not asked about again."""
        for kind in (NudgeKind.END, NudgeKind.STILL):
            if not await self.was_told(employee, kind, day.isoformat()):
                self.note(employee, kind, day.isoformat(), now)

    def _ask(self, watched: Watched, now: datetime) -> Asked | None:
        """Note that the person is asked what is due now, if anything is."""
        found = nudge(watched, now)
        if found is None:
            return None
        self.note(watched.employee, found.kind, found.key, now)
        return Asked(watched.employee, found, watched.is_stale(now))

    def _close(self, watched: Watched, now: datetime) -> None:
        at = close_at(watched, now)
        if at is not None:
            Timers(self._uow).set(watched.employee, Timer.AUTO_CLOSE, max(at, now))

    async def _said_to_be_ill(self, portal_id: int) -> Mapping[int, Sequence[Absence]]:
        """Return illnesses that wait for a lead, by person: who said so is not asked where they are."""
        return _asked(await self._uow.requests.pending(portal_id))

    async def _watched(self, portal: Portal, book: RosterBook, now: datetime) -> list[Watched]:
        today, portal_id = now.date(), portal.id
        sessions = await self._uow.punches.of_people(portal_id, today - 2 * _DAY, today + _DAY)
        absences = await self._uow.absences.between(portal_id, today - 2 * _DAY, today + 2 * _DAY)
        by_portal = await self._uow.portal_absences.between(portal_id, now - 2 * _DAY, now + 2 * _DAY)
        ill = await self._said_to_be_ill(portal_id)
        told: dict[int, set[tuple[str, str]]] = {}
        for each in await self._uow.reminders.since(portal_id, now - _TOLD):
            told.setdefault(each.employee_id, set()).add((each.kind, each.key))
        delays = by_person(await self._uow.delays.since(portal_id, today - _DAY))
        plans = _Plans(book, now, patience(portal.options))

        def watched(each: Employee) -> Watched:
            of, off = sessions.get(each.id, ()), (*absences.get(each.id, ()), *ill.get(each.id, ()))
            if each.id in by_portal and not (
                of and of[-1].is_open
            ):  # whoever has come is not away, whatever is entered
                off = (*off, *as_absences(by_portal[each.id], each.zone))
            return Watched(each, plans.of(each), of, off, frozenset(told.get(each.id, ())), delays.get(each.id, ()))

        return await gently(watched, await self._uow.employees.of_portal(portal_id))


def _asked(requests: Sequence[ApprovalRequest]) -> Mapping[int, Sequence[Absence]]:
    found: dict[int, list[Absence]] = {}
    for each in requests:
        if (absence := absence_asked(each)) is not None and absence.kind is AbsenceKind.SICK:
            found.setdefault(each.subject_id, []).append(absence)
    return found


class _Plans:
    """The turnouts of yesterday, today and tomorrow: made once for all people with the same schedule and zone."""

    def __init__(self, book: RosterBook, now: datetime, patience: timedelta) -> None:
        self._book = book
        self._patience = patience
        self._now = now
        self._days: dict[str, tuple[date, ...]] = {}
        self._made: dict[tuple[str, tuple[int, ...]], tuple[Turnout, ...]] = {}

    def of(self, employee: Employee) -> tuple[Turnout, ...]:
        roster = self._book.of(employee.id, employee.zone)
        days = self._days.get(employee.zone)
        if days is None:
            today = employee.today(self._now)
            days = self._days[employee.zone] = (today - _DAY, today, today + _DAY)
        if roster.dates:
            return _turnouts(roster, days, self._patience)
        like = tuple(id(roster.schedule(day)) if roster.is_employed(day) else 0 for day in days)
        made = self._made.get((employee.zone, like))
        if made is None:
            made = self._made[employee.zone, like] = _turnouts(roster, days, self._patience)
        return made


def _turnouts(roster: Roster, days: Sequence[date], patience: timedelta) -> tuple[Turnout, ...]:
    """Return the shifts of some days; nobody is asked before the portal's time, nor while they are not late yet."""
    found = ((day, roster.shift(day)) for day in days)
    return tuple(
        Turnout(shift, shift.starts_at + max(roster.schedule(day).grace, patience)) for day, shift in found if shift
    )
