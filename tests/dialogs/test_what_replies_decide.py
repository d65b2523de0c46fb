"""A reply decides what it says of the message that it answers, and no more than was decided is told (E13)."""

import pytest

from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.dialogs.test_replies_to_cards import action, card_of, reasons, states, two
from tests.dialogs.test_requests_go_on import asks, patient, vera
from tests.dialogs.test_surviving_requests import asks as corrects
from tests.dialogs.test_surviving_requests import yesterday
from tests.people import Bubble, Company, Person

__all__ = ("vera",)


async def changed(company: Company, anna: Person, sergey: Person) -> Bubble:
    """Let the day of a correction be another one than its card shows."""
    await yesterday(company, anna)
    await corrects(anna, "вчера ушла в 18:30")
    await sergey.reads()
    shown = sergey.chat[-1]
    await anna.sends("обед", at=company.at("2026-07-13T13:00"))
    await anna.sends("вернулась", at=company.at("2026-07-13T13:45"))
    await company.settle()
    return shown


async def test_what_was_not_approved_is_not_called_approved(company: Company, anna: Person, sergey: Person) -> None:
    """The day changed before the yes: the card shows that, and the next yes counts."""
    shown = await changed(company, anna, sergey)
    told = await sergey.replies(shown, "согласовано")
    assert told.endswith("День тем временем изменился. Вот что теперь даст согласование.")
    assert "✅ Согласовано." == await sergey.replies(sergey.chat[-1], "согласовано")


async def test_nor_by_the_button_below_unclear_words(company: Company, anna: Person, sergey: Person) -> None:
    """The same where it was asked what the words mean."""
    shown = await changed(company, anna, sergey)
    assert "Этим пока ничего не решено" in await sergey.replies(shown, "надо подумать")
    await sergey.presses("Согласовать")
    assert sergey.chat[-1].text.endswith("День тем временем изменился. Вот что теперь даст согласование.")
    assert "✅ Согласовано." not in sergey.shown
    await sergey.presses("Согласовать")
    assert "✅ Согласовано" in sergey.chat[-1].text


async def test_a_polite_no_is_no_rejection(company: Company, anna: Person, sergey: Person) -> None:
    """«Нет, не возражаю» rejects nothing: it is asked."""
    first, _ = await two(company, anna, sergey)
    for said in ("нет, не возражаю", "нет, пусть едет", "верни деньги", "отказ от билетов приложи"):
        assert "Этим пока ничего не решено" in await sergey.replies(first, said), said
    assert ["pending", "pending"] == await states(company)


