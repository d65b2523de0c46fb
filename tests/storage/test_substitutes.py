"""Who stands in for whom is kept by portal, from a day on; what is noted is read before it is committed."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.people.substitute import Substitute
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person

FIRST, LAST = date(2026, 7, 6), date(2026, 7, 10)
OPEN = Substitute(100, 1, 10, 11, FIRST, None, 10, NOW)
WEEK = Substitute(101, 1, 10, 12, FIRST, LAST, 11, NOW + timedelta(hours=1))


async def _stored(storage: Database, *those: Substitute) -> None:
    other = replace(PORTAL, id=2, key="other.example")
    await given(storage, person(10), person(11), person(12))
    await given(storage, person(20, portal=other), portal=other)
    async with storage.unit_of_work() as unit:
        for each in those:
            unit.substitutes.put(each)
        await unit.commit()


async def test_what_holds_from_a_day_on(storage: Database) -> None:
    """Without a last day it holds for ever; what is over is not read; of other portals there is nothing."""
    elsewhere = replace(OPEN, id=200, portal_id=2, employee_id=20, substitute_id=20)
    await _stored(storage, WEEK, OPEN, elsewhere)
    unit = storage.unit_of_work()
    assert [OPEN, WEEK] == await unit.substitutes.of_portal(1, LAST)
    assert [OPEN] == await unit.substitutes.of_portal(1, LAST + timedelta(days=1))
    assert [elsewhere] == await unit.substitutes.of_portal(2, FIRST)


async def test_days_change_and_one_goes(storage: Database) -> None:
    """Noted changes are read at once, kept by a commit, and lost without one."""
    await _stored(storage, OPEN, WEEK)
    async with storage.unit_of_work() as unit:
        unit.substitutes.drop(OPEN)
        assert [WEEK] == await unit.substitutes.of_portal(1, FIRST)
    ended = replace(OPEN, last_day=FIRST)
    async with storage.unit_of_work() as unit:
        assert [OPEN, WEEK] == await unit.substitutes.of_portal(1, FIRST)
        unit.substitutes.put(ended)
        unit.substitutes.drop(WEEK)
        assert [ended] == await unit.substitutes.of_portal(1, FIRST)
        assert [] == await unit.substitutes.of_portal(1, LAST)
        await unit.commit()
    assert [ended] == await storage.unit_of_work().substitutes.of_portal(1, FIRST)
