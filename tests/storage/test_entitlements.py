"""Days of leave a year, for everybody and for one person, and what was left on a day."""

from dataclasses import replace
from datetime import date

from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.entitlement import EVERYBODY, Entitlement, Opening, Unit
from storage import Database
from tests.storage.given import PORTAL, given, person

VACATION, DAY_OFF = AbsenceKind.VACATION, AbsenceKind.DAY_OFF
NEW_YEAR, SUMMER = date(2026, 1, 1), date(2026, 6, 1)
GENERAL = Entitlement(1, EVERYBODY, VACATION, NEW_YEAR, 28)
OWN = Entitlement(1, 10, VACATION, SUMMER, 35, Unit.WORKING, 5)


async def _stored(storage: Database, *terms: Entitlement) -> None:
    other = replace(PORTAL, id=2, key="other.example")
    await given(storage, person(10), person(11))
    await given(storage, person(20, portal=other), portal=other)
    async with storage.unit_of_work() as unit:
        for each in terms:
            unit.entitlements.put(each)
        await unit.commit()


async def test_a_person_has_their_own_and_everybody_s(storage: Database) -> None:
    """Of others and of other portals there is nothing; the same day is set anew, not twice."""
    await _stored(storage, GENERAL, OWN, replace(GENERAL, portal_id=2, days=24))
    async with storage.unit_of_work() as unit:
        unit.entitlements.put(replace(OWN, days=36))
        assert [GENERAL, replace(OWN, days=36)] == await unit.entitlements.of(1, 10)
        await unit.commit()
    unit = storage.unit_of_work()
    assert [GENERAL, replace(OWN, days=36)] == await unit.entitlements.of(1, 10)
    assert [GENERAL] == await unit.entitlements.of(1, 11)
    assert [replace(GENERAL, portal_id=2, days=24)] == await unit.entitlements.of(2, 20)


async def test_it_is_taken_away(storage: Database) -> None:
    """Of one kind and one target; what is set in the same breath stays."""
    days_off = Entitlement(1, EVERYBODY, DAY_OFF, NEW_YEAR, 3)
    await _stored(storage, GENERAL, OWN, days_off)
    async with storage.unit_of_work() as unit:
        unit.entitlements.drop(1, 10, VACATION)
        unit.entitlements.drop(1, EVERYBODY, DAY_OFF)
        unit.entitlements.put(replace(days_off, days=5))
        assert [replace(days_off, days=5), GENERAL] == await unit.entitlements.of(1, 10)
        await unit.commit()
    assert [replace(days_off, days=5), GENERAL] == await storage.unit_of_work().entitlements.of(1, 10)


async def test_what_was_left_on_a_day(storage: Database) -> None:
    """By day; the last word about a day counts; less than nothing is possible."""
    await _stored(storage)
    first, later = Opening(1, 10, VACATION, NEW_YEAR, 1233), Opening(1, 10, VACATION, SUMMER, -250)
    async with storage.unit_of_work() as unit:
        for each in (later, replace(first, hundredths=1), Opening(1, 11, VACATION, NEW_YEAR, 100)):
            unit.entitlements.put_opening(each)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.entitlements.put_opening(first)
        assert [first, later] == await unit.entitlements.openings(1, 10)
        await unit.commit()
    assert [first, later] == await storage.unit_of_work().entitlements.openings(1, 10)


async def test_what_is_dropped_was_not_said(storage: Database) -> None:
    """A unit of work that is not committed leaves nothing."""
    await _stored(storage, GENERAL)
    async with storage.unit_of_work() as unit:
        unit.entitlements.drop(1, EVERYBODY, VACATION)
        unit.entitlements.put(OWN)
        unit.entitlements.put_opening(Opening(1, 10, VACATION, NEW_YEAR, 1))
        unit.forget()
        assert [GENERAL] == await unit.entitlements.of(1, 10)
        assert [] == await unit.entitlements.openings(1, 10)
