"""The application on a portal: installed, changed and removed; nothing is believed that is not proven."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot.dispatch.turn import Occasion
from bot.domain.errors import LinkNotValid, TooManyTries
from bot.domain.installation import InstallationState, Purpose, Trouble
from bot.domain.people.employee import Role
from bot.domain.people.session import Via
from bot.domain.portal import Portal
from bot.ids import new_id
from bot.ports import Job
from bot.services.automation.webhooks import Webhooks
from bot.services.people.access import Access
from bot.services.people.linking import Linking
from bot.services.people.origins import origins_of
from bot.services.wiring import Services
from bot.web.entering.application import Webhook
from bot.web.entering.frame import STATE_COOKIE
from tests.authority import Company
from tests.web.conftest import HOUR, NOW, Installed

OTHER = Company(member_id="b2" * 16, application_token="another-token", admins=("5",))


async def _text(answer: Any) -> str:
    return str(await answer.text())


async def test_an_administrator_installs_it_in_the_frame(house: Installed) -> None:
    """One press: the tenant is the company, tokens are kept, it is served, and the page says where the bot is."""
    company = house.server.add(Company())
    answer = await house.frame(company)
    text = await _text(answer)
    found = await house.installation(company)
    assert found is not None
    portal, installation = found
    assert (200, company.member_id, company.member_id) == (answer.status, portal.key, portal.member_id)
    assert (InstallationState.ACTIVE, None, "17") == (
        installation.state,
        installation.trouble,
        installation.installed_by,
    )
    assert (company.application_token, house.server.host) == (installation.application_token, installation.oauth_host)
    assert [frozenset({Purpose.INSTALLER})] == [each.purposes for each in await house.grants(company)]
    assert [("connect", portal.key)] == house.served
    assert "Смена установлена" in text
    assert 'data-finish="yes" data-again="no"' in text
    assert f'data-portal="http://{house.server.host}"' in text
    assert "IM_DIALOG=5" in text


async def test_what_a_page_carries(house: Installed) -> None:
    """Only the proven portal may show it in a frame; nobody keeps it; only our script runs; it holds no token."""
    company = house.server.add(Company())
    answer = await house.frame(company)
    text, policy = await _text(answer), answer.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors http://{house.server.host}")
    assert "default-src 'none'; script-src 'self'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert ("no-store", "nosniff") == (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"])
    assert "<script>" not in text
    assert "style=" not in text
    for secret in (company.application_token, *house.server.access, *house.server.refresh):
        assert secret not in text
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
        found = await house.client.get(address)
        assert (200, True) == (found.status, "immutable" in found.headers["Cache-Control"])


@pytest.mark.parametrize("path", ["/bitrix24/install", "/bitrix24/app"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_the_vendors_probe(house: Installed, path: str, method: str) -> None:
    """The addresses of the card answer HEAD and GET, and in no frame."""
    answer = await house.client.request(method, path)
    assert (200, True) == (answer.status, answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'"))


async def test_the_event_alone_installs_it(house: Installed) -> None:
    """An application without pages gets its first tokens from the event; both doors of the card take it."""
    company = house.server.add(Company())
    assert 200 == (await house.event(company, "ONAPPINSTALL", data={"VERSION": "1", "LANGUAGE_ID": "ru"})).status
    assert [("connect", company.member_id)] == house.served
    auth = house.server.auth(company)
    form = house.server.event(company, "ONAPPINSTALL", {}, auth)
    assert 200 == (await house.client.post("/bitrix24/install", data=form)).status
    assert 1 == len(await house.grants(company))


async def test_both_carriers_at_once(house: Installed) -> None:
    """The event beside the frame, in either order and twice: one tenant, one installation."""
    company = house.server.add(Company())
    for _ in range(2):
        await house.frame(company)
        await house.event(company, "ONAPPINSTALL")
    async with house.storage.unit_of_work() as unit:
        assert [company.member_id] == [each.key for each in await unit.portals.all()]


FORGED: list[dict[str, str]] = [
    {"AUTH_ID": "invented"},
    {"AUTH_ID": ""},
    {"member_id": "c3" * 16},
    {"member_id": ""},
    {"DOMAIN": "evil.example"},
    {"SERVER_ENDPOINT": "https://evil.example/rest/"},
]


@pytest.mark.parametrize("changed", FORGED, ids=str)
@pytest.mark.parametrize("path", ["/bitrix24/install", "/bitrix24/app"])
async def test_a_forged_page_changes_nothing(house: Installed, changed: dict[str, str], path: str) -> None:
    """Whatever is not as the authorisation server says is refused with a page; nothing is stored or called for it."""
    company = house.server.add(Company())
    answer = await house.frame(company, path, **changed)
    assert (403, "text/html", []) == (answer.status, answer.content_type, house.server.portal_calls)
    assert (None, []) == (await house.installation(company), house.served)
    assert "Не получилось" in await _text(answer)


@pytest.mark.parametrize("name", ["ONAPPINSTALL", "ONAPPUPDATE"])
@pytest.mark.parametrize(
    "said",
    [
        {"access_token": "invented"},
        {"access_token": ""},
        {"member_id": "c3" * 16},
        {"client_endpoint": "https://evil.example/rest/"},
        {"server_endpoint": "https://evil.example/rest/"},
    ],
    ids=str,
)
async def test_a_forged_event_changes_nothing(house: Installed, name: str, said: dict[str, str]) -> None:
    """The same of events."""
    company = house.server.add(Company())
    answer = await house.event(company, name, **said)
    assert (403, None, []) == (answer.status, await house.installation(company), house.served)


async def test_a_token_of_another_application(house: Installed) -> None:
    """Somebody else's application has tokens for this portal too: they prove nothing to us."""
    company = house.server.add(Company(client_id="local.other.2"))
    answer = await house.frame(company)
    assert (403, None) == (answer.status, await house.installation(company))
    assert "другого приложения" in await _text(answer)


