"""Tasks that run for as long as the service does: one that dies is told, shown to whoever asks, and begun anew."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
SETTLED = 10.0
"""So long must a task have run since its last death before it counts as well."""
_log = structlog.get_logger("kept")


@dataclass(slots=True)
class _State:
    """How one task does."""

    since: float | None = None
    """When it was begun last; None while it is down."""
    deaths: int = 0
    error: str | None = None


class Kept:
    """Keeps tasks running. A restart is enough: what a task works on lies in the database, not in the task."""

    def __init__(
        self,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Rest by `sleep` and count by `monotonic`."""
        self._sleep = sleep
        self._monotonic = monotonic
        self._states: dict[str, _State] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Begin `work`, which is to run until it is cancelled, and begin it again whenever it ends."""
        state = self._states[name] = _State(self._monotonic())
        self._tasks[name] = asyncio.create_task(self._keep(name, work, state), name=name)

    async def stop(self) -> None:
        """Cancel all of them and wait for their end."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def facts(self) -> dict[str, dict[str, Any]]:
        """Return how each task does."""
        return {
            name: {
                "ok": self._is_well(state) and not self._tasks[name].done(),
                "deaths": state.deaths,
                "error": state.error,
            }
            for name, state in self._states.items()
        }

    def _is_well(self, state: _State) -> bool:
        if state.since is None:
            return False
        return not state.deaths or self._monotonic() - state.since >= SETTLED

    async def _keep(self, name: str, work: Callable[[], Awaitable[None]], state: _State) -> None:
        pause = FIRST_PAUSE
        while True:
            state.since = self._monotonic()
            error: BaseException | None = None
            try:
                await work()
            except asyncio.CancelledError as cancelled:
                if (own := asyncio.current_task()) is not None and own.cancelling():
                    raise
                error = cancelled  # something inside was cancelled, not we
            except Exception as fault:  # noqa: BLE001 - whatever it died of
                error = fault
            if self._monotonic() - state.since >= SETTLED:
                pause = FIRST_PAUSE
            state.since, state.deaths = None, state.deaths + 1
            state.error = type(error).__name__ if error else "ended"
            _log.error("task died", task=name, error=state.error, again_in=pause, exc_info=error)
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
