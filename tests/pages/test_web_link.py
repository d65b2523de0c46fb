"""«/web»: a way into the pages from either chat, and what comes of it at the door."""

import re
from datetime import timedelta

import pytest

from tests.pages.site import SITE, site_of
from tests.people import Company, Person


async def _offered(company: Company, anna: Person) -> tuple[str, str]:
    company.messengers.site = lambda: SITE
    shown = await anna.says("/web")
    code = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", shown)
    link = anna.chat[-1].buttons["🔗 Открыть Smena"].link
    assert code is not None
    assert link is not None
    return link.removeprefix(f"{SITE}/enter/link#"), code.group()


async def test_without_an_address(company: Company, anna: Person) -> None:
    """Where pages have no address, the bot says who can help."""
    assert "У страниц здесь пока нет адреса. Администратор может его указать: PUBLIC_URL" == await anna.says("/web")


async def test_a_link_lets_in_once(company: Company, anna: Person) -> None:
    """The page asks whether it is the right person; only the answer uses the link up."""
    token, _ = await _offered(company, anna)
    async with site_of(company) as site:
        for _ in range(2):
            asked = await site.post(None, "/enter/link", {"secret": token})
            assert f"Войти как {anna.name}?" in asked.text
        entered = await site.post(None, "/enter/link/confirm", {"secret": token})
        assert (303, "/") == (entered.status, entered.headers["Location"])
        (cookie,) = entered.cookies
        assert cookie.startswith("__Host-smena=")
        assert {"Path=/", "Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
        again = await site.post(None, "/enter/link/confirm", {"secret": token})
        assert (404, []) == (again.status, again.cookies)


async def test_a_code_lets_in_as_well(company: Company, anna: Person) -> None:
    """It is typed where the button cannot be pressed, in whatever letters."""
    _, code = await _offered(company, anna)
    async with site_of(company) as site:
        entered = await site.post(None, "/enter/link/confirm", {"secret": code.lower(), "next": "/me"})
        assert (303, "/me") == (entered.status, entered.headers["Location"])


@pytest.fixture(params=["bitrix24", "telegram"])
def channel(request: pytest.FixtureRequest) -> str:
    """The bot answers alike in both."""
    return str(request.param)


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:1"])
async def test_one_is_led_nowhere_else(company: Company, anna: Person, next_page: str) -> None:
    """After signing in one is on our own pages."""
    token, _ = await _offered(company, anna)
    async with site_of(company) as site:
        entered = await site.post(None, "/enter/link/confirm", {"secret": token, "next": next_page})
        assert "/" == entered.headers["Location"]


async def test_ten_minutes_later(company: Company, anna: Person) -> None:
    """A link that is too old says how to get a new one."""
    token, _ = await _offered(company, anna)
    await company.move(timedelta(minutes=10))
    async with site_of(company) as site:
        refused = await site.post(None, "/enter/link", {"secret": token})
        assert (404, True) == (refused.status, "/web" in refused.text)


async def test_codes_are_not_guessed_at_the_door(company: Company, anna: Person) -> None:
    """After five in vain an address waits ten minutes, the right code included; real time, whatever the day's clock."""
    _, code = await _offered(company, anna)
    async with site_of(company) as site:
        for number in range(2, 7):
            assert 404 == (await site.post(None, "/enter/link", {"secret": f"AAAAAAAA{number}B"})).status
        assert 429 == (await site.post(None, "/enter/link", {"secret": code})).status
        site.ticks[0] = 600.0
        assert 200 == (await site.post(None, "/enter/link", {"secret": code})).status


async def test_another_site_signs_nobody_in(company: Company, anna: Person) -> None:
    """A page elsewhere can neither look nor enter, whatever it sends."""
    token, _ = await _offered(company, anna)
    async with site_of(company) as site:
        for headers in (
            {"Sec_Fetch_Site": "cross-site"},
            {"Sec_Fetch_Site": "", "Origin": "https://evil.example"},
            {"Sec_Fetch_Site": ""},
        ):
            refused = await site.post(None, "/enter/link/confirm", {"secret": token}, **headers)
            assert (403, []) == (refused.status, refused.cookies)
        entered = await site.post(None, "/enter/link/confirm", {"secret": token}, Sec_Fetch_Site="", Origin=SITE)
        assert 303 == entered.status
