"""What is posted to a door and known at a glance is stored, then answered; all else goes on as any request does."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.at_once import MOST, Posted, Unfinished, posted_in
from bot.channels.doors import Door, Taken
from bot.listener import IDLE_SECONDS, Listener, listening
from bot.problems import problem

PATH = "/door"
FORM = "Content-Type: application/x-www-form-urlencoded"
Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def wire(*lines: str, body: bytes = b"known", line: str = f"POST {PATH}?key=a HTTP/1.1", length: str = "") -> bytes:
    """Return a request as it goes over the wire."""
    head = [line, "Host: localhost", FORM, f"Content-Length: {length or len(body)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def test_a_request_is_read() -> None:
    """Address, kind and body; names of headers in whatever letters."""
    expected = Posted(PATH, "key=a", "application/x-www-form-urlencoded", b"known")
    assert expected == posted_in(wire("X-Request-Id: 7", "Connection: Keep-Alive"))
    assert expected == posted_in(wire().replace(b"Content-Length", b"content-length"))


@pytest.mark.parametrize(
    "data",
    [
        wire(line=f"GET {PATH}?key=a HTTP/1.1"),
        wire(line=f"POST {PATH}?key=a HTTP/1.0"),
        wire(line=f"POST {PATH} HTTP/1.1"),
        wire(line=f"POST {PATH}?key=%61 HTTP/1.1"),
        wire(line=f"POST http://a{PATH}?key=a HTTP/1.1"),
        wire("Transfer-Encoding: chunked"),
        wire("transfer-encoding:chunked"),
        wire("Content-Encoding: gzip"),
        wire("Expect: 100-continue"),
        wire("Connection: close"),
        wire("Connection: upgrade"),
        wire("Upgrade: h2c"),
        wire("Content-Length: 5"),
        wire("Content-Type: text/plain"),
        wire(length="+5"),
        wire(length="5, 5"),
        wire(length="05x"),
        wire(length=str(MOST * 10)),
        wire("X: a\r\n folded"),
        wire("X : a"),
        wire("X: \0"),
        wire("X: a\nTransfer-Encoding: chunked"),
        wire("X: a\rTransfer-Encoding: chunked"),
        wire("X: я"),
        wire() + b"more",
        wire() + wire(),
        wire(body=b"", length="0") + b"\r\n",
    ],
)  # fmt: skip
def test_what_looks_different_is_no_request_at_a_glance(data: bytes) -> None:
    """Nothing is guessed of it: where two readers could differ, there is one."""
    assert posted_in(data) is None


@pytest.mark.parametrize("end", [1, 30, wire().index(b"\r\n\r\n"), len(wire()) - 5, len(wire()) - 1])
def test_a_part_is_waited_for(end: int) -> None:
    """Wherever it is cut."""
    with pytest.raises(Unfinished):
        posted_in(wire()[:end])


class House:
    """A door that knows "known" at a glance, and stores when it is let."""

    def __init__(self) -> None:
        """Let everything be stored at once."""
        self.stored: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.is_broken = False
        self._taken = Taken(b"stored", "text/plain")
        self.at = 1_000.0

    def clock(self) -> float:
        """Tell the time, which stands."""
        return self.at

    def at_once(self, posted: Posted) -> Awaitable[bytes] | None:
        """Know one body."""
        return self._answer() if posted.body == b"known" else None

    async def _answer(self) -> bytes:
        await self._store("at once")
        return self._taken.whole()

    async def _store(self, way: str) -> None:
        await self.gate.wait()
        if self.is_broken:
            raise OSError("no room for words of a person")
        self.stored.append(way)

    async def whole(self, request: web.BaseRequest) -> web.StreamResponse:
        """Take what is read whole."""
        await request.read()
        try:
            await self._store("whole")
        except OSError:
            return problem(503, "not_stored", "Send it again.")
        return self._taken.to(request)


@pytest.fixture
def house() -> House:
    """Give the door."""
    return House()


@pytest.fixture
async def listener(house: House) -> AsyncIterator[Listener]:
    """Listen for it, and for a page."""

    async def page(_: web.Request) -> web.Response:
        return web.Response(text="page")

    app, door = web.Application(), Door(PATH, house.whole, house.at_once)
    app.add_routes([door, web.get("/page", page)])
    made = listening(app, [door])
    made._monotonic = house.clock
    made.port = await made.start("127.0.0.1", 0)  # type: ignore[attr-defined]
    yield made
    house.gate.set()
    await made.stop()


@pytest.fixture
async def connect(listener: Listener) -> AsyncIterator[Connect]:
    """Give a way to connect."""
    writers: list[asyncio.StreamWriter] = []

    async def one() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)  # type: ignore[attr-defined]
        writers.append(writer)
        return reader, writer

    yield one
    for writer in writers:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read one answer: its status and its body."""
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(each[15:]) for each in head.lower().split(b"\r\n") if each.startswith(b"content-length:"))
        return head.split(b" ")[1], await reader.readexactly(length)


