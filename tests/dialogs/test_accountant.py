"""The accountant: sees everybody's hours, closes the month and takes its sheets, and decides about nobody."""

from datetime import timedelta

import pytest

from bot.domain.people.employee import Role
from bot.ports import Person as Directed
from tests.dialogs.days import works
from tests.people import REALM, Company, Person

DAY = ("09:00", "13:00", "14:00", "18:00")


@pytest.fixture
async def vera(company: Company, channel: str, olga: Person) -> Person:
    """The accountant."""
    return await company.hire("Вера Белова", channel, role=Role.ACCOUNTANT, lead=olga)


@pytest.fixture
async def week(company: Company, anna: Person) -> None:
    """Anna works on Monday and Tuesday. It is Monday the 20th."""
    await works(company, anna, "2026-07-13", *DAY)
    await works(company, anna, "2026-07-14", *DAY)
    await company.move("2026-07-20T10:00")


async def test_given_by_an_administrator(olga: Person, anna: Person) -> None:
    """The person learns what that means; one tap brings the former role back."""
    await olga.verify_dialog([("/accountant Анна", "Анна Ким теперь бухгалтер.")])
    assert "Теперь у вас роль бухгалтера. Что это даёт: /help" == anna.shown[-1]
    assert "Анна Ким – бухгалтер" in await olga.says("/people")
    help_ = await anna.says("/help")
    assert "\nБухгалтерам: «табель июнь т-13»" in help_
    assert "Руководителям" not in help_
    assert "Администраторам" not in help_
    await olga.verify_dialog([("/accountant Анна", "Анна Ким теперь бухгалтер.")])
    assert {} == olga.chat[-1].buttons
    await olga.verify_dialog([("[Вернуть]", "↩️ Анна Ким – снова сотрудник.")])
    assert (Role.EMPLOYEE, False) == ((await anna.employee()).role, (await anna.employee()).role_is_chosen)


async def test_in_english(company: Company, channel: str, olga: Person, james: Person) -> None:
    """An English-speaking accountant reads the same in English."""
    await olga.says("/accountant James")
    assert "You are an accountant now. What that means: /help" == james.shown[-1]
    assert "\nFor accountants: “timesheet June t-13”" in await james.says("/help")
    await company.hire("Mary Stone", channel, locale="en")
    await james.verify_dialog([("/team", "👥 13–19 July – everybody…"), ("close June", "🔒 Close June?…")])


@pytest.mark.usefixtures("week")
async def test_the_month_s_end(vera: Person, anna: Person, sergey: Person) -> None:
    """Who has not confirmed is seen and asked, the period is closed, its sheets are taken, and it is opened again."""
    await vera.verify_dialog(
        [
            (
                "кто не подтвердил 13-19 июля",
                "13–19 июля: ещё не подтвердил 1 человек\n• Анна Ким",
            ),
            (
                "закрыть 13-19 июля",
                "🔒 Закрыть период: 13–19 июля?\n1 человек, 16 ч\nПодтверждено: 0 из 1, согласовано: 0\n…",
            ),
        ]
    )
    await vera.verify_dialog([("[Напомнить всем]", "🔔 Напоминание получит 1 человек.")])
    assert anna.shown[-1].startswith("🔔 Скоро закроют период: 13–19 июля (Вера Белова)")
    await anna.says("неделя верна")
    assert sergey.shown[-1].startswith("🗓 Анна Ким – подтверждённый период")
    await vera.verify_dialog(
        [
            ("закрыть 13-19 июля", "🔒 Закрыть период: 13–19 июля?\n1 человек, 16 ч\nПодтверждено: 1 из 1…"),
            ("[🔒 Закрыть]", "🔒 Период закрыт: 13–19 июля.\n…"),
            ("табель всех за 13-19 июля т-13", "📄 Ромашка, 13–19 июля: 4 человека, отработано 16 ч"),
            ("переоткрой 13-19 июля: ошибка в часах Анны", "🔓 Период снова открыт: 13–19 июля.…"),
        ]
    )
    assert vera.files[-1].name.endswith(".xlsx")


async def test_a_day_that_nobody_confirmed(company: Company, anna: Person, vera: Person) -> None:
    """Case 26: an accountant asks the person; to say it for them is an administrator's."""
    await company.move("2026-07-13T09:00")
    await anna.says("/checkin")
    await company.move("2026-07-20T10:00")
    assert "Сначала нужно уточнить" in await vera.says("закрыть 13-19 июля")
    assert ["🔔 Напомнить: Анна Ким", "🔔 Напомнить всем, кто не подтвердил"] == vera.buttons


