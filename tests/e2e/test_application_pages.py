"""The application in a real browser: signed in by a link, and alive. How its pages look is told in `test_look.py`."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.driven import Sandbox
from tests.e2e.test_sandbox_page import chromium, waits

__all__ = ["chromium"]


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
