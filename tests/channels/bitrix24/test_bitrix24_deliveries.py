"""Webhook mode against the emulated portal: whom the door believes, what it survives, and that nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.bitrix24 import PortalBot, routes
from bot.channels.bitrix24.deliveries import CHALLENGE
from bot.channels.bitrix24.doorkeeper import CONTEXT, Doorkeeper, Letter
from bot.derived import Derived
from bot.messages import IncomingKind
from bot.sandbox.portal.methods import METHODS
from bot.text import t
from tests.channels.bitrix24.doubles import SECRET, MemoryVault, delivered, outgoing, payload, php_form, until
from tests.channels.bitrix24.sites import CARD, Site, site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Doors:
    """A site whose channel has events delivered; `is_shut` lets nothing through to it."""

    def __init__(self, made: Site) -> None:
        """Serve the channels of one site, one after another."""
        self.made = made
        self.channel: PortalBot
        self.is_shut = False
        self.url = ""

    async def serve(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Stand between the portal and the door."""
        if self.is_shut:
            raise web.HTTPBadGateway
        response: web.StreamResponse = await handler(request)
        return response

    async def start(self, **more: Any) -> PortalBot:
        """Start a channel; it is registered when this returns."""
        self.channel = self.made.channel(mode="webhook", events_url=self.url, **more)
        await self.channel.start(self.made.inbox)
        await until(lambda: self.channel._bot is not None)
        return self.channel

    async def stop(self) -> None:
        """Stop the channel as the service does."""
        await self.channel.hand_over()
        await self.channel.stop()

    @property
    def address(self) -> str:
        """Where the portal delivers to."""
        (bot,) = self.made.portal._portal.memory.bots.values()
        return bot.webhook_url

    @property
    def first(self) -> str:
        """Where the portal is told to deliver to when the bot is registered."""
        return f"{self.url}?portal=acme&key={Derived(SECRET).texts('bitrix24 door acme')[0]}"

    @property
    def mode(self) -> str:
        """How the portal hands over the bot's events."""
        (bot,) = self.made.portal._portal.memory.bots.values()
        return bot.event_mode

    async def knock(self, token: str, *, number: int = 0, to: str = "") -> int:
        """Deliver a message as somebody who knows the address would."""
        event = delivered(payload("message"), token=token)
        (bot,) = self.made.portal._portal.memory.bots.values()
        event["data"]["bot"]["id"] = bot.id
        event["data"]["message"]["id"] = 500_000 + number
        event["data"]["message"]["text"] = "forged"
        async with (
            aiohttp.ClientSession() as session,
            session.post(to or self.address, data=php_form(event), headers=FORM) as response,
        ):
            return response.status

    def texts(self) -> list[str]:
        """Return what people said, as it was stored."""
        return [each.text for each in self.made.inbox.incomings if each.kind is IncomingKind.TEXT]


@asynccontextmanager
async def doors() -> AsyncIterator[Doors]:
    """Run a portal and a server for the door; no channel yet."""
    async with site() as made:
        opened = Doors(made)

        @web.middleware
        async def between(request: web.Request, handler: Any) -> web.StreamResponse:
            return await opened.serve(request, handler)

        app = web.Application(middlewares=[between])
        app.add_routes(routes(lambda _: opened.channel))
        async with TestServer(app) as server:
            opened.url = str(server.make_url("/bitrix24/events"))
            yield opened


@asynccontextmanager
async def cannot_be_challenged() -> AsyncIterator[None]:
    """Take from the portal the way to be challenged."""
    method = METHODS.pop(CHALLENGE)
    try:
        yield
    finally:
        METHODS[CHALLENGE] = method


async def test_webhook_mode() -> None:
    """The portal delivers to our door with the key that we gave it: words, commands and presses."""
    async with doors() as opened:
        channel, made = await opened.start(), opened.made
        await until(lambda: channel.health()["ok"])
        assert (channel.health()["mode"], opened.mode) == ("webhook", "webhook")
        await made.portal.say(made.anna, "/checkin")
        await until(lambda: made.portal.undelivered() == 0)
        await channel.send(outgoing(t("Card"), to="3", keyboard=CARD))
        await made.portal.press(made.anna, made.portal.shown(made.anna)[-1].id, "Poke")
        await until(lambda: made.portal.undelivered() == 0)
        assert await made.portal.raw(b"event=x", FORM["Content-Type"]) == 400
        await opened.stop()
        kinds = [each.kind for each in made.inbox.incomings]
        assert kinds == [IncomingKind.GREETING, IncomingKind.TEXT, IncomingKind.PRESS]


