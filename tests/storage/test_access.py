"""Ways into the web application: once, for ten minutes, and only as long as the person is who they were."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.errors import LinkNotValid
from bot.domain.people.employee import Role
from bot.domain.people.session import Via
from bot.services.approvals.seals import Seals
from bot.services.people.access import Access, Entered, Offered
from bot.services.people.people import People
from storage import Database
from tests.storage.given import KEY, NOW, PORTAL, given, person

ANNA, ADMIN = person(10, "Anna Kim"), replace(person(12, "Admin"), role=Role.ADMIN)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def _offered(storage: Database) -> Offered:
    await given(storage, ANNA, person(11), ADMIN)
    async with storage.unit_of_work() as unit:
        offered = Access(unit, Seals(KEY)).offer(ANNA, ANNA.identities[0], NOW)
        await unit.commit()
    return offered


async def _entered(storage: Database, secret: str, now: datetime = NOW) -> Entered:
    async with storage.unit_of_work() as unit:
        entered = await Access(unit, Seals(KEY)).enter(secret, "Firefox  on\nLinux", now)
        await unit.commit()
    return entered


async def _reads(storage: Database, token: str, now: datetime = NOW) -> str | None:
    found = await Access(storage.unit_of_work(), Seals(KEY)).of(token, now)
    return None if found is None else found.employee.name


async def test_a_link_opens_once(storage: Database) -> None:
    """By its token or by its code, whichever comes first; the other opens nothing then."""
    offered = await _offered(storage)
    shown = await Access(storage.unit_of_work(), Seals(KEY)).look(offered.code.lower(), NOW)
    assert shown is not None
    assert ("Anna Kim", PORTAL.key) == (shown.employee.name, shown.portal.key)
    entered = await _entered(storage, offered.token)
    assert ("Anna Kim", "Firefox on Linux") == (await _reads(storage, entered.token), entered.session.device)
    for each in (offered.token, offered.code):
        with pytest.raises(LinkNotValid):
            await _entered(storage, each)


async def test_a_code_is_typed_in_any_way(storage: Database) -> None:
    """Small letters, blanks and dashes are all one."""
    offered = await _offered(storage)
    entered = await _entered(storage, f" {offered.code.lower().replace('-', ' ')} ")
    assert "Anna Kim" == entered.employee.name


async def test_ten_minutes(storage: Database) -> None:
    """A link that is older opens nothing, and neither does one that a newer one replaced."""
    first = await _offered(storage)
    with pytest.raises(LinkNotValid):
        await _entered(storage, first.token, NOW + 10 * MINUTE)
    async with storage.unit_of_work() as unit:
        second = Access(unit, Seals(KEY)).offer(ANNA, ANNA.identities[0], NOW)
        await unit.commit()
    with pytest.raises(LinkNotValid):
        await _entered(storage, first.token)
    assert "Anna Kim" == (await _entered(storage, second.token)).employee.name


async def test_sessions_end_by_themselves(storage: Database) -> None:
    """After seven days of not being used, and after thirty in any case; being used is noted once an hour."""
    token = (await _entered(storage, (await _offered(storage)).token)).token
    assert ("Anna Kim", None) == (
        await _reads(storage, token, NOW + 6 * DAY),
        await _reads(storage, token, NOW + 7 * DAY),
    )
    for day in range(5, 35, 5):
        async with storage.unit_of_work() as unit:
            access = Access(unit, Seals(KEY))
            found = await access.of(token, NOW + day * DAY)
            if found is None:
                break
            access.seen(found.session, NOW + day * DAY)
            access.seen(replace(found.session, seen_at=NOW + day * DAY), NOW + day * DAY + 59 * MINUTE)
            await unit.commit()
    assert 30 == day


async def test_sessions_end_with_what_they_stand_on(storage: Database) -> None:
    """Being switched off ends them for good, and so does parting with the account by which one came."""
    token = (await _entered(storage, (await _offered(storage)).token)).token
    async with storage.unit_of_work() as unit:
        unit.employees.unlink(ANNA, ANNA.identities[0])
        await unit.commit()
    assert None is await _reads(storage, token)
    async with storage.unit_of_work() as unit:
        unit.employees.link(ANNA, ANNA.identities[0])
        await unit.commit()
    assert "Anna Kim" == await _reads(storage, token)
    for is_disabled in (True, False):
        async with storage.unit_of_work() as unit:
            anna, admin = [await unit.employees.get(1, each) for each in (10, 12)]
            assert anna is not None
            assert admin is not None
            await People(unit).set_disabled(admin, anna, NOW, is_disabled=is_disabled)
            await unit.commit()
    assert None is await _reads(storage, token)


async def test_signing_out(storage: Database) -> None:
    """On this device, on another one of the person's, everywhere; never on somebody else's."""
    token = (await _entered(storage, (await _offered(storage)).token)).token
    async with storage.unit_of_work() as unit:
        access = Access(unit, Seals(KEY))
        other = access.begin(ANNA, ANNA.identities[0], Via.MINI_APP, "Phone", NOW)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        access = Access(unit, Seals(KEY))
        assert ["Phone", "Firefox on Linux"] == [each.device for each in await access.sessions(ANNA, NOW)]
        await access.end_one(person(11), other.session.id, NOW)
        await unit.commit()
    assert "Anna Kim" == await _reads(storage, other.token)
    async with storage.unit_of_work() as unit:
        await Access(unit, Seals(KEY)).end_one(ANNA, other.session.id, NOW)
        await unit.commit()
    assert (None, "Anna Kim") == (await _reads(storage, other.token), await _reads(storage, token))
    async with storage.unit_of_work() as unit:
        Access(unit, Seals(KEY)).end_all(ANNA, NOW)
        await unit.commit()
    assert None is await _reads(storage, token)


async def test_nothing_is_kept_that_opens(storage: Database) -> None:
    """Neither the token nor the code nor the session's token can be read anywhere."""
    offered = await _offered(storage)
    entered = await _entered(storage, offered.token)
    known = str(await storage.unit_of_work().privacy.everything(ANNA))
    assert not [each for each in (offered.token, offered.code, entered.token) if each in known]
