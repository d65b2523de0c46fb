"""`main.py check`: is every setting right, and does everything that is configured answer?"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from bot.channels import bitrix24, telegram
from bot.derived import secrets_in
from bot.settings import Settings

PATIENCE = 20.0


async def run_checks(
    settings: Settings, migration_state: Callable[[Settings], Awaitable[str]]
) -> list[tuple[str, bool]]:
    """Return a line and whether it is fine, for the settings, the database and each configured messenger."""
    return [line async for line in _lines(settings, migration_state)]


async def _lines(
    settings: Settings, migration_state: Callable[[Settings], Awaitable[str]]
) -> AsyncIterator[tuple[str, bool]]:
    yield "settings: all valid", True
    former = len(secrets_in(settings.secret_key.get_secret_value())) - 1
    if former:
        yield (
            "secret key: the present one and former ones behind it; see docs/operations.md for when these may go",
            True,
        )
    if not settings.secret_key.get_secret_value():
        needed = settings.has_bitrix24 or settings.has_telegram
        yield (
            "secret key: " + ("SECRET_KEY is not set" if needed else "made at the first start of the sandbox"),
            not needed,
        )
    yield await _try("database", migration_state(settings))
    if not settings.has_bitrix24 and not settings.has_telegram:
        yield "messengers: none configured, the service will run the sandbox", True
    if settings.bitrix24_webhook_url.get_secret_value():
        yield await _try("bitrix24", bitrix24.check(settings.bitrix24_webhook_url.get_secret_value()))
    if settings.has_telegram:
        token = settings.telegram_bot_token.get_secret_value()
        yield await _try("telegram", telegram.check(token, settings.telegram_api_url))
    if settings.has_telegram and not settings.has_bitrix24:
        yield "people: no portal is configured, so nobody can get in yet; set BITRIX24_WEBHOOK_URL", False


async def _try(name: str, work: Awaitable[Any]) -> tuple[str, bool]:
    try:
        return f"{name}: {await asyncio.wait_for(work, PATIENCE)}", True
    except TimeoutError:
        return f"{name}: no answer within {PATIENCE:.0f} s", False
    except Exception as error:  # noqa: BLE001 - one line an operator can act on, whatever it was
        return f"{name}: {error or type(error).__name__}", False