@pytest.mark.parametrize("count", [1, 1000])
async def test_forged_before_anything_was_delivered(count: int) -> None:
    """Whoever knows the address and sends tokens of their own shuts nobody out and is not believed."""
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        statuses = {await opened.knock(f"x{number}" if number else "x", number=number) for number in range(count)}
        assert statuses <= {403, 503}
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"], 20)
        await until(lambda: channel.health()["ok"], 20)
        assert opened.texts() == ["пришла"]
        await opened.stop()


async def test_forged_is_found_out() -> None:
    """While it is not known whether a refused delivery was the portal's, the service is not ready; then it is again.

    The portal gets another address, and the one that strangers know is worth nothing to them.
    """
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        known = opened.address
        assert await opened.knock("x") == 403
        assert channel.health()["error"] == "DELIVERIES_REFUSED"
        await until(lambda: channel.health()["ok"] and opened.address != known, 20)
        assert await opened.knock("x", number=1, to=known) == 403
        assert channel.health()["ok"]
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"])
        await opened.stop()


async def test_renewed_token() -> None:
    """A portal that has another token all at once is challenged, and what it delivered meanwhile is let in."""
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        outflow = made.portal._portal.outflow
        outflow.identity = type(outflow.identity)(outflow.identity.domain, "renewed", outflow.identity.member_id)
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"], 20)
        await until(lambda: channel.health()["ok"], 20)
        await opened.stop()


async def test_what_comes_after_a_challenge_is_not_judged_by_its_answer() -> None:
    """It is held on and asked about anew; at a former address, which others may know, nothing is to be found out."""
    door = Doorkeeper("acme", Derived(SECRET), MemoryVault())
    door.hold(Letter(None, "forged"), is_newest=True)
    suspects = door.held()
    door.doubt.clear()
    former, newest = Letter(None, "renewed"), Letter(None, "renewed")
    door.hold(former, is_newest=False)
    assert 1 == door.dismiss(suspects)
    assert not door.is_in_doubt
    suspects = door.held()
    door.hold(newest, is_newest=True)
    assert 1 == door.dismiss(suspects)
    assert ([newest], True, True) == (door.held(), door.is_in_doubt, door.doubt.is_set())
    assert 1 == door.dismiss()
    assert ([], False) == (door.held(), door.is_in_doubt)


@pytest.mark.parametrize("count", [0, 1])
async def test_portal_that_cannot_be_challenged(count: int) -> None:
    """Without a challenge the portal gets an address that nobody was told; forged tokens do not shut it out."""
    async with doors() as opened, cannot_be_challenged():
        made = opened.made
        channel = await opened.start()
        first = opened.first
        await until(lambda: channel.health()["ok"] and opened.address != first)
        for number in range(count):
            await opened.knock("x", number=number, to=first)
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"])
        second = opened.address
        assert await opened.knock("y") == 403
        await until(lambda: channel.health()["ok"] and opened.address != second, 20)
        await made.portal.say(made.anna, "обед")
        await until(lambda: opened.texts() == ["пришла", "обед"])
        await opened.stop()


async def test_forged_at_the_newest_address() -> None:
    """Even a stranger's token that was believed gives way: the portal's deliveries are held and then let in."""
    async with doors() as opened, cannot_be_challenged():
        made = opened.made
        channel = await opened.start()
        first = opened.first
        await until(lambda: channel.health()["ok"] and opened.address != first)
        assert await opened.knock("x") == 200
        second = opened.address
        await made.portal.say(made.anna, "пришла")
        await until(lambda: channel.health()["ok"] and opened.address != second, 20)
        await made.portal.say(made.anna, "обед")
        await until(lambda: {"пришла", "обед"} <= set(opened.texts()), 20)
        for number, address in enumerate((opened.address, second, first), 1):
            assert await opened.knock("x", number=number, to=address) == 403
        await opened.stop()


