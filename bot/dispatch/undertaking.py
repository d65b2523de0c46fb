"""Everything that commits is done in one way: a turn, a job, a page, a portal's installation."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot import metrics
from bot.dispatch.announcer import announce
from bot.dispatch.router import RouteTable
from bot.dispatch.turn import Occasion
from bot.ports import Conflict, UnitOfWork
from bot.services.apart import Apart
from bot.services.wiring import House, Services

ATTEMPTS = 5
"""So often work is run before somebody who was faster each time makes it fail."""

_Done = TypeVar("_Done")
Work = Callable[[Services], Awaitable[_Done]]
OpenUnit = Callable[[], Awaitable[UnitOfWork]]


class Undertaking:
    """Runs work in one unit: its events are told, all of it is committed, and it runs anew when somebody was faster."""

    def __init__(self, routes: RouteTable, house: House) -> None:
        """Tell events by `routes`."""
        self.routes = routes
        self.house = house

    async def __call__(self, work: Work[_Done], occasion: Occasion, *, unit: OpenUnit | None = None) -> _Done:
        """Return what the work returned, once it is committed; Conflict when others were faster every time.

        Work that noted nothing writes nothing. It may be run several times: it touches nothing but its unit.
        """
        attempt = 0
        while True:
            attempt += 1
            async with await (unit or self._fresh)() as uow:
                services = Services(uow, self.house, self.apart(occasion))
                try:
                    done = await work(services)
                    await announce(self.routes, services, occasion)
                    await uow.commit()
                except Conflict:
                    metrics.CONFLICTS.inc()
                    if attempt == ATTEMPTS:
                        raise
                else:
                    return done

    def apart(self, occasion: Occasion) -> Apart:
        """Return what does work beside a turn, as an undertaking of its own."""

        async def do(work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
            await self(lambda services: work(services.uow), occasion)

        return do

    async def _fresh(self) -> UnitOfWork:
        return self.house.storage.unit_of_work()
