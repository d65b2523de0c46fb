"""`imbot.v2.Command.*`: slash commands and the answer to one."""

import re

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.methods.messages import ANSWER_FIELDS, content, send_into
from bot.sandbox.portal.objects import command_object
from bot.sandbox.portal.params import Params
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.state import Bot, Command

_FIELDS = ("command", "title", "params", "common", "hidden", "extranetSupport")
_NAME = re.compile(r"[^\s/]+")


def _name(fields: Params, code_when_missing: str) -> str:
    """Return the name of a command, which is given without its slash."""
    value = fields.values.get("command")
    if value in (None, ""):
        raise RestError(code_when_missing, "Command is required")
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise RestError("COMMAND_NAME_INVALID", "Command name is invalid")
    return value


def _own_command(portal: Portal, bot: Bot, params: Params) -> Command:
    """Return the bot's command that the call names."""
    command = portal.memory.commands.get(params.integer("commandId"))
    if command is None or command.bot_id != bot.id:
        raise RestError("COMMAND_NOT_FOUND", "Command not found")
    return command


def _set_fields(command: Command, fields: Params) -> None:
    """Take over the fields that were given, all or none."""
    title = _merged(command.title, fields, "title")
    given = fields.mapping("title").values
    words = {
        language: text
        for language, text in _merged(command.params, fields, "params").items()
        if not fields.has("params") or language in given or language in command.params
    }
    common = fields.flag("common", default=command.common)
    hidden = fields.flag("hidden", default=command.hidden)
    extranet = fields.flag("extranetSupport", default=command.extranet_support)
    if not hidden and not any(title.values()):
        raise RestError("COMMAND_TITLE_REQUIRED", "Command title is required")
    command.title, command.params = title, words
    command.common, command.hidden, command.extranet_support = common, hidden, extranet


def _merged(before: dict[str, str], fields: Params, name: str) -> dict[str, str]:
    """Return texts by language: those given over those before; null takes one away."""
    values = fields.mapping(name).values
    gone = [language for language, text in values.items() if text is None]
    kept = fields.within({name: {language: text for language, text in values.items() if text is not None}})
    merged = {**before, **kept.phrases(name)}
    return {language: text for language, text in merged.items() if language not in gone}


def register(portal: Portal, params: Params) -> Answer:
    """Register a command; a name that is known returns the command as it is, without changing anything."""
    bot = portal.own_bot(params)
    fields = params.mapping("fields", required=True)
    fields.only(_FIELDS)
    name = _name(fields, "COMMAND_REQUIRED")
    known = portal.memory.command_named(bot.id, name)
    if known is None:
        known = Command(0, bot.id, name, {}, {})
        _set_fields(known, fields)
        known.id = portal.rows.next_id("command")
        portal.memory.commands[known.id] = known
        portal.memory.save("command", known)
        portal.world.changed.set()
    return Answer({"command": command_object(known)})


def update(portal: Portal, params: Params) -> Answer:
    """Change a command."""
    bot = portal.own_bot(params)
    command = _own_command(portal, bot, params)
    fields = params.mapping("fields", required=True)
    fields.only(_FIELDS)
    name = _name(fields, "COMMAND_NAME_EMPTY") if "command" in fields.values else command.name
    other = portal.memory.command_named(bot.id, name)
    if other not in (None, command):
        raise RestError("COMMAND_ALREADY_EXISTS", "Command already exists")
    _set_fields(command, fields)
    command.name = name
    portal.memory.save("command", command)
    portal.world.changed.set()
    return Answer({"command": command_object(command)})


def list_commands(portal: Portal, params: Params) -> Answer:
    """List the bot's commands, titles in the portal's language."""
    bot = portal.own_bot(params)

    def spoken(texts: dict[str, str]) -> str:
        return texts.get(portal.language) or texts.get("en") or next(iter(texts.values()), "")

    commands = [
        {
            **command_object(command),
            "title": spoken(command.title),
            "params": spoken(command.params),
            "category": bot.name,
            "context": "",
        }
        for command in portal.memory.commands_of(bot.id)
    ]
    return Answer({"commands": commands})


def unregister(portal: Portal, params: Params) -> Answer:
    """Remove a command."""
    command = _own_command(portal, portal.own_bot(params), params)
    del portal.memory.commands[command.id]
    portal.rows.drop("command", [command.id])
    portal.world.changed.set()
    return Answer({"result": True})


def answer(portal: Portal, params: Params) -> Answer:
    """Answer a command in its dialog; the id of the new message is not told."""
    bot = portal.own_bot(params)
    command_id, message_id = params.integer("commandId"), params.integer("messageId")
    chat = portal.dialog(bot, params)
    asked, command = portal.memory.messages.get(message_id), portal.memory.commands.get(command_id)
    if asked is None or asked.chat_id != chat.id or command is None or command.bot_id != bot.id:
        raise RestError("COMMAND_ANSWER_FAILED", "Command answer failed")
    fields = params.mapping("fields")
    fields.only(ANSWER_FIELDS)
    send_into(portal, bot, chat, content(portal, bot, fields))
    return Answer({"result": True})


METHODS = (
    method("imbot.v2.Command.register", register, "botId botToken fields", writes=True),
    method("imbot.v2.Command.update", update, "botId botToken commandId fields", writes=True),
    method("imbot.v2.Command.list", list_commands, "botId botToken"),
    method("imbot.v2.Command.unregister", unregister, "botId botToken commandId", writes=True),
    method("imbot.v2.Command.answer", answer, "botId botToken commandId messageId dialogId fields", writes=True),
)
