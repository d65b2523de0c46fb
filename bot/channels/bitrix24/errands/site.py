"""The portal as whoever carries out an errand sees it: calls in its limiter's step, and what it is called there."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.channels.bitrix24.client import Answer, Client
from bot.channels.bitrix24.errands.refusals import not_done
from bot.channels.bitrix24.errors import OPERATION_LIMIT, RestError
from bot.channels.bitrix24.limiter import Limiter, Sleep
from bot.clock import Clock
from bot.domain.automation.errand import Errand
from bot.ports import NotDone
from bot.ports.connections import Credentials

SPARE = 25.0
"""Of what the portal's bucket holds so much is left to the chat: who waits for an answer waits for no errand.

Beyond it errands have a share of their own, so that whoever reads a whole portal cannot starve them.
"""
_STEP = 0.25
PATIENCE = 30.0
"""Seconds that one try waits for room: where there is none for longer it was not sent, which is no doubtful try."""
_AGAIN_IN = 15.0


class Site:
    """One portal, in the name of whoever the application works as, or of one person."""

    def __init__(
        self,
        realm: str,
        client: Client,
        limiter: Limiter,
        clock: Clock,
        credentials: Credentials,
        *,
        sleep: Sleep,
        bot_id: Callable[[], int | None] = lambda: None,
    ) -> None:
        """Call through `client`, in step with what else goes through `limiter`."""
        self.realm = realm
        self._client = client
        self._limiter = limiter
        self._clock = clock
        self._credentials = credentials
        self._sleep = sleep
        self._bot_id = bot_id
        self._waited = 0.0

    def now(self) -> datetime:
        """Return the time of the service's clock."""
        return self._clock.now()

    async def ask(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Call a method; RestError where it is refused, for whoever knows better what that means.

        NotDone where the portal has no room for so long that the try is put off.
        """
        if (rest := self._limiter.resting(method)) > 0:
            raise RestError(OPERATION_LIMIT, retry_after=rest)
        while self._limiter.level > SPARE and not self._limiter.errand_may():
            if self._waited >= PATIENCE:
                raise NotDone("in_haste", retry_after=_AGAIN_IN, counts=False)
            await self._sleep(_STEP)
            self._waited += _STEP
        return await self._client.call(method, params)

    async def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Call a method; NotDone where it is refused."""
        try:
            return await self.ask(method, params)
        except RestError as error:
            raise not_done(error) from None

    async def read(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Call a method that changes nothing: NotDone, where it fails, leaves no doubt."""
        try:
            return await self.call(method, params)
        except NotDone as why:
            why.is_doubtful = False
            raise

    async def is_webhook(self) -> bool:
        """Whether the portal is served by an incoming webhook, not by the application."""
        return await self._credentials.token() is None

    async def chat(self) -> str:
        """Return the address of the bot's chat on the portal; "" while there is none."""
        bot_id = self._bot_id()
        if not bot_id:
            return ""
        base = (await self._credentials.base_url()).partition("/rest/")[0]
        return f"{base}/online/?IM_DIALOG={bot_id}"


def mark_of(errand: Errand) -> str:
    """Return by what an errand's traces are found on a portal again: nobody else writes that."""
    return f"Smena #{errand.id}"
