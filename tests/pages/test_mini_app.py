"""What opens in Telegram's own frame: who Telegram says it is, once, in a company that they belong to."""

import base64
import hmac
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.callers import Callers
from bot.channels.telegram.mini_app import signed_by
from bot.ports import SignedAccount
from bot.web.entering.mini_app import MiniAppDoor
from bot.web.origins import Origins
from tests.pages.site import BOT_TOKEN, SITE, Read, Site, undertake
from tests.people import Company, Person

IFRAME = {"Sec_Fetch_Dest": "iframe"}


@pytest.fixture
def channel() -> str:
    """They write in Telegram."""
    return "telegram"


def account(person: Person) -> int:
    """Return somebody's account."""
    return int(person.account)


def signed(company: Company, user: Any, ago: float = 0, token: str = BOT_TOKEN, **more: str) -> str:
    """Return what Telegram signs for an account, as its documents say."""
    at = int(company.clock.now().timestamp() - ago)
    fields = {"auth_date": str(at), "query_id": "AA", "user": json.dumps({"id": user, "first_name": "A"}), **more}
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hmac.digest(b"WebAppData", token.encode(), sha256)
    return urlencode({**fields, "hash": hmac.digest(key, lines.encode(), sha256).hex()}, quote_via=quote)


async def sends(site: Site, data: str, cookie: str = "", **fields: str) -> Read:
    """Send what stood behind the `#`, as the page's script does."""
    form = {"data": data, "inside": "yes", "next": "", **fields}
    return await site.post(None, "/enter/telegram", form, **IFRAME, Cookie=cookie)


def cookie_of(read: Read) -> str:
    """Return the session's cookie as the browser sends it back."""
    return read.cookies[0].split(";")[0] if read.cookies else ""


async def test_telegram_lets_in(site: Site, company: Company, anna: Person) -> None:
    """One is in for twelve hours; Telegram's page may show ours, and nobody else's may."""
    begun = await site.get(None, "/enter/telegram")
    ancestors = "frame-ancestors https://web.telegram.org"
    assert (200, True) == (begun.status, begun.headers["Content-Security-Policy"].endswith(ancestors))
    entered = await sends(site, signed(company, account(anna)), next="/hours")
    assert (200, True) == (entered.status, 'data-next="/hours"' in entered.html)
    assert {"SameSite=None", "Partitioned", "Max-Age=43200"} <= set(entered.cookies[0].split("; "))
    page = await site.get(None, "/me", Cookie=cookie_of(entered), **IFRAME)
    assert (200, True) == (page.status, anna.name in page.html)
    assert page.headers["Content-Security-Policy"].endswith(ancestors)


def _spoilt(company: Company, user: int) -> Iterator[str]:
    good = signed(company, user)
    yield from ("", "x", "hash=1", good.replace("auth_date=1", "auth_date=2"), good[:-1], good + "&a=b")
    yield good.replace("%22id%22%3A", "%22id%22%3A1")
    yield good + "&auth_date=1"
    yield signed(company, user, token="54321:another")
    yield signed(company, user, ago=24 * 3600 + 1)
    yield signed(company, user, ago=-61)
    yield from (signed(company, each) for each in (True, -1, 0, "17", None, [user]))


async def test_what_is_forged_or_old_lets_nobody_in(site: Site, company: Company, anna: Person) -> None:
    """Each field is signed, and only the bot's own token signs; what is a day old is too old."""
    for each in _spoilt(company, account(anna)):
        site.ticks[0] += 61
        read = await sends(site, each)
        assert (403, []) == (read.status, read.cookies), each
    site.ticks[0] += 61
    assert 200 == (await sends(site, signed(company, account(anna), ago=24 * 3600 - 1))).status


async def test_shown_again(site: Site, company: Company, anna: Person) -> None:
    """The same words lead back to their session; without its cookie once, to one in its place; then nowhere."""
    data = signed(company, account(anna))
    first = cookie_of(await sends(site, data))
    back = await sends(site, data, first)
    assert (303, "/", []) == (back.status, back.headers["Location"], back.cookies)
    second = await sends(site, data)
    assert (200, True) == (second.status, bool(second.cookies))
    assert 303 == (await site.get(None, "/me", Cookie=first)).status
    assert 200 == (await site.get(None, "/me", Cookie=cookie_of(second))).status
    assert (403, []) == ((third := await sends(site, data)).status, third.cookies)


async def test_replayed_later(site: Site, company: Company, anna: Person) -> None:
    """Whoever finds the words ten minutes later gets nothing for them."""
    data = signed(company, account(anna))
    await sends(site, data)
    company.clock.move_to(company.clock.now() + timedelta(minutes=10))
    assert 403 == (await sends(site, data)).status


