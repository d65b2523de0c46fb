"""Changes of approved absences: which can be changed, what a change would be, and carrying it out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.errors import Refusal
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import is_whole_day
from bot.domain.leave.balance import Counts, counting, days_from
from bot.domain.leave.changing import LeaveChange, cancelled, moved, postponed, prolonged, until
from bot.domain.leave.entitlement import Unit
from bot.domain.leave.wish import LeaveWish, clashes, displaced
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.services.leave.balances import Balances
from bot.services.leave.leaves import DaysTaken
from bot.services.periods.locks import Locks
from bot.services.planning.calendars import Calendars
from bot.services.reminding.timers import look_again
from bot.services.unit_service import UnitService
from bot.text import t

AHEAD = timedelta(days=400)


class LeaveIsAnother(Refusal):
    """A change of an absence that is not as it was shown any more."""

    code = "leave_is_another"

    def __init__(self) -> None:
        """Say how to see what there is."""
        super().__init__(
            t("That absence was changed or cancelled meanwhile. What there is now: “when is my vacation”.")
        )


class LeaveChanges(UnitService):
    """Finds what can be changed, works changes out, and does what was approved."""

    async def changeable(
        self, subject: Employee, today: date, *, day: date | None = None, kind: AbsenceKind | None = None
    ) -> Sequence[Absence]:
        """Return the person's absences that are not over; those with a day in them and of a kind, where known."""
        found = [
            each
            for each in await self._uow.absences.of(subject, today, today + AHEAD)
            if each.last > today or each.first > today
        ]
        if day is not None:
            found = [each for each in found if each.first <= day <= each.last]
        return [each for each in found if kind is None or each.kind is kind]

    async def by_id(self, portal_id: int, absence_id: int) -> Absence | None:
        """Return the absence of that id, whosever it is."""
        return await self._uow.absences.get(portal_id, absence_id)

    async def absence(self, subject: Employee, absence_id: int, near: date) -> Absence:
        """Return an absence by its id; LeaveIsAnother where it is gone."""
        for each in await self._uow.absences.of(subject, near - AHEAD, near + AHEAD):
            if each.id == absence_id:
                return each
        raise LeaveIsAnother

    def cancelled(self, absence: Absence, today: date) -> LeaveChange:
        """Return what cancelling would do."""
        return cancelled(absence, today)

    async def moved(
        self, portal: Portal, subject: Employee, absence: Absence, first: date | None, last: date | None, today: date
    ) -> LeaveChange:
        """Return what other days would do; only a last day makes it shorter or longer."""
        if first is None:
            return until(absence, last or absence.last, today)
        return moved(absence, first, last, today, await self._counts(portal, subject, absence, today))

    async def prolonged(self, portal: Portal, subject: Employee, absence: Absence, today: date) -> LeaveChange:
        """Return a leave longer by the days of sickness in it (art. 124)."""
        sick = await self.sick_days(subject, absence)
        return prolonged(absence, sick, await self._counts(portal, subject, absence, today))

    async def postponed(
        self, portal: Portal, subject: Employee, absence: Absence, first: date, today: date
    ) -> LeaveChange:
        """Return a leave whose days of sickness are taken on other days (art. 124)."""
        sick = await self.sick_days(subject, absence)
        return postponed(absence, sick, first, today, await self._counts(portal, subject, absence, today))

    async def lost_to_sickness(self, portal: Portal, subject: Employee, absence: Absence, today: date) -> int:
        """Return how many days of a leave were days of sickness."""
        counts = await self._counts(portal, subject, absence, today)
        sick = await self.sick_days(subject, absence)
        return sum(counts(day) for day in days_from(absence.first, absence.last) if day in sick)

    async def disturbed_by(self, subject: Employee, illness: LeaveWish, today: date) -> Sequence[tuple[Absence, int]]:
        """Return the vacations that sickness came over, each with how many of its days that were."""
        portal = await self._uow.portals.get(subject.portal_id)
        if portal is None or illness.kind is not AbsenceKind.SICK:
            return ()
        own = await self._uow.absences.of(subject, illness.first, illness.last)
        found = [each for each in displaced(illness, own) if each.kind is AbsenceKind.VACATION]
        counted = [(each, await self.lost_to_sickness(portal, subject, each, today)) for each in found]
        return [(each, count) for each, count in counted if count]

    async def sick_days(self, subject: Employee, absence: Absence) -> frozenset[date]:
        """Return the dates of approved sickness from the first day of an absence on."""
        found = await self._uow.absences.of(subject, absence.first, absence.last + AHEAD)
        ill = (each for each in found if each.kind is AbsenceKind.SICK and is_whole_day(each))
        return frozenset(day for each in ill for day in days_from(each.first, each.last))

    async def check(self, subject: Employee, change: LeaveChange) -> Absence:
        """Return the absence that a change is about; a refusal where it is another now, or its new days are taken."""
        first = min(change.before[0], *(each[0] for each in change.after), change.before[0])
        last = max(change.before[1], *(each[1] for each in change.after), change.before[1])
        known = await self._uow.absences.of(subject, first, last)
        own = next((each for each in known if each.id == change.absence_id), None)
        if own is None or (own.first, own.last) != change.before:
            raise LeaveIsAnother
        for span in change.added:
            wish = LeaveWish(change.kind, *span)
            for each in known:
                if each is not own and each.kind is not AbsenceKind.SICK and clashes(wish, each):
                    raise DaysTaken(each, subject.zone)
        await Locks(self._uow).check_of(subject, change.touched)
        return own

    async def carry_out(self, subject: Employee, change: LeaveChange, now: datetime) -> None:
        """Give the absence its new days; hours, plans, reminders and sheets follow, for they are derived from it."""
        own = await self.check(subject, change)
        self._uow.employees.put(subject)  # of two changes that are approved at once, the later looks again
        if not change.after:
            self._uow.absences.remove(own)
        for place, (first, last) in enumerate(change.after):
            if place:
                self._uow.absences.add(replace(own, id=new_id(), first=first, last=last))
            elif (first, last) != change.before:
                self._uow.absences.put(replace(own, first=first, last=last))
        look_again(self._uow, subject.portal_id, now)

    async def _counts(self, portal: Portal, subject: Employee, absence: Absence, today: date) -> Counts:
        """Return which dates are days of this leave: as its entitlement says; of others than vacations, every date."""
        balance = await Balances(self._uow).of(portal, subject, absence.kind, today)
        if balance is not None:
            return counting(balance.unit_on(absence.first), balance.calendar)
        if absence.kind is AbsenceKind.VACATION:
            return counting(Unit.CALENDAR, await Calendars(self._uow).of(portal))
        return lambda day: day is not None
