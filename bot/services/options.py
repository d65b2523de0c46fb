"""Options of a portal: set by whoever may, on record; they count from the next turn on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.options import DIGEST_AT, OKPO, ORGANISATION, PORTAL_WORKDAY, REMIND_AFTER, Option
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check, may
from bot.services.reminding.digest_times import DigestTimes
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService
from bot.services.workday.portal_days import PortalDays

_LONGEST_NOTE = 60
_OF_ORGANISATION = (ORGANISATION, OKPO)


@dataclass(frozen=True, slots=True)
class OptionNews:
    """What was set, before and after."""

    option: Option[Any]
    before: Any
    after: Any


class Options(UnitService):
    """Sets what counts for a portal."""

    def check(self, actor: Employee, option: Option[Any] | None = None) -> None:
        """Refuse who may not set an option, or may not see all of them."""
        check(actor, _right(option))

    def may(self, actor: Employee, option: Option[Any]) -> bool:
        """Whether somebody may set an option."""
        return may(actor, _right(option))

    async def set(self, actor: Employee, portal: Portal, option: Option[Any], said: str, now: datetime) -> OptionNews:
        """Set an option to what somebody wrote; WrongOption where it is no value of it."""
        self.check(actor, option)
        before, after = option.of(portal), option.heard(said, portal, actor.today(now))
        if after != before:
            self._uow.portals.put(option.put(portal, after))
            note = f"option {option.key}: {said.strip()[:_LONGEST_NOTE]}"
            self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=note, at=now)
        if option is DIGEST_AT:
            DigestTimes(self._uow).look_again(portal.id, now)
        if option is REMIND_AFTER:
            Watch(self._uow).look_again(portal.id, now)
        if option is PORTAL_WORKDAY and after and not before:
            await PortalDays(self._uow).begin(portal, now)
        return OptionNews(option, before, after)


def _right(option: Option[Any] | None) -> Right:
    return Right.KEEP_ORGANISATION if option in _OF_ORGANISATION else Right.KEEP_OPTIONS
