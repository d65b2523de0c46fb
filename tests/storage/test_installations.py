"""The application on portals: companies, hosts and tokens are kept, sealed, and renewed by one process at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.installation import Grant, Installation, InstallationState, Purpose, TokenPair, Trouble
from bot.ports import Conflict
from storage import Database
from storage.engines.engine import Read, Write
from storage.sql import installations as sql
from tests.storage.given import KEY, NOW, PORTAL, Opener, Wall, given

OTHER = replace(PORTAL, id=2, key="f" * 32)
PAIR = TokenPair("access-1", "refresh-1", NOW + timedelta(hours=1))
NEXT = TokenPair("access-2", "refresh-2", NOW + timedelta(hours=2))
HERE = Installation(
    1,
    InstallationState.ACTIVE,
    "the application token",
    "oauth.example",
    "https://portal.example/rest/",
    frozenset({"im", "imbot"}),
    "L",
    "1",
    "17",
    NOW,
)
MINE = Grant(1, "17", frozenset({Purpose.INSTALLER}), PAIR, NOW)


async def _installed(storage: Database) -> None:
    await given(storage)
    await given(storage, portal=OTHER)
    async with storage.unit_of_work() as unit:
        unit.installations.put(HERE)
        unit.installations.keep(MINE)
        unit.installations.name_company(1, "m" * 32)
        unit.installations.point("Portal.example", 1, NOW)
        await unit.commit()


async def test_an_installation_is_read_as_it_was_put(storage: Database) -> None:
    """By portal, by key and among all; what it is not is nothing."""
    await _installed(storage)
    unit = storage.unit_of_work()
    assert HERE == await unit.installations.of(1)
    assert None is await unit.installations.of(2)
    assert [HERE] == [found for _, found in await unit.installations.all()]
    found = await storage.grants.installation(PORTAL.key)
    assert found is not None
    assert ("m" * 32, HERE) == (found[0].member_id, found[1])
    assert None is await storage.grants.installation("nobody")
    assert [MINE] == await storage.grants.of(1)


async def test_a_mark_leaves_the_tokens(storage: Database) -> None:
    """What is wrong is noted alone; a portal that moved meanwhile stays where it is, and a move says nothing else."""
    await _installed(storage)
    async with storage.unit_of_work() as unit:
        unit.installations.mark(
            replace(
                HERE,
                state=InstallationState.TROUBLED,
                trouble=Trouble.UNPAID,
                trouble_since=NOW,
                application_token="",
                client_endpoint="https://former.example/rest/",
            )
        )
        await unit.commit()
    found = await storage.unit_of_work().installations.of(1)
    troubled = replace(HERE, state=InstallationState.TROUBLED, trouble=Trouble.UNPAID, trouble_since=NOW)
    assert troubled == found
    there = replace(HERE, client_endpoint="https://renamed.example/rest/")
    async with storage.unit_of_work() as unit:
        unit.installations.move(there)
        await unit.commit()
    found = await storage.unit_of_work().installations.of(1)
    assert replace(troubled, client_endpoint=there.client_endpoint) == found


async def test_a_company_is_one_tenant(storage: Database) -> None:
    """It moves from one to the other in one commit; a change of a portal's own values does not undo it."""
    await _installed(storage)
    async with storage.unit_of_work() as unit:
        unit.installations.name_company(2, "m" * 32)
        unit.portals.put(replace(PORTAL, name="Renamed"))
        await unit.commit()
    unit = storage.unit_of_work()
    found = await unit.installations.portal_of_company("m" * 32)
    first = await unit.portals.get(1)
    assert found is not None
    assert first is not None
    assert (2, "Renamed", None) == (found.id, first.name, first.member_id)
    assert None is await unit.installations.portal_of_company("nobody")


async def test_a_company_of_no_tenant(storage: Database) -> None:
    """A tenant that is not there cannot be named."""
    await given(storage)
    unit = storage.unit_of_work()
    unit.installations.name_company(7, "m" * 32)
    with pytest.raises(Conflict):
        await unit.commit()


async def test_a_host_moves(storage: Database) -> None:
    """A host is one tenant's at a time, and is found however it was written."""
    await _installed(storage)
    async with storage.unit_of_work() as unit:
        assert 1 == getattr(await unit.installations.portal_at("portal.example"), "id", None)
        unit.installations.point("portal.example", 2, NOW)
        await unit.commit()
    assert 2 == getattr(await storage.unit_of_work().installations.portal_at("portal.example"), "id", None)


async def test_what_is_dropped_is_gone(storage: Database) -> None:
    """With an installation its tokens go."""
    await _installed(storage)
    async with storage.unit_of_work() as unit:
        unit.installations.drop(1)
        await unit.commit()
    assert (None, []) == (await storage.unit_of_work().installations.of(1), await storage.grants.of(1))


async def test_one_persons_tokens_go(storage: Database) -> None:
    """Others' stay."""
    await _installed(storage)
    other = replace(MINE, account="18", purposes=frozenset({Purpose.STAND_IN, Purpose.TASKS}))
    async with storage.unit_of_work() as unit:
        unit.installations.keep(other)
        unit.installations.drop_grants(1, "17")
        await unit.commit()
    assert [other] == await storage.grants.of(1)


