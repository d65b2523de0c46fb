"""Personnel data that form T-13 asks for: personnel numbers and days of hiring."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.employee import Employee, clean_name
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.portal import Portal
from bot.domain.staff import ALWAYS, Employment
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.services.locks import Locks
from bot.text import Day, t

_LONGEST_NUMBER = 20
_DAY = timedelta(days=1)


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


class Personnel:
    """Keeps what an administrator tells about people."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        self._uow = uow

    async def employments(self, subject: Employee) -> Sequence[Employment]:
        """Return the person's stretches of employment, oldest first; one that always was where none is known."""
        found = await self._uow.staff.employments(subject.portal_id, subject.id)
        return found or [Employment(new_id(), subject.portal_id, subject.id)]

    async def hired_on(self, subject: Employee) -> date | None:
        """Return since when the person has been employed without a gap; None where nobody told us."""
        since = _without_gap(await self.employments(subject)).since
        return None if since == ALWAYS else since

    async def set_number(self, actor: Employee, subject: Employee, number: str, now: datetime) -> None:
        """Give a personnel number: to the present post, and to earlier ones that had the same number or none."""
        _only_admin(actor)
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
        _only_admin(actor)
        first = _without_gap(await self.employments(subject))
        if first.until is not None and first.until < day:
            raise HiredTooLate(first.until)
        changed = (min(day, first.since), max(day, first.since) - _DAY)
        await Locks(self._uow).check_between(portal, *changed)
        self._uow.staff.put_employment(replace(first, since=day))
        self._note(actor, subject, f"hired on {day}", now)

    def _note(self, actor: Employee, subject: Employee, what: str, now: datetime) -> None:
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=subject.id, what=what, at=now)


def _without_gap(stretches: Sequence[Employment]) -> Employment:
    """Return the first of the stretches that follow one another day by day up to the last."""
    first = stretches[-1]
    for each in reversed(stretches[:-1]):
        if each.until is None or each.until + _DAY < first.since:
            break
        first = each
    return first


def _only_admin(actor: Employee) -> None:
    if not actor.is_admin:
        raise NotAllowed
