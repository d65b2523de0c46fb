"""Schedules: who may plan whose time, from when on, and who has to hear of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import NotAllowed, NotYourPeople, Refusal
from bot.domain.events import ScheduleChanged
from bot.domain.people.employee import Employee
from bot.domain.people.staff import line_above
from bot.domain.periods.period import days_between
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, PlannedDate, Schedule, Scope
from bot.domain.portal import Portal
from bot.domain.rights import Reach, Right, reach, within
from bot.gently import gently
from bot.ids import new_id
from bot.services.periods.locks import Locks
from bot.services.planning.rosters import Rosters
from bot.services.planning.said_schedules import NoHoursSaid, schedule_of
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService
from bot.text import t
from bot.understanding import understand_order

_LONGEST = timedelta(days=92)
"""So many days can have a shift named at once; whoever wants more wants a schedule."""


class TooManyDays(Refusal):
    """Shifts are named for more days than a plan by date is made for."""

    code = "too_many_days"

    def __init__(self) -> None:
        """Say what to do instead."""
        super().__init__(
            t("That is more than three months. Give a schedule instead, for example: /schedule Anna 2/2 8-20")
        )


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a schedule is given to; `id` is 0 for the whole portal."""

    scope: Scope
    id: int = 0


class Schedules(UnitService):
    """Plans people's time. A schedule is valid from its first day on and rewrites nothing before it (case 74)."""

    async def check(self, actor: Employee, target: Target) -> None:
        """Refuse who may not plan: administrators plan for everybody, leads for those below, heads for a department."""
        plans = reach(actor, Right.GIVE_SCHEDULES)
        if plans is Reach.ALL:
            return
        if target.scope is Scope.PORTAL:
            raise NotAllowed
        if target.scope is Scope.PERSON:
            everybody = await self._uow.employees.of_portal(actor.portal_id)
            allowed = {each.id for each in within(actor, Right.GIVE_SCHEDULES, everybody)} - {actor.id}
            if target.id not in allowed:
                raise NotYourPeople
            return
        departments = await self._uow.staff.departments(actor.portal_id)
        heads = {each.id: each.head_id for each in departments}
        if plans is Reach.NOBODY or actor.id not in {heads[each] for each in line_above(departments, target.id)}:
            raise NotYourPeople

    async def described(
        self, actor: Employee, portal: Portal, subject: Employee, said: str, since: date, now: datetime
    ) -> tuple[Schedule, date]:
        """Return the schedule that words mean for a person, as in chat, and from which day on.

        That is `since` where they name none; what is left out stays as it is planned then, where only details are said.
        """
        zone = ZoneInfo(subject.zone)
        order = understand_order(f"schedule {said}", locale=actor.locale, zone=zone, now=now)
        if order.intent != "set_schedule":
            raise NoHoursSaid
        named = order.slots.get("from_day")
        begins = named if isinstance(named, date) else since
        base = (await Rosters(self._uow).of(portal, subject, begins)).schedule(begins)
        return schedule_of(order.slots, begins, base), begins

    async def check_open(self, portal: Portal, first: date, last: date) -> None:
        """Refuse a change of days of which some are closed (case 65)."""
        await Locks(self._uow).check_between(portal, first, last)

    async def give(
        self, actor: Employee, portal: Portal, target: Target, schedule: Schedule, since: date, now: datetime
    ) -> None:
        """Give a schedule from a day on; whoever works otherwise from then on will be told."""
        await self.check(actor, target)
        await self.check_open(portal, since, max(since, now.astimezone(ZoneInfo(portal.zone)).date()))
        before = await self._by_person(portal, since)
        self._uow.schedules.put(Assignment(new_id(), portal.id, target.scope, target.id, since, schedule))
        after = await self._by_person(portal, since)
        people = tuple(each for each, planned in after.items() if planned != before[each])
        self._note(actor, target, f"schedule {schedule.kind} from {since}", now)
        self._uow.events.append(ScheduleChanged(portal.id, actor.id, people, since))
        await Watch(self._uow).spare(portal, people, now)
        Watch(self._uow).look_again(portal.id, now)

    async def name_shift(
        self,
        actor: Employee,
        subject: Employee,
        days: tuple[date, date],
        hours: Hours | None,
        pause: PlannedBreak,
        now: datetime,
    ) -> None:
        """Name a shift, or a day off, for each day of a range; it wins over every schedule."""
        target = Target(Scope.PERSON, subject.id)
        await self.check(actor, target)
        first, last = days
        if last - first > _LONGEST:
            raise TooManyDays
        await Locks(self._uow).check_of(subject, days_between(first, last))
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            self._uow.schedules.put_date(PlannedDate(subject.portal_id, subject.id, day, hours, pause))
        self._note(actor, target, f"{'shift' if hours else 'day off'} from {first} to {last}", now)
        self._uow.events.append(ScheduleChanged(subject.portal_id, actor.id, (subject.id,), first, last))
        portal = await self._uow.portals.get(subject.portal_id)
        if portal is not None:
            await Watch(self._uow).spare(portal, (subject.id,), now)
        Watch(self._uow).look_again(actor.portal_id, now)

    async def concerned(self, event: ScheduleChanged) -> list[tuple[Employee, Roster]]:
        """Return the people whose plan changed, with what is planned for each; not who changed it."""
        portal = await self._uow.portals.get(event.portal_id)
        if portal is None:
            return []
        book = await Rosters(self._uow).book(portal, event.first, event.last or event.first)
        everybody = await self._uow.employees.of_portal(event.portal_id)
        wanted = set(event.people) - {event.employee_id}
        return await gently(lambda each: (each, book.of(each.id, each.zone)), (x for x in everybody if x.id in wanted))

    async def _by_person(self, portal: Portal, day: date) -> dict[int, Schedule]:
        """Return by what schedule each person works on a day, as noted so far."""
        book = await Rosters(self._uow).book(portal, day, day)
        everybody = await self._uow.employees.of_portal(portal.id)
        working = [each for each in everybody if not each.is_disabled]
        return dict(await gently(lambda each: (each.id, book.of(each.id, each.zone).schedule(day)), working))

    def _note(self, actor: Employee, target: Target, what: str, now: datetime) -> None:
        subject_id = target.id if target.scope is Scope.PERSON else None
        where = "" if target.scope is Scope.PERSON else f" of {target.scope} {target.id}"
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=subject_id, what=what + where, at=now)
