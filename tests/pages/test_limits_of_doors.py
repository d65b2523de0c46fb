"""What strangers and forged addresses send keeps nobody else from coming in, and costs no more than a page."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from bot.callers import Callers
from bot.domain.topics import Rung
from bot.services.people.linking import Linking
from bot.settings import networks_of
from bot.web.origins import COOKIE
from tests.pages.site import SITE, Site, undertake
from tests.pages.test_live import listening
from tests.people import Company, Person


async def test_a_file_is_of_a_year_at_most(site: Site, anna: Person) -> None:
    """Five hundred years are refused before a day of them is read."""
    fields = {"first": "2020-01-01", "last": "2026-07-13", "form": "csv", "person": anna.employee_id}
    refused = await site.post(anna, "/files", fields)
    assert (True, True) == (400 <= refused.status < 500, "не больше года" in refused.text), refused.text


async def test_wrong_codes_keep_no_link_shut(site: Site, company: Company, anna: Person) -> None:
    """Whoever guesses codes waits; a link's token, which nobody guesses, opens all the while."""
    company.messengers.site = lambda: SITE
    shown = await anna.says("/web")
    code = re.search(r"[A-Z0-9]{5}-[A-Z0-9]{5}", shown)
    link = anna.chat[-1].buttons["🔗 Открыть Smena"].link
    assert code is not None
    assert link is not None
    for number in range(2, 7):
        assert 404 == (await site.post(None, "/enter/link", {"secret": f"AAAAAAAA{number}B"})).status
    assert 429 == (await site.post(None, "/enter/link", {"secret": code.group()})).status
    token = link.removeprefix(f"{SITE}/enter/link#")
    assert 303 == (await site.post(None, "/enter/link/confirm", {"secret": token})).status


async def test_tokens_that_open_nothing_are_no_sign_ins(site: Site, company: Company, anna: Person) -> None:
    """Sign-ins are counted when they are done."""
    company.messengers.site = lambda: SITE
    await anna.says("/web")
    link = anna.chat[-1].buttons["🔗 Открыть Smena"].link or ""
    for number in range(20):
        await site.post(None, "/enter/link/confirm", {"secret": f"{'no-such-token' * 3}{number}"})
    token = link.removeprefix(f"{SITE}/enter/link#")
    assert 303 == (await site.post(None, "/enter/link/confirm", {"secret": token})).status


async def test_a_busy_stream_asks_for_its_session_as_well(site: Site, company: Company, anna: Person) -> None:
    """What is told without a pause puts off no look at the session."""
    rung = Rung(company.portal.id, frozenset({"day"}), frozenset({anna.employee_id}))
    async with listening(site, anna) as stream:
        await site.post(None, "/me/sign-out", {}, Cookie=f"{COOKIE}={await site.token(anna)}")
        async with asyncio.timeout(3):
            site.live.ring(rung)
            while await stream.content.readline():
                site.live.ring(rung)


def test_a_proxy_may_add_a_line_of_its_own() -> None:
    """The last address counts, in whichever line it stands."""
    headers = CIMultiDict([("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.7")])
    request: Any = make_mocked_request("GET", "/", headers=headers).clone(remote="10.0.0.5")
    assert "203.0.113.7" == Callers(networks_of("10.0.0.0/8")).address_of(request)


@pytest.mark.parametrize(
    "path",
    [
        f"/approvals?person={2**63}",
        f"/approvals?after={2**63}",
        f"/approvals/{2**63}",
        f"/hours?person={2**63}",
        "/hours?first=0001-01-01&last=0001-01-31",
        "/hours?first=9999-12-01&last=9999-12-31",
    ],
)
async def test_no_number_or_day_is_too_large(site: Site, anna: Person, path: str) -> None:
    """What no page can be about is answered as a page that is not there."""
    page = await site.get(anna, path)
    assert (404, True) == (page.status, "Такой страницы нет" in page.text), page.text


@pytest.mark.parametrize("path", ["/settings/rules/a%0D%0AX-Evil:%201", "/people/1%0D%0AX-Evil:%201"])
async def test_an_address_puts_nothing_into_the_head(site: Site, olga: Person, path: str) -> None:
    """A line break in it is answered as a page that is not there, and stays written as it came."""
    read = await site.get(olga, f"{path}?said=x")
    assert (404, path, False) == (read.status, read.headers["HX-Push-Url"], "X-Evil" in read.headers)


@pytest.mark.parametrize("path", ["/hours/confirm", "/files"])
async def test_no_day_of_a_form_is_too_far(site: Site, anna: Person, path: str) -> None:
    """A day outside of what can be worked is not taken, with a sentence."""
    for day in ("0001-01-01", "9999-12-31"):
        fields = {"first": day, "last": day, **({"form": "csv"} if path == "/files" else {})}
        assert 400 <= (await site.post(anna, path, fields)).status < 500


async def test_a_session_ends_with_the_account_it_came_by(site: Site, company: Company, anna: Person) -> None:
    """Linked again, an account opens none of its former sessions: whoever has such a cookie signs in anew."""
    assert 200 == (await site.get(anna, "/")).status

    async def part(services: Any) -> Any:
        employee = await services.uow.employees.get(company.portal.id, anna.employee_id)
        await services.get(Linking).part(employee, "bitrix24", company.clock.now())
        return employee.identity("bitrix24")

    async def link_again(services: Any) -> None:
        employee = await services.uow.employees.get(company.portal.id, anna.employee_id)
        services.uow.employees.link(employee, identity)

    identity = await undertake(company)(part, company.clock.now())
    await undertake(company)(link_again, company.clock.now())
    assert 200 != (await site.get(anna, "/")).status
