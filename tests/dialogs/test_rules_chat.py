"""Rules of a portal in chat: said in a sentence, read back, tried, switched off and deleted; administrators alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.domain.people.employee import Identity, Role
from bot.ports import StageName
from tests.automation.making import form
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.people import Company, Person

STAGES = (
    StageName("NEW", "Новая", "Продажи"),
    StageName("CONTRACT", "Договор", "Продажи"),
    StageName("C5:NEW", "Договор", "Поставки"),
    StageName("C5:WON", "Подписан", "Поставки"),
    StageName("NEGOTIATION", "Negotiation", "Продажи"),
)
DEAL = {"title": "Поставка {кофе}", "stageId": "C5:WON", "opportunity": 400000, "assignedById": 4242, "updatedBy": 4242}
HERE = Identity("bitrix24", "", "4242", "4242")
ONLY_ADMINS = "Это может только администратор. Обратитесь к нему."


class Names:
    """What the portal calls things, and one deal of it."""

    def __init__(self) -> None:
        """Know of stages, fields and the deal 4711."""
        self.is_silent = False
        self.responsible = 4242

    async def smart_processes(self, realm: str) -> Mapping[int, str]:
        """Return two, whose names begin alike."""
        return {} if self.is_silent else {180: "Закупки", 184: "Закупки офиса"}

    async def stages(self, realm: str, kind: ObjectKind, type_id: int = 0) -> Sequence[StageName]:
        """Return the stages of deals, and of one smart process."""
        if (kind, type_id) == ("smart_process", 180):
            return [StageName("DT180_7:NEW", "Начало"), StageName("DT180_7:AGREE", "Согласование")]
        return () if self.is_silent or kind != "deal" else STAGES

    async def fields(self, realm: str, kind: ObjectKind, type_id: int = 0) -> Mapping[str, str]:
        """Return some fields."""
        names = ("title", "stageId", "assignedById", "responsibleId", "status")
        return {} if self.is_silent else {**dict.fromkeys(names, "Поле"), "opportunity": "Сумма"}

    async def values(self, realm: str, ref: ObjectRef) -> Mapping[str, Any] | None:
        """Return the deal."""
        deal = {**DEAL, "assignedById": self.responsible}
        return deal if ref in (ObjectRef("deal", 4711), ObjectRef("smart_process", 12, 180)) else None


@pytest.fixture
async def names(company: Company, olga: Person, anna: Person) -> Names:
    """Anna has the account 4242 on the portal; a template asks for a deal and a sum."""
    employee = await anna.employee()
    if employee.identity("bitrix24") is None:
        async with company.storage.unit_of_work() as uow:
            uow.employees.link(employee, replace(HERE, realm=company.portal.key))
            await uow.commit()
    names = Names()
    names.responsible = int((employee.identity("bitrix24") or HERE).account)
    company.messengers.catalogue = names
    fields = [
        {"key": "deal", "title": {"ru": "Сделка"}, "type": "deal", "required": True},
        {"key": "amount", "title": {"ru": "Сумма"}, "type": "money", "required": True},
        {"key": "why", "title": {"ru": "Тема"}, "type": "text"},
        {"key": "till", "title": {"ru": "Срок"}, "type": "date", "required": True},
    ]
    made = template(stage("head", [HEAD]), key="contract", title={"ru": "Договор", "en": "Contract"})
    await with_template(company, {**made, "form": fields})
    del olga
    return names


async def stored(company: Company) -> list[tuple[str, str, dict[str, Any]]]:
    """Return key, state and document of each rule."""
    found = await company.storage.unit_of_work().rules.of_portal(company.portal.id)
    return [(each.key, each.state.value, json.loads(each.document)) for each in found]


async def test_a_rule_is_said_asked_about_and_read_back(company: Company, names: Names, olga: Person) -> None:
    """Two pipelines have a stage of that name: it is asked; the yes switches it on; nothing is stored before."""
    del names
    await olga.verify_dialog(
        [
            (
                "когда сделка перешла в «Договор», согласовать по шаблону «Договор»",
                "Стадий «Договор» несколько. Какая из них?",
            ),
            (
                "[Договор (Поставки)]",
                (
                    "Когда сделка переходит на стадию «Договор»:\n– Отправить на согласование по шаблону «Договор».\n"
                    "⚠️ В форме есть поля, которых нет у объекта, они останутся пустыми: Срок.\n"
                    "После «да» правило сразу включится. Верно?"
                ),
            ),
        ]
    )
    assert [] == await stored(company)
    told = await olga.presses("Включить")
    assert told.startswith(
        "🟢 Правило включено: Сделка → Договор: Договор.\nКогда сделка переходит на стадию «Договор»:"
    )
    [(key, state, document)] = await stored(company)
    assert ("deal_approve", "on", "C5:NEW") == (key, state, document["when"]["value"])
    assert [
        {
            "do": "approve",
            "template": "contract",
            "fields": {"deal": "{id}", "amount": "{opportunity}", "why": "{title}"},
        }
    ] == document["do"]
    await olga.says("когда сделка перешла в «Договор», согласовать по шаблону «Договор»")
    assert (
        await olga.presses("Договор (Поставки)")
        == "Такое правило уже есть: Сделка → Договор: Договор. Ничего не изменилось."
    )


async def test_a_rule_about_a_smart_process(company: Company, names: Names, olga: Person) -> None:
    """It is found by its name, has stages of its own, and the rule says whose elements it looks at; it can be tried."""
    said = "когда элемент процесса «Закупки» перешёл в «Согласование», согласовать по шаблону «Договор»"
    told = await olga.says(said)
    assert told.startswith(
        "Когда элемент процесса «Закупки» переходит на стадию «Согласование»:\n"
        "– Отправить на согласование по шаблону «Договор»."
    )
    assert (await olga.presses("Включить")).startswith("🟢 Правило включено: Закупки → Согласование: Договор.")
    [(key, _, document)] = await stored(company)
    assert ("smart_process_approve", {"kind": "smart_process", "type_id": 180}, "DT180_7:AGREE") == (
        key, document["object"], document["when"]["value"],
    )  # fmt: skip
    assert "Закупки → Согласование: Договор" in await olga.says("что было бы с элементом 12 процесса «Закупки»?")
    assert "№" not in await olga.says("что было бы с элементом 13 процесса «Закупки»?")
    names.is_silent = True
    assert "не вижу" in await olga.says(said)


async def test_a_smart_process_of_no_or_of_several_names(names: Names, olga: Person) -> None:
    """Which one is asked with buttons; one that is not there is said, with those that are."""
    del names
    added = "когда появился элемент процесса «{}», написать комментарий «Привет»"
    assert "Какой смарт-процесс имеется в виду?" == await olga.says(added.format("закуп"))
    told = await olga.presses("Закупки офиса")
    assert told.startswith("Когда появился элемент процесса «Закупки офиса»:\n– Написать")
    assert "Закупки, Закупки офиса" in await olga.says(added.format("Отпуска"))


async def test_a_rule_in_english(company: Company, names: Names, olga: Person, channel: str) -> None:
    """The other language, with one stage of that name."""
    del names, olga
    emma = await company.hire("Emma Stone", channel, role=Role.ADMIN, locale="en")
    told = await emma.says("when a deal moves to Negotiation, ask for approval by Contract")
    assert told.startswith(
        "When a deal comes to the stage “Negotiation”:\n– Approval is asked for by the template “Contract”."
    )
    assert (await emma.says("yes")).startswith("🟢 The rule is on: Deal → Negotiation: Contract.")
    assert ["on"] == [state for _, state, _ in await stored(company)]


async def test_lead_to_task_and_its_life(company: Company, names: Names, olga: Person) -> None:
    """Listed, shown, switched off and on, deleted after a yes."""
    del names
    await olga.verify_dialog(
        [
            (
                "когда появился лид, поставить задачу ответственному «Позвонить» со сроком 1 рабочий день",
                (
                    "Когда появился лид:\n"
                    "– Поставить задачу «Позвонить», исполнитель: ответственный, срок: 1 рабочий день.\n"
                    "После «да» правило сразу включится. Верно?"
                ),
            ),
            ("да", "🟢 Правило включено: Лид: появление: Позвонить.…"),
            ("/rules", "⚙️ Правила портала\n🟢 Лид: появление: Позвонить: включено…"),
            ("[Лид: появление]", "⚙️ Лид: появление: Позвонить\n🟢 Включено, версия 1\nКогда появился лид:…"),
            ("[Выключить]", "⚙️ Лид: появление: Позвонить\n⚪️ Выключено, версия 1…"),
            ("включи правило позвонить", "⚙️ Лид: появление: Позвонить\n🟢 Включено, версия 1…"),
            (
                "удали правило позвонить",
                "Удалить правило Лид: появление: Позвонить?…",
            ),
            ("[Удалить]", "🗑 Удалено: Лид: появление: Позвонить."),
            ("правила", "⚙️ Правила портала\nПока ни одного.…"),
            ("выключи правило позвонить", "Правил пока нет. Как их составить: /rules"),
        ]
    )
    assert ["gone"] == [state for _, state, _ in await stored(company)]


async def test_ready_made_ones(company: Company, names: Names, olga: Person) -> None:
    """Four buttons below the list; what only the administrator can tell is asked by buttons."""
    del names
    await olga.says("/rules")
    assert await olga.presses("Сделка → согласование") == "О какой стадии речь?"
    assert await olga.presses("Подписан (Поставки)") == "По какому шаблону согласовывать?"
    assert (await olga.presses("Договор")).startswith("Когда сделка переходит на стадию «Подписан»:")
    await olga.presses("Включить")
    await olga.says("/rules")
    assert (await olga.presses("Задача → заявка")).startswith(
        "Когда изменилась задача, и при этом поле «Поле» изменилось:\n– Сообщить в заявку"
    )
    await olga.presses("Включить")
    await olga.says("/rules")
    assert (await olga.presses("Лид → задача")).startswith(
        "Когда появился лид:\n– Поставить задачу «Позвонить: {title}»"
    )
    assert "Вопрос снят. Ничего не изменено." == await olga.presses("Нет")
    assert ["deal_approve", "task_tell_request"] == [key for key, _, _ in await stored(company)]


async def test_what_would_happen(company: Company, names: Names, olga: Person, anna: Person) -> None:
    """The deal as it is now, with its values in the texts and who would get what; nothing is stored."""
    del names, anna
    await olga.says("когда сделка перешла в Подписан, поставить задачу ответственному «Отправить {title}»")
    await olga.says("да")
    await olga.says("когда сделка перешла в Новая, написать комментарий «{title}»")
    await olga.says("да")
    told = await olga.says("что было бы со сделкой 4711?")
    assert told == (
        "🔎 Поставка {кофе}: что сделали бы правила прямо сейчас. На деле ничего не происходит.\n"
        "⚪️ Сделка → Новая: комментарий: ничего, условие не выполнено\n"
        "🟢 Сделка → Подписан: Отправить {title}:\n"
        "– Поставить задачу «Отправить Поставка {кофе}», исполнитель: ответственный. → Анна Ким"
    )
    assert [] == await company.storage.unit_of_work().errands.waiting(company.portal.id)
    assert (await olga.says("что было бы со сделкой 9?")).startswith("Портал не показывает мне такой объект")


async def test_what_cannot_be_made(company: Company, names: Names, olga: Person, sergey: Person) -> None:
    """Each in one kind sentence; nothing is stored."""
    account = (await sergey.employee()).identity("bitrix24")
    await olga.verify_dialog(
        [
            (
                "когда сделка перешла в Склад, согласовать по шаблону Договор",
                "На портале нет стадии «Склад». Есть: Новая, Договор, Подписан, Negotiation",
            ),
            ("когда сделка перешла в Подписан, согласовать по шаблону Аренда", "Не знаю шаблона «Аренда». Есть: …"),
        ]
    )
    if account is None:
        told = await olga.says("когда сделка перешла в Подписан, уведомить Сергей Орлов «Готово»")
        assert told == "Сергей Орлов: на портале нет такой учётной записи, поэтому поручить там ничего нельзя."
    names.is_silent = True
    told = await olga.says("когда сделка перешла в Подписан, согласовать по шаблону Договор")
    assert told.startswith("Сейчас не получается прочитать стадии портала.")
    assert [] == await stored(company)


async def test_nobody_else(company: Company, names: Names, sergey: Person, anna: Person) -> None:
    """Leads and employees make no rules and see none."""
    del names
    for person in (sergey, anna):
        for said in ("/rules", "когда появился лид, поставить задачу «Позвонить»", "что было бы со сделкой 4711?"):
            assert ONLY_ADMINS == await person.says(said)
    assert [] == await stored(company)


async def test_as_a_file(company: Company, names: Names, olga: Person) -> None:
    """A file is read back, kept after a yes, and sent back as a file; faults are told one by one."""
    del names
    content = json.dumps(form(when={"op": "cmp", "field": "ufCrmGone", "test": "changed"})).encode()
    told = await olga.attaches("rule.json", content)
    assert "⚠️ На портале нет таких полей: ufCrmGone." in told
    await olga.presses("Включить")
    again = await olga.attaches("rule.json", content)
    assert "Оно заменит правило с тем же ключом" in again
    await olga.says("да")
    assert [("contract", "off"), ("contract", "on")] == [(key, state) for key, state, _ in await stored(company)]
    await olga.says("пришли правило Договор")
    assert [("contract-2.json", 2)] == [
        (each.name, json.loads(each.content)["version"]) for each in olga.chat[-1].files
    ]
    faulty = await olga.attaches("rule.json", json.dumps(form(event="moved")).encode())
    assert "• event: " in faulty
    assert [] == [each for each in await stored(company) if each[2]["event"] == "moved"]


async def test_a_request_that_a_rule_began_reaches_whoever_it_is_for(
    company: Company, names: Names, olga: Person, anna: Person, sergey: Person
) -> None:
    """Who moved the deal has said nothing here: they get the card, with the button that withdraws it."""
    del names
    await olga.says("когда сделка перешла в Negotiation, согласовать по шаблону «Договор»")
    await olga.says("да")
    now, before, after = company.clock.now(), DEAL, {**DEAL, "stageId": "NEGOTIATION"}
    own = (await anna.employee()).identity("bitrix24") or HERE
    change = ObjectChange(
        ObjectRef("deal", 4711), "changed", before, after, now, (Move("NEGOTIATION", now),), own.account
    )
    await company.happens(change)
    assert "📝 № 1 Договор – Анна Ким" in await anna.reads()
    assert ["Отозвать"] == anna.buttons
    assert "📝 № 1 Договор – Анна Ким" in await sergey.reads()
    await anna.presses("Отозвать")
    assert ["withdrawn"] == [
        each.state for each in await company.storage.unit_of_work().routed.of_portal(company.portal.id, 5)
    ]


async def test_who_is_told_of_trouble(company: Company, names: Names, olga: Person, anna: Person) -> None:
    """A template that is gone: administrators hear of it once, by the rule's name."""
    del names, anna
    await olga.attaches("rule.json", json.dumps(form(do=[{"do": "approve", "template": "gone"}])).encode())
    await olga.presses("Включить")

    async def happen(at: int) -> None:
        now, before, after = company.clock.now(), {**DEAL, "stageId": "NEW"}, {**DEAL, "stageId": "CONTRACT"}
        moves = (Move("CONTRACT", now),)
        change = ObjectChange(ObjectRef("deal", at), "changed", before, after, now, moves, "4242")
        await company.happens(change)

    before = len(olga.shown)
    await happen(1)
    await happen(2)
    await olga.reads()
    assert [
        (
            "❗️ Правило «Договор» выполнено не полностью\nПричина: шаблон «gone» выключен или удалён.\n"
            "Всё остальное сделано. Больше не напомню, пока это не исправят: /rules"
        )
    ] == [each for each in olga.shown[before:] if not each.startswith("💡")]


async def test_a_task_without_a_name_is_called_as_its_object_is(company: Company, names: Names, olga: Person) -> None:
    """«Поставить задачу Анне» is enough: no name is asked for."""
    del names
    said = await olga.says("когда сделка перешла в «Подписан», поставить задачу Анне со сроком 1 рабочий день")
    assert "Анна Ким" in said
    await olga.says("да")
    [(_, state, rule)] = await stored(company)
    assert "on" == state
    assert ("task", "{title}", "1wd") == tuple(rule["do"][0][each] for each in ("do", "title", "deadline"))
