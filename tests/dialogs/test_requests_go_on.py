"""Requests of one seat go on to others: handed over in words, given back after an absence, asked of more people."""

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.options import ESCALATION
from bot.domain.people.employee import Role
from tests.people import Company, Person


@pytest.fixture
async def vera(company: Company, channel: str, olga: Person) -> Person:
    """Another lead."""
    return await company.hire("Вера Белова", channel, role=Role.LEAD, lead=olga)


@pytest.fixture
async def boris(company: Company, channel: str, sergey: Person) -> Person:
    """Another employee of Sergey's."""
    return await company.hire("Борис Лис", channel, lead=sergey)


async def asks(person: Person, said: str = "отпуск с 3 по 7 августа") -> str:
    """Ask for a leave; return what was answered."""
    await person.says(said)
    return await person.presses("Отправить")


async def test_a_request_is_handed_over(company: Company, anna: Person, sergey: Person, vera: Person) -> None:
    """Read back, once; the other lead gets the card and decides, whoever asked sees who decides now."""
    await asks(anna)
    await sergey.reads()
    asked = await sergey.says("передай Вере Беловой")
    assert asked.startswith("Передать эту заявку (Вера Белова)?\n📝 Отпуск – Анна Ким")
    await sergey.presses("Передать")
    assert "➡️ Теперь решает: Вера Белова" in sergey.chat[-2].text
    assert "Вера Белова" in sergey.chat[-1].text
    assert "➡️ Передано от: Сергей Орлов" in await vera.reads()
    assert any("Решает: Вера Белова" in each.text for each in anna.chat)
    await vera.presses("Согласовать")
    await company.move("10:00")
    assert "✅ Согласовано: Вера Белова" in await anna.reads()


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("передай Анне Ким", "О своей заявке никто не решает сам"),
        ("передай Сергею Орлову", "решение уже ждут или ждали от этого человека"),
        ("передай James", "решать не может. Назовите, пожалуйста, руководителя или администратора."),
    ],
)
async def test_not_to_everybody(anna: Person, sergey: Person, james: Person, said: str, answered: str) -> None:
    """Not to whoever asked (E31), not to who is asked (E32), only to who may decide; the request still waits."""
    assert james.name
    await asks(anna)
    await sergey.reads()
    await sergey.says(said)
    assert answered in await sergey.presses("Передать")
    await sergey.says("/approvals")
    await sergey.presses("Согласовать")
    assert "✅ Согласовано" in sergey.chat[-1].text


async def test_once_is_enough(anna: Person, sergey: Person, vera: Person, olga: Person) -> None:
    """What was handed over is not handed on (E30): whoever has it decides."""
    await asks(anna)
    await sergey.says("передай Вере Беловой")
    await sergey.presses("Передать")
    await vera.reads()
    await vera.says("передай Ольге Смирновой")
    assert "уже передавали один раз" in await vera.presses("Передать")
    assert olga.name


async def test_which_of_several(anna: Person, boris: Person, sergey: Person, vera: Person) -> None:
    """Where several wait it is asked which; each is named by person, kind and days."""
    await asks(anna)
    await asks(boris, "отпуск с 10 по 14 августа")
    await sergey.reads()
    assert "Какую передать (Вера Белова)?" == await sergey.says("передай Вере Беловой")
    assert any("Анна Ким: Отпуск – пн, 3 августа" in each for each in sergey.buttons)
    await sergey.presses("Борис")
    await sergey.presses("Передать")
    assert "10" in await vera.reads()


async def test_a_lead_who_is_back_has_it_again(company: Company, anna: Person, sergey: Person, vera: Person) -> None:
    """What the substitute did not answer by the end of the absence is the lead's again (E34), told to all three."""
    await sergey.says("меня замещает Вера до пятницы")
    await sergey.presses("Да")
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-14")
    await asks(anna)
    old = vera.chat[-1].buttons["✅ Согласовать"].action
    card = vera.chat[-1].id
    assert old is not None
    await company.move("2026-07-15T08:00")
    assert "Отпуск – Анна Ким" in await sergey.reads()
    assert "🔁 За:" not in sergey.chat[-1].text
    assert "➡️ Теперь решает: Сергей Орлов" in vera.chat[-1].text
    assert any("Решает: Сергей Орлов" in each.text for each in anna.chat)
    await vera.taps(old.pack(), card)
    assert "Согласовано" not in vera.chat[-1].text
    await sergey.presses("Согласовать")
    assert "✅ Согласовано" in sergey.chat[-1].text


