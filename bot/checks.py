"""`main.py check`: is every setting right, and does everything that is configured answer?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from bot.derived import secrets_in
from bot.messages import DeliveryError
from bot.messengers import configured
from bot.settings import MAKE_A_KEY, Settings

PATIENCE = 60.0
"""Seconds; each gives up by itself before, but a slow machine takes a while to load what it asks with."""


async def run_checks(
    settings: Settings, migration_state: Callable[[Settings], Awaitable[str]]
) -> list[tuple[str, bool]]:
    """Return a line and whether it is fine, for the settings, the database and each configured messenger."""
    return [line async for line in _lines(settings, migration_state)]


async def _lines(
    settings: Settings, migration_state: Callable[[Settings], Awaitable[str]]
) -> AsyncIterator[tuple[str, bool]]:
    aside = f"; not known and left aside: {', '.join(settings.unknown)}" if settings.unknown else ""
    yield f"settings: all valid{aside}", True
    former = len(secrets_in(settings.secret_key.get_secret_value())) - 1
    if former:
        yield (
            "secret key: the present one and former ones behind it; see docs/operations.md for when these may go",
            True,
        )
    if not settings.secret_key.get_secret_value():
        needed = bool(configured(settings))
        yield (
            "secret key: "
            + (f"SECRET_KEY is not set; {MAKE_A_KEY}" if needed else "made at the first start of the sandbox"),
            not needed,
        )
    yield await _try("database", migration_state(settings))
    served = configured(settings)
    if not served:
        yield "messengers: none configured, the service will run the sandbox", True
    for messenger in served:
        yield await _try(messenger.facts.name, messenger.check(settings))
    if served and not any(messenger.has_directory for messenger in served):
        yield "people: no portal is configured, so nobody can get in yet; set BITRIX24_WEBHOOK_URL", False


async def _try(name: str, work: Awaitable[Any]) -> tuple[str, bool]:
    try:
        async with asyncio.timeout(PATIENCE):
            return f"{name}: {await work}", True
    except TimeoutError:
        return f"{name}: no answer within {PATIENCE:.0f} s", False
    except DeliveryError as error:
        return f"{name}: {error.detail or error}", False
    except Exception as error:  # noqa: BLE001 - one line an operator can act on, whatever it was
        return f"{name}: {error or type(error).__name__}", False
