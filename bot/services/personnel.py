"""Personnel data that form T-13 asks for: personnel numbers, days of hiring, and the organisation itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.employee import Employee, clean_name
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.okpo import is_okpo
from bot.domain.portal import Portal
from bot.domain.staff import ALWAYS, Employment
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.services.locks import Locks
from bot.text import Day, t

ORGANISATION = "organisation"
OKPO = "okpo"
"""Keys of `Portal.options`."""
_LONGEST_NUMBER = 20
_DAY = timedelta(days=1)


class NotANumber(Refusal):
    """A personnel number that is too long to be one."""

    code = "not_a_number"

    def __init__(self) -> None:
        """Say what is asked for."""
        super().__init__(t("A personnel number has up to 20 characters, for example 0042."))


class NotOkpo(Refusal):
    """Digits that are no code of an organisation."""

    code = "not_okpo"

    def __init__(self, code: str) -> None:
        """Name what was written."""
        super().__init__(t("“{code}” is not an OKPO code: it has 8 or 10 digits. Please check it.", code=code))


class HiredTooLate(Refusal):
    """A day of hiring after the person moved to another department or left."""

    code = "hired_too_late"

    def __init__(self, until: date) -> None:
        """Name the day after which it cannot be."""
        super().__init__(t("The first post lasted until {day}: the day of hiring cannot be later.", day=Day(until)))


class Personnel:
    """Keeps what an administrator tells about people and the organisation."""

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

    def name_organisation(self, actor: Employee, portal: Portal, name: str, now: datetime) -> None:
        """Name the organisation as its papers do."""
        self._put(actor, portal, ORGANISATION, clean_name(name), now)

    def set_okpo(self, actor: Employee, portal: Portal, code: str, now: datetime) -> None:
        """Set the organisation's code."""
        code = code.replace(" ", "")
        if not is_okpo(code):
            raise NotOkpo(code[:_LONGEST_NUMBER])
        self._put(actor, portal, OKPO, code, now)

    def _put(self, actor: Employee, portal: Portal, option: str, value: str, now: datetime) -> None:
        _only_admin(actor)
        self._uow.portals.put(replace(portal, options={**portal.options, option: value}))
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=f"option {option}", at=now)

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
