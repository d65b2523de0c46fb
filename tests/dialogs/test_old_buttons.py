"""Buttons stand where they can be used: under the newest message, and under a question as long as it is one."""

from tests.people import Company, Person


def with_buttons(person: Person) -> list[str]:
    """Return the messages that have live buttons."""
    return [each.text for each in person.chat if each.buttons]


async def test_only_the_newest_hint_has_buttons(anna: Person) -> None:
    """Of many words that were not understood, the last answer alone offers what would be."""
    for words in ("абракадабра", "тарабарщина", "белиберда"):
        await anna.says(words)
    assert [anna.chat[-1].text] == with_buttons(anna)


async def test_a_hint_becomes_the_card(anna: Person) -> None:
    """The button under it shows the day in its place."""
    await anna.says("абракадабра")
    said = len(anna.chat)
    assert (await anna.presses("Я на работе")).startswith("🟢")
    assert (said, [anna.chat[-1].text]) == (len(anna.chat), with_buttons(anna))


async def test_a_card_takes_the_buttons_of_a_hint(anna: Person) -> None:
    """Whoever writes what is understood sees the day below, and no buttons above."""
    await anna.says("абракадабра")
    await anna.says("пришла")
    assert [anna.chat[-1].text] == with_buttons(anna)


async def test_an_answered_question_has_no_buttons(company: Company, anna: Person) -> None:
    """Also where the answer stands elsewhere than in its place."""
    await anna.says("пришла")
    await company.move("12:00")
    await anna.says("отгул 24 июля")
    assert any("24 июля" in each for each in with_buttons(anna))
    await anna.says("нет")
    assert not any("24 июля" in each for each in with_buttons(anna))


async def test_a_question_that_is_kept_keeps_its_buttons(company: Company, anna: Person) -> None:
    """Words that answer nothing leave an open question as it is."""
    await anna.says("отгул 24 июля")
    await anna.forwards("нет")
    assert any("24 июля" in each for each in with_buttons(anna))


async def test_a_request_that_gave_way_to_another_question_has_no_buttons(anna: Person) -> None:
    """Whoever asks for something else has dropped what was read back: a button there would be refused."""
    await anna.says("отгул 24 июля")
    await anna.says("отпуск с 3 по 7 августа")
    assert [anna.chat[-1].text] == with_buttons(anna)
    assert "📨 Отпуск – отправлено" in await anna.presses("Отправить")
