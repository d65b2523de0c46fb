"""Signing in inside the portal's page: by its post alone, into a frame alone, and only who it is proven to be."""

import asyncio
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.people.session import Via
from bot.web.entering.knocks import MOST, WITHIN
from tests.authority import Company
from tests.web.conftest import SITE, Installed
from tests.web.test_installing import OTHER

APP = "/bitrix24/app"
FRAME, TOP = {"Sec-Fetch-Dest": "iframe"}, {"Sec-Fetch-Dest": "document"}
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def company(house: Installed) -> Company:
    """A portal whose administrator installed the application, and one of whose people is Emma, with the account 18."""
    return await portal(house, Company(), 918, "18")


async def portal(house: Installed, made: Company, number: int, account: str, **more: Any) -> Company:
    """Install the application, and know somebody there."""
    house.server.add(made)
    await house.frame(made, account=made.admins[0])
    found = await house.installation(made)
    assert found is not None
    own = Identity("bitrix24", found[0].key, account, account)
    person = Employee(number, found[0].id, f"Emma {number}", role=Role.ADMIN, identities=(own,), **more)
    async with house.storage.unit_of_work() as unit:
        unit.employees.add(person)
        await unit.commit()
    return made


async def opens(
    house: Installed, company: Company, account: str = "18", headers: dict[str, str] | None = None, **changed: str
) -> Any:
    """Open the application's page; `changed` are fields that say something else."""
    query, form = house.server.frame(company, account)
    query |= {key: value for key, value in changed.items() if key in query}
    form |= {key: value for key, value in changed.items() if key not in query}
    return await house.client.post(
        APP, params=query, data=form, headers=FRAME if headers is None else headers, allow_redirects=False
    )


def cookie_of(answer: Any) -> str:
    """Return the session's cookie as the browser sends it back; "" where none was set."""
    found: list[str] = [
        each
        for each in answer.headers.getall("Set-Cookie", [])
        if each.startswith(("__Host-smena=", "__Host-smena-frame="))
    ]
    return found[0].split(";")[0] if found else ""


async def shown(house: Installed, path: str, **headers: str) -> tuple[int, str, Any]:
    """Open a page of the application."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await house.client.get(path, headers=sent, allow_redirects=False)
    return answer.status, await answer.text(), answer.headers


async def sessions(house: Installed, company: Company, number: int = 918) -> list[Any]:
    """Return somebody's sessions, newest first."""
    found = await house.installation(company)
    assert found is not None
    return list(await house.storage.unit_of_work().web_sessions.of(found[0].id, number))


async def test_a_frame_signs_in(house: Installed, company: Company) -> None:
    """The cookie is the frame's own, for twelve hours; each page may be shown by that portal and by nobody else."""
    answer = await opens(house, company)
    text = await answer.text()
    [kept] = [each for each in answer.headers.getall("Set-Cookie") if "smena" in each]
    parts = set(kept.split("; "))
    assert kept.startswith("__Host-smena-frame=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned", "Max-Age=43200"} <= parts
    ancestors = f"frame-ancestors http://{house.server.host}"
    assert answer.headers["Content-Security-Policy"].endswith(ancestors)
    assert kept.split(";")[0].partition("=")[2] not in text
    status, page, headers = await shown(house, "/", Cookie=cookie_of(answer), Sec_Fetch_Dest="iframe")
    assert (200, True) == (status, "Emma 918" in page)
    assert headers["Content-Security-Policy"].endswith(ancestors)
    assert f'data-portal="http://{house.server.host}"' in page
    house.clock.move_to(house.clock.now() + timedelta(hours=12))
    assert 303 == (await shown(house, "/", Cookie=cookie_of(answer), Sec_Fetch_Dest="iframe"))[0]


async def test_nothing_of_a_visitor_is_kept(house: Installed, company: Company) -> None:
    """The tokens of whoever only opens the page live for the request alone."""
    before = [each.account for each in await house.grants(company)]
    await opens(house, company)
    assert before == [each.account for each in await house.grants(company)]


@pytest.mark.parametrize(
    "changed",
    [
        {"AUTH_ID": "forged"},
        {"AUTH_ID": ""},
        {"REFRESH_ID": ""},
        {"member_id": "c3" * 16},
        {"member_id": ""},
        {"DOMAIN": "evil.example"},
        {"SERVER_ENDPOINT": "http://evil.example/rest/"},
    ],
)
async def test_a_forged_post_signs_nobody_in(house: Installed, company: Company, changed: dict[str, str]) -> None:
    """Each check of a call holds here too; and nothing is called that only the call names."""
    answer = await opens(house, company, **changed)
    assert (403, "") == (answer.status, cookie_of(answer))
    assert [] == await sessions(house, company)


