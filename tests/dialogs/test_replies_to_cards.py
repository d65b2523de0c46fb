"""Words that answer a card are about its request, whatever else waits (E13)."""

from datetime import timedelta

from bot.domain.people.employee import Role
from tests.dialogs.routes import HEAD, in_group, sent, stage, template, with_template
from tests.dialogs.test_route_rows import requests
from tests.people import Bubble, Company, Person

ACTIONS = {"actions": ["approve", "reject", "return", "delegate", "ask", "comment"], "comment_required": "reject"}


async def two(company: Company, anna: Person, sergey: Person) -> tuple[Bubble, Bubble]:
    """Let two requests wait for Sergey, and return their cards."""
    more = {"rework": {"max_rounds": 2}, "policy": {"delegation": {"scope": "any"}}}
    await with_template(company, template(stage("head", [HEAD], track=ACTIONS), **more))
    await sent(anna, "Казань")
    await sent(anna, "Тверь")
    return card_of(sergey, "Казань"), card_of(sergey, "Тверь")


def card_of(person: Person, where: str) -> Bubble:
    """Return the newest card that names a place."""
    return next(each for each in reversed(person.chat) if f"Куда: {where}" in each.text)


async def states(company: Company) -> list[str]:
    """Return where the requests stand, oldest first."""
    return [each.state for each in await requests(company)]


async def reasons(company: Company) -> list[list[str]]:
    """Return what was said with answers and beside them, of each request."""
    return [[each.said for each in request.record if each.said] for request in await requests(company)]


async def test_e13_a_reason_belongs_to_the_message_it_answers(company: Company, anna: Person, sergey: Person) -> None:
    """Two are asked about: an answer to the first question, and one to the second card, each reject their own."""
    first, second = await two(company, anna, sergey)
    await sergey.taps(action(first, "Отклонить"), first.id)
    await sergey.reads()
    asked_first = sergey.chat[-1]
    await sergey.taps(action(second, "Отклонить"), second.id)
    await sergey.reads()
    assert ["pending", "pending"] == await states(company)
    await sergey.replies(asked_first, "дорого")
    assert ["rejected", "pending"] == await states(company)
    await sergey.says("некогда")
    assert ["rejected", "rejected"] == await states(company)
    assert [["дорого"], ["некогда"]] == await reasons(company)


async def test_e13_the_card_stands_for_its_question(company: Company, anna: Person, sergey: Person) -> None:
    """Two questions wait, and the card of the first is answered: that is the reason for the first."""
    first, second = await two(company, anna, sergey)
    for each in (first, second):
        await sergey.taps(action(each, "Отклонить"), each.id)
        await sergey.reads()
    await sergey.replies(first, "дорого")
    assert ["rejected", "pending"] == await states(company)
    await sergey.replies(second, "нет времени")
    assert [["дорого"], ["нет времени"]] == await reasons(company)


async def test_e13_the_reason_of_one_is_none_of_another(company: Company, anna: Person, sergey: Person) -> None:
    """Asked why about the first, and the card of the second is answered: the first waits on for its reason."""
    first, second = await two(company, anna, sergey)
    await sergey.taps(action(first, "Отклонить"), first.id)
    await sergey.reads()
    asked_first = sergey.chat[-1]
    told = await sergey.replies(second, "дорого")
    assert "№ 2 Поездка\n«дорого»\nЭтим пока ничего не решено. Что это значит?" == told
    assert ["✅ Согласовать", "❌ Отклонить", "↩️ На доработку", "💬 Просто комментарий", "✖️ Не нужно"] == sergey.buttons
    assert ["pending", "pending"] == await states(company)
    await sergey.presses("Отклонить")
    assert ["pending", "rejected"] == await states(company)
    await sergey.replies(asked_first, "и это дорого")
    assert [["и это дорого"], ["дорого"]] == await reasons(company)


async def test_e13_a_clear_no_with_its_reason(company: Company, anna: Person, sergey: Person) -> None:
    """«Нет, дорого» in answer to a card rejects that request, whoever else waits."""
    first, second = await two(company, anna, sergey)
    assert "❌ Отклонено. Причину прочтёт Анна Ким." == await sergey.replies(first, "нет, дорого")
    assert ["rejected", "pending"] == await states(company)
    assert first.text.endswith("❌ Сергей Орлов, 09:00: «дорого»\n❌ Отклонено, 09:00")
    assert "✅ Согласовано." == await sergey.replies(second, "согласовано")
    assert ["rejected", "approved"] == await states(company)
    assert [["дорого"], []] == await reasons(company)


