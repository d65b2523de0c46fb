"""What a surface is handed for all that it commits: pages and the API are siblings of dispatch, which does it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol, TypeVar

from bot.ports.storage import UnitOfWork

_Service = TypeVar("_Service")
_Done = TypeVar("_Done")


class Supply(Protocol):
    """Services by type, all in one unit of work."""

    uow: UnitOfWork

    def get(self, kind: type[_Service]) -> _Service:
        """Return the service of that type."""
        ...


class Undertake(Protocol):
    """Runs work in one unit: its events are told, all of it is committed, and it runs anew when others were faster.

    `turn` is the id by which it is found in the log and with every message that it caused.
    """

    async def __call__(self, work: Callable[[Supply], Awaitable[_Done]], now: datetime, *, turn: str = "") -> _Done:
        """Return what the work returned, once it is committed; Conflict when others were faster every time."""
        ...
