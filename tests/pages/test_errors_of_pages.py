"""Pages that tell what went wrong: in the reader's language, with a way on, and with what was typed."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.derived import Derived
from bot.i18n import locale_among
from bot.ports import Conflict
from bot.server import LOST, counted, problems
from bot.web.origins import COOKIE, Origins
from bot.web.pages import Route
from bot.web.serving import Pages
from bot.web.visit import Page, Visit
from tests.pages.site import SECRET, SITE, Site, undertake
from tests.people import Company, Person


async def broken(visit: Visit) -> Page:
    """Fail as nobody expects it."""
    raise RuntimeError(visit.reader.name)


async def beaten(visit: Visit) -> Page:
    """Be slower than others each time."""
    raise Conflict(visit.reader.name)


ROUTES = (
    Route("GET", "/broken", broken),
    Route("POST", "/broken", broken),
    Route("POST", "/secret", broken, is_secret=True, back="/settings"),
    Route("POST", "/beaten", beaten, back="/approvals"),
)


@pytest.fixture
async def client(company: Company) -> AsyncIterator[Any]:
    """Pages that fail."""
    pages = Pages(
        undertake(company), company.clock, Derived(SECRET), Origins(lambda: SITE), is_open=lambda: True, routes=ROUTES
    )
    app = web.Application(middlewares=[counted, problems])
    app[LOST] = pages.lost
    app.add_routes(pages.routes())
    async with TestClient(TestServer(app)) as made:
        yield made


async def asked(client: Any, method: str, path: str, token: str = "", fields: Any = None, **headers: str) -> Any:
    """Ask as a browser does; returns status and page."""
    sent = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", **headers}
    if token:
        sent["Cookie"] = f"{COOKIE}={token}"
    async with client.request(method, path, data=fields, headers=sent, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def test_what_failed_is_told_in_the_readers_language_and_holds_what_was_typed(
    client: Any, site: Site, anna: Person
) -> None:
    """Whatever the browser speaks; it is sent once more by a button, and nothing has to be typed again."""
    token, english = await site.token(anna), {"Accept-Language": "en"}
    for path, status in (("/broken", 500), ("/beaten", 409)):
        found = await asked(client, "POST", path, token, {"reason": "Долго писала"}, **english)
        assert (status, True) == (found[0], 'name="reason" value="Долго писала"' in found[1])
        assert f'action="{path}"' in found[1]
        assert (True, True) == ("Отправить ещё раз" in found[1], 'href="/"' in found[1])
    assert 'href="/approvals"' in found[1]
    status, looked = await asked(client, "GET", "/broken?a=1", token, **english)
    assert (500, False, True) == (status, "<form" in looked, 'href="/broken?a=1"' in looked)
    status, secret = await asked(client, "POST", "/secret", token, {"token": "123:abc"}, **english)
    assert (500, False, True) == (status, "123:abc" in secret, 'href="/settings"' in secret)


async def test_an_address_without_a_page(client: Any, site: Site, anna: Person) -> None:
    """Browsers get a page in the reader's language with a way on; programs a document, as everywhere."""
    status, known = await asked(client, "GET", "/nothing", await site.token(anna))
    assert (404, True, True) == (status, "Такой страницы нет" in known, 'href="/"' in known)
    for languages, words in (("ru-RU,ru;q=0.9", "Такой страницы нет"), ("de", "There is no such page")):
        status, page = await asked(client, "GET", "/nothing", **{"Accept-Language": languages})
        assert (404, True, True) == (status, words in page, 'href="/enter"' in page)
    assert '"not_found"' in (await asked(client, "GET", "/nothing", Accept="application/json"))[1]
    assert '"not_found"' in (await asked(client, "GET", "/api/v1/nothing"))[1]


async def test_a_session_that_is_over_says_so(site: Site, anna: Person) -> None:
    """Whoever opens a page then reads that, and comes back to it; a stranger is asked in."""
    over = await site.get(None, "/hours?first=x", Cookie=f"{COOKIE}={'x' * 43}")
    assert (303, "/enter?next=/hours%3Ffirst%3Dx&over=1") == (over.status, over.headers["Location"])
    told = await site.get(None, over.headers["Location"], Accept_Language="ru")
    assert ("Сеанс закончился" in told.text, 'value="/hours?first=x"' in told.html) == (True, True)
    assert "/enter" == (await site.get(None, "/")).headers["Location"]


async def test_what_another_site_sends_leads_on(site: Site) -> None:
    """It is refused, in the language of the browser, with a way to the application."""
    refused = await site.post(None, "/day/in", {}, Sec_Fetch_Site="cross-site", Accept_Language="ru")
    assert (403, True) == (refused.status, bool(re.search(r'href="/">Открыть Смену', refused.html)))


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"), ("de-DE,de;q=0.9,ru;q=0.8,en;q=0.7", "ru"), ("en-GB,ru;q=0.5", "en"),
        ("ru;q=0.3,en;q=0.9", "en"), ("be", "ru"), ("de", None), ("", None), ("*", None), ("ru;q=x", "ru"),
    ],
)  # fmt: skip
def test_the_language_that_a_browser_wants_most(header: str, locale: str | None) -> None:
    """Of ours, by the weights that it gives; one that we do not speak is passed over."""
    assert locale == locale_among(header)
