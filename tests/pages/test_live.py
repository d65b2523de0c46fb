"""Streams tell which topics changed, to whom that concerns, and nothing else; a session that ended ends its streams."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from bot.domain.events import DayChanged
from bot.domain.topics import Rung, rung_by
from bot.web.live import OF_A_PERSON, OF_ONE
from bot.web.origins import COOKIE
from tests.pages.site import Site
from tests.people import Company, Person


@asynccontextmanager
async def listening(site: Site, person: Person) -> AsyncIterator[Any]:
    """Open a stream, and wait until it is heard."""
    headers = {"Cookie": f"{COOKIE}={await site.token(person)}"}
    async with site.client.get("/live", headers=headers) as answer:
        if answer.status == 200:
            await answer.content.readline()
        yield answer


async def told(answer: Any) -> set[str]:
    """Return the topics that come next, up to the next sign that the stream is there."""
    found: set[str] = set()
    async with asyncio.timeout(5):
        while True:
            line = (await answer.content.readline()).decode().strip()
            if line.startswith("event: "):
                found.add(line.removeprefix("event: "))
            elif found and line.startswith(":"):
                return found
            assert line in {"", ": here", "data:"} or line.startswith("event: "), line


async def test_a_day_is_told_to_whom_it_concerns(site: Site, anna: Person, sergey: Person) -> None:
    """Its owner hears of their day, their lead that somebody came; neither reads who."""
    async with listening(site, anna) as own, listening(site, sergey) as led:
        await anna.says("пришла")
        assert ({"day"}, {"presence"}) == (await told(own), await told(led))


async def test_a_request_is_told_to_whom_it_concerns(
    site: Site, company: Company, anna: Person, sergey: Person
) -> None:
    """Whoever asked and whoever decides hear of it; a colleague hears nothing."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    async with listening(site, sergey) as led, listening(site, boris) as other:
        await anna.says("отпуск с 3 по 14 августа")
        await anna.says("да")
        heard = await told(led)
        assert "requests" in heard
        await boris.says("пришёл")
        assert {"day"} == await told(other)


async def test_settings_are_told_to_whoever_keeps_them(site: Site, olga: Person, anna: Person) -> None:
    """That something is another now, to administrators and accountants; nobody else hears of it."""
    async with listening(site, olga) as kept, listening(site, anna) as other:
        await site.post(olga, "/settings/notifications", {"key": "digest_at", "said": "9:30"})
        assert {"settings"} == await told(kept)
        await anna.says("пришла")
        assert {"day"} == await told(other)


async def test_a_session_that_ended_ends_its_streams(site: Site, anna: Person) -> None:
    """After signing out the stream is over at its next beat, and another is not begun."""
    async with listening(site, anna) as stream:
        await site.post(None, "/me/sign-out", {}, Cookie=f"{COOKIE}={await site.token(anna)}")
        async with asyncio.timeout(5):
            while await stream.content.readline():
                pass
    async with listening(site, anna) as again:
        assert 401 == again.status


async def test_so_many_streams_and_no_more(site: Site, anna: Person) -> None:
    """A session has six; one more is asked to come later."""
    held = [listening(site, anna) for _ in range(OF_ONE)]
    for each in held:
        await each.__aenter__()
    async with listening(site, anna) as more:
        assert (503, "60") == (more.status, more.headers["Retry-After"])
    for each in held:
        await each.__aexit__(None, None, None)


async def test_nobody_has_all_the_streams_by_many_sessions(site: Site, anna: Person, sergey: Person) -> None:
    """Of a person so many, whichever of their sessions asks; a colleague's are counted apart."""
    async with AsyncExitStack() as held:
        for number in range(OF_A_PERSON):
            if number % OF_ONE == 0:
                site.tokens.pop(anna.employee_id, None)
            assert 200 == (await held.enter_async_context(listening(site, anna))).status
        site.tokens.pop(anna.employee_id)
        assert 503 == (await held.enter_async_context(listening(site, anna))).status
        assert 200 == (await held.enter_async_context(listening(site, sergey))).status


async def test_channels_hear_of_a_page_that_is_open(site: Site, company: Company, anna: Person) -> None:
    """At once and again with each beat, of its portal; of one at which nothing was done for hours no more."""
    heard: list[str] = []
    site.live._watched = heard.append
    async with listening(site, anna) as stream:
        assert [company.portal.key] == heard
        async with asyncio.timeout(5):
            while len(heard) < 2:
                await stream.content.readline()
        site.live._attended = 0.0
        for _ in range(4):  # each sign that the stream is there is a line, and an empty one
            await stream.content.readline()
        del heard[:]
        for _ in range(4):
            await stream.content.readline()
        assert [] == heard


async def test_a_page_that_comes_again_by_itself_was_opened_before(site: Site, anna: Person) -> None:
    """A stream of full length is followed by one of the same page; whoever comes by a click has just come."""
    site.live._longest = 0.01
    async with listening(site, anna) as stream:
        (opened,) = [each.since for each in site.live._streams]
        async with asyncio.timeout(5):
            while await stream.content.readline():
                pass
    site.live._longest = 60.0
    async with listening(site, anna):
        assert opened in {each.since for each in site.live._streams}
    site.live._left.clear()
    async with listening(site, anna):
        assert max(each.since for each in site.live._streams) > opened


def test_what_a_commit_is_about() -> None:
    """Several events of one portal ring once, with all that they concern."""
    events = [DayChanged(1, 10), DayChanged(1, 11), DayChanged(2, 20)]
    topics = frozenset({"day", "presence"})
    assert [Rung(1, topics, frozenset({10, 11})), Rung(2, topics, frozenset({20}))] == rung_by(events)
