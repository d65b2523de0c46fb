"""The webhook: the door that stores before it answers 200, and the keeper that sees to its registration."""

import asyncio
import hmac
import json
from typing import Any, Protocol

import structlog
from aiohttp import web

from bot.channels.doors import MOST, PATIENCE, Door, Refused, Taken, limited_body
from bot.channels.telegram.api import Api
from bot.channels.telegram.backoff import Pause, until_done
from bot.channels.telegram.health import Health
from bot.channels.telegram.updates import ALLOWED_UPDATES, update_id
from bot.derived import Derived
from bot.problems import problem

PATH = "/telegram/webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
BODY_LIMIT = MOST
LOOK_AGAIN = 300.0

_log = structlog.get_logger(__name__)


class Behind(Protocol):
    """What stands behind the door: the channel."""

    webhook_secrets: tuple[str, ...]

    async def take_update(self, update: object) -> None:
        """Store an update, then answer its press."""
        ...


def webhook_secrets(derived: Derived, token: str) -> tuple[str, ...]:
    """Return what Telegram must show at the door: the same after a restart, another for each bot and each secret.

    The first is the one it is told; the others belong to former secrets, for what is still on its way.
    """
    return derived.texts(f"telegram webhook {token}")


def routes(channel: Behind, *, patience: float = PATIENCE) -> list[Door]:
    """Return the door of that channel. It is open in either mode: what is stored twice counts once."""
    taken = Taken()

    async def post_update(request: web.BaseRequest) -> web.StreamResponse:
        """Take one update: 200 once it is stored, 503 to have it repeated."""
        shown = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
        if not any(hmac.compare_digest(shown, each.encode()) for each in channel.webhook_secrets):
            return problem(401, "wrong_secret", "The secret token is missing or wrong.")
        try:
            body = await limited_body(request, patience=patience)
        except Refused as refused:
            return problem(refused.status, refused.code, refused.title)
        update = _parsed(body)
        if update_id(update) is None:
            return problem(400, "not_an_update", "The body is not an update of the Telegram Bot API.")
        try:
            await channel.take_update(update)
        except Exception as error:  # noqa: BLE001 - whatever it was, Telegram is to repeat
            # A database's error may quote what it was given, and that is somebody's words: not for the log.
            _log.error("telegram.update_not_stored", error=type(error).__name__)
            _log.debug("telegram.why_not_stored", exc_info=True)
            return problem(503, "not_stored", "The update could not be stored; send it again.")
        return taken.to(request)

    return [Door(PATH, post_update)]


async def keep_webhook(
    api: Api, url: str, secret: str, health: Health, *, pause: Pause = asyncio.sleep, look_again: float = LOOK_AGAIN
) -> None:
    """Register the webhook and look after it until cancelled: it may be replaced, or Telegram may not get through."""
    seen_error_at = 0
    await until_done(lambda: api.set_webhook(url, secret=secret, allowed=ALLOWED_UPDATES), health, pause)
    while True:
        await pause(look_again)
        status = await until_done(api.webhook, health, pause)
        if status.url != url:
            _log.warning("telegram.webhook_was_set_elsewhere")
            await until_done(lambda: api.set_webhook(url, secret=secret, allowed=ALLOWED_UPDATES), health, pause)
        elif status.last_error_at > seen_error_at:
            seen_error_at = status.last_error_at
            health.failed(f"Telegram could not deliver to the webhook ({status.last_error})", "deliveries")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
