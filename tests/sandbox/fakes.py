"""Small messengers and a small service with memory, for the control calls and the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bot.clock import MovableClock
from bot.sandbox.control import Service
from bot.sandbox.world import (
    ChannelName,
    NotThere,
    SandboxPerson,
    SentFile,
    ShownButton,
    ShownFile,
    ShownMessage,
    World,
)

START = datetime(2026, 7, 14, 6, 2, tzinfo=UTC)

DAY_BUTTONS = [
    ShownButton("Break", "press", 0, style="secondary"),
    ShownButton("Check out", "press", 0, style="primary"),
]


@dataclass
class FakeMessenger:
    """A messenger whose bot echoes what it reads, offers two buttons, and edits the message when one is pressed."""

    channel: ChannelName
    world: World
    waiting: int = 0
    raw_status: int = 200
    chats: dict[str, list[ShownMessage]] = field(default_factory=dict)
    said: list[tuple[str, str, datetime | None, int | None]] = field(default_factory=list)
    sent: list[SentFile] = field(default_factory=list)
    raws: list[tuple[bytes, str]] = field(default_factory=list)
    _last_id: int = 0

    @property
    def markup(self) -> Any:
        """Return the markup that this messenger's bot writes."""
        return "bbcode" if self.channel == "bitrix24" else "html"

    def bot_says(
        self,
        person: SandboxPerson,
        text: str,
        buttons: list[ShownButton] | None = None,
        files: list[ShownFile] | None = None,
    ) -> ShownMessage:
        """Put a message of the bot into the person's chat, as it stands."""
        return self._add(person, "bot", text, list(buttons or ()), list(files or ()))

    def _add(
        self, person: SandboxPerson, author: Any, text: str, buttons: list[ShownButton], files: list[ShownFile]
    ) -> ShownMessage:
        self._last_id += 1
        shown = ShownMessage(
            self._last_id, author, text, self.markup, self.world.clock.now(), buttons=buttons, files=files
        )
        self.chats.setdefault(person.key, []).append(shown)
        self.world.changed.set()
        return shown

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
        """Keep what was said and echo it, foreign markup neutralised as the real renderers do."""
        self.said.append((person.key, text, at, event_id))
        self.sent.extend(files)
        message_id = self._add(person, "person", text, [], []).id
        safe = (
            text.replace("[", "[\u2060")
            if self.markup == "bbcode"
            else text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        )
        bold = "[b]{}[/b]" if self.markup == "bbcode" else "<b>{}</b>"
        self.bot_says(person, bold.format("Echo:") + " " + safe, DAY_BUTTONS)
        self.world.called(self.channel, "sendMessage", {"text": text}, 200)
        return message_id

    async def press(self, person: SandboxPerson, message_id: int, button: str | int) -> None:
        """Edit the message under which the button stands."""
        for shown in self.shown(person):
            if shown.id == message_id and any(button in (place, each.text) for place, each in enumerate(shown.buttons)):
                shown.text, shown.edited = f"Pressed {button}", True
                shown.buttons = [each for each in shown.buttons if each.text != button]
                self.world.changed.set()
                return
        raise NotThere

    def shown(self, person: SandboxPerson) -> list[ShownMessage]:
        """Return the person's chat."""
        return list(self.chats.get(person.key, ()))

    async def raw(self, body: bytes, content_type: str) -> int:
        """Keep the body."""
        self.raws.append((body, content_type))
        return self.raw_status

    def undelivered(self) -> int:
        """Return as many as the test says."""
        return self.waiting


@dataclass
class FakeService:
    """A service with one session for everyone, whose backlog is a list that `settle` reads down."""

    clock: MovableClock
    backlogs: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])
    linked: set[str] = field(default_factory=lambda: {"olga", "sergey", "anna", "james"})
    asked: list[tuple[str, date | None, date | None]] = field(default_factory=list)
    moves: list[datetime] = field(default_factory=list)
    failing: bool = False

    async def hours(self, key: str, first: date | None, last: date | None) -> list[dict[str, Any]]:
        """Return one open session of today."""
        self.asked.append((key, first, last))
        return [
            {
                "work_date": "2026-07-14",
                "start": "2026-07-14T09:02:00+03:00",
                "end": None,
                "worked_seconds": 3 * 3600 + 8 * 60,
                "break_seconds": 2520,
                "breaks": [["2026-07-14T13:00:00+03:00", "2026-07-14T13:42:00+03:00"]],
                "status": "open",
            }
        ]

    async def requests(self) -> list[dict[str, Any]]:
        """Return one request that waits."""
        return [
            {
                "id": 1,
                "kind": "correction",
                "state": "pending",
                "requester": "anna",
                "holders": ["sergey"],
                "decided_by": None,
                "before": None,
                "after": "2026-07-13T18:30:00+03:00",
            }
        ]

    async def backlog(self) -> tuple[int, int]:
        """Return the next backlog; the last one stays."""
        return self.backlogs.pop(0) if len(self.backlogs) > 1 else self.backlogs[0]

    async def advance(self, to: datetime) -> None:
        """Move the clock."""
        self.moves.append(to)
        self.clock.move_to(to)

    async def person_state(self, key: str) -> dict[str, Any]:
        """Return the roles that the sandbox starts with."""
        if self.failing:
            raise RuntimeError("the database is gone")
        roles = {"olga": ["admin"], "sergey": ["lead"]}.get(key, ["employee"])
        zone = "Asia/Yekaterinburg" if key == "boris" else "Europe/Moscow"
        return {
            "roles": roles,
            "locale": "en" if key == "james" else "ru",
            "zone": zone,
            "linked": key in self.linked,
        }

    def service(self) -> Service:
        """Return the callables as `main.py` would hand them in."""
        return Service(self.hours, self.requests, self.backlog, self.advance, self.person_state)


def plain(text: str) -> str:
    """Return the text without the word joiners that neutralise foreign markup."""
    return re.sub("\u2060", "", text)
