"""Digest times: digests fall due in each zone's morning, on workdays, once, and are not made up for when late."""

from collections import Counter
from dataclasses import replace
from datetime import date, time, timedelta

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Role
from bot.domain.reminding.digests import digest_due, next_due, weekly_due
from bot.domain.reminding.watch import NudgeKind
from bot.ids import new_id
from bot.ports import Job
from bot.services.reminding.digest_times import ROUNDS, DigestTimes
from bot.services.reminding.digests import WEEKLY_SUMMARY
from tests.people import Company, Person
from tests.unit.domain.logs import at
from tests.unit.domain.plans import fixed

MOSCOW, FAR = "Europe/Moscow", "Asia/Kamchatka"
TEN = time(10)


def digests(person: Person) -> int:
    """How many digests of a lead's morning the person got."""
    return sum(each.startswith("☀️") for each in person.shown)


async def start(company: Company) -> None:
    """What the service does when it starts."""
    await company.starts()


async def test_lead_digest_on_workdays(company: Company, anna: Person, sergey: Person) -> None:
    """At ten of every workday while there is something to say; not on a weekend, and not twice after a restart."""
    await company.plans(fixed())
    await start(company)
    await company.move("09:59")
    assert 0 == digests(sergey)
    await company.move("10:00")
    assert 1 == digests(sergey)
    await company.restart()
    await start(company)
    await company.move("2026-07-19T23:00")
    assert 5 == digests(sergey)
    assert 0 == digests(anna)


async def test_one_lead_is_told_of_a_person(
    company: Company, channel: str, anna: Person, sergey: Person, olga: Person
) -> None:
    """The administrator is told of the lead below and of people without a lead, not of people further down."""
    await company.hire("Борис Лавров", channel)
    await company.plans(fixed())
    await start(company)
    await company.move("10:00")
    [of_sergey] = [each for each in sergey.shown if each.startswith("☀️")]
    [of_olga] = [each for each in olga.shown if each.startswith("☀️")]
    assert "❗ Пока нет отметок (1): Анна Ким" in of_sergey
    assert "❗ Пока нет отметок (2): Борис Лавров; Сергей Орлов" in of_olga


