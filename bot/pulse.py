"""Whether the database takes writes: reading works on a full disk as well, and nobody's mark would be kept."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.ports import Unavailable

EVERY = 15.0
FRESH = 2.0
"""An answer that is not older is given again, so that asking often costs no more."""
PATIENCE = 5.0
_log = structlog.get_logger("pulse")


class Pulse:
    """Writes a small thing of its own now and then, and whenever somebody wants to know."""

    def __init__(
        self,
        write: Callable[[], Awaitable[None]],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Write by `write`."""
        self._write = write
        self._sleep = sleep
        self._monotonic = monotonic
        self._tried: float | None = None
        self._written: float | None = None
        self._error: str | None = None
        self._lock = asyncio.Lock()

    async def run(self) -> None:
        """Write now and then until cancelled."""
        while True:
            await self.beat()
            await self._sleep(EVERY)

    async def beat(self) -> None:
        """Write unless that was tried just now."""
        async with self._lock:
            if self._tried is not None and self._monotonic() - self._tried < FRESH:
                return
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._write()
            except Exception as error:  # noqa: BLE001 - whatever it is, nothing is written
                name = type(error).__name__
                if self._error is None:
                    _log.error(
                        "no write succeeds", error=name, reason=str(error) if isinstance(error, Unavailable) else ""
                    )
                self._error = name
            else:
                if self._error is not None:
                    _log.warning("writes succeed again")
                self._error, self._written = None, self._monotonic()
            self._tried = self._monotonic()

    async def facts(self) -> dict[str, Any]:
        """Return whether writes succeed, and how long ago one did."""
        await self.beat()
        since = None if self._written is None else round(self._monotonic() - self._written, 1)
        return {"ok": self._error is None, "seconds_since_success": since, "error": self._error}
