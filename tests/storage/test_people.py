"""Portals, employees and identities: read as written, guarded by version and by unique keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.people.employee import Identity, Role
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import PunchKind
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, PORTAL, Opener, given, person, punch, punched

TELEGRAM = Identity("telegram", "", "tg10", "tg10")


async def test_portal(storage: Database) -> None:
    """A portal is found by id and by key, with every field."""
    portal = Portal(7, "key", "Имя", "Asia/Omsk", "en", timedelta(minutes=20), is_active=False)
    await given(storage, portal=portal)
    unit = storage.unit_of_work()
    assert (portal, portal, None, None) == (
        await unit.portals.get(7),
        await storage.unit_of_work().portals.by_key("key"),
        await unit.portals.get(8),
        await unit.portals.by_key("other"),
    )


async def test_every_portal(storage: Database) -> None:
    """All portals are listed by key, with what the unit has noted."""
    first, second, third = Portal(7, "b"), Portal(8, "a"), Portal(9, "c")
    await given(storage, portal=first)
    await given(storage, portal=second)
    unit = storage.unit_of_work()
    unit.portals.add(third)
    unit.portals.put(replace(first, name="New"))
    assert [second, replace(first, name="New"), third] == await unit.portals.all()


async def test_portal_key_is_unique(opened: Opener) -> None:
    """A second portal of one key is a Conflict, also when two processes add it."""
    await given(await opened())
    with pytest.raises(Conflict):
        await given(await opened(), portal=replace(PORTAL, id=2))


async def test_portal_changes(storage: Database) -> None:
    """A changed portal is seen by the unit that changes it, and by others after the commit."""
    await given(storage)
    changed = replace(PORTAL, name="New", is_active=False)
    unit = storage.unit_of_work()
    unit.portals.put(changed)
    own = await unit.portals.get(1)
    await unit.commit()
    assert (changed, changed) == (own, await storage.unit_of_work().portals.get(1))


async def test_employee(storage: Database) -> None:
    """An employee is found by id and by each account, with every field and identity."""
    employee = replace(
        person(10, "Анна", telegram=True),
        role=Role.LEAD,
        zone="Asia/Omsk",
        locale="en",
        locale_is_chosen=True,
        zone_is_chosen=True,
        role_is_chosen=True,
        lead_id=11,
        is_disabled=True,
        wants_weekly=False,
        wants_digest=False,
        wants_letters=False,
        prefers="bitrix24",
        paper_name="Ким А. С.",
    )
    await given(storage, employee)
    assert [employee] * 3 == [
        await storage.unit_of_work().employees.get(1, 10),
        await storage.unit_of_work().employees.by_identity("bitrix24", PORTAL.key, "10"),
        await storage.unit_of_work().employees.by_identity("telegram", "", "tg10"),
    ]


async def test_nobody(storage: Database) -> None:
    """An unknown id or account is nobody, and an id of another portal is unknown."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    assert [
        await unit.employees.get(1, 11),
        await unit.employees.get(2, 10),
        await unit.employees.by_identity("telegram", "", "10"),
        await unit.employees.by_identity("bitrix24", "other.example", "10"),
    ] == [None] * 4


async def test_person_without_account(storage: Database) -> None:
    """A person whose last account was taken away is still there."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.employees.unlink(person(10), person(10).identities[0])
    await unit.commit()
    found = await storage.unit_of_work().employees.get(1, 10)
    assert found is not None
    assert found.identities == ()


async def test_change_and_version(storage: Database) -> None:
    """A change expects the version it was read with and stores it grown by one."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    employee = await unit.employees.get(1, 10)
    assert employee is not None
    unit.employees.put(replace(employee, role=Role.ADMIN))
    own = await unit.employees.get(1, 10)
    await unit.commit()
    expected = replace(employee, role=Role.ADMIN, version=1)
    assert (expected, expected) == (own, await storage.unit_of_work().employees.get(1, 10))
    stale = storage.unit_of_work()
    stale.employees.put(employee)
    with pytest.raises(Conflict):
        await stale.commit()


