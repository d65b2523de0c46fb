"""Messages that their messenger will never take: what follows from each is an undertaking of its own."""

from bot.clock import Clock
from bot.dispatch.turn import Occasion
from bot.dispatch.undertaking import Undertaking
from bot.messages import DeliveryError, Outgoing
from bot.services.deliveries import Deliveries
from bot.services.wiring import Services


class LostMessages:
    """Sees to them, for `Delivery`."""

    def __init__(self, undertaking: Undertaking, clock: Clock) -> None:
        """Go by `clock`."""
        self._undertaking = undertaking
        self._clock = clock

    async def see_to(self, outgoing: Outgoing, error: DeliveryError) -> None:
        """See to one; repeating it does no harm."""
        now = self._clock.now()

        async def work(services: Services) -> None:
            await services.get(Deliveries).lost(outgoing, error, now)

        await self._undertaking(work, Occasion(now, id=outgoing.turn))
