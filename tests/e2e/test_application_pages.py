"""The application in a real browser: signed in by a link, at both widths, in both languages and themes, alive.

Width, language, theme and page are paired: each page is shown at each width, and each pair of the others occurs.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.driven import Sandbox
from tests.e2e.test_sandbox_page import chromium, waits

__all__ = ["chromium"]
AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")
_RUN = """const done = arguments[arguments.length - 1];
axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then((found) => done(found.violations.map((each) => each.id + ": " + each.nodes[0].html)));"""
_CLIPPED = """return [...document.querySelectorAll(".bar a, nav.phone a, summary, button, .tabs a")]
  .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && !each.closest(".who"))
  .map((each) => each.textContent.trim());"""
PAGES = (
    "/",
    "/approvals",
    "/approvals/new",
    "/approvals/new/my-time/leave",
    "/approvals?tab=all",
    "/hours",
    "/hours/team",
    "/me",
    "/people",
    "/leave/team",
    "/statistics/hours",
)
STYLES = ((1280, "light"), (390, "dark"), (1280, "dark"), (390, "light"))


@pytest.fixture
def driver(chromium: Any) -> Iterator[Any]:
    """The browser; afterwards its console must be clean."""
    chromium.get_log("browser")
    yield chromium
    chromium.get("about:blank")


def style(driver: Any, width: int, theme: str) -> None:
    """Become a screen of that width in that theme."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = [{"name": "prefers-color-scheme", "value": theme}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def wait(driver: Any, seen: Callable[[], Any]) -> Any:
    """Wait until it is seen."""
    return waits.WebDriverWait(driver, 20, 0.05, [Exception]).until(lambda _: seen())


def enter(driver: Any, sandbox: Sandbox, person: str) -> None:
    """Sign in as somebody, by the button that the page asks for."""
    driver.get("about:blank")
    driver.delete_all_cookies()
    driver.get(sandbox.call("GET", f"{person}/web")["url"])
    wait(driver, lambda: driver.find_element("css selector", "form[action$=confirm] button")).click()
    wait(driver, lambda: driver.find_element("css selector", "#main"))


def asks(sandbox: Sandbox, person: str, words: str, yes: str = "да") -> None:
    """Ask for something in chat."""
    chat = sandbox.chat("bitrix24", person)
    chat.says(words)
    chat.says(yes)


def reads(driver: Any, sandbox: Sandbox, path: str, width: int, theme: str) -> None:
    """Open a page: no barrier that axe knows, nothing cut off, no sideways scroll."""
    style(driver, width, theme)
    driver.get(sandbox.base + path)
    wait(driver, lambda: driver.find_element("css selector", "h1"))
    driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
    assert [] == driver.execute_async_script(_RUN), (path, width, theme)
    assert [] == driver.execute_script(_CLIPPED), (path, width)
    wide = driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= width, (path, width, wide)


def complains_of_nothing(driver: Any) -> None:
    """Nothing that the policy refuses, and no error."""
    complaints = [each["message"] for each in driver.get_log("browser") if each["level"] in {"SEVERE", "WARNING"}]
    assert [] == complaints


@pytest.mark.parametrize(("person", "first"), [("sergey", 0), ("james", 1)])  # one reads Russian, one English
def test_every_page_can_be_read_by_everybody(driver: Any, sandbox: Sandbox, person: str, first: int) -> None:
    """No barrier that axe knows, nothing cut off, no sideways scroll, nothing that the policy refuses."""
    if person == "sergey":
        asks(sandbox, "anna", "отпуск с 3 по 14 августа")
    else:
        asks(sandbox, "james", "vacation from 3 to 14 August", "yes")
    enter(driver, sandbox, person)
    for number, path in enumerate(
        PAGES if person == "sergey" else (each for each in PAGES if "team" not in each and "statistics" not in each)
    ):
        for width, theme in (STYLES[(number + first) % 4], STYLES[(number + first + 1) % 4]):
            reads(driver, sandbox, path, width, theme)
    complains_of_nothing(driver)


SETTINGS = ("", "/connection", "/organisation", "/hours", "/notifications", "/calendar", "/health", "/audit")


def test_an_administrator_reads_every_setting(driver: Any, sandbox: Sandbox) -> None:
    """The same for the settings; and an option that is set there is read back."""
    enter(driver, sandbox, "olga")
    for number, path in enumerate(SETTINGS):
        for width, theme in (STYLES[number % 4], STYLES[(number + 1) % 4]):
            reads(driver, sandbox, f"/settings{path}", width, theme)
    driver.get(f"{sandbox.base}/settings/notifications")
    wait(driver, lambda: driver.find_element("xpath", "//button[contains(@class, 'chip')][. = '11:00']")).click()
    wait(driver, lambda: "11:00" in driver.find_element("css selector", "[role=status]").text)
    complains_of_nothing(driver)


def test_a_decision_here_is_told_there_and_back(driver: Any, sandbox: Sandbox) -> None:
    """Decided on the page, read in chat; asked in chat, seen on the page that is open, within a moment."""
    style(driver, 1280, "light")
    enter(driver, sandbox, "sergey")
    wait(driver, lambda: driver.find_element("css selector", "#stream[data-open]"))
    asks(sandbox, "boris", "больничный завтра")
    wait(driver, lambda: "Больничный" in driver.find_element("css selector", "#waiting").text)
    driver.find_element("xpath", "//li[contains(., 'Больничный')]//button").click()
    wait(driver, lambda: "Решено" in driver.find_element("css selector", "#main").text)
    assert "/approvals/" in driver.current_url
    sandbox.move(timedelta(seconds=31))
    shown = "\n".join(each["text"] for each in sandbox.call("GET", "bitrix24/boris/messages"))
    assert "Согласовано" in shown
    driver.back()
    wait(driver, lambda: driver.find_element("css selector", "#your-day"))


def test_what_is_typed_stays(driver: Any, sandbox: Sandbox) -> None:
    """A session that ends meanwhile takes nothing that was typed; the page says what to do."""
    asks(sandbox, "anna", "отпуск с 17 по 21 августа")
    enter(driver, sandbox, "sergey")
    driver.get(f"{sandbox.base}/approvals")
    wait(driver, lambda: driver.find_elements("css selector", "a.title"))[0].click()
    wait(driver, lambda: driver.find_element("css selector", "summary[data-hotkey=r]")).click()
    field = driver.find_element("css selector", "#reason")
    field.send_keys("В эти дни выставка")
    driver.delete_all_cookies()
    driver.find_element("css selector", "details[open] button.danger").click()
    wait(driver, lambda: driver.find_element("css selector", "#over").is_displayed())
    assert "В эти дни выставка" == field.get_attribute("value")
