"""The servers that the door benchmark measures, each in a process of its own: ours, the floor and the peers.

Each prints one JSON line that says where it listens and what it wants, and ends when its standard input is closed.
"""

import asyncio
import hashlib
import json
import logging
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from benchmarks import bodies


def _listening(port: int, path: str, form: str, **more: object) -> None:
    print(json.dumps({"port": port, "path": path, "form": form, "more": more}), flush=True)


async def _until_told() -> None:
    await asyncio.to_thread(sys.stdin.read)


# The floor


async def _serve(handler: Callable[[web.Request], Awaitable[web.Response]], form: str) -> None:
    """Serve one handler with aiohttp alone until told to end."""
    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    _listening(runner.addresses[0][1], "/", form)
    await _until_told()
    await runner.cleanup()


async def floor_of_objects(_: Path) -> None:
    """The floor, for events of objects."""
    await floor(_, "object")


async def floor(_: Path, form: str = "second") -> None:
    """Read the form as pairs, answer 200; nothing is put together, looked at or stored."""
    from yarl import query_to_pairs

    async def events(request: web.Request) -> web.Response:
        query_to_pairs((await request.read()).decode(), max_fields=2000)
        return web.Response()

    await _serve(events, form)


# The peers

_TABLE = "CREATE TABLE event (message INTEGER PRIMARY KEY, person INTEGER, said TEXT)"


async def plain(folder: Path) -> None:
    """The shortest handler that commits one row an event: aiohttp, the form as pairs, aiosqlite."""
    import aiosqlite
    from yarl import query_to_pairs

    async with aiosqlite.connect(folder / "plain.db") as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.execute(_TABLE)

        async def events(request: web.Request) -> web.Response:
            form = dict(query_to_pairs((await request.read()).decode(), max_fields=2000))
            values = (int(form["data[message][id]"]), int(form["data[user][id]"]), form["data[message][text]"])
            await database.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?)", values)
            await database.commit()
            return web.Response()

        await _serve(events, "second")


async def peer(folder: Path) -> None:
    """A bot as the documentation of bitrixogram builds it: a router, a message handler that commits one row."""
    import aiosqlite
    from bitrixogram.core import (  # type: ignore[import-untyped]
        Dispatcher,
        FSMContext,
        MagicFilter,
        Message,
        Router,
        WebhookListener,
    )

    logging.basicConfig(level=logging.WARNING)
    router, words = Router(), MagicFilter()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with aiosqlite.connect(folder / "peer.db") as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = FULL")
        await database.execute(_TABLE)

        @router.message(words.text())  # type: ignore[untyped-decorator]
        async def stored(message: Message, _: FSMContext) -> None:
            values = (message.get_message_id(), message.get_user_id(), message.get_text())
            await database.execute("INSERT OR IGNORE INTO event VALUES (?, ?, ?)", values)
            await database.commit()

        dispatcher = Dispatcher()
        dispatcher.add_router(router)
        listener = WebhookListener("127.0.0.1", port, dispatcher)
        await listener.start()
        _listening(port, "/", "first")
        await _until_told()
        await listener.close()


# Ours


