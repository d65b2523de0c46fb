"""Methods that describe the bot: its commands, its descriptions, its menu button."""

import json
import re
from typing import Any

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.methods.registry import method
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState

MAX_COMMANDS = 100
MAX_COMMAND = 32
MAX_COMMAND_DESCRIPTION = 256
MAX_DESCRIPTION = 512
MAX_SHORT_DESCRIPTION = 120

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_PLAIN_SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})


@method("setMyCommands", "commands", "scope", "language_code")
async def set_my_commands(bot: BotState, params: Params) -> bool:
    """Replace the command menu of a scope and language."""
    given = params.structure("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(each) for each in given]
    _put_commands(bot, _commands_key(bot, params), commands)
    return True


@method("getMyCommands", "scope", "language_code", writes=False)
async def get_my_commands(bot: BotState, params: Params) -> list[dict[str, Any]]:
    """Return the command menu of exactly that scope and language."""
    menu: list[dict[str, Any]] = bot.store.setting("commands", {}).get(_commands_key(bot, params), [])
    return menu


@method("deleteMyCommands", "scope", "language_code")
async def delete_my_commands(bot: BotState, params: Params) -> bool:
    """Remove the command menu of a scope and language."""
    _put_commands(bot, _commands_key(bot, params), [])
    return True


@method("setMyDescription", "description", "language_code")
async def set_my_description(bot: BotState, params: Params) -> bool:
    """Set what an empty chat shows."""
    return _describe(bot, params, "description", MAX_DESCRIPTION)


@method("setMyShortDescription", "short_description", "language_code")
async def set_my_short_description(bot: BotState, params: Params) -> bool:
    """Set what the bot's profile shows."""
    return _describe(bot, params, "short_description", MAX_SHORT_DESCRIPTION)


@method("setChatMenuButton", "chat_id", "menu_button")
async def set_chat_menu_button(bot: BotState, params: Params) -> bool:
    """Set the button beside the field of one person, or of everyone."""
    button = params.structure("menu_button", "menu button") or {"type": "default"}
    if not isinstance(button, dict) or "type" not in button:
        raise bad_request("can't parse menu button: Can't find field \"type\"")
    if button["type"] not in {"default", "commands", "web_app"}:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    whose = str(bot.reachable_person(params).telegram_user_id) if params.text("chat_id") else ""
    bot.store.set_setting("menu_buttons", {**bot.store.setting("menu_buttons", {}), whose: button})
    return True


def _language(params: Params) -> str:
    """Read `language_code`: two letters, or nothing for everyone else."""
    code = params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code


def _commands_key(bot: BotState, params: Params) -> str:
    """Read scope and language, and make one key of them."""
    scope = params.structure("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in _PLAIN_SCOPES | _CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if kind in _CHAT_SCOPES:
        if kind != "chat":
            raise bad_request(f"scope {kind} is not emulated")
        person = bot.known_person(Params({"chat_id": scope.get("chat_id", "")}))
        scope = {"type": "chat", "chat_id": person.telegram_user_id}
    return menu_key(scope, _language(params))


def menu_key(scope: dict[str, Any], language: str) -> str:
    """Return under what a menu is kept."""
    return json.dumps([scope, language], sort_keys=True)


def _command(given: Any) -> dict[str, Any]:
    """Check one command."""
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(given.get(name), str):
            raise bad_request(f"can't parse BotCommand: Can't find field \"{name}\"")
    surplus = given.keys() - {"command", "description", "is_ephemeral"}
    if surplus:
        raise bad_request(f'can\'t parse BotCommand: field "{min(surplus)}" is unknown')
    command, description = given["command"].strip().removeprefix("/"), given["description"].strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > MAX_COMMAND:
        raise bad_request(f"command length must not exceed {MAX_COMMAND}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > MAX_COMMAND_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {MAX_COMMAND_DESCRIPTION}")
    return {**given, "command": command, "description": description}


def _put_commands(bot: BotState, key: str, commands: list[dict[str, Any]]) -> None:
    """Keep a command menu; an empty one is the same as none."""
    menus = bot.store.setting("commands", {})
    menus.pop(key, None)
    if commands:
        menus[key] = commands
    bot.store.set_setting("commands", menus)


def _describe(bot: BotState, params: Params, name: str, longest: int) -> bool:
    """Keep a description by language."""
    language = _language(params)
    text = params.text(name)
    if len(text) > longest:
        raise bad_request("description is too long")
    setting = f"{name}s"
    bot.store.set_setting(setting, {**bot.store.setting(setting, {}), language: text})
    return True