async def test_a_refusal_has_a_number_that_stands_in_the_log(house: Installed) -> None:
    """By it whoever is told of a page finds the line; where none was written, none is told."""
    company = house.server.add(Company())
    with structlog.testing.capture_logs() as lines:
        told = await _text(await house.frame(company, AUTH_ID="invented"))
        again = await _text(await house.frame(company, AUTH_ID="invented"))
    [line] = lines
    assert f"номер {line['id']}" in told
    assert "номер" not in again


async def test_an_unknown_event(house: Installed) -> None:
    """What is no event of the application's life is not taken at this address."""
    company = house.server.add(Company())
    assert 403 == (await house.event(company, "ONCRMDEALADD")).status
    assert 403 == (await house.client.post("/bitrix24/install", data=b"\xff\xfe")).status


async def test_a_server_that_is_away(house: Installed) -> None:
    """What could not be looked at is not forged: it may be tried again, and nothing was changed."""
    company = house.server.add(Company())
    query, form = house.server.frame(company)
    form["SERVER_ENDPOINT"] = ""
    house.server.is_away = True
    answer = await house.client.post("/bitrix24/install", params=query, data=form)
    assert (503, None) == (answer.status, await house.installation(company))
    assert "через минуту" in await _text(answer)


# What a colleague can and cannot do


async def test_installed_by_somebody_who_is_no_administrator(house: Installed) -> None:
    """The bot works; what only an administrator's access can do is said, and an administrator mends it by a look."""
    company = house.server.add(Company())
    text = await _text(await house.frame(company, account="18"))
    found = await house.installation(company)
    assert found is not None
    assert (Trouble.NO_ADMINISTRATOR, True) == (found[1].trouble, found[1].is_served)
    assert "не администратор" in text
    await house.frame(company, "/bitrix24/app", account="17")
    found = await house.installation(company)
    assert found is not None
    assert (None, "17") == (found[1].trouble, found[1].installed_by)
    assert ["17"] == [each.account for each in await house.grants(company)]


async def test_a_colleague_changes_no_application_token(house: Installed) -> None:
    """Whoever opens a page has a token of their own: with it they cannot shut out the portal's own calls."""
    company = house.server.add(Company())
    await house.frame(company)
    await house.event(company, "ONAPPUPDATE", account="18", application_token="invented")
    found = await house.installation(company)
    assert found is not None
    assert company.application_token == found[1].application_token


@pytest.mark.parametrize("way", ["/bitrix24/install", "/bitrix24/app", "ONAPPINSTALL", "ONAPPUPDATE"])
async def test_a_colleague_takes_nobodys_place(house: Installed, way: str) -> None:
    """What an administrator installed is no colleague's to change: the tokens stay theirs, and it goes on as it was."""
    company = house.server.add(Company())
    await house.frame(company)
    before, kept = await house.installation(company), await house.grants(company)
    if way.startswith("/"):
        answer = await house.frame(company, way, account="18", REFRESH_ID="garbage")
    else:
        answer = await house.event(company, way, account="18", refresh_token="garbage")
    assert 200 == answer.status
    assert (before, kept) == (await house.installation(company), await house.grants(company))


