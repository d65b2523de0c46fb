"""The portal's frame in a real browser: the application asks by messages, and finishes its installation."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.control import mount
from bot.sandbox.world import World
from tests.e2e.test_sandbox_page import chromium, waits
from tests.sandbox.fakes import FakeMessenger, FakeService
from tests.sandbox.stand_in import StandIn, stand_in
from tests.sandbox.worlds import open_ground

__all__ = ["chromium"]
PAGE = """<!doctype html><title>app</title><p id="said"></p><script>
const [domain, protocol, sid] = window.name.split("|");
const home = `${protocol === "1" ? "https" : "http"}://${domain}`;
const steps = {
  a: (data) => { said.textContent = `${data.MEMBER_ID} ${data.INSTALL} ${data.PLACEMENT_OPTIONS.k}`;
    parent.postMessage(`refreshAuth:b:${sid}`, home); },
  b: (data) => { said.textContent += ` ${data.AUTH_ID.length}`;
    parent.postMessage(`resizeWindow:${JSON.stringify({ width: 400, height: 321 })}:c:${sid}`, home); },
  c: (data) => { said.textContent += ` ${data.height}`;
    if (new URL(location).pathname.endsWith("install")) parent.postMessage(`setInstallFinish:d:${sid}`, home); },
};
addEventListener("message", (event) => {
  if (event.origin !== home) return;
  const [key, ...rest] = event.data.split(":");
  steps[key]?.(JSON.parse(rest.join(":")));
});
parent.postMessage(`getInitData:a:${sid}`, home);
</script>"""


@dataclass
class Stage:
    """Portals, an application and the control calls, in a thread of their own."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    address: str = ""
    app: StandIn = field(init=False)

    def do(self, what: Callable[[], Awaitable[Any]]) -> Any:
        """Do something in that thread."""

        async def doing() -> Any:
            return await what()

        return asyncio.run_coroutine_threadsafe(doing(), self.loop).result(10)

    async def start(self) -> None:
        """Start everything."""
        ground = await self.stack.enter_async_context(open_ground())
        self.app = await self.stack.enter_async_context(stand_in(ground))
        self.app.page, self.app.works = PAGE, False
        world: World = ground.world
        site = web.Application()
        messengers: Any = {"bitrix24": ground.portals, "telegram": FakeMessenger("telegram", world)}
        mount(site, world, messengers, FakeService(world.clock).service(), portals=ground.portals)
        server = await self.stack.enter_async_context(TestServer(site))
        self.address = f"http://127.0.0.1:{server.port}"


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A running stage."""
    made = Stage()
    thread = threading.Thread(target=made.loop.run_forever, daemon=True)
    thread.start()
    made.do(made.start)
    yield made
    made.do(made.stack.aclose)
    made.loop.call_soon_threadsafe(made.loop.stop)
    thread.join(10)
    made.loop.close()


def said(driver: Any) -> str:
    """Return what the application wrote in its frame."""
    driver.switch_to.default_content()
    driver.switch_to.frame("application")
    return str(driver.find_element("css selector", "#said").text)


def test_installed_in_the_browser(stage: Stage, chromium: Any) -> None:
    """The page learns who it is, gets fresh tokens, resizes, finishes; then the portal opens it as an installed one."""
    chromium.get(f'{stage.address}/sandbox/frame/beta/emma?options={{"k":"a:b"}}')
    beta = stage.app.ground.beta
    wait = waits.WebDriverWait(chromium, 20, ignored_exceptions=(Exception,))
    wait.until(lambda driver: said(driver) == f"{beta.member_id} true a:b 48 321" or beta.is_installed)
    wait.until(lambda _: beta.is_installed and len(stage.app.opened) > 1)
    wait.until(lambda driver: said(driver) == f"{beta.member_id} false a:b 48 321")
    assert ["ONAPPINSTALL"] == [each["event"] for each in stage.app.events]
    assert {"k": "a:b"} == json.loads(stage.app.opened[-1][1]["PLACEMENT_OPTIONS"])


def test_two_companies_on_the_page(stage: Stage, chromium: Any) -> None:
    """The sandbox's page shows the people of one company, and offers the other."""
    chromium.switch_to.default_content()
    chromium.get(f"{stage.address}/sandbox")
    wait = waits.WebDriverWait(chromium, 20, ignored_exceptions=(Exception,))

    def names() -> list[str]:
        return [str(each.get_attribute("data-person")) for each in chromium.find_elements("css selector", ".person")]

    wait.until(lambda _: len(names()) == 9)
    chosen = waits.Select(chromium.find_element("css selector", "#company"))
    wait.until(lambda _: ["Ромашка", "Beta Logistics"] == [each.text for each in chosen.options])
    chosen.select_by_value("beta")
    wait.until(lambda _: ["emma", "liam", "sofia", "noah", "darya"] == names())
