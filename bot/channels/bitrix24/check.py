"""`check`: can the portal be reached, and does its webhook open what the bot needs."""

import time

import aiohttp

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.credentials import IncomingWebhook
from bot.channels.bitrix24.errors import NO_ANSWER, UNREADABLE, RestError, delivery_error
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.values import items, mapping, text
from bot.clock import SystemClock
from bot.messages import DeliveryError

NEEDED = "imbot"
_SAID = {
    NO_ANSWER: "nothing answers at that address: is it written as the portal shows it, and may this machine get out?",
    UNREADABLE: "what answers at that address is no portal: copy the whole address that the portal shows",
    "credentials": "the portal does not take this webhook ({}): was it deleted or changed? Make a new one",
    "server": "the portal answers with an error of its own ({}): try again later",
}
"""What an operator can do about it."""
_USERS = ("user_brief", "user_basic", "user")


async def check(url: str) -> str:
    """Return one line about the portal behind an incoming webhook; DeliveryError says why it cannot be used."""
    async with aiohttp.ClientSession() as session:
        client = Client(IncomingWebhook(url), Limiter(monotonic=time.monotonic), session, SystemClock())
        try:
            profile = mapping((await client.call("profile", {})).result)
            scopes = [text(each) for each in items((await client.call("scope", {})).result)]
        except RestError as error:
            failed = delivery_error(error, whole_request=True)
            said = _SAID.get(error.code) or _SAID.get(failed.kind, "{}")
            raise DeliveryError(failed.kind, permanent=failed.permanent, detail=said.format(error)) from None
    if NEEDED not in scopes:
        raise DeliveryError("credentials", permanent=True, detail=f"the webhook lacks the scope {NEEDED}")
    name = f"{text(profile.get('NAME'))} {text(profile.get('LAST_NAME'))}".strip() or text(profile.get("ID"))
    lacking = [] if any(each in scopes for each in _USERS) else ["user_brief"]
    lacking += [] if "department" in scopes else ["department"]
    note = f"; without {', '.join(lacking)} the directory stays incomplete" if lacking else ""
    return f"the portal answers as {name}, scopes {', '.join(scopes)}{note}"