async def ours(folder: Path) -> None:
    """The channel in webhook mode behind the service's own application, on SQLite with synchronous=FULL."""
    from bot.channels import bitrix24
    from bot.clock import MovableClock, SystemClock
    from bot.derived import Derived
    from bot.dispatch.dispatcher import Dispatcher
    from bot.dispatch.router import RouteTable
    from bot.dispatch.undertaking import Undertaking
    from bot.listener import listening
    from bot.logs import set_up
    from bot.messengers import FACTS
    from bot.ports import ListedDepartment, Person
    from bot.sandbox.portal import PortalEmulator
    from bot.sandbox.world import World
    from bot.server import Readiness, application
    from bot.services.approvals.seals import Seals
    from bot.services.messengers import Messengers
    from bot.services.wiring import House
    from handlers import router
    from main import collect_rarely
    from storage import open_storage

    collect_rarely()
    set_up("warning", "json")
    secret, known = "s" * 40, asyncio.Event()
    derived = Derived(secret)

    async def directory(
        realm: str,  # noqa: ARG001 - a port
        people: Sequence[Person],  # noqa: ARG001
        departments: Sequence[ListedDepartment] = (),  # noqa: ARG001
    ) -> Sequence[str]:
        known.set()
        return ()

    portal = PortalEmulator(World(MovableClock()))
    await portal.start()
    storage: Any = await open_storage(f"sqlite:///{folder / 'ours.db'}", secret_key=secret)
    await storage.start()
    # The dispatcher receives but does not run: turns are measured apart.
    dispatcher = Dispatcher(Undertaking(RouteTable(router), House(storage, Messengers(FACTS), Seals(secret))))
    # The portal has proven itself before: its token is known by its hash, as the doorkeeper keeps it.
    known_token = hashlib.sha256(bodies.TOKEN.encode()).hexdigest()
    await storage.vault.put("bitrix24:romashka:door", json.dumps({"known": [known_token]}))
    channel = bitrix24.PortalBot(
        credentials=bitrix24.IncomingWebhook(portal.webhook_url),
        realm="romashka",
        mode="webhook",
        events_url="https://smena.example/bitrix24/events",
        derived=derived,
        vault=storage.vault,
        directory=directory,
        appearance=bitrix24.Appearance(),
        clock=SystemClock(),
        unread=dispatcher.receive_unread,
    )
    readiness = Readiness(storage.revision, storage.backlog, {"bitrix24": channel}, SystemClock())
    doors = bitrix24.routes(lambda _: channel)
    listener = listening(application(readiness, *doors), doors)
    port = await listener.start("127.0.0.1", 0)
    await channel.start(dispatcher.receive)
    await asyncio.wait_for(known.wait(), 20)
    bot = json.loads(await storage.vault.get("bitrix24:romashka:bot") or "{}")
    path = f"/bitrix24/events?portal=romashka&key={derived.texts('bitrix24 door romashka')[0]}"
    _listening(port, path, "second", bot_id=bot["id"], token=bodies.TOKEN)
    await _until_told()
    await channel.stop()
    await listener.stop()
    await storage.close()
    await portal.stop()


async def objects(folder: Path) -> None:
    """The door of objects behind the service's own application, on SQLite with synchronous=FULL."""
    from bot.channels import bitrix24
    from bot.channels.bitrix24.object_door import Caller, ObjectDoor
    from bot.clock import SystemClock
    from bot.domain.portal import Portal
    from bot.listener import listening
    from bot.logs import set_up
    from bot.server import Readiness, application
    from main import collect_rarely
    from storage import open_storage

    collect_rarely()
    set_up("warning", "json")
    storage: Any = await open_storage(f"sqlite:///{folder / 'objects.db'}", secret_key="s" * 40)
    await storage.start()
    async with storage.unit_of_work() as uow:
        uow.portals.add(Portal(1, "b" * 32, "Romashka", member_id="b" * 32))
        await uow.commit()

    async def find(member_id: str) -> Caller | None:
        return Caller(1, "b" * 32, bodies.TOKEN) if member_id == "b" * 32 else None

    door = ObjectDoor(find, storage.hints)

    async def take(body: bytes, content_type: str, _: web.BaseRequest) -> None:
        await door.take(body, content_type)

    doors = bitrix24.routes(lambda _: None, take)
    readiness = Readiness(storage.revision, storage.backlog, {}, SystemClock())
    listener = listening(application(readiness, *doors), doors)
    port = await listener.start("127.0.0.1", 0)
    _listening(port, "/bitrix24/events", "object")
    await _until_told()
    await listener.stop()
    await storage.close()


_SERVERS = {
    "ours": ours,
    "floor": floor,
    "plain": plain,
    "peer": peer,
    "objects": objects,
    "floor_of_objects": floor_of_objects,
}

if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(_SERVERS[sys.argv[1]](Path(sys.argv[2])))
