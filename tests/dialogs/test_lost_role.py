"""A role taken away takes the power to decide along: what waits goes to others, and old buttons decide nothing."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.people.employee import Role
from tests.people import Company, Person


async def test_what_waits_goes_to_the_next_in_line(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """The former lead's card says who decides now, the administrator gets it, and decides."""
    await anna.says("отпуск с 20 по 24 июля")
    await anna.presses("Отправить")
    await sergey.reads()
    old = sergey.chat[-1].buttons["✅ Согласовать"].action
    card = sergey.chat[-1].id
    assert old is not None
    await olga.says("/employee Сергей")
    assert sergey.chat[-2].text.endswith("➡️ Теперь решает: Ольга Смирнова")
    assert sergey.chat[-1].text.endswith("\n1 заявка, ждавшая вас, передана другим.")
    await sergey.taps(old.pack(), card)
    assert (await sergey.reads()).startswith("Роль руководителя снята, поэтому решение теперь не за вами.")
    await olga.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert "✅ Согласовано: Ольга Смирнова" in anna.chat[-1].text


async def test_new_requests_go_past_a_former_lead(anna: Person, sergey: Person, olga: Person) -> None:
    """What is asked afterwards goes to the next in line, and the requester reads that."""
    await olga.says("/employee Сергей")
    await anna.says("отпуск с 20 по 24 июля")
    sent = await anna.presses("Отправить")
    assert "Решает: Ольга Смирнова\n(" in sent
    assert "Отпуск – Анна Ким" in await olga.reads()


async def test_a_button_of_before_decides_nothing(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """A request that was never handed over is, when its old button is pressed."""
    await anna.says("отпуск с 20 по 24 июля")
    await anna.presses("Отправить")
    await sergey.reads()
    async with company.storage.unit_of_work() as uow:
        uow.employees.put(replace(await sergey.employee(), role=Role.EMPLOYEE))
        await uow.commit()
    assert "Роль руководителя снята, поэтому ничего не решено. Теперь решает: Ольга Смирнова" in await sergey.presses(
        "Согласовать"
    )
    assert "Отпуск – Анна Ким" in await olga.reads()
    await company.move(timedelta(seconds=31))
    assert "Согласовано" not in anna.chat[-1].text


async def test_hours_of_a_former_team_are_not_shown(anna: Person, sergey: Person, olga: Person) -> None:
    """Who leads no more neither sees nor corrects the hours of the people of before."""
    assert anna.name
    await olga.says("/employee Сергей")
    for said in ("/correct Анна ушла в 17:00", "команда", "неделя Анны"):
        assert "Анна" not in await sergey.says(said)


async def test_a_lead_who_is_away_is_named(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """The requester reads until when the lead is away, and who can help meanwhile."""
    await sergey.says("отпуск с 13 по 24 июля")
    await sergey.presses("Отправить")
    await olga.reads()
    await olga.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    await anna.says("отгул завтра")
    sent = await anna.presses("Отправить")
    away = "🌙 Отсутствует до пт, 24 июля включительно: ответ может прийти не раньше."
    assert f"Решает: Сергей Орлов\n{away}\nЕсли срочно, поможет администратор: Ольга Смирнова" in sent