async def test_a_token_of_another_application_or_company(house: Installed, company: Company) -> None:
    """A token proves what the authorisation server says of it, and nothing else."""
    other = house.server.add(OTHER)
    query, form = house.server.frame(company, "18")
    form["AUTH_ID"] = house.server.pair(other, "18")[0]
    answer = await house.client.post(APP, params=query, data=form, headers=FRAME)
    assert (403, "") == (answer.status, cookie_of(answer))
    company.client_id = "local.foreign.1"
    assert 403 == (await opens(house, company)).status
    assert [] == await sessions(house, company)


async def test_a_wrong_application_token(house: Installed, company: Company) -> None:
    """A call that carries another application's token than the one that is known is none of the portal's."""
    answer = await opens(house, company, APPLICATION_TOKEN="another")
    assert (403, "") == (answer.status, cookie_of(answer))


async def ticket_of(house: Installed, company: Company) -> str:
    """Return the ticket of the question that is asked at the top of a window."""
    found = re.search(r'name="ticket" value="([^"]+)"', await (await opens(house, company, headers=TOP)).text())
    assert found is not None
    return found.group(1)


async def test_what_was_asked_opens_one_session(house: Installed, company: Company) -> None:
    """Sent again, also written otherwise or by two at once, it opens none; the browser that is in goes on."""
    ticket = await ticket_of(house, company)

    async def says(written: str, **headers: str) -> Any:
        sent = {"ticket": written}
        return await house.client.post("/enter/frame", data=sent, headers=OURS | headers, allow_redirects=False)

    both = await asyncio.gather(says(ticket), says(ticket))
    assert [303, 403] == sorted(each.status for each in both)
    (entered,) = [each for each in both if each.status == 303]
    again = [await says(each) for each in (ticket, f"{ticket}==", ticket.replace(".", ".~", 1))]
    assert [(403, "")] * 3 == [(each.status, cookie_of(each)) for each in again]
    back = await says(ticket, Cookie=cookie_of(entered))
    assert (303, "/", "") == (back.status, back.headers["Location"], cookie_of(back))
    assert 1 == len(await sessions(house, company))


async def test_at_the_top_of_a_window_one_is_asked(house: Installed, company: Company) -> None:
    """A page of somebody else's may post here, to sign its visitor in as themselves: so we ask, from our own page."""
    answer = await opens(house, company, headers=TOP)
    text = await answer.text()
    assert (200, "", True) == (answer.status, cookie_of(answer), "Emma 918?" in text)
    assert [] == await sessions(house, company)
    found = re.search(r'name="ticket" value="([^"]+)"', text)
    assert found is not None
    for foreign in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        refused = await house.client.post("/enter/frame", data={"ticket": found.group(1)}, headers=foreign)
        assert (403, "") == (refused.status, cookie_of(refused))
    for own in (OURS, {"Origin": SITE}):
        asked = await ticket_of(house, company)
        entered = await house.client.post("/enter/frame", data={"ticket": asked}, headers=own, allow_redirects=False)
        assert (303, "/") == (entered.status, entered.headers["Location"])
        assert cookie_of(entered).startswith("__Host-smena=")
    assert 403 == (await house.client.post("/enter/frame", data={"ticket": "x.y.z"}, headers=OURS)).status
    house.clock.move_to(house.clock.now() + timedelta(minutes=11))
    late = await house.client.post("/enter/frame", data={"ticket": found.group(1)}, headers=OURS)
    assert 403 == late.status


def code_in(text: str) -> str:
    """Return the code that a page of a frame came with."""
    found = re.search(r'name="smena-exchange" content="([^"]+)"', text)
    assert found is not None
    return found.group(1)


