"""What is to stay whatever becomes of a turn is work of its own beside it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.ports import UnitOfWork


class Apart(Protocol):
    """Does such work in a unit of its own, which is committed before it returns."""

    async def __call__(self, work: Callable[[UnitOfWork], Awaitable[None]]) -> None:
        """Do it; it may be run several times, and touches nothing but that unit."""
        ...
