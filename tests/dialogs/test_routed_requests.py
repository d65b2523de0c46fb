"""Requests on routes in chat, from the choice of a template to the outcome, on both messengers."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground import routed_form
from bot.services.approvals.courses import Courses
from bot.services.people.people import People
from tests.dialogs.routes import HEAD, cards, in_group, sent, stage, template, with_template
from tests.people import Company, Person

FIELDS = "Куда: Казань\nСумма: 50\xa0000\n"
SEEN = "Сейчас отвечают: Сергей Орлов (Head), срок: пн, 13 июля, 17:00\nЗатем: Ольга Смирнова (Money)"
CARD = f"📝 № 1 Поездка – Анна Ким\n{FIELDS}"


async def test_from_the_template_to_the_outcome(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Fields are asked one by one, who will be asked is shown first, and each card tells where it stands."""
    await with_template(company, template(stage("head", [HEAD]), stage("money", [in_group("fin")])), fin=[olga])
    await anna.verify_dialog(
        [
            ("/request", "Какую заявку подать?"),
            ("[Поездка]", "Поездка, 1 из 2\nКуда?"),
            ("Казань", "Поездка, 2 из 2\nСумма?\nНапишите сумму, например 150 000."),
            ("дорого", "Здесь нужна сумма, например 150 000. Напишите её цифрами."),
            (
                "50 000",
                f"Поездка – уйдёт вот что:\n{FIELDS}{SEEN}",
            ),
        ]
    )
    assert not sergey.chat
    waits = f"{CARD}Этап 1 из 2: Head\nОтвечают: Сергей Орлов\nСрок: пн, 13 июля, 17:00"
    assert waits == await anna.presses("Отправить")
    assert (["Отозвать"], ["✅ Согласовать", "❌ Отклонить", "💬 Комментарий"]) == (anna.buttons, sergey.buttons)
    assert [waits] == cards(sergey)
    second = f"{CARD}Этап 2 из 2: Money\nОтвечают: Ольга Смирнова\nСрок: пн, 13 июля, 17:00\n✅ Сергей Орлов, 09:00"
    assert second == await sergey.presses("Согласовать")
    assert [second] == cards(olga)
    ended = f"{CARD}✅ Сергей Орлов, 09:00\n✅ Ольга Смирнова, 09:00\n✅ Согласовано, 09:00"
    assert ended == await olga.presses("Согласовать")
    assert [ended] == cards(sergey)
    assert ended in anna.shown
    assert "№ 1 Поездка\n✅ Ольга Смирнова, 09:00\n✅ Согласовано, 09:00" == anna.chat[-1].text
    assert not any("Отозвать" in label for each in anna.chat for label in each.buttons)
    assert waits not in anna.shown


async def test_in_the_readers_language(company: Company, james: Person, sergey: Person) -> None:
    """The initiator reads English, the lead Russian; each card is in the reader's words."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(james, "Kazan")
    assert "📝 No. 1 A trip – James Carter\nWhere to: Kazan\nSum: 50\xa0000\n" in james.chat[-1].text
    assert "📝 № 1 Поездка – James Carter\nКуда: Kazan\n" in sergey.chat[-1].text
    await sergey.presses("Согласовать")
    assert james.chat[-1].text.endswith("✅ Сергей Орлов, 09:00\n✅ Approved, 09:00")


async def test_rejected_with_a_reason(company: Company, anna: Person, sergey: Person) -> None:
    """The reason is asked for, the request stays open until it is said, and its initiator reads it."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.verify_dialog(
        [
            ("[Отклонить]", "№ 1 Поездка: почему? Достаточно одной фразы, её прочтёт Анна Ким. На ответ 15 минут."),
            ("нет", "Достаточно одной фразы – или /cancel."),
        ]
    )
    assert "Отвечают: Сергей Орлов" in anna.chat[-1].text
    await company.restart()
    await sergey.says("нет бюджета на июль")
    assert "❌ Отклонено. Причину прочтёт Анна Ким." in sergey.shown
    assert anna.chat[-1].text.endswith("❌ Сергей Орлов, 09:00: «нет бюджета на июль»\n❌ Отклонено, 09:00")


