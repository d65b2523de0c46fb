"""Templates and groups in chat: administrators list, fill in, try, switch, bring and take them; nobody else does."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approvals.built_in import built_in as built_in_routes
from bot.domain.people.employee import Role
from bot.domain.people.staff import Department, Employment
from bot.ids import new_id
from tests.people import Company, Person

LIST = """📄 Шаблоны заявок
📝 Расход (комитет): черновик, версия 1
📝 Договор: черновик, версия 1
📝 Скидка по сделке: черновик, версия 1
📝 Отпуск: черновик, версия 1
Пришлите файл JSON, чтобы добавить шаблон или новую версию. Группы людей: /groups"""
ONLY_TEXT = "Я читаю только текст. Напишите, пожалуйста, словами: /help"
DENIED = "Это может только администратор. Обратитесь к нему."


@pytest.fixture
async def boris(company: Company, channel: str, sergey: Person) -> Person:
    """Another employee of Sergey's."""
    return await company.hire("Борис Лавров", channel, lead=sergey)


async def fill_in_discount(olga: Person) -> None:
    """Name everybody whom the discount's template leaves blank."""
    await olga.verify_dialog(
        [
            ("шаблон скидка", "📄 Скидка по сделке…"),
            ("[Заполнить]", "Кто руководит продажами? Напишите имя, несколько через запятую или отдел."),
            ("Сергей", "Директора по продажам: Сергей Орлов. Верно?"),
            ("[Да]", "Кто контролирует финансы? Напишите имя, несколько через запятую или отдел."),
            ("Борис и Анна", "Финансовые контролёры: Борис Лавров, Анна Ким. Верно?"),
            ("да", "Кто директор? Напишите имя, несколько через запятую или отдел."),
            ("[Ольга Смирнова]", "Директор: Ольга Смирнова. Верно?"),
            ("[Да]", "Всё заполнено: Скидка по сделке."),
        ]
    )


async def switch_on_discount(olga: Person) -> None:
    """Have the discount's template on."""
    await fill_in_discount(olga)
    assert "🟢 Включён: Скидка по сделке, версия 1." == await olga.presses("Включить")


def stored(folder: Path, what: str) -> list[tuple[Any, ...]]:
    """Read the database beside the program."""
    with closing(sqlite3.connect(folder / "company.db")) as database:
        return database.execute(what).fetchall()


async def test_ready_made_ones_are_there_as_drafts(olga: Person) -> None:
    """Every portal begins with the four, none of them on, and one with blanks cannot be switched on."""
    assert LIST == await olga.says("/templates")
    shown = await olga.presses("Договор")
    assert shown.startswith("📄 Договор\n📝 Договор: черновик, версия 1\n1. «Проверка»")
    assert "❗️ Не заполнено: Юристы, хотя бы 2 человека." in shown
    assert "🟢 Включить" not in olga.buttons
    assert (await olga.says("включи шаблон договор")).startswith("Шаблон пока нельзя включить: в нём не всё заполнено.")
    assert LIST == await olga.says("шаблоны")


async def test_another_name_instead_of_a_yes(olga: Person, anna: Person, boris: Person) -> None:
    """Whoever sees a wrong name in what is read back writes the right one; no word costs them the question."""
    del anna, boris
    await olga.verify_dialog(
        [
            ("шаблон скидка", "📄 Скидка по сделке…"),
            ("[Заполнить]", "Кто руководит продажами? Напишите имя, несколько через запятую или отдел."),
            ("Анна", "Директора по продажам: Анна Ким. Верно?"),
            ("Борис Лавров", "Директора по продажам: Борис Лавров. Верно?"),
            ("который из отдела", "Верно ли то, что выше? Напишите «да», «нет» или другое имя."),
            ("да", "Кто контролирует финансы? Напишите имя, несколько через запятую или отдел."),
        ]
    )


async def test_blanks_are_asked_one_by_one(company: Company, olga: Person, boris: Person, anna: Person) -> None:
    """A name or a button, each read back; then the template can be switched on, and off again."""
    await switch_on_discount(olga)
    assert "🟢 Скидка по сделке: включён, версия 1" in await olga.says("/templates")
    assert "⚪️ Выключен: Скидка по сделке. Начатые заявки идут дальше." == await olga.says("выключи шаблон скидка")
    assert "⚪️ Скидка по сделке: выключен, версия 1" in await olga.says("/templates")
    assert "🟢 Включён: Скидка по сделке, версия 1." == await olga.says("/templates включи скидка")


async def in_departments(company: Company, departments: dict[str, Sequence[Person]]) -> None:
    """Let the portal have departments, each with its people, whose first is the head."""
    async with company.storage.unit_of_work() as uow:
        for number, (name, people) in enumerate(departments.items(), 7):
            unit = Department(new_id(), company.portal.id, str(number), name, head_id=people[0].employee_id)
            uow.staff.put_department(unit)
            for each in people:
                uow.staff.put_employment(
                    Employment(new_id(), company.portal.id, each.employee_id, department_id=unit.id)
                )
        await uow.commit()


