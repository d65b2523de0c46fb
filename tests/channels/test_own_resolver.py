"""Names of webhooks are looked up beside everything else: a silent name holds up nobody but those of its kind."""

import asyncio
import socket
import threading
from pathlib import Path

import aiohttp
import pytest
from aiohttp.abc import ResolveResult

from bot.clock import SystemClock
from bot.guarded import guarded_session
from bot.own_resolver import SILENT_FOR, THREADS, OwnResolver
from bot.service import Service
from bot.settings import Settings
from handlers import router
from storage import open_storage


class Names:
    """Names of which one kind is silent until it is let go."""

    def __init__(self) -> None:
        """Begin silently."""
        self.asked = list[str]()
        self.let_go = threading.Event()

    def look(self, host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
        """Find a name, or none."""
        self.asked.append(host)
        if host.startswith("silent"):
            self.let_go.wait(30)
        if not host.startswith("good"):
            raise socket.gaierror("no such name")
        return [ResolveResult(hostname=host, host="93.184.216.34", port=port, family=family, proto=0, flags=0)]


async def test_silent_names_hold_up_nothing_that_is_shared() -> None:
    """However many there are: threads of the process are free, and whoever waits is told in time."""
    names = Names()
    resolver = OwnResolver(names.look, patience=0.2)
    many = [asyncio.create_task(resolver.resolve(f"silent{each}.example")) for each in range(THREADS * 20)]
    try:
        async with asyncio.timeout(5):
            assert 1 == await asyncio.to_thread(lambda: 1)
            ended = await asyncio.gather(*many, return_exceptions=True)
        assert {True} == {isinstance(each, OSError) for each in ended}
        assert THREADS >= len(names.asked)
        with pytest.raises(OSError, match="not found"):
            await resolver.resolve("good.example")
        names.let_go.set()
        async with asyncio.timeout(5):
            while True:
                try:
                    await resolver.resolve("good.example")
                    break
                except OSError:
                    pass
    finally:
        names.let_go.set()
        await resolver.close()


async def test_a_name_that_failed_is_not_asked_for_a_while() -> None:
    """And is asked again after that; what is found is asked as ever."""
    names, ticks = Names(), [0.0]
    resolver = OwnResolver(names.look, monotonic=lambda: ticks[0])
    for _ in range(3):
        with pytest.raises(OSError, match="not found"):
            await resolver.resolve("dead.example")
    assert ["dead.example"] == names.asked
    ticks[0] = SILENT_FOR
    with pytest.raises(OSError, match="not found"):
        await resolver.resolve("dead.example")
    for _ in range(2):
        assert "93.184.216.34" == (await resolver.resolve("good.example", 443))[0]["host"]
    assert [*["dead.example"] * 2, *["good.example"] * 2] == names.asked
    await resolver.close()


async def test_the_systems_names_are_found() -> None:
    """As they are by the session's own look-up; a session closes it."""
    assert "127.0.0.1" == (await OwnResolver().resolve("localhost", 80))[0]["host"]
    async with guarded_session(inner=OwnResolver()) as http:
        with pytest.raises(aiohttp.ClientError):
            await http.get("http://localhost:9/")


async def test_the_service_looks_up_names_of_webhooks_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In threads of their own, and in none that everything shares."""
    threads = list[str]()

    def look(*_: object, **__: object) -> None:
        threads.append(threading.current_thread().name)
        raise socket.gaierror("no such name")

    settings = Settings.from_environ({"DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "SECRET_KEY": "k" * 40})
    storage = await open_storage(settings.database_url, secret_key="k" * 40)
    service = Service(settings, storage, router, SystemClock())
    monkeypatch.setattr(socket, "getaddrinfo", look)
    async with service.hooks._make() as http:
        with pytest.raises(aiohttp.ClientConnectorDNSError):
            await http.post("https://hooks.example.com/")
    assert [True] == [each.startswith("names") for each in threads]
    await storage.close()
