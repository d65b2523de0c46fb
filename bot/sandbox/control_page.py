"""The page `/sandbox` and its few files, all our own and all from this server."""

import hashlib
from pathlib import Path

from aiohttp import web

from bot.sandbox.control_http import Handler, Problem

STATIC = Path(__file__).parent / "static"
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
# Pictures may come from the emulators, which listen on their own ports of this machine; nothing else may.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "frame-src http://127.0.0.1:* http://localhost:*; img-src 'self' http://127.0.0.1:* http://localhost:*; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def file_handler(name: str | None = None) -> Handler:
    """Return a handler that serves the named file, or the file that the address names."""
    files = {path.name: path.read_bytes() for path in STATIC.iterdir() if path.suffix in _TYPES}
    tags = {each: hashlib.sha256(body).hexdigest()[:20] for each, body in files.items()}

    async def serve(request: web.Request) -> web.StreamResponse:
        """Answer with the file, or 304 when the browser has it."""
        wanted = name or request.match_info["name"]
        body = files.get(wanted)
        if body is None:
            raise Problem(404, "no_such_file", "The page has no such file.")
        headers = {
            "Cache-Control": "no-cache",
            "Content-Security-Policy": _POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "ETag": f'"{tags[wanted]}"',
        }
        if tags[wanted] in {each.value for each in request.if_none_match or ()}:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type=_TYPES[Path(wanted).suffix], charset="utf-8", headers=headers)

    return serve
