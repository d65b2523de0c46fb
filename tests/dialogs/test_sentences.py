"""Sentences as people in a hurry type them: days in lists, what cannot be, names in every form, orders in passing."""

from datetime import date, timedelta

from tests.people import Company, Person


async def test_days_apart_are_requests_of_their_own(company: Company, anna: Person, sergey: Person) -> None:
    """«20, 21 и 24 июля» is read back at once and becomes a request for each stretch."""
    read_back = await anna.says("отгул 20, 21 и 24 июля")
    assert "пн, 20 июля – вт, 21 июля, 2 дня\nпт, 24 июля\nДни врозь – отдельные заявки." in read_back
    await anna.presses("Отправить")
    sent = [text for text in anna.shown if "отправлено" in text]
    assert ["20 июля" in sent[0], "24 июля" in sent[1]] == [True, True]
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    async with company.storage.unit_of_work() as uow:
        found = await uow.absences.of(await anna.employee(), date(2026, 7, 1), date(2026, 7, 31))
    assert [(date(2026, 7, 24), date(2026, 7, 24))] == [(each.first, each.last) for each in found]


async def test_days_apart_are_dropped_together(anna: Person) -> None:
    """A no drops them all."""
    await anna.says("отгул в пятницу и понедельник")
    assert "Ничего не изменено" in await anna.presses("Нет")
