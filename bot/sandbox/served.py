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


def elsewhere(url: str, here: str) -> str:
    """Return an address of this machine under its other name, so that the page there is of another site than `here`.

    That is what a frame of the real portal is: browsers take the two names for two sites, and believe both.
    """
    one, other = ("127.0.0.1", "localhost") if here.startswith("127.") else ("localhost", "127.0.0.1")
    return url.replace(f"//{one}:", f"//{other}:", 1)
