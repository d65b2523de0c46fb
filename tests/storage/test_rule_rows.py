"""Rules keep every version, one writer wins a switch, and a rule holds once for an occurrence."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.automation.rule import Firing, RuleState, RuleVersion
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person

FIRST = RuleVersion(1, "contract", 1, '{"титул": "Договор"}', RuleState.OFF, NOW, 10, NOW)
SECOND = RuleVersion(1, "contract", 2, "{}", RuleState.ON, NOW + timedelta(hours=1), 10)
HELD = Firing(1, "contract", "deal:4711", "CONTRACT@1", NOW, 2)


async def _kept(storage: Database, *versions: RuleVersion, fired: tuple[Firing, ...] = ()) -> None:
    async with storage.unit_of_work() as unit:
        for each in versions:
            unit.rules.add(each)
        for firing in fired:
            unit.rules.fire(firing)
        await unit.commit()


async def test_every_version_is_kept(storage: Database) -> None:
    """By key and version, in the unit that noted them and afterwards; those that are on by themselves."""
    await given(storage, person(10))
    await given(storage, portal=replace(PORTAL, id=2, key="other.example"))
    await _kept(storage, FIRST, SECOND, replace(SECOND, portal_id=2))
    unit = storage.unit_of_work()
    assert [FIRST, SECOND] == await unit.rules.of_portal(1)
    assert [SECOND] == await unit.rules.on(1)


async def test_one_writer_wins_a_switch(storage: Database) -> None:
    """Whoever read an older state begins anew; what stands in a rule's way is kept with its state."""
    await given(storage, person(10))
    await _kept(storage, SECOND)
    off = replace(SECOND, state=RuleState.OFF, changed_at=NOW, changed_by=10, trouble="loop:deal:4711")
    async with storage.unit_of_work() as unit:
        unit.rules.put_state(SECOND, off)
        assert [] == await unit.rules.on(1)
        await unit.commit()
    assert [off] == await storage.unit_of_work().rules.of_portal(1)
    late = storage.unit_of_work()
    late.rules.put_state(SECOND, replace(SECOND, state=RuleState.GONE))
    with pytest.raises(Conflict):
        await late.commit()


async def test_a_rule_holds_once_for_an_occurrence(storage: Database) -> None:
    """Two who saw the same move: the second finds it known; what was noted is seen before it is stored."""
    await given(storage, person(10))
    async with storage.unit_of_work() as unit:
        unit.rules.fire(HELD)
        assert [HELD] == await unit.rules.fired(1, "deal:4711", NOW)
        await unit.commit()
    late = storage.unit_of_work()
    late.rules.fire(HELD)
    with pytest.raises(Conflict):
        await late.commit()
    later = replace(HELD, occurrence="CONTRACT@2", at=NOW + timedelta(minutes=1), outcome="no_template")
    await _kept(storage, fired=(later, replace(HELD, object="deal:4712")))
    unit = storage.unit_of_work()
    assert [HELD, later] == await unit.rules.fired(1, "deal:4711", NOW)
    assert [later] == await unit.rules.fired(1, "deal:4711", NOW + timedelta(seconds=1))
    assert [later] == await unit.rules.latest(1, "contract", 1)
