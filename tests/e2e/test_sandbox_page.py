"""The sandbox page in a real browser: a newcomer's first minutes, on a desk and on a phone."""

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.clock import MovableClock
from bot.sandbox.control import mount
from bot.sandbox.world import PEOPLE, SandboxPerson, SentFile, ShownButton, ShownFile, World
from tests.sandbox.fakes import START, FakeMessenger, FakeService

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
keys = pytest.importorskip("selenium.webdriver.common.keys")
waits = pytest.importorskip("selenium.webdriver.support.ui")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
    "--window-size=1360,860",
)
EVIL_NAME = SandboxPerson(
    "eve", "<script>window.evil=1</script>", '[b]Eve[/b] "&', 9, 700009, "en", "Europe/Moscow", departments=(3,)
)


@dataclass
class Served:
    """A page served from a thread of its own, with its fakes."""

    people: tuple[SandboxPerson, ...] = (*PEOPLE, EVIL_NAME)
    url: str = ""
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        """Make the world and its fakes."""
        clock = MovableClock(START)
        self.world = World(clock, people=self.people)
        self.bitrix24 = FakeMessenger("bitrix24", self.world)
        self.telegram = FakeMessenger("telegram", self.world)
        self.service = FakeService(clock)

    async def start(self) -> web.AppRunner:
        """Serve on a free port of loopback."""
        app = web.Application()
        mount(app, self.world, {"bitrix24": self.bitrix24, "telegram": self.telegram}, self.service.service())
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/sandbox"
        return runner

    def do(self, does: Callable[[], Any]) -> Any:
        """Do something in the server's thread."""

        async def doing() -> Any:
            return does()

        return asyncio.run_coroutine_threadsafe(doing(), self.loop).result(5)


