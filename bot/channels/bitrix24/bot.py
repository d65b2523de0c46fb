"""Registering the bot and its commands, finding again what is already there, and bringing it up to date.

`register` of the portal returns what exists without changing anything; therefore everything is updated as well.

The secret that proves that the bot is ours is derived from SECRET_KEY and the realm, so that a lost database cannot
lose the bot. A bot that still has another secret, such as one of an earlier version or of a former SECRET_KEY, is found
by that one, and its secret is changed.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, Call, Client
from bot.channels.bitrix24.errors import UNREADABLE, RestError
from bot.channels.bitrix24.events import BUTTON_COMMAND
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.derived import Derived
from bot.i18n import LOCALES, Translator, known_locale
from bot.messages import Command, Words
from bot.pictures.avatar import avatar
from bot.ports import Vault, WrongKey
from bot.ports.connections import Kind

BOT_CODE = "smena"
OF_APPLICATION = ".app"
"""What ends the code of the application's bot: no two bots of a portal have the same one, whoever registered them."""
NAMES = {"ru": "Смена", "en": "Smena"}
POSTS = {"ru": "Учёт рабочего времени", "en": "Working time"}
CODE_TAKEN = "BOT_CODE_ALREADY_TAKEN"
_TOKEN_BYTES = 24
"""24 bytes are 32 characters; the portal takes 40 at most."""
_NOT_OURS = frozenset({"BOT_NOT_FOUND", "BOT_OWNERSHIP_ERROR", "ACCESS_DENIED", "ERROR_METHOD_NOT_FOUND"})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RegisteredBot:
    """The bot on a portal: its id, the secret that proves we own it, and the ids of its commands by name."""

    id: int
    token: str
    """Empty where the bot belongs to the application, which proves itself by what it calls with."""
    commands: Mapping[str, int]

    @property
    def proof(self) -> dict[str, Any]:
        """Return the parameters by which a call is for this bot, and ours."""
        return _proof(self.id, self.token)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the bot is to be known on a portal; without a name of its own it has the one of the portal's language."""

    code: str = BOT_CODE
    name: str = ""
    commands: Sequence[Command] = ()

    def properties(self, language: str) -> dict[str, str]:
        """Return name and post in the portal's language."""
        locale = known_locale(language) or "ru"
        return {"name": self.name or NAMES[locale], "workPosition": POSTS[locale]}


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is known of the bot as it was registered last."""

    id: int | None = None
    avatar: str = ""

    @classmethod
    async def of(cls, vault: Vault, realm: str) -> "Remembered":
        """Read it; nothing where it was never registered, or where the row cannot be read."""
        kept = await vault.get(f"bitrix24:{realm}:bot")
        try:
            row = mapping(json.loads(kept or "null"))
        except ValueError:
            return cls()
        return cls(number(row.get("id")) or None, text(row.get("avatar")))


@dataclass(frozen=True, slots=True)
class _Found:
    id: int
    token: str
    language: str


@dataclass(frozen=True, slots=True)
class Registrar:
    """Registers the bot of one portal."""

    client: Client
    vault: Vault
    realm: str
    derived: Derived
    appearance: Appearance = field(default_factory=Appearance)
    kind: Kind = "webhook"

    async def register(self, receiving: Mapping[str, Any], now: datetime) -> RegisteredBot:
        """Register the bot or bring it up to date; `receiving` says where its events go."""
        remembered = await Remembered.of(self.vault, self.realm)
        if self.kind == "application":  # a bot of the application is its own, whoever asks by its tokens
            wanted: Sequence[str] = ("",)
            tokens = [""]
        else:
            wanted = bot_tokens(self.derived, self.realm)
            tokens = [*await self._kept_token(), *wanted]
        found = await self._found(dict.fromkeys(tokens)) or await self._registered(
            dict.fromkeys([*wanted, *tokens]), receiving
        )
        bot = await self._rotated(found, wanted[0]) if found.token else found
        picture = base64.b64encode(avatar()).decode()
        seen = hashlib.sha256(picture.encode()).hexdigest()[:16]
        properties: dict[str, Any] = self.appearance.properties(found.language)
        common = _proof(bot.id, bot.token)
        if (remembered.id, remembered.avatar) != (bot.id, seen):
            seen = await self._shown(common, picture, seen)
        await self.client.call("imbot.v2.Bot.update", {**common, "fields": {"properties": properties, **receiving}})
        ids = await _bring_commands_up_to_date(self.client, common, _wanted(self.appearance.commands, now))
        await self.vault.put(f"bitrix24:{self.realm}:bot", json.dumps({"id": bot.id, "commands": ids, "avatar": seen}))
        log.info("bitrix24.bot_registered", realm=self.realm, bot_id=bot.id, commands=len(ids))
        return RegisteredBot(bot.id, bot.token, ids)

    async def find(self) -> tuple[RegisteredBot, str] | None:
        """Return the bot of a webhook as it is there, and the portal's language; nothing is changed or made."""
        tokens = [*await self._kept_token(), *bot_tokens(self.derived, self.realm)]
        found = await self._found(dict.fromkeys(tokens))
        return None if found is None else (RegisteredBot(found.id, found.token, {}), found.language)

    async def _kept_token(self) -> list[str]:
        """Return the secret that the bot had last, if it is known."""
        try:
            kept = await self.vault.get(f"bitrix24:{self.realm}:bot_token")
        except WrongKey:
            log.warning("bitrix24.token_sealed_with_another_secret", realm=self.realm)
            return []
        return [kept] if kept else []

    async def _found(self, tokens: Iterable[str]) -> _Found | None:
        """Return the bot that is there already, by the first secret that opens it."""
        for token in tokens:
            try:
                answer = await self.client.call("imbot.v2.Bot.get", {"code": self.appearance.code, **_secret(token)})
            except RestError as error:
                if error.code not in _NOT_OURS:
                    raise
                continue
            if found := _read(answer.result, token):
                return found
        return None

    async def _registered(self, tokens: Iterable[str], receiving: Mapping[str, Any]) -> _Found:
        """Register a new bot; where its code is taken after all, under the secret that has it."""
        fields = {
            "code": self.appearance.code,
            "type": "bot",
            "properties": self.appearance.properties(""),
            **receiving,
        }
        taken = RestError(CODE_TAKEN)
        for token in tokens:
            try:
                answer = await self.client.call("imbot.v2.Bot.register", {"fields": {**fields, **_secret(token)}})
            except RestError as error:
                if error.code != CODE_TAKEN:
                    raise
                taken = error
                continue
            if found := _read(answer.result, token):
                return found
            raise RestError(UNREADABLE)
        raise taken

    async def _rotated(self, found: _Found, wanted: str) -> _Found:
        """Give the bot the secret that it should have, and keep it."""
        token = found.token
        if token != wanted:
            change = {"botId": found.id, "botToken": token, "fields": {"botToken": wanted}}
            try:
                await self.client.call("imbot.v2.Bot.update", change)
            except RestError as error:
                if not error.code.startswith("BOT_TOKEN"):
                    raise
                log.warning("bitrix24.token_not_changed", realm=self.realm, code=error.code)
            else:
                token = wanted
                log.info("bitrix24.token_changed", realm=self.realm)
        if [token] != await self._kept_token():
            await self.vault.put(f"bitrix24:{self.realm}:bot_token", token, is_secret=True)
        return replace(found, token=token)

    async def _shown(self, common: Mapping[str, Any], picture: str, seen: str) -> str:
        """Give the bot its face; a portal that does not take it leaves the bot as useful as it was."""
        try:
            await self.client.call("imbot.v2.Bot.update", {**common, "fields": {"properties": {"avatar": picture}}})
        except RestError as error:
            if not error.code.startswith("BOT_AVATAR"):
                raise
            log.warning("bitrix24.avatar_refused", realm=self.realm, code=error.code)
        return seen


def _secret(token: str) -> dict[str, Any]:
    return {"botToken": token} if token else {}


def _proof(bot_id: int, token: str) -> dict[str, Any]:
    return {"botId": bot_id, **_secret(token)}


def bot_tokens(derived: Derived, realm: str) -> tuple[str, ...]:
    """Return the bot's secrets: the one it is to have, then those of former SECRET_KEYs."""
    keys = derived.of(f"bitrix24 bot token {realm}")
    return tuple(base64.urlsafe_b64encode(key[:_TOKEN_BYTES]).decode() for key in keys)


def _read(result: Any, token: str) -> _Found | None:
    bot = mapping(mapping(result).get("bot"))
    bot_id = number(bot.get("id"))
    return _Found(bot_id, token, text(bot.get("language"))) if bot_id else None


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
        answer = await client.run(some)
        for error in answer.errors.values():
            raise error
        results |= answer.results
    return results
