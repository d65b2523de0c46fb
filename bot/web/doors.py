"""What every page's answer carries, and who may show it in a frame."""

import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.people.session import Via
from bot.services.people.access import Reader
from bot.web.render import STATIC, static_files

_NAME = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?", re.ASCII)
TELEGRAM_FRAME = "https://web.telegram.org"
_LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def origin_of(host: str, *, allow_local: bool = False) -> str | None:
    """Return the origin of a portal by its host; None for what cannot be one, and so cannot be put into a header."""
    host = host.lower()
    if not _NAME.fullmatch(host):
        return None
    name = host.partition(":")[0]
    if name in _LOOPBACK:
        return f"http://{host}" if allow_local else None
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return f"https://{host}" if "." in name.strip(".") else None
    return None


def around(reader: Reader, own: Collection[str]) -> str | None:
    """Return who may show a page of somebody who is signed in around it; None for nobody.

    That is the portal by whose page they came in, at the address that the authorisation server confirmed, or the
    messenger's. On this very machine the messenger is the sandbox's, which stands at our `own` addresses.
    """
    if reader.session.via is Via.MINI_APP:
        return messenger_frame(own)
    if not reader.around:
        return None
    return origin_of(host_of(reader.around), allow_local=reader.around.startswith("http://"))


def messenger_frame(own: Collection[str]) -> str:
    """Return who may show what opens in Telegram."""
    return " ".join([TELEGRAM_FRAME, *sorted(each for each in own if each.startswith("http://"))])


def page(html: str, *, frame: str | None = None, status: int = 200) -> web.Response:
    """Return a page that nobody keeps; only `frame`, an origin, may show it inside its own."""
    ancestors = frame or "'none'"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Vary": "Cookie, Authorization",
    }
    return web.Response(text=html, status=status, content_type="text/html", charset="utf-8", headers=headers)


def static_routes() -> list[web.RouteDef]:
    """Return the door of what pages are made with."""

    async def static(request: web.Request) -> web.Response:
        found = static_files().get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        kind, content = found
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    return [web.get(f"{STATIC}/{{name}}", static)]


def host_of(address: str) -> str:
    """Return host and port of an address."""
    return urlsplit(address).netloc.lower()