@pytest.mark.parametrize("role", Role)
async def test_every_role_is_kept(storage: Database, role: Role) -> None:
    """A role is read as it was written, whichever it is."""
    await given(storage, replace(person(2), role=role))
    found = await storage.unit_of_work().employees.get(1, 2)
    assert found is not None
    assert role is found.role


async def test_change_of_a_new_person(storage: Database) -> None:
    """A person who is new in the unit can be changed in it."""
    unit = storage.unit_of_work()
    unit.portals.add(PORTAL)
    unit.employees.add(person(10))
    employee = await unit.employees.by_identity("bitrix24", PORTAL.key, "10")
    assert employee is not None
    unit.employees.put(replace(employee, name="Other"))
    await unit.commit()
    found = await storage.unit_of_work().employees.get(1, 10)
    assert found == replace(person(10, "Other"), version=1)


async def test_unstorable_name(storage: Database) -> None:
    """A name with a NUL or half a character in it is stored without them."""
    await given(storage, person(10, "A\0nn\ud83d"))
    found = await storage.unit_of_work().employees.get(1, 10)
    assert found is not None
    assert found.name == "Ann?"


async def test_link_and_unlink(storage: Database) -> None:
    """A linked account is the person's at once and after the commit, and an unlinked one is nobody's."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    employee = await unit.employees.get(1, 10)
    assert employee is not None
    unit.employees.link(employee, TELEGRAM)
    own = await unit.employees.by_identity("telegram", "", "tg10")
    await unit.commit()
    unit = storage.unit_of_work()
    linked = await unit.employees.by_identity("telegram", "", "tg10")
    assert linked is not None
    assert (own, person(10, telegram=True)) == (linked, linked)
    unit.employees.unlink(linked, TELEGRAM)
    gone = await unit.employees.by_identity("telegram", "", "tg10")
    await unit.commit()
    assert (gone, await storage.unit_of_work().employees.by_identity("telegram", "", "tg10")) == (None, None)


async def test_account_of_another(storage: Database) -> None:
    """An account that is somebody's, or a second account on one channel, is a Conflict."""
    await given(storage, person(10, telegram=True), person(11))
    for employee, identity in ((person(11), TELEGRAM), (person(10), replace(TELEGRAM, account="tg12"))):
        unit = storage.unit_of_work()
        unit.employees.link(employee, identity)
        with pytest.raises(Conflict):
            await unit.commit()


async def test_unlink_of_nothing(storage: Database) -> None:
    """Taking away an account that is not the person's any more is a Conflict."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.employees.unlink(person(10), TELEGRAM)
    with pytest.raises(Conflict):
        await unit.commit()


async def test_reachable(storage: Database) -> None:
    """Whether a messenger lets us write is kept for the one account, and changes no version."""
    await given(storage, person(10, telegram=True))
    unit = storage.unit_of_work()
    unit.employees.set_reachable(person(10, telegram=True), TELEGRAM, is_reachable=False)
    own = await unit.employees.get(1, 10)
    await unit.commit()
    found = await storage.unit_of_work().employees.get(1, 10)
    assert found is not None
    assert (found.version, [each.is_reachable for each in found.identities]) == (0, [True, False])
    assert own == found


async def test_everybody(storage: Database) -> None:
    """The people of a portal come by name, with their accounts, and no one else's."""
    other = Portal(2, "other.example")
    await given(storage, person(10, "Vera"), person(11, "Anna", telegram=True))
    await given(storage, person(20, "Boris", portal=other), portal=other)
    found = await storage.unit_of_work().employees.of_portal(1)
    assert [person(11, "Anna", telegram=True), person(10, "Vera")] == list(found)


async def test_who_is_present(storage: Database) -> None:
    """Those with an open session come earliest first, with that session."""
    await given(storage, *(person(number) for number in (10, 11, 12)))
    await punched(storage, 1, 10, punch(PunchKind.IN, NOW))
    (early,) = await punched(storage, 1, 11, punch(PunchKind.IN, NOW - timedelta(hours=1)))
    await punched(storage, 1, 12, punch(PunchKind.IN, NOW), punch(PunchKind.OUT, NOW + timedelta(hours=1)))
    found = await storage.unit_of_work().employees.present(1)
    assert ([11, 10], early) == ([each.employee.id for each in found], found[0].session)
