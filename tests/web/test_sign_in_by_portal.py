"""Signing in outside of the frame: only a portal that has the application is gone to, and only it is believed."""

import re
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.authority import Company
from tests.web.conftest import Installed
from tests.web.test_frame_sessions import cookie_of, portal, sessions
from tests.web.test_installing import OTHER


@pytest.fixture
async def company(house: Installed) -> Company:
    """A portal with the application, and Emma, whose account there is 18."""
    return await portal(house, Company(), 918, "18")


async def asks(house: Installed, named: str, **more: str) -> tuple[str, Any]:
    """Ask to be led to a portal; returns where the link leads, and the answer."""
    answer = await house.client.get("/enter/bitrix24", params={"portal": named, **more}, allow_redirects=False)
    found = re.search(r'class="action" href="([^"]+)"', await answer.text())
    return found.group(1).replace("&amp;", "&") if found else "", answer


async def way(house: Installed, **more: str) -> tuple[str, str]:
    """Return the state and the cookie with which one is sent."""
    there, answer = await asks(house, house.server.host, **more)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["__Host-smena-state"]
    assert (True, True, "Lax", "600") == (
        bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"], cookie["max-age"],
    )  # fmt: skip
    return parse_qs(urlsplit(there).query)["state"][0], cookie.value


async def comes_back(house: Installed, state: str, nonce: str, code: str, server: str = "") -> Any:
    """Come back from the portal with a code."""
    query = {"state": state, "code": code, "server_domain": server or house.server.host}
    cookie = {"Cookie": f"__Host-smena-state={nonce}"}
    return await house.client.get("/bitrix24/oauth/callback", params=query, headers=cookie, allow_redirects=False)


async def test_through_the_portal(house: Installed, company: Company) -> None:
    """A link leads to the portal; who comes back is in for thirty days; nothing but the session is kept, once."""
    kept = [each.account for each in await house.grants(company)]
    state, nonce = await way(house, next="/hours")
    answer = await comes_back(house, state, nonce, house.server.code(company, "18"))
    assert (303, "/hours") == (answer.status, answer.headers["Location"])
    cookie = cookie_of(answer)
    assert cookie.startswith("__Host-smena=")
    assert 200 == (await house.client.get("/me", headers={"Cookie": cookie})).status
    again = await comes_back(house, state, nonce, house.server.code(company, "18"))
    assert (403, "") == (again.status, cookie_of(again))
    assert kept == [each.account for each in await house.grants(company)]
    assert ["oauth"] == [each.via.value for each in await sessions(house, company)]


@pytest.mark.parametrize(
    "named", ["evil.example", "acme.bitrix24.ru", "//", "http://[", "a@b", "x" * 300, "пример.рф", "?"]
)
async def test_a_portal_without_the_application(house: Installed, company: Company, named: str) -> None:
    """One stays here, without a word of which portals there are, and is told whom to ask."""
    there, answer = await asks(house, named)
    assert (200, "") == (answer.status, there)
    assert "Set-Cookie" not in answer.headers
    assert 'href="http' not in await answer.text()


async def test_an_address_as_it_was_copied(house: Installed, company: Company) -> None:
    """People copy the whole address of a page of their portal."""
    there, _ = await asks(house, f"http://{house.server.host}/stream/?x=1")
    assert there.startswith(f"http://{house.server.host}/oauth/authorize/?")


async def test_the_way_belongs_to_one_browser(house: Installed, company: Company) -> None:
    """A page that sends its visitor here with its own code signs nobody in."""
    state, _ = await way(house)
    for nonce in ("", "other", (await way(house))[1]):
        answer = await comes_back(house, state, nonce, house.server.code(company, "18"))
        assert (403, "") == (answer.status, cookie_of(answer))


async def test_of_another_company_or_server_or_too_late(house: Installed, company: Company) -> None:
    """What comes back is of the company that one was sent to, by a server that we know, within ten minutes."""
    house.server.add(OTHER)
    for code, server in ((house.server.code(OTHER, "5"), ""), (house.server.code(company, "18"), "evil.example")):
        state, nonce = await way(house)
        answer = await comes_back(house, state, nonce, code, server)
        assert (403, "") == (answer.status, cookie_of(answer))
    state, nonce = await way(house)
    house.clock.move_to(house.clock.now() + timedelta(minutes=10))
    assert 403 == (await comes_back(house, state, nonce, house.server.code(company, "18"))).status


async def test_whom_we_do_not_know_and_who_is_switched_off(house: Installed, company: Company) -> None:
    """An account of the portal that is no employee here, such as a guest from outside, gets no session."""
    state, nonce = await way(house)
    answer = await comes_back(house, state, nonce, house.server.code(company, "77"))
    assert (403, "") == (answer.status, cookie_of(answer))
    person = await house.storage.unit_of_work().employees.get((await house.installation(company))[0].id, 918)  # type: ignore[index]
    assert person is not None
    async with house.storage.unit_of_work() as unit:
        unit.employees.put(replace(person, is_disabled=True))
        await unit.commit()
    state, nonce = await way(house)
    answer = await comes_back(house, state, nonce, house.server.code(company, "18"))
    assert (403, "") == (answer.status, cookie_of(answer))
    assert [] == await sessions(house, company)


def _off(person: Any) -> Any:
    from dataclasses import replace

    return replace(person, is_disabled=True)


async def test_guests_of_a_portal_are_told_why_they_stay_outside(house: Installed, company: Company) -> None:
    """The portal confirms whoever has an account there, guests too: nobody is let in whom it lists as no employee."""
    state, nonce = await way(house)
    answer = await comes_back(house, state, nonce, house.server.code(company, "790002"))
    told = await answer.text()
    assert (403, "") == (answer.status, cookie_of(answer))
    assert "guests from outside are not let in" in told
    assert 'href="/enter"' in told
    assert [] == await sessions(house, company)


async def test_what_is_not_confirmed_leads_on(house: Installed, company: Company) -> None:
    """A code that is no good is refused with a way to try again, and another way in."""
    state, nonce = await way(house)
    told = await (await comes_back(house, state, nonce, "no-such-code")).text()
    assert ("has not confirmed who you are" in told, 'href="/enter/bitrix24"' in told) == (True, True)


async def test_an_office_comes_from_one_address(house: Installed, company: Company) -> None:
    """Whom the portal confirms costs nothing; after ten codes that are worth nothing nobody is asked."""
    for _ in range(12):
        assert 303 == (await comes_back(house, *await way(house), house.server.code(company, "18"))).status
    for _ in range(10):
        assert 403 == (await comes_back(house, *await way(house), "forged")).status
    asked = house.server.asked["authorization_code"]
    assert 429 == (await comes_back(house, *await way(house), house.server.code(company, "18"))).status
    assert asked == house.server.asked["authorization_code"]
