"""How the emulators serve a file that the bot sent: a picture opens in place, anything else is saved."""

from urllib.parse import quote

from aiohttp import web

from bot.sandbox.pictures import picture_type


def file_response(name: str, content: bytes) -> web.Response:
    """Answer with a file; whatever it says it is, nothing in it runs."""
    kind = picture_type(content)
    disposition = "inline" if kind else "attachment"
    headers = {
        "Content-Type": kind or "application/octet-stream",
        "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox",
    }
    return web.Response(body=content, headers=headers)
