"""A file that somebody sent is fetched whole or not at all: what a portal may answer instead is told apart."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web

from bot.channels.bitrix24.downloads import download
from bot.messages import DeliveryError, IncomingFile

CONTENT = bytes(range(256)) * 8
Site = Callable[[str], Awaitable[bytes]]


async def whole(_: web.Request) -> web.Response:
    """Give the file."""
    return web.Response(body=CONTENT)


async def unavailable(_: web.Request) -> web.Response:
    """Be overloaded."""
    return web.Response(status=503, text="<html>")


async def away(request: web.Request) -> web.Response:
    """Send on to wherever the query says."""
    return web.Response(status=302, headers={"Location": request.query["to"]})


async def cut(request: web.Request) -> web.StreamResponse:
    """Promise more than is sent, and hang up."""
    response = web.StreamResponse(headers={"Content-Length": str(len(CONTENT) * 2)})
    await response.prepare(request)
    await response.write(CONTENT)
    if request.transport is not None:
        request.transport.abort()
    return response


@pytest.fixture
async def fetched() -> AsyncIterator[Site]:
    """A portal whose files are at the paths of these handlers; gives what is got of one."""
    app = web.Application()
    for handler in (whole, unavailable, cut, away):
        app.router.add_get(f"/{handler.__name__}", handler)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def call(_: str, params: dict[str, Any]) -> Any:
        return SimpleNamespace(result={"downloadUrl": f"{base}/{NAMES[params['fileId']]}"})

    async def base_url() -> str:
        return base

    async with aiohttp.ClientSession() as session:

        async def get(name: str) -> bytes:
            file = IncomingFile(str(NAMES.index(name)), name)
            portal = cast("Any", SimpleNamespace(call=call))
            own = cast("Any", SimpleNamespace(base_url=base_url))
            bot = cast("Any", SimpleNamespace(proof={}))
            return (await download(portal, own, session, bot, file, len(CONTENT))).content

        yield get
    await runner.cleanup()


ELSEWHERE = [
    "http://127.0.0.1:9/",
    "https://files.example:8443/",
    "https://１２７.0.0.1/",
    "https://127.1/",
    "https://somebody@files.example/",
    "https://a..x.com/",
]
NAMES = ["whole", "unavailable", "cut", *(f"away?to={quote(each)}" for each in ELSEWHERE)]


async def test_a_whole_file(fetched: Site) -> None:
    """It is had byte by byte."""
    assert CONTENT == await fetched("whole")


@pytest.mark.parametrize("name", ["unavailable", "cut"])
async def test_no_part_of_a_file(fetched: Site, name: str) -> None:
    """A page of an error and a body that was cut are no file: the person is asked to send it again."""
    with pytest.raises(DeliveryError):
        await fetched(name)


@pytest.mark.parametrize("to", ELSEWHERE)
async def test_files_are_kept_at_public_names_alone(fetched: Site, to: str) -> None:
    """A portal may send on to https at a public name and its usual port; whatever else it names is not asked."""
    with pytest.raises(DeliveryError) as refusal:
        await fetched(f"away?to={quote(to)}")
    assert ("gone", "status 302 for a file") == (refusal.value.kind, refusal.value.detail)
