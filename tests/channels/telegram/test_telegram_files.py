"""Messages that carry a file: a picture or a document with its words, through the courier and over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram.check import open_client
from bot.channels.telegram.delivery import Courier
from bot.channels.telegram.features import ALL
from bot.channels.telegram.limiter import Limiter
from bot.clock import MovableClock
from bot.messages import Attachment, Button, DeliveryError, Keyboard, Receipt
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import World
from bot.text import t
from tests.channels.telegram.doubles import ANNA, NOON, FakeApi, Pressed, outgoing
from tests.pictures import png

KEYBOARD = Keyboard.of(Button(t("Yes"), Pressed(7)))
ROWS = [[{"text": "Yes", "callback_data": "tgt:7"}]]
PICTURE = Attachment("июнь.png", png(), "photo")
SHEET = Attachment("Табель – июнь.xlsx", b"PK\x03\x04\x00\xff", "document")
REJECTED = DeliveryError("rejected", permanent=True, detail="Bad Request: PHOTO_INVALID_DIMENSIONS")


def courier(api: Any) -> Courier:
    """Make a courier."""
    return Courier(api, Limiter(), MovableClock(NOON), ALL)


async def test_words_and_buttons_under_the_file() -> None:
    """What fits a caption is one message."""
    api = FakeApi()
    receipt = await courier(api).send(outgoing(t("*June*"), file=PICTURE, keyboard=KEYBOARD))
    assert Receipt("101") == receipt
    assert [("photo", ANNA, "июнь.png", "<b>June</b>", ROWS)] == api.calls


@pytest.mark.parametrize(("length", "parts"), [(1024, ["document"]), (1025, ["document", "send"])])
async def test_a_caption_has_1024_units(length: int, parts: list[str]) -> None:
    """Longer words are a message of their own after the file, with the buttons; nothing is cut."""
    api = FakeApi()
    words = t("{text}", text="я" * (length - 2) + "😀")  # beyond the basic plane: two units
    receipt = await courier(api).send(outgoing(words, file=SHEET, keyboard=KEYBOARD))
    assert parts == [call[0] for call in api.calls]
    assert [[]] * (len(parts) - 1) + [ROWS] == [call[-1] for call in api.calls]
    assert Receipt(str(100 + len(parts))) == receipt


async def test_what_lives_in_a_slot_is_a_text() -> None:
    """A caption could not be edited as a text is: the receipt names the words, not the file."""
    api = FakeApi()
    receipt = await courier(api).send(outgoing(t("June"), file=PICTURE, keyboard=KEYBOARD, slot="day"))
    assert [("photo", ANNA, "июнь.png", "", []), ("send", ANNA, "June", ROWS)] == api.calls
    assert Receipt("102") == receipt


async def test_a_picture_that_is_refused_comes_as_a_document() -> None:
    """The person gets it all the same."""
    api = FakeApi(errors={"photo": [REJECTED]})
    await courier(api).send(outgoing(t("June"), file=PICTURE))
    assert ["photo", "document"] == [call[0] for call in api.calls]


async def test_a_document_that_is_refused_is_refused() -> None:
    """There is no third way."""
    api = FakeApi(errors={"document": [REJECTED]})
    with pytest.raises(DeliveryError) as caught:
        await courier(api).send(outgoing(t("June"), file=SHEET))
    assert (["document"], True) == ([call[0] for call in api.calls], caught.value.permanent)


async def test_a_blocked_picture_is_not_tried_as_a_document() -> None:
    """Only what the picture itself is refused for can be mended so."""
    api = FakeApi(errors={"photo": [DeliveryError("blocked", permanent=True)]})
    with pytest.raises(DeliveryError):
        await courier(api).send(outgoing(t("June"), file=PICTURE))
    assert ["photo"] == [call[0] for call in api.calls]


async def test_a_file_that_came_is_not_sent_again() -> None:
    """A retry goes on with the words."""
    api = FakeApi(errors={"send": [DeliveryError("network", permanent=False)]})
    brings = courier(api)
    message = outgoing(t("June"), file=SHEET, slot="day")
    with pytest.raises(DeliveryError):
        await brings.send(message)
    await brings.send(message)
    assert ["document", "send", "send"] == [call[0] for call in api.calls]


async def test_a_refused_chat_is_left_alone() -> None:
    """A 429 for a file holds the chat as one for words does."""
    api = FakeApi(errors={"document": [DeliveryError("rate_limit", permanent=False, retry_after=30.0)]})
    brings = courier(api)
    for message in (outgoing(t("June"), file=SHEET), outgoing(t("Hello"))):
        with pytest.raises(DeliveryError):
            await brings.send(message)
    assert ["document"] == [call[0] for call in api.calls]


async def test_more_than_a_bot_may_send() -> None:
    """Fifty megabytes and a byte are not even tried."""
    api = FakeApi()
    large = Attachment("a.pdf", b"\0" * (50 * 2**20 + 1), "document")
    with pytest.raises(DeliveryError) as caught:
        await courier(api).send(outgoing(t("June"), file=large))
    assert ([], "rejected", True) == (api.calls, caught.value.kind, caught.value.permanent)


@pytest.fixture
async def emulator() -> AsyncIterator[TelegramEmulator]:
    """Serve an emulator whose Anna has started the bot."""
    world = World(MovableClock(NOON))
    emulator = TelegramEmulator(world)
    await emulator.start()
    anna = world.person("anna")
    assert anna is not None
    await emulator.say(anna, "/start")
    yield emulator
    await emulator.stop()
    world.close()


@pytest.fixture
async def brings(emulator: TelegramEmulator) -> AsyncIterator[Courier]:
    """Make a courier with the real client on the emulator."""
    client = await open_client(emulator.token, emulator.api_url)
    yield courier(client)
    await client.close()


def last(emulator: TelegramEmulator) -> Any:
    """Return Anna's newest message as it is stored."""
    return emulator._bot.chats.of(ANNA)[-1]


