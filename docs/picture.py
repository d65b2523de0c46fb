"""Pictures of the sandbox page for the README: `python -m docs.picture`. It plays a short day and photographs it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docs.lighten import lighten

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
DAY_BEGINS = "2026-11-23T06:02:00Z"
PATIENCE = 120.0
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1")


@dataclass(frozen=True, slots=True)
class Story:
    """What people do, one after another, and who is photographed at the end, in which language.

    A step is an instant of November, a person, a messenger, and words or a [button], named by how it begins.
    """

    picture: str
    person: str
    language: str
    steps: tuple[tuple[str, str, str, str], ...]


STORIES = (
    Story(
        "sandbox.ru.png",
        "anna",
        "ru",
        (
            ("23T06:03", "anna", "bitrix24", "доброе утро, я на месте"),
            ("23T10:05", "anna", "telegram", "на обед"),
            ("23T10:41", "anna", "telegram", "[▶️"),
            ("23T15:20", "anna", "bitrix24", "ушла в 18:10"),
            ("23T15:22", "anna", "telegram", "моя неделя"),
        ),
    ),
    Story(
        "sandbox.png",
        "james",
        "en",
        (
            ("24T06:07", "james", "bitrix24", "morning, I'm in"),
            ("24T10:10", "james", "telegram", "lunch"),
            ("24T10:52", "james", "telegram", "[▶️"),
            ("24T15:21", "james", "bitrix24", "left at 6:15 pm"),
            ("24T15:23", "james", "telegram", "my week"),
        ),
    ),
    Story(
        "approval.ru.png",
        "sergey",
        "ru",
        (
            ("25T05:58", "sergey", "bitrix24", "я на работе"),
            ("25T06:01", "anna", "bitrix24", "пришла"),
            ("25T15:05", "sergey", "bitrix24", "ушёл"),
            ("26T05:40", "anna", "bitrix24", "забыла отметиться, вчера ушла в 18:30"),
            ("26T05:41", "anna", "bitrix24", "[📨"),
            ("26T05:44", "sergey", "bitrix24", "доброе утро, на месте"),
            ("26T05:45", "sergey", "telegram", "[✅"),
            ("26T05:50", "boris", "bitrix24", "отпуск с 7 по 18 декабря"),
            ("26T05:51", "boris", "bitrix24", "[📨"),
        ),
    ),
    Story(
        "approval.png",
        "james",
        "en",
        (
            ("26T05:56", "sergey", "telegram", "[✅"),
            ("26T06:05", "james", "bitrix24", "left at 7:30 pm on Tuesday because a client called"),
            ("26T06:06", "james", "bitrix24", "[📨"),
            ("26T06:12", "sergey", "telegram", "[✅"),
            ("26T06:13", "james", "bitrix24", "morning, I'm in"),
            ("26T06:14", "james", "telegram", "my week"),
        ),
    ),
    Story(
        "statistics.ru.png",
        "anna",
        "ru",
        (
            ("26T06:20", "anna", "bitrix24", "пришла в 9:10"),
            ("26T10:02", "anna", "bitrix24", "обед"),
            ("26T10:55", "anna", "bitrix24", "[▶️"),
            ("26T15:40", "anna", "bitrix24", "ушла"),
            ("27T05:52", "anna", "bitrix24", "пришла"),
            ("27T06:00", "anna", "bitrix24", "во вторник была с 9:30 до 19"),
            ("27T06:01", "anna", "bitrix24", "[📨"),
            ("27T06:05", "sergey", "telegram", "[✅"),
            ("27T10:00", "anna", "bitrix24", "обед 45 минут"),
            ("27T10:44", "anna", "bitrix24", "[▶️"),
            ("27T13:00", "olga", "bitrix24", "график Анна 9-18 обед 13-14 с 23 ноября"),
            ("27T13:01", "olga", "bitrix24", "[✅"),
            ("27T14:30", "anna", "bitrix24", "ушла"),
            ("27T14:31", "anna", "bitrix24", "табель за ноябрь"),
            ("27T14:32", "anna", "telegram", "моя неделя"),
        ),
    ),
    Story(
        "statistics.png",
        "james",
        "en",
        (
            ("27T15:00", "james", "bitrix24", "left at 5:50 pm on Thursday"),
            ("27T15:01", "james", "bitrix24", "[📨"),
            ("27T15:03", "sergey", "telegram", "[✅"),
            ("27T15:05", "james", "bitrix24", "I worked on Monday from 9:10 to 18:15"),
            ("27T15:06", "james", "bitrix24", "[📨"),
            ("27T15:08", "sergey", "telegram", "[✅"),
            ("27T15:10", "james", "bitrix24", "I worked today from 8:50 to 18"),
            ("27T15:11", "james", "bitrix24", "[📨"),
            ("27T15:13", "sergey", "telegram", "[✅"),
            ("27T15:15", "olga", "bitrix24", "график James 9-18 с 23 ноября"),
            ("27T15:16", "olga", "bitrix24", "[✅"),
            ("27T15:20", "james", "bitrix24", "timesheet november"),
            ("27T15:22", "james", "telegram", "my week"),
        ),
    ),
)


def main() -> None:
    """Play every story in one sandbox, and write a picture after each."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sandbox() as address:
        for story in STORIES:
            for at, person, where, what in story.steps:
                play(address, at, person, where, what)
            photograph(address, story)


