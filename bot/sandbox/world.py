"""The world all emulators share: the people, the clock, the faults that were ordered, and what was called."""

import asyncio
import json
import os
import sqlite3
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from bot.clock import MovableClock
from bot.sandbox.companies import (
    DEPARTMENTS,
    MAIN,
    PEOPLE,
    ROMASHKA,
    Company,
    SandboxDepartment,
    SandboxPerson,
)
from bot.sandbox.faults import ChannelName, FaultName, Faults

__all__ = [
    "DEPARTMENTS",
    "PEOPLE",
    "Call",
    "ChannelName",
    "Company",
    "FaultName",
    "Faults",
    "Messenger",
    "NotThere",
    "SandboxDepartment",
    "SandboxPerson",
    "SentFile",
    "ShownButton",
    "ShownFile",
    "ShownMessage",
    "World",
]


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button as the messenger shows it; `row` counts from 0, `style` is the messenger's own word or empty."""

    text: str
    kind: Literal["press", "link", "app"]
    row: int = 0
    url: str = ""
    style: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file under a message; `url` is where the page can load it from, on the emulator's own server.

    `width` and `height` are those of a picture that the messenger shows in place, in pixels.
    """

    name: str
    size: int
    url: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that a person sends to the bot."""

    name: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class ShownMessage:
    """A message as the messenger would show it now. `at` is UTC; `text` is the raw markup that was sent."""

    id: int
    author: Literal["bot", "person"]
    text: str
    markup: Literal["bbcode", "html"]
    at: datetime
    buttons: list[ShownButton] = field(default_factory=list)
    edited: bool = False
    files: list[ShownFile] = field(default_factory=list)


class NotThere(Exception):
    """The message or the button to be pressed is not on the screen."""


class Messenger(Protocol):
    """What the control API and the page ask of either emulator."""

    channel: ChannelName

    async def say(
        self,
        person: SandboxPerson,
        text: str,
        *,
        at: datetime | None = None,
        event_id: int | None = None,
        is_forwarded: bool = False,
        files: Sequence[SentFile] = (),
        reply_to: int | None = None,
    ) -> int:
        """The person sends words and files; returns the message id. `event_id` repeats or reorders a delivery."""
        ...

    async def press(self, person: SandboxPerson, message_id: int, button: str | int) -> None:
        """The person presses the button with that text or at that place; NotThere when it is not on the screen."""
        ...

    def shown(self, person: SandboxPerson) -> list[ShownMessage]:
        """The person's chat with the bot, oldest first, as it looks now."""
        ...

    async def raw(self, body: bytes, content_type: str) -> int:
        """Deliver a body as an event or update; returns the HTTP status that the service gave (202 when queued)."""
        ...

    def undelivered(self) -> int:
        """How many events the service has not yet taken and confirmed."""
        ...


@runtime_checkable
class HasMiniApp(Protocol):
    """A messenger whose chats have a button that opens a page of ours in its own frame."""

    def mini_app(self, person: SandboxPerson) -> str | None:
        """Return where it leads for somebody; None where it opens no page."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One request that an emulator received. `params` is what came, secrets included: this is a sandbox."""

    channel: ChannelName
    method: str
    params: dict[str, Any]
    status: int
    at: datetime
    portal: str = ""


class World:
    """People, clock, faults, journal, and the small database in which the emulators keep what survives a restart."""

    def __init__(
        self,
        clock: MovableClock,
        *,
        people: Sequence[SandboxPerson] = PEOPLE,
        departments: Sequence[SandboxDepartment] = DEPARTMENTS,
        companies: Sequence[Company] | None = None,
        data_dir: Path | None = None,
        calls_kept: int = 20_000,
    ) -> None:
        """Keep state in `data_dir`/sandbox.db, or only in memory when it is None.

        Without `companies` there is one, of these people and departments.
        """
        self.clock = clock
        one = replace(ROMASHKA, people=tuple(people), departments=tuple(departments))
        self.companies = tuple(companies) if companies is not None else (one,)
        self.people = tuple(person for company in self.companies for person in company.people)
        self.faults = Faults()
        self._calls: deque[Call] = deque(maxlen=calls_kept)
        self._by_key = {person.key: person for person in self.people}
        self._by_bitrix24 = {(person.portal, person.bitrix24_user_id): person for person in self.people}
        self._by_telegram = {person.telegram_user_id: person for person in self.people}
        self.changed = asyncio.Event()
        path = ":memory:"
        if data_dir is not None:
            path = str(data_dir / "sandbox.db")
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        # Autocommit; synchronous=OFF survives a killed process, and a sandbox need not survive a power cut.
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self.db.close)  # for whoever drops a world without closing it
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("CREATE TABLE IF NOT EXISTS world_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL)")

    def person(self, key: str) -> SandboxPerson | None:
        """The person of that key."""
        return self._by_key.get(key)

    def by_bitrix24(self, user_id: int, portal: str = MAIN) -> SandboxPerson | None:
        """The person of that account of that portal."""
        return self._by_bitrix24.get((portal, user_id))

    def by_telegram(self, user_id: int) -> SandboxPerson | None:
        """The person of that Telegram account."""
        return self._by_telegram.get(user_id)

    def called(self, channel: ChannelName, method: str, params: dict[str, Any], status: int, portal: str = "") -> None:
        """Write a request into the journal."""
        self._calls.append(Call(channel, method, params, status, self.clock.now(), portal))

    def calls(self) -> Iterator[Call]:
        """The journal, oldest first."""
        return iter(self._calls)

    def move_clock(self, to: datetime) -> None:
        """Move the clock forward, so that a restart knows it; ValueError when that lies in its past."""
        if to >= self.clock.now():
            # First remembered, then moved: whatever is dated by it is in no later run's future.
            self._keep_clock(to, self.clock.ahead)
        self.clock.move_to(to)

    def run_clock(self) -> None:
        """Let the clock go on from where it stands, also after a restart."""
        self.clock.run()
        self._keep_clock(None, self.clock.ahead)

    def resume_clock(self, at: datetime | None) -> None:
        """Go on with the clock of the last run; `at` is where it is to stand, unless that lies in the past by now."""
        row = self.db.execute("SELECT value FROM world_setting WHERE name = 'clock'").fetchone()
        if row is not None:
            kept = json.loads(row[0])
            standing = datetime.fromisoformat(kept["standing"]) if kept["standing"] else None
            self.clock = MovableClock(standing, timedelta(seconds=kept["ahead"]))
        if at is not None and (row is None or at > self.clock.now()):
            self.clock = MovableClock(at)
            self._keep_clock(at, timedelta())

    def _keep_clock(self, standing: datetime | None, ahead: timedelta) -> None:
        kept = {"standing": standing.isoformat() if standing else None, "ahead": ahead.total_seconds()}
        self.db.execute("INSERT OR REPLACE INTO world_setting VALUES ('clock', ?)", (json.dumps(kept),))

    def close(self) -> None:
        """Close the database."""
        self.db.close()
