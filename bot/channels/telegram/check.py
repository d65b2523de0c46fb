"""`main.py check`: whether the bot's token works."""

import asyncio
import importlib
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from bot.channels.telegram.api import NO_BOT_API
from bot.channels.telegram.features import ALL, Features
from bot.channels.telegram.health import NOT_TELEGRAM
from bot.messages import DeliveryError

if TYPE_CHECKING:
    from bot.channels.telegram.api import Api


_SAID = {
    "credentials": "Telegram does not know this token: check TELEGRAM_BOT_TOKEN",
    "network": "{} does not answer: may this machine get out, and is TELEGRAM_API_URL right?",
    "server": "what answers at {} is no Bot API server: check TELEGRAM_API_URL, or try again later",
}
"""What an operator can do about it."""


async def open_client(token: str, api_url: str, features: Features = ALL) -> "Api":
    """Import the client in a thread, for that takes seconds, and open it."""
    module = await asyncio.to_thread(importlib.import_module, "bot.channels.telegram.client")
    return cast("Api", module.Client(token, api_url, features))


async def check(token: str, api_url: str) -> str:
    """Ask the Bot API who the bot is and return one line for a person; DeliveryError says why that failed."""
    return f"Telegram: @{await bot_called(token, api_url)} answers"


async def bot_called(token: str, api_url: str) -> str:
    """Return what the bot of a token is called; DeliveryError says why that is not known."""
    client = await open_client(token, api_url)
    try:
        me = await client.me()
    except DeliveryError as error:
        if error.detail.startswith(NO_BOT_API):
            detail = f"{NOT_TELEGRAM} ({error.detail})"
            raise DeliveryError(error.kind, permanent=True, detail=detail) from error
        if error.kind not in _SAID:
            raise
        said = _SAID[error.kind].format(urlsplit(api_url).hostname)
        raise DeliveryError(error.kind, permanent=error.kind == "credentials", detail=said) from error
    finally:
        await client.close()
    return me.username
