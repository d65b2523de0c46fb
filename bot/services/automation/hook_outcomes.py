"""Outcomes of requests, handed to the hooks that their routes name, in whose queue they wait."""

from dataclasses import replace

from bot.domain.automation.errand import Errand, ErrandState
from bot.domain.automation.happening import Happening, HappeningType
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
