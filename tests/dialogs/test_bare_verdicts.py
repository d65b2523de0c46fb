"""A verdict in bare words decides nothing (E14): it is a remark, and the buttons that decide are shown."""

import pytest

from bot.understanding.verdicts import is_verdict
from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.people import Company, Person


@pytest.mark.parametrize(
    "said", ["не согласовано", "согласовано", "не согласен", "нет, не одобряю", "no, don't approve"]
)
async def test_the_buttons_are_shown(anna: Person, sergey: Person, said: str) -> None:
    """Whatever it says, the request still waits, with its two buttons."""
    await anna.says("отпуск с 3 по 7 августа")
    await anna.presses("Отправить")
    await sergey.reads()
    shown = await sergey.says(said)
    assert shown.startswith("📝 Отпуск – Анна Ким")
    assert ["✅ Согласовать", "❌ Отклонить"] == sergey.buttons
    assert "Одни слова ничего не решают. Нажмите, пожалуйста, кнопку:" == sergey.chat[-2].text
    assert "Решает: Сергей Орлов" in await anna.says("мои заявки")


async def test_on_a_route_it_is_a_comment(company: Company, anna: Person, sergey: Person) -> None:
    """Where one request waits whose route takes comments, the words stand on its card."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.reads()
    assert "“не согласовано”" in (await sergey.says("не согласовано")).replace("«", "“").replace("»", "”")
    assert "💬 Записано как комментарий." in sergey.chat[-2].text
    assert "не согласовано" in await anna.reads()


async def test_with_nothing_that_waits_it_is_not_understood(sergey: Person) -> None:
    """Then a hint says what can be written."""
    assert "Не получилось понять" in await sergey.says("не согласовано")


@pytest.mark.parametrize("said", ["скидка согласована с клиентом", "отпуск Анны согласован", "не против чая", "да", ""])
def test_what_says_more_is_no_bare_verdict(said: str) -> None:
    """A sentence about something is not meant for a card."""
    assert not is_verdict(said)