async def ping(house: Installed, **headers: str) -> int:
    """Ask whether the cookie came back."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    status: int = (await house.client.post("/me/ping", headers=OURS | sent)).status
    return status


async def exchange(house: Installed, code: str, **headers: str) -> tuple[int, str]:
    """Ask for a session for a code."""
    answer = await house.client.post("/enter/exchange", data={"code": code}, headers=headers or OURS)
    return answer.status, (await answer.json())["token"] if answer.status == 200 else ""


@pytest.mark.parametrize("headers", [FRAME, {}])
async def test_where_no_cookie_is_kept_the_page_holds_the_session(
    house: Installed, company: Company, headers: dict[str, str]
) -> None:
    """One code, one session, within a minute; it is sent with everything, and signs out as any other."""
    answer = await opens(house, company, headers=headers)
    assert bool(headers) == bool(cookie_of(answer))
    assert 401 == await ping(house)
    code = code_in(await answer.text())
    assert 403 == (await exchange(house, code, Origin="https://evil.example"))[0]
    status, token = await exchange(house, code)
    assert 200 == status
    assert (403, "") == await exchange(house, code)
    bearer = {"Authorization": f"Bearer {token}"}
    assert 200 == (await shown(house, "/approvals", **bearer))[0]
    [session] = await sessions(house, company)
    assert Via.FRAME_HEADER is session.via
    out = await house.client.post("/me/sign-out", headers=OURS | bearer, allow_redirects=False)
    assert (200, True) == (out.status, "frame-ancestors http://" in out.headers["Content-Security-Policy"])
    assert 303 == (await shown(house, "/approvals", **bearer))[0]
    assert [] == await sessions(house, company)


async def test_a_code_is_burnt_or_too_old(house: Installed, company: Company) -> None:
    """Where the cookie came back the code opens nothing; nor does one that is a minute old."""
    answer = await opens(house, company)
    assert 204 == await ping(house, Cookie=cookie_of(answer))
    assert (403, "") == await exchange(house, code_in(await answer.text()))
    answer = await opens(house, company)
    house.clock.move_to(house.clock.now() + timedelta(seconds=60))
    assert (403, "") == await exchange(house, code_in(await answer.text()))


async def test_opened_again(house: Installed, company: Company) -> None:
    """Each opening begins a session of its own, and ends the one that the frame had before."""
    first = await opens(house, company)
    second = await opens(house, company, headers=FRAME | {"Cookie": cookie_of(first)})
    assert 1 == len(await sessions(house, company))
    assert 303 == (await shown(house, "/", Cookie=cookie_of(first)))[0]
    assert 200 == (await shown(house, "/", Cookie=cookie_of(second)))[0]


async def test_two_portals_in_one_browser(house: Installed, company: Company) -> None:
    """A page asks in the name of whom it was shown to; the other portal's session does nothing for it."""
    domain = house.server.host.replace("127.0.0.1", "localhost")
    other = await portal(house, replace(OTHER, domain=domain), 905, "5")
    first, second = await opens(house, company), await opens(house, other, "5")
    assert "Emma 918" in (await shown(house, "/", Cookie=cookie_of(first)))[1]
    assert "Emma 905" in (await shown(house, "/", Cookie=cookie_of(second)))[1]
    both = {"Cookie": cookie_of(second), "Smena-Who": "918", "HX-Request": "true"}
    marked = await house.client.post("/day/in", headers=OURS | both)
    assert 401 == marked.status
    assert 401 == await ping(house, Cookie=cookie_of(second), Smena_Who="918")


async def test_a_session_ends_with_what_it_came_by(house: Installed, company: Company) -> None:
    """A removal of the application ends all of its sessions."""
    cookie = cookie_of(await opens(house, company))
    await house.event(company, "ONAPPUNINSTALL", bare=True)
    assert 303 == (await shown(house, "/", Cookie=cookie))[0]


async def test_somebody_who_is_switched_off(house: Installed) -> None:
    """They are told so, and get no session, in a frame or without."""
    company = await portal(house, Company(), 919, "19", is_disabled=True)
    for headers in (FRAME, TOP, {}):
        answer = await opens(house, company, "19", headers=headers)
        assert (200, "") == (answer.status, cookie_of(answer))
        assert 'data-again="yes"' not in await answer.text()
    assert [] == await sessions(house, company, 919)


async def test_somebody_who_is_not_known_yet(house: Installed, company: Company) -> None:
    """Their portal's people are read soon: until then the page says how it stands, and asks by itself once more.

    Long after the installation it does not: who is unknown then is a guest, whose page would be opened for ever.
    """
    answer = await opens(house, company, "77")
    text = await answer.text()
    assert (200, "", True) == (answer.status, cookie_of(answer), "Смена установлена" in text)
    assert 'data-again="yes"' in text
    house.clock.move_to(house.clock.now() + timedelta(minutes=11))
    assert 'data-again="no"' in await (await opens(house, company, "77")).text()