async def test_sent_back_and_sent_again(company: Company, anna: Person, sergey: Person) -> None:
    """What is sent back can be changed field by field; the next round begins with what is new."""
    rework = {"rework": {"max_rounds": 1, "deadline": "2wd"}}
    track = {"actions": ["approve", "reject", "return"]}
    await with_template(company, template(stage("head", [HEAD], track=track), **rework))
    await sent(anna)
    old = next(button for each in sergey.chat for text, button in each.buttons.items() if "Согласовать" in text)
    await sergey.presses("На доработку")
    assert "№ 1 Поездка: что поправить? Достаточно одной фразы, её прочтёт Анна Ким. На ответ 15 минут." in sergey.shown
    assert ["↩️ Без пояснения", "✖️ Не нужно"] == sergey.buttons
    await sergey.presses("Без пояснения")
    assert "↩️ Отправлено на доработку." in sergey.shown
    assert "↩️ На доработке: можно изменить и отправить снова." in anna.chat[-1].text
    assert ["✏️ Изменить и отправить", "📨 Отправить как есть", "Отозвать"] == anna.buttons
    await anna.verify_dialog(
        [
            ("[Изменить и отправить]", "Поездка, 1 из 2\nКуда?\nСейчас: Казань"),
            ("[Оставить как есть]", "Поездка, 2 из 2\nСумма?\nСейчас: 50\xa0000\nНапишите сумму, например 150 000."),
            ("40 тыс", "Поездка – уйдёт вот что:\nКуда: Казань\nСумма: 40\xa0000…"),
        ]
    )
    await anna.presses("Отправить")
    assert "Сумма: 40\xa0000" in sergey.chat[-1].text
    assert "↩️ На доработку (последний круг: отклонит)" in sergey.buttons
    assert old.action is not None
    await sergey.taps(old.action.pack(), sergey.chat[0].id)  # a button of the former round decides nothing
    await sergey.reads()
    assert "Отвечают: Сергей Орлов" in anna.chat[-1].text
    await sergey.presses("Согласовать")
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:00")


async def test_each_messenger_offers_what_can_be_done(company: Company, sergey: Person) -> None:
    """News comes to one messenger; the card in the other can be used as well, and tells the same."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey, also="telegram")
    far = company.elsewhere(boris)
    track = {"actions": ["approve", "reject", "return"]}
    await with_template(company, template(stage("head", [HEAD], track=track), rework={"max_rounds": 1}))
    await sent(boris)
    await sergey.presses("На доработку")
    await sergey.presses("Без пояснения")
    offered = ["✏️ Изменить и отправить", "📨 Отправить как есть", "Отозвать"]
    assert (offered, offered) == (far.buttons, boris.buttons)
    assert far.chat[-1].text == boris.chat[-1].text
    await boris.presses("Отправить как есть")
    assert ["Отозвать"] == far.buttons
    assert "Отвечают: Сергей Орлов" in far.chat[-1].text


async def test_a_question_is_answered(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever began it answers below the question; whoever wanted to know reads it, and the card keeps it."""
    await with_template(company, template(stage("head", [HEAD], track={"actions": ["approve", "reject", "ask"]})))
    await sent(anna)
    await sergey.presses("Спросить")
    await sergey.says("Есть ли смета?")
    assert "№ 1 Поездка\n❓ Сергей Орлов: «Есть ли смета?»" == anna.shown[-1]
    await anna.verify_dialog([("[Ответить]", "№ 1 Поездка: что сказать? На ответ 15 минут.")])
    await anna.says("да")
    assert "💬 Записано: это видно всем, у кого есть карточка." in anna.shown
    assert "№ 1 Поездка\n💬 Анна Ким: «да»" == sergey.shown[-1]
    await sergey.presses("Согласовать")
    assert any("💬 Анна Ким: «да»\n✅" in each for each in anna.shown)


async def test_sent_back_in_the_last_round(company: Company, anna: Person, sergey: Person) -> None:
    """It is rejected, as the button says (E53)."""
    track = {"actions": ["approve", "reject", "return"], "comment_required": "always"}
    await with_template(company, template(stage("head", [HEAD], track=track), rework={"max_rounds": 1}))
    await sent(anna)
    await sergey.presses("На доработку")
    await sergey.says("уточни даты")
    assert "↩️ Отправлено на доработку. Причину прочтёт Анна Ким." in sergey.shown
    await anna.presses("Отправить как есть")
    await sergey.presses("последний круг")
    await sergey.says("так и не уточнено")
    assert "❌ Это был последний круг, поэтому заявка отклонена. Причину прочтёт Анна Ким." in sergey.shown
    assert "❌ Отклонено, 09:00" in anna.chat[-1].text


