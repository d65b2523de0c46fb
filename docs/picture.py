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
PATIENCE = 60.0
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1")


@dataclass(frozen=True, slots=True)
class Story:
    """Who is shown in which language, and what they do: an instant, a messenger, and words or a [button]."""

    person: str
    language: str
    picture: str
    steps: tuple[tuple[str, str, str], ...]


STORIES = (
    Story(
        "anna",
        "ru",
        "sandbox.ru.png",
        (
            ("06:03", "bitrix24", "доброе утро, я на месте"),
            ("10:05", "telegram", "на обед"),
            ("10:41", "telegram", "[▶️ Продолжить]"),
            ("15:20", "bitrix24", "ушла в 18:10"),
            ("15:22", "telegram", "моя неделя"),
        ),
    ),
    Story(
        "james",
        "en",
        "sandbox.png",
        (
            ("06:07", "bitrix24", "morning, I'm in"),
            ("10:10", "telegram", "lunch"),
            ("10:52", "telegram", "[▶️ Back]"),
            ("15:21", "bitrix24", "left at 6:15 pm"),
            ("15:23", "telegram", "my week"),
        ),
    ),
)


def main() -> None:
    """Play every story in one sandbox, in the order of the clock, and write the pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sandbox() as address:
        acts = sorted((at, story.person, where, what) for story in STORIES for at, where, what in story.steps)
        for at, person, where, what in acts:
            play(address, at, person, where, what)
        for story in STORIES:
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
            running.wait(10)


def play(address: str, at: str, person: str, where: str, what: str) -> None:
    """Move the clock, then write the words or press the button."""
    ask(address, "PUT", "clock", {"now": f"{DAY_BEGINS[:10]}T{at}:00Z"})
    if what.startswith("["):
        button = what.strip("[]")
        shown = ask(address, "GET", f"{where}/{person}/messages")
        found = [each["id"] for each in shown if button in [one["text"] for one in each["buttons"]]]
        ask(address, "POST", f"{where}/{person}/presses", {"message_id": found[-1], "button": button})
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
        people = ask(address, "GET", "state")["people"]
        if sum(each["telegram_user_id"] is not None for each in people) == len(people) - 1:
            time.sleep(3)  # the Telegram client is still being imported
            ask(address, "POST", "settle")
            return
        time.sleep(0.2)
    raise TimeoutError("the sandbox did not come up")


if __name__ == "__main__":
    main()
