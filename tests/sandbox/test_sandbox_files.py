"""Files in the emulated messengers: what is refused, in which words, and how what came is served to the page."""

import base64
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from test_portal_site import NOW, Site, open_site

from bot.clock import MovableClock
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import SandboxPerson, World
from tests.pictures import png

ANNA = 700003
TEN_MEGABYTES = 10 * 2**20
HEAVY = png() + b"\0" * TEN_MEGABYTES
TOO_HEAVY = f"file of size {len(HEAVY)} bytes is too big for a photo; the maximum size is {TEN_MEGABYTES} bytes"
PAGE = b"<script>alert(1)</script>"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A portal with a bot."""
    async with open_site() as opened:
        await opened.register()
        yield opened


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramEmulator]:
    """An emulated Bot API whose Anna has started the bot."""
    world = World(MovableClock(NOW))
    emulator = TelegramEmulator(world)
    await emulator.start()
    await emulator.say(anna_of(world), "/start")
    yield emulator
    await emulator.stop()
    world.close()


def anna_of(world: World) -> SandboxPerson:
    """Return Anna."""
    anna = world.person("anna")
    assert anna is not None
    return anna


async def post(emulator: TelegramEmulator, kind: str, content: bytes, name: str, **more: str) -> tuple[int, Any]:
    """Send a file as a multipart form; returns the status and the answer."""
    form = aiohttp.FormData({"chat_id": str(ANNA), **more}, quote_fields=False)
    form.add_field(kind, BytesIO(content), filename=name, content_type="application/octet-stream")
    url = f"{emulator.api_url}/bot{emulator.token}/send{kind.title()}"
    async with aiohttp.ClientSession() as http, http.post(url, data=form) as response:
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("content", "description"),
    [
        (b"", "file must be non-empty"),
        (b"text", "IMAGE_PROCESS_FAILED"),
        (b"\x89PNG\r\n\x1a\n", "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff\xe0\x00\x10", "IMAGE_PROCESS_FAILED"),
        (png(5001, 5000), "PHOTO_INVALID_DIMENSIONS"),
        (png(201, 10), "PHOTO_INVALID_DIMENSIONS"),
        (png(10, 201), "PHOTO_INVALID_DIMENSIONS"),
        (HEAVY, TOO_HEAVY),
    ],
    ids=["empty", "text", "cut png", "cut jpeg", "sum", "wide", "tall", "heavy"],
)
async def test_what_is_no_photo(telegram: TelegramEmulator, content: bytes, description: str) -> None:
    """Ten megabytes, ten thousand pixels of width and height together, twenty to one; in the server's own words."""
    status, answer = await post(telegram, "photo", content, "p.png")
    assert (400, f"Bad Request: {description}") == (status, answer["description"])
    assert 1 == len(telegram.shown(anna_of(telegram._bot.world)))


@pytest.mark.parametrize("size", [(5000, 5000), (200, 10), (10, 200), (1, 1)])
async def test_what_is_a_photo(telegram: TelegramEmulator, size: tuple[int, int]) -> None:
    """The bounds themselves are allowed."""
    status, answer = await post(telegram, "photo", png(*size), "p.png", caption="x" * 1024)
    (photo,) = answer["result"]["photo"]
    assert (200, size) == (status, (photo["width"], photo["height"]))


async def test_captions(telegram: TelegramEmulator) -> None:
    """1024 units after parsing: markup does not count, a letter beyond the basic plane counts twice."""
    long = "😀" * 512
    fits = await post(telegram, "document", b"1", "a.csv", caption=f"<b>{long}</b>", parse_mode="HTML")
    over = await post(telegram, "document", b"1", "a.csv", caption=f"{long}x")
    assert (200, "Bad Request: message caption is too long") == (fits[0], over[1]["description"])


async def test_types_by_name(telegram: TelegramEmulator) -> None:
    """A document whose type the client did not tell has the type of its name."""
    answers = [await post(telegram, "document", b"1", name) for name in ("a.csv", "a.pdf", "a")]
    types = [answer["result"]["document"]["mime_type"] for _, answer in answers]
    assert ["text/csv", "application/pdf", "application/octet-stream"] == types


async def served(url: str) -> tuple[bytes, str, str, str]:
    """Load a file as the page does."""
    async with aiohttp.ClientSession() as http, http.get(url) as response:
        told = [response.headers[name] for name in ("Content-Type", "Content-Disposition", "Content-Security-Policy")]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        return await response.read(), told[0], told[1].partition(";")[0], told[2]


@pytest.mark.parametrize(
    ("name", "content", "kind", "disposition"),
    [
        ("июнь.png", png(), "image/png", "inline"),
        ("лист.xlsx", b"PK\x03", "application/octet-stream", "attachment"),
        ("trick.png", PAGE, "application/octet-stream", "attachment"),
    ],
)
async def test_how_files_are_served(
    site: Site, telegram: TelegramEmulator, name: str, content: bytes, kind: str, disposition: str
) -> None:
    """A picture opens in place, anything else is saved; it is the content that tells, and nothing in it runs."""
    await site.own("File.upload", dialogId="3", fields={"name": name, "content": base64.b64encode(content).decode()})
    await post(telegram, "document", content, name)
    there = site.portal.shown(site.person("anna"))[-1].files[0]
    here = telegram.shown(anna_of(telegram._bot.world))[-1].files[0]
    for file in (there, here):
        assert (name, len(content)) == (file.name, file.size)
        assert file.url.startswith("http://127.0.0.1:")
        assert (content, kind, disposition, "sandbox") == await served(file.url)


async def test_the_journal_holds_no_files(site: Site) -> None:
    """An upload is written down with its size instead of its content."""
    fields = {"name": "a.csv", "content": base64.b64encode(b"x" * 3000).decode(), "message": "hello"}
    await site.own("File.upload", dialogId="3", fields=fields)
    call = [each for each in site.world.calls() if each.method == "imbot.v2.File.upload"][-1]
    assert {"name": "a.csv", "content": "(4000 characters)", "message": "hello"} == call.params["fields"]


@pytest.mark.parametrize("surplus", [{"keyboard": "N"}, {"attach": []}, {"urlPreview": False}])
async def test_an_upload_takes_no_more_than_it_takes(site: Site, surplus: dict[str, Any]) -> None:
    """A keyboard with a file would be lost in silence on the real portal; here it is refused."""
    fields = {"name": "a.csv", "content": "eA==", **surplus}
    assert (await site.own("File.upload", dialogId="3", fields=fields)).refusal[1] == "ERROR_SURPLUS_PARAMETER"
