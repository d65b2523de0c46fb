"""Messages of the bot: sending, updating, deleting, files, and what the person sees."""

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from test_portal_site import NOW, Site, open_site


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A portal with a bot."""
    async with open_site() as opened:
        await opened.register()
        yield opened


async def test_send(site: Site) -> None:
    """A message to a person's id opens the dialog; the person sees its markup as it was sent."""
    reply = await site.own("Chat.Message.send", dialogId="3", fields={"message": "[b]Привет[/b]", "urlPreview": False})
    assert set(reply.result) == {"id", "uuidMap"}
    shown = site.portal.shown(site.person("anna"))
    assert [(each.id, each.author, each.text, each.markup, each.at, each.edited) for each in shown] == [
        (reply.result["id"], "bot", "[b]Привет[/b]", "bbcode", NOW, False)
    ]
    assert site.portal.shown(site.person("boris")) == []


async def test_chat_id(site: Site) -> None:
    """The dialog can be named by its chat id as well."""
    await site.portal.say(site.person("anna"), "привет")
    chat_id = (await site.events())[0]["data"]["chat"]["id"]
    await site.send(f"chat{chat_id}", "здравствуйте")
    assert [each.text for each in site.portal.shown(site.person("anna"))] == ["привет", "здравствуйте"]


@pytest.mark.parametrize("dialog", ["999", "chat1", "anna", "790001", "0", "-3"])
async def test_unknown_dialog(site: Site, dialog: str) -> None:
    """Unknown people and chats, and people who were dismissed, cannot be written to."""
    reply = await site.own("Chat.Message.send", dialogId=dialog, fields={"message": "?"})
    assert reply.refusal == (403, "ACCESS_DENIED")


async def test_long_text_is_cut(site: Site) -> None:
    """A text of 20,000 characters goes in whole, a longer one is cut and marked."""
    await site.send(3, "я" * 20_000)
    await site.send(3, "я" * 20_001)
    whole, shortened = (each.text for each in site.portal.shown(site.person("anna")))
    assert whole == "я" * 20_000
    assert (len(shortened), shortened[-7:]) == (20_000, "я (...)")


@pytest.mark.parametrize("fields", [{}, {"message": ""}, {"message": " \n"}, {"message": "", "attach": []}])
async def test_empty(site: Site, fields: dict[str, Any]) -> None:
    """A message with nothing to show is refused."""
    reply = await site.own("Chat.Message.send", dialogId="3", fields=fields)
    assert reply.refusal == (400, "EMPTY_MESSAGE")


async def test_attachment_alone(site: Site) -> None:
    """An attachment is enough to show; one with an unknown block is refused."""
    good = {"attach": [{"MESSAGE": "Итог"}, {"DELIMITER": {"SIZE": 200}}]}
    assert (await site.own("Chat.Message.send", dialogId="3", fields=good)).status == 200
    bad: dict[str, Any] = {"attach": {"BLOCKS": [{"TABLE": []}]}}
    assert (await site.own("Chat.Message.send", dialogId="3", fields=bad)).refusal == (400, "ATTACH_ERROR")


async def test_update(site: Site) -> None:
    """An update changes the text in place and is shown as an edit; the date stays."""
    message_id = await site.send(3, "раз")
    await site.send(3, "другое")
    reply = await site.own("Chat.Message.update", messageId=message_id, fields={"message": "два"})
    assert reply.result == {"result": True}
    shown = site.portal.shown(site.person("anna"))
    assert [(each.text, each.edited) for each in shown] == [("два", True), ("другое", False)]


async def test_update_of_what_is_not_ours(site: Site) -> None:
    """A person's message, a system message, another bot's and an unknown one cannot be updated or deleted."""
    said = await site.portal.say(site.person("anna"), "моё")
    system = await site.send(3, "система", system=True)
    mine = site.bot_id
    await site.register(code="other")
    foreign = await site.send(3, "чужое")
    site.bot_id = mine
    for message_id in (said, system, foreign, 1):
        updated = await site.own("Chat.Message.update", messageId=message_id, fields={"message": "?"})
        deleted = await site.own("Chat.Message.delete", messageId=message_id)
        assert [updated.refusal, deleted.refusal] == [(403, "ACCESS_DENIED")] * 2


async def test_delete(site: Site) -> None:
    """A deleted message is no longer shown and cannot be updated."""
    message_id = await site.send(3)
    assert (await site.own("Chat.Message.delete", messageId=message_id)).result == {"result": True}
    assert site.portal.shown(site.person("anna")) == []
    gone = await site.own("Chat.Message.update", messageId=message_id, fields={"message": "?"})
    assert gone.refusal == (403, "ACCESS_DENIED")


