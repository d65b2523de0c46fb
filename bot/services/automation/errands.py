"""Errands: noted with what causes them, told when they end, and tried again or left as an administrator says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.automation.errand import Errand, ErrandState
from bot.domain.events import ErrandEnded
from bot.services.unit_service import UnitService

NOT_CERTAIN = "not_certain"
"""The reason of what may have been done, where the portal cannot tell."""
_ENDED = frozenset({ErrandState.DONE, ErrandState.FAILED, ErrandState.LEFT})


class Errands(UnitService):
    """What is done on portals: the one place where an errand's state changes."""

    async def stands(self, errand: Errand, *, rest: float = 0.0) -> bool:
        """Note how a claimed errand stands now; False where somebody else has taken it over."""
        stored = await self._uow.errands.get(errand.portal_id, errand.id)
        if stored is None or stored.version != errand.version:
            return False
        self._uow.errands.put(errand, rest=rest)
        if errand.state in _ENDED:
            self._uow.events.append(ErrandEnded(errand.portal_id, 0, errand))
        return True

    async def of_cause(self, portal_id: int, cause: str) -> Sequence[Errand]:
        """Return what came of a cause."""
        return await self._uow.errands.of_cause(portal_id, cause)

    async def again(self, portal_id: int, errand_id: int) -> Errand | None:
        """Have one that failed, was left or is offered done after all; None where it is not to be done any more."""
        found = await self._uow.errands.get(portal_id, errand_id)
        if found is None or found.state not in {ErrandState.FAILED, ErrandState.LEFT, ErrandState.OFFERED}:
            return None
        waiting = replace(found, state=ErrandState.WAITING, tries=0, reason="", ended_at=None, due_at=None)
        if found.reason == NOT_CERTAIN:  # an administrator has looked, and says that it was not done
            waiting = replace(waiting, is_doubtful=False)
        self._uow.errands.put(waiting)
        return waiting

    async def leave(self, portal_id: int, errand_id: int, now: datetime) -> Errand | None:
        """Leave one that failed or is offered as it is; None where there is nothing to leave."""
        found = await self._uow.errands.get(portal_id, errand_id)
        if found is None or found.state not in {ErrandState.FAILED, ErrandState.OFFERED}:
            return None
        left = replace(found, state=ErrandState.LEFT, reason="left", ended_at=now)
        self._uow.errands.put(left)
        self._uow.events.append(ErrandEnded(portal_id, 0, left))
        return left
