"""Methods by which a bot learns who it is and gets its updates."""

import re
from typing import Any

from yarl import URL

from bot.sandbox.telegram.errors import bad_request, conflict
from bot.sandbox.telegram.methods.registry import Given, method
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState
from bot.sandbox.telegram.webhook import WebhookSettings

MAX_TIMEOUT = 50
MAX_DOWNLOAD = 20 * 2**20
MAX_LIMIT = 100
MAX_SECRET = 256
DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_LOOPBACK = re.compile(r"localhost|127\.\d+\.\d+\.\d+|::1")


@method("getMe", writes=False)
async def get_me(bot: BotState, params: Params) -> dict[str, Any]:  # noqa: ARG001 -- every method has this shape
    """Return the bot itself."""
    return {
        **bot.me(),
        "can_join_groups": False,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
    }


@method("getUpdates", "offset", "limit", "timeout", "allowed_updates", writes=False)
async def get_updates(bot: BotState, params: Params) -> Given:
    """Wait for updates; those below `offset` are confirmed and forgotten."""
    if bot.webhook.settings.url:
        raise conflict(
            "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
        )
    offset = params.integer("offset", 0)
    limit = params.integer("limit", MAX_LIMIT, low=1, high=MAX_LIMIT)
    timeout = params.integer("timeout", 0, low=0, high=MAX_TIMEOUT)
    _choose_updates(bot, params)
    return Given(await bot.queue.poll(offset, limit, timeout))


@method("getFile", "file_id", writes=False)
async def get_file(bot: BotState, params: Params) -> dict[str, Any]:
    """Tell where a file can be had from, for an hour; here for longer."""
    known = bot.files.content(params.text("file_id"))
    if known is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    file, _ = known
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": file.id,
        "file_unique_id": file.id[:12],
        "file_size": file.size,
        "file_path": f"documents/{file.id}",
    }


@method("setWebhook", "url", "secret_token", "max_connections", "drop_pending_updates", "allowed_updates")
async def set_webhook(bot: BotState, params: Params) -> bool:
    """Have updates posted to an address; an empty one removes the webhook."""
    url = params.text("url")
    if not url:
        return _remove(bot, params)
    _check_address(url)
    secret = params.text("secret_token")
    if len(secret) > MAX_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", DEFAULT_CONNECTIONS, low=1, high=MAX_CONNECTIONS)
    _choose_updates(bot, params)
    if params.boolean("drop_pending_updates"):
        bot.queue.clear()
    bot.queue.stop_poller(conflict("terminated by setWebhook request"))
    bot.webhook.set(WebhookSettings(url, secret, connections))
    return True


@method("deleteWebhook", "drop_pending_updates")
async def delete_webhook(bot: BotState, params: Params) -> bool:
    """Remove the webhook, so that getUpdates can be used."""
    return _remove(bot, params)


@method("getWebhookInfo", writes=False)
async def get_webhook_info(bot: BotState, params: Params) -> dict[str, Any]:  # noqa: ARG001 -- as above
    """Return where updates go and how that fares."""
    settings = bot.webhook.settings
    info: dict[str, Any] = {
        "url": settings.url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.queue),
        **bot.webhook.last_error.known,
    }
    if settings.url:
        info["max_connections"] = settings.max_connections
        info["ip_address"] = "127.0.0.1"
    if bot.queue.allowed:
        info["allowed_updates"] = bot.queue.allowed
    return info


def _remove(bot: BotState, params: Params) -> bool:
    """Remove the webhook."""
    if params.boolean("drop_pending_updates"):
        bot.queue.clear()
    bot.webhook.set(WebhookSettings())
    return True


def _check_address(url: str) -> None:
    """Check the address. The real server wants https on a public host; the sandbox posts to loopback only."""
    try:
        address = URL(url)
        host = address.host or ""
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if address.scheme not in {"http", "https"} or not host:
        raise bad_request("invalid webhook URL specified")
    if not _LOOPBACK.fullmatch(host):
        if address.scheme != "https":
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        raise bad_request("bad webhook: the sandbox posts to loopback addresses only")


def _choose_updates(bot: BotState, params: Params) -> None:
    """Take `allowed_updates` over; without it the former choice stays, an empty list means the default."""
    kinds = params.structure("allowed_updates", "allowed updates")
    if kinds is None:
        return
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise bad_request("expected an Array of update types")
    bot.queue.allow([kind.lower() for kind in kinds])
