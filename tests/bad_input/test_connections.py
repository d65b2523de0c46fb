"""The listening socket: strangers who connect and say nothing, or too little, keep nobody else from being answered."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import structlog
from aiohttp import web

from bot import metrics
from bot.listener import BODY_SECONDS, HEAD_SECONDS, KEPT_FILES, MOST, TELL_EVERY, Listener, room
from bot.server import counted, problems

SEATS = 5
Ask = Callable[..., Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Watchless:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        """Begin somewhere."""
        self.at = 1_000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.at


@pytest.fixture
def clock() -> Watchless:
    """Give the listener's clock."""
    return Watchless()


@pytest.fixture
def gate() -> asyncio.Event:
    """Give what the slow page waits for."""
    return asyncio.Event()


@pytest.fixture(params=["by the application", "past it"])
async def listener(request: pytest.FixtureRequest, clock: Watchless, gate: asyncio.Event) -> AsyncIterator[Listener]:
    """Give a listener with few seats for three pages: one quick, one that waits, one that reads a body.

    The last is a door; whichever way it is answered, the connection is treated alike.
    """
    app = web.Application(middlewares=[counted, problems])

    async def quick(_: web.Request) -> web.Response:
        return web.Response(text="well")

    async def slow(_: web.Request) -> web.Response:
        await gate.wait()
        return web.Response(text="at last")

    async def echo(request: web.BaseRequest) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    app.add_routes([web.get("/health", quick), web.get("/slow", slow), web.post("/telegram/webhook", echo)])
    doors = {"/telegram/webhook": echo} if request.param == "past it" else {}
    made = Listener(app, doors=doors, most=SEATS, monotonic=clock)
    made.port = await made.start("127.0.0.1", 0)  # type: ignore[attr-defined]
    yield made
    gate.set()
    await made.stop()


@pytest.fixture
async def connect(listener: Listener) -> AsyncIterator[Ask]:
    """Give a way to connect and to say some bytes; everybody hangs up in the end."""
    writers: list[asyncio.StreamWriter] = []

    async def one(words: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)  # type: ignore[attr-defined]
        writers.append(writer)
        if words:
            writer.write(words)
            await writer.drain()
        return reader, writer

    yield one
    for writer in writers:
        writer.close()


async def until(true: Callable[[], bool]) -> None:
    """Let the loop go round until something holds."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answer(reader: asyncio.StreamReader) -> bytes:
    """Read what is answered, up to the end of a body whose length is told."""
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        return head + await reader.readexactly(length)


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Wait until the other side has hung up."""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(10):
            return await reader.read() == b""
    return True


async def test_the_silent_make_room(listener: Listener, connect: Ask) -> None:
    """However many connect and say nothing, whoever asks is answered, and the count stays at the ceiling."""
    silent = [await connect() for _ in range(4 * SEATS)]
    reader, _ = await connect(request("GET", "/health"))
    assert (await answer(reader)).endswith(b"well")
    assert len(listener) <= SEATS
    assert await is_closed(silent[0][0])


async def test_half_a_head_is_silence(listener: Listener, connect: Ask) -> None:
    """Connections that begin a request and do not end it make room as well."""
    for _ in range(4 * SEATS):
        await connect(b"GET /health HTTP/1.1\r\nX-Slow: ")
    reader, _ = await connect(request("GET", "/health"))
    assert (await answer(reader)).endswith(b"well")


async def test_an_unfinished_body_is_silence(listener: Listener, connect: Ask) -> None:
    """So do those that send a head and keep the body back."""
    for number in range(SEATS):
        await connect(request("POST", "/telegram/webhook", "Content-Length: 500", body=b"{"))
        await until(lambda wanted=number + 1: len(listener._served) == wanted)  # type: ignore[misc]
    reader, _ = await connect(request("GET", "/health"))
    assert (await answer(reader)).endswith(b"well")


async def test_who_is_served_stays(listener: Listener, connect: Ask, gate: asyncio.Event) -> None:
    """Where every connection is being served a new one is refused at once, and none of them suffers."""
    served = []
    for number in range(SEATS):
        served.append(await connect(request("GET", "/slow")))
        await until(lambda wanted=number + 1: len(listener._served) == wanted)  # type: ignore[misc]
    late, _ = await connect(request("GET", "/health"))
    assert await is_closed(late)
    assert 1 == listener.refused["too_many"]
    gate.set()
    for reader, _ in served:
        assert (await answer(reader)).endswith(b"at last")