@pytest.mark.parametrize("trouble", [Trouble.GRANT_LOST, Trouble.UNPAID, Trouble.RIGHTS_MISSING], ids=str)
async def test_a_colleague_mends_nothing_by_installing(house: Installed, trouble: Trouble) -> None:
    """What is wrong with an administrator's installation stays, until an administrator looks."""
    company = house.server.add(Company())
    await house.frame(company)
    await house.do(lambda each: each.trouble(company.member_id, trouble, house.clock.now()))
    kept = await house.grants(company)
    await house.frame(company, account="18")
    found = await house.installation(company)
    assert found is not None
    assert (trouble, kept) == (found[1].trouble, await house.grants(company))


@pytest.mark.parametrize("account", ["17", "18"])
async def test_a_pair_that_cannot_be_renewed(house: Installed, account: str) -> None:
    """Without a token for the next pair it proves nothing, and does not replace one that is good."""
    company = house.server.add(Company())
    await house.frame(company)
    kept = await house.grants(company)
    assert 403 == (await house.frame(company, account=account, REFRESH_ID="")).status
    assert 403 == (await house.event(company, "ONAPPUPDATE", account=account, refresh_token="")).status
    assert kept == await house.grants(company)


async def test_refusals_are_told_once_a_minute(house: Installed) -> None:
    """However many calls are forged, the log has a line of each door."""
    company = house.server.add(Company())
    with structlog.testing.capture_logs() as lines:
        for _ in range(5):
            await house.frame(company, AUTH_ID="invented")
            await house.event(company, "ONAPPINSTALL", access_token="invented")
    assert ["bitrix24.call_not_proven", "bitrix24.event_not_proven"] == sorted(each["event"] for each in lines)


async def test_a_colleague_takes_no_colleagues_place(house: Installed) -> None:
    """What one colleague installed, the next one does not spoil; whoever did may do it again, and an administrator."""
    company = house.server.add(Company())
    await house.frame(company, account="18")
    before, kept = await house.installation(company), await house.grants(company)
    await house.frame(company, account="19", REFRESH_ID="garbage")
    assert (before, kept) == (await house.installation(company), await house.grants(company))
    await house.frame(company, account="18")
    assert [("18", True)] == [(each.account, each.pair != kept[0].pair) for each in await house.grants(company)]
    await house.frame(company, account="17")
    assert ["17"] == [each.account for each in await house.grants(company)]


async def test_a_colleague_pins_no_application_token(house: Installed) -> None:
    """The token beside a colleague's own is not proven: no removal is believed by it, until an administrator looks."""
    company = house.server.add(Company())
    await house.frame(company, account="18", APPLICATION_TOKEN="invented")
    forged = {"bare": True, "application_token": "invented", "data": {"CLEAN": "1"}}
    assert 403 == (await house.event(company, "ONAPPUNINSTALL", **forged)).status
    found = await house.installation(company)
    assert found is not None
    assert ("", True) == (found[1].application_token, found[1].is_served)
    await house.frame(company, "/bitrix24/app", account="17")
    assert 403 == (await house.event(company, "ONAPPUNINSTALL", **forged)).status
    assert 200 == (await house.event(company, "ONAPPUNINSTALL", bare=True)).status


async def test_an_update_brings_another_token(house: Installed) -> None:
    """A new version has another application token: it is proven, pinned, and the former one is worth nothing."""
    company = house.server.add(Company())
    await house.frame(company)
    former = company.application_token
    company.application_token, company.version = "application-token-2", "2"
    assert 200 == (await house.event(company, "ONAPPUPDATE", data={"VERSION": "2"})).status
    found = await house.installation(company)
    assert found is not None
    assert ("application-token-2", "2") == (found[1].application_token, found[1].version)
    assert 403 == (await house.event(company, "ONAPPUNINSTALL", bare=True, application_token=former)).status


# Removal


@pytest.mark.parametrize("token", ["", "invented", "application-token"])
async def test_a_forged_removal(house: Installed, token: str) -> None:
    """A removal has no token but the application's: without it nothing happens; of a stranger neither."""
    company = house.server.add(Company())
    await house.frame(company)
    house.served.clear()
    assert 403 == (await house.event(company, "ONAPPUNINSTALL", bare=True, application_token=token)).status
    assert 403 == (await house.event(OTHER, "ONAPPUNINSTALL", bare=True)).status
    found = await house.installation(company)
    assert found is not None
    assert (InstallationState.ACTIVE, []) == (found[1].state, house.served)


