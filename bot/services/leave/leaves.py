"""Leaves: what a person may ask for, and who is away."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.errors import Refusal
from bot.domain.events import LeaveCancelled
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import in_force, is_off_all_day
from bot.domain.leave.wish import LeaveWish, clashes, left_of
from bot.domain.people.employee import Employee
from bot.domain.periods.period import days_between
from bot.ids import new_id
from bot.ports import Told
from bot.services.periods.locks import Locks
from bot.services.unit_service import UnitService
from bot.text import Day, DayTime, Time, t

LONGEST = timedelta(days=366)
BACK = timedelta(days=31)
"""A sick note comes late: that far back a leave can be asked for."""

ON_LEAVE = "on-leave"
"""What is noted once a person was asked about work on a day of leave, by the date."""


class LeaveMisfit(Refusal):
    """Days that cannot be asked for."""

    code = "leave_misfit"


class DaysTaken(LeaveMisfit):
    """On these days the person is away already."""

    code = "days_taken"

    def __init__(self, absence: Absence, zone: str) -> None:
        """Name the absence that is in the way."""
        if absence.start is not None and absence.end is not None:
            start, end = DayTime(absence.start, zone), Time(absence.end, zone)
            super().__init__(t("There is an absence at that time already: {start} – {end}.", start=start, end=end))
        else:
            first, last = Day(absence.first), Day(absence.last)
            super().__init__(t("There is an absence on these days already: {first} – {last}.", first=first, last=last))


class Leaves(UnitService):
    """Approved absences, and whether new days fit beside them."""

    async def fitted(self, employee: Employee, wish: LeaveWish, now: datetime) -> LeaveWish:
        """Return the wish as it can be asked for: what is approved already is left out (see `left_of`).

        Refuses days that end before they begin, lie too far off, are closed, or are taken.
        """
        first, last = wish.first, wish.last
        today = employee.today(now)
        if last < first:
            raise LeaveMisfit(
                t("{last} is before {first}. Please write the days again.", first=Day(first), last=Day(last))
            )
        if wish.start is not None and wish.end is not None and wish.end <= wish.start:
            raise LeaveMisfit(t("These hours end before they begin. Please write them again, for example “9 to 13”."))
        if last - first > LONGEST or first - today > LONGEST:
            raise LeaveMisfit(t("That is more than a year. Please ask your administrator."))
        if today - first > BACK:
            raise LeaveMisfit(t("{first} is more than a month ago. Please ask your administrator.", first=Day(first)))
        taken = await self._uow.absences.of(employee, first, last)
        wish = left_of(wish, taken)
        await Locks(self._uow).check_of(employee, days_between(wish.first, wish.last))
        _check_free(wish, taken, employee.zone)
        return wish

    async def can_be_had(self, employee: Employee, wish: LeaveWish, now: datetime) -> bool:
        """Whether a wish would not be refused."""
        try:
            await self.fitted(employee, wish, now)
        except Refusal:
            return False
        return True

    async def check_free(self, employee: Employee, wish: LeaveWish) -> None:
        """Refuse what cannot be true beside an absence that was approved."""
        _check_free(wish, await self._uow.absences.of(employee, wish.first, wish.last), employee.zone)

    async def of(self, employee: Employee, first: date, last: date) -> Sequence[Absence]:
        """Return the person's absences that touch those days."""
        return await self._uow.absences.of(employee, first, last)

    async def between(self, portal_id: int, first: date, last: date) -> Mapping[int, Sequence[Absence]]:
        """Return everybody's absences that touch those days, by employee."""
        return await self._uow.absences.between(portal_id, first, last)

    async def covering(self, employee: Employee, day: date) -> Absence | None:
        """Return the absence for the whole of a day on which nobody works; remote work and trips are work.

        An illness comes first: it is what the day is, whatever was planned.
        """
        found, _ = in_force(await self._uow.absences.of(employee, day, day))
        return min(filter(_is_off, found), key=_illness_first, default=None)

    async def mark_remote(self, employee: Employee, day: date) -> bool:
        """Note that the person works remotely on a day; False where that is known or the whole day is leave."""
        known = await self._uow.absences.of(employee, day, day)
        if any(each.start is None for each in known):
            return False
        await Locks(self._uow).check_of(employee, [day])
        self._uow.absences.add(Absence(new_id(), employee.portal_id, employee.id, AbsenceKind.REMOTE, day, day))
        return True

    async def unmark_remote(self, employee: Employee, day: date) -> None:
        """Take back that the person works remotely on a day, where nobody had to approve it."""
        for each in await self._uow.absences.of(employee, day, day):
            is_own = each.kind is AbsenceKind.REMOTE and each.request_id is None and each.start is None
            if is_own and each.first == each.last == day:
                self._uow.absences.remove(each)

    async def give_up(self, employee: Employee, day: date) -> bool:
        """Take one day out of every absence that covers it (case 29); whether there was one."""
        await Locks(self._uow).check_of(employee, [day])
        found = [each for each in await self._uow.absences.of(employee, day, day) if _is_off(each)]
        for each in found:
            self._cut(each, day)
        if found:
            kind = min(found, key=_illness_first).kind
            self._uow.events.append(LeaveCancelled(employee.portal_id, employee.id, day, kind))
        return bool(found)

    def _cut(self, absence: Absence, day: date) -> None:
        """At an end an absence becomes shorter, in the middle it becomes two."""
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        if absence.first < day:
            self._uow.absences.put(replace(absence, last=before))
            if day < absence.last:
                self._uow.absences.add(replace(absence, id=new_id(), first=after))
        elif day < absence.last:
            self._uow.absences.put(replace(absence, first=after))
        else:
            self._uow.absences.remove(absence)

    async def note_asked(self, employee: Employee, day: date, now: datetime) -> bool:
        """Note that the person is asked what work on that day of leave means; False when they were already."""
        told = await self._uow.reminders.of(employee.portal_id, employee.id, ON_LEAVE)
        if day.isoformat() in {each.key for each in told}:
            return False
        self._uow.reminders.add(Told(employee.portal_id, employee.id, ON_LEAVE, day.isoformat(), now))
        return True

    async def today(self, portal_id: int, day: date) -> Sequence[Absence]:
        """Return who is away on a day: of each person what counts on it, and nothing that gives way to sickness."""
        people: dict[int, list[Absence]] = {}
        for each in await self._uow.absences.of_portal(portal_id, day):
            people.setdefault(each.employee_id, []).append(each)
        return [each for own in people.values() for each in in_force(own)[0]]


def _is_off(absence: Absence) -> bool:
    return is_off_all_day([absence])


def _illness_first(absence: Absence) -> bool:
    return absence.kind is not AbsenceKind.SICK


def _check_free(wish: LeaveWish, taken: Sequence[Absence], zone: str) -> None:
    against = next((each for each in taken if clashes(wish, each)), None)
    if against is not None:
        raise DaysTaken(against, zone)
