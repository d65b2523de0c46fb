"""From where something may be sent: our own pages alone; and how a session travels."""

from collections.abc import Callable
from datetime import timedelta

from aiohttp import web

from bot.domain.people.session import LONG

COOKIE, FRAME_COOKIE = "__Host-smena", "__Host-smena-frame"
_LOOPBACK = ("http://127.0.0.1", "http://localhost")


class Origins:
    """Knows our own addresses. The `Host` header is whatever somebody writes: it is none of them."""

    def __init__(self, site: Callable[[], str | None]) -> None:
        """`site` tells the address of the service, once it is known."""
        self._site = site

    @property
    def own(self) -> frozenset[str]:
        """Our origins: one, or on loopback both names of it."""
        site = self._site()
        if site is None:
            return frozenset()
        for each in _LOOPBACK:
            if site.startswith((f"{each}:", f"{each}/")) or site == each:
                port = site[len(each) :]
                return frozenset(f"{name}{port}" for name in _LOOPBACK)
        return frozenset({site})

    @property
    def is_safe(self) -> bool:
        """Whether pages can be shown at all: over https, or on this very machine."""
        return bool(self.own) and all(each.startswith(("https://", *_LOOPBACK)) for each in self.own)

    def are_own(self, request: web.Request) -> bool:
        """Whether what is sent comes from a page of ours."""
        site = request.headers.get("Sec-Fetch-Site")
        if site is not None:
            return site == "same-origin"
        return request.headers.get("Origin") in self.own


def token_of(request: web.Request) -> str:
    """Return the session's token: of two cookies the one whose kind fits where the page is shown."""
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        return bearer.removeprefix("Bearer ").strip()
    in_frame = request.headers.get("Sec-Fetch-Dest") == "iframe"
    first, second = (FRAME_COOKIE, COOKIE) if in_frame else (COOKIE, FRAME_COOKIE)
    return request.cookies.get(first) or request.cookies.get(second) or ""


def keep(response: web.StreamResponse, token: str, *, in_frame: bool = False, lives: timedelta = LONG) -> None:
    """Let the browser keep a session."""
    _cookie(response, token, in_frame=in_frame, lives=int(lives.total_seconds()))


def forget(response: web.StreamResponse) -> None:
    """Let the browser forget it."""
    for in_frame in (False, True):
        _cookie(response, "", in_frame=in_frame, lives=0)


def _cookie(response: web.StreamResponse, token: str, *, in_frame: bool, lives: int) -> None:
    name = FRAME_COOKIE if in_frame else COOKIE
    parts = [f"{name}={token}", "Path=/", "Secure", "HttpOnly"]
    parts += ["SameSite=None", "Partitioned"] if in_frame else ["SameSite=Lax"]
    parts.append(f"Max-Age={lives}")
    response.headers.add("Set-Cookie", "; ".join(parts))
