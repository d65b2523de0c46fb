"""The first minutes of a portal: an administrator's card, a greeting once, and nobody is nagged on day one."""

import pytest

from tests.people import Company, Person

TUESDAY = "2026-07-14"


@pytest.fixture(autouse=True)
async def people(company: Company, olga: Person, sergey: Person, anna: Person) -> None:
    """It is ten o'clock, and nothing is set up."""
    del olga, sergey, anna
    await company.move("10:00")


async def test_the_card_of_an_administrator(company: Company, olga: Person, anna: Person) -> None:
    """The first /start shows what is there and what is not; each step is done by its own press, once."""
    card = await olga.says("/start")
    assert card.startswith("Здравствуйте, Ольга!")
    assert "🧭 Первые шаги\n✅ Календарь: Россия, 2026\n⬜ График: пока нет" in card
    assert "⬜ Меня ещё не знают 2 человека" in card
    assert ["🗓 5/2, 9–18 для всех", "📣 Рассказать всем", "🏢 Название организации"] == olga.buttons
    bubble = olga.chat[-1]
    usual = next(each.action for words, each in bubble.buttons.items() if "5/2" in words)
    assert usual is not None
    card = await olga.presses("5/2")
    assert "✅ График для всех:\nпн–пт 09:00–18:00\nПерерыв 1 ч" in card
    assert "🗓 Ваш график с пн, 13 июля:" in anna.shown[-1]
    heard = len(anna.chat)
    await olga.taps(usual.pack(), bubble.id)
    assert "✅ График для всех:" in await olga.reads()
    assert heard == len(anna.chat)


async def test_nobody_is_nagged_on_the_day_a_schedule_is_set(company: Company, olga: Person, anna: Person) -> None:
    """A shift that runs already when it is planned is not asked about; the next one is."""
    await olga.says("график всем 9-18")
    await olga.presses("Да")
    await company.move("17:00")
    assert [] == [each for each in anna.shown if "прихода пока нет" in each]
    await company.move(f"{TUESDAY}T09:10")
    assert "⏰ Уже 09:10, прихода пока нет. Вы на работе?" == anna.shown[-1]


async def test_a_shift_to_come_is_asked_about(company: Company, olga: Person, anna: Person) -> None:
    """Set at ten for eleven o'clock, today's shift is the next one."""
    await olga.says("смена Анна сегодня 11-20")
    await olga.presses("Да")
    await company.move("11:10")
    assert "⏰ Уже 11:10" in anna.shown[-1]


async def test_everybody_is_told_once(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """One greeting each, through the outbox; a second press tells nobody, and says so."""
    await olga.says("/setup")
    bubble = olga.chat[-1]
    tell = next(each.action for words, each in bubble.buttons.items() if "Рассказать" in words)
    assert tell is not None
    assert "📣 Сообщение отправлено 2 людям." == await olga.presses("Рассказать всем")
    assert anna.shown[-1].startswith("Здравствуйте, Анна! Здесь я веду рабочее время.")
    assert "«пришла»" in anna.shown[-1]
    assert "«пришёл»" in sergey.shown[-1]
    assert ["▶️ Я на работе"] == anna.buttons
    heard = len(anna.chat)
    await olga.taps(tell.pack(), bubble.id)
    assert "Все, кому я могу написать, меня уже знают." in await olga.reads()
    assert heard == len(anna.chat)


async def test_who_was_told_is_not_told_months_later(company: Company, olga: Person, anna: Person) -> None:
    """What was told once is remembered, however long ago."""
    await olga.says("/setup")
    await olga.presses("Рассказать всем")
    heard = len(anna.chat)
    await company.move("2026-10-13T10:00")
    await olga.says("/setup")
    assert "📣 Рассказать всем" not in olga.buttons
    assert heard == len([each for each in anna.chat if "Здесь я веду" in each.text]) + heard - 1


async def test_only_administrators(anna: Person, olga: Person) -> None:
    """Nobody else sets a portal up, by a command or by a press that was forged."""
    assert "Это может только администратор" in await anna.says("/setup")
    await olga.says("/start")
    for button in olga.chat[-1].buttons.values():
        assert button.action is not None
        await anna.says("статус")
        await anna.taps(button.action.pack(), anna.chat[-1].id)
        assert "администратор" in await anna.reads()


async def test_a_portal_that_is_set_up_greets_its_administrator(company: Company, olga: Person) -> None:
    """Once there is a schedule, /start is a greeting; /setup still shows the card."""
    await olga.says("/start")
    await olga.presses("5/2")
    assert "Здравствуйте, Ольга!" in await olga.says("/start")
    assert "🧭" not in olga.chat[-1].text
    assert "🧭 Первые шаги" in await olga.says("/setup")


@pytest.mark.parametrize(
    "words",
    ["график все 9-18", "график всех 9-18", "график для всех 9-18", "рабочий день у всех с 9 до 18"],
)
async def test_a_schedule_for_all_in_other_words(olga: Person, words: str) -> None:
    """All of them are read back as everybody's schedule."""
    assert (await olga.says(words)).startswith("Все сотрудники – с пн, 13 июля:\nпн–пт 09:00–18:00")


async def test_a_greeting_is_answered_in_either_messenger(company: Company, channel: str, sergey: Person) -> None:
    """Greeted in one, whoever says hello in the other a moment later is greeted there as well; each greets once."""
    other = "telegram" if channel == "bitrix24" else "bitrix24"
    boris = await company.hire("Борис Лавров", channel, lead=sergey, also=other)
    for person in (boris, company.elsewhere(boris)):
        assert (await person.says("привет")).startswith("Здравствуйте, Борис!")
        await person.says("привет")
        assert 1 == len([each for each in person.shown if each.startswith("Здравствуйте")])