async def test_deliveries_that_do_not_arrive() -> None:
    """Where nothing gets through to the door, events are fetched: nobody waits, and /ready says so."""
    async with doors() as opened:
        made = opened.made
        opened.is_shut = True
        channel = await opened.start()
        await until(lambda: opened.mode == "fetch", 20)
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"])
        facts = channel.health()
        assert (facts["ok"], facts["mode"], facts["note"]) == (True, "fetch", "DELIVERIES_DO_NOT_ARRIVE")

        # A stranger who gets through does not bring back a mode in which the portal does not.
        opened.is_shut = False
        asked = len(made.called(CHALLENGE))
        assert await opened.knock("x") == 503
        await asyncio.sleep(1.5)
        assert (opened.mode, len(made.called(CHALLENGE))) == ("fetch", asked)
        assert channel.health()["ok"]
        await opened.stop()


async def test_answer_that_comes_late() -> None:
    """An answer to a challenge that comes after all shows that deliveries arrive: they are set again."""
    async with doors() as opened:
        made = opened.made
        opened.is_shut = True
        channel = await opened.start()
        await until(lambda: opened.mode == "fetch", 20)
        opened.is_shut = False
        assert channel._deliveries is not None
        (nonce, *_) = channel._deliveries.door._challenges
        event = delivered(payload("message"), token=made.portal.application_token)
        (bot,) = made.portal._portal.memory.bots.values()
        event["event"], event["data"] = "ONIMBOTV2CONTEXTGET", {"bot": {"id": bot.id}, "context": {CONTEXT: nonce}}
        async with (
            aiohttp.ClientSession() as session,
            session.post(opened.address, data=php_form(event), headers=FORM) as response,
        ):
            assert response.status == 200
        await until(lambda: opened.mode == "webhook", 20)
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"])
        await opened.stop()


async def test_deliveries_that_arrive_no_more() -> None:
    """Where they did arrive once, another try is made before events are fetched: a hand-over is no outage."""
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        await opened.stop()
        opened.is_shut = True
        channel = await opened.start()
        await until(lambda: len(made.called(CHALLENGE)) == 3, 20)
        assert opened.mode == "webhook"
        await until(lambda: opened.mode == "fetch", 20)
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"])
        await opened.stop()


async def test_while_the_service_is_down() -> None:
    """What happens between a stop and the next start waits on the portal, and is fetched."""
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        await opened.stop()
        await made.portal.say(made.anna, "пришла")
        channel = await opened.start()
        await until(lambda: opened.texts() == ["пришла"])
        await until(lambda: channel.health()["ok"] and opened.mode == "webhook")
        await made.portal.say(made.anna, "обед")
        await until(lambda: opened.texts() == ["пришла", "обед"])
        await opened.stop()


async def test_put_into_fetch_mode_by_another() -> None:
    """Another process of ours that stops leaves the bot in fetch mode: its events are found, and delivery set again."""
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        await channel.hand_over()
        await made.portal.say(made.anna, "пришла")
        await until(lambda: opened.texts() == ["пришла"], 20)
        await until(lambda: opened.mode == "webhook", 20)
        await opened.stop()


async def test_proven_token_survives_a_restart() -> None:
    """After a restart the token is known before the portal answers, and it is kept as a digest only."""
    async with doors() as opened:
        made = opened.made
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        token = made.portal.application_token
        await channel.stop()
        made.world.faults.order("bitrix24", "down", seconds=60)
        channel = made.channel(mode="webhook", events_url=opened.url)
        opened.channel = channel
        await channel.start(made.inbox)
        await until(lambda: channel._bot_id is not None)
        assert (await opened.knock("x"), await opened.knock(token, number=1)) == (403, 200)
        assert token not in "".join(made.vault.values.values())
        made.world.faults.clear()
        await channel.stop()


async def test_no_secret_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the address's secret part nor a token is printed, whatever is sent."""
    async with doors() as opened:
        channel = await opened.start()
        await until(lambda: channel.health()["ok"])
        key = parse_qs(urlsplit(opened.address).query)["key"][0]
        for number in range(3):
            await opened.knock("x-forged-token", number=number)
        await asyncio.sleep(0.2)
        secrets = (key, "x-forged-token", opened.made.portal.application_token, *opened.made.vault.values.values())
        await opened.stop()
        printed = "".join(capsys.readouterr())
        assert printed
        assert [each for each in secrets if each in printed] == []
