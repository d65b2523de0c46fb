"""Digest times: whose digest is due now, in each zone's morning; and what is seen to at every start of the service."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from bot.domain.people.employee import Employee
from bot.domain.people.readers import told_of
from bot.domain.portal import Portal
from bot.domain.reminding.digests import digest_due, digest_time, next_due, weekly_at, weekly_due
from bot.domain.reminding.morning import is_workday
from bot.domain.reminding.watch import is_away, is_muted
from bot.gently import gently
from bot.ids import new_id
from bot.ports import Job, Present
from bot.services.planning.rosters import Rosters
from bot.services.reminding.digests import LEAD_DIGEST, WEEKLY_SUMMARY
from bot.services.reminding.timers import Timers
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService

ROUNDS = "rounds"
"""The job of a portal that finds out whose digest is due."""
REMEMBERED = timedelta(days=60)
"""So long it is known what somebody was asked; nothing that old can be asked about again."""
_MINUTE = timedelta(minutes=1)
PORTION, PACE = 20, timedelta(seconds=2)
"""Weekly summaries of everybody are written by portions, so that what falls due meanwhile is done in between."""


class DigestTimes(UnitService):
    """Sets the jobs by which digests are written: in each `employee_id`, and the `day` that it is the digest of."""

    def begin(self, portal_id: int, now: datetime) -> None:
        """See to it that the portal has digests from now on; one that has them already keeps its own pace."""
        self._uow.jobs.keep(_job(portal_id, now, now))
        # No look is ever later than in a day; one that is was set by a clock that was ahead.
        self._uow.jobs.hasten(portal_id, ROUNDS, "", now + timedelta(days=1))

    async def begin_everywhere(self, now: datetime) -> None:
        """Look at every portal, however long nobody was there, and see to it that nobody is at work for ever."""
        for portal in await self._uow.portals.active():
            Watch(self._uow).look_again(portal.id, now)
            self.begin(portal.id, now)
            await gently(partial(_see_closed, Timers(self._uow)), await self._uow.employees.present(portal.id))

    def look_again(self, portal_id: int, now: datetime) -> None:
        """Look at `now` already, for the hour of the digests has changed; from when on things are due stays."""
        self._uow.jobs.hasten(portal_id, ROUNDS, "", now)

    async def look(self, portal_id: int, since: datetime, now: datetime) -> None:
        """Set a job for everybody whose digest has fallen due since the last look, and for the next look."""
        portal = await self._uow.portals.get(portal_id)
        if portal is None or not portal.is_active:
            return
        everybody = await self._uow.employees.of_portal(portal_id)
        people = [each for each in everybody if not each.is_disabled and any(i.is_reachable for i in each.identities)]
        at = digest_time(portal.options)
        self._uow.jobs.add(_job(portal_id, next_due((each.zone for each in people), at, now), now))
        self._uow.reminders.drop_before(portal_id, now - REMEMBERED)
        self._uow.delays.drop_before(portal_id, now.date() - timedelta(days=1))
        readers = told_of(everybody)
        mornings = await gently(lambda each: digest_due(each.zone, at, since, now), people)
        leads: Sequence[tuple[Employee, date]] = [
            (each, day)
            for each, day in zip(people, mornings, strict=True)
            if day and each.id in readers and each.wants_digest
        ]
        mondays = await gently(lambda each: weekly_due(each.zone, since, now), people)
        weekly = [(each, day) for each, day in zip(people, mondays, strict=True) if day and each.wants_weekly]
        leads = await self._free_to_read(portal, leads, now)
        if leads:
            days = [day for _, day in leads]
            book = await Rosters(self._uow).book(portal, min(days), max(days))
            leads = [(each, day) for each, day in leads if is_workday(book.of(each.id, each.zone), day)]
        for each, day in leads:
            self._set(LEAD_DIGEST, each, day, now)
        told = await self._first_workdays(portal, await self._free_to_read(portal, weekly, now))

        def tell(numbered: tuple[int, tuple[Employee, date, date]]) -> None:
            number, (person, monday, day) = numbered
            moment = max(now, weekly_at(person.zone, day))
            self._set(WEEKLY_SUMMARY, person, monday, moment + number // PORTION * PACE)

        await gently(tell, enumerate(told))

    async def _first_workdays(
        self, portal: Portal, weekly: Sequence[tuple[Employee, date]]
    ) -> Sequence[tuple[Employee, date, date]]:
        """Return whom to tell of the week before which Monday, and on which workday; a week of holidays has none."""
        if not weekly:
            return ()
        days = [day for _, day in weekly]
        book = await Rosters(self._uow).book(portal, min(days), max(days) + timedelta(days=6))

        def first_workday(row: tuple[Employee, date]) -> list[tuple[Employee, date, date]]:
            person, monday = row
            roster, week = book.of(person.id, person.zone), (monday + timedelta(days=step) for step in range(7))
            return [(person, monday, day) for day in week if is_workday(roster, day)][:1]

        return [each for found in await gently(first_workday, weekly) for each in found]

    async def _free_to_read(
        self, portal: Portal, people: Sequence[tuple[Employee, date]], now: datetime
    ) -> Sequence[tuple[Employee, date]]:
        """Leave out who is away, also by the portal's calendar, or asked for silence."""
        if not people:
            return ()
        days = [day for _, day in people]
        absences = await self._uow.absences.between(portal.id, min(days), max(days))
        by_portal = await self._uow.portal_absences.between(portal.id, now, now + _MINUTE)
        if by_portal:  # whoever has come is not away, whatever is entered
            come = {each.employee.id for each in await self._uow.employees.present(portal.id)}
            by_portal = {person: told for person, told in by_portal.items() if person not in come}
        return [
            (each, day)
            for each, day in people
            if not is_muted(each, day)
            and each.id not in by_portal
            and not any(is_away(one, day, now) for one in absences.get(each.id, ()))
        ]

    def _set(self, kind: str, employee: Employee, day: date, at: datetime) -> None:
        payload = {"employee_id": employee.id, "day": day.isoformat()}
        self._uow.jobs.add(Job(new_id(), employee.portal_id, kind, str(employee.id), at, payload))


def _see_closed(timers: Timers, present: Present) -> None:
    timers.see_closed(present.employee, present.session)


def since_of(job: Job) -> datetime:
    """Return when the last look was."""
    return datetime.fromtimestamp(int(job.payload["since"]), UTC)


def _job(portal_id: int, at: datetime, since: datetime) -> Job:
    return Job(new_id(), portal_id, ROUNDS, "", at, {"since": int(since.timestamp())})
