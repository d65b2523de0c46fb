"""Rows of the table of cases of approval, on the whole way in chat: each test names its row."""

import json
from datetime import timedelta
from typing import Any

from bot.domain.approvals.routed import RoutedRequest
from bot.domain.people.employee import Role
from tests.dialogs.routes import HEAD, cards, in_group, sent, stage, template, with_template
from tests.people import Company, Person


async def requests(company: Company) -> list[RoutedRequest]:
    """Return the requests, oldest first."""
    async with company.storage.unit_of_work() as uow:
        return list(reversed(await uow.routed.of_portal(company.portal.id, 20)))


async def test_e12_only_words_are_a_reason(company: Company, anna: Person, sergey: Person) -> None:
    """A document is no reason: the question stays; a command ends it, and the seat stays open."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.presses("Отклонить")
    await sergey.attaches("smeta.txt", b"no reason")
    assert ["pending"] == [each.state for each in await requests(company)]
    await sergey.says("/cancel")
    await sergey.says("нет бюджета")
    assert ["pending"] == [each.state for each in await requests(company)]
    await sergey.presses("Согласовать")
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e14_no_stray_words_decide(company: Company, anna: Person, sergey: Person) -> None:
    """«Не согласовано», "don't approve it" and the like leave the seat open, whatever stands in them."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    for said in ("не согласовано", "не согласую", "нет, не надо согласовывать", "not approved", "don't approve it"):
        await sergey.says(said)
        (request,) = await requests(company)
        assert ("pending", 1) == (request.state, len(request.holders)), said
    await sergey.says("/cancel")
    await sergey.presses("Согласовать")
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e18_decided_elsewhere(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """A press on the copy that is late is refused, and that copy tells the outcome."""
    await with_template(company, template(stage("both", [in_group("fin")])), fin=[olga, sergey])
    await sent(anna)
    button = next(button for each in olga.chat for button in each.buttons.values())
    assert button.action is not None
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=1))
    await olga.taps(button.action.pack(), olga.chat[-1].id)
    assert "Решено 1 с назад: Сергей Орлов." == await olga.reads()
    assert cards(olga)[0].endswith("✅ Согласовано, 09:00")
    assert ["📄 Лист"] == [label for each in olga.chat for label in each.buttons]


async def test_e20_what_was_decided_meanwhile(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Of four that were shown two are decided meanwhile: two are done, two are listed with why not."""
    await with_template(company, template(stage("both", [in_group("fin")])), fin=[sergey, olga])
    for each in ("Казань", "Пермь", "Омск", "Тула"):
        await sent(anna, each)
    shown = await sergey.says("согласуй все")
    assert shown.startswith("Согласовать 4 заявки?\n1. № 1 Поездка, Анна Ким\nКуда: Казань\nСумма: 50\xa0000\n2. № 2")
    first, second, *_ = [each for each in olga.chat if each.buttons]
    for bubble in (first, second):
        action = next(button.action for label, button in bubble.buttons.items() if "Согласовать" in label)
        assert action is not None
        await olga.taps(action.pack(), bubble.id)
        await olga.reads()
    await sergey.presses("Да, все")
    assert ["approved"] * 4 == [each.state for each in await requests(company)]
    mine = [[entry.actor_id for entry in each.record if entry.what == "approve"] for each in await requests(company)]
    assert [[olga.employee_id]] * 2 + [[sergey.employee_id]] * 2 == mine
    rows = "\n".join(f"№ {each} Поездка, Анна Ким – ✅ Согласовано, 09:00" for each in (1, 2))
    assert f"✅ Согласовано заявок: 2\n{rows}" in sergey.shown


async def test_e21_whoever_leads_alone_asks_the_next(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """Nobody decides about what is their own: a group of oneself alone can be asked nothing, which is said before."""
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[anna])
    await anna.says("/request Поездка")
    await anna.says("Казань")
    assert "«Fin»: спросить некого." in await anna.presses("Пропустить")
    assert [] == await requests(company)
    assert not sergey.chat
    assert not olga.chat


async def test_e26_asked_where_they_are(company: Company, anna: Person) -> None:
    """Whoever has one messenger alone is asked there."""
    other = "telegram" if anna.channel == "bitrix24" else "bitrix24"
    boris = await company.hire("Борис Лавров", other, role=Role.LEAD)
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[boris])
    await sent(anna)
    await boris.presses("Согласовать")
    assert anna.chat[-1].text.endswith("✅ Согласовано, 09:00")


async def test_e26_invited_once(company: Company, anna: Person) -> None:
    """Whoever is asked in the portal's chat alone hears once, above the card, that there is Telegram; nobody else."""
    boris = await company.hire("Борис Лавров", "bitrix24", role=Role.LEAD)
    vera = await company.hire("Вера Соколова", "telegram")
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[boris, vera])
    await sent(anna)
    invitation = "💡 На такие заявки можно отвечать и в Telegram, одним касанием: /link"
    assert [invitation] == [each for each in boris.shown if "/link" in each]
    assert invitation == boris.shown[0]
    assert not any("/link" in each for each in vera.shown)
    await company.move(timedelta(days=400))
    await sent(anna, "Омск")
    assert 1 == sum("/link" in each for each in boris.shown)


