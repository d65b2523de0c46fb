"""Personnel data that form T-13 asks for: personnel numbers, days of hiring and of dismissal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import Refusal
from bot.domain.events import AccessChanged
from bot.domain.people.employee import Employee, Role, clean_name
from bot.domain.people.staff import ALWAYS, Employment, without_gap
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import Job
from bot.services.people.people import People
from bot.services.periods.locks import Locks
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService
from bot.text import Day, t

_LONGEST_NUMBER = 20
_DAY = timedelta(days=1)
_FAR = date(2100, 1, 1)
LEFT = "left"
"""The job that switches somebody off on the morning after their last day: `employee_id`."""


class NotANumber(Refusal):
    """A personnel number that is too long to be one."""

    code = "not_a_number"

    def __init__(self) -> None:
        """Say what is asked for."""
        super().__init__(t("A personnel number has up to 20 characters, for example 0042."))


class HiredTooLate(Refusal):
    """A day of hiring after the person moved to another department or left."""

    code = "hired_too_late"

    def __init__(self, until: date) -> None:
        """Name the day after which it cannot be."""
        super().__init__(t("The first post lasted until {day}: the day of hiring cannot be later.", day=Day(until)))


class DismissedTooEarly(Refusal):
    """A last day before the person came to the present post."""

    code = "dismissed_too_early"

    def __init__(self, since: date) -> None:
        """Name the day before which it cannot be."""
        super().__init__(t("The present post began on {since}: the last day cannot be earlier.", since=Day(since)))


class Personnel(UnitService):
    """Keeps what an accountant or an administrator tells about people."""

    async def employments(self, subject: Employee) -> Sequence[Employment]:
        """Return the person's stretches of employment, oldest first; one that always was where none is known."""
        found = await self._uow.staff.employments(subject.portal_id, subject.id)
        return found or [Employment(new_id(), subject.portal_id, subject.id)]

    async def hired_on(self, subject: Employee) -> date | None:
        """Return since when the person has been employed without a gap; None where nobody told us."""
        since = without_gap(await self.employments(subject)).since
        return None if since == ALWAYS else since

    async def set_number(self, actor: Employee, subject: Employee, number: str, now: datetime) -> None:
        """Give a personnel number: to the present post, and to earlier ones that had the same number or none."""
        check(actor, Right.KEEP_PERSONNEL)
        number = clean_name(number)
        if not number or len(number) > _LONGEST_NUMBER:
            raise NotANumber
        stretches = await self.employments(subject)
        for each in stretches:
            if each is stretches[-1] or each.number in ("", stretches[-1].number):
                self._uow.staff.put_employment(replace(each, number=number))
        self._note(actor, subject, "personnel number", now)

    async def set_hired(self, actor: Employee, portal: Portal, subject: Employee, day: date, now: datetime) -> None:
        """Say since when the person has been employed: the beginning of the post from which there is no gap."""
        check(actor, Right.KEEP_PERSONNEL)
        stretches = await self.employments(subject)
        last = stretches[-1]
        if last.is_told and last.until is not None and last.until < day:
            await Locks(self._uow).check_between(portal, last.until + _DAY, day)
            self._uow.staff.put_employment(replace(last, id=new_id(), since=day, until=None, is_told=False))
            self._note(actor, subject, f"hired on {day}", now)
            return
        first = without_gap(stretches)
        if first.until is not None and first.until < day:
            raise HiredTooLate(first.until)
        changed = (min(day, first.since), max(day, first.since) - _DAY)
        await Locks(self._uow).check_between(portal, *changed)
        self._uow.staff.put_employment(replace(first, since=day))
        self._note(actor, subject, f"hired on {day}", now)

    async def last_day(self, subject: Employee) -> date | None:
        """Return the person's last day of work; None while they work on."""
        return (await self.employments(subject))[-1].until

    async def last_mark_after(self, subject: Employee, day: date, now: datetime) -> date | None:
        """Return the last work date with marks after a day; None where there are none."""
        found = await self._uow.punches.sessions(subject, day + _DAY, now.date() + _DAY)
        return found[-1].work_date if found else None

    async def check_dismissal(self, actor: Employee, portal: Portal, subject: Employee, day: date) -> None:
        """Refuse a last day that cannot be, or that would change a closed one."""
        check(actor, Right.GIVE_ACCESS)
        last = (await self.employments(subject))[-1]
        if day < last.since:
            raise DismissedTooEarly(last.since)
        if subject.role is Role.ADMIN:
            await People(self._uow).check_another_admin_than(subject)
        former = last.until
        first = day if former is None else min(day, former)
        await Locks(self._uow).check_between(portal, first + _DAY, max(day, former) if former else _FAR)

    async def dismiss(self, actor: Employee, portal: Portal, subject: Employee, day: date, now: datetime) -> None:
        """Say which day was, or will be, the last one; from the day after, access is off and nothing is asked for."""
        await self.check_dismissal(actor, portal, subject, day)
        last = (await self.employments(subject))[-1]
        self._uow.staff.put_employment(replace(last, until=day, is_told=True))
        self._note(actor, subject, f"dismissed on {day}", now)
        Watch(self._uow).look_again(portal.id, now)
        after = datetime.combine(day + _DAY, time(), ZoneInfo(subject.zone)).astimezone(UTC)
        key = str(subject.id)
        if after <= now:
            self._uow.jobs.cancel(portal.id, LEFT, key)
            self._switch_off(subject, now, actor.id)
        else:
            self._uow.jobs.add(Job(new_id(), portal.id, LEFT, key, after, {"employee_id": subject.id}))

    async def left(self, job: Job, now: datetime) -> None:
        """Switch off whoever had their last day yesterday, unless that was changed meanwhile."""
        subject = await self._uow.employees.get(job.portal_id, int(job.payload["employee_id"]))
        if subject is None:
            return
        last = await self.last_day(subject)
        if last is not None and last < subject.today(now):
            self._switch_off(subject, now, None)

    def _switch_off(self, subject: Employee, now: datetime, by_id: int | None) -> None:
        if subject.is_disabled:
            return
        self._uow.employees.put(replace(subject, is_disabled=True))
        self._uow.web_sessions.end_all(subject.portal_id, subject.id, now)
        self._uow.audit.add(subject.portal_id, actor_id=by_id, subject_id=subject.id, what="disabled", at=now)
        self._uow.events.append(AccessChanged(subject.portal_id, subject.id, is_disabled=True))

    def _note(self, actor: Employee, subject: Employee, what: str, now: datetime) -> None:
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=subject.id, what=what, at=now)
