"""What comes by itself: a lead's morning, and everybody's last week."""

from datetime import timedelta

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.ids import new_id
from bot.ports import Job
from bot.services.reminding.digests import LEAD_DIGEST, WEEKLY_SUMMARY
from tests.dialogs.days import everybody_works, works
from tests.people import MOSCOW, Bubble, Company, Person


async def falls_due(company: Company, kind: str, person: Person) -> list[Bubble]:
    """Let a person's job fall due now and return the messages that they got."""
    before = len(person.chat)
    at = company.clock.now() + timedelta(seconds=1)
    payload = {"employee_id": person.employee_id, "day": at.astimezone(MOSCOW).date().isoformat()}
    async with company.storage.unit_of_work() as uow:
        uow.jobs.add(Job(new_id(), company.portal.id, kind, str(person.employee_id), at, payload))
        await uow.commit()
    await company.move(timedelta(seconds=2))
    return [each for each in person.chat[before:] if not each.is_own]


async def is_away(company: Company, person: Person, kind: AbsenceKind) -> None:
    """Note an approved absence of the present day."""
    today = company.clock.now().date()
    async with company.storage.unit_of_work() as uow:
        uow.absences.add(Absence(new_id(), company.portal.id, person.employee_id, kind, today, today))
        await uow.commit()


async def test_the_morning_of_a_lead(
    company: Company, channel: str, sergey: Person, anna: Person, james: Person
) -> None:
    """Who is in, late, not there yet and away – never why –, what is unconfirmed, and what waits: in one message."""
    boris = await company.hire("Борис Лавров", channel, lead=sergey)
    await everybody_works(company)
    await company.move("2026-07-16T09:00")
    await anna.says("/checkin")
    await works(company, james, "2026-07-17", "09:00", "13:00", "14:00", "18:00")
    await company.move("2026-07-20T09:20")
    await is_away(company, boris, AbsenceKind.SICK)
    await james.says("/checkin")
    await company.move("2026-07-20T10:00")
    words = next(each for each in await falls_due(company, LEAD_DIGEST, sergey) if "Ваша команда" in each.text)
    assert (
        "☀️ Ваша команда, пн, 20 июля\n"
        "🟢 На работе (1): James Carter\n"
        "🕘 Опоздания (1): James Carter – 20 мин\n"
        "❗ Пока нет отметок (1): Анна Ким\n"
        "🚪 Отсутствуют (1): 🤒 Борис Лавров\n"
        "❓ Не подтверждено (1): Анна Ким – чт, 16 июля\n"
        "❗ Дни без отметок (2): Анна Ким – пт, 17 июля; Борис Лавров – пт, 17 июля"
    ) == words.text
    assert (await sergey.presses("Неделя команды")).startswith("👥 20–26 июля – ваша команда\n")


async def test_small_changes_are_told(company: Company, sergey: Person, anna: Person) -> None:
    """What passed without asking since yesterday stands in the digest (case 31), and a long break of yesterday."""
    await everybody_works(company)
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:30", "18:00")
    await company.move("2026-07-14T18:12")
    await anna.says("ушла в 18:10")
    await company.move("2026-07-15T10:00")
    [words] = [each for each in await falls_due(company, LEAD_DIGEST, sergey) if "Ваша команда" in each.text]
    assert "☕ Долгие перерывы (1): Анна Ким – вт, 14 июля" in words.text
    changes = words.text.split("✍️ Небольшие исправления без согласования:\n")[1]
    assert changes.startswith("• Анна Ким: Исправление: уход")


async def test_nothing_to_tell(company: Company, channel: str, sergey: Person, olga: Person) -> None:
    """A lead of nobody, and a quiet morning, get no message."""
    assert [] == await falls_due(company, LEAD_DIGEST, sergey)
    await company.hire("Борис Лавров", channel, lead=sergey)
    assert [] == await falls_due(company, LEAD_DIGEST, sergey)
    assert [] == await falls_due(company, LEAD_DIGEST, olga)


async def test_many_people_are_counted(company: Company, channel: str, sergey: Person) -> None:
    """Ten names, then how many more."""
    await everybody_works(company)
    for number in range(13):
        await company.hire(f"Сотрудник {number:02}", channel, lead=sergey)
    await company.move("2026-07-13T10:00")
    [words] = await falls_due(company, LEAD_DIGEST, sergey)
    assert "❗ Пока нет отметок (13): Сотрудник 00; " in words.text
    assert "Сотрудник 09 и ещё 3" in words.text


async def test_last_week_on_monday(company: Company, anna: Person) -> None:
    """The words, the picture, the way to mend what is not right."""
    await everybody_works(company)
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:00", "18:00")
    await company.move("2026-07-20T09:30")
    words, picture = [each for each in await falls_due(company, WEEKLY_SUMMARY, anna) if "⏰" not in each.text]
    assert words.text.startswith("📬 Ваша прошлая неделя\n📅 пн, 13 июля – вс, 19 июля\n")
    assert "Отработано 8 ч за 1 день, перерывы 1 ч\nНорма 40 ч, к норме −32 ч" in words.text
    assert ["🔎 Что не так", "🔕 Больше не присылать"] == list(words.buttons)
    assert picture.files[0].content.startswith(b"\x89PNG")
    assert (await anna.presses("Что не так")).startswith("🔎 13–19 июля – что поправить\n1. пн, 13 июля: нет отметок")


async def test_off_by_one_tap_and_on_again(company: Company, james: Person) -> None:
    """Whoever wants no summary gets none, until they want it again."""
    await works(company, james, "2026-07-14", "09:00", "13:00", "14:00", "18:00")
    await company.move("2026-07-20T09:30")
    words, _ = await falls_due(company, WEEKLY_SUMMARY, james)
    assert words.text.startswith("📬 Your last week\n")
    assert ["✅ The week is right", "🔕 Stop sending this"] == list(words.buttons)
    assert "no more weekly summaries" in await james.presses("Stop sending")
    assert [] == await falls_due(company, WEEKLY_SUMMARY, james)
    await james.presses("Send it to me again")
    assert 2 == len(await falls_due(company, WEEKLY_SUMMARY, james))


async def test_an_empty_week_says_nothing(company: Company, anna: Person) -> None:
    """No message about nothing: neither without a plan nor with one."""
    assert [] == await falls_due(company, WEEKLY_SUMMARY, anna)
    await everybody_works(company)
    await company.move("2026-07-20T08:30")
    assert [] == await falls_due(company, WEEKLY_SUMMARY, anna)


@pytest.mark.parametrize("kind", [LEAD_DIGEST, WEEKLY_SUMMARY])
async def test_somebody_who_is_gone(company: Company, anna: Person, olga: Person, kind: str) -> None:
    """A job that outlives its person does nothing."""
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:00", "18:00")
    await olga.says("/disable Анна Ким")
    await company.move("2026-07-20T09:30")
    assert [] == await falls_due(company, kind, anna)


async def test_who_came_on_a_day_of_leave_is_at_work(company: Company, sergey: Person, anna: Person) -> None:
    """A person stands in one line: at work, with the picture of the leave (case 29)."""
    await everybody_works(company)
    await company.move("2026-07-15T09:00")
    await is_away(company, anna, AbsenceKind.VACATION)
    await anna.says("/checkin")
    await company.move("2026-07-15T10:00")
    words = next(each for each in await falls_due(company, LEAD_DIGEST, sergey) if "Ваша команда" in each.text)
    assert "🟢 На работе (1): 🌴 Анна Ким" in words.text
    assert "🚪" not in words.text