@pytest.mark.usefixtures("sergey")
async def test_what_happened_without_why(vera: Person, anna: Person, sergey: Person, olga: Person) -> None:
    """An accountant reads what was asked and decided; the reasons of both stay between them, and administrators."""
    await anna.says("отпуск с 20 по 24 июля потому что свадьба сестры")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    await sergey.says("некому выйти на смену")
    shown = await vera.says("история Анны")
    assert "Анна Ким: Отпуск" in shown
    assert "Отклонено: Сергей Орлов" in shown
    for reader in (olga, sergey, anna):
        assert "некому выйти" in await reader.says("история" if reader is anna else "история Анны")
    for told in vera.shown:
        assert "некому" not in told
        assert "свадьба" not in told
    assert "В ваших часах ничего не менялось." == await vera.says("история")


async def test_nobody_is_decided_about(vera: Person, anna: Person, sergey: Person) -> None:
    """What leads and administrators do is not the accountant's, and is said kindly."""
    assert (anna.name, sergey.name) == ("Анна Ким", "Сергей Орлов")
    theirs = "Это может только руководитель этого человека или администратор."
    admins = "Это может только администратор. Обратитесь к нему."
    await vera.verify_dialog(
        [
            ("/correct Анна ушла вчера в 18:00", "Это видят только руководители и администраторы."),
            ("исправь Анне вчера уход на 19:00", theirs),
            ("поставь Анне отпуск с 20 по 24 июля", theirs),
            ("график Анна 9-18", theirs),
            ("напомни Анне отметиться", theirs),
            ("/people", admins),
            ("/dismissed Анна 10.07.2026", admins),
            ("настройки портала", admins),
            ("мои согласования", "Вашего решения ничего не ждёт."),
        ]
    )
    assert "⚙️ Мои настройки" in await vera.says("настройки")
    assert not any("портал" in each.lower() for each in vera.buttons)


async def test_papers_and_the_calendar(vera: Person, anna: Person) -> None:
    """What form T-13 asks for and the calendar are the accountant's to keep; other settings are not offered."""
    assert anna.name
    await vera.verify_dialog(
        [
            ("/number Анна 0042", "Анна Ким: табельный номер 0042."),
            ("/hired Анна 16.06.2026", "Анна Ким: работает с вт, 16 июня."),
            ("/org ООО «Ромашка»", "✅ Записано.…"),
        ]
    )
    assert not any("Все настройки" in each for each in vera.buttons)
    await vera.says("/okpo")
    assert not any("Все настройки" in each for each in vera.buttons)
    await vera.says("/cancel")
    await vera.says("17 июля выходной")
    assert any("Изменить" in each for each in vera.buttons)
    assert "Календарь изменён" in await vera.presses("Изменить")


async def test_the_role_gives_no_seat(company: Company, channel: str, vera: Person, olga: Person) -> None:
    """An accountant who heads a department is passed over: the next above is asked, and the requester reads that."""
    boris = await company.hire("Борис Лавров", channel, lead=vera)
    await boris.says("отпуск с 27 по 31 июля")
    assert "Решает: Ольга Смирнова" in await boris.presses("Отправить")
    assert olga.shown[-1].startswith("📝 Отпуск – Борис Лавров")
    assert [] == vera.shown


async def test_small_changes_of_an_accountant_s_people(
    company: Company, channel: str, vera: Person, olga: Person
) -> None:
    """Case 31: somebody sees them in a list, also where the head of the people is told of nobody."""
    boris = await company.hire("Борис Лавров", channel, lead=vera)
    await boris.says("/checkin")
    await company.move("2026-07-13T09:30")
    await boris.says("пришёл в 8:50")
    assert "Борис Лавров" in await olga.says("мои согласования")
    assert "Вашего решения ничего не ждёт." == await vera.says("мои согласования")
    helpers = "Я бот; помогут люди:\n• администратор: Ольга Смирнова"
    assert helpers == await boris.says("позовите человека")


async def test_a_lead_who_becomes_an_accountant(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """The role is one: what waited for the lead goes to the next in line, whose card it is now."""
    await anna.says("отпуск с 20 по 24 июля")
    await anna.presses("Отправить")
    await sergey.reads()
    await olga.says("/accountant Сергей")
    assert (
        "Теперь у вас роль бухгалтера. Что это даёт: /help\n1 заявка, ждавшая вас, передана другим."
    ) == sergey.shown[-1]
    await olga.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert "✅ Согласовано: Ольга Смирнова" in anna.chat[-1].text


@pytest.mark.parametrize("channel", ["bitrix24"])
async def test_the_portal_s_structure_takes_no_role_away(
    company: Company, olga: Person, sergey: Person, anna: Person
) -> None:
    """Whoever is an accountant by an administrator's word stays one, whoever heads what on the portal."""
    await olga.says("/accountant Анна")
    listed = [
        Directed(olga.account, olga.name, is_admin=True),
        Directed(anna.account, anna.name, heads=(olga.account,)),
        Directed(sergey.account, sergey.name, heads=(anna.account,)),
    ]
    await company.lists(REALM, listed)
    assert Role.ACCOUNTANT is (await anna.employee()).role
    await olga.presses("Вернуть")
    await company.lists(REALM, listed)
    assert Role.LEAD is (await anna.employee()).role
