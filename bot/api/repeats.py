"""Calls that may be repeated: by which key, where their answer is kept, and how it is given again."""

import json
from hashlib import sha256

from aiohttp import web

from bot.api.operation import Operation, Reader
from bot.api.problems import BAD_HEADER, KEY_REUSED, own
from bot.domain.people.employee import Role
from bot.text import t

_REPLAYED = frozenset({"Location", "ETag", "Content-Language"})


def repeat_key(request: web.Request, operation: Operation) -> str:
    """Return by which key a call may be repeated; empty where it may not. Refused where it is none."""
    said = request.headers.getall("Idempotency-Key", [])
    if not said or not operation.is_repeatable:
        return ""
    if len(said) > 1 or not 1 <= len(said[0]) <= 100 or not all("!" <= each <= "~" for each in said[0]):
        raise own(BAD_HEADER, errors=[("Idempotency-Key", t("It is one, of 1 to 100 visible ASCII characters."))])
    return said[0]


def place_of(request: web.Request, reader: Reader, repeat: str) -> str:
    """Return where the answer to a call is kept: nobody else's, and of no other address, is there."""
    if not repeat:
        return ""
    parts = [str(reader.portal.id), str(reader.key.id), request.method, request.path, request.query_string, repeat]
    return sha256(json.dumps(parts).encode()).hexdigest()


def stored(response: web.Response, role: Role) -> str:
    """Return an answer as it is kept, with what its reader was."""
    headers = {name: value for name, value in response.headers.items() if name in _REPLAYED}
    body = response.body if isinstance(response.body, bytes) else b""
    return json.dumps({"status": response.status, "headers": headers, "body": body.decode(), "role": role.value})


def replayed(kept: str, role: Role) -> web.Response:
    """Return an answer that was kept; none to whoever has other rights by now, and nothing is done again."""
    form = json.loads(kept)
    if form.get("role", role.value) != role.value:
        raise own(KEY_REUSED)
    headers = {**form["headers"], "Idempotency-Replayed": "true"}
    if not form["body"]:
        return web.Response(status=form["status"], headers=headers)
    return web.Response(
        body=form["body"].encode(), status=form["status"], content_type="application/json", headers=headers
    )
