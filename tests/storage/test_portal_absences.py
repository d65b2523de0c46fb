"""When portals' calendars say that people are away: replaced from an instant on, read by instants, in the end gone."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.leave.portal_absence import PortalAbsence
from storage import Database
from tests.storage.given import NOW, Wall, given, person

DAY = timedelta(days=1)


def away(number: int, begins: float, ends: float) -> PortalAbsence:
    """Return that somebody is away, in days from now."""
    return PortalAbsence(1, number, NOW + begins * DAY, NOW + ends * DAY)


async def test_what_is_known_of_a_person_is_replaced(storage: Database) -> None:
    """Of one who has more or fewer now, and of nobody else."""
    await given(storage, person(10), person(11))
    async with storage.unit_of_work() as unit:
        unit.portal_absences.replace(1, 10, NOW, [away(10, 0, 1), away(10, 5, 6)])
        unit.portal_absences.replace(1, 11, NOW, [away(11, 0, 3)])
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.portal_absences.replace(1, 10, NOW, [away(10, 5, 7)])
        await unit.commit()
    found = await storage.unit_of_work().portal_absences.between(1, NOW, NOW + 9 * DAY)
    assert {10: [away(10, 5, 7)], 11: [away(11, 0, 3)]} == found


async def test_what_ended_before_stays(storage: Database) -> None:
    """Whatever is told later; but what lies in an entry that lasts on is a part of it."""
    await given(storage, person(10))
    for since, told in ((0, [away(10, 0, 1), away(10, 2, 3)]), (3, [])):
        async with storage.unit_of_work() as unit:
            unit.portal_absences.replace(1, 10, NOW + since * DAY, told)
            await unit.commit()
    absences = storage.unit_of_work().portal_absences
    assert {10: [away(10, 0, 1), away(10, 2, 3)]} == await absences.between(1, NOW, NOW + 9 * DAY)
    async with storage.unit_of_work() as unit:
        unit.portal_absences.replace(1, 10, NOW + 4 * DAY, [away(10, 2, 5), away(10, 6, 7)])
        await unit.commit()
    found = await storage.unit_of_work().portal_absences.between(1, NOW, NOW + 9 * DAY)
    assert {10: [away(10, 0, 1), away(10, 2, 5), away(10, 6, 7)]} == found


async def test_read_by_instants(storage: Database) -> None:
    """What ends when the time begins, or begins when it ends, is not in it; nor what another portal has."""
    await given(storage, person(10))
    async with storage.unit_of_work() as unit:
        unit.portal_absences.replace(1, 10, NOW, [away(10, 0, 1), away(10, 2, 3)])
        await unit.commit()
    absences, who = storage.unit_of_work().portal_absences, person(10)
    assert [away(10, 2, 3)] == await absences.of(who, NOW + DAY, NOW + 9 * DAY)
    assert [away(10, 0, 1)] == await absences.of(who, NOW, NOW + 2 * DAY)
    assert {} == await absences.between(2, NOW, NOW + 9 * DAY)


@pytest.mark.parametrize(("days", "is_kept"), [(400.9, True), (401.1, False)])
async def test_what_is_past_goes(storage: Database, wall: Wall, days: float, is_kept: bool) -> None:
    """Four hundred days after its end, also where nobody reads the calendar any more."""
    await given(storage, person(10))
    now = datetime.fromtimestamp(round(wall.at), UTC)
    entered = PortalAbsence(1, 10, now, now + DAY)
    async with storage.unit_of_work() as unit:
        unit.portal_absences.replace(1, 10, now, [entered])
        await unit.commit()
    wall.move(days * 86_400)
    await storage.purge()
    found = await storage.unit_of_work().portal_absences.between(1, now, now + 9 * DAY)
    assert ({10: [entered]} if is_kept else {}) == found
