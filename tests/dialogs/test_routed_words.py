"""Requests on routes in people's own words, on both messengers."""

from typing import Any

from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.people import Company, Person

FORMS: dict[str, list[dict[str, Any]]] = {
    "discount": [
        {"key": "deal", "title": {"ru": "Сделка", "en": "Deal"}, "type": "deal"},
        {"key": "amount", "title": {"ru": "Сумма", "en": "Sum"}, "type": "money", "required": True},
        {"key": "part", "title": {"ru": "Скидка, %", "en": "Discount, %"}, "type": "number", "required": True},
    ],
    "taxi": [
        {"key": "sum", "title": {"ru": "Сумма", "en": "Sum"}, "type": "money", "required": True},
        {"key": "why", "title": {"ru": "На что", "en": "What for"}, "type": "text", "required": True},
    ],
}


def asked_by(key: str, ru: str, en: str, subject: str, form: str) -> dict[str, Any]:
    """Return a template of one stage with one of the forms."""
    found = template(stage("head", [HEAD]), key=key, title={"ru": ru, "en": en}, subjects=[subject])
    return {**found, "form": FORMS[form]}


DISCOUNT = asked_by("deal_discount", "Скидка по сделке", "Deal discount", "deal", "discount")
EXPENSE = asked_by("spent", "Расход", "Expense", "expense", "taxi")
CHAIRS = asked_by("chairs", "Закупка мебели", "Buying furniture purchase", "custom", "taxi")
PAPER = asked_by("paper", "Закупка бумаги", "Paper purchase", "custom", "taxi")


async def test_a_form_begins_with_what_was_said(company: Company, anna: Person, sergey: Person) -> None:
    """Percents, the deal and the sum stand in their fields; only what is missing is asked for."""
    await with_template(company, DISCOUNT)
    await anna.verify_dialog(
        [
            (
                "согласование скидки 12 % по сделке 4711",
                "Скидка по сделке, 2 из 3\nСумма?\nНапишите сумму, например 150 000.",
            ),
            ("400 000", "Скидка по сделке – уйдёт вот что:\nСделка: 4711\nСумма: 400\xa0000\nСкидка, %: 12…"),
        ]
    )
    await anna.presses("Отправить")
    assert "Скидка, %: 12" in sergey.chat[-1].text


async def test_all_was_said(company: Company, james: Person) -> None:
    """Where nothing is missing, what would be sent is shown at once."""
    await with_template(company, EXPENSE)
    shown = await james.says("approve an expense 12,000 for a taxi")
    assert shown.startswith("Expense – this would be sent:\nSum: 12\xa0000\nWhat for: taxi\n")


async def test_the_rest_of_a_title_is_no_value(company: Company, anna: Person) -> None:
    """Where one template is meant, words that go on with its title fill in nothing; what comes after them does."""
    await with_template(company, PAPER)
    await anna.verify_dialog(
        [
            ("согласование закупки бумаги 30 тыс", "Закупка бумаги, 2 из 2\nНа что?"),
            ("/cancel", "Вопрос снят. Ничего не изменено."),
        ]
    )
    assert "На что: для принтера" in await anna.says("согласование закупки бумаги для принтера 30 тыс")


async def test_several_templates_are_offered(company: Company, anna: Person) -> None:
    """What was said waits for the choice, by a button or a name; words after it tell them apart at once."""
    for each in (CHAIRS, PAPER, EXPENSE):
        await with_template(company, each)
    asked = "Какую из этих?"
    await anna.verify_dialog(
        [
            ("согласование закупки 30 тыс", asked),
            ("[Закупка бумаги]", "Закупка бумаги, 2 из 2\nНа что?"),
            ("/cancel", "Вопрос снят. Ничего не изменено."),
            ("согласование закупки 30 тыс", asked),
            ("мебели", "Закупка мебели, 2 из 2\nНа что?"),
            ("/cancel", "Вопрос снят. Ничего не изменено."),
            ("согласование закупки бумаги 30 тыс", "Закупка бумаги, 2 из 2\nНа что?"),
        ]
    )


