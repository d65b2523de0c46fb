"""What waits is claimed and done side by side: so many at once, as many for one as it can take, again when woken."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Generic, TypeVar

import structlog

_AGAIN = 1.0
"""Seconds before the next look where the database is away."""

_Whose = TypeVar("_Whose")
_Work = TypeVar("_Work")


class Pump(Generic[_Whose, _Work]):
    """Claims work and has it done, until cancelled."""

    def __init__(
        self,
        name: str,
        claim: Callable[[Counter[_Whose], int], Awaitable[Iterable[tuple[_Whose, _Work]]]],
        do: Callable[[_Whose, _Work], Coroutine[Any, Any, None]],
        *,
        width: int,
        look_every: float,
        is_woken_by_ends: bool,
    ) -> None:
        """Have at most `width` under way.

        `claim` is told how many are under way for each, and for how many there is room; it is asked again at once where
        it found something, else when woken, or `look_every` seconds later. Each end wakes if `is_woken_by_ends`.
        """
        self._claim = claim
        self._do = do
        self._width = width
        self._look_every = look_every
        self._is_woken_by_ends = is_woken_by_ends
        self._away = f"{name} are out of reach"
        self._log = structlog.get_logger(name)
        self._wake = asyncio.Event()
        self._running: dict[asyncio.Task[None], _Whose] = {}

    def wake(self) -> None:
        """Look again now."""
        self._wake.set()

    def wake_in(self, seconds: float) -> None:
        """Look again when something falls due that was just put off for so long."""
        asyncio.get_running_loop().call_later(seconds + 0.001, self._wake.set)

    async def run(self) -> None:
        """Go on. What is cut off at the end may have been done: its lease tells so to whoever comes next."""
        try:
            while True:
                self._wake.clear()
                try:
                    is_any = await self._begin_more()
                except Exception as error:  # noqa: BLE001 - the database comes back
                    self._log.warning(self._away, error=type(error).__name__)
                    await asyncio.sleep(_AGAIN)
                    continue
                if not is_any:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(self._look_every):
                            await self._wake.wait()
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _begin_more(self) -> bool:
        room = self._width - len(self._running)
        claimed = list(await self._claim(Counter(self._running.values()), room)) if room > 0 else []
        for whose, work in claimed:
            task = asyncio.create_task(self._do(whose, work))
            self._running[task] = whose
            task.add_done_callback(self._ended)
        return bool(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        if self._is_woken_by_ends:
            self._wake.set()
