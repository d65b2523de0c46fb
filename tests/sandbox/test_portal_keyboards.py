"""Keyboards: what is accepted, how it is shown, and what a press does."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from test_portal_site import Site, open_site

from bot.sandbox.world import NotThere

GO = {"TEXT": "Начать", "COMMAND": "act", "COMMAND_PARAMS": "in:7"}


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A portal with a bot that has the command `act`."""
    async with open_site() as opened:
        await opened.register()
        await opened.command("act")
        yield opened


async def offer(site: Site, keyboard: Any) -> Any:
    """Send a keyboard; return the refusal, or None and the message is there."""
    reply = await site.own("Chat.Message.send", dialogId="3", fields={"message": "?", "keyboard": keyboard})
    return None if reply.status == 200 else reply.refusal


@pytest.mark.parametrize(
    "keyboard",
    [
        [GO],
        {"BUTTONS": [GO]},
        '[{"TEXT":"Go","COMMAND":"/act"}]',
        [{"TEXT": "a", "LINK": "https://example.com"}, {"TYPE": "NEWLINE"}, {"TEXT": "b", "LINK": "/company/"}],
        [{"TEXT": "a", "ACTION": "PUT", "ACTION_VALUE": "/act"}],
        [{**GO, "BLOCK": "Y", "DISPLAY": "LINE", "BG_COLOR_TOKEN": "primary", "WIDTH": 120, "CONTEXT": "ALL"}],
        [{**GO, "BG_COLOR": "#29619b", "TEXT_COLOR": "#fff", "DISABLED": "N"}],
        "N",
        [],
    ],
)
async def test_accepted(site: Site, keyboard: Any) -> None:
    """A list, an object of BUTTONS and a JSON string are keyboards; "N" and nothing are none."""
    assert await offer(site, keyboard) is None


@pytest.mark.parametrize(
    "keyboard",
    [
        "no json",
        7,
        {"buttons": [GO]},
        {"BUTTONS": "N"},
        {"BUTTONS": [GO], "BOT_ID": 1},
        ["Начать"],
        [{"text": "Начать", "command": "act"}],
        [{**GO, "COLOR": "red"}],
        [{"TEXT": "", "COMMAND": "act"}],
        [{"COMMAND": "act"}],
        [{"TEXT": "Ничего"}],
        [{**GO, "LINK": "https://example.com"}],
        [{"TEXT": "a", "LINK": "javascript:alert(1)"}],
        [{"TEXT": "a", "ACTION": "SEND"}],
        [{"TEXT": "a", "ACTION": "EXPLODE", "ACTION_VALUE": "x"}],
        [{"TEXT": "a", "LINK": "/", "BLOCK": "Y"}],
        [{"TEXT": "a", "LINK": "/", "COMMAND_PARAMS": "x"}],
        [{**GO, "BG_COLOR_TOKEN": "danger"}],
        [{**GO, "DISPLAY": "ROW"}],
        [{**GO, "BLOCK": True}],
        [{"TYPE": "NEWLINE", "TEXT": "a"}],
        [{"TEXT": "a", "COMMAND": "unregistered"}],
    ],
)
async def test_refused(site: Site, keyboard: Any) -> None:
    """A keyboard that the client could not show is refused, and nothing is sent."""
    assert await offer(site, keyboard) == (400, "KEYBOARD_ERROR")
    assert site.portal.shown(site.person("anna")) == []


async def test_oversize(site: Site) -> None:
    """A keyboard of more than 30,000 characters is refused."""
    assert await offer(site, [{**GO, "COMMAND_PARAMS": "x" * 30_000}]) == (400, "KEYBOARD_OVERSIZE")


async def test_rows(site: Site) -> None:
    """Buttons stand in rows of their own; LINE buttons share one until a NEWLINE; colours are told."""
    line = {**GO, "DISPLAY": "LINE"}
    keyboard = [
        {**line, "TEXT": "a", "BG_COLOR_TOKEN": "primary"},
        {**line, "TEXT": "b"},
        {"TYPE": "NEWLINE"},
        {**line, "TEXT": "c"},
        {**GO, "TEXT": "d"},
        {**line, "TEXT": "e"},
        {"TEXT": "f", "LINK": "https://example.com", "DISPLAY": "LINE"},
        {**GO, "TEXT": "mobile", "CONTEXT": "MOBILE"},
    ]
    await offer(site, keyboard)
    buttons = site.portal.shown(site.person("anna"))[0].buttons
    assert [(each.text, each.row, each.kind) for each in buttons] == [
        ("a", 0, "press"),
        ("b", 0, "press"),
        ("c", 1, "press"),
        ("d", 2, "press"),
        ("e", 3, "press"),
        ("f", 3, "link"),
    ]
    assert (buttons[0].style, buttons[5].url) == ("primary", "https://example.com")


