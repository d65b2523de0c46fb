"""What a request carries, whichever way it was sent: JSON, form or multipart body, and the query."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.php import nest, parse_query


async def read_params(request: web.Request) -> dict[str, Any]:
    """Return the parameters of the query and the body together; the body wins."""
    values = parse_query(request.rel_url.raw_query_string)
    if request.method == "GET" or not request.can_read_body:
        return values
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except (ValueError, RecursionError) as wrong:
            raise RestError("INVALID_REQUEST", "Malformed JSON") from wrong
        if body == []:
            return values
        if not isinstance(body, dict):
            raise RestError("INVALID_REQUEST", "The body must be a JSON object")
        return {**values, **body}
    form = await request.post()
    return {**values, **nest((name, _text(value)) for name, value in form.items())}


def _text(value: Any) -> str:
    """Read a field of a form; a part that came as a file is read as text."""
    if isinstance(value, web.FileField):
        value = value.file.read()
    return value.decode("utf-8", "replace") if isinstance(value, bytes | bytearray) else str(value)


def dump(value: Any) -> str:
    """Write JSON as the portal does, with every letter beyond ASCII escaped."""
    return json.dumps(value, separators=(",", ":"))