async def test_digest_off_by_one_tap_and_on_again(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever wants no digest gets none, until they want it again."""
    await company.plans(fixed(), anna)
    await start(company)
    await company.move("10:00")
    assert 1 == digests(sergey)
    assert "больше не присылаю" in await sergey.presses("Больше не присылать")
    await company.move("2026-07-14T20:00")
    assert 1 == digests(sergey)
    await sergey.presses("Снова присылать")
    await company.move("2026-07-15T20:00")
    assert 2 == digests(sergey)


async def test_digest_goes_where_the_person_wants(company: Company, anna: Person, olga: Person) -> None:
    """To Telegram where it is linked, unless the person would rather read it in the portal's chat."""
    inna = await company.hire("Инна Белова", "bitrix24", lead=olga, also="telegram", role=Role.LEAD)
    boris = await company.hire("Борис Лавров", "bitrix24", lead=inna)
    await company.plans(fixed(), boris)
    await start(company)
    await company.move("10:00")
    assert (0, 1) == (digests(inna), digests(company.elsewhere(inna)))
    async with company.storage.unit_of_work() as uow:
        uow.employees.put(replace(await inna.employee(), prefers="bitrix24"))
        await uow.commit()
    await company.move("2026-07-14T10:00")
    assert (1, 1) == (digests(inna), digests(company.elsewhere(inna)))


async def test_no_digest_on_leave_or_in_silence(company: Company, anna: Person, sergey: Person) -> None:
    """Digests follow nobody into leave or silence."""
    await company.plans(fixed(), anna)
    await start(company)
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13")
    await company.move("20:00")
    await sergey.says("не напоминай до четверга")
    await company.move("2026-07-15T20:00")
    assert 0 == digests(sergey)
    await company.move("2026-07-16T10:00")
    assert 1 == digests(sergey)


async def test_outage_over_several_mornings(company: Company, anna: Person, sergey: Person) -> None:
    """Down from Monday to Thursday noon: one digest, of Thursday."""
    await company.plans(fixed(), anna)
    await start(company)
    await company.move("09:30")
    company.clock.move_to(company.at("2026-07-16T12:00"))
    await company.scheduler.do_due(company.clock.now())
    await company.settle()
    assert 1 == digests(sergey)


async def test_a_clock_that_was_ahead(company: Company, anna: Person, sergey: Person) -> None:
    """A look that was set while the machine's clock stood in 2030 does not keep leads waiting until then."""
    await company.plans(fixed(), anna)
    later = company.at("2030-01-01T10:00")
    async with company.storage.unit_of_work() as uow:
        since = {"since": int(later.timestamp())}
        uow.jobs.add(Job(new_id(), company.portal.id, ROUNDS, "", later, since))
        await uow.commit()
    await start(company)
    await company.move("2026-07-14T10:00")
    assert 1 == digests(sergey)


async def test_weekly_summary_on_monday(company: Company, anna: Person) -> None:
    """Half past nine on Monday, of a week in which there was something; after a late start as well."""
    await start(company)
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("2026-07-20T09:29")
    heard = len(anna.chat)
    await company.move("2026-07-20T09:30")
    assert len(anna.chat) > heard
    assert any(each.startswith("📬") for each in anna.shown)


async def test_summaries_of_many_are_written_by_portions(company: Company) -> None:
    """Twenty, and two seconds later the next: what falls due meanwhile is done in between."""
    for number in range(45):
        await company.hire(f"Анна {number}", "telegram")
    monday = company.at("2026-07-13T09:30")
    async with company.storage.unit_of_work() as uow:
        await DigestTimes(uow).look(company.portal.id, company.at("2026-07-12T10:00"), monday)
        await uow.commit()
    jobs = await company.storage.jobs.claim(monday + timedelta(minutes=5), 100)
    found = Counter(each.run_at - monday for each in jobs if each.kind == WEEKLY_SUMMARY)
    assert {timedelta(): 20, timedelta(seconds=2): 20, timedelta(seconds=4): 5} == found


async def test_what_was_told_is_forgotten_after_two_months(company: Company, anna: Person) -> None:
    """The table of what people were told does not grow for ever; what may still be asked about stays."""
    await company.plans(fixed())
    await start(company)
    for day in ("2026-07-13T12:00", "2026-07-20T12:00", "2026-09-15T12:00"):
        await company.move(day)
    async with company.storage.unit_of_work() as uow:
        told = [each.key for each in await uow.reminders.of(company.portal.id, anna.employee_id, NudgeKind.START)]
    assert "2026-07-13" not in told
    assert {"2026-07-20", "2026-09-15"} <= set(told)


def test_due_once() -> None:
    """Between two looks, by the clock of the zone; a former day's digest is not made up for, a week's is."""
    before, after = at("2026-07-13 09:59"), at("2026-07-13 10:00")
    assert digest_due(MOSCOW, TEN, before, after) == date(2026, 7, 13)
    assert digest_due(MOSCOW, TEN, after, at("2026-07-13 23:00")) is None
    assert digest_due(MOSCOW, TEN, before, at("2026-07-14 09:00")) is None
    assert digest_due(FAR, TEN, before, after) is None
    assert weekly_due(MOSCOW, at("2026-07-11 12:00"), at("2026-07-14 12:00")) == date(2026, 7, 13)
    assert weekly_due(MOSCOW, at("2026-07-13 09:30"), at("2026-07-19 12:00")) is None


def test_the_next_morning_of_any_zone() -> None:
    """The nearest one; on Monday half past nine comes first."""
    assert next_due([MOSCOW, FAR], TEN, at("2026-07-14 00:00")) == at("2026-07-14 01:00")
    assert next_due([MOSCOW], TEN, at("2026-07-13 09:00")) == at("2026-07-13 09:30")
    assert next_due([MOSCOW], TEN, at("2026-07-13 09:30")) == at("2026-07-13 10:00")
    assert next_due([], TEN, at("2026-07-13 09:30")) == at("2026-07-14 09:30")


async def test_monday_is_a_holiday(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """On a day off nobody is told anything; on Tuesday, the week before, and what has been open since Friday."""
    await company.plans(fixed())
    await start(company)
    await anna.says("пришла")
    await olga.says("сделай 20 июля выходным")
    await olga.presses("Изменить")
    await company.move("2026-07-20T23:00")
    assert not any(each.startswith("📬") for each in anna.shown)
    assert not any("пн, 20 июля" in each for each in sergey.shown if each.startswith("☀️"))
    await company.move("2026-07-21T09:29")
    assert not any(each.startswith("📬") for each in anna.shown)
    await company.move("2026-07-21T10:00")
    assert 1 == sum(each.startswith("📬") for each in anna.shown)
    [digest] = [each for each in sergey.shown if each.startswith("☀️ Ваша команда, вт, 21 июля")]
    assert "❗ Дни без отметок (1): Анна Ким – пт, 17 июля" in digest
