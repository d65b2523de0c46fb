"""The bot from before the application: what it hears counts, it says where the new one is, and it goes in the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp

from bot.channels.bitrix24 import Appearance, FormerBot
from bot.channels.bitrix24.former import MOVED_FOR
from bot.derived import Derived
from bot.messages import IncomingKind
from tests.channels.bitrix24.doubles import SECRET, until
from tests.channels.bitrix24.sites import Site, seconds, site, sleep, working

LINK = "https://acme.example/online/?IM_DIALOG=6001"


async def chat(_: str) -> str:
    """Return where the new bot is."""
    return LINK


@asynccontextmanager
async def moving(made: Site) -> AsyncIterator["asyncio.Task[None]"]:
    """Run the former bot of a portal."""
    former = FormerBot(
        "acme",
        made.portal.webhook_url,
        appearance=Appearance(),
        derived=Derived(SECRET),
        vault=made.vault,
        clock=made.world.clock,
        chat=chat,
        monotonic=seconds,
        sleep=sleep,
    )
    async with aiohttp.ClientSession() as session:
        task = asyncio.create_task(former.run(session, made.inbox))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def said(made: Site) -> list[str]:
    """Return the words that were heard."""
    return [each.text for each in made.inbox.incomings if each.kind is IncomingKind.TEXT]


def moved(made: Site) -> list[str]:
    """Return what the chat shows of the move."""
    return [each.text for each in made.portal.shown(made.anna) if LINK in each.text]


async def test_what_is_said_to_it_counts_once() -> None:
    """It is stored as what is said to the new bot, answered with a link once, and not stored again after a restart."""
    async with site() as made:
        async with working(made):
            pass
        async with moving(made):
            await made.portal.say(made.anna, "пришла")
            await until(lambda: moved(made))
            await made.portal.say(made.anna, "ушла")
            await until(lambda: "ушла" in said(made))
        async with moving(made):
            await made.portal.say(made.anna, "статус")
            await until(lambda: "статус" in said(made))
        assert ["пришла", "ушла", "статус"] == said(made)
        assert {"acme"} == {each.realm for each in made.inbox.incomings}
        assert "другой чат" in moved(made)[0]


async def test_a_database_that_is_away_loses_nothing() -> None:
    """What could not be stored is not confirmed to the portal, and comes again."""
    async with site() as made:
        async with working(made):
            pass
        made.inbox.fails = True
        async with moving(made):
            await made.portal.say(made.anna, "пришла")
            await sleep(30)
            assert [] == said(made)
        made.inbox.fails = False
        async with moving(made):
            await until(lambda: said(made))
        assert ["пришла"] == said(made)


async def test_after_thirty_days_it_is_gone() -> None:
    """It is unregistered, once and for all; nobody looks for it again."""
    async with site() as made:
        async with working(made):
            pass
        before = len(made.called("imbot.v2.Event.get"))
        async with moving(made) as task:
            await until(lambda: before < len(made.called("imbot.v2.Event.get")))
            made.world.clock.move_to(made.world.clock.now() + MOVED_FOR + timedelta(minutes=1))
            await until(task.done)
        assert 1 == len(made.called("imbot.v2.Bot.unregister"))
        asked = len(made.called("imbot.v2.Bot.get"))
        async with moving(made) as task:
            await until(task.done)
        assert asked == len(made.called("imbot.v2.Bot.get"))


async def test_there_was_none() -> None:
    """A portal whose webhook never had a bot has none to move."""
    async with site() as made, moving(made) as task:
        await until(task.done)
        assert [] == made.called("imbot.v2.Bot.register")