async def test_outside_of_telegram_one_is_asked(site: Site, company: Company, anna: Person) -> None:
    """A link to our page with somebody else's words must not sign in whoever follows it."""
    read = await sends(site, signed(company, account(anna)), inside="")
    assert (200, [], True) == (read.status, read.cookies, f"{anna.name}?" in read.text)


async def test_an_account_that_nobody_has(site: Site, company: Company, anna: Person) -> None:
    """They are told what to write."""
    read = await sends(site, signed(company, 999_999))
    assert (403, [], True) == (read.status, read.cookies, "/link" in read.text)


async def test_from_elsewhere(site: Site, company: Company, anna: Person) -> None:
    """Only our own page sends what Telegram signed."""
    data = signed(company, account(anna))
    for site_is in ("cross-site", "same-site", "none"):
        read = await site.post(None, "/enter/telegram", {"data": data, "inside": "yes"}, Sec_Fetch_Site=site_is)
        assert (403, []) == (read.status, read.cookies)
    read = await site.post(None, "/enter/telegram", {"data": data}, Sec_Fetch_Site="", Origin="https://evil.example")
    assert 403 == read.status
    read = await site.post(None, "/enter/telegram", {"data": data}, Sec_Fetch_Site="", Origin=SITE)
    assert 200 == read.status


async def test_many_tries(site: Site, company: Company, anna: Person) -> None:
    """Ten in a minute that are none, and one waits; that keeps nobody out for longer."""
    for _ in range(10):
        assert 403 == (await sends(site, "x")).status
    assert 429 == (await sends(site, signed(company, account(anna)))).status
    site.ticks[0] += 61
    assert 200 == (await sends(site, signed(company, account(anna)))).status


async def test_where_telegram_keeps_no_cookies(site: Site, company: Company, anna: Person) -> None:
    """The page itself holds the session there as well."""
    entered = await sends(site, signed(company, account(anna)))
    code = re.search(r'name="smena-exchange" content="([^"]+)"', entered.html)
    assert code is not None
    told = await site.post(None, "/enter/exchange", {"code": code.group(1)})
    bearer = f"Bearer {json.loads(told.html)['token']}"
    page = await site.get(None, "/me", Authorization=bearer)
    assert (200, True) == (page.status, "frame-ancestors https://web.telegram.org" in str(page.headers))
    assert 303 == (await site.get(None, "/me", Cookie=cookie_of(entered))).status


def by_telegram(company: Company, user: int, key: Ed25519PrivateKey, bot: str) -> str:
    """Return what a bot's token and Telegram's own key sign."""
    fields = {
        "auth_date": str(int(company.clock.now().timestamp())),
        "query_id": "AA",
        "user": json.dumps({"id": user, "first_name": "A"}),
    }
    lines = "\n".join([f"{bot}:WebAppData", *(f"{name}={fields[name]}" for name in sorted(fields))])
    seal = base64.urlsafe_b64encode(key.sign(lines.encode())).decode().rstrip("=")
    return signed(company, user, signature=seal)


async def test_what_telegram_itself_signed_for_a_bot(company: Company, anna: Person) -> None:
    """Where others know the token its hash opens nothing alone; nor does what others signed, or for another bot."""
    key, bot, now = Ed25519PrivateKey.generate(), BOT_TOKEN.partition(":")[0], company.clock.now()
    read = signed_by(BOT_TOKEN, signer=key.public_key().public_bytes_raw())
    data = by_telegram(company, account(anna), key, bot)
    found = read(data, now)
    assert found is not None
    assert anna.account == found.account
    for wrong in (
        signed(company, account(anna)),
        signed(company, account(anna), signature="Ж"),
        by_telegram(company, account(anna), Ed25519PrivateKey.generate(), bot),
        by_telegram(company, account(anna), key, "77"),
    ):
        assert read(wrong, now) is None


async def test_the_bot_of_one_company_opens_no_other(company: Company, anna: Person) -> None:
    """Whatever its Telegram signs."""
    own = (await anna.employee()).portal_id
    for portal_id, status in ((own, 200), (own + 1, 403)):
        found = SignedAccount(anna.account, f"mark {portal_id}", portal_id=portal_id)
        door = MiniAppDoor(
            undertake(company), company.clock, Origins(lambda: SITE), Callers(), lambda _data, _now, told=found: told,
            channel="telegram", is_open=lambda: True,
        )  # fmt: skip
        app = web.Application()
        app.add_routes(door.routes())
        async with TestClient(TestServer(app)) as client:
            own_page = {"Sec-Fetch-Site": "same-origin"}
            answer = await client.post("/enter/telegram", data={"data": "x", "inside": "yes"}, headers=own_page)
            assert status == answer.status