async def until(true: Callable[[], bool]) -> None:
    """Let the loop go round until something holds."""
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0)


STORED, PAGE = (b"200", b"stored"), (b"200", b"page")
ASKED = b"GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def test_known_and_unknown_over_one_connection(house: House, connect: Connect) -> None:
    """What is known is stored at once, any number of times; the first thing that is not goes on to aiohttp for good."""
    reader, writer = await connect()
    for words, expected in ((wire(), STORED), (wire(), STORED), (ASKED, PAGE), (wire(), STORED)):
        writer.write(words)
        assert expected == await answer(reader)
    assert house.stored == ["at once", "at once", "whole"]


async def test_pieces(house: House, connect: Connect, listener: Listener) -> None:
    """A request that comes in pieces is one; the rest of an unknown one is not lost on its way to aiohttp."""
    reader, writer = await connect()
    for words in (wire(), wire(body=b"unknown")):
        for start in range(0, len(words), 40):
            writer.write(words[start : start + 40])
            await writer.drain()
            await until(lambda: len(listener) == 1)
        assert STORED == await answer(reader)
    assert house.stored == ["at once", "whole"]


async def test_nothing_is_answered_before_it_is_stored(house: House, connect: Connect, listener: Listener) -> None:
    """Whoever goes on meanwhile is answered in order."""
    house.gate.clear()
    reader, writer = await connect()
    writer.write(wire())
    await until(lambda: len(listener._fronts) == 1)
    writer.write(ASKED)
    await writer.drain()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0):
            assert not await reader.read(1)
    assert house.stored == []
    house.gate.set()
    assert [STORED, PAGE] == [await answer(reader), await answer(reader)]


async def test_several_in_one_piece(house: House, connect: Connect) -> None:
    """They are more than a request at a glance, and answered in order."""
    reader, writer = await connect()
    writer.write(wire() + ASKED + wire())
    assert [STORED, PAGE, STORED] == [await answer(reader) for _ in range(3)]
    assert house.stored == ["whole", "whole"]


async def test_what_cannot_be_stored_is_said_by_who_can_say_it(house: House, connect: Connect) -> None:
    """It is tried once more there; the refusal repeats nothing, and the connection goes on."""
    house.is_broken = True
    reader, writer = await connect()
    writer.write(wire())
    status, said = await answer(reader)
    assert (status, b"not_stored" in said, b"words" in said) == (b"503", True, False)
    house.is_broken = False
    writer.write(wire())
    assert STORED == await answer(reader)


async def test_who_leaves_meanwhile_is_stored_all_the_same(house: House, connect: Connect, listener: Listener) -> None:
    """Nobody hears of it, and nothing of the connection is left."""
    house.gate.clear()
    _, writer = await connect()
    writer.write(wire())
    await until(lambda: len(listener._fronts) == 1)
    writer.transport.abort()
    await until(lambda: len(listener) == 0)
    house.gate.set()
    await until(lambda: house.stored == ["at once"])
    assert len(listener) == 0


async def test_an_end_waits_for_what_is_being_stored(house: House, connect: Connect, listener: Listener) -> None:
    """It is answered, then the connection ends; one that waits for nothing ends at once."""
    house.gate.clear()
    (reader, writer), (idle, _) = await connect(), await connect()
    writer.write(wire())
    await until(lambda: len(listener._fronts) == 1 and len(listener) == 2)
    ending = asyncio.create_task(listener.stop())
    assert await idle.read() == b""
    assert not ending.done()
    house.gate.set()
    assert STORED == await answer(reader)
    assert await reader.read() == b""
    await ending


async def test_nobody_stays_for_ever(house: House, connect: Connect, listener: Listener) -> None:
    """A connection over which nothing more is asked ends without a word, and is no refusal."""
    reader, writer = await connect()
    writer.write(wire())
    await answer(reader)
    house.at += IDLE_SECONDS - 1
    listener.look()
    assert len(listener) == 1
    house.at += 2
    listener.look()
    assert await reader.read() == b""
    assert (len(listener), listener.refused.total()) == (0, 0)
