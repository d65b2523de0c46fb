"""The deal that a request speaks of: read from the portal for whoever has to do with it there."""

from bot.domain.automation.portal_object import ObjectKind
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.ports import PortalObject, UnitOfWork
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.services.unit_service import UnitService

_LONGEST = 15


class PortalObjects(UnitService):
    """Objects of the portal. We may see more there than the reader may, so it is shown only to whom it concerns."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Ask the portal through the channel that serves it."""
        super().__init__(uow)
        self._messengers = messengers

    async def shown_to(self, portal: Portal, reader: Employee, kind: ObjectKind, said: object) -> PortalObject | None:
        """Return what a number means on the portal, for an administrator, for who has to do with it, and their leads.

        None where it is no number, is not there, is none of the reader's business, or cannot be read now.
        """
        look_up, number = self._messengers.look_up, str(said)
        if look_up is None or not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
            return None
        found = await look_up(portal.key, kind, int(number))
        return found if found is not None and await self._concerns(portal, reader, found) else None

    async def _concerns(self, portal: Portal, reader: Employee, found: PortalObject) -> bool:
        if reader.is_admin or _has_part(portal, reader, found):
            return True
        team = await People(self._uow).team_of(reader) if reader.role is Role.LEAD else ()
        return any(_has_part(portal, each, found) for each in team)


def _has_part(portal: Portal, employee: Employee, found: PortalObject) -> bool:
    return any(each.realm == portal.key and each.account in found.accounts for each in employee.identities)
