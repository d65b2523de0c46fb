"""Confirmations, closings, approved overtime, what was told, and calendar links."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.periods.period import Closing, Confirmation
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import PunchKind
from bot.ports import ApprovedOvertime, Conflict, Feed, Told, UnitOfWork
from storage import Database
from tests.storage.given import NOW, given, person, punch, punched

JUNE = (date(2026, 6, 1), date(2026, 6, 30))


async def test_a_confirmation_is_replaced(storage: Database) -> None:
    """One a person and period; the lead's word is added to it."""
    await given(storage, person(10), person(11))
    first = Confirmation(1, 10, *JUNE, "abc", 10, NOW)
    approved = replace(first, fingerprint="def", approved_by=11, approved_at=NOW + timedelta(hours=1))
    for each in (first, approved):
        async with storage.unit_of_work() as unit:
            unit.periods.put_confirmation(each)
            await unit.commit()
    unit = storage.unit_of_work()
    assert [approved] == await unit.periods.confirmations(1, date(2026, 6, 30), date(2026, 7, 31))
    assert [] == await unit.periods.confirmations(1, date(2026, 7, 1), date(2026, 7, 31))


async def test_a_closing_is_reopened(storage: Database) -> None:
    """Reopening is written to the closing; nothing of it is lost."""
    await given(storage, person(10))
    closed = Closing(7, 1, *JUNE, 10, NOW)
    reopened = replace(closed, reopened_by=10, reopened_at=NOW + timedelta(days=1), reason="ошибка в часах")
    unit = storage.unit_of_work()
    unit.periods.close(await _portal(unit), closed)
    assert [closed] == await unit.periods.closings(1)
    await unit.commit()
    unit.periods.put_closing(reopened)
    assert [reopened] == await unit.periods.closings(1)
    await unit.commit()
    assert [reopened] == await storage.unit_of_work().periods.closings(1)


async def _portal(unit: UnitOfWork) -> Portal:
    portal = await unit.portals.get(1)
    assert portal is not None
    return portal


async def test_of_two_who_close_one_does(storage: Database) -> None:
    """Both saw the period open: the second has a Conflict, also when both are written in one group."""
    await given(storage, person(10))
    first, second = storage.unit_of_work(), storage.unit_of_work()
    for number, unit in enumerate((first, second)):
        unit.periods.close(await _portal(unit), Closing(7 + number, 1, *JUNE, 10, NOW))
    told = await asyncio.gather(first.commit(), second.commit(), return_exceptions=True)
    assert 1 == sum(isinstance(each, Conflict) for each in told)
    assert 1 == len(await storage.unit_of_work().periods.closings(1))


@pytest.mark.parametrize("closes_first", [True, False])
async def test_what_rests_on_open_days_loses_to_a_closing(storage: Database, closes_first: bool) -> None:
    """Written after the closing it is a Conflict; written before, both hold, and the closing has what was written."""
    await given(storage, person(10))
    closer, writer = storage.unit_of_work(), storage.unit_of_work()
    closer.periods.close(await _portal(closer), Closing(7, 1, *JUNE, 10, NOW))
    writer.periods.expect_open(await _portal(writer))
    writer.absences.add(Absence(1, 1, 10, AbsenceKind.VACATION, *JUNE))
    if closes_first:
        await closer.commit()
        with pytest.raises(Conflict):
            await writer.commit()
    else:
        await writer.commit()
        await closer.commit()
    absences = await storage.unit_of_work().absences.between(1, *JUNE)
    assert (not closes_first) == bool(absences)
    assert 1 == len(await storage.unit_of_work().periods.closings(1))


async def test_at_the_same_instant(storage: Database) -> None:
    """A closing and ten writers in one group: whoever is told that it was written is, and nobody after the closing."""
    await given(storage, person(10))
    units = [storage.unit_of_work() for _ in range(11)]
    for number, unit in enumerate(units):
        portal = await _portal(unit)
        if number:
            unit.periods.expect_open(portal)
            unit.absences.add(Absence(number, 1, 10, AbsenceKind.OTHER, *JUNE))
        else:
            unit.periods.close(portal, Closing(7, 1, *JUNE, 10, NOW))
    told = await asyncio.gather(*(each.commit() for each in units), return_exceptions=True)
    written = {number for number, each in enumerate(told) if each is None}
    stored = (await storage.unit_of_work().absences.between(1, *JUNE)).get(10, ())
    assert 0 in written
    assert written - {0} == {each.id for each in stored}


async def test_nothing_is_closed_for_those_who_read_later(storage: Database) -> None:
    """A unit that read the portal after the closing is no rival of it."""
    await given(storage, person(10))
    unit = storage.unit_of_work()
    unit.periods.close(await _portal(unit), Closing(7, 1, *JUNE, 10, NOW))
    await unit.commit()
    later = storage.unit_of_work()
    later.periods.expect_open(await _portal(later))
    await later.commit()


