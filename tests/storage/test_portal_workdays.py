"""How far the portal's days and ours have followed each other: one row a person, of two writers one wins."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.workday.portal_day import FollowedDay, OwnDay, PortalDay, Standing
from bot.domain.workday.punch_log import DayState
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, given, person

HOUR = timedelta(hours=1)
SEEN = PortalDay(Standing.CLOSED, NOW - 8 * HOUR, NOW, HOUR, is_approved=False, offset=3 * HOUR)
OWN = OwnDay(
    DayState.OFF, "Europe/Moscow", NOW - 8 * HOUR, NOW, NOW, 2, DayState.BREAK, ((NOW - 30 * HOUR, NOW - 22 * HOUR),)
)


async def test_what_is_put_is_found(storage: Database) -> None:
    """A person without a row has an empty one; what was put is read back whole, in the same unit as well."""
    await given(storage, person(10), person(11))
    async with storage.unit_of_work() as unit:
        assert FollowedDay(1, 10) == await unit.portal_workdays.get(1, 10)
        followed = FollowedDay(1, 10, SEEN, NOW, OWN, "k1", "k0")
        unit.portal_workdays.put(followed)
        assert replace(followed, version=1) == await unit.portal_workdays.get(1, 10)
        await unit.commit()
    unit = storage.unit_of_work()
    assert {10: replace(followed, version=1)} == await unit.portal_workdays.of_portal(1)
    assert {} == await unit.portal_workdays.of_portal(2)
    assert (await unit.portal_workdays.get(1, 10)).is_waiting


async def test_of_two_writers_one_wins(storage: Database) -> None:
    """Who read before another wrote is told so, for a first row as for a later one."""
    await given(storage, person(10))
    for number in range(2):
        first, second = storage.unit_of_work(), storage.unit_of_work()
        for unit in (first, second):
            known = await unit.portal_workdays.get(1, 10)
            unit.portal_workdays.put(replace(known, asked=f"k{number}"))
        await first.commit()
        with pytest.raises(Conflict):
            await second.commit()
        assert number + 1 == (await storage.unit_of_work().portal_workdays.get(1, 10)).version