async def test_no_template_of_that_name(company: Company, anna: Person, james: Person) -> None:
    """One sentence says so, and what can be asked for stands below it."""
    await with_template(company, EXPENSE)
    told = "Шаблона «договора» здесь нет. Вот что можно подать:"
    assert told == await anna.says("запусти согласование договора с Ромашкой")
    assert ["Расход"] == anna.buttons
    told = "There is no template “invoice” here. This can be asked for:"
    assert told == await james.says("approval of an invoice 45,000")
    assert ["Expense"] == james.buttons


async def test_a_subject_names_its_template(company: Company, anna: Person) -> None:
    """«Расход» is the template about expenses, whatever its title."""
    await with_template(company, asked_by("spent", "Комитет", "Committee", "expense", "taxi"))
    assert "Комитет – уйдёт вот что:" in await anna.says("прошу согласовать расход 12 000 руб на такси")


async def test_no_template_is_on(anna: Person, james: Person, olga: Person) -> None:
    """Who can switch one on is named; an administrator is told where."""
    told = "Ни один шаблон, по которому вы можете подать заявку, не включён. Кого попросить: Ольга Смирнова"
    assert told == await anna.says("согласование скидки 12 % по сделке 4711")
    assert "Ольга Смирнова" in await james.says("approve an expense 12,000 for a taxi")
    assert (await olga.says("согласование скидки 12 % по сделке 4711")).endswith("Включить можно здесь: /templates")


async def test_who_holds_it(company: Company, anna: Person, sergey: Person, james: Person) -> None:
    """Each that runs is told with who decides, beside those with one seat; a number or a name picks one."""
    await with_template(company, template(stage("head", [HEAD])))
    await with_template(company, EXPENSE)
    await sent(anna)
    await anna.says("прошу согласовать расход 12 000 руб на такси")
    await anna.presses("Отправить")
    await anna.says("отпуск с 3 по 7 августа")
    await anna.presses("Отправить руководителю")
    told = await anna.says("у кого моя заявка?")
    listed = anna.chat[-2].text.splitlines()
    assert ["Ваши заявки:", "• № 2 Расход. Отвечают: Сергей Орлов", "• № 1 Поездка. Отвечают: Сергей Орлов"] == listed[
        :3
    ]
    assert "Отпуск" in listed[3]
    assert told.startswith("📝 № 2 Расход")
    assert (await anna.says("у кого заявка 1?")).startswith("📝 № 1 Поездка – Анна Ким")
    assert (await anna.says("/requests 2")).startswith("📝 № 2 Расход – Анна Ким")
    await anna.says("на ком висит расход?")
    assert "Ваши заявки:\n• № 2 Расход. Отвечают: Сергей Орлов" == anna.chat[-2].text
    assert (await sergey.says("у кого заявка 1?")).startswith("📝 № 1 Поездка – Анна Ким")
    assert (await james.says("who holds request 1?")).startswith("No request of yours has the number 1.")


async def test_withdrawn_in_words(company: Company, anna: Person, sergey: Person) -> None:
    """The only one is taken back at once, one by its number too; a name among several is read back first."""
    await with_template(company, template(stage("head", [HEAD])))
    await with_template(company, EXPENSE)
    await sent(anna)
    await anna.says("отзови мою заявку")
    assert "↩️ Отозвано: № 1 Поездка" in anna.shown
    assert "↩️ Заявка отозвана, 09:00" in sergey.chat[-1].text
    await sent(anna, "Омск")
    await anna.says("прошу согласовать расход 12 000 руб на такси")
    await anna.presses("Отправить")
    assert (await anna.says("отзови мою заявку")).endswith("Какую отозвать?")
    assert ["Отозвать: № 3 Расход", "Отозвать: № 2 Поездка"] == anna.buttons
    assert (await anna.says("отзови заявку на расход")).startswith("Отозвать эту заявку?\n📝 № 3 Расход")
    await anna.says("нет")
    assert "Отвечают: Сергей Орлов" in sergey.chat[-1].text
    await anna.says("отзови заявку на расход")
    await anna.presses("Отозвать")
    assert "↩️ Отозвано: № 3 Расход" in anna.shown
    await anna.says("отзови заявку 2")
    assert "↩️ Отозвано: № 2 Поездка" in anna.shown
    assert (await anna.says("отзови заявку 9")).startswith("Среди ваших заявок нет № 9.")


