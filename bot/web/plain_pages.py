"""Pages that need nobody to be signed in: why something was not done, in a language that the browser asks for."""

from collections.abc import Sequence

from aiohttp import web

from bot.i18n import locale_among
from bot.text import Phrase, t
from bot.web.addresses import ENTER
from bot.web.doors import page
from bot.web.render import Reader, render

OPEN_ANEW = t("To come in again, open Smena from where you opened it: nothing else is needed.")
NO_CHANGE = t("Nothing was changed by that, and nothing was lost.")
Way = tuple[str, Phrase]
"""An address to go on to, and what the link to it says."""
OPEN: Way = ("/", t("Open Smena"))
"""The overview; to whoever is not signed in, how one comes in."""
COME_IN: Way = (ENTER, t("Sign in"))


def stranger_of(request: web.Request) -> Reader:
    """Return the language of somebody who is not known."""
    return Reader(locale_among(request.headers.get("Accept-Language", "")))


def plain(
    reader: Reader,
    status: int,
    title: Phrase,
    *said: Phrase,
    ways: Sequence[Way] = (),
    held: Sequence[tuple[str, str]] = (),
    action: str = "",
    frame: str | None = None,
) -> web.Response:
    """Return a page that tells something, and where to go on; it sends the fields that it has `held` once more."""
    html = render(
        "alone.html",
        reader,
        title=title,
        said=list(said),
        ways=list(ways),
        fields=list(held),
        action=action,
        send=t("Send it again"),
    )
    return page(html, frame=frame, status=status)


def from_elsewhere(reader: Reader) -> web.Response:
    """Refuse what no page of ours sent."""
    why = t("That was sent from another site, so nothing was done.")
    return plain(reader, 403, t("Not from here"), why, ways=[OPEN])


def starting(reader: Reader, address: str = "/") -> web.Response:
    """Say that the service is not ready yet, and lead back to the page that was asked for."""
    why = t("The service is starting. Please look again in a moment.")
    response = plain(reader, 503, t("One moment"), why, ways=[(address, t("Look again"))])
    response.headers["Retry-After"] = "5"
    return response


def needs_https(reader: Reader) -> web.Response:
    """Say that pages are shown over https alone."""
    return plain(
        reader,
        403,
        t("https is needed"),
        t(
            "These pages are shown over https alone, for what opens them could be read on the way otherwise. "
            "An administrator of this service can set PUBLIC_URL to its https address."
        ),
    )
