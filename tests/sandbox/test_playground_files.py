"""A file from a handler to the screen: the service, both adapters and both emulators over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.ids import new_id
from bot.playground import Playground
from bot.ports import Job
from bot.sandbox.world import ChannelName, ShownMessage, World
from bot.settings import Settings
from storage import open_storage
from tests.carrying import CARRIES, PICTURE, SHEET, SHEET_WORDS, WORDS, router
from tests.people import MONDAY

KEY = "k" * 40


async def open_(settings: Settings) -> Any:
    """Open the storage of these settings."""
    return await open_storage(settings.database_url, secret_key=KEY)


@pytest.fixture
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """A sandbox whose bot can answer with files."""
    world = World(MovableClock(MONDAY), data_dir=tmp_path)
    settings = Settings.from_environ({"DATABASE_URL": f"sqlite:///{tmp_path / 'smena.db'}", "SECRET_KEY": KEY})
    made = Playground(settings, world)
    await made.start(open_, router, 0)
    await made._seeding
    yield made
    await made.service.stop()
    await made.stop()


async def settled(playground: Playground) -> None:
    """Have the control call wait until nothing waits."""
    address = f"http://127.0.0.1:{playground.service.port}/sandbox/api/settle"
    async with aiohttp.ClientSession() as client, client.post(address) as response:
        told = await response.json()
    assert (0, 0) == (told["inbox"], told["outbox"])


async def shown(playground: Playground, channel: ChannelName, said: str = "") -> list[ShownMessage]:
    """Let Anna say something and return the bot's messages with files, and what follows them."""
    messenger = {"bitrix24": playground.portal, "telegram": playground.telegram}[channel]
    anna = playground.world.person("anna")
    assert anna is not None
    if said:
        await messenger.say(anna, said)
    await settled(playground)
    chat = messenger.shown(anna)
    first = next((place for place, each in enumerate(chat) if each.files), len(chat))
    return chat[first:]


async def load(url: str) -> bytes:
    """Load a file as the page does."""
    async with aiohttp.ClientSession() as client, client.get(url) as response:
        return await response.read()


async def test_a_picture_on_both_messengers(playground: Playground) -> None:
    """Telegram shows picture, words and button as one message; the portal the picture, then words with the button."""
    (photo,) = await shown(playground, "telegram", "/carrypicture")
    file, words = await shown(playground, "bitrix24", "/carrypicture")
    assert (WORDS, ["Ещё"]) == (photo.text, [each.text for each in photo.buttons])
    assert ("", [], WORDS, ["Ещё"]) == (file.text, file.buttons, words.text, [each.text for each in words.buttons])
    for each in (photo, file):
        (picture,) = each.files
        assert (PICTURE.name, len(PICTURE.content), 640, 320) == (
            picture.name,
            picture.size,
            picture.width,
            picture.height,
        )
        assert PICTURE.content == await load(picture.url)


@pytest.mark.parametrize("channel", ["telegram", "bitrix24"])
async def test_a_document(playground: Playground, channel: ChannelName) -> None:
    """A document without buttons is one message with its words, on either messenger, byte for byte."""
    (message,) = await shown(playground, channel, "/carrysheet")
    (file,) = message.files
    assert (SHEET_WORDS, SHEET.name, 0) == (message.text, file.name, file.width)
    assert SHEET.content == await load(file.url)


async def test_settling_waits_for_what_is_due(playground: Playground) -> None:
    """A job that is due now is done, and its file shown, before the control call answers."""
    anna = playground.world.person("anna")
    employee = await playground._employee(anna) if anna else None
    assert employee is not None
    job = Job(new_id(), employee.portal_id, CARRIES, "1", MONDAY, {"employee_id": employee.id})
    async with playground.service.storage.unit_of_work() as uow:
        uow.jobs.add(job)
        await uow.commit()
    (message,) = await shown(playground, "telegram")
    assert [SHEET.name] == [file.name for file in message.files]