async def test_removed_and_installed_again(house: Installed) -> None:
    """The tenant sleeps with its people, tokens go, and wakes as the same one; a second removal is refused."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await house.portal(company.member_id)
    assert portal is not None
    await house.hires(portal)
    assert 200 == (await house.event(company, "ONAPPUNINSTALL", bare=True, data={"CLEAN": "0"})).status
    asleep = await house.portal(company.member_id)
    found = await house.installation(company)
    assert asleep is not None
    assert found is not None
    assert (False, InstallationState.ASLEEP, []) == (asleep.is_active, found[1].state, await house.grants(company))
    assert ("disconnect", portal.key) == house.served[-1]
    assert 403 == (await house.event(company, "ONAPPUNINSTALL", bare=True)).status  # a replay, after all is over
    company.application_token = "application-token-2"
    await house.frame(company)
    awake = await house.portal(company.member_id)
    assert awake is not None
    assert (portal.id, True, ("connect", portal.key)) == (awake.id, awake.is_active, house.served[-1])
    assert 1 == len(await house.storage.unit_of_work().employees.of_portal(portal.id))


async def test_removed_with_all_data(house: Installed) -> None:
    """Of whom nothing has to be kept, all goes, by a job each."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await house.portal(company.member_id)
    assert portal is not None
    await house.hires(portal, 900)
    await house.hires(portal, 901, Role.EMPLOYEE)
    assert 200 == (await house.event(company, "ONAPPUNINSTALL", bare=True, data={"CLEAN": "1"})).status
    jobs = [each for each in await house.storage.jobs.claim(house.clock.now(), 50) if each.kind == "clean"]
    assert ["900", "901"] == sorted(each.key for each in jobs)


async def _due_to_go(house: Installed, after: timedelta = timedelta(0)) -> list[str]:
    """Return of whom everything is to go by then."""
    return sorted(each.key for each in await house.storage.jobs.claim(NOW + after, 50) if each.kind == "clean")


@pytest.mark.parametrize("was_kept", [False, True])
async def test_who_comes_back_takes_a_wish_to_erase_back(house: Installed, *, was_kept: bool) -> None:
    """Installed again, nothing goes any more, though a later removal finds the portal asleep once more.

    So it is where a job was left over from before.
    """
    company = house.server.add(Company())
    await house.frame(company)
    portal = await house.portal(company.member_id)
    assert portal is not None
    await house.hires(portal)
    await house.do(lambda each: each.uninstall(company.member_id, NOW, clean=True))
    await house.frame(company)
    if was_kept:
        async with house.storage.unit_of_work() as unit:
            unit.jobs.add(Job(new_id(), portal.id, "clean", "900", NOW, {"employee_id": 900}))
            await unit.commit()
    await house.do(lambda each: each.uninstall(company.member_id, NOW, clean=False))
    asleep = await house.portal(company.member_id)
    assert asleep is not None
    assert ([], False) == (await _due_to_go(house, timedelta(days=4000)), asleep.is_active)


@pytest.mark.parametrize("clean", [True, False])
async def test_after_a_removal_no_program_is_told_and_no_page_may_call(house: Installed, *, clean: bool) -> None:
    """Webhooks go with what waits for them, and so do the addresses that browsers may call from."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await house.portal(company.member_id)
    assert portal is not None
    by = await house.hires(portal)

    async def set_up(services: Services) -> None:
        await services.get(Webhooks).make(by, "payroll", "https://hooks.example.com/a", (), NOW)
        services.uow.portals.put(replace(portal, options={**portal.options, "origins": ["https://app.example.com"]}))

    async def test(services: Services) -> None:
        (hook,) = await services.get(Webhooks).of(by)
        await services.get(Webhooks).test(by, hook, NOW)

    await house.undertake(set_up, NOW)
    await house.undertake(test, NOW)
    assert ["payroll"] == [each.name for each in await house.storage.hooks.due()]
    await house.do(lambda each: each.uninstall(company.member_id, NOW, clean=clean))
    asleep = await house.portal(company.member_id)
    assert asleep is not None
    assert ([], []) == (await house.storage.unit_of_work().webhooks.of(portal.id), await house.storage.hooks.due())
    assert (False, []) == (asleep.is_active, list(origins_of(asleep)))


async def test_while_a_portal_sleeps_its_programs_are_told_nothing(house: Installed) -> None:
    """What waits is told once it is awake again."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await house.portal(company.member_id)
    assert portal is not None
    by = await house.hires(portal)

    async def make(services: Services) -> None:
        await services.get(Webhooks).make(by, "payroll", "https://hooks.example.com/a", (), NOW)

    async def test(services: Services) -> None:
        (hook,) = await services.get(Webhooks).of(by)
        await services.get(Webhooks).test(by, hook, NOW)

    await house.undertake(make, NOW)
    await house.undertake(test, NOW)
    for is_active, told in ((False, []), (True, ["payroll"])):
        async with house.storage.unit_of_work() as unit:
            unit.portals.put(replace(portal, is_active=is_active))
            await unit.commit()
        assert told == [each.name for each in await house.storage.hooks.due()]


