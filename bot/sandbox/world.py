"""The world both emulators share: the people, the clock, the faults that were ordered, and what was called."""

import asyncio
import json
import os
import sqlite3
import time
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from bot.clock import MovableClock

ChannelName = Literal["bitrix24", "telegram"]
FaultName = Literal[
    "down",
    "slow",
    "rate_limit",
    "error_500",
    "html_500",
    "html_404",
    "reset_after_write",
    "expired_token",
    "duplicate_events",
    "reorder_events",
    "blocked_by_person",
]


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """A person of the sandbox: an account on the portal and an account in Telegram.

    `locale` is what the person speaks; the portal has no such field, Telegram tells it as `language_code`.
    """

    key: str
    first_name: str
    last_name: str
    bitrix24_user_id: int
    telegram_user_id: int
    locale: str
    zone: str
    position: str = ""
    departments: tuple[int, ...] = ()
    is_portal_admin: bool = False
    starts_linked: bool = True
    hired_on: date | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class SandboxDepartment:
    """A department of the emulated portal; `head` is a Bitrix24 user id or None."""

    id: int
    name: str
    parent: int | None
    head: int | None


DEPARTMENTS: tuple[SandboxDepartment, ...] = (
    SandboxDepartment(1, "Ромашка", None, 1),
    SandboxDepartment(3, "Продажи", 1, 2),
    SandboxDepartment(5, "Юристы", 1, 6),
    SandboxDepartment(7, "Финансы", 1, 8),
)

PEOPLE: tuple[SandboxPerson, ...] = (
    SandboxPerson(
        "olga", "Ольга", "Смирнова", 1, 700001, "ru", "Europe/Moscow", "Директор", (1,), is_portal_admin=True
    ),
    SandboxPerson("sergey", "Сергей", "Орлов", 2, 700002, "ru", "Europe/Moscow", "Руководитель отдела продаж", (3,)),
    SandboxPerson("anna", "Анна", "Ким", 3, 700003, "ru", "Europe/Moscow", "Менеджер", (3,)),
    SandboxPerson(
        "boris",
        "Борис",
        "Лавров",
        4,
        700004,
        "ru",
        "Asia/Yekaterinburg",
        "Менеджер",
        (3,),
        starts_linked=False,
    ),
    SandboxPerson("james", "James", "Carter", 5, 700005, "en", "Europe/Moscow", "Account manager", (3,)),
    SandboxPerson("vera", "Вера", "Соколова", 6, 700006, "ru", "Europe/Moscow", "Главный юрист", (5,)),
    SandboxPerson("gleb", "Глеб", "Маслов", 7, 700007, "ru", "Europe/Moscow", "Юрист", (5,)),
    SandboxPerson("irina", "Ирина", "Белова", 8, 700008, "ru", "Europe/Moscow", "Финансовый директор", (7,)),
    SandboxPerson("max", "Max", "Fischer", 9, 700009, "en", "Europe/Berlin", "Security officer", (1,)),
)


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button as the messenger shows it; `row` counts from 0, `style` is the messenger's own word or empty."""

    text: str
    kind: Literal["press", "link"]
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


@dataclass(frozen=True, slots=True)
class Call:
    """One request that an emulator received. `params` is what came, secrets included: this is a sandbox."""

    channel: ChannelName
    method: str
    params: dict[str, Any]
    status: int
    at: datetime


@dataclass(slots=True)
class Fault:
    """An ordered fault: it strikes `left` times, or until the monotonic instant `until`."""

    channel: ChannelName
    fault: FaultName
    left: int | None
    until: float | None
    person: str | None = None
    method: str | None = None


class Faults:
    """The faults in force. An emulator asks `strikes` at the place where the fault would show."""

    def __init__(self) -> None:
        """Start with none."""
        self._faults: list[Fault] = []

    def order(
        self,
        channel: ChannelName,
        fault: FaultName,
        *,
        count: int | None = None,
        seconds: float | None = None,
        person: str | None = None,
        method: str | None = None,
    ) -> None:
        """Put a fault in force for so many strikes or real seconds; one strike when neither is given.

        With a `method` it strikes at calls of that method alone, where the emulator tells them apart.
        """
        if count is None and seconds is None:
            count = 1
        until = time.monotonic() + seconds if seconds is not None else None
        self._faults.append(Fault(channel, fault, count, until, person, method))

    def strikes(
        self, channel: ChannelName, fault: FaultName, person: str | None = None, *, method: str | None = None
    ) -> bool:
        """Whether the fault strikes here and now; a counted fault is used up by one."""
        moment = time.monotonic()
        self._faults = [
            each
            for each in self._faults
            if (each.left is None or each.left > 0) and (each.until is None or each.until > moment)
        ]
        for each in self._faults:
            if (each.channel, each.fault) != (channel, fault):
                continue
            if each.person is not None and person is not None and each.person != person:
                continue
            if each.method is not None and each.method.lower() != (method or "").lower():
                continue
            if each.left is not None:
                each.left -= 1
            return True
        return False

    def clear(self) -> None:
        """Lift every fault."""
        self._faults.clear()


class World:
    """People, clock, faults, journal, and the small database in which the emulators keep what survives a restart."""

    def __init__(
        self,
        clock: MovableClock,
        *,
        people: Sequence[SandboxPerson] = PEOPLE,
        departments: Sequence[SandboxDepartment] = DEPARTMENTS,
        data_dir: Path | None = None,
        calls_kept: int = 20_000,
    ) -> None:
        """Keep state in `data_dir`/sandbox.db, or only in memory when it is None."""
        self.clock = clock
        self.people = tuple(people)
        self.departments = tuple(departments)
        self.faults = Faults()
        self._calls: deque[Call] = deque(maxlen=calls_kept)
        self._by_key = {person.key: person for person in self.people}
        self._by_bitrix24 = {person.bitrix24_user_id: person for person in self.people}
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

    def by_bitrix24(self, user_id: int) -> SandboxPerson | None:
        """The person of that portal account."""
        return self._by_bitrix24.get(user_id)

    def by_telegram(self, user_id: int) -> SandboxPerson | None:
        """The person of that Telegram account."""
        return self._by_telegram.get(user_id)

    def called(self, channel: ChannelName, method: str, params: dict[str, Any], status: int) -> None:
        """Write a request into the journal."""
        self._calls.append(Call(channel, method, params, status, self.clock.now()))

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