async def test_a_yes_to_a_remark_is_no_approval(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever asked wants to know something beside the request: the answer may be for that alone, so it is asked."""
    first, _ = await two(company, anna, sergey)
    await anna.replies(card_of(anna, "Казань"), "смета дошла?")
    remark = sergey.chat[-1]
    for said in ("да", "нет", "да, дошла", "нет, не дошла"):
        assert "Этим пока ничего не решено" in await sergey.replies(remark, said), said
        assert ["pending", "pending"] == await states(company)
    await sergey.presses("комментарий")
    assert "№ 1 Поездка\n💬 Сергей Орлов: «нет, не дошла»" == anna.chat[-1].text
    await sergey.replies(remark, "согласовано")
    assert ["approved", "pending"] == await states(company)
    assert first.buttons


async def test_a_yes_to_a_question_is_its_answer(company: Company, anna: Person, sergey: Person) -> None:
    """The lead asked whoever began it: whatever they answer comes back to the lead."""
    first, _ = await two(company, anna, sergey)
    await sergey.replies(first, "спроси, куплены ли билеты")
    question = anna.chat[-1]
    for said in ("да", "нет", "согласовано"):
        await anna.replies(question, said)
        assert f"№ 1 Поездка\n💬 Анна Ким: «{said}»" == sergey.chat[-1].text
    assert ["pending", "pending"] == await states(company)


@pytest.mark.parametrize("said", ["отзови", "отзываю", "отмена"])
async def test_an_answer_is_taken_back_by_a_reply(anna: Person, sergey: Person, said: str) -> None:
    """Within the time for that: the card of a request of one seat can be answered again."""
    await asks(anna)
    await sergey.reads()
    assert "✅ Согласовано." == await sergey.replies(sergey.chat[-1], "согласовано")
    card = next(each for each in sergey.chat if any("↩️ Вернуть" in label for label in each.buttons))
    await sergey.replies(card, said)
    assert sergey.chat[-1].text.endswith("↩️ Решение возвращено: ничего ещё не было сделано.")
    await sergey.presses("Согласовать")
    assert "✅ Согласовано" in sergey.chat[-1].text


@pytest.mark.parametrize("said", ["отзови", "отзываю"])
async def test_on_a_route_as_well(company: Company, anna: Person, sergey: Person, said: str) -> None:
    """By whoever answered it is about the answer, by whoever asked about the request."""
    await with_template(company, template(stage("head", [HEAD]), policy={"undo_seconds": 60}))
    await sent(anna)
    card = card_of(sergey, "Казань")
    await sergey.replies(card, "согласовано")
    await sergey.replies(card, said)
    assert "✅ Согласовать" in card.buttons
    await anna.replies(card_of(anna, "Казань"), said)
    assert ["withdrawn"] == await states(company)


async def test_all_who_decide_are_named(
    company: Company, anna: Person, sergey: Person, olga: Person, vera: Person
) -> None:
    """A seat that several share: who hands over is told of all who decide from then on."""
    await patient(company, 1)
    await asks(anna)
    await company.move("2026-07-14T09:30")
    assert olga.name
    assert vera.name
    await sergey.says("передай Вере Беловой")
    await sergey.presses("Передать")
    assert any(
        "➡️ Теперь решает: " in each and "Ольга Смирнова" in each and "Вера Белова" in each for each in sergey.shown
    )


async def test_what_is_asked_again_is_answered_by_a_reply(company: Company, anna: Person, sergey: Person) -> None:
    """A reason is asked for twice: an answer to either message is the reason."""
    first, second = await two(company, anna, sergey)
    for card, number in ((first, 0), (second, -1)):
        await sergey.taps(action(card, "Отклонить"), card.id)
        await sergey.reads()
        asked = sergey.chat[-1]
        assert (await sergey.says("нет")).startswith("Достаточно одной фразы")
        again = sergey.chat[-1]
        assert (await sergey.replies(again, "нет")).startswith("Достаточно одной фразы")
        await sergey.replies(asked if number else sergey.chat[-1], "дорого")
    assert ["rejected", "rejected"] == await states(company)
    assert [["дорого"], ["дорого"]] == await reasons(company)


async def test_so_is_that_the_answer_was_for_another_message(company: Company, anna: Person, sergey: Person) -> None:
    """A reason for another message is not taken; a reply to what says so is."""
    first, _ = await two(company, anna, sergey)
    await sergey.taps(action(first, "Отклонить"), first.id)
    await sergey.reads()
    await sergey.replies(Bubble("777", "", {}), "дорого")
    await sergey.replies(sergey.chat[-1], "дорого")
    assert ["rejected", "pending"] == await states(company)


async def test_a_reason_for_one_seat_is_asked_again(anna: Person, sergey: Person) -> None:
    """The same for a request of one seat."""
    await asks(anna)
    await sergey.presses("Отклонить")
    assert (await sergey.says("нет")).startswith("Достаточно одной фразы")
    await sergey.replies(sergey.chat[-1], "сдаём проект")
    assert "❌ Отклонено. Причину прочтёт Анна Ким." in sergey.shown


async def test_orders_in_reply_to_what_is_about_a_request(
    company: Company, anna: Person, sergey: Person, vera: Person
) -> None:
    """«Передай Вере» in reply to a remark, or to a question about a request, means that request."""
    first, _ = await two(company, anna, sergey)
    assert vera.name
    await anna.replies(card_of(anna, "Казань"), "смета готова")
    remark = sergey.chat[-1]
    await sergey.taps(action(first, "Отклонить"), first.id)
    await sergey.reads()
    asked = sergey.chat[-1]
    await sergey.says("/cancel")
    for about in (remark, asked):
        told = await sergey.replies(about, "передай Вере")
        assert "Казань" in told
        assert "Тверь" not in told


async def test_a_no_to_another_message_drops_nothing(anna: Person, sergey: Person) -> None:
    """A question is open, and «нет» answers something else: it waits on, as it does after a «да»."""
    await anna.says("/help")
    mine = anna.chat[-1]
    await anna.says("отгул завтра")
    for said in ("нет", "да"):
        assert (await anna.replies(mine, said)).startswith("Это ответ на другое сообщение."), said
    await anna.presses("Отправить")
    assert "Анна Ким" in await sergey.reads()


async def test_what_cannot_be_handed_over_is_asked_no_more(anna: Person, sergey: Person) -> None:
    """A refusal ends the question: its button does not refuse the same again."""
    await asks(anna)
    await sergey.reads()
    await sergey.says("передай Анне Ким")
    question = sergey.chat[-1]
    yes = action(question, "Передать")
    assert "никто не решает сам" in await sergey.presses("Передать")
    await sergey.taps(yes, question.id)
    assert (await sergey.reads()).startswith("Этот вопрос уже закрыт")


async def test_what_changed_is_read_back_anew(company: Company, anna: Person, sergey: Person, vera: Person) -> None:
    """The day changed after the question: the yes hands nothing over unseen, the next one does."""
    await yesterday(company, anna)
    await corrects(anna, "вчера ушла в 18:30")
    await sergey.says("передай Вере Беловой")
    await anna.sends("обед", at=company.at("2026-07-13T13:00"))
    await anna.sends("вернулась", at=company.at("2026-07-13T13:45"))
    await company.settle()
    await sergey.presses("Передать")
    assert "перерывы 45 мин" in sergey.chat[-1].text
    assert "➡️ Передать" in sergey.buttons
    await sergey.presses("Передать")
    assert "Исправление" in await vera.reads()


@pytest.mark.parametrize("said", ["вернуть в конце недели", "возвращаю деньги завтра"])
async def test_what_begins_another_sentence(company: Company, anna: Person, sergey: Person, said: str) -> None:
    """A word that would send back alone, and goes on without a pause, sends nothing back."""
    first, _ = await two(company, anna, sergey)
    await sergey.replies(first, said)
    assert ["pending", "pending"] == await states(company)