# Whose tenant it is


async def _webhook_tenant(house: Installed) -> int:
    """Begin with an incoming webhook at the authority's own address, with one administrator."""
    key = "127.0.0.1"
    house.webhook = Webhook(key, house.server.host)
    house.application._webhook = house.webhook
    portal = Portal(new_id(), key, "Ромашка")
    async with house.storage.unit_of_work() as unit:
        unit.portals.add(portal)
        await unit.commit()
    await house.hires(portal)
    return portal.id


def _code(told: list[str]) -> str:
    found = re.search(r"(\d{4}) ?(\d{4})", " ".join(told))
    assert found is not None, told
    return "".join(found.groups())


def _ticket(text: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', text)
    assert found is not None
    return found.group(1)


async def test_a_webhook_tenant_is_joined_by_a_code(house: Installed) -> None:
    """Nothing is served before the administrator says; with the code that the bot told it stays one tenant."""
    portal_id = await _webhook_tenant(house)
    company = house.server.add(Company())
    text = await _text(await house.frame(company))
    assert ([("disconnect", company.member_id)], True) == (house.served, "Это ваша компания?" in text)
    code = _code(await house.told())
    wrong = await house.client.post("/bitrix24/install", data={"ticket": _ticket(text), "code": "0000 0000"})
    assert (422, True) == (wrong.status, "не подходит" in await _text(wrong))
    answer = await house.client.post(
        "/bitrix24/install", data={"ticket": _ticket(text), "code": f"{code[:4]} {code[4:]}"}
    )
    found = await house.installation(company)
    assert found is not None
    assert (200, portal_id, company.member_id) == (answer.status, found[0].id, found[0].member_id)
    assert 'data-finish="yes"' in await _text(answer)
    assert [("disconnect", company.member_id), ("connect", "127.0.0.1")] == house.served[-2:]
    assert ["17"] == [each.account for each in await house.grants(company)]
    again = await house.client.post("/bitrix24/install", data={"ticket": _ticket(text), "code": code})
    assert 422 == again.status


async def test_codes_are_not_guessed(house: Installed) -> None:
    """After five that do not fit, not even the right one is taken for a quarter of an hour."""
    await _webhook_tenant(house)
    company = house.server.add(Company())
    ticket = _ticket(await _text(await house.frame(company)))
    code = _code(await house.told())
    for number in range(5):
        await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": f"{number:08d}"})
    answer = await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})
    assert (422, True) == (answer.status, "Слишком много" in await _text(answer))


async def test_a_code_is_for_one_company(house: Installed) -> None:
    """Another company that learns of it cannot take the tenant with it."""
    portal_id = await _webhook_tenant(house)
    await house.frame(house.server.add(Company()))
    code = _code(await house.told())
    ticket = _ticket(await _text(await house.frame(house.server.add(OTHER), account="5")))
    answer = await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})
    portal = await house.portal("127.0.0.1")
    assert portal is not None
    assert (422, portal_id, None) == (answer.status, portal.id, portal.member_id)


async def test_another_company_begins_anew(house: Installed) -> None:
    """The administrator says that it is another company: a tenant of its own is served, the old one goes on."""
    portal_id = await _webhook_tenant(house)
    company = house.server.add(Company())
    ticket = _ticket(await _text(await house.frame(company)))
    answer = await house.client.post("/bitrix24/install", data={"ticket": ticket, "anew": "yes"})
    found = await house.installation(company)
    old = await house.portal("127.0.0.1")
    assert found is not None
    assert old is not None
    assert (200, True, True) == (answer.status, found[0].id != portal_id, old.is_active)
    assert ("connect", company.member_id) == house.served[-1]


async def test_only_an_administrator_decides_whose_it_is(house: Installed) -> None:
    """A colleague who opened the page cannot say that it is another company."""
    await _webhook_tenant(house)
    ticket = _ticket(await _text(await house.frame(house.server.add(Company()), account="18")))
    answer = await house.client.post("/bitrix24/install", data={"ticket": ticket, "anew": "yes"})
    assert 403 == answer.status
    forged = await house.client.post("/bitrix24/install", data={"ticket": ticket + "x", "anew": "yes"})
    assert 403 == forged.status


