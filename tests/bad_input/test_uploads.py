"""Bodies with files: so many, so large, and never more in memory than one; whatever comes else is refused."""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import TestClient, TestServer

from bot.bodies import Refused
from bot.uploads import AT_ONCE, LEAST, OF_A_PERSON, OF_A_PORTAL, Places, Sender, SentField, SentFile, Uploads

LARGEST, MOST = 400_000, 2
BEGIN = b"--x\r\nContent-Disposition: form-data; name="


@pytest.fixture
async def door() -> AsyncIterator[Any]:
    """A page that tells what came."""
    async with door_of(Uploads(LARGEST, MOST)) as client:
        yield client


@asynccontextmanager
async def door_of(uploads: Uploads, sender: Sender = Sender(1, 1)) -> AsyncIterator[Any]:  # noqa: B008 - a value
    """Serve a page that tells what came of that sender."""

    async def take(request: web.Request) -> web.Response:
        told: list[object] = []
        try:
            async with aclosing(uploads.read(request, sender)) as sent:
                async for each in sent:
                    match each:
                        case SentField(name, value):
                            told.append([name, value])
                        case SentFile(field, name, content):
                            told.append([field, name, None if content is None else len(content)])
        except Refused as refused:
            return web.json_response(refused.code, status=refused.status)
        return web.json_response(told)

    app = web.Application(client_max_size=1)
    app.add_routes([web.post("/", take)])
    async with TestClient(TestServer(app)) as client:
        yield client


def form(*files: tuple[str, str, bytes], **fields: str) -> FormData:
    """Return a form as a browser sends it: fields first."""
    made = FormData(fields, quote_fields=False, default_to_multipart=True)
    for field, name, content in files:
        made.add_field(field, BytesIO(content), filename=name, content_type="application/pdf")
    return made


async def told(door: Any, body: Any, **headers: str) -> tuple[int, Any]:
    """Send a body, and return what was said to it."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with door.post("/", data=body, headers=named) as answer:
        return answer.status, await answer.json()


async def test_fields_and_files_in_their_order(door: Any) -> None:
    """Larger than any form without files; a field that nobody filled is none."""
    body = form(("paper", "договор.pdf", b"x" * LARGEST), ("other", "", b""), why="Так надо")
    assert (200, [["why", "Так надо"], ["paper", "договор.pdf", LARGEST]]) == await told(door, body)


async def test_what_is_too_large_is_named_and_the_rest_taken(door: Any) -> None:
    """One byte too many costs that file alone."""
    body = form(("a", "a.pdf", b"x" * (LARGEST + 1)), ("b", "b.pdf", b"y"))
    assert (200, [["a", "a.pdf", None], ["b", "b.pdf", 1]]) == await told(door, body)


async def test_too_many(door: Any) -> None:
    """Files beyond the number, a text beyond what forms hold, a body beyond all of it."""
    many = form(*[("a", f"{number}.pdf", b"x") for number in range(MOST + 1)])
    assert (413, "too_many_files") == await told(door, many)
    assert (413, "too_large") == await told(door, form(why="y" * 300_000))
    assert (413, "too_large") == await told(door, form(("a", "a.pdf", b"x" * (LARGEST * MOST + 400_000))))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"nothing"),
        ("multipart/form-data; boundary=x", BEGIN + b'"a"\r\n\r\nno end'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: text/plain\r\n\r\na\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\na\r\n--x--\r\n"),
    ],
    ids=["another type", "no boundary", "no part", "no end", "no name", "one in another"],
)
async def test_what_is_no_form(door: Any, kind: str, body: bytes) -> None:
    """It is refused, whatever it is, and never a fault of ours."""
    status, _ = await told(door, body, Content_Type=kind)
    assert status in {400, 415}
    assert 200 == (await told(door, form(why="1")))[0]


async def test_nobody_unpacks(door: Any) -> None:
    """A few bytes could become a lot."""
    status, code = await told(door, b"x", Content_Type="multipart/form-data; boundary=x", Content_Encoding="gzip")
    assert (415, "encoded") == (status, code)


async def refusal(places: Places, sender: Sender) -> tuple[int, str] | None:
    """Return why somebody has no place; None where they have one."""
    try:
        async with places.held(sender):
            return None
    except Refused as refused:
        return refused.status, refused.code


async def test_nobody_takes_the_places_of_others() -> None:
    """A person has two and a portal half; the other portals' people come in meanwhile, and all is free afterwards."""
    places = Places()
    async with AsyncExitStack() as held:
        for _ in range(OF_A_PERSON):
            await held.enter_async_context(places.held(Sender(1, 1)))
        assert (429, "own_uploads") == await refusal(places, Sender(1, 1))
        assert await refusal(places, Sender(1, 2)) is None
        for number in range(OF_A_PORTAL - OF_A_PERSON):
            await held.enter_async_context(places.held(Sender(1, 10 + number)))
        assert (503, "many_uploads") == await refusal(places, Sender(1, 2))
        assert await refusal(places, Sender(2, 1)) is None
        for number in range(AT_ONCE - OF_A_PORTAL):
            await held.enter_async_context(places.held(Sender(2 + number // 4, number)))
        assert (503, "many_uploads") == await refusal(places, Sender(9, 9))
    assert await refusal(places, Sender(1, 1)) is None


@pytest.mark.parametrize(("step", "answer"), [(20.0, (408, "too_slow")), (1.0, (200, [["a", "a.pdf", 3 * LEAST]]))])
async def test_what_only_drips_is_not_waited_for(step: float, answer: object) -> None:
    """Never silent for long, but too little while we wait: it ends; the same bytes in less time are taken."""
    ticks = itertools.count(step=step)
    async with door_of(Uploads(LARGEST, MOST, monotonic=lambda: next(ticks))) as door:
        assert answer == await told(door, form(("a", "a.pdf", b"x" * 3 * LEAST)))
