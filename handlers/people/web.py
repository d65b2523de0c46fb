"""The web application: a one-time link into it, and a code to type where the link cannot be opened."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Button, Keyboard, Reply
from bot.services.messengers import Messengers
from bot.services.people.access import Access
from bot.text import lines, t

router = Router("web")
_LINK = "/enter/link"


@router.command("web", t("Open my pages in a browser"))
async def open_pages(turn: Turn, access: Access, messengers: Messengers) -> Reply:
    """Offer a way in that opens once, to the account that asked."""
    site = messengers.site()
    said = turn.message
    identity = turn.employee.owning(said.channel, said.realm, said.sender.account)
    if site is None or identity is None:
        return turn.say(t("The pages have no address here yet. Your administrator can set one: PUBLIC_URL"))
    offered = access.offer(turn.employee, identity, turn.now)
    return turn.say(
        lines(
            t("Hours, requests and decisions on a page: press the button, on any device."),
            t("To type it instead: {address}, code *{code}*", address=f"{site}{_LINK}", code=offered.code),
            t("It lives ten minutes and opens once. Do not pass it on: it opens your pages."),
        ),
        Keyboard.of(Button(t("🔗 Open Smena"), link=f"{site}{_LINK}#{offered.token}", style="primary"), page="/"),
    )