async def test_a_colleague_asks_for_no_codes(house: Installed) -> None:
    """While an administrator has to say whose tenant it is, colleagues who open pages change nothing."""
    await _webhook_tenant(house)
    company = house.server.add(Company())
    ticket = _ticket(await _text(await house.frame(company)))
    code, before = _code(await house.told()), await house.installation(company)
    for path in ("/bitrix24/install", "/bitrix24/app"):
        assert "Это ваша компания?" in await _text(await house.frame(company, path, account="18"))
    await house.event(company, "ONAPPINSTALL", account="18")
    assert ([], before, ["17"]) == (
        await house.told(),
        await house.installation(company),
        [each.account for each in await house.grants(company)],
    )
    assert 200 == (await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})).status


async def test_the_event_beside_the_page_voids_no_code(house: Installed) -> None:
    """Both carriers of one installation tell one code."""
    await _webhook_tenant(house)
    company = house.server.add(Company())
    ticket = _ticket(await _text(await house.frame(company)))
    await house.event(company, "ONAPPINSTALL")
    code = _code(await house.told())
    assert 200 == (await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})).status


async def test_codes_are_not_guessed_all_at_once(house: Installed) -> None:
    """Those that come while others are looked at count as well: of many at a time, five are looked at."""
    await _webhook_tenant(house)
    company = house.server.add(Company())
    await house.frame(company)
    looked, do = 0, house.application._do

    async def slowly(work: Any) -> Any:
        nonlocal looked
        looked += 1
        await asyncio.sleep(0)
        return await do(work)

    house.application._do = slowly
    tries = [house.application.join(company.member_id, f"{number:08d}") for number in range(20)]
    ends = await asyncio.gather(*tries, return_exceptions=True)
    assert (5, 15) == (looked, sum(isinstance(each, TooManyTries) for each in ends))


async def test_a_code_that_comes_after_a_removal(house: Installed) -> None:
    """What was removed meanwhile is not revived by it."""
    portal_id = await _webhook_tenant(house)
    company = house.server.add(Company())
    ticket = _ticket(await _text(await house.frame(company)))
    code = _code(await house.told())
    assert 200 == (await house.event(company, "ONAPPUNINSTALL", bare=True)).status
    assert 422 == (await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})).status
    found, webhook = await house.installation(company), await house.portal("127.0.0.1")
    assert found is not None
    assert webhook is not None
    assert (InstallationState.ASLEEP, portal_id, None) == (found[1].state, webhook.id, webhook.member_id)


async def test_a_code_that_joins_links_nobody(house: Installed) -> None:
    """Somebody who sends it to the bot, as a code of another messenger, is not taken for the company."""
    await _webhook_tenant(house)
    webhook = await house.portal("127.0.0.1")
    assert webhook is not None
    employee = await house.hires(webhook, 901, Role.EMPLOYEE)
    await house.frame(house.server.add(Company()))
    code = _code(await house.told())

    async def look(services: Services) -> Any:
        return await services.get(Linking).look(employee, code, house.clock.now())

    with pytest.raises(LinkNotValid):
        await house.undertaking(look, Occasion(house.clock.now()))


async def test_a_webhook_that_proved_its_company(house: Installed) -> None:
    """Where the webhook answers and a proven delivery named the same company, it is joined without a question."""
    portal_id = await _webhook_tenant(house)
    company = house.server.add(Company())
    await house.storage.vault.put("bitrix24:127.0.0.1:door", f'{{"known": ["x"], "member": "{company.member_id}"}}')
    house.server.opens_webhook = True
    answer = await house.frame(company)
    found = await house.installation(company)
    assert found is not None
    assert (200, portal_id) == (answer.status, found[0].id)
    assert any("обслуживает" in each or "приложение" in each.lower() for each in await house.told())


async def test_a_webhook_of_another_company_sleeps(house: Installed) -> None:
    """A second company at the first one's former address: that is taken from the first, whose data stays, asleep."""
    portal_id = await _webhook_tenant(house)
    company = house.server.add(Company())
    await house.storage.vault.put("bitrix24:127.0.0.1:door", f'{{"known": ["x"], "member": "{"c3" * 16}"}}')
    house.server.opens_webhook = True
    await house.frame(company)
    found, old = await house.installation(company), await house.portal("127.0.0.1")
    assert found is not None
    assert old is not None
    assert (company.member_id, False, portal_id) == (found[0].key, old.is_active, old.id)
    assert 1 == len(await house.storage.unit_of_work().employees.of_portal(portal_id))
    assert ("disconnect", "127.0.0.1") in house.served
    assert any("Другая компания" in each for each in await house.told())