async def test_an_english_reader(company: Company, james: Person) -> None:
    """The same words in English."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(james, "Kazan")
    await james.says("who holds my request?")
    assert "Your requests:\n• No. 1 A trip. Decides: Сергей Орлов" == james.chat[-2].text
    await james.says("withdraw my request")
    assert "↩️ Withdrawn: No. 1 A trip" in james.shown


ALL_ACTIONS = {"actions": ["approve", "reject", "return", "delegate"]}
ANYBODY = {"policy": {"delegation": {"scope": "any"}}}


async def test_handed_over_in_words(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """The only one that waits is read back with whom it goes to; where several wait, it is asked which."""
    await with_template(
        company, template(stage("head", [HEAD], track=ALL_ACTIONS), rework={"max_rounds": 2}, **ANYBODY)
    )
    await sent(anna)
    assert (await sergey.says("передай Ольге")).startswith("Передать эту заявку (Ольга Смирнова)?\n📝 № 1 Поездка")
    await sergey.says("да")
    assert "➡️ Передано: теперь отвечает Ольга Смирнова." in sergey.shown
    assert "Отвечают: Ольга Смирнова" in olga.chat[-1].text
    await sent(anna, "Омск")
    await sent(anna, "Тула")
    assert "Какую передать (Ольга Смирнова)?" == await sergey.says("передай Ольге")
    await sergey.presses("№ 3 Поездка")
    await sergey.presses("Передать")
    assert "№ 3 Поездка" in olga.chat[-1].text


async def test_nothing_to_hand_over(sergey: Person, olga: Person) -> None:
    """Where nothing waits, that is said, and what could be handed over: of every kind, not on routes alone."""
    del olga
    told = (await sergey.says("передай Ольге")).splitlines()
    assert "Вашего решения сейчас ничего не ждёт, так что передавать нечего." == told[0]
    assert told[1].startswith("Что ждёт вас, можно передать такими же словами: исправления, отпуска и переработку")
    assert "«меня замещает Анна до пятницы»" in told[2]


async def test_what_waits_for_nobody_here_is_not_handed_over(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """Words to the card of a request that is over, while another waits: that one does not go instead of it."""
    await with_template(
        company, template(stage("head", [HEAD], track=ALL_ACTIONS), rework={"max_rounds": 2}, **ANYBODY)
    )
    await sent(anna)
    over = sergey.chat[-1]
    await sergey.presses("Согласовать")
    await sent(anna, "Омск")
    told = await sergey.replies(over, "передай Ольге")
    assert told.startswith("Эта заявка вашего решения не ждёт, передать её нельзя. Что ждёт: /approvals")
    assert [] == [each for each in olga.shown if "Омск" in each]


async def test_sent_back_in_words(company: Company, anna: Person, sergey: Person) -> None:
    """What is sent back is read back with the reason, and asked for where none was said."""
    await with_template(company, template(stage("head", [HEAD], track=ALL_ACTIONS), rework={"max_rounds": 2}))
    await sent(anna)
    shown = await sergey.says("верни на доработку: нет сметы")
    assert shown.startswith("Отправить на доработку?\n📝 № 1 Поездка")
    assert shown.endswith("Что изменить: нет сметы")
    await sergey.says("да")
    assert "↩️ Сергей Орлов, 09:00: «нет сметы»" in anna.chat[-1].text
    await anna.presses("Отправить как есть")
    await sergey.says("верни на доработку")
    await sergey.says("уточните даты")
    assert "«уточните даты»" in anna.chat[-1].text


async def test_all_approved_in_words(company: Company, anna: Person, james: Person, sergey: Person) -> None:
    """Requests on routes stand in the list before, each is decided by itself, and one that was decided is told."""
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await sent(james, "Kazan")
    await anna.says("отпуск с 3 по 7 августа")
    await anna.presses("Отправить руководителю")
    shown = await sergey.says("согласуй все")
    assert shown.startswith("Согласовать 3 заявки?\n")
    assert "2. № 1 Поездка, Анна Ким\nКуда: Казань\nСумма: 50\xa0000\n3. № 2 Поездка, James Carter\n" in shown
    await james.says("withdraw my request")
    await sergey.says("да")
    told = [each.text for each in sergey.chat if each.text.startswith("✅")]
    assert ["✅ Согласовано заявок: 2\n№ 2 Поездка, James Carter – ↩️ Заявка отозвана, 09:00"] == told
    assert anna.chat[-1].text.endswith("Согласовано, 09:00")