async def _raw(storage: Database) -> str:
    tokens, pairs = await storage._engine.read([Read(sql.SEALED_TOKENS, {}), Read(sql.SEALED_PAIRS, {})])
    return str([list(row) for row in (*tokens, *pairs)])


async def test_tokens_are_sealed(storage: Database) -> None:
    """No token is in the database in plain, nor shown by what is printed."""
    await _installed(storage)
    raw, shown = await _raw(storage), repr((HERE, MINE))
    for secret in ("the application token", "access-1", "refresh-1"):
        assert (False, False) == (secret in raw, secret in shown)


async def test_a_pair_copied_to_another_row_does_not_open(storage: Database) -> None:
    """Tokens are bound to portal and person: whoever can write to the database cannot give them to another."""
    await _installed(storage)
    async with storage.unit_of_work() as unit:
        unit.installations.keep(replace(MINE, account="18"))
        await unit.commit()
    ((_, _, sealed), _) = (await storage._engine.read([Read(sql.SEALED_PAIRS, {})]))[0]
    values = {"the_portal_id": 1, "the_account": "18", "seen": 1, "sealed": sealed, "now": 0, "is_lost": False}
    await storage._engine.write([Write(sql.RENEW_GRANT, values)])
    assert [("17", False), ("18", True)] == [(each.account, each.is_lost) for each in await storage.grants.of(1)]


async def test_another_key_is_told(opened: Opener) -> None:
    """With another SECRET_KEY the installation says so, and no token is used; behind a new key the former one opens."""
    await _installed(await opened())
    other = await opened(secret_key="another key that is long enough too")
    found = await other.unit_of_work().installations.of(1)
    assert found is not None
    assert (Trouble.UNREADABLE, "", False) == (found.trouble, found.application_token, found.is_served)
    assert [True] == [each.is_lost for each in await other.grants.of(1)]
    both = await opened(secret_key=f"{'N' * 40}, {KEY}")
    assert (2, 0) == (await both.vault.reseal(), await both.vault.reseal())
    new = await opened(secret_key="N" * 40)
    assert ([MINE], HERE) == (await new.grants.of(1), await new.unit_of_work().installations.of(1))


async def test_one_process_renews(opened: Opener) -> None:
    """Of several that found a pair expired one gets the next; the others read what it got."""
    first, second = await opened(), await opened()
    await _installed(first)
    claims = await asyncio.gather(first.grants.claim(MINE, 30), second.grants.claim(MINE, 30))
    assert 1 == sum(claims)
    holder, other = (first, second) if claims[0] else (second, first)
    await holder.grants.renew(MINE, NEXT, NOW + timedelta(hours=1))
    assert not await other.grants.claim(MINE, 30)
    assert [(NEXT, 2)] == [(each.pair, each.version) for each in await other.grants.of(1)]


async def test_a_renewal_is_given_back(opened: Opener) -> None:
    """What came to nothing may be tried by another at once; by its own holder in any case."""
    first, second = await opened(), await opened()
    await _installed(first)
    assert await first.grants.claim(MINE, 30)
    assert await first.grants.claim(MINE, 30)
    assert not await second.grants.claim(MINE, 30)
    await first.grants.release(MINE)
    assert await second.grants.claim(MINE, 30)


async def test_a_renewer_that_died(opened: Opener, wall: Wall) -> None:
    """A renewal that nobody ended is free after its time, by the database's clock."""
    del wall
    first, second = await opened(), await opened()
    await _installed(first)
    assert await first.grants.claim(MINE, 0)
    assert await second.grants.claim(MINE, 30)


async def test_a_pair_is_lost_alone(storage: Database) -> None:
    """Word of a lost pair that comes late does not touch the one that came in its place."""
    await _installed(storage)
    async with storage.unit_of_work() as unit:
        unit.installations.keep(replace(MINE, pair=NEXT))
        await unit.commit()
    await storage.grants.lose(MINE)
    (found,) = await storage.grants.of(1)
    assert (NEXT, 2, False) == (found.pair, found.version, found.is_lost)
    await storage.grants.lose(found)
    (found,) = await storage.grants.of(1)
    assert (True, False) == (found.is_lost, await storage.grants.claim(found, 30))


async def test_pairs_that_nobody_used(storage: Database) -> None:
    """Those that were not renewed for long are found, with their portal's key; lost ones are not."""
    await _installed(storage)
    assert [(PORTAL.key, MINE)] == await storage.grants.stale(NOW)
    assert [] == await storage.grants.stale(NOW - timedelta(days=1))
    theirs = [replace(MINE, account=each) for each in ("18", "19")]
    async with storage.unit_of_work() as unit:
        for each in theirs:
            unit.installations.keep(each)
        await unit.commit()
    assert [theirs[1]] == [each for _, each in await storage.grants.stale(NOW, after=theirs[0])]
    async with storage.unit_of_work() as unit:
        for each in theirs:
            unit.installations.drop_grants(each.portal_id, each.account)
        await unit.commit()
    await storage.grants.lose(MINE)
    assert [] == await storage.grants.stale(NOW)