async def test_empty_update(site: Site) -> None:
    """An update that would leave nothing to show is refused, and the message stays."""
    message_id = await site.send(3, "раз")
    reply = await site.own("Chat.Message.update", messageId=message_id, fields={"message": ""})
    assert reply.refusal == (400, "EMPTY_MESSAGE")
    assert [each.text for each in site.portal.shown(site.person("anna"))] == ["раз"]


async def test_read(site: Site) -> None:
    """Reading a dialog tells which of the person's messages were viewed."""
    first = await site.portal.say(site.person("anna"), "раз")
    second = await site.portal.say(site.person("anna"), "два")
    result = (await site.own("Chat.Message.read", dialogId="3", messageId=first)).result
    assert (result["lastId"], result["counter"], result["viewedMessages"]) == (first, 1, [first])
    assert (await site.own("Chat.Message.read", dialogId="3")).result["viewedMessages"] == [first, second]
    assert (await site.own("Chat.Message.read", dialogId="3", messageId=1)).refusal == (400, "MESSAGE_NOT_FOUND")


async def test_typing(site: Site) -> None:
    """The typing indicator takes known statuses and durations only."""
    good = {"dialogId": "3", "statusMessageCode": "IMBOT_AGENT_ACTION_THINKING", "duration": 10}
    assert (await site.own("Chat.InputAction.notify", **good)).result == {"result": True}
    for wrong in ({"statusMessageCode": "THINKING"}, {"duration": 601}):
        assert (await site.own("Chat.InputAction.notify", **{**good, **wrong})).status == 400


@pytest.mark.parametrize("fields", [{"message": "x", "replyId": 1}, {"message": "x", "sytem": True}])
async def test_wrong_fields(site: Site, fields: dict[str, Any]) -> None:
    """A reply to nothing and a misspelt field are refused."""
    assert (await site.own("Chat.Message.send", dialogId="3", fields=fields)).status in (400, 403)


async def test_file(site: Site) -> None:
    """An uploaded file is shown under a message and can be loaded from the emulator."""
    fields = {"name": "Табель Т-13.xlsx", "content": base64.b64encode(b"PK\x03").decode(), "message": "Ваш табель"}
    result = (await site.own("File.upload", dialogId="3", fields=fields)).result
    assert (result["dialogId"], result["file"]["size"], result["file"]["extension"]) == ("3", 3, "xlsx")
    shown = site.portal.shown(site.person("anna"))[0]
    assert (shown.id, shown.text) == (result["messageId"], "Ваш табель")
    assert [(file.name, file.size) for file in shown.files] == [("Табель Т-13.xlsx", 3)]
    async with site.session.get(shown.files[0].url) as response:
        assert (response.status, await response.read()) == (200, b"PK\x03")
    told = (await site.own("File.download", fileId=result["file"]["id"])).result["downloadUrl"]
    assert told == shown.files[0].url


async def test_file_address_is_secret(site: Site) -> None:
    """A file is not served to one who does not know its key."""
    fields = {"name": "a.txt", "content": base64.b64encode(b"x").decode()}
    await site.own("File.upload", dialogId="3", fields=fields)
    url = site.portal.shown(site.person("anna"))[0].files[0].url
    prefix, _, name = url.rpartition("/")
    async with site.session.get(f"{prefix[:-1]}x/{name}") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "", "content": "eA=="}, "FILE_EMPTY"),
        ({"name": "a.txt"}, "FILE_EMPTY"),
        ({"name": "a.txt", "content": "data:text/plain;base64,eA=="}, "FILE_INVALID_CONTENT"),
    ],
)
async def test_wrong_file(site: Site, fields: dict[str, Any], code: str) -> None:
    """Each wrong upload has its own code."""
    assert (await site.own("File.upload", dialogId="3", fields=fields)).refusal == (400, code)


async def test_notification(site: Site) -> None:
    """A notification gets an id and appears in no chat; without a text or a user it is refused."""
    told = await site.call("im.notify", {"USER_ID": 3, "MESSAGE": "Пора", "TAG": "x"})
    assert isinstance(told.result, int)
    assert site.portal.shown(site.person("anna")) == []
    assert (await site.call("im.notify", {"MESSAGE": "?"})).refusal == (400, "USER_ID_EMPTY")
    assert (await site.call("im.notify", {"USER_ID": 3})).refusal == (400, "MESSAGE_EMPTY")


async def test_changes_are_announced(site: Site) -> None:
    """Whoever waits for a change of the screen is woken by a message."""
    site.world.changed.clear()
    await site.send(3)
    assert site.world.changed.is_set()