async def test_update_needs_bot_id(site: Site) -> None:
    """In an update the keyboard must say whose it is; then it replaces the old one."""
    message_id = await site.send(3, keyboard=[GO])
    new = [{**GO, "TEXT": "Закончить"}]
    without = await site.own("Chat.Message.update", messageId=message_id, fields={"keyboard": {"BUTTONS": new}})
    assert without.refusal == (400, "KEYBOARD_ERROR")
    fields = {"keyboard": {"BOT_ID": site.bot_id, "BUTTONS": new}}
    assert (await site.own("Chat.Message.update", messageId=message_id, fields=fields)).status == 200
    assert [each.text for each in site.portal.shown(site.person("anna"))[0].buttons] == ["Закончить"]


async def test_remove(site: Site) -> None:
    """The value N removes the keyboard; an update of the text alone leaves it."""
    message_id = await site.send(3, keyboard=[GO])
    await site.own("Chat.Message.update", messageId=message_id, fields={"message": "!"})
    assert len(site.portal.shown(site.person("anna"))[0].buttons) == 1
    await site.own("Chat.Message.update", messageId=message_id, fields={"keyboard": "N"})
    assert site.portal.shown(site.person("anna"))[0].buttons == []


async def test_press(site: Site) -> None:
    """A press is a command of context keyboard: the bot's own message, and the person who pressed."""
    message_id = await site.send(3, keyboard=[GO])
    await site.portal.press(site.person("anna"), message_id, "Начать")
    event = (await site.events())[0]
    data = event["data"]
    assert event["type"] == "ONIMBOTV2COMMANDADD"
    about = {name: data["command"][name] for name in ("command", "params", "context")}
    assert about == {"command": "/act", "params": "in:7", "context": "keyboard"}
    assert (data["message"]["id"], data["message"]["authorId"]) == (message_id, site.bot_id)
    assert (data["user"]["id"], data["chat"]["dialogId"], data["chat"]["type"]) == (3, "3", "private")


async def test_lock(site: Site) -> None:
    """BLOCK=Y locks the keyboard after a press until the message is updated."""
    message_id = await site.send(3, keyboard=[{**GO, "BLOCK": "Y"}, {**GO, "TEXT": "Другая"}])
    anna = site.person("anna")
    await site.portal.press(anna, message_id, "Начать")
    assert [each.disabled for each in site.portal.shown(anna)[0].buttons] == [True, True]
    for text in ("Начать", "Другая"):
        with pytest.raises(NotThere):
            await site.portal.press(anna, message_id, text)
    await site.own("Chat.Message.update", messageId=message_id, fields={"message": "!"})
    await site.portal.press(anna, message_id, "Другая")
    assert len(await site.events()) == 2


async def test_not_there(site: Site) -> None:
    """Other texts, disabled buttons, other people's and unknown messages cannot be pressed."""
    message_id = await site.send(3, keyboard=[GO, {**GO, "TEXT": "Серая", "DISABLED": "Y"}])
    for key, where, text in (
        ("anna", message_id, "Нет такой"),
        ("anna", message_id, "Серая"),
        ("anna", 1, "Начать"),
        ("boris", message_id, "Начать"),
    ):
        with pytest.raises(NotThere):
            await site.portal.press(site.person(key), where, text)
    assert await site.events() == []


async def test_action_send(site: Site) -> None:
    """A SEND button makes the person say its text; the other actions and links tell the bot nothing."""
    buttons = [
        {"TEXT": "Сказать", "ACTION": "SEND", "ACTION_VALUE": "статус"},
        {"TEXT": "Вставить", "ACTION": "PUT", "ACTION_VALUE": "x"},
        {"TEXT": "Сайт", "LINK": "https://example.com"},
    ]
    message_id = await site.send(3, keyboard=buttons)
    for text in ("Вставить", "Сайт", "Сказать"):
        await site.portal.press(site.person("anna"), message_id, text)
    assert [each.text for each in site.portal.shown(site.person("anna"))][1:] == ["статус"]
    assert [event["type"] for event in await site.events()] == ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]
