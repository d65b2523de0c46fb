"""Who is here: leads read since when and why not; colleagues that somebody is in or away, and until when."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import everybody_works, works
from tests.meant import MeantCompany
from tests.people import Company, Person

TUESDAY = "2026-07-14"


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company in which a test may say what its words mean."""
    made = await MeantCompany(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def boris(company: Company, channel: str, sergey: Person) -> Person:
    """A colleague of Anna's."""
    return await company.hire("Борис Лавров", channel, lead=sergey)


async def test_a_colleague_reads_who_is_in_and_away(
    company: Company, anna: Person, boris: Person, james: Person, sergey: Person
) -> None:
    """No times of others, and no reason of an absence."""
    await company.sends_away(boris, AbsenceKind.SICK, "2026-07-13", "2026-07-15")
    await james.says("I'm in")
    said = await anna.says("кто на работе")
    assert "На работе 1 человек\n🟢 James Carter\n🗓 Борис Лавров: отсутствует до ср, 15 июля включительно" == said
    assert "🗓 Борис Лавров: отсутствует до ср, 15 июля включительно" == await anna.says("Борис на месте?")
    assert "🟢 James Carter: на работе" == await anna.says("Джеймс на месте?")
    lead = await sergey.says("кто на работе")
    assert "🟢 James Carter: с 09:00\n🤒 Борис Лавров: отсутствует до ср, 15 июля включительно" in lead


async def test_kinds_have_their_own_pictures(company: Company, anna: Person, boris: Person, sergey: Person) -> None:
    """The palm tree is for days off alone; who works remotely is at work."""
    await company.sends_away(boris, AbsenceKind.BUSINESS_TRIP, "2026-07-13")
    await company.sends_away(anna, AbsenceKind.REMOTE, "2026-07-13")
    await anna.says("пришла")
    said = await sergey.says("/who")
    assert "🏠 Анна Ким: удалённо, с 09:00" in said
    assert "🧳 Борис Лавров: Командировка до пн, 13 июля включительно" in said


async def test_was_boris_here(company: Company, anna: Person, boris: Person, sergey: Person) -> None:
    """Before the check-in, during a break and after the check-out."""
    assert "⚪ Борис Лавров: сегодня отметок ещё нет." == await anna.says("Борис сегодня был?")
    await boris.says("пришёл")
    await boris.says("обед")
    await company.move("09:20")
    assert "☕ Борис Лавров: на перерыве" == await anna.says("Борис на месте?")
    assert "☕ Борис Лавров: на перерыве, 20 мин" == await sergey.says("Борис на месте?")
    await boris.says("ушёл")
    assert "⚪ Борис Лавров: сегодня на работе, сейчас уже нет." == await anna.says("Борис на месте?")
    assert (await sergey.says("Борис на месте?")).startswith("🏁 Борис Лавров, сегодня:\n09:00 – 09:20")


async def test_another_day_is_for_who_leads(company: Company, anna: Person, boris: Person, sergey: Person) -> None:
    """Of yesterday the lead reads the marks, a colleague nothing."""
    await works(company, boris, "2026-07-13", "09:00", "18:00")
    await company.move(f"{TUESDAY}T10:00")
    asks = "/meant presence person=Борис day=2026-07-13"
    assert "Борис Лавров, пн, 13 июля\n09:00 – 18:00" == await sergey.says(asks)
    assert (await anna.says(asks)).startswith("Это может только руководитель этого человека")
    tomorrow = "/meant presence person=Борис day=2026-07-15"
    assert "Борис Лавров: на ср, 15 июля отсутствие не отмечено." == await sergey.says(tomorrow)


async def test_a_stranger_s_name(anna: Person) -> None:
    """A name that nobody has is said to be so."""
    assert "Не знаю никого по имени «Зинаида»" in await anna.says("Зинаида на месте?")


async def test_who_has_no_marks(company: Company, anna: Person, boris: Person, james: Person, sergey: Person) -> None:
    """Whose shift has begun, with no marks and no leave; who said they are late stands with their time."""
    await everybody_works(company)
    await company.sends_away(james, AbsenceKind.VACATION, "2026-07-13")
    await company.move("09:05")
    await anna.says("буду к 11")
    await sergey.reads()
    said = await sergey.says("/meant presence topic=missing")
    assert "пн, 13 июля: без отметок 2 человека\n🕘 Анна Ким: будет к 11:00\n❗ Борис Лавров" == said
    await anna.says("пришла")
    await boris.says("пришёл")
    done = "✅ пн, 13 июля: у всех, у кого смена, отметки есть."
    assert done == await sergey.says("/meant presence topic=missing")
    assert (await anna.says("/meant presence topic=missing")).startswith("Это видят только")


async def test_who_has_not_confirmed(company: Company, anna: Person, boris: Person, sergey: Person) -> None:
    """Of the last week, the people whose hours wait for their word."""
    await everybody_works(company)
    await works(company, anna, "2026-07-13", "09:00", "18:00")
    await works(company, boris, "2026-07-14", "09:00", "18:00")
    await company.move("2026-07-20T09:00")
    await anna.says("неделя верна")
    await sergey.reads()
    said = await sergey.says("/meant presence topic=unconfirmed")
    assert "13–19 июля: ещё не подтвердил 1 человек\n• Борис Лавров" == said


async def test_who_is_away_by_kind(company: Company, anna: Person, boris: Person, sergey: Person) -> None:
    """The heading names the kind, a line the person and the days; remote work is no absence and no secret."""
    await company.sends_away(boris, AbsenceKind.REMOTE, "2026-07-13")
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-08-03", "2026-08-14")
    remote = "Удалённая работа, пн, 13 июля\n🏠 Борис Лавров: пн, 13 июля"
    assert remote == await sergey.says("кто на удалёнке")
    assert remote == await anna.says("кто на удалёнке")
    vacation = "🌴 Анна Ким: Отпуск, пн, 3 августа – пт, 14 августа, 12 дней"
    note = "Вид отсутствия показываю только о ваших сотрудниках; об остальных – что их нет."
    assert f"Отсутствуют, август\n{vacation}\n{note}" == await sergey.says("кто в отпуске в августе")
    assert vacation in await sergey.says("календарь отпусков")
    assert f"Отпуск, пн, 13 июля: никого.\n{note}" == await sergey.says("кто в отпуске")
    assert "🚪 Анна Ким: пн, 3 августа – пт, 14 августа, 12 дней" in await boris.says("кто в отпуске в августе")


async def test_nobody_is_away(anna: Person, james: Person, sergey: Person) -> None:
    """Whoever asks who is away reads that nobody is, and who is there."""
    await anna.says("пришла")
    there = "На работе 1 человек\n🟢 Анна Ким: с 09:00"
    assert f"Отсутствующих сегодня нет.\n{there}" == await sergey.says("кто отсутствует")
    assert f"Отсутствующих сегодня нет.\n{there}" == await sergey.says("кого сегодня нет")
    assert there == await sergey.says("кто на работе")
    assert (await james.says("who is away today")).startswith("Nobody is noted as away today.\n1 person is at work")
