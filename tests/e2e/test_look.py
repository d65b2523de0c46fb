"""Every page that a link leads to, as its readers see it: no barrier, nothing cut off, nothing that the policy refuses.

The administrator of a company with requests, hours and templates begins at the overview and follows links until each
page of the application was found once. Each is shown at both widths; language and theme are paired with them, so that
each pair occurs. With LOOK=all each is shown in every guise, and pictures of all are left in `data/look`.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.web.pages import PAGES
from tests.e2e.driven import Sandbox
from tests.e2e.test_sandbox_page import chromium, waits

__all__ = ["chromium"]
ALL = os.environ.get("LOOK") == "all"
PICTURES = Path(__file__).parents[2] / "data" / "look"
AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")
_RUN = """const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then((found) => done(found.violations.map((each) => each.id + ": " + each.nodes[0].html)));"""
_CLIPPED = """return [...document.querySelectorAll(
    ".bar a, nav.phone a, summary, button, .tabs a, th, td, h1, h2, label")]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1
    && !each.closest(".who") && !each.closest(".skip") && getComputedStyle(each).display !== "inline")
  .map((each) => each.textContent.trim());"""
_LINKS = """return [...document.querySelectorAll("#page a[href]")]
  .filter((each) => each.origin === location.origin && !each.hasAttribute("download"))
  .map((each) => each.pathname + each.search);"""
FILES = re.compile(r"/(file|sheet\.pdf|news|export)$|/files/")
"""Addresses that answer with a file or with a part of a page."""


@dataclass(frozen=True, slots=True)
class Guise:
    """How a page is shown."""

    locale: str
    width: int
    theme: str


EVERY = tuple(Guise(*each) for each in product(("ru", "en"), (1280, 390), ("light", "dark")))


def guises(number: int) -> tuple[Guise, ...]:
    """Return the guises of the so-manieth page: two, at either width, or all."""
    if ALL:
        return EVERY
    first, second = ("ru", "en") if number % 2 else ("en", "ru")
    light, dark = ("light", "dark") if number % 4 < 2 else ("dark", "light")
    return Guise(first, 1280, light), Guise(second, 390, dark)


def pattern_of(path: str) -> str | None:
    """Return the address of the page that a path leads to, with its places empty."""
    found = None
    for each in PAGES:
        if each.method != "GET":
            continue
        matches = re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(each.path)), path)
        if matches and (found is None or each.path.count("{") < found.count("{")):
            found = each.path
    return found


class Look:
    """A browser with somebody signed in."""

    def __init__(self, driver: Any, sandbox: Sandbox) -> None:
        """`driver` is the browser, with a clean console."""
        self.driver = driver
        self.sandbox = sandbox
        self._locale = ""

    def enter(self, person: str) -> None:
        """Sign in by the button that the link's page shows."""
        self.driver.get("about:blank")
        self.driver.delete_all_cookies()
        self.driver.get(self.sandbox.call("GET", f"{person}/web")["url"])
        self._waits("form[action$=confirm] button").click()
        self._waits("#main")

    def at(self, path: str) -> None:
        """Go to a page."""
        self.driver.get(self.sandbox.base + path)
        self._waits("h1")

    def speak(self, locale: str) -> None:
        """Read pages in a language from now on."""
        if locale != self._locale:
            self.at("/me")
            field = self._waits("select[name=locale]")
            field.find_element("css selector", f"option[value={locale}]").click()
            field.find_element("xpath", "ancestor::form").find_element("css selector", "button").click()
            self._waits(f"html[lang={locale}]")
            self._locale = locale

    def become(self, guise: Guise) -> None:
        """Be a screen of that width in that theme, with a reader of that language."""
        self.speak(guise.locale)
        metrics = {"width": guise.width, "height": 900, "deviceScaleFactor": 1, "mobile": guise.width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        features = [{"name": "prefers-color-scheme", "value": guise.theme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def adds_a_webhook(self) -> None:
        """Have a program told of everything, which only a page can do."""
        self.at("/settings/webhooks")
        self._waits("#hook-name").send_keys("warehouse")
        self._waits("#hook-url").send_keys("https://warehouse.example/told")
        self._waits("form[action='/settings/webhooks'] .action").click()
        self._waits("#secret")

    def links(self) -> list[str]:
        """Return where the page leads to."""
        found: list[str] = self.driver.execute_script(_LINKS)
        return found

    def faults(self) -> list[str]:
        """Return what is wrong with the page as it is shown."""
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
        found: list[str] = self.driver.execute_async_script(_RUN)
        found += [f"cut off: {each}" for each in self.driver.execute_script(_CLIPPED)]
        wide, width = self.driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
        if wide > width:
            found.append(f"sideways: {wide} of {width}")
        said = [each["message"] for each in self.driver.get_log("browser") if each["level"] in {"SEVERE", "WARNING"}]
        return found + [f"console: {each}" for each in said]

    def picture(self, path: str, guise: Guise) -> None:
        """Leave a picture of the whole page."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"\W+", "-", path).strip("-") or "overview"
        high = self.driver.execute_script("return document.documentElement.scrollHeight")
        metrics = {"width": guise.width, "height": min(high, 4000), "deviceScaleFactor": 1, "mobile": guise.width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        self.driver.save_screenshot(str(PICTURES / f"{name}.{guise.locale}.{guise.width}.{guise.theme}.png"))

    def _waits(self, selector: str) -> Any:
        wait = waits.WebDriverWait(self.driver, 20, 0.05, [Exception])
        return wait.until(lambda driver: driver.find_element("css selector", selector))


@pytest.fixture
def look(chromium: Any, sandbox: Sandbox) -> Iterator[Look]:
    """The browser with the administrator in it."""
    chromium.get_log("browser")
    found = Look(chromium, sandbox)
    found.enter("olga")
    yield found
    chromium.get("about:blank")


def a_company_at_work(sandbox: Sandbox) -> None:
    """Let people have come, asked for things, and templates be on."""
    for person, words in (("anna", "пришла"), ("boris", "пришёл в 8:40"), ("james", "in")):
        sandbox.chat("bitrix24", person).says(words)
    for person, words, yes in (
        ("anna", "отпуск с 3 по 14 августа", "да"),
        ("boris", "отгул 20 июля", "да"),
        ("james", "vacation from 3 to 14 August", "yes"),
        ("sergey", "отпуск с 3 по 9 августа", "да"),
    ):
        chat = sandbox.chat("bitrix24", person)
        chat.says(words)
        chat.says(yes)
    admin = sandbox.chat("bitrix24", "olga")
    for words in ("группа Кадры: Ирина", "включи шаблон отпуск", "когда добавлен лид, поставить задачу Анне"):
        admin.says(words)
        admin.says("да")


def found_by_links(look: Look) -> dict[str, str]:
    """Return an address for each page that links lead to, by the page's own address with empty places."""
    found = {"/": "/"}
    waiting = ["/"]
    while waiting:
        look.at(waiting.pop(0))
        for address in look.links():
            parts = urlsplit(address)
            page = pattern_of(parts.path)
            if page is None or page in found or FILES.search(page):
                continue
            found[page] = address
            waiting.append(address)
    return found


def test_every_page_is_found_and_can_be_read(look: Look, sandbox: Sandbox) -> None:
    """Each page of the table is reached by links, and is whole in its guises."""
    a_company_at_work(sandbox)
    look.become(Guise("ru", 1280, "light"))
    look.adds_a_webhook()
    found = found_by_links(look)
    pages = {each.path for each in PAGES if each.method == "GET" and not FILES.search(each.path)}
    assert set() == pages - found.keys() - NEEDING
    wrong = []
    for guise in EVERY:
        for number, address in enumerate(found.values()):
            if guise in guises(number):
                look.become(guise)
                look.at(address)
                wrong += [(address, guise, each) for each in look.faults()]
                if ALL:
                    look.picture(address, guise)
    assert [] == wrong


NEEDING = {"/approvals/{id}/resubmission"}
"""Pages that only a request that came back leads to."""
