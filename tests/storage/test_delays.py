"""What people said about coming later: one row a person and date, the last word, forgotten with the day."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.workday.delay import Delay
from bot.ports import GREETED, Told
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


async def test_the_last_word_counts(storage: Database) -> None:
    """A second word about the same day takes the place of the first; other days and people are their own."""
    await given(storage, person(10), person(11))
    first = Delay(1, 10, MONDAY, None, NOW)
    second = Delay(1, 10, MONDAY, NOW + timedelta(hours=1), NOW + timedelta(minutes=5))
    other = Delay(1, 11, TUESDAY, NOW + timedelta(days=1), NOW)
    for each in (first, other, second):
        async with storage.unit_of_work() as unit:
            unit.delays.put(each)
            assert each in await unit.delays.since(1, MONDAY)
            await unit.commit()
    unit = storage.unit_of_work()
    assert [second, other] == await unit.delays.since(1, MONDAY)
    assert [other] == await unit.delays.since(1, TUESDAY)
    assert [] == await unit.delays.since(2, MONDAY)


async def test_former_days_are_forgotten(storage: Database) -> None:
    """What is over goes; another portal's stays."""
    await given(storage, person(10))
    other = replace(PORTAL, id=2, key="other.example")
    await given(storage, person(20, portal=other), portal=other)
    async with storage.unit_of_work() as unit:
        for portal_id, number in ((1, 10), (2, 20)):
            unit.delays.put(Delay(portal_id, number, MONDAY, None, NOW))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.delays.drop_before(1, TUESDAY)
        await unit.commit()
    unit = storage.unit_of_work()
    assert [] == await unit.delays.since(1, MONDAY)
    assert 1 == len(await unit.delays.since(2, MONDAY))


async def test_a_greeting_is_remembered_for_ever(storage: Database) -> None:
    """What else was told is dropped after its time; that somebody was greeted is not."""
    await given(storage, person(10), person(11))
    async with storage.unit_of_work() as unit:
        unit.reminders.add(Told(1, 10, GREETED, "hello", NOW))
        assert {10} == await unit.reminders.of_kind(1, GREETED)
        unit.reminders.add(Told(1, 11, "start", "2026-11-23", NOW))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.reminders.drop_before(1, NOW + timedelta(days=90))
        await unit.commit()
    unit = storage.unit_of_work()
    assert {10} == await unit.reminders.of_kind(1, GREETED)
    assert set() == await unit.reminders.of_kind(1, "start")
    assert set() == await unit.reminders.of_kind(2, GREETED)
