"""Pages of others: a browser lets them read what the API answers only where an administrator named their origin."""

from datetime import timedelta
from typing import Any

from bot.domain.people.api_key import usable_scopes
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.services.people.keys import Keys
from bot.services.people.origins import ApiOrigins
from tests.api.caller import BASE, Cast, Program

PAGE = "https://app.example.com"


async def named(cast: Cast, origin: str = PAGE) -> None:
    """Have an administrator name an origin."""
    olga, now = await cast.olga.employee(), cast.company.clock.now()

    async def work(services: Any) -> None:
        portal = await services.uow.portals.get(cast.company.portal.id)
        await services.get(ApiOrigins).add(olga, portal, origin, now)

    await cast.company.does(work)


async def asked_before(cast: Cast, origin: str, verb: str = "GET", path: str = "/me") -> Any:
    """Ask as a browser does before a call."""
    headers = {"Origin": origin, "Access-Control-Request-Method": verb}
    async with cast.company.client.request("OPTIONS", BASE + path, headers=headers) as answer:
        return answer.status, answer.headers.copy()


async def test_a_named_page_reads_the_answer(cast: Cast) -> None:
    """Its origin comes back by name, never a star, and nothing is said of cookies."""
    await named(cast)
    program = await cast.company.key_of(cast.anna)
    status, before = await asked_before(cast, PAGE)
    read = await program.get("/me", Origin=PAGE)
    assert (204, PAGE) == (status, before["Access-Control-Allow-Origin"])
    assert "Authorization" in before["Access-Control-Allow-Headers"]
    assert (200, PAGE) == (read.status, read.headers["Access-Control-Allow-Origin"])
    assert "Origin" in read.headers["Vary"]
    assert "ETag" in read.headers["Access-Control-Expose-Headers"]
    assert not any("Access-Control-Allow-Credentials" in each for each in (before, read.headers))


async def test_a_refusal_can_be_read_as_well(cast: Cast) -> None:
    """Else a page could not say what is wrong."""
    await named(cast)
    program = await cast.company.key_of(cast.anna)
    read = await program.get("/settings", Origin=PAGE)
    assert (403, PAGE) == (read.status, read.headers["Access-Control-Allow-Origin"])


async def test_any_other_page_reads_nothing(cast: Cast) -> None:
    """Neither before a call nor of its answer; `null` and part of a name are other pages."""
    await named(cast)
    program = await cast.company.key_of(cast.anna)
    for origin in ("https://evil.example", "null", "https://app.example.com.evil.example", "http://app.example.com"):
        status, before = await asked_before(cast, origin)
        read = await program.get("/me", Origin=origin)
        assert 405 == status
        assert not any("Access-Control-Allow-Origin" in each for each in (before, read.headers))


async def test_a_verb_that_is_not_there_is_not_promised(cast: Cast) -> None:
    """What the address does not take is refused as to everybody."""
    await named(cast)
    status, before = await asked_before(cast, PAGE, "DELETE")
    assert (405, "GET, HEAD") == (status, before["Allow"])


async def test_the_key_of_another_portal_tells_that_page_nothing(cast: Cast) -> None:
    """The origin counts on the portal that named it."""
    await named(cast)
    other = Portal(new_id(), "other.example", "Другие")
    boss = Employee(new_id(), other.id, "Чужой Админ", role=Role.ADMIN)
    async with cast.company.storage.unit_of_work() as uow:
        uow.portals.add(other)
        uow.employees.add(boss)
        await uow.commit()
    now = cast.company.clock.now()
    made = await cast.company.does(lambda services: services.get(Keys).make(boss, "Key", usable_scopes(boss), now))
    read = await Program(cast.company.client, made.token).get("/people", Origin=PAGE)
    assert (200, False) == (read.status, "Access-Control-Allow-Origin" in read.headers)


async def test_a_name_counts_within_seconds(cast: Cast) -> None:
    """What was asked before it was named is asked again."""
    assert 405 == (await asked_before(cast, PAGE))[0]
    await named(cast)
    cast.company.clock.move_to(cast.company.clock.now() + timedelta(seconds=11))
    assert 204 == (await asked_before(cast, PAGE))[0]
