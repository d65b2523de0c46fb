"""`imbot.v2.Bot.*` and `imbot.v2.Command.*`."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from test_portal_site import TOKEN, Site, open_site


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A portal with a bot."""
    async with open_site() as opened:
        await opened.register()
        yield opened


async def test_register(site: Site) -> None:
    """Registration answers with the bot and the bot as a user."""
    fields = {"code": "other", "botToken": "t", "properties": {"name": "Other", "lastName": "Bot"}}
    result = (await site.call("imbot.v2.Bot.register", {"fields": fields})).result
    bot, user = result["bot"], result["users"][0]
    assert (bot["code"], bot["type"], bot["eventMode"], bot["backgroundId"]) == ("other", "bot", "fetch", None)
    assert (user["id"], user["name"], user["bot"], user["type"]) == (bot["id"], "Other Bot", True, "bot")


async def test_register_again(site: Site) -> None:
    """A second registration under the code returns the bot as it was and changes nothing."""
    before = (await site.own("Bot.get")).result
    again = await site.register(properties={"name": "Renamed"}, eventMode="webhook", webhookUrl="http://127.0.0.1/x")
    assert again == before["bot"]["id"]
    assert (await site.own("Bot.get")).result == before


async def test_update(site: Site) -> None:
    """An update changes what is given and leaves the rest."""
    fields = {"properties": {"workPosition": "Табельщик"}, "isHidden": "Y", "backgroundId": "no-such"}
    result = (await site.own("Bot.update", fields=fields)).result
    assert (result["users"][0]["workPosition"], result["users"][0]["name"]) == ("Табельщик", "Смена")
    assert (result["bot"]["isHidden"], result["bot"]["backgroundId"]) == (True, None)


async def test_rotate_token(site: Site) -> None:
    """A new token replaces the old one at once."""
    await site.own("Bot.update", fields={"botToken": "new"})
    assert (await site.own("Bot.get")).refusal == (403, "BOT_OWNERSHIP_ERROR")
    assert (await site.own("Bot.get", botToken="new")).status == 200


async def test_get_by_code(site: Site) -> None:
    """A bot is found by its code too; without id and code the call is refused."""
    found = await site.call("imbot.v2.Bot.get", {"botToken": TOKEN, "code": "smena"})
    assert found.result["bot"]["id"] == site.bot_id
    assert (await site.call("imbot.v2.Bot.get", {"botToken": TOKEN})).refusal == (400, "PARAMS_REQUIRED")


async def test_list(site: Site) -> None:
    """The list holds the caller's bots only."""
    fields = {"code": "other", "botToken": "t", "properties": {"name": "Other"}}
    await site.call("imbot.v2.Bot.register", {"fields": fields})
    result = (await site.call("imbot.v2.Bot.list", {"botToken": TOKEN})).result
    assert [bot["code"] for bot in result["bots"]] == ["smena"]
    assert result["hasNextPage"] is False


async def test_unregister(site: Site) -> None:
    """An unregistered bot is gone with its commands and events."""
    await site.command("in")
    await site.portal.say(site.person("anna"), "привет")
    assert (await site.own("Bot.unregister")).result == {"result": True}
    assert (await site.own("Bot.get")).refusal == (400, "BOT_NOT_FOUND")
    assert site.portal.undelivered() == 0


async def test_revision(site: Site) -> None:
    """The revision needs no bot."""
    assert (await site.call("imbot.v2.Revision.get")).result["rest"] == 36


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"botToken": None}, "BOT_TOKEN_NOT_SPECIFIED"),
        ({"botToken": ""}, "BOT_TOKEN_NOT_SPECIFIED"),
        ({"botToken": "t" * 41}, "BOT_TOKEN_INVALID_LENGTH"),
        ({"code": ""}, "BOT_CODE_REQUIRED"),
        ({"properties": {}}, "BOT_PROPERTIES_REQUIRED"),
        ({"type": "robot"}, "BOT_INVALID_TYPE"),
        ({"eventMode": "push"}, "BOT_INVALID_EVENT_MODE"),
        ({"eventMode": "webhook"}, "BOT_WEBHOOK_URL_REQUIRED"),
        ({"eventMode": "webhook", "webhookUrl": "ftp://x"}, "BOT_INVALID_CALLBACK"),
        ({"colour": "red"}, "ERROR_SURPLUS_PARAMETER"),
        ({"properties": {"name": "x", "age": 3}}, "ERROR_SURPLUS_PARAMETER"),
    ],
)
async def test_register_refuses(site: Site, changed: dict[str, Any], code: str) -> None:
    """Each wrong field of a registration has its own code."""
    fields = {"code": "new", "botToken": "t" * 40, "properties": {"name": "New"}, **changed}
    assert (await site.call("imbot.v2.Bot.register", {"fields": fields})).refusal == (400, code)