async def test_others_are_asked_as_well(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Where the portal says so: the next lead up after a working day; either of them decides, and both see it."""
    await patient(company, 1)
    await asks(anna)
    await company.move("2026-07-14T09:30")
    assert all("Отпуск – Анна Ким" in each.chat[-1].text for each in (olga, sergey))
    assert all("⏫" in each.chat[-1].text for each in (olga, sergey))
    assert any("Решает: Сергей Орлов, Ольга Смирнова" in each.text for each in anna.chat)
    await olga.presses("Согласовать")
    await company.move("2026-07-14T09:31")
    assert "✅ Согласовано: Ольга Смирнова" in anna.chat[-1].text
    assert "✅ Согласовано: Ольга Смирнова" in sergey.chat[-1].text
    assert "⏫" not in sergey.chat[-1].text


async def test_an_answer_in_time_asks_nobody_else(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Taken back it waits again, and the next lead up is asked when its time is over."""
    await patient(company, 1)
    await asks(anna)
    await company.move("2026-07-14T08:59:50")
    await sergey.presses("Согласовать")
    await company.move("2026-07-14T09:00:05")
    assert not olga.chat
    await sergey.presses("Вернуть")
    await company.move("2026-07-14T09:01")
    assert "⏫" in olga.chat[-1].text


async def patient(company: Company, days: int) -> None:
    """Let others be asked after so many working days without an answer."""
    async with company.storage.unit_of_work() as uow:
        portal = await uow.portals.get(company.portal.id)
        assert portal is not None
        uow.portals.put(ESCALATION.put(portal, days))
        await uow.commit()


async def test_nobody_else_is_asked_unless_the_portal_says_so(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """The lead alone has it, however long it takes."""
    await asks(anna)
    await company.move("2026-08-01T12:00")
    assert not any("Анна Ким" in each.text for each in olga.chat)
    assert sergey.name


async def test_who_stands_in_for_somebody_dismissed(anna: Person, sergey: Person, vera: Person, olga: Person) -> None:
    """What waited for a lead who is gone goes to the substitute whom they had named, before anybody above (E24)."""
    await asks(anna)
    await sergey.says("меня замещает Вера до пятницы")
    await sergey.presses("Да")
    await vera.reads()
    await olga.says("/disable Сергей Орлов")
    assert "Отпуск – Анна Ким" in await vera.reads()


async def waits_for_two(company: Company, anna: Person, sergey: Person) -> None:
    """Anna's request waits for Sergey's substitute, and after a day for the administrators as well."""
    await patient(company, 1)
    await sergey.says("меня замещает Вера до пятницы")
    await sergey.presses("Да")
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-15")
    await asks(anna)
    await company.move("2026-07-14T09:30")


@pytest.mark.parametrize("goes", ["switched off", "hands over"])
async def test_a_lead_who_is_back_has_it_again_whoever_shares_it(
    company: Company, anna: Person, sergey: Person, vera: Person, olga: Person, channel: str, goes: str
) -> None:
    """Who was asked as well goes, or lets another answer: the substitute's part is the lead's again all the same."""
    other = await company.hire("Мария Лис", channel, role=Role.ADMIN)
    await waits_for_two(company, anna, sergey)
    assert "Отпуск – Анна Ким" in await olga.reads()
    if goes == "switched off":
        await other.says("/disable Ольга Смирнова")
    else:
        await olga.says("передай Мария Лис")
        await olga.presses("Передать")
        assert "🔁 За:" in vera.chat[-1].text
    await company.move("2026-07-16T08:00")
    assert "Отпуск – Анна Ким" in await sergey.reads()
    assert "🔁 За:" not in sergey.chat[-1].text
    await sergey.presses("Согласовать")
    assert "✅ Согласовано" in sergey.chat[-1].text


async def test_a_substitute_who_goes_takes_the_return_with_them(
    company: Company, anna: Person, sergey: Person, vera: Person, olga: Person, channel: str
) -> None:
    """Whoever shared the seat keeps it alone: nobody stands in any more whose place the lead could take (E24, E34)."""
    other = await company.hire("Мария Лис", channel, role=Role.ADMIN)
    await waits_for_two(company, anna, sergey)
    assert "🔁 За:" in vera.chat[-1].text
    await other.says("/disable Вера Белова")
    await company.move("2026-07-16T08:00")
    await olga.says("/approvals")
    await olga.presses("Согласовать")
    assert "✅ Согласовано" in olga.chat[-1].text
    assert sergey.name
