"""How often an address may come with what is not proven: to prove it we ask others, who may be slow, or want to be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.callers import Callers, Tries
from bot.ports import NotProven, Showing, Shown

MOST, WITHIN = 60, 60.0
"""Calls of an address that are being proven, or were in vain within so many seconds: an office stands behind one."""
TOO_MANY = "too_many_unproven"
_ASKS = frozenset({Showing.FRAME, Showing.INSTALLED, Showing.UPDATED})


class Knocks:
    """Counts them. What is proven costs its address nothing."""

    def __init__(self, callers: Callers, tries: Tries | None = None) -> None:
        """Know addresses by `callers`."""
        self._callers = callers
        self._tries = tries or Tries(MOST, WITHIN)

    @asynccontextmanager
    async def counted(self, request: web.BaseRequest, shown: Shown) -> AsyncIterator[None]:
        """Prove a call inside of this; NotProven, before anybody is asked, where its address has none left.

        What is proven by what we know ourselves is always looked at: it comes once, from where all portals' calls come.
        """
        if shown.what not in _ASKS:
            yield
            return
        address = self._callers.address_of(request)
        if not self._tries.are_left(address):
            raise NotProven(TOO_MANY, may_pass=True)
        self._tries.note(address)  # before anything is waited for: those who come meanwhile count it too
        yield
        self._tries.forgive(address)
