"""Where errands of one portal are carried out: by its limiter, in the name that each of them needs."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.errands.refusals import refused
from bot.channels.bitrix24.errands.registry import Performer, performer_of
from bot.channels.bitrix24.errands.site import Site
from bot.channels.bitrix24.limiter import Limiter, Sleep
from bot.channels.bitrix24.rest_log import Note
from bot.clock import Clock
from bot.domain.automation.errand import Errand
from bot.ports import NotDone
from bot.ports.connections import Credentials, HasStandIns

NO_RIGHT = frozenset({"no_right", "no_right_to_stage"})
AT_ONCE = 4
"""Errands of one portal side by side: its limiter lets two requests a second through."""
MOST_REFUSALS = 3
"""So often one try hears "too fast": whoever waits longer inside a try would not know whether it was sent."""
NARROW = 1
"""Of a portal in trouble: enough to see that it is back."""


class ErrandDesk:
    """The errands of one portal. Its calls are not the chat's: what refuses them says nothing of the bot's health."""

    def __init__(
        self,
        realm: str,
        credentials: Credentials,
        limiter: Limiter,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        personal: Callable[[str], Credentials] | None = None,
        bot_id: Callable[[], int | None] = lambda: None,
        sleep: Sleep = asyncio.sleep,
        note: Note | None = None,
    ) -> None:
        """Work by `credentials`; by those that `personal` gives where somebody's own rights are needed.

        Each request that ends is told to `note`.
        """
        self._realm = realm
        self._credentials = credentials
        self._limiter = limiter
        self._session = session
        self._clock = clock
        self._personal = personal
        self._bot_id = bot_id
        self._sleep = sleep
        self._note = note

    def _site(self, account: str) -> Site:
        credentials = self._credentials
        if account:
            if self._personal is None:
                raise refused("needs_application")
            credentials = self._personal(account)
        client = Client(
            credentials,
            self._limiter,
            self._session,
            self._clock,
            realm=self._realm,
            note=self._note,
            most_refusals=MOST_REFUSALS,
        )
        return Site(
            self._realm,
            client,
            self._limiter,
            self._clock,
            credentials,
            sleep=self._sleep,
            bot_id=self._bot_id,
        )

    async def run(self, errand: Errand) -> Mapping[str, Any]:
        """Carry it out; what whoever the application works as may not do is tried once as who stands in."""
        performer = performer_of(errand.kind)
        if performer is None:
            raise refused("unknown_kind")
        try:
            return await _done(performer, self._site(errand.account), errand)
        except NotDone as why:
            stands_in = await self._stand_in(errand) if why.reason in NO_RIGHT else None
            if stands_in is None:
                raise
            try:
                return {**await _done(performer, self._site(stands_in), errand), "by": stands_in}
            except NotDone as again:
                if again.ends is None:
                    raise  # it may have been done: the next try looks first
            raise  # what was said first stands: whose right it should be is the installer's

    async def _stand_in(self, errand: Errand) -> str | None:
        """Return who may be tried where whoever the application works as has no right to something."""
        if errand.account or self._personal is None or not isinstance(self._credentials, HasStandIns):
            return None
        return next(iter(await self._credentials.stand_ins()), None)


async def _done(performer: Performer, site: Site, errand: Errand) -> Mapping[str, Any]:
    """Carry it out; a doubtful one is looked for first."""
    if errand.is_doubtful:
        found = await performer.look(site, errand)
        if found is not None:
            return found
    return await performer.do(site, errand)