async def test_a_host_is_taken_by_another_company(house: Installed) -> None:
    """The same among companies that both installed the application; the first one comes back at its new address."""
    first = house.server.add(Company())
    await house.frame(first)
    second = house.server.add(OTHER)
    await house.frame(second, account="5")
    asleep, found = await house.portal(first.member_id), await house.installation(first)
    assert asleep is not None
    assert found is not None
    assert (False, Trouble.HOST_TAKEN, False) == (asleep.is_active, found[1].trouble, found[1].is_served)
    assert ("disconnect", first.member_id) in house.served
    await house.frame(first)  # proven again: the address is the first one's now
    back, gone = await house.portal(first.member_id), await house.portal(second.member_id)
    assert back is not None
    assert gone is not None
    assert (True, False) == (back.is_active, gone.is_active)


# What goes wrong, and the way back


async def test_installed_with_fewer_rights(house: Installed) -> None:
    """It is said which way back there is, the installation is not finished, and the portal is not served."""
    company = house.server.add(Company(scope="im,user_brief"))
    text = await _text(await house.frame(company))
    found = await house.installation(company)
    assert found is not None
    assert (Trouble.RIGHTS_MISSING, False) == (found[1].trouble, found[1].is_served)
    assert ("data-finish" not in text, "меньшими правами" in text) == (True, True)
    company.scope = "im,imbot,user_brief"
    await house.frame(company)
    found = await house.installation(company)
    assert found is not None
    assert (None, True, ("connect", company.member_id)) == (found[1].trouble, found[1].is_served, house.served[-1])


@pytest.mark.parametrize("trouble", [each for each in Trouble if each is not Trouble.UNREADABLE], ids=str)
async def test_each_trouble_has_its_way_back(house: Installed, trouble: Trouble) -> None:
    """Administrators are told once; a colleague who looks reads it and mends nothing; an administrator mends it."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await house.portal(company.member_id)
    assert portal is not None
    await house.hires(portal)
    await house.hires(portal, 901, Role.EMPLOYEE)
    for _ in range(2):
        await house.do(lambda each: each.trouble(portal.key, trouble, house.clock.now()))
    assert 1 == len(await house.told())
    answer = await house.frame(company, "/bitrix24/app", account="18")
    found = await house.installation(company)
    assert found is not None
    assert (200, trouble) == (answer.status, found[1].trouble)
    await house.frame(company, "/bitrix24/app", account="17")
    found = await house.installation(company)
    assert found is not None
    assert (None, InstallationState.ACTIVE) == (found[1].trouble, found[1].state)
    assert 1 == len(await house.told())


async def test_paid_again(house: Installed) -> None:
    """The portal's word that it is paid wakes what was not; without its token it is nobody's word."""
    company = house.server.add(Company())
    await house.frame(company)
    await house.do(lambda each: each.trouble(company.member_id, Trouble.UNPAID, house.clock.now()))
    assert 403 == (await house.event(company, "ONAPPPAYMENT", bare=True, application_token="x")).status
    assert 200 == (await house.event(company, "ONAPPPAYMENT", bare=True)).status
    found = await house.installation(company)
    assert found is not None
    assert (InstallationState.ACTIVE, ("connect", company.member_id)) == (found[1].state, house.served[-1])


async def test_tokens_that_were_lost_come_back(house: Installed) -> None:
    """From a refused refresh to the page and back: the next call has new tokens."""
    company = house.server.add(Company())
    await house.frame(company)
    house.server.refresh.clear()
    house.clock.move_to(house.clock.now() + 2 * HOUR)
    with pytest.raises(Exception, match="INVALID_GRANT"):
        await house.tokens.renew(company.member_id, None)
    found = await house.installation(company)
    assert found is not None
    assert Trouble.GRANT_LOST is found[1].trouble
    await house.frame(company, "/bitrix24/app")
    access = await house.tokens.access(company.member_id)
    assert access.grant.pair.access in house.server.access


# The code flow


def _sent(house: Installed, company: Company, purpose: Purpose, nonce: str = "nonce") -> str:
    state: str = house.doors.state(company.member_id, purpose, nonce)
    return state


async def _back(house: Installed, state: str, code: str, cookie: str = "nonce", server: str = "") -> Any:
    query = {"state": state, "code": code, "server_domain": server or house.server.host}
    return await house.client.get(
        "/bitrix24/oauth/callback", params=query, headers={"Cookie": f"{STATE_COOKIE}={cookie}"}
    )


async def test_an_administrator_stands_in(house: Installed) -> None:
    """Sent to the portal and back by the same browser, once: their tokens are kept beside the installer's."""
    company = house.server.add(Company(admins=("17", "18")))
    await house.frame(company)
    state = _sent(house, company, Purpose.STAND_IN)
    answer = await _back(house, state, house.server.code(company, "18"))
    assert (200, True) == (answer.status, "Спасибо" in await _text(answer) or "Thank you" in await _text(answer))
    kept = {each.account: set(each.purposes) for each in await house.grants(company)}
    assert {"17": {Purpose.INSTALLER}, "18": {Purpose.STAND_IN}} == kept
    assert 403 == (await _back(house, state, house.server.code(company, "18"))).status


