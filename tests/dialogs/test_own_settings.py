"""My settings: one card with what comes by itself and where, changed by a tap or in one sentence."""

from datetime import date

from bot.domain.people.employee import Role
from tests.people import Company, Person
from tests.unit.domain.plans import fixed

ANNA = """⚙️ Мои настройки
🗣 Язык: Русский
🌍 Часовой пояс: Москва (UTC+3)
🔔 Напоминания: приходят
📬 Итоги недели: по понедельникам"""


async def test_one_card(anna: Person) -> None:
    """Whoever is told of nobody has no digest, and with one messenger there is nothing to choose."""
    assert ANNA == await anna.says("настройки")
    assert ["🗣 Язык", "🌍 Часовой пояс", "🔕 Не напоминать", "📬 Без итогов недели"] == anna.buttons
    assert ANNA == await anna.says("/settings")


async def test_switched_in_place(anna: Person) -> None:
    """Each switch shows on the same message, and goes back."""
    await anna.says("мои настройки")
    count = len(anna.chat)
    assert "🔕 Напоминания: выключены\n" in await anna.presses("Не напоминать")
    assert date.max == (await anna.employee()).muted_until
    assert "📬 Итоги недели: не приходят" in await anna.presses("Без итогов недели")
    assert not (await anna.employee()).wants_weekly
    await anna.presses("Напоминать")
    assert ANNA == await anna.presses("Присылать итоги недели")
    assert count == len(anna.chat)
    assert (None, True) == ((await anna.employee()).muted_until, (await anna.employee()).wants_weekly)


async def test_language_and_zone(anna: Person) -> None:
    """The card leads to the questions that /language and /zone ask."""
    await anna.says("/settings")
    assert "Which language" in await anna.presses("Язык")
    await anna.says("/settings")
    assert "Ваш часовой пояс: Москва" in await anna.presses("Часовой пояс")
    await anna.says("Екатеринбург")
    assert "🌍 Часовой пояс: Екатеринбург (UTC+5)" in await anna.says("/settings")


async def test_until_monday(anna: Person) -> None:
    """A silence that ends says when."""
    await anna.says("не напоминай до понедельника")
    assert "🔕 Напоминания: выключены до пн, 20 июля" in await anna.says("мои настройки")


async def test_digest_by_words(company: Company, sergey: Person, anna: Person) -> None:
    """A lead means the team's digest, anybody else the summary of their week."""
    await company.plans(fixed(), anna)
    await company.starts()
    assert "☀️ Сводка по команде: не приходит" in await sergey.says("не присылай сводку")
    await company.move("2026-07-13T20:00")
    assert not any(each.startswith("☀️ Ваша") for each in sergey.shown)
    assert "☀️ Сводка по команде: по рабочим дням в 10:00" in await sergey.says("присылай сводку снова")
    await company.move("2026-07-14T20:00")
    assert 1 == sum(each.startswith("☀️ Ваша") for each in sergey.shown)
    assert "📬 Итоги недели: не приходят" in await anna.says("не присылай сводку")
    assert ((await sergey.employee()).wants_weekly, (await anna.employee()).wants_digest) == (True, True)


async def test_where_reminders_go(company: Company, sergey: Person) -> None:
    """A person of two messengers chooses by words or by a tap; one who is not linked is told how."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey, also="telegram")
    far = company.elsewhere(boris)
    await company.plans(fixed(), boris)
    assert "💬 Пишу в Telegram" in await boris.says("мои настройки")
    assert "💬 Пишу в Битрикс24" in await boris.presses("Писать в Битрикс24")
    await company.move("09:30")
    assert any(each.startswith("⏰") for each in boris.shown)
    assert [] == [each for each in far.shown if each.startswith("⏰")]
    assert "💬 Пишу в Telegram" in await boris.says("пиши в телеграм")
    await company.move("2026-07-14T09:30")
    assert any(each.startswith("⏰") for each in far.shown)
    inna = await company.hire("Инна Белова", "bitrix24", lead=sergey)
    assert "Telegram пока не привязан. Привязать: /link" == await inna.says("пиши в телеграм")


async def test_administrator(company: Company, channel: str, olga: Person) -> None:
    """“Settings” are the portal's for an administrator; their own lead there and back."""
    assert "⚙️ Настройки портала" in await olga.says("настройки")
    james = await company.hire("James Carter", channel, role=Role.ADMIN, locale="en")
    assert (await james.says("my settings")).startswith("⚙️ My settings\n🗣 Language: English\n")
    assert (await james.presses("Settings of the portal")).startswith("⚙️ Settings of the portal\n🌍 Calendar: Russia")


async def test_forged_buttons(anna: Person) -> None:
    """A switch that is none is a button of no use."""
    for data in ("wt:password:1", "sp:help"):
        await anna.taps(data, "1")
        assert "кнопка уже не действует" in await anna.reads()
    await anna.taps("wr:pigeon", "1")
    assert "пока не привязан" in await anna.reads()
    assert "" == (await anna.employee()).prefers
