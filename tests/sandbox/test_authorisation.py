"""The authorisation server and application context: codes, tokens, refusals, and what only an application may call."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio

from tests.sandbox.worlds import NOW, Ground, Outcome, open_ground


@pytest_asyncio.fixture
async def ground() -> AsyncIterator[Ground]:
    """Two running portals, with the application on the second one."""
    async with open_ground() as opened:
        opened.install("beta")
        yield opened


async def authorise(ground: Ground, **more: str) -> dict[str, str]:
    """Go through the portal's page and return what the application is called back with."""
    card = ground.authority.application
    query = {"client_id": card.client_id, "state": "a&b", **more}
    url = f"{ground.beta.portal.address}/oauth/authorize/"
    async with ground.session.get(url, params=query, allow_redirects=False) as response:
        assert 302 == response.status, await response.text()
        back = response.headers["Location"]
    assert back.startswith(card.redirect_url)
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


async def code(ground: Ground) -> str:
    """Return a fresh code."""
    return (await authorise(ground))["code"]


async def test_the_code_flow(ground: Ground) -> None:
    """`domain` is the portal in the redirect and the authorisation server in the token reply."""
    back = await authorise(ground, person="sofia")
    assert {"code", "state", "domain", "member_id", "scope", "server_domain"} == set(back)
    assert (ground.beta.host, "a&b", ground.authority.host) == (back["domain"], back["state"], back["server_domain"])
    reply = await ground.token(grant_type="authorization_code", code=back["code"])
    assert 200 == reply.status
    assert {
        "access_token",
        "refresh_token",
        "expires_in",
        "client_endpoint",
        "server_endpoint",
        "domain",
        "member_id",
        "scope",
        "status",
    } == set(reply.body)
    assert (3600, ground.authority.host) == (reply.body["expires_in"], reply.body["domain"])
    assert f"http://{ground.beta.host}/rest/" == reply.body["client_endpoint"]
    assert "Sofia" == (await ground.call(reply.body["access_token"], "user.current")).result["NAME"]


async def test_a_code_works_once(ground: Ground) -> None:
    """The second exchange of a code is refused."""
    given = await code(ground)
    assert 200 == (await ground.token(grant_type="authorization_code", code=given)).status
    assert (400, "invalid_grant") == (await ground.token(grant_type="authorization_code", code=given)).refusal


@pytest.mark.parametrize(("seconds", "status"), [(29, 200), (30, 400)])
async def test_a_code_lives_half_a_minute(ground: Ground, seconds: int, status: int) -> None:
    """After thirty seconds a code is worth nothing."""
    given = await code(ground)
    ground.world.move_clock(NOW + timedelta(seconds=seconds))
    assert status == (await ground.token(grant_type="authorization_code", code=given)).status


async def test_post_form(ground: Ground) -> None:
    """The same fields may come as a POST form, which keeps secrets out of logs."""
    reply = await ground.token(by_post=True, grant_type="authorization_code", code=await code(ground))
    assert 200 == reply.status


async def test_refresh(ground: Ground) -> None:
    """A refresh tells whose token it is and replaces the refresh token; the old one is dead."""
    pair = ground.pair(3)
    reply = await ground.refresh(pair["refresh_token"])
    assert (3, int(NOW.timestamp()) + 3600) == (reply.body["user_id"], reply.body["expires"])
    assert (400, "invalid_grant") == (await ground.refresh(pair["refresh_token"])).refusal
    assert 200 == (await ground.refresh(reply.body["refresh_token"])).status


@pytest.mark.parametrize(("days", "status"), [(179, 200), (180, 400)])
async def test_a_refresh_token_lives_half_a_year(ground: Ground, days: int, status: int) -> None:
    """A pair that nobody used for 180 days is dead."""
    pair = ground.pair()
    ground.world.move_clock(NOW + timedelta(days=days))
    assert status == (await ground.refresh(pair["refresh_token"])).status