async def test_code_taken(site: Site) -> None:
    """Somebody else's code cannot be registered."""
    fields = {"code": "smena", "botToken": "another", "properties": {"name": "Thief"}}
    assert (await site.call("imbot.v2.Bot.register", {"fields": fields})).refusal == (403, "BOT_CODE_ALREADY_TAKEN")


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"botToken": None}, (400, "BOT_TOKEN_NOT_SPECIFIED")),
        ({"botToken": "t" * 41}, (400, "BOT_TOKEN_INVALID_LENGTH")),
        ({"botToken": "another"}, (403, "BOT_OWNERSHIP_ERROR")),
        ({"botId": None}, (400, "BOT_ID_REQUIRED")),
        ({"botId": 1}, (400, "BOT_NOT_FOUND")),
    ],
)
@pytest.mark.parametrize(
    "method",
    [
        "Bot.update",
        "Bot.unregister",
        "Command.register",
        "Command.update",
        "Command.list",
        "Command.unregister",
        "Command.answer",
        "Chat.Message.send",
        "Chat.Message.update",
        "Chat.Message.delete",
        "Chat.Message.read",
        "Chat.InputAction.notify",
        "Event.get",
        "File.upload",
        "File.download",
    ],
)
async def test_ownership(site: Site, method: str, changed: dict[str, Any], refusal: tuple[int, str]) -> None:
    """Every call of a bot needs its id and its own token."""
    assert (await site.own(method, **changed)).refusal == refusal


async def test_command(site: Site) -> None:
    """A command is registered without its slash, and named with it."""
    fields = {"command": "checkin", "title": {"ru": "Начать", "en": "Start"}, "params": {"ru": "время"}}
    command = (await site.own("Command.register", fields=fields)).result["command"]
    assert {name: value for name, value in command.items() if name != "id"} == {
        "botId": site.bot_id,
        "command": "/checkin",
        "common": False,
        "hidden": False,
        "extranetSupport": False,
    }
    listed = (await site.own("Command.list")).result["commands"]
    assert [(each["id"], each["title"], each["params"]) for each in listed] == [(command["id"], "Начать", "время")]


async def test_command_again(site: Site) -> None:
    """A second registration of a name returns the command unchanged; an update changes it."""
    command_id = await site.command("in")
    fields: dict[str, Any] = {"command": "in", "title": {"ru": "Другая"}, "hidden": True}
    assert (await site.own("Command.register", fields=fields)).result["command"]["id"] == command_id
    assert (await site.own("Command.list")).result["commands"][0]["title"] == "Команда"
    await site.own("Command.update", commandId=command_id, fields={"title": {"ru": "Другая"}})
    assert (await site.own("Command.list")).result["commands"][0]["title"] == "Другая"


async def test_command_unregister(site: Site) -> None:
    """A command that is gone is neither listed nor found."""
    command_id = await site.command("in")
    assert (await site.own("Command.unregister", commandId=command_id)).result == {"result": True}
    assert (await site.own("Command.list")).result["commands"] == []
    gone = await site.own("Command.unregister", commandId=command_id)
    assert gone.refusal == (400, "COMMAND_NOT_FOUND")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": {"ru": "x"}}, "COMMAND_REQUIRED"),
        ({"command": "", "title": {"ru": "x"}}, "COMMAND_REQUIRED"),
        ({"command": 7, "title": {"ru": "x"}}, "COMMAND_NAME_INVALID"),
        ({"command": "/in", "title": {"ru": "x"}}, "COMMAND_NAME_INVALID"),
        ({"command": "check in", "title": {"ru": "x"}}, "COMMAND_NAME_INVALID"),
        ({"command": "new"}, "COMMAND_TITLE_REQUIRED"),
        ({"command": "new", "title": "x"}, "ERROR_ARGUMENT"),
        ({"command": "new", "title": {"ru": "x"}, "lang": "ru"}, "ERROR_SURPLUS_PARAMETER"),
    ],
)
async def test_command_refuses(site: Site, fields: dict[str, Any], code: str) -> None:
    """Each wrong field of a command has its own code."""
    assert (await site.own("Command.register", fields=fields)).refusal == (400, code)


async def test_hidden_command(site: Site) -> None:
    """A hidden command needs no title."""
    assert (await site.own("Command.register", fields={"command": "act", "hidden": True})).status == 200


async def test_command_name_taken(site: Site) -> None:
    """A command cannot take the name of another."""
    await site.command("in")
    out = await site.command("out")
    taken = await site.own("Command.update", commandId=out, fields={"command": "in"})
    assert taken.refusal == (400, "COMMAND_ALREADY_EXISTS")


async def test_command_answer(site: Site) -> None:
    """An answer to a command lands in the dialog, and its id is not told."""
    command_id = await site.command("in")
    asked = await site.portal.say(site.person("anna"), "/in")
    params = {"commandId": command_id, "messageId": asked, "dialogId": "3", "fields": {"message": "Готово"}}
    assert (await site.own("Command.answer", **params)).result == {"result": True}
    assert [message.text for message in site.portal.shown(site.person("anna"))] == ["/in", "Готово"]
    assert (await site.own("Command.answer", **{**params, "messageId": 1})).refusal == (400, "COMMAND_ANSWER_FAILED")
