"""What happens is noted for programs, in the commit in which it does; where nobody wants to know, nothing is."""

from datetime import datetime

from bot.domain.automation.happening import Happening
from bot.domain.automation.noting import is_heard, noted
from bot.domain.events import DomainEvent
from bot.ids import new_id
from bot.ports import UnitOfWork
from bot.services.unit_service import UnitService


class Happenings(UnitService):
    """Notes what happened, once an object and type in a unit."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Note in `uow`."""
        super().__init__(uow)
        self._known: set[tuple[str, str]] = set()

    async def note(self, event: DomainEvent, at: datetime) -> None:
        """Note an event for the portal's hooks and its feed."""
        if not is_heard(event):
            return
        portal = await self._uow.portals.get(event.portal_id)
        if portal is None or not portal.is_heard:
            return
        for each in noted(event):
            if (each.type, each.about) in self._known:
                continue
            self._known.add((each.type, each.about))
            self._uow.happenings.add(
                Happening(new_id(), portal.id, each.type, each.about, each.person_id, at, each.data)
            )
