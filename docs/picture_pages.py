"""Pictures of the application's pages for the README: `python -m docs.picture_pages`.

It plays a morning of a company in the sandbox, signs in as the lead and as the administrator, and photographs in both
languages what there is to do, the requests that wait, and a template that is being written.
"""

from __future__ import annotations

import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docs.lighten import lighten
from docs.picture import FLAGS, IMAGES, ask, play, sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator

STEPS = (
    ("23T06:03", "sergey", "bitrix24", "на месте"),
    ("23T06:05", "anna", "bitrix24", "пришла"),
    ("23T06:07", "boris", "bitrix24", "я на работе"),
    ("23T06:10", "james", "bitrix24", "morning, I'm in"),
    ("23T10:02", "boris", "bitrix24", "обед"),
    ("23T10:10", "anna", "bitrix24", "отпуск с 7 по 18 декабря"),
    ("23T10:11", "anna", "bitrix24", "[📨"),
    ("23T10:15", "boris", "bitrix24", "отгул 4 декабря"),
    ("23T10:16", "boris", "bitrix24", "[📨"),
    ("23T10:20", "james", "bitrix24", "vacation from 21 to 31 December"),
    ("23T10:21", "james", "bitrix24", "[📨"),
    ("23T10:25", "anna", "bitrix24", "пришла сегодня в 8:30, пропуск забыла приложить"),
    ("23T10:26", "anna", "bitrix24", "[📨"),
    ("23T10:30", "james", "bitrix24", "came in at 8:20 today"),
    ("23T10:31", "james", "bitrix24", "[📨"),
    ("23T10:40", "sergey", "bitrix24", "отпуск с 11 по 15 января"),
    ("23T10:41", "sergey", "bitrix24", "[📨"),
)
DESK = {"width": 1360, "height": 860, "deviceScaleFactor": 1, "mobile": False}


@dataclass(frozen=True, slots=True)
class Shot:
    """Who shows which page."""

    name: str
    person: str
    path: str
    part: str = ""
    """What is to be seen at the top, where it is not the page's own."""


SHOTS = (
    Shot("overview", "sergey", "/"),
    Shot("approvals", "sergey", "/approvals"),
    Shot("builder", "olga", "/settings/templates/contract", "#builder"),
)


def main() -> None:
    """Play the morning, and write each picture in both languages."""
    with sandbox() as address:
        for step in STEPS:
            play(address, *step)
        for person in dict.fromkeys(shot.person for shot in SHOTS):
            with signed_in(address, person) as driver:
                for locale in ("ru", "en"):
                    speak(driver, address, locale)
                    for shot in SHOTS:
                        if shot.person == person:
                            driver.get(address + shot.path)
                            time.sleep(1)
                            if shot.part:
                                driver.execute_script(f"document.querySelector('{shot.part}').scrollIntoView()")
                            name = f"{shot.name}{'.ru' if locale == 'ru' else ''}.png"
                            (IMAGES / name).write_bytes(lighten(driver.get_screenshot_as_png()))


@contextmanager
def signed_in(address: str, person: str) -> Iterator[Any]:
    """Open a browser in which somebody is signed in by a link."""
    from selenium import webdriver  # noqa: PLC0415 - needed only here

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for flag in FLAGS:
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", DESK)
        driver.get(ask(address, "GET", f"{person}/web")["url"])
        time.sleep(1)
        driver.find_element("css selector", "form[action$=confirm] button").click()
        time.sleep(1)
        yield driver
    finally:
        driver.quit()


def speak(driver: Any, address: str, locale: str) -> None:
    """Read pages in that language from now on."""
    driver.get(f"{address}/me")
    driver.find_element("css selector", f"#locale option[value={locale}]").click()
    driver.find_element("css selector", "form[action='/me/language'] button").click()
    time.sleep(1)


if __name__ == "__main__":
    main()