async def test_e27_blocked_on_one_messenger(company: Company, anna: Person) -> None:
    """The card comes by the other one, with buttons that are sealed for it."""
    other = "telegram" if anna.channel == "bitrix24" else "bitrix24"
    boris = await company.hire("Борис Лавров", anna.channel, also=other)
    company.blocked.add(boris.key)
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[boris])
    await sent(anna)
    await company.move(timedelta(minutes=1))
    assert not boris.chat
    there = company.elsewhere(boris)
    await there.presses("Согласовать")
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e27_administrators_see_who_is_not_reached(company: Company, anna: Person, olga: Person) -> None:
    """The list of everybody counts whom messages do not reach, and says in which messenger."""
    assert "📵" not in await olga.says("/people")
    asked = [await company.hire(name, "telegram", also="bitrix24") for name in ("Борис Лавров", "Вера Соколова")]
    company.blocked |= {each.key for each in asked}
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=asked)
    await sent(anna)
    await company.move(timedelta(minutes=1))
    told = await olga.says("/people")
    assert "📵 Не доходит в Telegram: 2" in told
    assert "\nБорис Лавров – сотрудник, Telegram: не доходит" in told


async def test_e28_not_delivered_anywhere(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Whoever is next in the ladder is asked at once, not at the deadline; the card says that it did not arrive."""
    boris = await company.hire("Борис Лавров", anna.channel)
    company.blocked.add(boris.key)
    ladder = {"escalate": [{"to": [in_group("next")], "mode": "add", "extend": "4wh"}]}
    await with_template(company, template(stage("fin", [in_group("fin")], deadline=ladder)), fin=[boris], next=[sergey])
    await sent(anna)
    await company.move(timedelta(minutes=1))
    (request,) = await requests(company)
    assert {boris.employee_id, sergey.employee_id} == set(request.holders)
    assert "📵 Не доставлено: Борис Лавров, 09:0" in anna.chat[-1].text
    assert any("Борис Лавров" in each for each in olga.shown)
    await sergey.presses("Согласовать")
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e28_without_a_ladder(company: Company, anna: Person, olga: Person) -> None:
    """Where the template names nobody else, the head of whoever cannot be reached is asked beside them."""
    boris = await company.hire("Борис Лавров", anna.channel, lead=olga)
    company.blocked.add(boris.key)
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[boris])
    await sent(anna)
    await company.move(timedelta(minutes=1))
    await olga.presses("Согласовать")
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e35_a_group_changes_while_it_waits(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Seats stay as they were when the stage began; who was taken out of the group still answers."""
    await with_template(company, template(stage("fin", [in_group("fin")])), fin=[sergey])
    await sent(anna)
    await olga.says("группа fin: Ольга Смирнова")
    await olga.presses("Да")
    assert [(sergey.employee_id,)] == [each.holders for each in await requests(company)]
    await sergey.presses("Согласовать")
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e57_asked_again(company: Company, anna: Person, sergey: Person) -> None:
    """What was rejected stays so: asked again it is a new request, changed perhaps, whose parent is the old one."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sergey.presses("Отклонить")
    await sergey.says("дорого")
    await anna.verify_dialog(
        [
            ("[Подать снова]", "Поездка, 1 из 2\nКуда?\nСейчас: Казань"),
            ("[Оставить как есть]", "Поездка, 2 из 2\nСумма?\nСейчас: 50\xa0000\nНапишите сумму, например 150 000."),
            ("30000", "Поездка – уйдёт вот что:\nКуда: Казань\nСумма: 30\xa0000…"),
        ]
    )
    await anna.presses("Отправить")
    old, new = await requests(company)
    assert ("rejected", None, "pending", old.id) == (old.state, old.parent_id, new.state, new.parent_id)
    assert "📝 № 2 Поездка – Анна Ким\n🔁 Подана снова, после № 1\nКуда: Казань" in sergey.chat[-1].text


async def test_e57_in_words(company: Company, anna: Person, sergey: Person) -> None:
    """While it waits, whoever is asked is reminded, once an hour; once it has ended, it is asked for anew."""
    await with_template(company, template(stage("head", [HEAD])))
    await anna.verify_dialog([("спроси ещё раз", "Вы ещё не подавали заявок по шаблону. Начать: /request")])
    await sent(anna)
    before = len(sergey.chat)
    told = "⏰ № 1 Поездка: напоминание отправлено: Сергей Орлов."
    assert told == await anna.says("напомни согласующим")
    await company.move(timedelta(seconds=1))
    assert sergey.chat[before].text.startswith("⏰ Вашего ответа ждёт 1 заявка\n• № 1 Поездка – Анна Ким")
    again = "№ 1 Поездка: напоминание за последний час уже было: Сергей Орлов."
    assert again == await anna.says("спроси ещё раз")
    assert "Среди ваших заявок нет № 1." == await sergey.says("напомни по заявке 1")
    await anna.presses("Отозвать")
    assert (await anna.says("подай заявку 1 снова")).startswith("Поездка, 1 из 2\nКуда?\nСейчас: Казань")


async def test_e68_a_press_without_its_message(company: Company, anna: Person, sergey: Person) -> None:
    """A press whose message the messenger does not name any more decides as any other."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    button = next(button for each in sergey.chat for button in each.buttons.values())
    assert button.action is not None
    await sergey.taps(button.action.pack(), "999999")
    await sergey.reads()
    assert ["approved"] == [each.state for each in await requests(company)]


async def test_e70_a_template_changes_while_requests_run(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """What runs keeps the version that it began with; what begins later has the new one."""
    form: dict[str, Any] = template(stage("head", [HEAD]))
    await with_template(company, form)
    await sent(anna)
    form["route"]["stages"].append(stage("money", [in_group("fin")]))
    await olga.says("группа fin: Ольга Смирнова")
    await olga.presses("Да")
    await olga.attaches("trip.json", json.dumps(form).encode())
    await olga.presses("Да")
    await olga.presses("Включить")
    await sent(anna, "Пермь")
    assert [1, 2] == [each.template_version for each in await requests(company)]
    first = next(each for each in sergey.chat if "№ 1 Поездка" in each.text)
    action = next(button.action for label, button in first.buttons.items() if "Согласовать" in label)
    assert action is not None
    await sergey.taps(action.pack(), first.id)
    await sergey.reads()
    assert ["approved", "pending"] == [each.state for each in await requests(company)]
