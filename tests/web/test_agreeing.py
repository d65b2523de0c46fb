"""Administrators stand in for whoever installed the application: asked, agreed in their own browser, listed, ended."""

import re
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.dispatch.dispatcher import Dispatcher
from bot.domain.installation import InstallationState, Purpose, Trouble
from bot.domain.people.employee import Employee, Identity, Role
from bot.messages import Incoming, IncomingKind, Receipt, Sender
from bot.ports import Stored
from tests.authority import Company
from tests.web.conftest import Installed
from tests.web.test_installing import OTHER


@pytest.fixture
async def company(house: Installed) -> Company:
    """A portal with two administrators, of whom the first installed the application; people reach our pages."""
    made = house.server.add(Company(admins=("17", "18")))
    await house.frame(made)
    house.undertaking.house.messengers.stand_in = house.doors.agreeing
    found = await house.installation(made)
    assert found is not None
    portal = found[0]
    own = Identity("bitrix24", portal.key, "18", "18")
    places = (own, Identity("telegram", "", "t18", "t18"))
    person = Employee(918, portal.id, "Emma", role=Role.ADMIN, locale_is_chosen=True, identities=places)
    async with house.storage.unit_of_work() as unit:
        unit.employees.add(person)
        await unit.commit()
    return made


async def page(house: Installed, company: Company) -> Any:
    """Open the page at which an administrator of a company may agree."""
    return await house.client.get(house.doors.agreeing(company.member_id, house.clock.now()))


async def way(house: Installed, company: Company) -> tuple[str, str]:
    """Return the state that the page sends to the portal, and the cookie that it leaves in the browser."""
    answer = await page(house, company)
    assert 200 == answer.status
    there = re.search(r'class="action" href="([^"]+)"', await answer.text())
    assert there is not None
    query = parse_qs(urlsplit(there.group(1).replace("&amp;", "&")).query)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["__Host-smena-state"]
    assert (True, True, "Lax") == (bool(cookie["secure"]), bool(cookie["httponly"]), cookie["samesite"])
    return query["state"][0], cookie.value


async def comes_back(house: Installed, state: str, nonce: str, code: str) -> int:
    """Come back from the portal with a code; returns the status."""
    query = {"state": state, "code": code, "server_domain": house.server.host}
    cookie = {"Cookie": f"__Host-smena-state={nonce}"}
    status: int = (await house.client.get("/bitrix24/oauth/callback", params=query, headers=cookie)).status
    return status


async def purposes(house: Installed, company: Company) -> dict[str, set[Purpose]]:
    """Return whose access is kept for what."""
    return {each.account: set(each.purposes) for each in await house.grants(company)}


async def test_from_the_link_to_the_access(house: Installed, company: Company) -> None:
    """The page says what it is for; what the portal confirms is kept; the same way works once."""
    state, nonce = await way(house, company)
    assert 200 == await comes_back(house, state, nonce, house.server.code(company, "18"))
    assert {"17": {Purpose.INSTALLER}, "18": {Purpose.STAND_IN}} == await purposes(house, company)
    assert 403 == await comes_back(house, state, nonce, house.server.code(company, "18"))


async def test_the_way_belongs_to_one_browser(house: Installed, company: Company) -> None:
    """Whoever is sent somebody else's way agrees to nothing."""
    state, _ = await way(house, company)
    _, other = await way(house, company)
    assert 403 == await comes_back(house, state, other, house.server.code(company, "18"))
    assert {"17": {Purpose.INSTALLER}} == await purposes(house, company)


async def test_of_another_company_or_no_administrator(house: Installed, company: Company) -> None:
    """An administrator of another company is none here, and an employee has nothing to give."""
    house.server.add(OTHER)
    for code in (house.server.code(OTHER, "5"), house.server.code(company, "19")):
        state, nonce = await way(house, company)
        assert 403 == await comes_back(house, state, nonce, code)
    assert {"17": {Purpose.INSTALLER}} == await purposes(house, company)


@pytest.mark.parametrize("spoilt", ["", "x", "old"])
async def test_a_link_that_is_none(house: Installed, company: Company, spoilt: str) -> None:
    """A forged link, or one of last week, opens no page, and sets no cookie."""
    path = house.doors.agreeing(company.member_id, house.clock.now())
    if spoilt == "old":
        house.clock.move_to(house.clock.now() + timedelta(days=4))
    elif spoilt:
        path += spoilt
    else:
        path = path.partition("?")[0]
    answer = await house.client.get(path)
    assert (403, False) == (answer.status, "Set-Cookie" in answer.headers)
    assert "/standin" in await answer.text()


async def test_after_a_removal(house: Installed, company: Company) -> None:
    """Where the application is no more, nobody stands in; a way that was open ends."""
    state, nonce = await way(house, company)
    code = house.server.code(company, "18")
    await house.event(company, "ONAPPUNINSTALL", bare=True)
    assert 403 == await comes_back(house, state, nonce, code)
    assert 403 == (await page(house, company)).status
    assert {} == await purposes(house, company)


async def test_lost_access_asks_administrators(house: Installed, company: Company) -> None:
    """The message has the link; whoever agrees mends it, and the portal is served again."""
    found = await house.installation(company)
    assert found is not None
    [grant] = await house.grants(company)
    await house.storage.grants.lose(grant)
    await house.do(lambda each: each.trouble(found[0].key, Trouble.GRANT_LOST, house.clock.now()))
    [asked] = await house.storage.outbox.claim("telegram", 9)
    [[button]] = asked.say.keyboard.rows
    assert button.link.startswith("/bitrix24/oauth/agree?ticket=")
    state, nonce = await way(house, company)
    assert 200 == await comes_back(house, state, nonce, house.server.code(company, "18"))
    mended = await house.installation(company)
    assert mended is not None
    assert (InstallationState.ACTIVE, None) == (mended[1].state, mended[1].trouble)
    assert ("connect", found[0].key) == house.served[-1]
    assert "18" == (await house.tokens.access(found[0].key)).grant.account


async def says(house: Installed, text: str, number: int, *, data: str = "") -> Any:
    """Let the second administrator write in Telegram, or press; return what is answered."""
    kind = IncomingKind.PRESS if data else IncomingKind.TEXT
    sender = Sender("t18", "Emma")
    now = house.clock.now()
    incoming = Incoming("telegram", "", f"e{number}", kind, sender, "t18", now, text=text, data=data, sent_at=now)
    dispatcher = Dispatcher(house.undertaking)
    await dispatcher.receive([incoming])
    claimed: list[Stored] = list(await house.storage.inbox.claim(9))
    for each in claimed:
        await dispatcher.take(each)
    sent = await house.storage.outbox.claim("telegram", 9)
    await house.storage.outbox.sent([(each, Receipt(str(number))) for each in sent])
    return sent[-1].say


async def test_listed_and_ended_in_chat(house: Installed, company: Company) -> None:
    """The card shows whose access it works by; ended, it is used no longer."""
    state, nonce = await way(house, company)
    before = await says(house, "/standin", 1)
    assert ["🔑 Stand in"] == [button.text.message for row in before.keyboard.rows for button in row]
    await comes_back(house, state, nonce, house.server.code(company, "18"))
    after = await says(house, "/standin", 2)
    [[end]] = after.keyboard.rows
    assert end.action is not None
    await says(house, "", 3, data=end.action.pack())
    assert {"17": {Purpose.INSTALLER}} == await purposes(house, company)
