"""What every page's answer carries, and who may show it in a frame."""

import gzip
import ipaddress
import re
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import web

from bot.domain.people.session import Via
from bot.services.people.access import Reader
from bot.web.render import STATIC, packed, static_files

_NAME = re.compile(r"[a-z0-9.-]{1,253}(:[0-9]{1,5})?", re.ASCII)
_QUICKLY = 4
"""How hard a page is packed: twice as hard saves a twentieth of the bytes."""
_NEVER = re.compile(r"q=0(\.0*)?")
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
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        if _takes_gzip(request):
            content, headers["Content-Encoding"] = packed(request.match_info["name"]), "gzip"
        return web.Response(body=content, content_type=kind, charset="utf-8", headers=headers)

    return [web.get(f"{STATIC}/{{name}}", static)]


def pack(request: web.Request, response: web.Response) -> web.Response:
    """Return a page as gzip where that is taken and its address holds nothing that somebody else could have chosen.

    Who makes a browser open addresses and sees lengths could else guess, try by try, what stands beside their words.
    """
    if request.method == "GET" and not request.query_string and _takes_gzip(request):
        if isinstance(response.body, bytes):
            response.body = gzip.compress(response.body, _QUICKLY, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = f"{response.headers['Vary']}, Accept-Encoding"
    return response


def _takes_gzip(request: web.Request) -> bool:
    """Whether whoever asks unpacks gzip; what is refused there by `q=0` is not sent."""
    asked = [each.replace(" ", "").lower() for each in request.headers.get("Accept-Encoding", "")[:200].split(",")]
    return any(
        name == "gzip" and not _NEVER.fullmatch(rank) for name, _, rank in (each.partition(";") for each in asked)
    )


def host_of(address: str) -> str:
    """Return host and port of an address."""
    return urlsplit(address).netloc.lower()
