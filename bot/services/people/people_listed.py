"""People as a list for everybody: whoever steers the portal also sees roles, accounts and access."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.people.employee import Employee
from bot.domain.people.listed import ListedPerson, PeopleState, PeopleWanted
from bot.domain.portal import Portal
from bot.domain.rights import Right, may
from bot.ports import UnitOfWork
from bot.services.messengers import Messengers
from bot.services.unit_service import UnitService
from bot.services.workday.presences import Presence, Presences

PAGE = 50


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people; `after` is whom the next one goes on behind, 0 where this is the last."""

    rows: Sequence[ListedPerson]
    presences: Mapping[int, Presence]
    """Where they are now, as everybody may know it: neither since when nor why."""
    after: int = 0


class PeopleListed(UnitService):
    """Lists the people of a portal."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Know into which messenger people are brought by a link."""
        super().__init__(uow)
        self._messengers = messengers

    async def page(
        self, portal: Portal, reader: Employee, wanted: PeopleWanted, after: int, now: datetime
    ) -> PeoplePage:
        """Return a page of people by name; what the reader may not see is not looked for either."""
        if not may(reader, Right.GIVE_ROLES):
            keeps = may(reader, Right.KEEP_PERSONNEL) and wanted.state in (PeopleState.DISABLED, PeopleState.ALL)
            wanted = replace(wanted, role=None, state=wanted.state if keeps else PeopleState.ACTIVE)
        behind = await self._uow.employees.get(portal.id, after) if after else None
        found = await self._uow.people_lists.page(
            portal.id, wanted, behind, PAGE + 1, today=reader.today(now), invites=self._messengers.invites
        )
        rows = found[:PAGE]
        people = [each.employee for each in rows if not each.employee.is_disabled]
        present = await Presences(self._uow).among(portal, people, (), now) if people else ()
        here = {each.employee.id: each for each in present}
        return PeoplePage(rows, here, rows[-1].employee.id if len(found) > PAGE else 0)
