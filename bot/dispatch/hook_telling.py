"""What follows from how webhooks stand: one that takes nothing is switched off and told of, outcomes have their end."""

from datetime import datetime

from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.domain.automation.webhook import DeliveryState, Stopped, Webhook
from bot.ports.happenings import Stands
from bot.services.automation.webhooks import Webhooks
from bot.services.wiring import Services


class HookTelling:
    """Carries on what the sender of webhooks found out, each time in one undertaking."""

    def __init__(self, undertaking: Undertaking) -> None:
        """Work by `undertaking`."""
        self._undertaking = undertaking

    async def stop(self, hook: Webhook, why: Stopped, now: datetime) -> None:
        """Switch a hook off, and have administrators told."""

        async def work(services: Services) -> None:
            await services.get(Webhooks).stop(hook.portal_id, hook.id, why, now)

        await self._undertaking(work, Occasion(now))

    async def outcome(self, stands: Stands, now: datetime) -> None:
        """Note what became of telling a hook how a request ended."""
        about, is_done = stands.claimed.happening, stands.state is DeliveryState.DONE

        async def work(services: Services) -> None:
            await services.get(Webhooks).outcome_told(about.portal_id, about.id, now, is_done=is_done)

        await self._undertaking(work, Occasion(now))