async def test_an_access_token_lives_an_hour(ground: Ground) -> None:
    """The portal refuses it then by the code that asks for a refresh, and so does the authorisation server."""
    token = ground.pair()["access_token"]
    ground.world.move_clock(NOW + timedelta(seconds=3599))
    assert 200 == (await ground.call(token, "profile")).status
    ground.world.move_clock(NOW + timedelta(seconds=3600))
    assert (401, "expired_token") == (await ground.call(token, "profile")).refusal
    assert (401, "expired_token") == (await app_info(ground, token)).refusal


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"client_secret": "guessed"}, (400, "invalid_client")),
        ({"client_id": "local.0.1"}, (400, "invalid_client")),
        ({"grant_type": "password"}, (400, "invalid_request")),
        ({"refresh_token": ""}, (400, "invalid_request")),
        ({"refresh_token": "guessed"}, (400, "invalid_grant")),
    ],
)
async def test_wrong_requests(ground: Ground, wrong: dict[str, str], refusal: tuple[int, str]) -> None:
    """Each wrong request has its code; none uses the refresh token up."""
    good = ground.pair()["refresh_token"]
    fields = {"grant_type": "refresh_token", "refresh_token": good, **wrong}
    assert refusal == (await ground.token(**fields)).refusal
    assert 200 == (await ground.refresh(good)).status


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ("invalid_grant", (400, "invalid_grant")),
        ("payment_required", (401, "PAYMENT_REQUIRED")),
        ("wrong_client", (200, "WRONG_CLIENT")),
    ],
)
async def test_ordered_refusals(ground: Ground, fault: Any, refusal: tuple[int, str]) -> None:
    """An ordered refusal strikes the portal that it is for, also with a 200, and does not use the token up."""
    pair = ground.pair()
    ground.world.faults.order("bitrix24", fault, portal="main")
    ground.world.faults.order("bitrix24", fault, portal="beta")
    assert refusal == (await ground.refresh(pair["refresh_token"])).refusal
    assert 200 == (await ground.refresh(pair["refresh_token"])).status


async def test_the_server_is_down(ground: Ground) -> None:
    """While it is down nothing answers; portals go on."""
    pair = ground.pair()
    ground.world.faults.order("bitrix24", "oauth_down", seconds=60)
    with pytest.raises(aiohttp.ClientError):
        await ground.refresh(pair["refresh_token"])
    assert 200 == (await ground.call(pair["access_token"], "profile")).status


async def app_info(ground: Ground, token: str) -> Outcome:
    """Ask the authorisation server whose token that is."""
    async with ground.session.get(f"{ground.authority.endpoint}app.info", params={"auth": token}) as response:
        return Outcome(response.status, await response.json())


async def test_whose_token(ground: Ground) -> None:
    """The authorisation server tells application, portal and person of a token: the proof of an unknown POST."""
    found = (await app_info(ground, ground.pair(2)["access_token"])).result
    assert (ground.authority.application.client_id, 2) == (found["client_id"], found["user_id"])
    assert found["install"]["installed"] is True
    assert (ground.beta.member_id, ground.beta.host) == (found["install"]["member_id"], found["install"]["domain"])
    assert (401, "NO_AUTH_FOUND") == (await app_info(ground, "forged")).refusal
    assert (401, "NO_AUTH_FOUND") == (await app_info(ground, ground.pair()["refresh_token"])).refusal


async def test_tokens_of_a_removed_application(ground: Ground) -> None:
    """After a removal tokens work nowhere."""
    pair = ground.pair()
    ground.beta.lifecycle.uninstall(clean=False)
    assert (401, "APPLICATION_NOT_FOUND") == (await ground.call(pair["access_token"], "profile")).refusal
    assert (401, "PAYMENT_REQUIRED") == (await ground.refresh(pair["refresh_token"])).refusal
    assert (401, "NOT_INSTALLED") == (await app_info(ground, pair["access_token"])).refusal


@pytest.mark.parametrize("way", ["query", "body", "form", "header"])
async def test_where_the_token_is(ground: Ground, way: str) -> None:
    """A token is taken from the query, the body, JSON or form, and the header."""
    token, url = ground.pair()["access_token"], f"{ground.beta.portal.address}/rest/profile.json"
    given: dict[str, Any] = {
        "query": {"params": {"auth": token}},
        "body": {"json": {"auth": token}},
        "form": {"data": {"auth": token}},
        "header": {"headers": {"Authorization": f"Bearer {token}"}},
    }[way]
    async with ground.session.post(url, **given) as response:
        assert "Emma" == (await response.json())["result"]["NAME"]


async def test_scopes(ground: Ground) -> None:
    """A method whose scope the application was not given is refused by its name; basic ones are open."""
    card = ground.authority.application
    card.scopes = tuple(each for each in card.scopes if each != "department")
    token = ground.pair()["access_token"]
    assert (403, "insufficient_scope") == (await ground.call(token, "department.get")).refusal
    assert 200 == (await ground.call(token, "profile")).status
    assert "department" not in (await ground.call(token, "scope")).result
    assert {"isExisting": True, "isAvailable": False} == (
        await ground.call(token, "method.get", name="department.get")
    ).result
    assert "department.get" not in (await ground.call(token, "methods")).result


async def test_a_bot_of_the_application(ground: Ground) -> None:
    """It needs no token of its own, any person's token of the application serves it, and its code is taken."""
    fields = {"code": "smena", "properties": {"name": "Smena"}}
    token = ground.pair()["access_token"]
    bot = (await ground.call(token, "imbot.v2.Bot.register", fields=fields)).result["bot"]
    other = ground.pair(4)["access_token"]
    sent = await ground.call(
        other, "imbot.v2.Chat.Message.send", botId=bot["id"], dialogId="3", fields={"message": "Hi"}
    )
    assert sent.result["id"] > 0
    assert ["Hi"] == [each.text for each in ground.portals.shown(ground.person("sofia"))]


