"""The authorisation server's client: what it sends where, and what each answer means."""

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.channels.bitrix24.oauth import AuthorisationServers, OAuthError
from bot.clock import MovableClock
from bot.domain.installation import Trouble
from bot.guarded import GuardedResolver, guarded_session
from bot.reachable import is_safe
from tests.authority import CLIENT_ID, CLIENT_SECRET, MEMBER, Authority, Company, authority, session

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
async def clock() -> MovableClock:
    """Give a clock."""
    return MovableClock(NOW)


@pytest.fixture
async def server(clock: MovableClock) -> AsyncIterator[Authority]:
    """Give a server."""
    async with authority(clock) as made:
        yield made


@pytest.fixture
async def servers(server: Authority, clock: MovableClock) -> AsyncIterator[AuthorisationServers]:
    """Give its client."""
    async with session() as http:
        yield AuthorisationServers(
            CLIENT_ID, CLIENT_SECRET, f"{server.host},oauth.example", lambda: http, clock, allow_local=True
        )


async def test_a_code_becomes_tokens(server: Authority, servers: AuthorisationServers) -> None:
    """The portal is told by `client_endpoint`, for `domain` is the server's own; nothing secret is in an address."""
    company = server.add(Company())
    issued = await servers.exchange(server.code(company, "17"), server.host)
    assert (MEMBER, "17", server.endpoint(company)) == (issued.member_id, issued.account, issued.client_endpoint)
    assert NOW + timedelta(hours=1) == issued.pair.expires_at
    assert frozenset({"im", "imbot", "user_brief", "department"}) == issued.scope
    assert [""] == server.queries
    assert issued.pair.access not in repr(issued)


async def test_a_code_works_once_and_briefly(
    server: Authority, servers: AuthorisationServers, clock: MovableClock
) -> None:
    """Used or older than thirty seconds it is worth nothing."""
    company = server.add(Company())
    used, late = server.code(company), server.code(company)
    await servers.exchange(used, server.host)
    clock.move_to(NOW + timedelta(seconds=31))
    for code in (used, late):
        with pytest.raises(OAuthError) as refused:
            await servers.exchange(code, server.host)
        assert Trouble.GRANT_LOST is refused.value.trouble


@pytest.mark.parametrize(
    ("fault", "code", "trouble"),
    [
        ((400, {"error": "invalid_grant", "error_description": CLIENT_SECRET}), "INVALID_GRANT", Trouble.GRANT_LOST),
        ((401, {"error": "PAYMENT_REQUIRED"}), "PAYMENT_REQUIRED", Trouble.UNPAID),
        ((200, {"error": "WRONG_CLIENT"}), "WRONG_CLIENT", Trouble.WRONG_CLIENT),
        ((401, {"error": "invalid_client"}), "INVALID_CLIENT", Trouble.WRONG_CLIENT),
        ((401, {"error": "NOT_INSTALLED"}), "NOT_INSTALLED", Trouble.NOT_INSTALLED),
        ((403, {"error": "insufficient_scope"}), "INSUFFICIENT_SCOPE", Trouble.RIGHTS_MISSING),
        ((500, {"error": "INTERNAL_SERVER_ERROR"}), "INTERNAL_SERVER_ERROR", None),
        ((200, {}), "UNREADABLE_ANSWER", None),
        ((200, {"access_token": "a", "refresh_token": "b", "member_id": MEMBER}), "UNREADABLE_ANSWER", None),
        ((503, {"access_token": "a"}), "HTTP_503", None),
        ((200, []), "UNREADABLE_ANSWER", None),
        (b"<html>503</html>", "UNREADABLE_ANSWER", None),
        (b"x" * 100_000, "UNREADABLE_ANSWER", None),
    ],
)
async def test_what_an_answer_means(
    server: Authority, servers: AuthorisationServers, fault: object, code: str, trouble: Trouble | None
) -> None:
    """It is decided by the `error` in the body; what says nothing lasting is no trouble; nothing of it is repeated."""
    server.fault = fault
    with pytest.raises(OAuthError) as refused:
        await servers.renew("refresh", server.host)
    assert (code, trouble) == (refused.value.code, refused.value.trouble)
    assert CLIENT_SECRET not in str(refused.value)


async def test_a_redirect_is_not_followed(server: Authority, servers: AuthorisationServers) -> None:
    """The secret is not carried on to where a server points."""

    async def moved() -> None:
        raise web.HTTPFound("https://elsewhere.example/oauth/token/")

    server.fault = moved
    with pytest.raises(OAuthError):
        await servers.renew("refresh", server.host)
    assert 1 == server.asked["refresh_token"]


