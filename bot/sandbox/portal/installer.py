"""Installs the application without a browser: opens its page as the portal does and presses its button."""

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.lifecycle import DEFAULT, LifeCycle
from bot.sandbox.waiting import until

FORM = "application/x-www-form-urlencoded"
FINISH = "installfinish"
"""What the page must call by the frame's messages or the portal's library, in small letters: (set)InstallFinish."""
_MOST_PAGES = 3
_NOT_BOUND_SECONDS = 3.0


class CannotInstallError(Exception):
    """Why the application did not come to the portal."""

    def __init__(self, code: str, title: str) -> None:
        """Keep a code for programs and a sentence for people."""
        super().__init__(title)
        self.code = code
        self.title = title


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the installer waits, in real seconds."""

    ready: float = 60.0
    not_bound: float = _NOT_BOUND_SECONDS
    pause: float = 0.05


@dataclass
class _Page(HTMLParser):
    """A page as far as the installer reads it: its scripts, and its first form with what it would send."""

    scripts: list[str] = field(default_factory=list)
    action: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    _in_form: bool = False
    _has_button: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a script, a form, a field of it, its first button."""
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and given.get("src"):
            self.scripts.append(given["src"])
        elif tag == "form" and self.action is None and given.get("method", "").lower() == "post":
            self.action, self._in_form = given.get("action", ""), True
        elif self._in_form and given.get("name"):
            is_button = tag == "button" or given.get("type") == "submit"
            if tag == "input" and not is_button:
                self.fields[given["name"]] = given.get("value", "")
            elif is_button and not self._has_button:
                self._has_button = True
                self.fields[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the form."""
        if tag == "form":
            self._in_form = False


class Installer:
    """Installs the application on one portal."""

    def __init__(self, portal: Portal, lifecycle: LifeCycle, patience: Patience | None = None) -> None:
        """Wait as long as `patience` says."""
        self._portal = portal
        self._lifecycle = lifecycle
        self._patience = patience or Patience()
        self._lock = asyncio.Lock()

    async def install(self, by: int, language: str) -> None:
        """Install it as that account, or raise CannotInstallError and leave the portal without it."""
        async with self._lock:
            self._refuse(by)
            self._lifecycle.begin(by)
            try:
                await self._open(by, language)
                await self._until_ready()
            except (CannotInstallError, asyncio.CancelledError):
                self._portal.keep_installation(None)
                raise
            self._lifecycle.finish()
            await self._told()

    def _refuse(self, by: int) -> None:
        account, installation = self._portal.accounts.get(by), self._portal.installation
        if installation is not None and installation.is_finished:
            raise CannotInstallError("already_installed", "The application is installed on this portal.")
        if account is None or not account.is_active:
            raise CannotInstallError("not_an_employee", "Only an employee of the portal can install the application.")
        if not account.is_admin:
            raise CannotInstallError("not_an_administrator", "Only an administrator of the portal can install it.")

    async def _open(self, by: int, language: str) -> None:
        """Open the page, press its button while it has one, and see that it will finish the installation."""
        url, form, _ = self._lifecycle.opening(by, language, DEFAULT, {})
        home = urlsplit(url).netloc
        can_finish = False
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._patience.ready)) as session:
            for _ in range(_MOST_PAGES):
                text = await self._post(session, url, form)
                page = _Page()
                page.feed(text)
                can_finish = can_finish or FINISH in text.lower()
                for script in [urljoin(url, each) for each in page.scripts]:
                    if not can_finish and urlsplit(script).netloc == home:
                        can_finish = FINISH in (await self._get(session, script)).lower()
                if page.action is None:
                    break
                url, form = urljoin(url, page.action), urlencode(page.fields).encode()
                if urlsplit(url).netloc != home:
                    break
        if not can_finish:
            raise CannotInstallError("never_finished", "The application's page does not call installFinish.")

    async def _post(self, session: aiohttp.ClientSession, url: str, form: bytes) -> str:
        try:
            async with session.post(url, data=form, headers={"Content-Type": FORM}, allow_redirects=False) as response:
                text = await response.text(errors="replace")
        except (aiohttp.ClientError, TimeoutError):
            raise CannotInstallError("page_failed", "The application's page does not answer.") from None
        if response.status >= 300:
            raise CannotInstallError("page_failed", f"The application's page answered {response.status}.")
        return text

    async def _get(self, session: aiohttp.ClientSession, url: str) -> str:
        try:
            async with session.get(url) as response:
                return await response.text(errors="replace")
        except (aiohttp.ClientError, TimeoutError):
            return ""

    async def _until_ready(self) -> None:
        """Wait for the application's bot, and a little for the handlers that it binds."""
        if not await until(self._has_bot, self._patience.ready, self._patience.pause):
            raise CannotInstallError("no_bot", "The application did not register its bot in time.")
        await until(lambda: bool(self._portal.app_events.bound()), self._patience.not_bound, self._patience.pause)

    def _has_bot(self) -> bool:
        return any(bot.client_id for bot in self._portal.memory.bots.values())

    async def _told(self) -> None:
        """Wait until the application has heard what the portal sent."""
        await until(lambda: not self._portal.callbacks.waiting, self._patience.not_bound, self._patience.pause)
