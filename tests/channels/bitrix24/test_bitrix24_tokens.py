"""Tokens in use: one renewal a token over all processes, stored before its use; each failure has its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.oauth import AuthorisationServers
from bot.channels.bitrix24.tokens import KeptTokens, StoredCredentials
from bot.clock import MovableClock
from bot.domain.installation import Grant, Installation, InstallationState, Purpose, TokenPair, Trouble
from bot.domain.portal import Portal
from storage import Database, open_storage
from tests.authority import CLIENT_ID, CLIENT_SECRET, MEMBER, Authority, Company, authority, session
from tests.migrated import begin_migrated

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Process:
    """A process of the service, as far as tokens go."""

    storage: Database
    tokens: KeptTokens
    servers: AuthorisationServers
    troubles: list[tuple[str, Trouble]] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)

    def client(self, http: aiohttp.ClientSession, clock: MovableClock, key: str = MEMBER) -> Client:
        """Return a client of that portal."""
        limiter = Limiter(monotonic=lambda: 0.0, sleep=_at_once)
        return Client(StoredCredentials(key, self.tokens), limiter, http, clock)


Begin = Callable[[], Awaitable[Process]]


async def _at_once(_: float) -> None:
    await asyncio.sleep(0.001)


@pytest.fixture
async def clock() -> MovableClock:
    """Give a clock."""
    return MovableClock(NOW)


@pytest.fixture
async def server(clock: MovableClock) -> AsyncIterator[Authority]:
    """Give an authorisation server."""
    async with authority(clock) as made:
        yield made


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a session."""
    async with session() as made:
        yield made