@pytest.fixture
def served() -> Iterator[Served]:
    """A running sandbox page."""
    served = Served()
    thread = threading.Thread(target=served.loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(served.start(), served.loop).result(10)
    yield served
    asyncio.run_coroutine_threadsafe(runner.cleanup(), served.loop).result(10)
    served.loop.call_soon_threadsafe(served.loop.stop)
    thread.join(10)
    served.loop.close()
    served.world.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless browser with an empty profile."""
    if CHROMIUM is None or DRIVER is None:
        reason = "no Chromium with its driver on this machine"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile: Path = tmp_path_factory.mktemp("chromium")
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Page:
    """What a person does on the page and sees there."""

    def __init__(self, driver: Any, url: str) -> None:
        """Open the page on a desk, in English, and wait for the people."""
        self.driver = driver
        self.url = url
        self.resize(1360, 860, is_phone=False)
        driver.get(url)
        self.wait(lambda: self.all(".person"))

    def resize(self, width: int, height: int, *, is_phone: bool) -> None:
        """Become a screen of that size."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def all(self, selector: str) -> list[Any]:
        """Every element of that selector."""
        found: list[Any] = self.driver.find_elements("css selector", selector)
        return found

    def one(self, selector: str) -> Any:
        """The element of that selector."""
        return self.driver.find_element("css selector", selector)

    def wait(self, seen: Callable[[], Any]) -> Any:
        """Wait until it is seen."""
        ignored = pytest.importorskip("selenium.common.exceptions").WebDriverException
        return waits.WebDriverWait(self.driver, 10, 0.05, [ignored]).until(lambda _driver: seen())

    def texts(self, selector: str) -> list[str]:
        """The texts of every element of that selector, as one would read them."""
        return [each.text for each in self.all(selector)]

    def reads(self, selector: str, expected: list[str]) -> bool:
        """Whether the elements of that selector read so."""
        return self.texts(selector) == expected

    def choose(self, key: str) -> None:
        """Become that person."""
        self.one(f"[data-person={key}]").click()
        self.wait(lambda: self.one(f"[data-person={key}]").get_attribute("aria-pressed") == "true")

    def close_hint(self) -> None:
        """Say that the hint is understood."""
        self.one("#hint-close").click()

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script on the page."""
        return self.driver.execute_script(script, *arguments)


@pytest.fixture
def page(chromium: Any, served: Served) -> Iterator[Page]:
    """The page, opened for the first time; afterwards its console must be clean and nothing have left its origin."""
    chromium.get_log("browser")
    page = Page(chromium, served.url)
    yield page
    complaints = [entry for entry in chromium.get_log("browser") if entry["level"] in {"SEVERE", "WARNING"}]
    origin = served.url.removesuffix("/sandbox")
    asked = page.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    chromium.get("about:blank")
    assert complaints == []
    assert [each for each in asked if not each.startswith(origin + "/")] == []


def test_first_minutes(page: Page, served: Served) -> None:
    """A newcomer reads the hint, becomes a person, writes, reads the answer and presses a button."""
    assert page.one("#hint").is_displayed()
    page.close_hint()
    page.choose("james")
    field = page.one(".b24 textarea")
    field.send_keys("I'm in", keys.Keys.ENTER)
    page.wait(lambda: page.texts(".b24 .bot .text") == ["Echo: I'm in"])
    assert page.texts(".b24 .own .text") == ["I'm in"]
    assert served.bitrix24.said == [("james", "I'm in", None, None)]
    assert (field.get_attribute("value"), page.texts(".b24 .bot strong")) == ("", ["Echo:"])
    assert page.texts(".b24 .own time") == ["09:02"]
    page.one(".b24 .key").click()
    page.wait(lambda: page.texts(".b24 .bot .text") == ["Pressed Break"])
    assert page.texts(".b24 .key") == ["Check out"]
    page.driver.refresh()
    page.wait(lambda: page.texts(".b24 .bot .text") == ["Pressed Break"])
    assert not page.one("#hint").is_displayed()
    assert page.one("[data-person=james]").get_attribute("aria-pressed") == "true"


def test_clock(page: Page, served: Served) -> None:
    """The clock shows the person's own time and moves by buttons and by a moment in the person's zone."""
    page.close_hint()
    page.choose("anna")
    page.wait(lambda: page.one("#time").text == "09:02")
    page.one("[data-move='60']").click()
    page.wait(lambda: page.one("#time").text == "10:02")
    page.choose("boris")
    page.wait(lambda: page.one("#time").text == "12:02")
    assert page.one("#zone").text == "Yekaterinburg, UTC+5"
    page.one("[data-move=morning]").click()
    page.wait(lambda: (page.one("#time").text, page.one("#date").text) == ("09:00", "Wed, 15 July 2026"))
    page.run("const m = document.querySelector('#moment'); m.value = '2026-07-15T18:30'; m.form.requestSubmit()")
    page.wait(lambda: page.one("#time").text == "18:30")
    # The page lets the clock run on from where it was put.
    assert served.world.clock.now() - datetime(2026, 7, 15, 13, 30, tzinfo=UTC) < timedelta(minutes=1)
    page.run("const m = document.querySelector('#moment'); m.value = '2026-07-01T00:00'; m.form.requestSubmit()")
    page.wait(lambda: page.texts(".toast") == ["The clock only moves forward."])
    page.driver.get_log("browser")  # the browser itself notes every 409


def test_live(page: Page, served: Served) -> None:
    """What happens elsewhere appears by itself; who is away is marked unread, and a word about it leads there."""
    page.close_hint()
    page.choose("anna")
    anna, sergey = served.people[2], served.people[1]
    served.do(lambda: served.telegram.bot_says(anna, "A <b>live</b> one"))
    page.wait(lambda: page.texts(".tg .bot .text") == ["A live one"])
    served.do(lambda: served.telegram.bot_says(sergey, "Please decide", [ShownButton("Approve", "press")]))
    page.wait(lambda: page.texts("[data-person=sergey] .unread") == ["1"])
    page.wait(lambda: page.all("button.toast"))[0].click()
    page.wait(lambda: page.texts(".tg .bot .text") == ["Please decide"])
    assert not page.one("[data-person=sergey] .unread").is_displayed()


def test_delivering(page: Page, served: Served) -> None:
    """While the service has not taken a message, the messenger says so."""
    page.close_hint()
    page.choose("james")
    served.do(lambda: setattr(served.bitrix24, "waiting", 1))
    page.wait(lambda: page.one(".b24 .chat-sub").text == "delivering…")
    served.do(lambda: setattr(served.bitrix24, "waiting", 0))
    page.wait(lambda: page.one(".b24 .chat-sub").text == "Working time")


def test_languages(page: Page) -> None:
    """The page speaks both languages and remembers the one chosen."""
    page.close_hint()
    assert page.one("#dock-bar b").text == "What happened"
    page.one("[data-lang=ru]").click()
    assert page.one("#dock-bar b").text == "Что произошло"
    page.driver.refresh()
    page.wait(lambda: page.one("#dock-bar b").text == "Что произошло")
    assert page.run("return [document.documentElement.lang, document.title]") == ["ru", "Смена · песочница"]
    page.one("[data-lang=en]").click()


def test_whom_a_newcomer_is(page: Page, served: Served) -> None:
    """At first somebody is chosen who speaks the page's language, and the steps are theirs; who was chosen stays."""

    def chosen() -> list[Any]:
        return [each.get_attribute("data-person") for each in page.all(".person[aria-pressed=true]")]

    def is_at_first(key: str, chip: str) -> bool:
        return chosen() == [key] and page.one(".b24 .chip").text == chip

    page.wait(lambda: is_at_first("james", "I'm in"))
    assert page.texts(".hint li span") == [
        "Write “I'm in” in the Bitrix24 chat.",
        "Press “+1 hour”, then in Telegram “Start” and “☕ Break”.",
        "Press “+15 min” and write “left 5 minutes ago”. The sum is at the bottom of the page.",
    ]
    page.one("[data-lang=ru]").click()
    page.wait(lambda: is_at_first("anna", "пришла"))
    assert "«ушла 5 минут назад»" in page.texts(".hint li span")[2]
    page.one("[data-lang=en]").click()
    page.wait(lambda: is_at_first("james", "I'm in"))
    page.one(".b24 .chip").click()
    page.wait(lambda: page.texts(".b24 .bot .text") == ["Echo: I'm in"])
    page.one("[data-lang=ru]").click()
    assert page.texts(".hint li span")[0] == "Напишите «I'm in» в чате Битрикс24."
    page.driver.refresh()
    page.wait(lambda: page.texts(".b24 .bot .text") == ["Echo: I'm in"])
    assert chosen() == ["james"]
    page.one("[data-lang=en]").click()


def test_foreign_markup_stays_text(page: Page, served: Served) -> None:
    """Names and words with markup in them are only ever text."""
    page.close_hint()
    page.choose("eve")
    assert page.one("[data-person=eve] b").get_attribute("textContent") == EVIL_NAME.name
    evil = "<img src=x onerror=alert(1)><script>evil()</script>[b]bold[/b] [url=javascript:evil()]x[/url]"
    for messenger, window in ((served.bitrix24, ".b24"), (served.telegram, ".tg")):
        served.do(partial(messenger.bot_says, EVIL_NAME, "Hello"))
        page.wait(partial(page.reads, f"{window} .bot .text", ["Hello"]))
        page.one(f"{window} textarea").send_keys(evil, keys.Keys.ENTER)
        page.wait(partial(page.one, f"{window} .bot + .own + .bot"))
        assert page.texts(f"{window} .own .text") == [evil]
        assert page.texts(f"{window} .bot .text")[1].replace("\u2060", "") == f"Echo: {evil}"
        assert page.all(f"{window} .log script, {window} .log img, {window} .log a") == []
    assert page.run("return window.evil === undefined")


@pytest.mark.parametrize(
    ("text", "read", "tags"),
    [
        ("[b]a [i]b[/i][/b] c", "a b c", ["STRONG", "EM"]),
        ("[b]never closed", "[b]never closed", []),
        ("[b]crossed [i]over[/b] here[/i]", "crossed over here[/i]", ["STRONG", "EM"]),
        ("[url=https://example.org/a]link[/url]", "link", ["A"]),
        ("[url]javascript:alert(1)[/url]", "[url]javascript:alert(1)[/url]", []),
        ("see https://example.org/x.", "see https://example.org/x.", ["A"]),
        ("[user=17]Anna[/user], [code][b]x[/b][/code]", "Anna, [b]x[/b]", ["SPAN", "CODE"]),
        ("a[br]b", "a\nb", []),
        (">>quoted\nnot", "quotednot", ["BLOCKQUOTE"]),
        ("[timestamp=1784008920 format=SHORT_TIME_FORMAT]", "09:02", []),
        ("[send=/help]help[/send]", "help", ["BUTTON"]),
        ("[\u2060b]name[\u2060/b]", "[\u2060b]name[\u2060/b]", []),
        ("[unknown]x[/unknown]", "[unknown]x[/unknown]", []),
    ],
)
def test_bbcode(page: Page, text: str, read: str, tags: list[str]) -> None:
    """BBCode becomes nodes; what is no tag of the portal stays text."""
    assert render(page, "bbcode", "renderBbcode", text) == [read, tags]


@pytest.mark.parametrize(
    ("text", "read", "tags"),
    [
        ("<b>a <i>b</i></b> &lt;c&gt; &amp; &#1103;", "a b <c> & я", ["STRONG", "EM"]),
        ("<a href='https://example.org/?a=1&amp;b=2'>x</a>", "x", ["A"]),
        ('<a href="javascript:evil()">x</a>', "x", ["SPAN"]),
        ("<script>evil()</script>", "<script>evil()</script>", []),
        ("<img src=x onerror=evil()>", "<img src=x onerror=evil()>", []),
        ("<blockquote expandable>q</blockquote>\nafter", "qafter", ["BLOCKQUOTE"]),
        ('<pre><code class="language-x">&lt;b&gt;</code></pre>', "<b>", ["PRE", "CODE"]),
        ("try /help or a/b", "try /help or a/b", ["BUTTON"]),
        ("</b>1 < 2", "</b>1 < 2", []),
    ],
)
def test_html(page: Page, text: str, read: str, tags: list[str]) -> None:
    """Telegram's HTML becomes nodes; what is no tag of Telegram stays text."""
    assert render(page, "html", "renderHtml", text) == [read, tags]


def render(page: Page, module: str, function: str, text: str) -> Any:
    """Render a text with a module of the page; return how it reads and which elements it made."""
    return page.driver.execute_async_script(
        """
        const [module, name, text, done] = arguments;
        import(`/sandbox/static/${module}.js`).then((loaded) => {
          const box = document.createElement("div");
          box.append(loaded[name](text, { zone: "Europe/Moscow", send() {}, put() {}, start() {} }));
          done([box.textContent, [...box.querySelectorAll("*")].map((node) => node.tagName)]);
        });
        """,
        module,
        function,
        text,
    )


def test_start_link_opens_the_emulated_telegram(page: Page, served: Served) -> None:
    """A link that starts the bot is opened in the person's emulated Telegram, not elsewhere."""
    page.close_hint()
    page.choose("boris")
    link = ShownButton("Link Telegram", "link", url="https://t.me/smena_bot?start=abc-123")
    served.do(lambda: served.bitrix24.bot_says(served.people[3], "Link it", [link]))
    page.wait(lambda: page.one(".b24 .key")).click()
    page.wait(lambda: page.texts(".tg .own .text") == ["/start abc-123"])
    assert served.telegram.said == [("boris", "/start abc-123", None, None)]
    assert len(page.driver.window_handles) == 1


def test_start_and_menu(page: Page, served: Served) -> None:
    """An empty Telegram chat offers to start; then the menu offers the bot's commands."""
    commands = [{"command": "status", "description": "How it stands"}]
    served.do(lambda: served.world.called("telegram", "setMyCommands", {"commands": commands}, 200))
    page.close_hint()
    page.choose("james")
    page.wait(lambda: page.one(".tg .start").is_displayed() and page.one(".tg .start")).click()
    page.wait(lambda: page.texts(".tg .own .text") == ["/start"])
    page.one(".tg .menu").click()
    page.wait(lambda: page.one(".menu-list button")).click()
    page.wait(lambda: page.texts(".tg .own .text") == ["/start", "/status"])


def test_files(page: Page, served: Served) -> None:
    """A picture of this machine is shown, a picture from elsewhere is not loaded, other files are rows."""
    page.close_hint()
    page.choose("anna")
    near = served.url.replace("/sandbox", "/sandbox/static/icon.svg?as=photo.png")
    files = [
        ShownFile("photo.png", 900, near, 640, 640),
        ShownFile("far.png", 900, "https://example.org/far.png", 640, 320),
        ShownFile("<b>week</b>.xlsx", 18432, near),
    ]
    served.do(lambda: served.bitrix24.bot_says(served.people[2], "Files", files=files))
    page.wait(lambda: len(page.all(".b24 .file")) == 2)
    [picture] = page.all(".b24 .picture img")
    assert (420, 420) == (picture.size["width"], picture.size["height"])
    assert page.texts(".b24 .file b") == ["far.png", "<b>week</b>.xlsx"]
    assert page.texts(".b24 .file small") == ["900 B", "18 KB"]


def test_what_happened(page: Page, served: Served) -> None:
    """The panel shows today's hours, requests and calls, and orders a fault with one click."""
    served.do(lambda: served.world.called("telegram", "getMe", {"token": "<i>x</i>"}, 401))
    served.do(lambda: [served.world.called("telegram", "getUpdates", {}, 200) for _ in range(50)])
    page.close_hint()
    page.choose("anna")
    page.wait(lambda: page.one("#dock-today").text == "Worked today 3 h 08 min · break 42 min")
    page.one("#dock-bar").click()
    page.wait(lambda: page.texts("#hours b") == ["09:02 – now"])
    assert page.texts("#requests .state") == ["awaits a decision"]
    assert page.texts("#calls summary") == ["09:02\nTelegram\ngetMe\n401"]
    page.one("#polls").click()
    page.wait(lambda: len(page.all("#calls summary")) == 40)
    page.one("#polls").click()
    page.wait(lambda: len(page.all("#calls summary")) == 1)
    page.one("[data-fault=rate_limit]").click()
    page.wait(lambda: page.texts(".toast") == ["Ordered: Telegram, too many requests"])
    assert served.do(lambda: served.world.faults.strikes("telegram", "rate_limit"))


def test_reader_stays_where_they_read(page: Page, served: Served) -> None:
    """A new message scrolls a chat that is at its end, and leaves alone one in which somebody reads above."""
    page.close_hint()
    page.choose("anna")
    anna = served.people[2]
    served.do(lambda: [served.telegram.bot_says(anna, f"message {number}") for number in range(40)])
    page.wait(lambda: len(page.all(".tg .bot")) == 40)
    left = "const log = document.querySelector('.tg .log'); return log.scrollHeight - log.scrollTop - log.clientHeight"
    page.wait(lambda: page.run(left) < 2)
    page.run("document.querySelector('.tg .log').scrollTop = 100")
    # The page learns of a scroll with its next frame.
    page.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
    served.do(lambda: served.telegram.bot_says(anna, "one more"))
    page.wait(lambda: page.one(".tg .to-end").is_displayed())
    assert page.run("return document.querySelector('.tg .log').scrollTop") == 100
    page.one(".tg .to-end").click()
    page.wait(lambda: page.run(left) < 2)
    assert not page.one(".tg .to-end").is_displayed()


@pytest.mark.parametrize("width", [360, 390])
def test_phone(page: Page, served: Served, width: int) -> None:
    """On a phone one messenger is shown at a time, nothing sticks out, and every target is big enough for a thumb."""
    page.resize(width, 800, is_phone=True)
    page.driver.refresh()
    page.wait(lambda: page.one("#hint-close").is_displayed())
    page.choose("james")
    # The steps are done while they are read: what is written into is beside them, not under them.
    page.one(".b24 textarea").send_keys("I'm in")
    page.one(".b24 .send").click()
    page.wait(lambda: page.texts(".b24 .own .text") == ["I'm in"])
    assert page.run(UNDER_THE_EDGE, ".clock button, [data-person=james]") == []
    page.close_hint()
    assert [page.one(".b24").is_displayed(), page.one(".tg").is_displayed()] == [True, False]
    served.do(lambda: served.telegram.bot_says(served.people[4], "psst", [ShownButton("Break", "press")]))
    page.wait(lambda: page.one("#tab-telegram .dot").is_displayed())
    page.one("#tab-telegram").click()
    assert [page.one(".b24").is_displayed(), page.one(".tg").is_displayed()] == [False, True]
    assert not page.one("#tab-telegram .dot").is_displayed()
    page.one(".tg textarea").send_keys("lunch")
    page.one(".tg .send").click()
    page.wait(lambda: page.texts(".tg .own .text") == ["lunch"])
    assert page.run("return document.documentElement.scrollWidth") == width
    small = page.run(
        """
        return [...document.querySelectorAll("button, input:not([type=checkbox]), textarea, .key")]
          .filter((node) => node.offsetParent && !node.classList.contains("inline-link"))
          .map((node) => [node.className || node.id, node.getBoundingClientRect()])
          .filter(([, box]) => box.height < 44 || box.width < 44).map(([name]) => name)
        """
    )
    assert small == []


UNDER_THE_EDGE = """
return [...document.querySelectorAll(arguments[0])]
  .filter((node) => node.getClientRects().length)
  .filter((node) => {
    const [own, card] = [node, node.closest(".clock, .people")].map((each) => each.getBoundingClientRect());
    return own.left < card.left + 1.5 || own.right > card.right - 1.5;
  })
  .map((node) => node.id || node.textContent)
"""
"""What touches or leaves the left or right edge of its row, where the frame around it would be cut."""

STICKS_OUT = """
return [...document.querySelectorAll("body *")]
  .filter((node) => node.getClientRects().length && !node.closest(".people, .chips, .bar, svg"))
  .map((node) => [node.id || node.className, node.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.left < -1 || box.right > arguments[0] + 1)).map(([name]) => name)
"""
"""What a reader would have to push the page aside for; people and quick phrases are rows that are pushed aside."""


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("width", [320, 360, 768, 1100])
def test_wide_letters(page: Page, width: int, language: str) -> None:
    """However wide the letters of the machine's fonts are, the page is as wide as its screen: nothing sticks out."""
    page.resize(width, 800, is_phone=width < 900)
    page.driver.refresh()
    page.wait(lambda: page.one("#hint-close").is_displayed())
    page.one(f"[data-lang={language}]").click()
    page.run(
        """
        const wide = new CSSStyleSheet();
        wide.replaceSync("* { font-family: monospace !important; letter-spacing: .04em !important }");
        document.adoptedStyleSheets = [wide];
        """
    )
    assert page.run(STICKS_OUT, width) == []
    page.close_hint()
    for opened in ("#pick", "#dock-bar"):
        if page.one(opened).is_displayed():
            page.one(opened).click()
        assert page.run(STICKS_OUT, width) == []
    assert page.run("return document.documentElement.scrollWidth") == width


CONTRASTS = """
const shine = ([r, g, b]) => [r, g, b].map((each) => each / 255)
  .map((each) => (each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4))
  .reduce((sum, each, index) => sum + each * [.2126, .7152, .0722][index], 0);
const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
const behind = (node) => {
  for (let each = node; each; each = each.parentElement) {
    const colour = numbers(getComputedStyle(each).backgroundColor);
    if (colour.length === 3) return colour;
  }
  return [255, 255, 255];
};
return arguments[0].flatMap((selector) => [...document.querySelectorAll(selector)]
  .filter((node) => node.getClientRects().length)
  .map((node) => [shine(numbers(getComputedStyle(node).color)), shine(behind(node))].sort((a, b) => b - a))
  .map(([light, dim]) => [selector, (light + .05) / (dim + .05)]))
"""
"""How far the words of those elements stand out from what is behind them, as WCAG counts it."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(page: Page, served: Served, scheme: str) -> None:
    """The page follows the system into the dark, and its words can be read in either."""
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    try:
        page.choose("james")
        served.do(lambda: served.bitrix24.bot_says(served.people[4], "Well?", [ShownButton("Break", "press")]))
        page.wait(lambda: page.all(".b24 .key"))
        page.one("#dock-bar").click()
        page.wait(lambda: page.all("#hours .session"))
        read = ["#time", "#date", "#zone", ".soft", ".solid", ".round", "[aria-pressed=true] b", ".segment button"]
        read += [
            ".b24 .chip",
            ".b24 .key",
            ".b24 .text",
            ".b24 .meta",
            ".chat-name",
            ".chat-sub",
            ".chat-brand",
            ".badge",
        ]
        read += ["textarea", "#moment", "#dock-today", "#dock-last", ".quiet", ".state", ".tick-box", ".lift"]
        found = page.run(CONTRASTS, read)
        assert {each for each, _contrast in found} >= {"#time", ".b24 .key", ".b24 .chip", ".state", ".solid"}
        assert [(each, round(contrast, 2)) for each, contrast in found if contrast < 4.5] == []
        paper = page.one(".clock").value_of_css_property("background-color")
        assert (paper == "rgba(255, 255, 255, 1)") == (scheme == "light")
    finally:
        page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_keyboard_alone(page: Page, served: Served) -> None:
    """Everything can be reached without a mouse, and where one is can be seen."""
    page.close_hint()
    page.choose("james")
    served.do(lambda: served.bitrix24.bot_says(served.people[4], "Well?", [ShownButton("Break", "press")]))
    page.wait(lambda: page.all(".b24 .key"))
    page.run("document.querySelector('.b24 .log').focus()")
    page.driver.switch_to.active_element.send_keys(keys.Keys.TAB)
    focused = page.driver.switch_to.active_element
    assert focused.text == "Break"
    assert focused.value_of_css_property("outline-style") == "solid"
    focused.send_keys(keys.Keys.ENTER)
    page.wait(lambda: page.texts(".b24 .bot .text") == ["Pressed Break"])


def test_service_away(page: Page, served: Served) -> None:
    """A message that could not be sent is given back to the field, and the person is told."""
    page.close_hint()
    page.choose("james")
    page.run("window.fetch = () => Promise.reject(new TypeError('away'))")
    page.one(".b24 textarea").send_keys("hello", keys.Keys.ENTER)
    page.wait(lambda: page.texts(".toast") == ["The service does not answer. Is it running?"])
    assert page.one(".b24 textarea").get_attribute("value") == "hello"
    assert served.bitrix24.said == []


def test_attaching(page: Page, served: Served, tmp_path: Path) -> None:
    """A file that is chosen goes to the bot at once, with what was typed as its caption."""
    page.close_hint()
    page.choose("anna")
    contract = tmp_path / "contract.pdf"
    contract.write_bytes(b"%PDF-1.4 contract")
    page.one(".b24 textarea").send_keys("the contract")
    page.one(".b24 input[type=file]").send_keys(str(contract))
    page.wait(lambda: served.bitrix24.sent)
    assert [SentFile("contract.pdf", b"%PDF-1.4 contract")] == served.bitrix24.sent
    assert [("anna", "the contract", None, None)] == served.bitrix24.said
    page.wait(lambda: page.texts(".b24 .own .text") == ["the contract"])
    assert page.one(".b24 textarea").get_attribute("value") == ""


def test_nobody_out_of_sight(page: Page) -> None:
    """On a laptop all nine people of the company stand on the page."""
    seen = """
        document.querySelector("[data-person=eve]")?.remove();
        const row = document.querySelector(".people");
        return [row.scrollWidth <= row.clientWidth, row.children.length];
    """
    for width in (1280, 1360):
        page.resize(width, 800, is_phone=False)
        assert [True, len(PEOPLE)] == page.run(seen)