async def test_a_department_fills_a_blank(
    company: Company, olga: Person, sergey: Person, anna: Person, boris: Person, tmp_path: Path
) -> None:
    """Its head where one is wanted, everybody in it where the people are; whoever is there by then is asked."""
    finance = {"Финансы": [anna, boris], "Финансы филиала": [olga]}
    await in_departments(company, {"Отдел продаж": [sergey], **finance})
    await olga.verify_dialog(
        [
            ("шаблон скидка", "📄 Скидка по сделке…"),
            ("[Заполнить]", "Кто руководит продажами? Напишите имя, несколько через запятую или отдел."),
            (
                "отдел продаж",
                "Директора по продажам: руководитель отдела «Отдел продаж». Сейчас это Сергей Орлов. Верно?",
            ),
            ("[Да]", "Кто контролирует финансы? Напишите имя, несколько через запятую или отдел."),
            ("фин", "Кто имеется в виду?"),
            (
                "[все в отделе «Финансы»]",
                "Финансовые контролёры: все в отделе «Финансы». Сейчас это Анна Ким, Борис Лавров. Верно?",
            ),
            (
                "руководитель отдела финансы",
                "Финансовые контролёры: руководитель отдела «Финансы». Сейчас это Анна Ким. Верно?",
            ),
            ("да", "Кто директор? Напишите имя, несколько через запятую или отдел."),
            ("Ольга", "Директор: Ольга Смирнова. Верно?"),
            ("да", "Всё заполнено: Скидка по сделке."),
        ]
    )
    assert (await olga.presses("Включить")).startswith("🟢 Включён: Скидка по сделке")
    assert "– Анна Ким" in await olga.says("кому уйдёт скидка 400000 от Бориса?")
    assert [] == [row for row in stored(tmp_path, "SELECT name FROM people_group") if "fin" in row[0]]


async def test_too_few_in_a_department_and_another_group(
    company: Company, olga: Person, sergey: Person, anna: Person, boris: Person
) -> None:
    """Two lawyers are needed: a department of one is refused, the blank stays open, and a group of two fills it."""
    await in_departments(company, {"Правовой отдел": [sergey]})
    await olga.says("группа советники: Анна, Борис")
    await olga.says("да")
    await olga.says("шаблон договор")
    assert (await olga.presses("Заполнить")).endswith("напишите имена через запятую или отдел.")
    told = await olga.says("правовой отдел")
    assert "«Правовой отдел»: спросить там сейчас можно 1, а нужны хотя бы 2 человека. Назовите других." == told
    told = await olga.says("советники")
    assert "Юристы: группа «советники». Сейчас это Анна Ким, Борис Лавров. Верно?" == told
    assert (await olga.says("да")).startswith("Кто финансовый директор?")


async def test_a_name_of_two_people_is_a_choice(company: Company, channel: str, olga: Person, anna: Person) -> None:
    """Buttons with both; the one that is pressed is read back."""
    await company.hire("Анна Белова", channel)
    await olga.says("шаблон отпуск")
    await olga.presses("Заполнить")
    assert "Кто имеется в виду?" == await olga.says("Анна")
    assert "Кадры: Анна Белова. Верно?" == await olga.presses("Анна Белова")
    del anna


async def test_a_blank_is_left_alone(olga: Person) -> None:
    """A no ends the asking; words that mean something else are done; an old button does nothing."""
    await olga.says("шаблон отпуск")
    await olga.presses("Заполнить")
    assert "Вопрос снят. Ничего не изменено." == await olga.says("нет")
    await olga.says("шаблон отпуск")
    await olga.presses("Заполнить")
    assert LIST == await olga.says("шаблоны")


async def test_who_would_get_it(company: Company, olga: Person, boris: Person, anna: Person) -> None:
    """By the amount, with the reason and the time; nobody is asked."""
    await switch_on_discount(olga)
    before = len(anna.chat), len(boris.chat)
    assert """🔎 Скидка по сделке: кому уйдёт
От кого: Анна Ким · Сумма: 400 000
1. Руководитель, до вт, 14 июля, 09:00
– Сергей Орлов
2. Финансы, потому что Сумма ≥ 300 000; срок с этого момента: 2 рабочих дня
– Борис Лавров
Не понадобится: Директор.
Это проба: никого не спрашиваю.""" == (await olga.says("кому уйдёт скидка 400000 от Анны?")).replace("\xa0", " ")
    assert before == (len(anna.chat), len(boris.chat))
    await olga.says("шаблон скидка")
    assert "Что будет в заявке? Например: 400000 от Анны. Без имени – ваша." == await olga.presses("Кому уйдёт")
    assert "От кого: Сергей Орлов" in await olga.says("1,2 млн от Сергея")
    await olga.says("шаблон скидка")
    await olga.presses("Кому уйдёт")
    assert "Директор: спросить некого, заявка не пройдёт." in await olga.presses("Сумма: 1")


