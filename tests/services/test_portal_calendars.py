"""What is kept of portals' calendars: merged, by the person's zone, past ones as they were, written on changes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.leave.portal_absence import CalendarSpan, PortalAbsence
from bot.domain.people.employee import Role
from bot.services.approvals.structure import Structures
from bot.services.leave.portal_calendars import PortalCalendars
from tests.people import REALM, Company, Person

DAY = timedelta(days=1)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company on Monday 13 July."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def anna(company: Company) -> Person:
    """Somebody of the portal."""
    return await company.hire("Анна Ким", "bitrix24", role=Role.LEAD)


async def shows(company: Company, away: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Let all calendars be read, with days in them, or Moscow times with a T."""
    spans = {account: [_span(company, *one) for one in given] for account, given in away.items()}
    now = company.clock.now()
    await company._does(lambda services: services.get(PortalCalendars).shown(REALM, spans, now))


def _span(company: Company, first: str, last: str) -> CalendarSpan:
    if "T" in first:
        return CalendarSpan(company.at(first), company.at(last))
    now = company.clock.now()
    return CalendarSpan(now, now, (date.fromisoformat(first), date.fromisoformat(last)))


async def kept(company: Company, person: Person) -> list[tuple[datetime, datetime]]:
    """Return what is kept of a person."""
    now = company.clock.now()
    async with company.storage.unit_of_work() as uow:
        found = await uow.portal_absences.between(company.portal.id, now - 99 * DAY, now + 99 * DAY)
    return [(each.starts_at, each.ends_at) for each in found.get(person.employee_id, ())]


async def test_entries_that_meet_are_one(company: Company, anna: Person) -> None:
    """Days by midnights of the person's zone; what was over before it was first told is not kept."""
    days = [("2026-07-14", "2026-07-15"), ("2026-07-16", "2026-07-16"), ("2026-07-15T10:00", "2026-07-15T12:00")]
    await shows(company, {anna.account: [*days, ("2026-07-09", "2026-07-11")]})
    midnights = datetime(2026, 7, 13, 21, tzinfo=UTC), datetime(2026, 7, 16, 21, tzinfo=UTC)
    assert [midnights] == await kept(company, anna)


async def test_whoever_is_not_told_of_has_nothing(company: Company, anna: Person) -> None:
    """Somebody who left, or of whom the portal says nothing, is away no more; strangers are nobody."""
    boris = await company.hire("Борис Лавров", "bitrix24")
    week = [("2026-07-13", "2026-07-17")]
    await shows(company, {anna.account: week, boris.account: week, "777": week})
    await shows(company, {boris.account: week})
    assert ([], 1) == (await kept(company, anna), len(await kept(company, boris)))


async def test_what_is_over_stays_as_it_was(company: Company, anna: Person) -> None:
    """For statistics; what was made shorter is, and what goes before it is over was none."""
    await shows(company, {anna.account: [("2026-07-13", "2026-07-17"), ("2026-07-20", "2026-07-24")]})
    await company.move("2026-07-16T12:00")
    await shows(company, {anna.account: [("2026-07-13", "2026-07-15"), ("2026-07-20", "2026-07-24")]})
    over = datetime(2026, 7, 12, 21, tzinfo=UTC), datetime(2026, 7, 15, 21, tzinfo=UTC)
    assert (over, 2) == ((await kept(company, anna))[0], len(await kept(company, anna)))
    await company.move("2026-07-20T12:00")
    await shows(company, {})
    assert [over] == await kept(company, anna)


async def test_who_is_read(company: Company, anna: Person) -> None:
    """Those who work there and have an account on the portal; of a portal that is not known, nobody."""
    await company.hire("Вера Белова", "telegram")
    found = [
        await company._does(lambda services, key=key: services.get(PortalCalendars).asked(key)) for key in (REALM, "x")
    ]
    assert [[anna.account], []] == found


async def test_structures_know_of_it(company: Company, anna: Person) -> None:
    """Routes pass over whoever is away by the calendar, to the minute."""
    await shows(company, {anna.account: [("2026-07-13T08:00", "2026-07-13T12:00")]})
    async with company.storage.unit_of_work() as uow:
        portal = await uow.portals.get(company.portal.id)
        assert portal is not None
        found = await Structures(uow).of(portal, company.clock.now())
    person = next(each for each, employee in found.employees.items() if employee.id == anna.employee_id)
    assert company.at("12:00") == found.company.away_until(person, company.clock.now())
    assert found.company.away_until(person, company.at("12:00")) is None


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-07-13T00:00", "2026-07-14T00:00", ["13–13"]),
        ("2026-07-13T00:00", "2026-07-13T23:59", ["13–13"]),
        ("2026-07-13T14:00", "2026-07-15T12:00", ["13 h", "14–14", "15 h"]),
        ("2026-07-13T14:00", "2026-07-14T00:00", ["13 h"]),
        ("2026-07-13T00:00", "2026-07-13T12:00", ["13 h"]),
        ("2026-07-13T23:00", "2026-07-14T01:00", ["13 h", "14 h"]),
    ],
)
async def test_days_and_the_hours_beside_them(start: str, end: str, said: list[str]) -> None:
    """An entry from hour to hour is the whole days within it, and hours at its edges."""
    instants = [datetime.fromisoformat(f"{each}+03:00").astimezone(UTC) for each in (start, end)]
    found = PortalAbsence(1, 2, *instants).as_absences("Europe/Moscow")
    assert said == [f"{each.first.day} h" if each.start else f"{each.first.day}–{each.last.day}" for each in found]
