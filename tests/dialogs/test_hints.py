"""What is not understood is answered by its topic, in the person's gender; a greeting comes once; a nod gets a nod."""

import pytest

from tests.dialogs.days import everybody_works
from tests.people import Company, Person


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("а отпуск это как вообще", "Про отсутствие: "),
        ("почему у меня минус в часах", "Минус – пока меньше нормы."),
        ("что означает не подтвержден", "Не подтверждено – "),
        ("когда зарплата", "Я считаю часы, а не деньги"),
        ("позови человека", "Я бот; помогут люди:"),
        ("ты кто", "Я «Смена», бот"),
        ("как тебя отключить", "Про мои сообщения: "),
        ("а смена у меня длинная какая-то", "Про ваш график: "),
        ("абракадабра", "Попробуйте: "),
    ],
)
async def test_a_hint_by_topic(anna: Person, said: str, answered: str) -> None:
    """Short, and about what the words seem to be about; nothing is done."""
    assert answered in await anna.says(said)
    assert 4 >= len(anna.chat[-1].text.splitlines())
    assert [] == await anna.log()


async def test_people_who_can_help(anna: Person, sergey: Person, olga: Person) -> None:
    """Who asks for a human is told the names of the lead and of the administrators."""
    said = await anna.says("позови человека")
    assert "• ваш руководитель: Сергей Орлов\n• администратор: Ольга Смирнова" in said


async def test_in_english(james: Person) -> None:
    """The same in English."""
    assert "I count hours, not money" in await james.says("when do I get my salary")
    assert "About days away: " in await james.says("vacation hmm what about it")


async def test_examples_are_in_one_s_own_gender(company: Company, anna: Person, sergey: Person, channel: str) -> None:
    """«Ушла» to Anna, «ушёл» to Sergey, and neither to whose name does not tell."""
    noor = await company.hire("Нур Ли", channel)
    await anna.says("пришла")
    assert "«обед» или «ушла»" in await anna.says("абракадабра")
    assert "«пришёл»" in await sergey.says("абракадабра")
    assert "«на работе»" in await (await company.hire("Женя Ли", channel)).says("абракадабра")
    assert "«пришёл»" in await noor.says("абракадабра")


async def test_buttons_of_earlier_answers_go(anna: Person) -> None:
    """However often nothing was understood, one message has buttons that work."""
    for said in ("абракадабра", "тарабарщина", "белиберда"):
        await anna.says(said)
    assert [False, False, True] == [bool(each.buttons) for each in anna.chat if not each.is_own]


@pytest.mark.parametrize("said", ["👍", "ок", "спасибо", "Спасибо большое!", "ok", "thanks", "хорошо"])
async def test_a_nod_gets_a_nod(company: Company, anna: Person, said: str) -> None:
    """With nothing open, no question comes back and no buttons."""
    await everybody_works(company)
    await anna.says("пришла")
    assert (await anna.says(said)).startswith("👍")
    assert {} == anna.chat[-1].buttons
    assert 1 == len(await anna.log())


async def test_thanks_leave_a_question_open(anna: Person, sergey: Person) -> None:
    """A thumb under a read-back is no yes and no no."""
    await anna.says("отпуск с 20 по 24 июля")
    assert (await anna.says("спасибо")).startswith("👍")
    assert "отправлено" in await anna.says("да")


async def test_ok_is_a_yes_where_something_is_asked(anna: Person, sergey: Person) -> None:
    """«Ок» to a read-back sends it."""
    await anna.says("отпуск с 20 по 24 июля")
    assert "отправлено" in await anna.says("ок")


async def test_one_greeting(company: Company, channel: str, anna: Person) -> None:
    """Who says hello right after the messenger's own greeting reads one greeting, not two; later it is returned."""
    if channel == "telegram":
        await anna.says("/start")
    else:
        await company.opens(anna)
    assert 1 == len(anna.chat)
    await anna.says("привет")
    assert 1 == len(anna.chat)
    await company.move("12:00")
    assert (await anna.says("привет")).startswith("Здравствуйте, Анна!")


async def test_who_is_known_is_not_greeted_again(company: Company) -> None:
    """Somebody who writes in Telegram for long opens the chat in Bitrix24: nothing stands before their answer."""
    boris = await company.hire("Борис Лавров", "bitrix24", also="telegram")
    await company.opens(boris)
    assert [] == boris.chat
    vera = await company.hire("Вера Ким", "bitrix24")
    await company.opens(vera)
    await company.opens(vera)
    assert 1 == len(vera.chat)
