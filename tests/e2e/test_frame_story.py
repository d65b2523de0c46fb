"""The application inside the portal's page, in a real browser: by its cookie, and where the browser keeps none."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.support import wait as waits

from tests.e2e.driven import Sandbox
from tests.e2e.test_sandbox_page import CHROMIUM, FLAGS

A_MINUTE_LATER = """const now = Date.now; Date.now = () => now() + 60000;
document.dispatchEvent(new CustomEvent("htmx:after:swap", {bubbles: true, detail: {}}));"""
"""A minute passes while the page is open, and a part of it is refreshed: what can be taken back no more goes."""
NO_COOKIES = {"profile.default_content_setting_values.cookies": 2}


@pytest.fixture(params=["cookies", "no cookies"])
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A browser that keeps the frame's cookie, and one that refuses all cookies."""
    driver = shutil.which("chromedriver")
    if CHROMIUM is None or driver is None:
        pytest.fail("no Chromium with its driver on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    if request.param == "no cookies":
        options.add_experimental_option("prefs", NO_COOKIES)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    files = {"behavior": "allow", "downloadPath": str(tmp_path / "files")}
    made.execute_cdp_cmd("Browser.setDownloadBehavior", files)
    yield made
    made.quit()


def wait(browser: Any, seen: Any) -> Any:
    """Wait until it is seen."""
    return waits.WebDriverWait(browser, 20, 0.05, [Exception]).until(lambda _: seen())


def find(browser: Any, selector: str) -> Any:
    """Return the first element of the application's page."""
    return browser.find_element("css selector", selector)


def click(browser: Any, selector: str) -> None:
    """Click what may be exchanged under one's finger."""

    def done() -> bool:
        find(browser, selector).click()
        return True

    wait(browser, done)


def test_in_the_portals_page(sandbox: Sandbox, browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """One decides, sees what comes by itself, takes a file and signs out, all inside the portal's page."""
    if not sandbox.call("GET", "portals")[1]["installed"]:
        sandbox.call("POST", "portals/beta/install", by="emma")
        sandbox.chat("bitrix24", "liam").says("I am at work")
        sandbox.move(timedelta(hours=1))  # there are hours to take away as a file
    browser.get(f"{sandbox.base}/sandbox/frame/beta/liam")
    wait(browser, lambda: find(browser, "iframe#application"))
    browser.switch_to.frame("application")
    wait(browser, lambda: find(browser, "#stream[data-open]"))
    has_cookies = "no cookies" not in request.node.name
    assert has_cookies == bool(browser.get_cookies())
    asked = sandbox.chat("bitrix24", "noah")
    asked.says("sick leave tomorrow" if has_cookies else "vacation from 3 to 7 August")
    asked.says("yes")
    click(browser, "#waiting a.title")
    click(browser, "#request button[data-hotkey=a]")
    wait(browser, lambda: find(browser, "#main .notice.done[role=status]"))
    assert {"liam"} == {each["decided_by"] for each in sandbox.requests("noah")}
    assert find(browser, "#main form[data-until]").is_displayed()
    browser.execute_script(A_MINUTE_LATER)
    wait(browser, lambda: not find(browser, "#main form[data-until]").is_displayed())
    click(browser, ".bar nav a[href='/hours']")
    wait(browser, lambda: find(browser, "form[action='/files'] button"))
    click(browser, "form[action='/files'] button[value=csv]")
    (file,) = wait(browser, lambda: [each for each in tmp_path.glob("files/*.csv") if each.stat().st_size])
    assert "Liam Novak" in file.read_text("utf-8-sig")
    click(browser, ".bar a.who")
    click(browser, "#main form[action='/me/sign-out'] button")
    wait(browser, lambda: "signed out" in find(browser, "h1").text)
    refused = browser.execute_script("return fetch('/me', {redirect: 'manual'}).then((answer) => answer.type)")
    assert "opaqueredirect" == refused
    bad = [each["message"] for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    assert [] == bad
