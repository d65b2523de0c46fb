"""How many calls are being proven at a time: each asks others, who may be slow, or want to be."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

from bot.ports import NotProven

AT_ONCE = 20
"""Of all companies together."""
OF_ONE = 2
"""Of one company: no portal takes the places of the others, however slowly it answers."""
LONGEST_WAIT = 5.0
"""Seconds for which whoever sends more waits."""


class Room:
    """The places; whoever finds none for too long is to come again."""

    def __init__(self, at_once: int = AT_ONCE, of_one: int = OF_ONE, longest_wait: float = LONGEST_WAIT) -> None:
        """Have so many."""
        self._all = asyncio.Semaphore(at_once)
        self._of_one = of_one
        self._longest_wait = longest_wait
        self._theirs: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, company: str) -> AsyncIterator[None]:
        """Hold a place for a call of that company; NotProven where there is none."""
        theirs = self._theirs.get(company) or self._theirs.setdefault(company, asyncio.Semaphore(self._of_one))
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(self._longest_wait):
                    await held.enter_async_context(theirs)
                    await held.enter_async_context(self._all)
            except TimeoutError:
                raise NotProven("busy", may_pass=True) from None
            yield