async def test_handed_over(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Whoever takes it over gets the card; the former card says who is asked; it goes to no one who asked for it."""
    delegation = {"policy": {"delegation": {"scope": "any"}}}
    track = {"actions": ["approve", "reject", "delegate"]}
    await with_template(company, template(stage("head", [HEAD], track=track), **delegation))
    await sent(anna)
    await sergey.presses("Передать")
    await sergey.says("Анна Ким")
    told = "Передать этому человеку нельзя: это автор заявки или тот, кого уже спросили."
    assert told in sergey.shown
    await sergey.presses("Передать")
    await sergey.says("Ольга Смирнова")
    assert "➡️ Передано: теперь отвечает Ольга Смирнова." in sergey.shown
    assert "Отвечают: Ольга Смирнова" in olga.chat[-1].text
    await olga.presses("Согласовать")
    assert "✅ Ольга Смирнова (за: Сергей Орлов), 09:00" in anna.chat[-1].text


async def test_taken_back_in_time_and_too_late(company: Company, anna: Person, sergey: Person) -> None:
    """Nothing is final before its time; after it nothing is taken back (E15, E16)."""
    await with_template(company, template(stage("head", [HEAD]), policy={"undo_seconds": 60}))
    await sent(anna)
    shown = await sergey.presses("Согласовать")
    assert "⏳ Решено. Решение можно вернуть в течение 1 мин." in shown
    assert "Согласовано" not in anna.chat[-1].text
    await company.move(timedelta(seconds=20))
    assert "Отвечают: Сергей Орлов" in await sergey.presses("Вернуть решение")
    again = await sergey.presses("Согласовать")
    assert "⏳ Решено" in again
    assert "↩️ Вернуть решение" not in sergey.buttons  # once only (E17)
    await company.move(timedelta(seconds=61))
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:01")


async def test_too_late_to_take_back(company: Company, anna: Person, sergey: Person) -> None:
    """The button that is still shown where nobody looked says so."""
    await with_template(company, template(stage("head", [HEAD]), policy={"undo_seconds": 60}))
    await sent(anna)
    await sergey.presses("Согласовать")
    back = next(button for each in sergey.chat for text, button in each.buttons.items() if "Вернуть" in text)
    await company.move(timedelta(seconds=61))
    assert back.action is not None
    await sergey.taps(back.action.pack(), sergey.chat[-1].id)
    told = "Вернуть уже поздно: решение окончательное. Можно подать новую заявку: /request"
    assert told == await sergey.reads()
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:01")


async def test_a_foreign_button(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """A forwarded card's button is worth nothing in other hands (E37)."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    button = next(button for each in sergey.chat for button in each.buttons.values())
    assert button.action is not None
    await olga.taps(button.action.pack(), "1")
    await olga.reads()
    assert "Отвечают: Сергей Орлов" in anna.chat[-1].text


async def test_pressed_twice(company: Company, anna: Person, sergey: Person) -> None:
    """The second press is told what the first did, and when (E01)."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    button = next(button for each in sergey.chat for button in each.buttons.values())
    assert button.action is not None
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=2))
    await sergey.taps(button.action.pack(), sergey.chat[0].id)
    assert "Вы это уже согласовали, 09:00." == await sergey.reads()


async def test_somebody_else_was_faster(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """One approval is enough: the other's card tells the outcome, and a late press is told who and when (E04)."""
    await with_template(company, template(stage("both", [in_group("fin")])), fin=[sergey, olga])
    await sent(anna)
    button = next(button for each in olga.chat for button in each.buttons.values())
    assert button.action is not None
    assert "Ответы: за 0, против 0, без ответа 2\nОтвечают: Сергей Орлов, Ольга Смирнова" in olga.chat[-1].text
    await sergey.presses("Согласовать")
    await olga.reads()
    assert olga.chat[-1].text.endswith("✅ Согласовано, 09:00")
    assert ["📄 Лист"] == olga.buttons
    await company.move(timedelta(seconds=10))
    await olga.taps(button.action.pack(), olga.chat[-1].id)
    assert "Решено 10 с назад: Сергей Орлов." == await olga.reads()


async def test_time_is_up(company: Company, anna: Person, sergey: Person) -> None:
    """The clock ends it, everybody's card says so, and a late press is told when (E39)."""
    await with_template(company, template(stage("head", [HEAD], deadline={"after": "1wh", "on_expire": "expire"})))
    await sent(anna)
    button = next(button for each in sergey.chat for button in each.buttons.values())
    assert button.action is not None
    await company.move("10:47")
    assert anna.chat[-1].text.endswith("⌛ Срок вышел, 10:00")
    assert sergey.chat[-1].text.endswith("⌛ Срок вышел, 10:00")
    await sergey.taps(button.action.pack(), sergey.chat[-1].id)
    assert "Срок вышел 47 мин назад: ответить уже нельзя." == await sergey.reads()


async def test_of_several_days(company: Company, anna: Person, sergey: Person) -> None:
    """What took days names them; that nobody answered in time is told without an answer that was given."""
    stages = (
        stage("head", [HEAD], track={"actions": ["approve", "reject", "comment"]}),
        stage("again", [HEAD], deadline={"after": "1wd", "on_expire": "reject"}),
    )
    await with_template(company, template(*stages))
    await sent(anna)
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    before = len(anna.chat)
    await company.move("2026-07-15T12:00")
    ended = "❌ Отклонено: никто не ответил в срок, вт, 14 июля, 09:00"
    assert any(each.endswith(f"✅ Сергей Орлов, пн, 13 июля, 09:00\n{ended}") for each in anna.shown)
    assert [f"№ 1 Поездка\n{ended}"] == [each.text for each in anna.chat[before:]]


async def test_reminders_are_one_message(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """Reminders that fall together are one message about everything that waits (E44)."""
    await with_template(company, template(stage("head", [HEAD], deadline={"after": "8wh", "remind_before": ["2h"]})))
    await sent(anna)
    await sent(james, "Kazan")
    before = len(sergey.chat)
    await company.move("15:00")
    (told,) = [each.text for each in sergey.chat[before:]]
    heading, *rows, last = told.splitlines()
    assert ("⏰ Вашего ответа ждут 2 заявки", "Ответить: /approvals") == (heading, last)
    assert ["• № 1 Поездка – Анна Ким", "• № 2 Поездка – James Carter"] == [each.partition(",")[0] for each in rows]
    assert all(each.endswith("срок: пн, 13 июля, 17:00") for each in rows)


@pytest.mark.parametrize(("presses", "ends"), [("approve", "✅ Согласовано"), ("veto", "❌ Отклонено")])
async def test_parallel_tracks_and_a_veto(
    company: Company, anna: Person, sergey: Person, olga: Person, presses: str, ends: str
) -> None:
    """Both tracks must approve; a rejection by whoever has a veto ends it at once."""
    law: dict[str, Any] = {
        "id": "law", "title": {"ru": "Юристы"}, "approvers": [in_group("law")], "rule": {"type": "any"},
        "veto": "anyone", "comment_required": "never",
    }  # fmt: skip
    fin = {"id": "fin", "title": {"ru": "Финансы"}, "approvers": [in_group("fin")], "rule": {"type": "any"}}
    both = {**stage("both", [HEAD]), "tracks": [law, fin]}
    boris = await company.hire("Борис Лавров", anna.channel)
    await with_template(company, template(both), law=[sergey, boris], fin=[olga])
    await sent(anna)
    assert "– Юристы: за 0, против 0, без ответа 2\n– Финансы: за 0, против 0, без ответа 1\n" in sergey.chat[-1].text
    if presses == "veto":
        await sergey.presses("Отклонить")
    else:
        await olga.presses("Согласовать")
        assert "– Финансы: за 1, против 0, без ответа 0" in anna.chat[-1].text
        await boris.reads()
        await boris.presses("Согласовать")
    assert ends in anna.chat[-1].text.splitlines()[-1]


async def test_withdrawn(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever asked takes it back; nobody can answer any more."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    assert (await anna.presses("Отозвать")).endswith("↩️ Заявка отозвана, 09:00")
    await sergey.reads()
    assert sergey.chat[-1].text.endswith("↩️ Заявка отозвана, 09:00")
    assert ["📄 Лист"] == sergey.buttons


async def test_in_the_list(company: Company, anna: Person, sergey: Person) -> None:
    """What waits is shown as a card that can be answered; the initiator sees who holds it."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.says("/approvals")
    assert "Вашего решения ждёт 1 заявка" in sergey.chat[-2].text
    await sergey.presses("Согласовать")
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:00")
    await sent(anna, "Пермь")
    assert "• № 2 Поездка. Отвечают: Сергей Орлов" in await anna.says("/approvals")


async def test_the_same_is_open(company: Company, anna: Person, sergey: Person) -> None:
    """Asked for once more with the same fields, the open one is shown (E58)."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sent(anna)
    assert "Точно такая ваша заявка уже идёт:" in anna.shown
    assert 1 == len(cards(sergey))


async def test_nobody_to_ask(company: Company, olga: Person) -> None:
    """The look before says so, and nothing can be sent."""
    await with_template(company, template(stage("head", [HEAD])))
    await olga.says("/request Поездка")
    await olga.says("Казань")
    assert (await olga.presses("Пропустить")).endswith(
        "⚠️ «Head»: спросить некого.\nСпросить некого, поэтому отправить нельзя. Посмотреть шаблон может администратор."
    )
    assert not olga.buttons


async def test_a_comment_reaches_both_sides(company: Company, anna: Person, sergey: Person) -> None:
    """What the lead says beside it is read by the initiator, and stands on the card."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.presses("Комментарий")
    await sergey.says("посмотрю вечером")
    assert "№ 1 Поездка\n💬 Сергей Орлов: «посмотрю вечером»" == anna.chat[-1].text
    assert "💬 Сергей Орлов: «посмотрю вечером»" in cards(sergey)[0]


async def test_whoever_left_is_not_waited_for(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Switched off while it waits: the seat goes to the next head up, who gets the card (E24)."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await olga.says("/disable Сергей Орлов")
    assert any("Отвечают: Ольга Смирнова" in each for each in olga.shown)
    await olga.presses("Согласовать")
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:00")


async def test_an_administrator_replaces_a_holder(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """On record; the former holder's card says who is asked now."""
    await with_template(company, template(stage("head", [HEAD])))
    boris = await company.hire("Борис Лавров", anna.channel)
    await sent(anna)
    await olga.says("/replace 1 Сергей Орлов, Борис Лавров")
    assert "➡️ Вместо этого отвечает Борис Лавров." in olga.shown
    await sergey.reads()
    assert "Отвечают: Борис Лавров" in sergey.chat[-1].text
    assert not sergey.buttons
    await boris.presses("Согласовать")
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:00")


async def test_as_the_control_of_the_sandbox_shows_it(company: Company, anna: Person, sergey: Person) -> None:
    """A request is told with the id of its stage, who is asked, how many answered, and what is still to be done."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    keys = {anna.employee_id: "anna", sergey.employee_id: "sergey"}

    async def shown() -> dict[str, Any]:
        async with company.storage.unit_of_work() as uow:
            (request,) = await uow.routed.of_portal(company.portal.id, 5)
        return routed_form(request, keys, ["head"])

    told = await shown()
    assert ("pending", "head", ["sergey"], {"head": [0, 0, 1]}, "main", 1) == tuple(
        told[name] for name in ("state", "stage", "holders", "tracks", "portal", "number")
    )
    await sergey.presses("Согласовать")
    told = await shown()
    assert ("approved", None, [], "sergey", True) == tuple(
        told[name] for name in ("state", "stage", "holders", "decided_by", "is_settled")
    )


async def test_the_people_are_read_once_for_all_that_waits(company: Company, anna: Person, sergey: Person) -> None:
    """However many requests a list shows, it is as of one instant; of a later one the people are read anew."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna, "Казань")
    await sent(anna, "Омск")
    now = company.clock.now()
    async with company.storage.unit_of_work() as uow:
        courses, holder = Courses(uow), await People(uow).get(sergey.employee_id, company.portal.id)
        assert holder is not None
        first, second = await courses.waiting_for(holder)
        people = (await courses.standing(first, now)).structure
        assert people is (await courses.standing(second, now)).structure
        assert people is not (await courses.standing(first, now + timedelta(minutes=1))).structure


async def test_a_form_that_is_filled_in_is_not_lost(company: Company, anna: Person) -> None:
    """Words that mean nothing leave the preview open; a bare mark is a mark, also while a field waits."""
    await with_template(company, template(stage("head", [HEAD])))
    await anna.says("/request")
    await anna.presses("Поездка")
    await anna.says("Казань")
    await anna.says("50000")
    await anna.verify_dialog([("ывапр", "Ещё не отправлено. Нажмите «Отправить» или напишите /cancel.")])
    await anna.presses("Отправить")
    assert "№ 1 Поездка" in anna.shown[-1]
    await anna.says("/request")
    await anna.presses("Поездка")
    assert (await anna.says("пришла")).startswith("🟢")
    assert 1 == len(await anna.sessions())
