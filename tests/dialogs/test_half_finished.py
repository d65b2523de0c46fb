"""Half finished: a sentence whose rest comes in the next message, and words that come when the day is over."""

from tests.dialogs.days import NINE_TO_SIX
from tests.people import Company, Person

ASKED = "{}: с какого дня по какой? Например: «с 1 по 14 июля», «завтра», «в пятницу с 9 до 13»."


async def test_leave_whose_days_come_next(anna: Person) -> None:
    """«отпуск», and then the days: read together, never as a report of those days."""
    await anna.verify_dialog(
        [
            ("отпуск", ASKED.format("Отпуск")),
            ("с 20 по 24 июля", "Всё верно?\nОтпуск\nпн, 20 июля – пт, 24 июля, 5 дней"),
            ("да", "📨 Отпуск – отправлено…"),
        ]
    )


async def test_leave_that_is_dropped_or_left(company: Company, anna: Person, james: Person) -> None:
    """A no ends the question; anything else that is clear is done."""
    await anna.verify_dialog([("отгул", ASKED.format("Отгул")), ("нет", "Вопрос снят. Ничего не изменено.")])
    await anna.verify_dialog([("отгул", ASKED.format("Отгул")), ("пришла", "🟢 На работе с 09:00…")])
    await james.says("vacation")
    assert "Did I get it right?\nVacation\nTue 14 July" == await james.says("tomorrow")


async def test_back_after_the_day_was_ended(company: Company, anna: Person) -> None:
    """Who says “back” after a check-out is shown how to begin again, not how to correct the check-out."""
    await anna.says("пришла")
    await company.move("13:00")
    await anna.says("ушла")
    await company.move("14:00")
    assert (await anna.says("вернулась")).startswith(
        "Вы отметили уход в 13:00.\nСнова на работе? Нажмите кнопку ниже.\n🏁"
    )
    assert (await anna.presses("Я на работе")).startswith("🟢 На работе с 14:00")


async def test_own_requests(anna: Person, sergey: Person) -> None:
    """«мои заявки» is what one asked for, with who decides; «мои согласования» is what waits for one's decision."""
    assert (await anna.says("мои заявки")).startswith("Вы пока ни о чём не просили.")
    await anna.says("отпуск с 20 по 24 июля")
    await anna.presses("Отправить")
    assert (
        "Ваши заявки\nОтпуск, пн, 13 июля, 09:00\nпн, 20 июля – пт, 24 июля, 5 дней\n⏳ Ждёт. Решает: Сергей Орлов"
    ) == await anna.says("мои заявки")
    assert (
        "Вашего решения ничего не ждёт.\nВаши заявки:\n"
        "• Отпуск – пн, 20 июля – пт, 24 июля, 5 дней. Решает: Сергей Орлов"
    ) == await anna.says("мои согласования")


async def test_yes_without_a_question(company: Company, anna: Person) -> None:
    """A typed yes to a reminder records nothing: the buttons are shown."""
    await company.plans(NINE_TO_SIX, anna)
    await company.move("09:20")
    assert any("Вы на работе?" in each for each in anna.shown)
    unclear = "На какой вопрос это ответ? Нажмите, пожалуйста, кнопку.\n"
    assert (await anna.says("да")).startswith(unclear)
    assert [] == await anna.sessions()
    assert (await anna.presses("Я на работе")).startswith("🟢 На работе с 09:20")
    assert (await anna.says("нет")).startswith(unclear)


async def test_yes_to_the_question_of_the_morning(company: Company, anna: Person) -> None:
    """«Вчера ушли в 18:00?» – a typed yes shows that question once more, and its button confirms (case 22)."""
    await company.plans(NINE_TO_SIX, anna)
    await anna.says("пришла")
    await company.move("2026-07-14T09:01")
    assert any("Вчера ушли в 18:00?" in each for each in anna.shown)
    assert (await anna.says("да")).startswith("🕕 Вчера ушли в 18:00?")
    [session] = await anna.sessions()
    assert session.is_auto
    await anna.presses("Да, в 18:00")
    [session] = await anna.sessions()
    assert not session.is_auto


async def test_thanks(anna: Person, james: Person) -> None:
    """Who thanks is not told that they were not understood."""
    assert "👍 Если что-то понадобится: /help" == await anna.says("Спасибо большое!")
    assert "👍 If you need anything: /help" == await james.says("thanks")
    assert (await james.says("Morning!")).startswith("Hello, James!")


async def test_still_working(company: Company, anna: Person) -> None:
    """A typed «ещё работаю» answers the question about the end of the shift: it is not asked again (case 23)."""
    await company.plans(NINE_TO_SIX, anna)
    await anna.says("пришла")
    await company.move("12:00")
    assert "не спрошу" not in await anna.says("ещё работаю")
    await company.move("18:20")
    assert any("Вы ещё на работе?" in each for each in anna.shown)
    assert "Сегодня больше не спрошу. Отметьте уход, когда закончите." in await anna.says("ещё работаю")
    heard = len(anna.chat)
    await company.move("20:30")
    assert heard == len(anna.chat)


async def test_refused_beside_a_question(company: Company, anna: Person, sergey: Person) -> None:
    """«обед» before a check-in that waits for its yes is refused, and the question can still be answered."""
    await company.move("10:00")
    await anna.verify_dialog(
        [
            ("пришла в 9:00", "Всё верно?\nИсправление: приход\nпн, 13 июля: ничего → 09:00 – без ухода"),
            ("обед", "Вы ещё не отметили приход.…"),
            ("[Отправить]", "📨 Исправление: приход – отправлено…"),
        ]
    )
    assert "Исправление: приход – Анна Ким" in await sergey.reads()