async def test_approved_overtime(storage: Database) -> None:
    """It is found by work date, for each person."""
    await given(storage, person(10), person(11))
    one = ApprovedOvertime(1, 1, 10, date(2026, 6, 30), timedelta(hours=2), 55)
    two = ApprovedOvertime(2, 1, 11, date(2026, 7, 1), timedelta(minutes=90))
    async with storage.unit_of_work() as unit:
        unit.overtimes.add(one)
        unit.overtimes.add(two)
        await unit.commit()
    unit = storage.unit_of_work()
    assert {10: [one]} == await unit.overtimes.between(1, *JUNE)
    assert {10: [one], 11: [two]} == await unit.overtimes.between(1, JUNE[0], date(2026, 7, 1))


async def test_a_thing_is_told_once(storage: Database) -> None:
    """Two writers who want to tell the same: the second has a Conflict."""
    await given(storage, person(10))
    told = Told(1, 10, "late", "2026-06-05", NOW)
    first, second = storage.unit_of_work(), storage.unit_of_work()
    for unit in (first, second):
        unit.reminders.add(told)
    await first.commit()
    with pytest.raises(Conflict):
        await second.commit()
    assert [told] == await storage.unit_of_work().reminders.since(1, NOW)
    assert [] == await storage.unit_of_work().reminders.since(1, NOW + timedelta(milliseconds=1))


async def test_what_was_told_long_ago_is_dropped(storage: Database) -> None:
    """Of one portal, and only what is older."""
    other, old, day = Portal(2, "other.example", "Other"), NOW - timedelta(days=2), timedelta(days=1)
    await given(storage, person(10))
    await given(storage, person(20, portal=other), portal=other)
    unit = storage.unit_of_work()
    for each in (Told(1, 10, "late", "a", old), Told(1, 10, "late", "b", NOW - day), Told(2, 20, "late", "c", old)):
        unit.reminders.add(each)
    await unit.commit()
    unit = storage.unit_of_work()
    unit.reminders.drop_before(1, NOW - day)
    await unit.commit()
    left = [*await unit.reminders.since(1, old), *await unit.reminders.since(2, old)]
    assert ["b", "c"] == [each.key for each in left]


async def test_a_new_link_ends_the_former(storage: Database) -> None:
    """Of a person's calendar links one works; revoked, none."""
    await given(storage, person(10))
    for token in ("one", "two"):
        async with storage.unit_of_work() as unit:
            unit.feeds.add(Feed(token, 1, 10, NOW))
            await unit.commit()
    unit = storage.unit_of_work()
    assert (None, Feed("two", 1, 10, NOW)) == (await unit.feeds.get("one"), await unit.feeds.get("two"))
    assert (Feed("two", 1, 10, NOW), None) == (await unit.feeds.of(1, 10), await unit.feeds.of(1, 11))
    unit.feeds.revoke(1, 10, NOW)
    await unit.commit()
    assert await storage.unit_of_work().feeds.get("two") is None
    assert await storage.unit_of_work().feeds.of(1, 10) is None


async def test_sessions_of_many(storage: Database) -> None:
    """Sessions of everybody, or of some, by work date, with what the same unit of work noted."""
    await given(storage, person(10), person(11), person(12))
    for owner in (10, 11):
        await punched(storage, 1, owner, punch(PunchKind.IN), punch(PunchKind.OUT, NOW + timedelta(hours=1)))
    unit = storage.unit_of_work()
    found = await unit.punches.of_people(1, date(2026, 11, 20), date(2026, 11, 20))
    assert {10: 1, 11: 1} == {owner: len(sessions) for owner, sessions in found.items()}
    assert {11} == (await unit.punches.of_people(1, date(2026, 11, 20), date(2026, 11, 20), [11, 12])).keys()
    assert {} == await unit.punches.of_people(1, date(2026, 11, 21), date(2026, 11, 30))


async def test_an_absence_is_shortened_and_cancelled(storage: Database) -> None:
    """Days of an absence can change; a cancelled one is gone; both only once."""
    await given(storage, person(10))
    leave = Absence(1, 1, 10, AbsenceKind.VACATION, *JUNE)
    shorter = replace(leave, last=date(2026, 6, 14))
    async with storage.unit_of_work() as unit:
        unit.absences.add(leave)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.absences.put(shorter)
        await unit.commit()
    assert {10: [shorter]} == await storage.unit_of_work().absences.between(1, *JUNE)
    first, second = storage.unit_of_work(), storage.unit_of_work()
    for unit in (first, second):
        unit.absences.remove(leave)
    await first.commit()
    with pytest.raises(Conflict):
        await second.commit()
    assert {} == await storage.unit_of_work().absences.between(1, *JUNE)


async def test_what_one_person_was_told(storage: Database) -> None:
    """Of one kind, however long ago, with what the same unit of work noted; nobody else's."""
    await given(storage, person(10), person(11))
    unit = storage.unit_of_work()
    for each in (Told(1, 10, "late", "a", NOW), Told(1, 10, "end", "b", NOW), Told(1, 11, "late", "c", NOW)):
        unit.reminders.add(each)
    await unit.commit()
    unit = storage.unit_of_work()
    unit.reminders.add(Told(1, 10, "late", "d", NOW))
    assert ["a", "d"] == [each.key for each in await unit.reminders.of(1, 10, "late")]
    assert [] == await unit.reminders.of(2, 10, "late")
