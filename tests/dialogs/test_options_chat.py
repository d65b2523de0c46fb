"""What an administrator sets for the whole portal: shown, asked for, read back, on record, in force at once."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.portal import Portal
from tests.people import Company, Person
from tests.unit.domain.plans import fixed

CARD = """⚙️ Настройки портала
🌍 Календарь: Россия
☀️ Утренняя сводка: 10:00
⏰ Нет прихода: через 10 мин
🏠 Удалённо сегодня: без согласования
✍️ Без согласования: до 15 мин
🌴 Отпуск авансом: с предупреждением
⏱ Переработка: 4 ч за два дня, 120 ч за год
🗄 Срок хранения: 60 месяцев
📎 Место для файлов: 1024 МБ
🏢 Организация: пока не задано
🔢 ОКПО: пока не задано
📄 Дни в Т-13: все дни
🔤 Буквы в Т-13: как в форме"""


async def portal(company: Company) -> Portal:
    """The portal as stored."""
    async with company.storage.unit_of_work() as uow:
        found = await uow.portals.get(company.portal.id)
    assert found is not None
    return found


async def options(company: Company) -> dict[str, Any]:
    """What was set for the portal."""
    return dict((await portal(company)).options)


def record(folder: Path) -> list[str]:
    """What the record of deeds says of options."""
    with closing(sqlite3.connect(folder / "company.db")) as database:
        return [row[0] for row in database.execute("SELECT what FROM audit ORDER BY at, id")]


def digests(person: Person) -> int:
    """How many digests of a lead's morning the person got."""
    return sum(each.startswith("☀️ Ваша") for each in person.shown)


async def test_a_card_a_question_a_value(company: Company, olga: Person, tmp_path: Path) -> None:
    """What counts is shown; a question opens in place, takes a button or words, and is on record."""
    assert CARD == await olga.says("настройки")
    count = len(olga.chat)
    assert (await olga.presses("Утренняя сводка")).endswith("Например: 9:30\nСейчас: 10:00")
    assert "✅ Записано.\n☀️ Утренняя сводка: 8:30\nРаньше: 10:00" == await olga.presses("8:30")
    assert count == len(olga.chat)
    assert "☀️ Утренняя сводка: 8:30" in await olga.presses("Все настройки")
    await olga.presses("Утренняя сводка")
    assert "☀️ Утренняя сводка: 9:45" in await olga.says("в 9:45")
    assert {"digest_at": "09:45"} == await options(company)
    assert ["option digest_at: 8.30", "option digest_at: в 9:45"] == record(tmp_path)


async def test_as_it_was(company: Company, olga: Person) -> None:
    """One tap takes a change back; a value that counts already changes nothing."""
    await olga.says("сводка в 9:30")
    assert "Раньше: 9:30" in await olga.presses("Вернуть как было")
    assert {"digest_at": "10:00"} == await options(company)
    assert "Так и есть: 10:00." == await olga.says("утренняя сводка в 10")


@pytest.mark.parametrize(
    ("label", "wrong", "answer"),
    [
        ("Утренняя сводка", "25:00", "Не понимаю, какое это время. Напишите, например: 9:30"),
        ("Без согласования", "500", "Напишите минуты, от 0 до 120."),
        ("Срок", "0", "Напишите, сколько месяцев, от 1 до 1200, например 72."),
        ("Переработка", "120 и 4", "Напишите часы за два дня и за год: 4 и 120. Можно с датой: 4 и 240 с 01.01.2027"),
        (
            "ОКПО",
            "12345679",
            "«12345679» – не код ОКПО: в нём 8 или 10 цифр, последняя – контрольная. Проверьте, пожалуйста.",
        ),
        ("Дни в Т-13", "иногда", "Напишите «все дни» или «только отклонения»."),
    ],
)
async def test_a_wrong_value(company: Company, olga: Person, label: str, wrong: str, answer: str) -> None:
    """One kind sentence, and the question stays open; another wish is not taken for a value."""
    await olga.says("/options")
    await olga.presses(label)
    assert answer == await olga.says(wrong)
    assert {} == await options(company)
    assert {} == await options(company)


async def test_another_wish_is_no_value(company: Company, olga: Person) -> None:
    """Words that mean something else do that: lunch of 30 minutes is no term, and no organisation is called so."""
    for label in ("Срок", "Организация", "Без согласования"):
        await olga.says("/options")
        await olga.presses(label)
        assert "приход" in await olga.says("обед 30 минут")
    assert {} == await options(company)


async def test_letters_of_form_t_13(company: Company, olga: Person) -> None:
    """Each has a button; ПР is never one, and a word is none."""
    await olga.says("/options")
    assert "\nБольничный: НН\n" in await olga.presses("Буквы")
    await olga.presses("Больничный")
    assert "ПР я не ставлю: прогул это или нет, решают люди." == await olga.says("ПР")
    assert "В коде до 4 букв, например ДУ." == await olga.says("бюллетень")
    assert "✅ Записано.\nБольничный: Б\nРаньше: НН" == await olga.says("б")
    await olga.presses("Все настройки")
    await olga.presses("Буквы")
    await olga.presses("Удалённая работа")
    await olga.presses("ДУ")
    assert {"t13_codes": {"sick": "Б", "remote": "ДУ"}} == await options(company)
    assert (await olga.presses("Все настройки")).endswith("🔤 Буквы в Т-13: 2 своих")