async def test_the_language_of_the_portal(house: Installed, company: Company) -> None:
    """It is spoken to whoever chose none here."""
    await opens(house, company, LANG="en")
    found = await house.installation(company)
    assert found is not None
    person = await house.storage.unit_of_work().employees.get(found[0].id, 918)
    assert person is not None
    assert ("en", False) == (person.locale, person.locale_is_chosen)


PLACES = [
    ("CRM_DEAL_DETAIL_TAB", {"ID": "12"}, "/approvals?about=deal:12"),
    ("TASK_VIEW_TAB", {"taskId": "12"}, "/approvals?about=task:12"),
    ("CRM_DYNAMIC_171_DETAIL_TAB", {"ID": "12"}, "/approvals?about=smart_process:171:12"),
    ("CRM_DEAL_DETAIL_TAB", {"ID": "13"}, "/"),  # not theirs to see
    ("CRM_DEAL_DETAIL_TAB", {"ID": "12; drop"}, "/"),
    ("DEFAULT", {"page": "/hours"}, "/hours"),
    ("DEFAULT", {"page": "//evil.example"}, "/"),
    ("LEFT_MENU", {}, "/"),
]


@pytest.mark.parametrize(("placement", "options", "next_page"), PLACES)
async def test_where_one_stood(
    house: Installed, company: Company, placement: str, options: dict[str, str], next_page: str
) -> None:
    """A card's tab opens the requests about its object, if that person may see it; a link opens a page of ours."""
    house.server.objects = {"crm.item.get": {"18": ("12",)}, "tasks.task.get": {"18": ("12",)}}
    answer = await opens(house, company, PLACEMENT=placement, PLACEMENT_OPTIONS=json.dumps(options))
    assert f'data-next="{next_page}"' in await answer.text()
    assert all(account == "18" for account in await asked_as(house))


async def asked_as(house: Installed) -> list[str]:
    """Return in whose name objects were read."""
    reads = [asked for name, asked in house.server.portal_calls if name in house.server.objects]
    return [house.server.access[str(each["auth"])].account for each in reads]


@pytest.mark.parametrize("options", ["", "null", "[1]", "{", "\ud83d", '{"ID": {"a": 1}}', "[" * 3000])
async def test_options_of_any_kind(house: Installed, company: Company, options: str) -> None:
    """What a portal says of where one stood never keeps anybody out."""
    query, form = house.server.frame(company, "18")
    form |= {"PLACEMENT": "CRM_DEAL_DETAIL_TAB", "PLACEMENT_OPTIONS": options}
    body = urlencode(form, errors="replace")
    answer = await house.client.post(
        APP, params=query, data=body, headers=FRAME | {"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert (200, True) == (answer.status, 'data-next="/"' in await answer.text())


async def test_unproven_posts_of_an_address_come_to_an_end(house: Installed, company: Company) -> None:
    """Nobody is asked about more of them, at any door; what is proven costs nothing; a minute later it is well."""
    for _ in range(MOST + 5):
        assert 200 == (await opens(house, company)).status
    for _ in range(MOST):
        assert 403 == (await opens(house, company, AUTH_ID="forged")).status
    before, known = house.server.asked["app.info"], len(house.server.portal_calls)
    late = await opens(house, company)
    assert (429, "", True) == (late.status, cookie_of(late), "Подождите минуту" in await late.text())
    query, form = house.server.frame(company, "18")
    assert 429 == (await house.client.post("/bitrix24/install", params=query, data=form)).status
    assert 503 == (await house.event(company, "ONAPPINSTALL", bare=True)).status
    assert (before, known) == (house.server.asked["app.info"], len(house.server.portal_calls))
    assert 200 == (await house.event(company, "ONAPPUNINSTALL", bare=True)).status
    house.ticks = WITHIN
    assert 403 == (await opens(house, company, AUTH_ID="forged")).status


async def test_the_address_is_the_socket_s(house: Installed, company: Company) -> None:
    """Whoever writes another one into a header has no more tries by that."""
    for number in range(MOST):
        spoofed = {"X-Forwarded-For": f"198.51.100.{number}"} | FRAME
        assert 403 == (await opens(house, company, headers=spoofed, AUTH_ID="forged")).status
    assert 429 == (await opens(house, company, headers={"X-Forwarded-For": "203.0.113.9"} | FRAME)).status