@pytest.mark.parametrize("file", [PICTURE, SHEET], ids=lambda file: file.kind)
async def test_over_http(brings: Courier, emulator: TelegramEmulator, file: Attachment) -> None:
    """Every byte, the Cyrillic name, the caption's bold and the button arrive."""
    receipt = await brings.send(outgoing(t("*June*, {name}", name="A & B"), file=file, keyboard=KEYBOARD))
    message = last(emulator)
    stored = emulator._bot.files.content(message.file.id)
    assert stored is not None
    assert (str(message.id), file.name, file.content) == (receipt.message, message.file.name, stored[1])
    assert ("June, A & B", "<b>June</b>, A &amp; B") == (message.text, message.source)
    assert bool(message.file.width) is (file.kind == "photo")
    assert "tgt:7" in str(message.keyboard)


@pytest.mark.parametrize(
    "content",
    [b"no picture", png(6000, 4001), png(2100, 100), png() + b"\0" * 10 * 2**20],
    ids=["no picture", "too large", "too narrow", "too heavy"],
)
async def test_what_telegram_takes_for_no_picture(brings: Courier, emulator: TelegramEmulator, content: bytes) -> None:
    """It arrives as a document, with its words."""
    await brings.send(outgoing(t("June"), file=replace(PICTURE, content=content)))
    message = last(emulator)
    assert ("June", 0, len(content)) == (message.text, message.file.width, message.file.size)


async def test_nothing_but_the_words_lost_its_answer(brings: Courier, emulator: TelegramEmulator) -> None:
    """A file whose answer was lost may be there twice, as a text may; it is never missing."""
    emulator._bot.world.faults.order("telegram", "reset_after_write")
    message = outgoing(t("June"), file=SHEET)
    with pytest.raises(DeliveryError) as caught:
        await brings.send(message)
    assert ("network", False) == (caught.value.kind, caught.value.permanent)
    await brings.send(message)
    assert last(emulator).file.name == SHEET.name