async def test_limits_of_overtime(company: Company, olga: Person) -> None:
    """Own ones count from a day on, and those before stay; the law's are one tap away."""
    await olga.says("/options")
    await olga.presses("Переработка")
    assert "4 ч за два дня, 240 ч за год – с пт, 1 января 2027" in await olga.says("4 и 240 с 01.01.2027")
    law = {"valid_from": "2002-02-01", "per_two_days": 4.0, "per_year": 120.0}
    own = {"valid_from": "2027-01-01", "per_two_days": 4.0, "per_year": 240.0}
    assert {"overtime_limits": [law, own]} == await options(company)
    await olga.presses("Вернуть как было")
    assert {} == await options(company)
    await olga.presses("Все настройки")
    await olga.presses("Переработка")
    await olga.presses("без пределов")
    assert {"overtime_limits": []} == await options(company)


async def test_small_changes(company: Company, olga: Person, anna: Person) -> None:
    """With none allowed, moving one's check-out by five minutes goes to the lead."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await olga.says("/options")
    await olga.presses("Без согласования")
    await olga.presses("ничего")
    assert timedelta() == (await portal(company)).free_correction
    await anna.says("ушла в 17:55")
    assert ["📨 Отправить руководителю", "✖️ Нет"] == anna.buttons


async def test_the_hour_of_the_digest_counts_at_once(
    company: Company, olga: Person, sergey: Person, anna: Person
) -> None:
    """Moved to an hour that has passed it comes now; the next day at its hour; once a day."""
    await company.plans(fixed(), anna)
    await company.starts()
    await company.move("09:40")
    assert 0 == digests(sergey)
    await olga.says("сводка в 9:35")
    await company.move("09:41")
    assert 1 == digests(sergey)
    await company.move("2026-07-14T09:34")
    assert 1 == digests(sergey)
    await company.move("2026-07-14T20:00")
    assert 2 == digests(sergey)


async def test_country(company: Company, olga: Person) -> None:
    """The country is asked for, then whether its calendar shall count."""
    await olga.says("/options")
    await olga.presses("Календарь")
    assert "станет: Казахстан" in await olga.presses("Казахстан")
    await olga.presses("Изменить")
    await olga.says("/options")
    await olga.presses("Календарь")
    assert "Календаря для «Атлантида» у меня нет" in await olga.says("Атлантида")
    assert "станет: Беларусь" in await olga.says("Беларусь")
    assert "KZ" == (await portal(company)).country


async def test_organisation(company: Company, olga: Person) -> None:
    """The organisation's name and code are set by command, or asked for."""
    await olga.verify_dialog(
        [
            ("/org", "Как называется организация? Как в документах, например: ООО «Ромашка»\nСейчас: пока не задано"),
            ("ООО «Ромашка»", "✅ Записано.\n🏢 Организация: ООО «Ромашка»\nРаньше: пока не задано"),
            ("/okpo 12345679", "«12345679» – не код ОКПО…"),
            ("/okpo 12345678", "✅ Записано.\n🔢 ОКПО: 12345678…"),
        ]
    )
    assert {"organisation": "ООО «Ромашка»", "okpo": "12345678"} == await options(company)


async def test_only_administrators(company: Company, olga: Person, sergey: Person) -> None:
    """Neither by words nor by a command nor by a forged button."""
    refused = "Это может только администратор. Обратитесь к нему."
    for words in (
        "/options",
        "настройки портала",
        "сводка в 9:30",
        "хранить данные 72 месяца",
        "/org ООО",
        "/okpo 12345678",
    ):
        assert refused == await sergey.says(words)
    for data in ("ops", "opc", "opt:digest_at", "opv:digest_at:9.30", "opn:", "opn:KZ"):
        await sergey.taps(data, "1")
        assert refused == await sergey.reads()
    await olga.taps("opv:password:1", "1")
    assert "кнопка уже не действует" in await olga.reads()
    assert {} == await options(company)


@pytest.mark.parametrize(
    "stored",
    [
        "nothing",
        "[]",
        '{"digest_at": 7, "overtime_limits": "many", "retention_months": "x", "t13_codes": [], "okpo": 1}',
        '{"overtime_limits": [{"per_year": -1}], "retention_months": true, "digest_at": "25:00", "organisation": []}',
    ],
)
async def test_a_wrong_row_counts_as_not_set(company: Company, olga: Person, stored: str, tmp_path: Path) -> None:
    """What somebody wrote into the database by hand breaks no turn."""
    with closing(sqlite3.connect(tmp_path / "company.db")) as database:
        database.execute("UPDATE portal SET options = ?", (stored,))
        database.commit()
    assert CARD == await olga.says("/options")
    assert "приход" in (await olga.says("пришла")).lower() or olga.shown
    await olga.says("сводка в 9:30")
    assert "09:30" == (await options(company))["digest_at"]


async def test_a_wrong_country_counts_as_unknown(company: Company, olga: Person, tmp_path: Path) -> None:
    """A country that is none has weekends and no norm; every turn goes on."""
    await company.plans(fixed())
    with closing(sqlite3.connect(tmp_path / "company.db")) as database:
        database.execute("UPDATE portal SET country = 'nowhere'")
        database.commit()
    assert "🌍 Календарь: nowhere" in await olga.says("настройки")
    assert "На работе" in await olga.says("пришла")
    await company.move("18:00")
    await olga.says("ушла")
    await olga.says("моя неделя")
    assert any("Отработано 9 ч" in each for each in olga.shown)
    assert "Календарь: июль (nowhere)" in await olga.says("/calendar")
