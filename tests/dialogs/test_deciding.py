"""Decisions in words: what would be decided is read back, and nothing is decided unseen."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.meant import MeantCompany
from tests.people import Company, Person


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company whose people can say what they mean."""
    made = await MeantCompany(tmp_path).open()
    yield made
    await made.close()


async def both_ask(anna: Person, james: Person, sergey: Person) -> None:
    """Two leaves wait for the lead."""
    await anna.says("отпуск с 3 по 14 августа")
    await anna.presses("Отправить")
    await james.says("day off tomorrow")
    await james.presses("Send")
    await sergey.reads()


async def test_all_leaves(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """«Согласуй все отпуска» reads all vacations back, and a yes approves them alone."""
    await both_ask(anna, james, sergey)
    asked = await sergey.says("/meant decide verdict=approve kind=vacation all=1")
    assert asked.startswith("Согласовать это?\n📝 Отпуск – Анна Ким\nпн, 3 августа – пт, 14 августа, 12 дней")
    assert (await sergey.says("да")).startswith("✅ Согласовано заявок: 1\n")
    await company.move(timedelta(seconds=31))
    assert "✅ Согласовано" in anna.chat[-1].text
    assert "Approved" not in james.chat[-1].text


async def test_everything(anna: Person, james: Person, sergey: Person) -> None:
    """Several are numbered in the read-back."""
    await both_ask(anna, james, sergey)
    asked = await sergey.says("/meant decide verdict=approve all=1")
    assert "1. Анна Ким: Отпуск – пн, 3 августа – пт, 14 августа, 12 дней" in asked
    assert "2. James Carter: Отгул – вт, 14 июля" in asked
    assert "Ничего не решено. Заявки по-прежнему ждут." == await sergey.says("нет")


@pytest.mark.parametrize("words", ["одобри Анну и Джеймса", "approve James and Anna"])
async def test_several_by_name(anna: Person, james: Person, sergey: Person, words: str) -> None:
    """Whoever is named beside another is read back as well: nobody of them is left out unseen."""
    await both_ask(anna, james, sergey)
    asked = await sergey.says(words)
    assert "Анна Ким: Отпуск" in asked
    assert "James Carter: Отгул" in asked
    assert "Ничего не решено. Заявки по-прежнему ждут." == await sergey.says("нет")


async def test_a_rejection_wants_a_reason(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """It is asked for, and stands on a line of its own in the answer."""
    await both_ask(anna, james, sergey)
    assert "Отпуск – Анна Ким" in await sergey.says("/meant decide verdict=reject person=Анны")
    await sergey.says("в августе сдаём проект")
    await company.move(timedelta(seconds=31))
    assert anna.chat[-1].text.endswith("❌ Отклонено: Сергей Орлов, 09:00\n«в августе сдаём проект»")


async def test_a_rejection_with_its_reason(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """A reason that was said is read back with what would be rejected."""
    await both_ask(anna, james, sergey)
    asked = await sergey.says("/meant decide verdict=reject person=James reason=сдаём_проект")
    assert asked.startswith("Отклонить это?\n📝 Отгул – James Carter\nвт, 14 июля")
    assert asked.endswith("\nПочему нет: сдаём проект")
    await sergey.presses("Отклонить")
    await company.move(timedelta(seconds=31))
    assert "“сдаём проект”" in james.chat[-1].text


async def test_what_does_not_wait(anna: Person, james: Person, sergey: Person) -> None:
    """Nothing of the kind: what waits is shown; sending back is not possible yet, and it is said."""
    assert "Вашего решения ничего не ждёт." == await anna.says("/meant decide verdict=approve all=1")
    await both_ask(anna, james, sergey)
    await sergey.says("/meant decide verdict=approve kind=overtime")
    assert "Ничего такого вашего решения не ждёт. Ждёт вот что:" in sergey.shown
    await sergey.says("/meant decide verdict=return person=Анны")
    assert "Вернуть на доработку пока нельзя: отклоните и напишите, что изменить." in sergey.shown
    assert ["✅ Согласовать", "❌ Отклонить"] == sergey.buttons


async def test_what_changed_meanwhile_is_not_decided(
    company: Company, anna: Person, james: Person, sergey: Person
) -> None:
    """Withdrawn while the lead was reading: nothing is approved, and the outcome is told."""
    await both_ask(anna, james, sergey)
    await sergey.says("/meant decide verdict=approve person=James")
    await james.presses("Withdraw")
    told = await sergey.presses("Согласовать")
    assert "↩️ Отозвано" in told


async def test_a_long_list_is_counted(anna: Person, sergey: Person) -> None:
    """Of seven the first five are cards with their place, the others are listed with theirs."""
    for day in range(3, 10):
        await anna.says(f"отгул {day} августа")
        await anna.presses("Отправить")
    await sergey.reads()
    before = len(sergey.chat)
    await sergey.says("мои согласования")
    shown = [each.text for each in sergey.chat[before:]]
    first, second, *listed = shown[0].splitlines()
    assert "Вашего решения ждут 7 заявок" == first
    assert "Первые 5 – карточками ниже, ещё 2:" == second
    assert ["6. Анна Ким: Отгул – сб, 8 августа", "7. Анна Ким: Отгул – вс, 9 августа"] == listed
    assert [f"{number} из 7" for number in range(1, 6)] == [each.splitlines()[0] for each in shown[1:]]


async def test_a_reason_is_kept_as_it_was_written(anna: Person, james: Person, sergey: Person) -> None:
    """Its letters are the lead's own, «ё» too."""
    await both_ask(anna, james, sergey)
    asked = await sergey.says("отклони отпуск Анны: сдаём отчёт, возьми в сентябре")
    assert asked.endswith("\nПочему нет: сдаём отчёт, возьми в сентябре")


async def test_what_is_meant_for_the_bot_is_no_reason(anna: Person, james: Person, sergey: Person) -> None:
    """While a reason is waited for, «мои согласования» shows them, and nothing is rejected for it."""
    await both_ask(anna, james, sergey)
    await sergey.presses("Отклонить")
    await sergey.says("мои согласования")
    assert any("Вашего решения ждут 2 заявки" in each for each in sergey.shown)
    assert not any("❌ Отклонено" in each for each in sergey.shown)


@pytest.mark.parametrize("said", ["передай Ольге", "у кого моя заявка", "сколько у меня отпуска", "история заявки 1"])
async def test_an_order_is_no_reason(anna: Person, james: Person, sergey: Person, said: str) -> None:
    """Whoever thinks better of it and hands over, or looks something up, has rejected nothing."""
    await both_ask(anna, james, sergey)
    await sergey.presses("Отклонить")
    await sergey.says(said)
    assert not any("❌ Отклонено" in each for each in sergey.shown)


async def test_a_no_is_no_reason(anna: Person, james: Person, sergey: Person) -> None:
    """A bare «нет» says neither why nor what: the question stays, and a reason is taken then."""
    await both_ask(anna, james, sergey)
    await sergey.presses("Отклонить")
    assert "Достаточно одной фразы – или /cancel." == await sergey.says("нет")
    await sergey.says("сдаём проект")
    assert "❌ Отклонено. Причину прочтёт James Carter." in sergey.shown
