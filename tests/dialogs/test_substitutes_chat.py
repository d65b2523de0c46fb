"""Substitutes in chat: named in a sentence and read back, asked for, taken back; and who is asked in an absence."""

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Role
from tests.people import Company, Person


@pytest.fixture
async def vera(company: Company, channel: str, olga: Person) -> Person:
    """Another lead."""
    return await company.hire("Вера Белова", channel, role=Role.LEAD, lead=olga)


async def test_a_substitute_is_named_shown_and_taken_back(sergey: Person, vera: Person) -> None:
    """Read back first, told to whoever stands in, shown to both, over by a sentence; said again it is no error."""
    asked = await sergey.says("меня замещает Вера до пятницы")
    assert asked.startswith("Всё верно?\n🔁 Вас замещает Вера Белова\nпн, 13 июля – пт, 17 июля, 5 дней")
    assert "Отпуска, исправления и переработки команды тоже решает тот, кто замещает." in asked
    assert "Вас никто не замещает." in await sergey.says("кто меня замещает?")
    await sergey.says("меня замещает Вера до пятницы")
    kept = await sergey.presses("Да")
    assert kept.startswith("✅ Записано.\n🔁 Вас замещает Вера Белова")
    told = await vera.reads()
    assert "🔁 Когда отсутствует Сергей Орлов, замещаете вы.\nпн, 13 июля – пт, 17 июля, 5 дней" == told
    shown = "🔁 Вас замещают\n• Вера Белова: пн, 13 июля – пт, 17 июля, 5 дней"
    assert shown == await sergey.says("кто меня замещает?")
    assert "🔁 Вы замещаете\n• Сергей Орлов: пн, 13 июля" in await vera.says("кого я замещаю?")
    over = await sergey.says("Вера больше не замещает меня")
    assert "✅ Вас больше не замещают: Вера Белова. Что уже пришло на решение, остаётся там." == over
    assert "Сергей Орлов: замещать больше не нужно." == await vera.reads()
    assert "Вас никто не замещает." == await sergey.says("отмени замещение")


async def test_in_english_until_it_is_taken_back(james: Person, anna: Person) -> None:
    """Without a last day; the button takes it back, pressed twice too."""
    asked = await james.says("Анна Ким stands in for me")
    assert "🔁 Анна Ким stands in for you\nfrom Mon 13 July until it is taken back" in asked
    assert "Leave, corrections" not in asked
    assert "✅ Written down." in await james.presses("Yes")
    assert "James Carter, замещаете вы.\nс пн, 13 июля и до отмены" in await anna.reads()
    assert (await james.presses("Take back: Анна Ким")).startswith("✅ No substitute for you any more: Анна Ким.")
    assert (await james.says("who stands in for me?")).startswith("Nobody stands in for you.")


async def test_a_lead_names_it_for_somebody_below(anna: Person, sergey: Person, james: Person) -> None:
    """Whoever leads may say it, and both are told; a colleague may not."""
    assert "🔁 Когда отсутствует Анна Ким, замещает James Carter" in await sergey.says("James замещает Анну до пятницы")
    await sergey.presses("Да")
    assert "🔁 Когда вас нет, вас замещает James Carter." in await anna.reads()
    assert "🔁 You stand in for Анна Ким on days when they are away." in await james.reads()
    assert "🔁" not in await james.says("Анна stands in for Сергей until Friday")


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("меня замещает Сергей", "Замещать самого себя нельзя. Пожалуйста, назовите кого-нибудь другого."),
        ("меня замещает Вера", "Вера Белова: сейчас доступа нет. Пожалуйста, назовите кого-нибудь другого."),
    ],
)
async def test_kind_refusals(sergey: Person, vera: Person, olga: Person, said: str, answered: str) -> None:
    """Oneself, somebody whose access is off: one sentence with what to do."""
    await olga.says("/disable Вера Белова")
    await olga.reads()
    assert answered == await sergey.says(said)


async def test_a_request_goes_to_the_substitute(company: Company, anna: Person, sergey: Person, vera: Person) -> None:
    """While the lead is away; the answer and the card say so, and the substitute decides."""
    await sergey.says("меня замещает Вера до пятницы")
    await sergey.presses("Да")
    await vera.reads()
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    await anna.says("отпуск с 3 по 7 августа")
    sent = await anna.presses("Отправить")
    assert "Решает: Вера Белова\n🔁 Сергей Орлов отсутствует до пт, 17 июля включительно, замещает Вера Белова." in sent
    assert "🔁 За: Сергей Орлов (отсутствует)" in await vera.reads()
    await vera.presses("Согласовать")
    await company.move("10:00")
    assert "Вера Белова" in await anna.reads()


async def test_who_may_not_decide_leaves_it_waiting(
    company: Company, anna: Person, james: Person, sergey: Person
) -> None:
    """Standing in gives no role: that is said when it is named, and the request waits for the lead as ever."""
    asked = await sergey.says("меня замещает James")
    assert (
        "Отпуска, исправления и переработки команды подождут: их решают только руководители и администраторы." in asked
    )
    await sergey.presses("Да")
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    await anna.says("отпуск с 3 по 7 августа")
    sent = await anna.presses("Отправить")
    assert "Решает: Сергей Орлов" in sent
    assert "🌙 Отсутствует до пт, 17 июля включительно" in sent
