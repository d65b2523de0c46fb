"""The real program as a process of its own, driven by the sandbox's control calls alone."""

import asyncio
import html
import json
import os
import re
import select
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tests.migrated import begin_migrated

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60.0
MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 7, 13, 9, 0, tzinfo=MOSCOW)
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
_MARKUP = re.compile(r"\[/?(?:b|i|user(?:=\d+)?)\]|</?(?:b|i|a)(?: [^>]*)?>|\u2060")


T = TypeVar("T")


class Refused(Exception):
    """A control call that was answered with a problem."""

    def __init__(self, status: int, code: str) -> None:
        """Keep both."""
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


def plain(text: str) -> str:
    """Return a message as it reads, without markup of either messenger."""
    return html.unescape(_MARKUP.sub("", text))


def until(seen: Callable[[], T], patience: float = PATIENCE) -> T:
    """Ask again until there is something to see."""
    end = time.monotonic() + patience
    while True:
        found = seen()
        if found or time.monotonic() > end:
            assert found, "it never came"
            return found
        time.sleep(0.05)


@dataclass
class Sandbox:
    """A running sandbox that can be killed and started again on its folder."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    at: datetime = MONDAY
    base: str = ""
    process: subprocess.Popen[str] | None = None

    @property
    def log(self) -> str:
        """Everything that was written to standard error."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self) -> "Sandbox":
        """Start the program as people do and read the address that it prints; its database has the schema already."""
        database = self.folder / "data" / "smena.db"
        database.parent.mkdir(mode=0o700, exist_ok=True)
        asyncio.run(begin_migrated(database))
        inherited = {name: value for name, value in os.environ.items() if name in KEPT}
        command = [sys.executable, str(ROOT / "main.py"), "sandbox", "--port", "0", "--data-dir", "data"]
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*command, "--clock", self.at.isoformat()],
                cwd=self.folder,
                env={**inherited, **self.environ},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
            )
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, "nothing was printed"
        address = re.search(r"http://127\.0\.0\.1:\d+", self.process.stdout.readline())
        assert address is not None, self.log
        self.base = address.group()
        return self

    def settled_in(self) -> "Sandbox":
        """Wait until both messengers work and everybody is known."""
        until(lambda: self.ready()[0] == 200)
        until(lambda: sum(each["telegram_user_id"] is not None for each in self.call("GET", "state")["people"]) >= 4)
        return self

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def restart(self) -> "Sandbox":
        """Kill it and start it again, with the clock where it stood."""
        self.at = self.now()
        self.kill()
        return self.start().settled_in()

    def ready(self) -> tuple[int, dict[str, Any]]:
        """Return what /ready says."""
        return self._fetch("GET", f"{self.base}/ready", None)

    def health(self) -> int:
        """Return the status of /health."""
        return self._fetch("GET", f"{self.base}/health", None)[0]

    def call(self, method: str, path: str, /, **fields: Any) -> Any:
        """Make a control call."""
        status, answer = self._fetch(method, f"{self.base}/sandbox/api/{path}", fields or None)
        if status >= 400:
            raise Refused(status, answer["code"])
        return answer

    @staticmethod
    def _fetch(method: str, url: str, fields: Any) -> tuple[int, Any]:
        body = json.dumps(fields).encode() if fields is not None else None
        request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE + 10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def now(self) -> datetime:
        """Return what the clock shows."""
        return datetime.fromisoformat(self.call("GET", "state")["now"]).astimezone(MOSCOW)

    def move(self, to: datetime | timedelta | str) -> None:
        """Move the clock to an instant, on by a while, or to a Moscow time of the present day; then all is done."""
        if isinstance(to, timedelta):
            to = self.now() + to
        elif isinstance(to, str):
            to = datetime.combine(self.now().date(), datetime.strptime(to, "%H:%M").time(), MOSCOW)
        self.call("PUT", "clock", now=to.isoformat())
        self.settle()

    def next_day(self, time_of_day: str = "09:00") -> str:
        """Go to the next day at that Moscow time, and return the day as ISO text."""
        now = self.now() + timedelta(days=1)
        day = datetime.combine(now.date(), datetime.strptime(time_of_day, "%H:%M").time(), MOSCOW)
        self.move(day)
        return day.date().isoformat()

    def settle(self) -> None:
        """Wait until nothing waits."""
        found = self.call("POST", "settle")
        assert [0, 0] == [found["inbox"], found["outbox"]], found

    def fault(self, channel: str, fault: str, **fields: Any) -> None:
        """Put a fault in force."""
        self.call("POST", "faults", channel=channel, fault=fault, **fields)

    def hours(self, person: str, day: str) -> list[dict[str, Any]]:
        """Return the person's sessions of a day."""
        found: list[dict[str, Any]] = self.call("GET", f"{person}/hours?from_day={day}&to_day={day}")
        return found

    def requests(self, person: str) -> list[dict[str, Any]]:
        """Return the requests of a person, newest first."""
        return [each for each in self.call("GET", "requests") if each["requester"] == person]

    def chat(self, channel: str, person: str) -> "Chat":
        """Return a person's chat on a channel."""
        return Chat(self, channel, person)


@dataclass
class Chat:
    """A person's chat with the bot at one messenger."""

    sandbox: Sandbox
    channel: str
    person: str

    @property
    def _path(self) -> str:
        return f"{self.channel}/{self.person}"

    def sends(self, text: str, **fields: Any) -> None:
        """Write without waiting."""
        self.sandbox.call("POST", f"{self._path}/messages", text=text, **fields)

    def says(self, text: str, **fields: Any) -> str:
        """Write, let everything settle, and return the bot's newest message as it reads."""
        self.sends(text, **fields)
        self.sandbox.settle()
        return self.last

    def presses(self, label: str) -> str:
        """Press the newest button whose label contains `label`, and return the message it was under, as it reads."""
        for message in reversed(self.messages):
            for button in message["buttons"]:
                if label in button["text"] and button["kind"] == "press":
                    self.sandbox.call("POST", f"{self._path}/presses", message_id=message["id"], button=button["text"])
                    self.sandbox.settle()
                    return plain(next(each["text"] for each in self.messages if each["id"] == message["id"]))
        raise AssertionError(f"no button {label!r}: {[each['buttons'] for each in self.messages[-4:]]}")

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The chat as the messenger shows it."""
        found: list[dict[str, Any]] = self.sandbox.call("GET", f"{self._path}/messages")
        return found

    @property
    def answers(self) -> list[str]:
        """The bot's messages as they read."""
        return [plain(each["text"]) for each in self.messages if each["author"] == "bot"]

    @property
    def last(self) -> str:
        """The bot's newest message as it reads."""
        return self.answers[-1]

    @property
    def buttons(self) -> list[str]:
        """Every button that can be pressed."""
        return [button["text"] for each in self.messages for button in each["buttons"] if button["kind"] == "press"]