async def test_what_the_server_says_of_a_token(server: Authority, servers: AuthorisationServers) -> None:
    """Whose it is, of which application and company."""
    company = server.add(Company())
    access, _ = server.pair(company, "18")
    facts = await servers.facts(access, server.host)
    assert (CLIENT_ID, MEMBER, server.host, "18", True) == (
        facts.client_id, facts.member_id, facts.domain, facts.account, facts.is_installed,
    )  # fmt: skip
    with pytest.raises(OAuthError, match="NO_AUTH_FOUND"):
        await servers.facts("nobody's", server.host)


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://oauth.example/rest/", "oauth.example"),
        ("OAUTH.example", "oauth.example"),
        ("https://oauth.example:443/rest/", "oauth.example"),
        ("https://oauth.example:8443/rest/", None),
        ("https://oauth.example@evil.example/rest/", None),
        ("https://evil.example/oauth.example/", None),
        ("https://oauth.example.evil.example/", None),
        ("http://127.0.0.1:1/rest/", None),
        ("http://[::1", None),
    ],
)
async def test_only_listed_servers_are_trusted(servers: AuthorisationServers, endpoint: str, host: str | None) -> None:
    """Whatever a POST names, the secret goes to a server of the list alone."""
    assert host == servers.trusted(endpoint)


async def test_another_server_gets_nothing(servers: AuthorisationServers) -> None:
    """Even asked for by mistake."""
    with pytest.raises(OAuthError, match="UNTRUSTED_HOST"):
        await servers.renew("refresh", "evil.example")


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("https://company.bitrix24.ru/rest/", True),
        ("http://company.bitrix24.ru/rest/", False),
        ("https://company.bitrix24.ru:8443/rest/", False),
        ("https://user@company.bitrix24.ru/rest/", False),
        ("https://10.0.0.1/rest/", False),
        ("https://[::1]/rest/", False),
        ("https://2130706433/rest/", False),
        ("https://0x7f.1/rest/", False),
        ("https://127.1/rest/", False),
        ("https://127.0.0.1./rest/", False),
        ("https://１２７.0.0.1/rest/", False),
        ("https://①②⑦.0.0.1/rest/", False),
        ("https://127。0。0。1/rest/", False),
        ("https://portal.ｉnternal/rest/", False),
        ("https://a..x.com/rest/", False),
        (f"https://{'a' * 64}.com/rest/", False),
        (f"https://{'a.' * 130}com/rest/", False),
        ("https://127%2e0.0.1/rest/", False),
        ("https://портал.рф/rest/", True),
        ("https://company.bitrix24.ru./rest/", True),
        ("https://portal.internal/rest/", False),
        ("https://portal/rest/", False),
        ("http://127.0.0.1:9/rest/", False),
        ("ftp://company.bitrix24.ru/", False),
    ],
)
def test_which_addresses_may_be_called(url: str, is_allowed: bool) -> None:
    """Https at a public name; never an address, a port of its own or a name with somebody in front."""
    assert is_allowed is is_safe(url, allow_local=False)


class Names(AbstractResolver):
    """A resolver that leads where it is told."""

    def __init__(self, *addresses: str) -> None:
        """Lead to these."""
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Lead there."""
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0)
            for each in self.addresses
        ]

    async def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",), ("10.1.2.3",), ("192.168.0.1",), ("169.254.169.254",), ("100.64.0.1",), ("0.0.0.0",),
        ("::1",), ("fd00::1",), ("fe80::1",), ("::ffff:10.0.0.1",), ("224.0.0.1",), ("93.184.216.34", "10.0.0.1"), (),
    ],
)  # fmt: skip
async def test_a_public_name_that_leads_inside(addresses: tuple[str, ...]) -> None:
    """What is connected to is what was checked: one that leads to an inner address, or to several, is no name."""
    with pytest.raises(OSError, match="public"):
        await GuardedResolver(inner=Names(*addresses)).resolve("company.example", 443)
    async with guarded_session(inner=Names(*addresses)) as http:
        with pytest.raises(aiohttp.ClientError):
            await http.get("https://company.example/")


@pytest.mark.parametrize("host", ["127.0.0.1", "１２７.0.0.1", "①②⑦.0.0.1", "127.1", "[::1]", "localhost"])
async def test_an_address_in_place_of_a_name(host: str) -> None:
    """What needs no resolver is judged as well, in whatever digits it is written: nobody on this machine is asked."""
    reached = list[str]()

    async def handle(request: web.BaseRequest) -> web.Response:
        reached.append(request.path)
        return web.Response()

    runner = web.ServerRunner(web.Server(handle))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with guarded_session() as http:
        with pytest.raises(aiohttp.ClientError):
            await http.get(f"http://{host}:{port}/secret")
    async with guarded_session(allow_local=True) as http, http.get(f"http://127.0.0.1:{port}/allowed") as response:
        assert 200 == response.status
    await runner.cleanup()
    assert ["/allowed"] == reached


async def test_this_machine_where_it_is_allowed() -> None:
    """ALLOW_LOCAL_PORTALS opens loopback, and nothing else of the network."""
    resolver = GuardedResolver(allow_local=True, inner=Names("127.0.0.1"))
    assert ["127.0.0.1"] == [each["host"] for each in await resolver.resolve("localhost", 80)]
    with pytest.raises(OSError, match="public"):
        await GuardedResolver(allow_local=True, inner=Names("10.0.0.1")).resolve("company.example", 443)
    public = await GuardedResolver(inner=Names("93.184.216.34")).resolve("company.example", 443)
    assert ["93.184.216.34"] == [each["host"] for each in public]
