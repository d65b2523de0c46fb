"""A lead does for somebody: a leave, a correction, a reminder; on record, and told to the person."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import NINE_TO_SIX
from tests.meant import MeantCompany
from tests.people import Company, Person


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company that works from nine to six, whose people can say what they mean."""
    made = await MeantCompany(tmp_path).open()
    await made.plans(NINE_TO_SIX)
    yield made
    await made.close()


SICK = "/meant leave kind=sick person=Анны from_day=2026-07-13 to_day=2026-07-14"


async def test_a_sick_colleague_phones_in(anna: Person, sergey: Person) -> None:
    """Read back, recorded at once, told to the person, in their history and under their week."""
    days = "пн, 13 июля – вт, 14 июля, 2 дня"
    assert f"Всё верно?\nБольничный\nСотрудник: Анна Ким\n{days}" == await sergey.says(SICK)
    assert f"✅ Записано, сотрудник: Анна Ким\nБольничный, {days}" in await sergey.presses("Записать")
    assert f"✍️ Сергей Орлов: за вас записано отсутствие.\nБольничный\n{days}" == await anna.reads()
    assert "Сергей Орлов: Больничный" in await anna.says("история")
    assert f"🤒 Больничный: {days}" in await anna.says("моя неделя")
    await sergey.says(SICK)
    assert "На эти дни уже есть отсутствие" in sergey.chat[-1].text


async def test_days_are_asked_for_somebody(anna: Person, sergey: Person) -> None:
    """What is missing is asked, without good wishes to the lead."""
    assert "Сотрудник: Анна Ким\nОтметить больничный сегодня?" == await sergey.says(
        "/meant leave kind=sick person=Анны"
    )
    assert "Больничный\nСотрудник: Анна Ким\nпн, 13 июля" in await sergey.presses("Сегодня")


async def test_nobody_does_it_for_people_of_others(anna: Person, james: Person, sergey: Person, olga: Person) -> None:
    """A colleague may not, nor may a lead for whom they do not lead; nor after the role was taken away."""
    refused = "Only their lead or an administrator can do that."
    assert refused == await james.says(SICK)
    assert refused == await james.says("/meant nudge person=Анны")
    assert refused == await james.says("/meant correct person=Анны target=check_out at=2026-07-12T18:00")
    await sergey.says(SICK)
    await olga.says("/employee Сергей")
    assert (await sergey.presses("Записать")).startswith("Это может только руководитель")
    async with anna.company.storage.unit_of_work() as uow:
        day = anna.company.clock.now().date()
        assert [] == list(await uow.absences.of(await anna.employee(), day, day))


async def test_a_correction_in_a_sentence(company: Company, anna: Person, sergey: Person) -> None:
    """«Анна вчера ушла в 19:00» is what /correct is, by her clock."""
    await anna.says("пришла")
    await company.move("2026-07-14T09:00")
    asked = await sergey.says("/meant correct person=Анны target=check_out at=2026-07-13T19:00")
    assert "Сотрудник: Анна Ким\nпн, 13 июля: 09:00 – без ухода → 09:00 – 19:00" in asked
    assert (await sergey.presses("Исправить")).startswith("✅")
    assert (await sergey.says("/meant correct person=Анны")).startswith("Как было? Напишите")


async def test_a_reminder_through_the_lead(company: Company, anna: Person, sergey: Person) -> None:
    """Told who asks, once; not to who is at work or away, and that is said."""
    assert "⏰ Анна Ким: напоминание отправлено." == await sergey.says("/meant nudge person=Анны")
    assert (await anna.reads()).startswith("⏰ Сергей Орлов просит отметиться.\n⚪ Прихода ещё не было")
    assert "Анна Ким: напоминание уже было только что." == await sergey.says("/meant nudge person=Анны")
    await anna.presses("Я на работе")
    assert "Анна Ким: на работе с 09:00." == await sergey.says("/meant nudge person=Анны")
    james = await company.hire("James Carter", anna.channel, lead=sergey, locale="en")
    await company.sends_away(james, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    assert "James Carter: отсутствует до пт, 17 июля, напоминание не отправлено." == await sergey.says(
        "/meant nudge person=James"
    )


async def test_going_early(company: Company, anna: Person, sergey: Person) -> None:
    """The time is asked for or read back; the lead decides about the hours that are left."""
    await anna.says("пришла")
    assert (await anna.says("/meant leave_early reason=к_врачу")).startswith("Во сколько хотите уйти сегодня?")
    assert ["В 15:00", "В 16:00", "В 17:00", "✖️ Нет"] == anna.buttons
    asked = await anna.says("в 16")
    assert "Уйти пн, 13 июля, в 16:00 вместо 18:00?" in asked
    assert "Причина: к врачу" in asked
    assert "Отгул – отправлено\nпн, 13 июля, 16:00 – 18:00" in await anna.presses("Отправить")
    assert "пн, 13 июля, 16:00 – 18:00" in await sergey.reads()
    assert "Ваш день и так заканчивается в 18:00." == await anna.says("/meant leave_early at=2026-07-13T18:30")
    assert (await anna.says("/meant leave_early at=2026-07-13T08:30")).startswith("Уходите сейчас?")