async def test_e13_a_no_without_a_reason_is_asked_back(company: Company, anna: Person, sergey: Person) -> None:
    """Where the route wants a reason it is asked for, and only there."""
    first, _ = await two(company, anna, sergey)
    assert (await sergey.replies(first, "нет")).startswith("№ 1 Поездка: почему?")
    assert ["pending", "pending"] == await states(company)
    await sergey.says("дорого")
    assert ["rejected", "pending"] == await states(company)


async def test_e13_no_reason_where_none_is_wanted(company: Company, anna: Person, sergey: Person) -> None:
    """A route that wants none takes a bare no."""
    await with_template(company, template(stage("head", [HEAD], track={"comment_required": "never"})))
    await sent(anna)
    assert "❌ Отклонено." == await sergey.replies(card_of(sergey, "Казань"), "отклоняю")
    assert ["rejected"] == await states(company)


async def test_e13_a_yes_that_wants_a_sentence(company: Company, anna: Person, sergey: Person) -> None:
    """Where an approval wants words too, they are asked for, or taken from the answer."""
    await with_template(company, template(stage("head", [HEAD], track={"comment_required": "always"})))
    await sent(anna, "Казань")
    await sent(anna, "Тверь")
    assert "к согласованию" in await sergey.replies(card_of(sergey, "Казань"), "да")
    await sergey.says("по плану")
    await sergey.replies(card_of(sergey, "Тверь"), "согласовано: по плану")
    assert [["по плану"], ["по плану"]] == await reasons(company)
    assert ["approved", "approved"] == await states(company)


async def test_e13_questions_and_remarks(company: Company, anna: Person, sergey: Person) -> None:
    """A question in answer to a card goes to whoever asked, and their answer to it comes back."""
    first, _ = await two(company, anna, sergey)
    assert "❓ Спросили: вопрос получит Анна Ким." == await sergey.replies(first, "спроси, на сколько дней")
    asked = anna.chat[-1]
    assert "№ 1 Поездка\n❓ Сергей Орлов: «на сколько дней»" == asked.text
    await anna.replies(asked, "на три")
    assert "№ 1 Поездка\n💬 Анна Ким: «на три»" == sergey.chat[-1].text
    await sergey.replies(sergey.chat[-1], "почему так долго?")
    assert "№ 1 Поездка\n❓ Сергей Орлов: «почему так долго?»" == anna.chat[-1].text
    await sergey.replies(first, "комментарий: смета проверена")
    assert "№ 1 Поездка\n💬 Сергей Орлов: «смета проверена»" == anna.chat[-1].text
    assert ["pending", "pending"] == await states(company)


async def test_e13_sent_back(company: Company, anna: Person, sergey: Person) -> None:
    """What is to be changed may stand in the answer; the last round is told of before it rejects."""
    first, second = await two(company, anna, sergey)
    await sergey.replies(first, "на доработку: нет сметы")
    assert ["rework", "pending"] == await states(company)
    assert "что поправить" in await sergey.replies(second, "верни")
    await sergey.says("нет дат")
    assert ["rework", "rework"] == await states(company)


async def test_e13_doubtful_words_decide_nothing(company: Company, anna: Person, sergey: Person) -> None:
    """A condition, an opposite or a bare remark is asked about, and the words become a reason after a press alone."""
    first, _ = await two(company, anna, sergey)
    for said in ("да, но уточни сумму", "нет вопросов", "нет, пока не согласует юрист", "согласовать?", "посмотрю"):
        assert "Этим пока ничего не решено" in await sergey.replies(first, said), said
        assert ["pending", "pending"] == await states(company), said
    await sergey.presses("комментарий")
    assert [["посмотрю"], []] == await reasons(company)


async def test_e13_handing_over_in_a_reply(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """It is that request which goes to the other person."""
    del olga
    first, _ = await two(company, anna, sergey)
    told = await sergey.replies(first, "передай Ольге")
    assert "Казань" in told
    assert "Тверь" not in told


async def test_e13_a_settled_request(company: Company, anna: Person, sergey: Person) -> None:
    """The other request is not touched by words for one that is over; the answer says how it ended."""
    first, _ = await two(company, anna, sergey)
    await sergey.replies(first, "нет, дорого")
    assert "Вы это уже отклонили, 09:00." == await sergey.replies(first, "согласовано")
    assert ["rejected", "pending"] == await states(company)


async def test_e13_a_card_of_a_former_round(company: Company, anna: Person, sergey: Person) -> None:
    """The copy above shows the former round: nothing is decided by an answer to it, and the present card comes."""
    first, _ = await two(company, anna, sergey)
    await sergey.replies(first, "на доработку: нет сметы")
    await company.move(timedelta(minutes=1))
    await anna.presses("Отправить как есть")
    now = card_of(sergey, "Казань")
    assert now is not first
    await sergey.replies(first, "нет, дорого")
    assert any(each.startswith("Это старая карточка") for each in sergey.shown)
    assert ["pending", "pending"] == await states(company)
    assert "№ 1 Поездка" in sergey.chat[-1].text
    await sergey.replies(sergey.chat[-1], "согласовано")
    assert ["approved", "pending"] == await states(company)


async def test_e13_the_copy_in_the_other_messenger(company: Company, anna: Person) -> None:
    """Either copy is answered; both tell the outcome."""
    other = "telegram" if anna.channel == "bitrix24" else "bitrix24"
    boris = await company.hire("Борис Лавров", anna.channel, role=Role.LEAD, also=other)
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[boris])
    await sent(anna)
    there = company.elsewhere(boris)
    await boris.says("/approvals")
    await there.says("/approvals")
    here_card, there_card = card_of(boris, "Казань"), card_of(there, "Казань")
    await there.replies(there_card, "нет, дорого")
    await boris.reads()
    assert ["rejected"] == await states(company)
    assert "❌ Отклонено, 09:00" in here_card.text
    assert "❌ Отклонено, 09:00" in there_card.text


