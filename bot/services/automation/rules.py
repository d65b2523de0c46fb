"""Rules of a portal: when this happens to an object there, do that."""

from datetime import datetime

from bot.domain.automation.change import ObjectChange
from bot.domain.automation.watching import Watched
from bot.domain.portal import Portal
from bot.services.unit_service import UnitService


class Rules(UnitService):
    """The rules of a portal."""

    async def watched(self, portal_id: int) -> Watched:  # noqa: ARG002 - no portal has rules yet
        """Return what the rules of a portal need to know of.

        Whoever changes that notes it in the same unit, by `uow.objects.note(Hint(portal_id, BINDING))`: the portal is
        then asked to tell of it.
        """
        return Watched()

    async def happened(self, portal: Portal, change: ObjectChange, now: datetime) -> None:
        """Note what follows from a change of an object of a family that rules watch, in the unit that stores it.

        Called once for each change that was seen, also for what is ours (`change.is_own`), from which nothing follows.
        """