async def test_a_webhook_and_an_application_do_not_share_a_bot(ground: Ground) -> None:
    """On one portal the code of the webhook's bot is taken for the application, and its bot is a stranger's."""
    ground.install("main")
    token = ground.pair(1, "main")["access_token"]
    given = {"code": "smena", "botToken": "a secret", "properties": {"name": "Smena"}}
    url = ground.portals["main"].webhook_url
    async with ground.session.post(url + "imbot.v2.Bot.register", json={"fields": given}) as response:
        bot_id = (await response.json())["result"]["bot"]["id"]
    fields = {"code": "smena", "properties": {"name": "Smena"}}
    taken = await ground.call(token, "imbot.v2.Bot.register", "main", fields=fields)
    assert (403, "BOT_CODE_ALREADY_TAKEN") == taken.refusal
    foreign = await ground.call(token, "imbot.v2.Bot.get", "main", botId=bot_id)
    assert (403, "BOT_OWNERSHIP_ERROR") == foreign.refusal


async def test_binding_events(ground: Ground) -> None:
    """A handler is bound once, told, and unbound; an unknown event has its code."""
    token, url = ground.pair()["access_token"], "https://app.example/bitrix24/events"
    assert (await ground.call(token, "event.bind", event="OnCrmDealUpdate", handler=url)).result is True
    again = await ground.call(token, "event.bind", event="ONCRMDEALUPDATE", handler=url)
    assert (400, "ERROR_HANDLER_ALREADY_EXIST") == again.refusal
    bound = (await ground.call(token, "event.get")).result
    assert [{"event": "ONCRMDEALUPDATE", "handler": url, "auth_type": "0", "offline": 0}] == bound
    unknown = await ground.call(token, "event.bind", event="ONSUNRISE", handler=url)
    assert (400, "ERROR_EVENT_NOT_FOUND") == unknown.refusal
    gone = await ground.call(token, "event.unbind", event="ONCRMDEALUPDATE", handler=url)
    assert {"count": 1} == gone.result
    foreign = await ground.call(
        ground.pair(3)["access_token"], "event.bind", event="ONTASKADD", handler=url, auth_type=1
    )
    assert (403, "ACCESS_DENIED") == foreign.refusal


async def test_about_the_application(ground: Ground) -> None:
    """The portal tells how the application stands, what the plan has, and keeps its options."""
    token = ground.pair()["access_token"]
    info = (await ground.call(token, "app.info")).result
    assert (ground.authority.application.client_id, True) == (info["CODE"], info["INSTALLED"])
    assert {"value": "N"} == (await ground.call(token, "feature.get", CODE="rest_offline_extended")).result
    await ground.call(token, "app.option.set", options={"a": "1"})
    assert {"a": "1"} == (await ground.call(token, "app.option.get")).result
    assert "1" == (await ground.call(token, "app.option.get", option="a")).result
    assert (await ground.call(token, "user.admin")).result is True
    assert (await ground.call(ground.pair(3)["access_token"], "user.admin")).result is False


async def test_placements(ground: Ground) -> None:
    """Administrators bind pages; a missing icon is refused with a 200."""
    token, url = ground.pair()["access_token"], "https://app.example/bitrix24/app"
    bare = await ground.call(token, "placement.bind", PLACEMENT="IM_TEXTAREA", HANDLER=url)
    assert (200, "ERROR_ARGUMENT") == bare.refusal
    assert "iconName" == bare.body["argument"]
    with_icon = await ground.call(
        token, "placement.bind", PLACEMENT="IM_TEXTAREA", HANDLER=url, OPTIONS={"iconName": "fa-clock"}
    )
    assert with_icon.result is True
    assert ["IM_TEXTAREA"] == [each["placement"] for each in (await ground.call(token, "placement.get")).result]
    assert {"count": 1} == (await ground.call(token, "placement.unbind", PLACEMENT="IM_TEXTAREA", HANDLER=url)).result
    employee = await ground.call(ground.pair(3)["access_token"], "placement.bind", PLACEMENT="LEFT_MENU", HANDLER=url)
    assert (403, "ACCESS_DENIED") == employee.refusal


async def test_the_journal_tells_the_portal(ground: Ground) -> None:
    """Each entry says on which portal it was; a token's refresh belongs to the token's portal."""
    pair = ground.pair()
    await ground.call(pair["access_token"], "profile")
    await ground.refresh(pair["refresh_token"])
    journal = [(call.method, call.portal, call.status) for call in ground.world.calls()]
    assert [("profile", "beta", 200), ("oauth/token", "beta", 200)] == journal