@contextmanager
def sandbox() -> Iterator[str]:
    """Run the sandbox on a free port and give the address of its page."""
    environ = {"PATH": os.environ.get("PATH", ""), "LOG_LEVEL": "error"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "main.py"), "sandbox", "--port", "0"]
        command += ["--data-dir", folder, "--clock", DAY_BEGINS]
        running = subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            line = running.stdout.readline() if running.stdout else ""
            address = line.rsplit(maxsplit=1)[-1].removesuffix("/sandbox")
            _wait_until_linked(address)
            yield address
        finally:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(10)
            except subprocess.TimeoutExpired:
                running.kill()


def play(address: str, at: str, person: str, where: str, what: str) -> None:
    """Move the clock, then write the words or press the newest such button."""
    ask(address, "PUT", "clock", {"now": f"{DAY_BEGINS[:8]}{at}:00Z"})
    if what.startswith("["):
        shown = ask(address, "GET", f"{where}/{person}/messages")
        found = [
            {"message_id": message["id"], "button": button["text"]}
            for message in shown
            for button in message["buttons"]
            if button["text"].startswith(what[1:])
        ]
        ask(address, "POST", f"{where}/{person}/presses", found[-1])
    else:
        ask(address, "POST", f"{where}/{person}/messages", {"text": what})
    ask(address, "POST", "settle")


def ask(address: str, method: str, call: str, body: Any = None) -> Any:
    """Make a control call."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}/sandbox/api/{call}", data, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - loopback
        return json.load(answer)


def photograph(address: str, story: Story) -> None:
    """Open the page as that person, and keep what a desk shows."""
    from selenium import webdriver  # noqa: PLC0415 - needed only here

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        size = {"width": 1360, "height": 860, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.get(f"{address}/sandbox#{story.person}")
        time.sleep(1)
        close = driver.find_element("id", "hint-close")
        if close.is_displayed():
            close.click()
        driver.find_element("css selector", f"[data-lang={story.language}]").click()
        time.sleep(2)
        (IMAGES / story.picture).write_bytes(lighten(driver.get_screenshot_as_png()))
    finally:
        driver.quit()


def _wait_until_linked(address: str) -> None:
    """Wait for the people of the sandbox to be known and, all but one, to have linked Telegram."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        people = [each for each in ask(address, "GET", "state")["people"] if each["portal"] == "main"]
        if sum(each["telegram_user_id"] is not None for each in people) == len(people) - 1:
            time.sleep(3)  # the Telegram client is still being imported
            ask(address, "POST", "settle")
            return
        time.sleep(0.2)
    raise TimeoutError("the sandbox did not come up")


if __name__ == "__main__":
    main()
