"""The calendar link: given once, shown never again, renewed and revoked; and what stands in the calendar."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.server import Readiness, application, calendar_feed
from bot.services.people.feeds import Feeds
from tests.icalendar import events_of
from tests.people import Company, Person

SITE = "https://smena.example"


@pytest.fixture
async def client(company: Company) -> AsyncIterator[TestClient]:
    """A calendar program that asks the service over HTTP."""
    company.messengers.site = lambda: SITE

    async def read(token: str) -> str | None:
        async with company.storage.unit_of_work() as uow:
            return await Feeds(uow).read(token, company.clock.now())

    readiness = Readiness(company.storage.revision, company.storage.backlog, {}, company.clock)
    async with TestClient(TestServer(application(readiness, calendar_feed(read)))) as made:
        yield made


def path_in(answer: str) -> str:
    """Return the path of the link in an answer."""
    (line,) = [each for each in answer.splitlines() if each.startswith(SITE)]
    return line.removeprefix(SITE)


async def calendar(client: TestClient, path: str) -> list[dict[str, str]]:
    """Load the calendar as a program does."""
    async with client.get(path) as response:
        assert 200 == response.status
        assert "text/calendar; charset=utf-8" == response.headers["Content-Type"]
        return events_of((await response.read()).decode())


async def status(client: TestClient, path: str, **headers: str) -> int:
    """Return how a request is answered."""
    async with client.get(path, headers=headers) as response:
        return response.status


async def test_calendar(company: Company, client: TestClient, olga: Person, anna: Person) -> None:
    """Shifts stand in it by their instants and leave by its days, which takes the place of the shifts."""
    await olga.says("график Анна 9-18 с 1 июля")
    await olga.presses("Да")
    async with company.storage.unit_of_work() as uow:
        days = date(2026, 7, 16), date(2026, 7, 17)
        uow.absences.add(Absence(7, company.portal.id, anna.employee_id, AbsenceKind.VACATION, *days, reason="secret"))
        await uow.commit()
    events = await calendar(client, path_in(await anna.says("подписка на календарь")))
    shifts = {each["DTSTART"]: each for each in events if each["UID"].startswith("shift")}
    assert ("20260713T060000Z", "20260713T150000Z", "Работа") == tuple(
        shifts["20260713T060000Z"][name] for name in ("DTSTART", "DTEND", "SUMMARY")
    )
    assert "20260701T060000Z" == min(shifts)
    assert max(shifts).startswith("20261009")
    assert not {"20260716T060000Z", "20260717T060000Z", "20260718T060000Z"} & shifts.keys()
    (leave,) = [each for each in events if not each["UID"].startswith("shift")]
    assert ("absence-7@smena", "Отпуск", "20260716", "20260718") == tuple(
        leave[name] for name in ("UID", "SUMMARY", "DTSTART", "DTEND")
    )


async def test_new_and_revoked(client: TestClient, anna: Person) -> None:
    """A link cannot be shown again; a new one ends the old one, and revoking ends both."""
    first = path_in(await anna.says("/feed"))
    assert "Показать её ещё раз не могу" in await anna.says("/feed")
    assert 200 == await status(client, first)
    second = path_in(await anna.presses("Новая ссылка"))
    assert [404, 200] == [await status(client, each) for each in (first, second)]
    assert "Ссылка на календарь больше не работает. Новая: /feed" == await anna.presses("Отозвать")
    assert 404 == await status(client, second)
    assert path_in(await anna.says("/feed")) not in (first, second)


async def test_unknown(client: TestClient) -> None:
    """An unknown link is answered by a problem document that says nothing else."""
    async with client.get("/calendar/nobody.ics") as response:
        assert (404, "application/problem+json") == (response.status, response.content_type)
        assert {"status": 404, "code": "not_found", "title": "Not Found"} == await response.json()


async def test_switched_off(client: TestClient, olga: Person, anna: Person) -> None:
    """Somebody who is switched off is not shown any more."""
    path = path_in(await anna.says("/feed"))
    await olga.says("/disable Анна")
    assert 404 == await status(client, path)


async def test_loaded_once(company: Company, client: TestClient, olga: Person, anna: Person) -> None:
    """A program that has the present text is told so; after a change of the schedule it is another text."""
    path = path_in(await anna.says("/feed"))
    async with client.get(path) as response:
        tag = response.headers["ETag"]
        assert "private, max-age=900" == response.headers["Cache-Control"]
    await company.move(timedelta(hours=2))
    assert 304 == await status(client, path, **{"If-None-Match": tag})
    await olga.says("график Анна 9-18")
    await olga.presses("Да")
    assert 200 == await status(client, path, **{"If-None-Match": tag})


async def test_no_site(company: Company, anna: Person) -> None:
    """Where devices cannot reach the service there is no link, and it says so."""
    assert "адрес в интернете" in await anna.says("календарь в телефон")
    async with company.storage.unit_of_work() as uow:
        assert await Feeds(uow).of(await anna.employee()) is None


async def test_only_a_hash_is_kept(company: Company, client: TestClient, anna: Person) -> None:
    """The token stands nowhere but in the message."""
    token = path_in(await anna.says("/feed")).removeprefix("/calendar/").removesuffix(".ics")
    async with company.storage.unit_of_work() as uow:
        known = await Feeds(uow).of(await anna.employee())
    assert known is not None
    assert token not in known.token_hash
    assert datetime(2026, 7, 13, 6, tzinfo=UTC) == known.created_at
    assert 200 == await status(client, f"/calendar/{token}.ics")
