"""Registering the bot and its commands, and bringing up to date what is already there.

`register` of the portal returns what exists without changing anything; therefore everything is updated as well.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, Call, Client
from bot.channels.bitrix24.errors import UNREADABLE, RestError
from bot.channels.bitrix24.events import BUTTON_COMMAND
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.i18n import LOCALES, Translator
from bot.messages import Command, Words
from bot.ports import Vault

BOT_CODE = "smena"
_TOKEN_BYTES = 24
"""24 random bytes are 32 characters; the portal takes 40 at most."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RegisteredBot:
    """The bot on a portal: its id, the secret that proves we own it, and the ids of its commands by name."""

    id: int
    token: str
    commands: Mapping[str, int]


async def remembered_bot_id(vault: Vault, realm: str) -> int | None:
    """Return the id of the bot as it was registered last."""
    kept = await vault.get(f"bitrix24:{realm}:bot")
    try:
        return number(mapping(json.loads(kept or "null")).get("id")) or None
    except ValueError:
        return None


async def register_bot(
    client: Client,
    vault: Vault,
    realm: str,
    *,
    name: str,
    commands: Sequence[Command],
    webhook_url: str | None,
    now: datetime,
) -> RegisteredBot:
    """Register the bot or bring it up to date; with a `webhook_url` events are delivered there, else fetched."""
    token = await _token(vault, realm)
    receiving: dict[str, Any] = {"eventMode": "fetch"}
    if webhook_url is not None:
        receiving = {"eventMode": "webhook", "webhookUrl": webhook_url}
    fields = {"properties": {"name": name}, **receiving}
    registration = {"fields": {"code": BOT_CODE, "botToken": token, "type": "bot", **fields}}
    answer = mapping((await client.call("imbot.v2.Bot.register", registration)).result)
    bot_id = number(mapping(answer.get("bot")).get("id"))
    if not bot_id:
        raise RestError(UNREADABLE)
    await client.call("imbot.v2.Bot.update", {"botId": bot_id, "botToken": token, "fields": fields})
    ids = await _bring_commands_up_to_date(client, {"botId": bot_id, "botToken": token}, _wanted(commands, now))
    await vault.put(f"bitrix24:{realm}:bot", json.dumps({"id": bot_id, "commands": ids}))
    log.info("bitrix24.bot_registered", realm=realm, bot_id=bot_id, commands=len(ids))
    return RegisteredBot(bot_id, token, ids)


async def _token(vault: Vault, realm: str) -> str:
    """Return the bot's secret, made once and kept before the portal hears of it."""
    name = f"bitrix24:{realm}:bot_token"
    token = await vault.get(name)
    if not token:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await vault.put(name, token, is_secret=True)
    return token


def _wanted(commands: Sequence[Command], now: datetime) -> dict[str, dict[str, Any]]:
    """Return the fields of every command that must be there; those for few are not listed to everybody."""
    wanted: dict[str, dict[str, Any]] = {BUTTON_COMMAND: {"command": BUTTON_COMMAND, "hidden": True}}
    for command in commands:
        fields: dict[str, Any] = {"command": command.name, "title": _in_each_language(command.title, now)}
        if command.params is not None:
            fields["params"] = _in_each_language(command.params, now)
        wanted[command.name] = {**fields, "hidden": bool(command.roles)}
    return wanted


def _in_each_language(words: Words, now: datetime) -> dict[str, str]:
    return {locale: Translator(locale, "UTC", now).plain(words) for locale in LOCALES}


async def _bring_commands_up_to_date(
    client: Client, bot: Mapping[str, Any], wanted: Mapping[str, Mapping[str, Any]]
) -> dict[str, int]:
    listed = mapping((await client.call("imbot.v2.Command.list", bot)).result)
    there: dict[str, int] = {}
    calls: dict[str, Call] = {}
    for each in map(mapping, items(listed.get("commands"))):
        name, command_id = text(each.get("command")).removeprefix("/"), number(each.get("id"))
        if name in wanted and name not in there:
            there[name] = command_id
            update = {**bot, "commandId": command_id, "fields": wanted[name]}
            calls[f"u{command_id}"] = ("imbot.v2.Command.update", update)
        else:
            calls[f"d{command_id}"] = ("imbot.v2.Command.unregister", {**bot, "commandId": command_id})
    new = [name for name in wanted if name not in there]
    calls |= {
        f"r{number}": ("imbot.v2.Command.register", {**bot, "fields": wanted[name]}) for number, name in enumerate(new)
    }
    answers = await _in_batches(client, calls)
    for number_, name in enumerate(new):
        there[name] = number(mapping(mapping(answers.get(f"r{number_}")).get("command")).get("id"))
    return there


async def _in_batches(client: Client, calls: Mapping[str, Call]) -> dict[str, Any]:
    """Run any number of commands; the first refusal stops everything, because a bot lacking a command is broken."""
    results: dict[str, Any] = {}
    rest = iter(calls.items())
    while some := dict(islice(rest, BATCH_LIMIT)):
        answer = await client.batch(some)
        for error in answer.errors.values():
            raise error
        results |= answer.results
    return results
