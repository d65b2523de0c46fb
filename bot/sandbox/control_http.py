"""What every control call needs of HTTP: who may call, coded problems, and fields read strictly from a body."""

import base64
import binascii
import ipaddress
import json
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from aiohttp import HttpVersion11, web

from bot.sandbox.world import NotThere, SentFile

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

JSON_LIMIT = 1 << 20
RAW_LIMIT = 16 << 20
LAST_YEAR = 2100  # zones have no rules far beyond it, and a clock that went there could never come back

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_PROXY_HEADERS = frozenset({"forwarded", "via", "x-real-ip", "x-scheme", "x-url-scheme", "cdn-loop", "max-forwards"})
_PROXY_PREFIXES = ("x-forwarded", "x-original-", "x-envoy-", "x-proxy", "x-amzn-", "x-arr-", "cf-")
_PROXY_ENDINGS = ("client-ip", "connecting-ip", "-remote-addr")
_log = structlog.get_logger(__name__)


class Problem(Exception):
    """A refused call: the status, a code that programs can match, and a sentence for people."""

    def __init__(self, status: int, code: str, title: str) -> None:
        """Keep the three parts of the answer."""
        super().__init__(title)
        self.status = status
        self.code = code
        self.title = title

    def response(self) -> web.Response:
        """Return the problem document."""
        return web.json_response(
            {"code": self.code, "title": self.title}, status=self.status, content_type="application/problem+json"
        )


def _is_loopback(host: str | None) -> bool:
    """Whether that host name or address can only mean this machine."""
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def _host_name(authority: str) -> str | None:
    """Return the host of `host:port`, lower case, or None when it cannot be read."""
    try:
        return urlsplit(f"//{authority}").hostname
    except ValueError:
        return None


def _is_passed_on(header: str) -> bool:
    """Whether such a header, in small letters, is a proxy's."""
    return header in _PROXY_HEADERS or header.startswith(_PROXY_PREFIXES) or header.endswith(_PROXY_ENDINGS)


def admit(request: web.Request) -> None:
    """Let only this machine in: by the peer's address, by what no proxy has passed on, by the Host, and by the page.

    A proxy on this machine looks like this machine, whoever stands behind it; so what bears the marks of having been
    passed on is refused, and so is HTTP/1.0, which some proxies speak and no browser does. The Host check stops a
    foreign page that rebinds its name to 127.0.0.1; the Origin check stops a foreign page that posts here blindly.
    """
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    if not isinstance(peer, tuple) or not _is_loopback(str(peer[0])):
        raise Problem(403, "not_loopback", "The sandbox answers only calls from this machine.")
    if request.version < HttpVersion11 or any(_is_passed_on(name.lower()) for name in request.headers):
        raise Problem(403, "forwarded", "The sandbox is not for the network: no proxy may pass requests on to it.")
    if not _is_loopback(_host_name(request.host)):
        raise Problem(403, "foreign_host", "Open the sandbox by localhost or 127.0.0.1, not by another name.")
    origin = request.headers.get("Origin")
    if request.method in _SAFE_METHODS or origin is None:
        return
    if origin.lower() not in {f"{scheme}://{request.host}".lower() for scheme in ("http", "https")}:
        raise Problem(403, "foreign_origin", "Only the sandbox's own page may change something from a browser.")


def guarded(handler: Handler) -> Handler:
    """Wrap a handler so that strangers are refused and every failure is a coded problem document."""

    async def answer(request: web.Request) -> web.StreamResponse:
        """Admit the request, handle it, and word what went wrong."""
        try:
            admit(request)
            return await handler(request)
        except Problem as problem:
            return problem.response()
        except NotThere as missing:
            what = f": {missing}" if str(missing) else ""
            return Problem(409, "not_there", f"That is not on the screen{what}.").response()
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 - the edge: whatever failed, the caller gets a code and the log the rest
            _log.exception("sandbox call failed", method=request.method, path=request.path)
            return Problem(500, "internal", "The sandbox failed to do this; its log says why.").response()

    return answer


async def read_body(request: web.Request, limit: int) -> bytes:
    """Read the body, but not more than `limit` bytes of it."""
    if request.content_length is not None and request.content_length > limit:
        raise Problem(413, "too_large", f"The body is larger than {limit} bytes.")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > limit:
            raise Problem(413, "too_large", f"The body is larger than {limit} bytes.")
    return bytes(body)


async def read_fields(request: web.Request, allowed: Collection[str], limit: int = JSON_LIMIT) -> dict[str, Any]:
    """Read a JSON object that has only fields of `allowed`."""
    body = await read_body(request, limit)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json", "The body is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise Problem(400, "bad_json", "The body must be a JSON object.")
    surplus = sorted(set(fields) - set(allowed))
    if surplus:
        raise _bad("The only fields here are " + ", ".join(sorted(allowed)) + ".")
    return fields


def _bad(title: str) -> Problem:
    """Return the problem of a field that cannot be used."""
    return Problem(400, "bad_field", title)


def text_field(fields: dict[str, Any], name: str) -> str:
    """Return a required text that is not blank and that UTF-8 can carry."""
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _bad(f'"{name}" must be a text that is not empty.')
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _bad(f'"{name}" holds half of a character.') from None
    return value


def files_field(fields: dict[str, Any]) -> list[SentFile]:
    """Return the files of a message: each an object of a name and of its content as base64."""
    value = fields.get("files")
    wrong = _bad('"files" must be a list of objects with "name" and "base64".')
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong
    found: list[SentFile] = []
    for each in value:
        if not isinstance(each, dict) or set(each) != {"name", "base64"}:
            raise wrong
        name, encoded = each["name"], each["base64"]
        if not isinstance(name, str) or not name.strip() or not isinstance(encoded, str):
            raise wrong
        try:
            found.append(SentFile(name, base64.b64decode(encoded, validate=True)))
        except (binascii.Error, ValueError):
            raise wrong from None
    return found


def whole_field(fields: dict[str, Any], name: str, *, low: int = 0, high: int = 2**53) -> int | None:
    """Return an optional whole number within the bounds, or None when it is absent."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise _bad(f'"{name}" must be a whole number from {low} to {high}.')
    return value


def seconds_field(fields: dict[str, Any], name: str, *, high: float = 3600.0) -> float | None:
    """Return an optional positive number of seconds, or None when it is absent."""
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= high:
        raise _bad(f'"{name}" must be more than 0 and at most {high:g} seconds.')
    return float(value)


def instant_field(fields: dict[str, Any], name: str) -> datetime | None:
    """Return an optional ISO instant in UTC (UTC is meant where it names no offset), or None when it is absent."""
    value = fields.get(name)
    if value is None:
        return None
    try:
        instant = datetime.fromisoformat(value)
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise _bad(f'"{name}" must be an ISO instant such as 2026-07-14T06:00:00Z.') from None
    if instant.year > LAST_YEAR:
        raise _bad(f'"{name}" must not lie after the year {LAST_YEAR}.')
    return instant


def day_query(request: web.Request, name: str) -> date | None:
    """Return an optional day of the query string, or None when it is absent or empty."""
    value = request.query.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise _bad(f'"{name}" must be a day such as 2026-07-14.') from None


def count_query(request: web.Request, name: str) -> int | None:
    """Return an optional whole number of the query string, or None when it is absent or empty."""
    value = request.query.get(name)
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise _bad(f'"{name}" must be a whole number.')
    return int(value)