@pytest.mark.parametrize(
    ("words", "seconds", "code"),
    [
        (b"", HEAD_SECONDS, "slow_head"),
        (b"GET /health HT", HEAD_SECONDS, "slow_head"),
        (request("POST", "/telegram/webhook", "Content-Length: 500", body=b"{}"), BODY_SECONDS, "slow_body"),
        (request("POST", "/nowhere", "Content-Length: 500", body=b"{}"), HEAD_SECONDS, "slow_head"),
    ],
    ids=["nothing", "half a head", "half a body", "half a body for no page"],
)
async def test_deadlines(
    listener: Listener, connect: Ask, clock: Watchless, words: bytes, seconds: float, code: str
) -> None:
    """Nothing, a head or a body that does not come to its end is waited for so long, whatever drips in meanwhile."""
    reader, writer = await connect(words)
    await until(lambda: len(listener) == 1)
    if code == "slow_body":
        await until(lambda: len(listener._served) == 1)
    if b"nowhere" in words:
        await answer(reader)
    clock.at += seconds - 1
    listener.look()
    assert 1 == len(listener)
    writer.write(b"x")
    await writer.drain()
    await until(lambda: True)
    clock.at += seconds + 1
    listener.look()
    if b"nowhere" not in words:
        assert {code: 1} == listener.refused
    assert await is_closed(reader)


async def test_a_door_gives_time(listener: Listener, connect: Ask, clock: Watchless) -> None:
    """Whoever is known, and sends files, may take longer, this once; past that they are cut off as well."""
    await connect(request("POST", "/telegram/webhook", "Content-Length: 500", body=b"{}"))
    await until(lambda: len(listener._served) == 1)
    (connection,) = listener._served
    connection.give(BODY_SECONDS * 10)
    clock.at += BODY_SECONDS * 10 - 1
    listener.look()
    assert 1 == len(listener)
    clock.at += 2
    listener.look()
    assert {"slow_body": 1} == listener.refused


async def test_a_rest_between_requests_is_no_slowness(listener: Listener, connect: Ask, clock: Watchless) -> None:
    """A connection that a proxy keeps between two requests is not closed by the deadline of a head."""
    reader, writer = await connect(request("GET", "/health"))
    await answer(reader)
    clock.at += HEAD_SECONDS * 3
    listener.look()
    writer.write(request("GET", "/health"))
    assert (await answer(reader)).endswith(b"well")


async def test_one_line_a_minute(listener: Listener, connect: Ask, clock: Watchless) -> None:
    """What was refused is told by its numbers, once a minute."""
    with structlog.testing.capture_logs() as lines:
        for _ in range(3):
            reader, _ = await connect(b"\x00nonsense\r\n\r\n")
            await is_closed(reader)
            listener.look()
        clock.at += TELL_EVERY
        listener.look()
        listener.look()
    told = [{"malformed": line["malformed"]} for line in lines if line["event"] == "connections refused"]
    assert [{"malformed": 1}, {"malformed": 2}] == told
    assert "nonsense" not in json.dumps(lines)


@pytest.mark.parametrize(
    "words",
    [
        b"<script>secret\r\n\r\n",
        b"GET /secret HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nsecret header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"secret" * 5_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: secret\r\n\r\n",
        b"\x16\x03\x01secret\r\n\r\n",
    ],
    ids=["no method", "version", "header", "long", "length", "tls"],
)
async def test_what_is_no_http(connect: Ask, words: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    """It is answered by a problem document with nothing of the sender in it, and by no line in the log."""
    reader, _ = await connect(words)
    said = await answer(reader)
    head, _, body = said.partition(b"\r\n\r\n")
    assert {"status": 400, "code": "bad_request"}.items() <= json.loads(body).items()
    assert b"secret" not in said
    assert b"aiohttp" not in head
    assert b"Python" not in head
    assert ("", "") == capfd.readouterr()


async def test_a_bomb_is_not_unpacked(connect: Ask) -> None:
    """A compressed body arrives as it is: a door sees so many bytes as were sent."""
    body = b"\x1f\x8b" + b"garbage"
    headers = ("Content-Encoding: gzip", f"Content-Length: {len(body)}")
    reader, _ = await connect(request("POST", "/telegram/webhook", *headers, body=body))
    assert (await answer(reader)).endswith(b"\r\n\r\n9")


def refusals(channel: str, code: str) -> float:
    """Return how often a door refused so far."""
    found = metrics.REGISTRY.get_sample_value("smena_door_refusals_total", {"channel": channel, "code": code})
    return found or 0.0


async def test_refusals_are_counted(connect: Ask) -> None:
    """Each refusal counts by its door and its code."""
    before = refusals("http", "not_found"), refusals("http", "malformed"), refusals("telegram", "method_not_allowed")
    for words in (request("GET", "/secret"), b"nonsense\r\n\r\n", request("GET", "/telegram/webhook")):
        reader, _ = await connect(words)
        await answer(reader)
    after = refusals("http", "not_found"), refusals("http", "malformed"), refusals("telegram", "method_not_allowed")
    assert [1.0, 1.0, 1.0] == [new - old for new, old in zip(after, before, strict=True)]


@pytest.mark.parametrize(
    ("files", "connections"), [(1024, 1024 - KEPT_FILES), (512, 128), (256, 64), (1_000_000, MOST), (4, 1)]
)
def test_room_is_left_for_others(files: int, connections: int) -> None:
    """The ceiling leaves descriptors for the database and the messengers, and is none where there are hardly any."""
    assert connections == room(files)
