"""Several companies in one world: ids that repeat, keys that do not, and nothing of one that shows on the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.sandbox.companies import COMPANIES
from tests.sandbox.worlds import Ground, open_ground


@pytest_asyncio.fixture
async def ground() -> AsyncIterator[Ground]:
    """Two running portals."""
    async with open_ground() as opened:
        yield opened


def test_who_there_is() -> None:
    """Nine people and five; keys and Telegram accounts are everybody's own, the portals' ids repeat."""
    people = [person for company in COMPANIES for person in company.people]
    assert [9, 5] == [len(company.people) for company in COMPANIES]
    assert len({person.key for person in people}) == len({person.telegram_user_id for person in people}) == 14
    assert {1, 2, 3, 4, 5} == {person.bitrix24_user_id for person in COMPANIES[1].people}
    for company in COMPANIES:
        ids = {each.id for each in company.departments}
        accounts = {each.bitrix24_user_id for each in company.people}
        assert all(set(each.departments) <= ids and each.portal == company.key for each in company.people)
        assert all(each.head in accounts for each in company.departments)
        assert any(each.is_portal_admin for each in company.people)


async def test_each_portal_is_its_own(ground: Ground) -> None:
    """Member id, host and people are apart; the same id is somebody else."""
    main, beta = ground.portals["main"], ground.beta
    assert main.member_id != beta.member_id
    assert main.host != beta.host
    ground.install("main")
    ground.install("beta")
    names = [
        (await ground.call(ground.pair(1, key)["access_token"], "profile", key)).result["NAME"]
        for key in ("main", "beta")
    ]
    assert ["Ольга", "Emma"] == names


async def test_a_token_of_another_portal(ground: Ground) -> None:
    """A token is good on its own portal alone."""
    ground.install("main")
    ground.install("beta")
    token = ground.pair(1, "main")["access_token"]
    assert (401, "NO_AUTH_FOUND") == (await ground.call(token, "profile", "beta")).refusal


async def test_no_webhook_on_the_second(ground: Ground) -> None:
    """Nobody made an incoming webhook there."""
    async with ground.session.post(ground.beta.webhook_url + "profile") as response:
        assert 401 == response.status


async def test_a_bot_on_each(ground: Ground) -> None:
    """What is said on one portal is heard by the bot of that portal."""
    for key in ("main", "beta"):
        ground.install(key)
        token = ground.pair(1, key)["access_token"]
        fields = {"code": "smena", "properties": {"name": "Smena"}}
        bot = (await ground.call(token, "imbot.v2.Bot.register", key, fields=fields)).result["bot"]
        await ground.portals.say(ground.person({"main": "anna", "beta": "sofia"}[key]), key)
        events = (await ground.call(token, "imbot.v2.Event.get", key, botId=bot["id"])).result["events"]
        said = [each["data"]["message"]["text"] for each in events if "message" in each["data"]]
        assert [key] == said


async def test_a_fault_of_one_portal(ground: Ground) -> None:
    """A fault ordered for one portal leaves the other alone."""
    ground.install("main")
    ground.install("beta")
    ground.world.faults.order("bitrix24", "error_500", portal="beta")
    assert 200 == (await ground.call(ground.pair(1, "main")["access_token"], "profile", "main")).status
    assert 500 == (await ground.call(ground.pair()["access_token"], "profile")).status


async def test_renamed(ground: Ground) -> None:
    """The old host answers 302 with the new address; the portal names itself by the new one."""
    ground.install("beta")
    token, old = ground.pair()["access_token"], ground.beta.portal.address
    await ground.beta.rename()
    async with ground.session.post(f"{old}/rest/profile", json={"auth": token}, allow_redirects=False) as response:
        assert 302 == response.status
        assert f"{ground.beta.portal.address}/rest/profile" == response.headers["Location"]
    assert old != ground.beta.portal.address
    assert "Emma" == (await ground.call(token, "profile")).result["NAME"]
    assert f"http://{ground.beta.host}/rest/" == ground.pair()["client_endpoint"]


async def test_deleted(ground: Ground) -> None:
    """A portal that is gone says so."""
    ground.install("beta")
    ground.world.faults.order("bitrix24", "deleted", portal="beta", seconds=60)
    assert (410, "PORTAL_DELETED") == (await ground.call(ground.pair()["access_token"], "profile")).refusal


async def test_truncated(ground: Ground) -> None:
    """An answer that breaks off half way is no answer."""
    ground.install("beta")
    ground.world.faults.order("bitrix24", "truncated", portal="beta")
    with pytest.raises((aiohttp.ClientError, ValueError)):
        await ground.call(ground.pair()["access_token"], "methods")
    assert 200 == (await ground.call(ground.pair()["access_token"], "methods")).status


async def test_batch_blocked(ground: Ground) -> None:
    """A batch can be blocked while its methods are not."""
    ground.install("beta")
    token = ground.pair()["access_token"]
    ground.world.faults.order("bitrix24", "batch_blocked", portal="beta")
    assert (429, "OPERATION_TIME_LIMIT") == (await ground.call(token, "batch", cmd={"me": "profile"})).refusal
    assert 200 == (await ground.call(token, "profile")).status


async def test_where_it_was(tmp_path: Path) -> None:
    """After a restart portals and the authorisation server are where they were, and tokens still good."""
    async with open_ground(tmp_path) as ground:
        ground.install("beta")
        token = ground.pair()["access_token"]
        hosts = ground.authority.host, ground.beta.host
        card = ground.authority.application.client_id
    async with open_ground(tmp_path) as ground:
        assert hosts == (ground.authority.host, ground.beta.host)
        assert card == ground.authority.application.client_id
        assert "Emma" == (await ground.call(token, "profile")).result["NAME"]
