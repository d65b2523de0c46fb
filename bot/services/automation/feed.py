"""The feed of changes: what happened on a portal, to whoever could look at it now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.automation.happening import Happening
from bot.domain.people.api_key import Scope
from bot.domain.people.employee import Employee
from bot.domain.rights import Reach, Right, reach
from bot.ports.happenings import BEGINNING, Place
from bot.services.approvals.requests import Requests
from bot.services.people.people import People
from bot.services.unit_service import UnitService

_READ = 200
"""So many are looked at in one answer; who may see none of them goes on behind them."""
_SCOPES = {
    "request": Scope.REQUESTS_READ,
    "day": Scope.HOURS_READ,
    "period": Scope.PERIODS_READ,
    "person": Scope.PEOPLE_READ,
    "effect": Scope.SETTINGS_READ,
}


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the feed, and where it goes on."""

    items: Sequence[Happening]
    place: Place
    is_whole: bool
    """Whether nothing stands behind it yet."""


class Feed(UnitService):
    """Reads the feed for a reader."""

    async def has_new(self, portal_id: int) -> bool:
        """Whether something was committed that has no place in the feed yet."""
        return await self._uow.happenings.has_new(portal_id)

    def give_places(self, portal_id: int) -> None:
        """Give a place to all that has none, behind everything that has."""
        self._uow.happenings.give_places(portal_id)

    async def page(
        self, reader: Employee, scopes: Collection[Scope], place: Place | None, size: int, now: datetime
    ) -> Page:
        """Return what stands behind a place, as far as the reader could look at it now."""
        at = BEGINNING if place is None else place
        found: list[Happening] = []
        seen: dict[str, bool] = {}
        there = await self._uow.happenings.after(reader.portal_id, at, _READ)
        for each in there:
            at = (each.position or 0, each.id)
            if _SCOPES[each.type.value.partition(".")[0]] not in scopes:
                continue
            if each.about not in seen:
                seen[each.about] = await self._may_see(reader, each, now)
            if seen[each.about]:
                found.append(each)
                if len(found) == size:
                    break
        return Page(found, at, not there or (len(there) < _READ and at[1] == there[-1].id))

    async def _may_see(self, reader: Employee, happening: Happening, now: datetime) -> bool:
        kind, _, number = happening.about.partition(":")
        match kind:
            case "request":
                try:
                    await Requests(self._uow).shown_to(reader, int(number), now)
                except UnknownRequest:
                    return False
                return True
            case "day" | "period":
                if not happening.person_id:
                    return True
                subject = await self._uow.employees.get(reader.portal_id, happening.person_id)
                return subject is not None and await People(self._uow).may(reader, Right.SEE_HOURS, subject)
            case "person":
                return await self._uow.employees.get(reader.portal_id, happening.person_id) is not None
            case _:
                return reach(reader, Right.RESEND) is Reach.ALL