@pytest.mark.parametrize("kind", ["cookie", "state", "late", "code", "company", "server", "employee"])
async def test_a_foreign_way_back(house: Installed, kind: str) -> None:
    """Without the cookie, with a state that is not ours or too old, of another company: nothing is kept."""
    company = house.server.add(Company())
    await house.frame(company)
    other = house.server.add(OTHER)
    state, code = _sent(house, company, Purpose.STAND_IN), house.server.code(company, "17")
    changed = {"cookie": "nonce", "server": ""}
    if kind == "cookie":
        changed["cookie"] = "another"
    elif kind == "state":
        state = "x" + state
    elif kind == "late":
        house.clock.move_to(house.clock.now() + timedelta(minutes=11))
        code = house.server.code(company, "17")
    elif kind == "code":
        code = "invented"
    elif kind == "company":
        code = house.server.code(other, "5")
    elif kind == "server":
        changed["server"] = "evil.example"
    else:
        code = house.server.code(company, "18")
    before = await house.grants(company)
    assert 403 == (await _back(house, state, code, **changed)).status
    assert before == await house.grants(company)


async def test_only_a_person_who_looks_comes_back(house: Installed) -> None:
    """A probe of the address takes nothing, and uses nothing up."""
    company = house.server.add(Company(admins=("17", "18")))
    await house.frame(company)
    state, code = _sent(house, company, Purpose.STAND_IN), house.server.code(company, "18")
    query = {"state": state, "code": code, "server_domain": house.server.host}
    cookie = {"Cookie": f"{STATE_COOKIE}=nonce"}
    assert 405 == (await house.client.head("/bitrix24/oauth/callback", params=query, headers=cookie)).status
    assert ["17"] == [each.account for each in await house.grants(company)]
    assert 200 == (await _back(house, state, code)).status


async def test_a_cookie_that_is_no_text(house: Installed) -> None:
    """It is as foreign as any other."""
    company = house.server.add(Company())
    await house.frame(company)
    url = house.client.make_url("/bitrix24/oauth/callback").with_query(state=_sent(house, company, Purpose.STAND_IN))
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"GET {url.raw_path_qs} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {STATE_COOKIE}="
    writer.write(head.encode() + b"\xff\r\n\r\n")
    answer = await reader.read()
    writer.close()
    assert b"403" == answer.split(b" ", 2)[1]


async def test_a_renewal_that_tells_of_a_move_is_stored(house: Installed) -> None:
    """The portal is where the authorisation server says; what goes wrong with it later leaves it there."""
    company = house.server.add(Company())
    await house.frame(company)
    company.domain = "renamed.bitrix24.ru"
    await house.tokens.renew(company.member_id, None)
    await house.do(lambda each: each.trouble(company.member_id, Trouble.UNPAID, NOW))
    found = await house.installation(company)
    assert found is not None
    assert ("https://renamed.bitrix24.ru/rest/", Trouble.UNPAID) == (found[1].client_endpoint, found[1].trouble)


@pytest.mark.parametrize(("scope", "is_said"), [("", True), (",bizproc", False)])
async def test_no_right_to_business_processes(house: Installed, scope: str, *, is_said: bool) -> None:
    """What the application was not given and can do without is said on its page, and hinders nothing."""
    company = house.server.add(Company(scope=f"im,imbot,user_brief,department{scope}"))
    text = await _text(await house.frame(company))
    found = await house.installation(company)
    assert found is not None
    assert InstallationState.ACTIVE is found[1].state
    assert is_said == ("Мне не дали права на бизнес-процессы (bizproc)" in text)


async def test_a_removal_ends_the_sessions_of_the_portal(house: Installed) -> None:
    """Installed again, the portal opens no page to whoever was signed in before."""
    company = house.server.add(Company())
    await house.frame(company)
    found = await house.installation(company)
    assert found is not None
    person = await house.hires(found[0])

    async def enter(services: Services) -> str:
        return services.get(Access).begin(person, person.identities[0], Via.LINK, "Test", NOW).token

    async def is_in(services: Services) -> bool:
        return await services.get(Access).of(token, NOW) is not None

    token = await house.undertaking(enter, Occasion(NOW))
    assert await house.undertaking(is_in, Occasion(NOW))
    assert 200 == (await house.event(company, "ONAPPUNINSTALL", bare=True, data={"CLEAN": "0"})).status
    await house.frame(company)
    assert not await house.undertaking(is_in, Occasion(NOW))
