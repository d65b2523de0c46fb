"""What commits of this process were about, told to the other processes on the same PostgreSQL, and theirs to us.

`NOTIFY` carries names of topics to whoever listens now; nothing is kept for anybody. So it is told after the commit, on
a connection of its own that no turn waits for, and a page that missed a word is mended by the next one, or by its
reader; whoever tells programs of what happened looks every few seconds as well.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from bot.domain.topics import Rung

CHANNEL: Final = "smena_commits"
_MOST_WAITING: Final = 1_000
_MOST_PEOPLE: Final = 250
"""Of one word: what is told is at most 8,000 bytes long, and an id has 19 digits."""
_AT_ONCE: Final = 50
_PULSE, _PATIENCE = 30.0, 10.0
_PAUSES: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)

log = structlog.get_logger("storage")


class Relay:
    """Tells and hears."""

    def __init__(self, dsn: str, hear: Callable[[Rung], None], *, pulse: float = _PULSE) -> None:
        """Call `hear` with what other processes committed; nothing is connected before `start`."""
        self._dsn = dsn
        self._hear = hear
        self._pulse = pulse
        self._own = secrets.token_hex(6)
        self._waiting: deque[str] = deque(maxlen=_MOST_WAITING)
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.is_connected = asyncio.Event()

    def start(self) -> None:
        """Begin, in the background: a database that is away is waited for."""
        self._task = asyncio.create_task(self._run(), name="relay")

    async def close(self) -> None:
        """Hear and tell no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def tell(self, rung: Rung) -> None:
        """Tell the others, soon; while the database is away the oldest words are forgotten first."""
        if self._task is None:
            return
        self._waiting.extend(_words(self._own, rung))
        self._wake.set()

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                async with asyncio.timeout(_PATIENCE):
                    connection = await asyncpg.connect(self._dsn, server_settings={"application_name": "smena relay"})
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                failures += 1
                if failures == 1:
                    log.warning("other processes not heard", error=type(error).__name__)
                await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES)) - 1])
                continue
            failures = 0
            try:
                await self._serve(connection)
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.info("connection to other processes lost", error=type(error).__name__)
            finally:
                self.is_connected.clear()
                connection.terminate()

    async def _serve(self, connection: Any) -> None:
        """Listen, and tell what waits; an idle connection is asked now and then whether it is there."""
        connection.add_termination_listener(lambda _: self._wake.set())
        await connection.add_listener(CHANNEL, self._heard)
        self.is_connected.set()
        while not connection.is_closed():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pulse):
                    await self._wake.wait()
            self._wake.clear()
            told = list(self._waiting)[:_AT_ONCE]
            async with asyncio.timeout(_PATIENCE):
                if told:
                    await connection.execute(
                        "SELECT pg_notify($1, word) FROM unnest($2::text[]) AS words (word)", CHANNEL, told
                    )
                else:
                    await connection.execute("SELECT 1")
            for _ in told:
                self._waiting.popleft()
            if self._waiting:
                self._wake.set()

    def _heard(self, _connection: Any, _pid: int, _channel: str, word: str) -> None:
        try:
            told = json.loads(word)
            rung = Rung(int(told["p"]), frozenset(map(str, told["t"])), frozenset(map(int, told["c"])))
            is_own = told["f"] == self._own
        except (ValueError, KeyError, TypeError):
            return  # a newer version's, or nobody's
        if not is_own:
            self._hear(rung)


def _words(own: str, rung: Rung) -> Iterator[str]:
    """Return what is told of a commit, in as many words as it takes."""
    people = sorted(rung.concerned)
    for at in range(0, max(len(people), 1), _MOST_PEOPLE):
        told = {"f": own, "p": rung.portal_id, "t": sorted(rung.topics)[:_AT_ONCE], "c": people[at : at + _MOST_PEOPLE]}
        yield json.dumps(told, separators=(",", ":"))
