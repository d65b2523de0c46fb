"""How long to wait before the next try, and trying until it works."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.channels.telegram.health import Health
from bot.messages import DeliveryError

FIRST = 0.5
CAP = 15.0
CREDENTIALS = 60.0
CONFLICT = 15.0

Pause = Callable[[float], Awaitable[None]]
T = TypeVar("T")
_log = structlog.get_logger(__name__)


def delay(failures: int, error: DeliveryError | None = None) -> float:
    """Seconds to wait after so many failures in a row: doubling up to a cap, or what the error asks for."""
    if error is not None and error.kind == "credentials":
        return CREDENTIALS
    if error is not None and error.retry_after is not None:
        return error.retry_after
    if error is not None and error.kind == "conflict":
        return CONFLICT
    return min(CAP, FIRST * 2.0 ** min(failures - 1, 10)) * random.uniform(0.8, 1.0)


async def until_done(call: Callable[[], Awaitable[T]], health: Health, pause: Pause = asyncio.sleep) -> T:
    """Repeat a call until it succeeds, and keep the health up to date meanwhile."""
    failures = 0
    while True:
        try:
            result = await call()
        except DeliveryError as error:
            failures += 1
            health.failed(error)
            _log.warning("telegram.failed", error=str(error))
            await pause(delay(failures, error))
        else:
            health.succeeded()
            return result