async def test_e13_nobody_elses_card(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """A card that was forwarded is not in one's own chat: an answer to it is an answer to nothing."""
    first, _ = await two(company, anna, sergey)
    await olga.forwards(first.text)
    await olga.replies(Bubble("777", first.text, {}), "согласовано")
    await olga.replies(first, "нет, дорого")
    assert ["pending", "pending"] == await states(company)


async def test_e13_a_message_that_is_unknown(company: Company, anna: Person, sergey: Person) -> None:
    """Words that answer something else are no reason for what is asked; the question waits on."""
    first, _ = await two(company, anna, sergey)
    await sergey.taps(action(first, "Отклонить"), first.id)
    await sergey.reads()
    assert (await sergey.replies(Bubble("777", "", {}), "дорого")).startswith("Это ответ на другое сообщение.")
    assert ["pending", "pending"] == await states(company)
    await sergey.says("дорого")
    assert ["rejected", "pending"] == await states(company)


async def test_e13_the_initiator_answers_their_card(company: Company, anna: Person, sergey: Person) -> None:
    """They say something to those who decide, or take it back; they decide nothing."""
    await two(company, anna, sergey)
    own = card_of(anna, "Казань")
    await anna.replies(own, "согласовано")
    assert ["pending", "pending"] == await states(company)
    await anna.replies(own, "билеты уже подорожали")
    assert "№ 1 Поездка\n💬 Анна Ким: «билеты уже подорожали»" == sergey.chat[-1].text
    await anna.replies(own, "отзови")
    assert ["withdrawn", "pending"] == await states(company)


async def test_e13_a_form_that_is_open_waits_on(company: Company, anna: Person, sergey: Person) -> None:
    """A card is answered in the middle of something else: that goes on where it was."""
    first, _ = await two(company, anna, sergey)
    await sergey.says("/request Поездка")
    await sergey.replies(first, "нет, дорого")
    assert ["rejected", "pending"] == await states(company)
    assert (await sergey.says("Омск")).startswith("Поездка, 2 из 2")


async def test_e13_words_of_their_own_mean_what_they_say(company: Company, anna: Person, sergey: Person) -> None:
    """A mark in answer to a card is a mark."""
    first, _ = await two(company, anna, sergey)
    assert (await sergey.replies(first, "пришёл")).startswith("🟢")
    assert ["pending", "pending"] == await states(company)


async def test_e13_requests_with_one_seat(company: Company, anna: Person, sergey: Person) -> None:
    """Requests with one seat are answered in the same way."""
    await anna.says("отпуск с 3 по 14 августа")
    await anna.presses("Отправить")
    await sergey.reads()
    card = sergey.chat[-1]
    assert "✅ Согласовать" in card.buttons
    assert "Этим пока ничего не решено" in await sergey.replies(card, "надо подумать")
    assert (await sergey.replies(card, "нет")).startswith("Почему нет?")
    await anna.says("отгул завтра")
    await anna.presses("Отправить")
    await sergey.reads()
    assert "✅ Согласовано." == await sergey.replies(sergey.chat[-1], "да, хорошо")
    await sergey.replies(card, "отклоняю: сдаём проект")
    assert "❌ Отклонено. Причину прочтёт Анна Ким." in sergey.shown
    assert "Отклонено" in card.text
    assert "сдаём проект" in card.text


async def test_e13_a_reply_to_something_else(anna: Person) -> None:
    """Words in answer to a message that is no card are plain words."""
    await anna.says("/help")
    assert (await anna.replies(anna.chat[-1], "пришла")).startswith("🟢")


def action(bubble: Bubble, label: str) -> str:
    """Return what the button of a message sends."""
    found = next(button.action for text, button in bubble.buttons.items() if label in text)
    assert found is not None
    return found.pack()