@pytest.fixture
async def begin(
    tmp_path: Path, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> AsyncIterator[Begin]:
    """Give a maker of processes on one database."""
    path, running = tmp_path / "tokens.db", list[Process]()
    await begin_migrated(path)

    async def another() -> Process:
        storage = await open_storage(f"sqlite:///{path}", secret_key="k" * 40, worker=f"worker {len(running)}")
        await storage.start()
        troubles, moves = list[tuple[str, Trouble]](), list[tuple[str, str]]()

        async def trouble(key: str, what: Trouble) -> None:
            troubles.append((key, what))

        async def moved(key: str, endpoint: str) -> None:
            moves.append((key, endpoint))

        servers = AuthorisationServers(CLIENT_ID, CLIENT_SECRET, server.host, lambda: http, clock, allow_local=True)
        tokens = KeptTokens(storage.grants, servers, clock, trouble=trouble, moved=moved, sleep=_at_once)
        process = Process(storage, tokens, servers, troubles, moves)
        running.append(process)
        return process

    yield another
    for process in running:
        await process.tokens.close()
        await process.storage.close()


async def _installed(process: Process, server: Authority, company: Company | None = None, *standing_in: str) -> Company:
    """Store the installation of a company, and the tokens of its installer and of those who stand in."""
    company = server.add(company or Company())
    number = len(server.companies)
    async with process.storage.unit_of_work() as unit:
        unit.portals.add(Portal(number, company.member_id))
        unit.installations.name_company(number, company.member_id)
        unit.installations.put(
            Installation(
                number, InstallationState.ACTIVE, company.application_token, server.host, server.endpoint(company),
                frozenset({"im", "imbot"}), "L", "1", "17", NOW,
            )
        )  # fmt: skip
        for account in ("17", *standing_in):
            purpose = Purpose.INSTALLER if account == "17" else Purpose.STAND_IN
            access, refresh = server.pair(company, account)
            unit.installations.keep(
                Grant(number, account, frozenset({purpose}), TokenPair(access, refresh, NOW + HOUR), NOW)
            )
        await unit.commit()
    return company


async def test_a_fresh_token_is_not_renewed(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """Nothing is asked of the authorisation server as long as the portal takes the token."""
    process = await begin()
    await _installed(process, server)
    client = process.client(http, clock)
    for _ in range(3):
        await client.call("server.time", {})
    assert (3, 0) == (len(server.portal_calls), server.asked["refresh_token"])


async def test_one_renewal_over_all_processes(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """Twenty calls of two processes find one token expired: each succeeds at its second try, by one renewal."""
    first, second = await begin(), await begin()
    await _installed(first, server)
    clients = [process.client(http, clock) for process in (first, second) for _ in range(10)]
    for client in clients[::10]:
        await client.call("server.time", {})  # both processes know the old token
    clock.move_to(NOW + 2 * HOUR)
    server.portal_calls.clear()
    answers = await asyncio.gather(*(client.call("server.time", {}) for client in clients))
    assert ([True] * 20, 1) == ([each.result for each in answers], server.asked["refresh_token"])
    assert 40 >= len(server.portal_calls)
    assert ([], []) == (first.troubles, second.troubles)


async def test_the_next_pair_is_stored_before_its_use(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """Each renewal takes the newest refresh token, whoever got it: none is used twice, also after a restart."""
    process = await begin()
    await _installed(process, server)
    for hours in (2, 4, 6):
        clock.move_to(NOW + hours * HOUR)
        await process.client(http, clock).call("server.time", {})
        process = await begin()
    ((found,), asked) = (await process.storage.grants.of(1), server.asked["refresh_token"])
    assert (3, 4, False) == (asked, found.version, found.is_lost)


async def test_whoever_waits_may_go(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """A caller that is cancelled in the midst of a renewal does not lose what the server gave."""
    process = await begin()
    await _installed(process, server)
    clock.move_to(NOW + 2 * HOUR)
    reached, go = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        reached.set()
        await go.wait()

    server.fault = wait
    calling = asyncio.create_task(process.client(http, clock).call("server.time", {}))
    await reached.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    go.set()
    await process.tokens.close()
    server.fault = None
    await process.client(http, clock).call("server.time", {})
    assert 1 == server.asked["refresh_token"]


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ((400, {"error": "invalid_grant"}), Trouble.GRANT_LOST),
        ((400, {"error": "invalid_request"}), Trouble.GRANT_LOST),
        ((401, {"error": "PAYMENT_REQUIRED"}), Trouble.UNPAID),
        ((200, {"error": "WRONG_CLIENT"}), Trouble.WRONG_CLIENT),
        ((401, {"error": "NOT_INSTALLED"}), Trouble.NOT_INSTALLED),
    ],
)
async def test_each_refusal_is_told_once(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock, fault: object, trouble: Trouble
) -> None:
    """What lasts is noted with the portal; whatever waited for the same renewal fails with it."""
    process = await begin()
    await _installed(process, server)
    clock.move_to(NOW + 2 * HOUR)
    server.fault = fault
    client = process.client(http, clock)
    failed = await asyncio.gather(*(client.call("server.time", {}) for _ in range(3)), return_exceptions=True)
    assert [RestError] * 3 == [type(each) for each in failed]
    assert ([(MEMBER, trouble)], 1) == (process.troubles, server.asked["refresh_token"])


@pytest.mark.parametrize("is_lost", [True, False])
async def test_a_refusal_of_what_was_replaced(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock, *, is_lost: bool
) -> None:
    """A portal that was installed anew while its former pair was refused is well, and is served by the new pair."""
    process = await begin()
    company = await _installed(process, server)
    (grant,) = await process.storage.grants.of(1)
    clock.move_to(NOW + 2 * HOUR)

    async def install_and_refuse() -> None:
        if is_lost:
            server.refresh.clear()
        company.is_installed = False
        async with process.storage.unit_of_work() as unit:
            access, refresh = server.pair(company)
            unit.installations.keep(replace(grant, pair=TokenPair(access, refresh, clock.now() + HOUR)))
            await unit.commit()

    server.fault = install_and_refuse
    assert (await process.client(http, clock).call("server.time", {})).result is True
    assert ([], 1) == (process.troubles, server.asked["refresh_token"])
    assert [(2, False)] == [(each.version, each.is_lost) for each in await process.storage.grants.of(1)]


async def test_nothing_is_claimed_in_a_queue(begin: Begin, server: Authority, clock: MovableClock) -> None:
    """A renewal for which there is no room yet is free for another process: a claim would lapse while it waits."""
    first, second = await begin(), await begin()
    companies = [await _installed(first, server, Company(member_id=f"{number:032x}")) for number in range(17)]
    clock.move_to(NOW + 2 * HOUR)
    go = asyncio.Event()
    server.fault = go.wait
    renewals = [asyncio.create_task(first.tokens.renew(each.member_id, None)) for each in companies]
    while server.asked["refresh_token"] < 16:
        await asyncio.sleep(0.005)
    grants = [grant for number in range(1, 18) for grant in await second.storage.grants.of(number)]
    free = [grant for grant in grants if await second.storage.grants.claim(grant, 60)]
    if len(free) != 1:
        go.set()
    assert 1 == len(free)
    renewing = asyncio.create_task(second.servers.renew(free[0].pair.refresh, server.host))
    go.set()
    issued = await renewing
    await second.storage.grants.renew(free[0], issued.pair, clock.now())
    await asyncio.gather(*renewals)
    assert (17, []) == (server.asked["refresh_token"], first.troubles)


async def test_what_passes_is_no_trouble(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """A server that is down costs the call, not the tokens: the next call gets the next pair."""
    process = await begin()
    await _installed(process, server)
    clock.move_to(NOW + 2 * HOUR)
    server.fault = (503, {})
    with pytest.raises(RestError):
        await process.client(http, clock).call("server.time", {})
    server.fault = None
    await process.client(http, clock).call("server.time", {})
    assert [] == process.troubles


async def test_a_stand_in_is_next(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """Where the installer's tokens are lost, work goes on with those of an administrator who stands in."""
    process = await begin()
    company = await _installed(process, server, None, "18")
    clock.move_to(NOW + 2 * HOUR)
    installers = next(each for each in await process.storage.grants.of(1) if each.account == "17")
    del server.refresh[installers.pair.refresh]
    await process.client(http, clock).call("server.time", {})
    assert ([], True) == (process.troubles, company.is_installed)
    assert [("17", True), ("18", False)] == [
        (each.account, each.is_lost) for each in await process.storage.grants.of(1)
    ]


async def test_a_portal_that_refuses_for_good(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """It is noted; but not where what we showed is not what is stored any more, as after a new installation."""
    process = await begin()
    await _installed(process, server)
    client = process.client(http, clock)
    (grant,) = await process.storage.grants.of(1)
    token = server.access.pop(grant.pair.access)
    await client._credentials.token()
    async with process.storage.unit_of_work() as unit:
        access, refresh = server.pair(server.companies[MEMBER])
        unit.installations.keep(replace(grant, pair=TokenPair(access, refresh, NOW + HOUR)))
        await unit.commit()
    with pytest.raises(RestError, match="NO_AUTH_FOUND"):
        await client.call("server.time", {})
    assert [] == process.troubles
    await client.call("server.time", {})
    server.access.clear()
    server.access[grant.pair.access] = token
    with pytest.raises(RestError, match="NO_AUTH_FOUND"):
        await client.call("server.time", {})
    assert [(MEMBER, Trouble.NOT_INSTALLED)] == process.troubles


async def test_a_move_is_confirmed(begin: Begin, server: Authority) -> None:
    """A new address is believed from the authorisation server alone; another one is told and not used."""
    process = await begin()
    company = await _installed(process, server)
    company.domain = "renamed.bitrix24.ru"
    await StoredCredentials(MEMBER, process.tokens).moved("https://renamed.bitrix24.ru/rest/")
    assert [(MEMBER, "https://renamed.bitrix24.ru/rest/")] == process.moves
    with pytest.raises(RestError, match="UNTRUSTED_REDIRECT"):
        await StoredCredentials(MEMBER, process.tokens).moved("https://taken.bitrix24.ru/rest/")
    assert ([(MEMBER, Trouble.MOVED)], 1) == (process.troubles, len(process.moves))


async def test_a_renewal_tells_of_a_move(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """What the server says with the next pair is the portal's address."""
    process = await begin()
    company = await _installed(process, server)
    clock.move_to(NOW + 2 * HOUR)
    company.domain = "renamed.bitrix24.ru"
    await process.tokens.renew(MEMBER, None)
    assert [(MEMBER, "https://renamed.bitrix24.ru/rest/")] == process.moves
    del http


async def test_tokens_of_another_company(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """What the server gives for somebody else's company is not used for this one."""
    process = await begin()
    await _installed(process, server)
    other = server.add(Company(member_id="b2" * 16))
    clock.move_to(NOW + 2 * HOUR)
    for token in server.refresh.values():
        token.member_id = other.member_id
    with pytest.raises(RestError):
        await process.client(http, clock).call("server.time", {})
    assert [(MEMBER, Trouble.GRANT_LOST)] == process.troubles
    assert [True] == [each.is_lost for each in await process.storage.grants.of(1)]


async def test_only_what_nobody_used_is_renewed_unasked(begin: Begin, server: Authority, clock: MovableClock) -> None:
    """A pair is renewed after 150 days without use, and then not for 150 more; never by another timer."""
    process = await begin()
    await _installed(process, server)
    clock.move_to(NOW + timedelta(days=149))
    assert 0 == await process.tokens.keep_alive()
    clock.move_to(NOW + timedelta(days=150))
    assert (1, 0) == (await process.tokens.keep_alive(), await process.tokens.keep_alive())
    assert 1 == server.asked["refresh_token"]


async def test_who_is_refused_keeps_nobody_waiting(begin: Begin, server: Authority, clock: MovableClock) -> None:
    """However many portals are not paid for, the pairs of those behind them are kept alive."""
    process = await begin()
    for number in range(101):
        await _installed(process, server, Company(member_id=f"{number:032x}", is_installed=False))
    await _installed(process, server)
    clock.move_to(NOW + timedelta(days=150))
    assert (1, 102) == (await process.tokens.keep_alive(), server.asked["refresh_token"])
    assert [2] == [each.version for each in await process.storage.grants.of(102)]


async def test_nobody_knows_such_a_portal(begin: Begin) -> None:
    """Without an installation nothing opens it."""
    process = await begin()
    with pytest.raises(RestError, match="NOT_SERVED"):
        await StoredCredentials("nobody", process.tokens).token()


async def test_somebodys_own_tokens(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """Who decides their own tasks is who calls; renewed as all others; who let us keep none is named as such."""
    process = await begin()
    company = await _installed(process, server)
    access, refresh = server.pair(company, "23")
    own = Grant(1, "23", frozenset({Purpose.TASKS}), TokenPair(access, refresh, NOW + HOUR), NOW)
    async with process.storage.unit_of_work() as unit:
        unit.installations.keep(own)
        await unit.commit()
    credentials = StoredCredentials(MEMBER, process.tokens, "23")
    assert access == await credentials.token()
    assert access != await StoredCredentials(MEMBER, process.tokens).token()
    await credentials.refresh(access)
    assert access != await credentials.token()
    with pytest.raises(RestError, match="NO_GRANT"):
        await StoredCredentials(MEMBER, process.tokens, "24").token()


async def test_somebodys_lost_tokens_are_no_trouble_of_the_portal(
    begin: Begin, server: Authority, http: aiohttp.ClientSession, clock: MovableClock
) -> None:
    """Whether the authorisation server or the portal takes them no more: the person has to allow it anew."""
    process = await begin()
    company = await _installed(process, server)
    for account in ("23", "24"):
        access, refresh = server.pair(company, account)
        own = Grant(1, account, frozenset({Purpose.TASKS}), TokenPair(access, refresh, NOW + HOUR), NOW)
        async with process.storage.unit_of_work() as unit:
            unit.installations.keep(own)
            await unit.commit()
    server.fault = (400, {"error": "invalid_grant"})
    first = StoredCredentials(MEMBER, process.tokens, "23")
    await first.refresh(await first.token())
    server.fault = None
    second = StoredCredentials(MEMBER, process.tokens, "24")
    await second.refused("NO_AUTH_FOUND", await second.token())
    for each in (first, second):
        with pytest.raises(RestError, match="NO_GRANT"):
            await each.token()
    assert [] == process.troubles
    assert await StoredCredentials(MEMBER, process.tokens).token()
