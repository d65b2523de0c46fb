"""Outcomes of requests, handed to the hooks that their routes name, in whose queue they wait."""

from dataclasses import replace
from datetime import datetime

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.happening import Happening, HappeningType
from bot.domain.events import ErrandEnded
from bot.services.unit_service import UnitService

UNKNOWN = "unknown_hook"
"""Why an outcome was told to nobody: there is no hook of that name."""
IS_OFF = "hook_off"
NOT_TAKEN = "hook_not_taken"


class Outcomes(UnitService):
    """Hands outcomes of requests to the hooks that their routes name."""

    async def hand_over(self, errand: Errand) -> Errand:
        """Have a hook told what became of a request, under the errand's id; return how the errand stands then."""
        name = str(errand.form.get("name", ""))
        hook = await self._uow.webhooks.by_name(errand.portal_id, name)
        if hook is None or not hook.is_on:
            reason = UNKNOWN if hook is None else IS_OFF
            return replace(errand, state=ErrandState.FAILED, reason=reason)
        data = errand.form.get("data", {})
        happening = Happening(
            errand.id, errand.portal_id, HappeningType.REQUEST_OUTCOME, errand.cause, 0, errand.created_at, data
        )
        self._uow.happenings.add(happening, hook_id=hook.id)
        return replace(errand, state=ErrandState.WAITING, reason="")

    async def end(self, portal_id: int, happening_id: int, state: ErrandState, reason: str, now: datetime) -> None:
        """Note what became of an outcome that was handed over; what has ended so already stays as it is."""
        errand = await self._uow.errands.get(portal_id, happening_id)
        if errand is None or errand.kind is not ErrandKind.WEBHOOK or errand.state in {state, ErrandState.DONE}:
            return
        ended = replace(errand, state=state, reason=reason, ended_at=now)
        if state is ErrandState.DONE:
            ended = replace(ended, form={"name": errand.form.get("name", "")})
        self._uow.errands.put(ended)
        self._uow.events.append(ErrandEnded(portal_id, 0, ended))

    async def end_of_portal(self, portal_id: int, now: datetime) -> None:
        """Delete the hooks of a portal that has the application no more, with all that waits for them."""
        for hook in await self._uow.webhooks.of(portal_id):
            for each in await self._uow.webhooks.outcomes_waiting(hook):
                await self.end(portal_id, each.happening_id, ErrandState.FAILED, UNKNOWN, now)
            self._uow.webhooks.drop(hook)
            what = f"webhook {hook.name} deleted: application removed"
            self._uow.audit.add(portal_id, actor_id=None, subject_id=None, what=what, at=now)
