"""Templates keep every version, one writer wins a switch, and groups keep the order of their members."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.people.group import Group
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person

FIRST = TemplateVersion(1, "contract", 1, '{"титул": "Договор"}', TemplateState.DRAFT, NOW)
SECOND = TemplateVersion(1, "contract", 2, "{}", TemplateState.DRAFT, NOW + timedelta(hours=1), made_by=10)
LEAVE = TemplateVersion(1, "a_leave", 1, "{}", TemplateState.OFF, NOW)


async def _kept(storage: Database, *versions: TemplateVersion) -> None:
    async with storage.unit_of_work() as unit:
        for each in versions:
            unit.templates.add(each)
        await unit.commit()


async def test_every_version_is_kept(storage: Database) -> None:
    """By key and version, in the unit that noted them and afterwards; another portal's are its own."""
    await given(storage, person(10))
    other = replace(PORTAL, id=2, key="other.example")
    await given(storage, portal=other)
    await _kept(storage, FIRST, LEAVE, replace(FIRST, portal_id=2))
    async with storage.unit_of_work() as unit:
        unit.templates.add(SECOND)
        assert [FIRST, SECOND] == await unit.templates.versions(1, "contract")
        await unit.commit()
    unit = storage.unit_of_work()
    assert [LEAVE, FIRST, SECOND] == await unit.templates.of_portal(1)
    assert [FIRST, SECOND] == await unit.templates.versions(1, "contract")
    assert [replace(FIRST, portal_id=2)] == await unit.templates.of_portal(2)


async def test_two_make_the_same_version(storage: Database) -> None:
    """Of two who bring a version of one number the second has a conflict, and the first one's stays."""
    await given(storage, person(10))
    await _kept(storage, FIRST)
    with pytest.raises(Conflict):
        await _kept(storage, replace(FIRST, document="[]"))
    assert [FIRST] == await storage.unit_of_work().templates.versions(1, "contract")


async def test_one_switch_wins(storage: Database) -> None:
    """A version is switched from the state that was read; who read another one has a conflict."""
    await given(storage, person(10))
    await _kept(storage, FIRST, SECOND)
    on = replace(FIRST, state=TemplateState.ON, changed_at=NOW + timedelta(hours=2), changed_by=10)
    async with storage.unit_of_work() as unit:
        unit.templates.put_state(FIRST, on)
        assert on.is_on
        assert [on, SECOND] == await unit.templates.versions(1, "contract")
        await unit.commit()
    assert [on, SECOND] == await storage.unit_of_work().templates.versions(1, "contract")
    late = storage.unit_of_work()
    late.templates.put_state(FIRST, replace(on, state=TemplateState.OFF))
    with pytest.raises(Conflict):
        await late.commit()
    assert [on, SECOND] == await storage.unit_of_work().templates.versions(1, "contract")


async def test_what_is_dropped_leaves_no_trace(storage: Database) -> None:
    """Without a commit nothing is kept, of templates and of groups."""
    await given(storage, person(10))
    async with storage.unit_of_work() as unit:
        unit.templates.add(FIRST)
        unit.groups.put(Group(1, "hr", "Кадры", (10,)))
    unit = storage.unit_of_work()
    assert ([], []) == (await unit.templates.of_portal(1), await unit.groups.of_portal(1))


async def test_groups_keep_their_order(storage: Database) -> None:
    """Members stand as they were named; a change takes the place of all of them; an empty group is one."""
    await given(storage, person(10), person(11), person(12))
    lawyers, empty = Group(1, "lawyers", "Юристы", (12, 10)), Group(1, "hr", "Кадры")
    async with storage.unit_of_work() as unit:
        unit.groups.put(lawyers)
        unit.groups.put(empty)
        assert [empty, lawyers] == await unit.groups.of_portal(1)
        await unit.commit()
    assert [empty, lawyers] == await storage.unit_of_work().groups.of_portal(1)
    changed = replace(lawyers, title="Юротдел", members=(11, 12, 10))
    async with storage.unit_of_work() as unit:
        unit.groups.put(changed)
        unit.groups.remove(empty)
        assert [changed] == await unit.groups.of_portal(1)
        await unit.commit()
    unit = storage.unit_of_work()
    assert ([changed], []) == (await unit.groups.of_portal(1), await unit.groups.of_portal(2))
