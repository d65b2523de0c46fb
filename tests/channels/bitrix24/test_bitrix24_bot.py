"""The bot on the portal: how it looks, and that it is found again whatever was lost or changed on our side."""

from typing import Any

import aiohttp
import pytest

from bot.channels.bitrix24 import Appearance, PortalBot
from bot.channels.bitrix24.bot import CODE_TAKEN, bot_tokens
from bot.clock import MovableClock
from bot.derived import Derived
from bot.messages import IncomingKind
from bot.pictures.avatar import avatar
from bot.ports import WrongKey
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.portal.state import Bot
from bot.sandbox.world import World
from bot.text import t
from tests.channels.bitrix24.doubles import COMMANDS, NOW, SECRET, MemoryVault, outgoing, until
from tests.channels.bitrix24.sites import Site, seconds, site, working

NEW = "a new secret of the installation that is long"
OLDER = "the secret before the former one that is long"


def the_bot(made: Site) -> Bot:
    """Return the one bot of the portal."""
    (bot,) = made.portal._portal.memory.bots.values()
    return bot


async def talks(made: Site, channel: PortalBot) -> bool:
    """Whether what somebody says arrives, and an answer is shown."""
    before = len(made.inbox.incomings)
    await made.portal.say(made.anna, "пришла")
    await until(lambda: [each for each in made.inbox.incomings[before:] if each.kind is IncomingKind.TEXT])
    await channel.send(outgoing(t("Hi"), to="3"))
    return made.portal.shown(made.anna)[-1].text == "Hi"


async def test_lost_database() -> None:
    """The same secret finds the bot again when everything that was stored is gone, with its chats."""
    async with site() as made:
        async with working(made) as channel:
            assert await talks(made, channel)
        before = the_bot(made).id
        made.vault = MemoryVault()
        async with working(made) as channel:
            assert await talks(made, channel)
        assert the_bot(made).id == before


async def test_token_of_an_earlier_version() -> None:
    """A bot whose token was made at random gets the derived one, so that it is not lost with the database."""
    async with site() as made:
        async with working(made):
            pass
        the_bot(made).token = "random"
        made.vault.values["bitrix24:acme:bot_token"] = "random"
        async with working(made) as channel:
            assert await talks(made, channel)
        assert the_bot(made).token == bot_tokens(Derived(SECRET), "acme")[0]
        assert made.vault.values["bitrix24:acme:bot_token"] == the_bot(made).token
        made.vault = MemoryVault()
        async with working(made) as channel:
            assert await talks(made, channel)


@pytest.mark.parametrize("is_lost", [False, True])
async def test_changed_secret(is_lost: bool) -> None:
    """After a change of secrets the bot is found by a former one and gets the token of the present one."""
    async with site() as made:
        async with working(made, derived=Derived(OLDER)):
            pass
        if is_lost:
            made.vault = MemoryVault()
        async with working(made, derived=Derived(f"{NEW}, {SECRET}, {OLDER}")) as channel:
            assert await talks(made, channel)
        assert the_bot(made).token == bot_tokens(Derived(NEW), "acme")[0]
        made.vault = MemoryVault()
        async with working(made, derived=Derived(NEW)) as channel:
            assert await talks(made, channel)
        assert [each["fields"]["code"] for each in made.called("imbot.v2.Bot.register")] == ["smena"]


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_answer_that_was_lost(lost: int) -> None:
    """Whatever the portal did without our hearing of it while secrets change: the next try finds the bot."""
    async with site() as made:
        async with working(made, derived=Derived(OLDER)):
            pass
        made.world.faults.order("bitrix24", "reset_after_write", count=lost)
        async with working(made, derived=Derived(f"{NEW}, {OLDER}")) as channel:
            made.world.faults.clear()
            assert await talks(made, channel)
        assert the_bot(made).token == bot_tokens(Derived(NEW), "acme")[0]


class SealedVault(MemoryVault):
    """A vault whose secrets were sealed with a SECRET_KEY that is gone."""

    async def get(self, name: str) -> str | None:
        """Open nothing that is secret."""
        if name in self.secrets:
            raise WrongKey(name)
        return await super().get(name)


async def test_database_of_another_secret() -> None:
    """A token that does not open any more is found by deriving it from the secrets that are listed."""
    async with site() as made:
        async with working(made, derived=Derived(OLDER)):
            pass
        sealed = SealedVault()
        sealed.values, sealed.secrets = dict(made.vault.values), set(made.vault.secrets)
        made.vault = sealed
        async with working(made, derived=Derived(f"{NEW}, {OLDER}")) as channel:
            assert await talks(made, channel)


async def test_secret_that_is_gone() -> None:
    """Where no secret opens the bot, the channel says which code is taken; under another code it works."""
    async with site() as made:
        async with working(made, derived=Derived(OLDER)):
            pass
        made.vault = MemoryVault()
        channel = made.channel(derived=Derived(NEW))
        await channel.start(made.inbox)
        await until(lambda: channel.health()["error"] == CODE_TAKEN)
        await channel.stop()
        appearance = Appearance("smena2", commands=COMMANDS)
        async with working(made, derived=Derived(NEW), appearance=appearance) as channel:
            assert await talks(made, channel)


@pytest.mark.parametrize("language", ["ru", "en", "de", "kk"])
async def test_how_it_looks(language: str) -> None:
    """Name and post are in the portal's language, and the bot has a face of its own, which is sent once."""
    made = Site()
    made.portal = PortalEmulator(World(MovableClock(NOW)), monotonic=seconds, portal_language=language)
    await made.portal.start()
    try:
        for _ in range(2):
            async with working(made):
                pass
        bot, memory = the_bot(made), made.portal._portal.memory
        is_russian = language in {"ru", "kk"}
        assert bot.name == ("Смена" if is_russian else "Smena")
        assert bot.work_position == ("Учёт рабочего времени" if is_russian else "Working time")
        assert len(memory.files) == 1
        params: dict[str, Any] = {"botId": bot.id, "botToken": bot.token}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{made.portal.webhook_url}imbot.v2.Bot.get", json=params) as response,
        ):
            (user,) = (await response.json())["result"]["users"]
        async with aiohttp.ClientSession() as session, session.get(user["avatar"]) as response:
            assert await response.read() == avatar()
    finally:
        await made.portal.stop()