async def test_everybody_may_ask_about_their_own(company: Company, olga: Person, boris: Person, anna: Person) -> None:
    """Of templates that are on, and of themselves; about others an administrator alone."""
    asked = "кому уйдёт скидка 400000?"
    assert (await anna.says(asked)).startswith("Шаблонов, по которым можно подать заявку, пока нет")
    await switch_on_discount(olga)
    assert "От кого: Анна Ким" in await anna.says(asked)
    assert DENIED == await anna.says("кому уйдёт скидка 400000 от Бориса?")


@pytest.mark.parametrize("said", ["/templates", "шаблоны", "группы", "группа юристы: Анна", "включи шаблон отпуск"])
async def test_administrators_alone(company: Company, channel: str, anna: Person, said: str) -> None:
    """Whoever is none is told so."""
    lead = await company.hire("Игорь Седов", channel, role=Role.LEAD)
    assert [DENIED, DENIED] == [await anna.says(said), await lead.says(said)]


async def test_groups(company: Company, olga: Person, boris: Person, anna: Person, tmp_path: Path) -> None:
    """Made, added to, taken from, removed: each after a yes, on record."""
    await olga.verify_dialog(
        [
            ("группы", "Групп пока нет.\nНапишите, например: группа юристы: Анна, Борис"),
            ("группа юристы: Анна, Борис", "юристы: Анна Ким, Борис Лавров. Верно?"),
            ("[Да]", "✅ Записано.\nюристы (lawyers): Анна Ким, Борис Лавров"),
            ("добавь Сергея в группу юристы", "юристы: Анна Ким, Борис Лавров, Сергей Орлов. Верно?"),
            ("да", "✅ Записано.\nюристы (lawyers): Анна Ким, Борис Лавров, Сергей Орлов"),
            ("убери Анну из группы юристы", "юристы: Борис Лавров, Сергей Орлов. Верно?"),
            ("[Нет]", "Вопрос снят. Ничего не изменено."),
            ("убери Анну из группы юристы", "юристы: Борис Лавров, Сергей Орлов. Верно?"),
            ("[Да]", "✅ Записано.\nюристы (lawyers): Борис Лавров, Сергей Орлов"),
            ("кто в группе юристы?", "юристы (lawyers): Борис Лавров, Сергей Орлов"),
            ("удали группу юристы", "Удалить группу юристы? В шаблонах, где она указана, станет пусто."),
            ("[Да]", "✅ Группы юристы больше нет."),
            ("группа юристы", "Групп пока нет. Напишите, например: группа юристы: Анна, Борис"),
        ]
    )
    assert 4 == len(stored(tmp_path, "SELECT 1 FROM audit WHERE what LIKE 'group lawyers%'"))
    assert [] == stored(tmp_path, "SELECT * FROM group_member")


async def test_somebody_unknown_in_a_group(olga: Person, tmp_path: Path) -> None:
    """A name that nobody has changes nothing and is named."""
    assert "Фёдор" in await olga.says("группа юристы: Фёдор")
    assert [] == stored(tmp_path, "SELECT * FROM people_group")


async def test_a_file_out_and_back(company: Company, olga: Person, boris: Person, anna: Person, tmp_path: Path) -> None:
    """What is sent out can be changed and sent back: read back, a new version, and the one that is on stays on."""
    await switch_on_discount(olga)
    await olga.says("пришли файл шаблона скидка")
    (file,) = olga.files
    assert "deal_discount-1.json" == file.name
    same = "Скидка по сделке уже такой: менять нечего."
    assert same == await olga.attaches(file.name, file.content)
    form = json.loads(file.content)
    form["route"]["stages"][1]["deadline"]["after"] = "3wd"
    told = await olga.attaches("скидка.json", json.dumps(form).encode())
    assert told.startswith("📄 Скидка по сделке: новая версия 2.\n➖ Срок ответа: 2 рабочих дня.")
    assert told.endswith("Сохранить? Пока не включите, это черновик.")
    assert 1 == len(stored(tmp_path, "SELECT 1 FROM approval_template"))
    assert "✅ Сохранено: Скидка по сделке, версия 2, черновик." == await olga.presses("Да")
    assert "🟢 Скидка по сделке: включена версия 1, версия 2 – черновик" in await olga.says("/templates")
    assert "🟢 Включён: Скидка по сделке, версия 2." == await olga.says("включи шаблон скидка")
    states = stored(tmp_path, "SELECT version, state FROM approval_template ORDER BY version")
    assert [(1, "off"), (2, "on")] == states


async def test_a_bare_route_becomes_a_template(company: Company, olga: Person, tmp_path: Path) -> None:
    """A route gets a form of the names in it; it is a draft of its own key."""
    route = json.loads((Path("tests/approvals/routes") / "contract.json").read_text())
    told = await olga.attaches("договор.json", json.dumps({**route, "key": "deal_contract"}).encode())
    assert told.startswith("📄 Новый шаблон: Договор.")
    await olga.presses("Да")
    (document,) = stored(tmp_path, "SELECT document FROM approval_template")[0]
    assert {"file_sha256", "amount"} == {each["key"] for each in json.loads(document)["form"]}


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"{oops", "Это не файл JSON. Шаблоны принимаю в JSON, примеры: /templates"),
        (b"{" + b" " * (1 << 20) + b"}", "Файл слишком большой: принимаю не больше 1 МБ."),
    ],
)
async def test_a_file_that_is_none(olga: Person, content: bytes, answer: str) -> None:
    """One kind sentence, and an open question is still open."""
    await olga.says("группа юристы: Ольга")
    assert answer == await olga.attaches("x.json", content)
    assert (await olga.says("да")).startswith("✅ Записано.")


async def test_faults_are_told_in_words(olga: Person, tmp_path: Path) -> None:
    """The stage is named and what to write is said; nothing is stored."""
    route = json.loads((Path("tests/approvals/routes") / "contract.json").read_text())
    route["stages"][1]["tracks"][0]["rule"] = {"type": "quorum", "n": 0}
    told = await olga.attaches("договор.json", json.dumps(route).encode())
    assert told.startswith("В шаблоне 1 ошибка. Ничего не изменено.\n• stages[1].tracks[0].rule.n: ")
    assert "sign" in told
    assert [] == stored(tmp_path, "SELECT 1 FROM approval_template")


async def test_files_of_others_are_not_read(anna: Person, olga: Person) -> None:
    """An employee's file, and what is no template, are answered as before."""
    assert ONLY_TEXT == await anna.attaches("x.json", b"{}")
    assert ONLY_TEXT == await olga.attaches("photo.png", b"\x89PNG")


async def test_a_file_with_words(anna: Person) -> None:
    """Words under a file count as words."""
    assert (await anna.attaches("x.txt", b"1", "пришла")).startswith("🟢")


async def test_in_english(company: Company, channel: str) -> None:
    """The same in the reader's own language."""
    admin = await company.hire("Kate Moss", channel, role=Role.ADMIN, locale="en")
    await company.hire("James Carter", channel)
    await admin.verify_dialog(
        [
            ("templates", "📄 Templates of requests\n📝 Committee expense: draft, version 1…"),
            ("template leave", "📄 Leave\n📝 Leave: draft, version 1\n1. “Head”…"),
            ("[Fill in]", "Who works in HR? Write a name, several with commas between them, or a department."),
            ("James", "HR: James Carter. Is that right?"),
            ("yes", "Everything is filled in: Leave."),
            ("turn on template leave", "🟢 On: Leave, version 1."),
            ("who would get leave 20 days from James?", "🔎 Leave: who would get it\nFrom: James Carter · Days: 20…"),
            ("groups", "👥 Groups of people\nHR (hr): James Carter…"),
        ]
    )


async def test_built_in_routes(olga: Person) -> None:
    """Each kind of request has one: it is read aloud as any template, always on, neither switched off nor replaced."""
    assert LIST == await olga.says("/templates")
    built_in = """🔒 Встроенные маршруты
🔒 Исправление отметок: всегда включён
🔒 Отпуск и другие отсутствия: всегда включён
🔒 Изменение отсутствия: всегда включён
🔒 Переработка: всегда включён
🔒 Открытие закрытых дней: всегда включён"""
    assert built_in == await olga.presses("Встроенные маршруты")
    shown = await olga.presses("Исправление отметок")
    assert "1. «Решение». Согласует руководитель инициатора: решает первый ответ" in shown
    assert "Если спросить некого: администраторы." in shown
    assert "Руководителя, который не может ответить, я пропускаю и спрашиваю следующего выше." in shown
    assert "Ответ можно взять назад в течение 30 с." in shown
    assert ["📎 Файл", "🔒 Встроенные маршруты"] == list(olga.buttons)
    refused = "Этот маршрут встроен: он всегда включён и не меняется. Для своего укажите в файле другой ключ."
    assert refused == await olga.says("выключи шаблон переработка")
    document = json.dumps(built_in_routes()["built_in_overtime"].model_dump(mode="json", by_alias=True))
    assert refused == await olga.attaches("переработка.json", document.encode())
    assert LIST == await olga.says("шаблоны")
