"""Periods: a person confirms, the lead approves, the administrator closes, and a closed period can be opened again."""

from datetime import date

import pytest

from bot.domain.periods.period import Closing, revision
from tests.dialogs.days import NINE_TO_SIX, works
from tests.people import Company, Person

DAY = ("09:00", "13:00", "14:00", "18:00")


async def closings(company: Company) -> list[Closing]:
    """Return what is stored."""
    async with company.storage.unit_of_work() as uow:
        return list(await uow.periods.closings(company.portal.id))


@pytest.fixture
async def week(company: Company, anna: Person, james: Person) -> None:
    """Anna works on Monday and Tuesday, James on Tuesday. It is Monday the 20th."""
    await works(company, anna, "2026-07-13", *DAY)
    await works(company, anna, "2026-07-14", *DAY)
    await works(company, james, "2026-07-15", *DAY)
    await company.move("2026-07-20T10:00")


@pytest.fixture
async def forgotten(company: Company, anna: Person) -> None:
    """Anna did not check out on Monday: the service closed the day at 17:00. It is Monday the 20th."""
    await company.move("2026-07-13T09:00")
    await anna.says("/checkin")
    await company.move("2026-07-20T10:00")


@pytest.mark.usefixtures("week")
async def test_confirmed_approved_closed(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """The whole way, by words and buttons."""
    assert "✅ 13–19 июля: *16 ч*. Вы подтвердили эти часы.".replace("*", "") == await anna.says("неделя верна")
    assert "🗓 Анна Ким – подтверждённый период: 13–19 июля, 16 ч" == sergey.shown[-1]
    assert ["✅ Согласовать", "📅 Посмотреть"] == sergey.buttons
    assert "✅ Согласовано (13–19 июля):\n• Анна Ким: 16 ч" == await sergey.presses("Согласовать")
    shown = await olga.says("/close 13-19 июля")
    assert (
        "🔒 Закрыть период: 13–19 июля?\n"
        "2 человека, 24 ч\n"
        "Подтверждено: 1 из 2, согласовано: 1\n"
        "Не подтвердили: James Carter"
    ) == shown
    await olga.presses("🔒 Закрыть")
    assert olga.shown[-1].startswith("🔒 Период закрыт: 13–19 июля.\n")
    [closing] = await closings(company)
    assert (date(2026, 7, 13), date(2026, 7, 19), olga.employee_id) == (closing.first, closing.last, closing.closed_by)


@pytest.mark.usefixtures("week")
async def test_one_button_for_all_who_confirmed(anna: Person, james: Person, sergey: Person) -> None:
    """The second card offers to approve everybody; what is approved cannot be approved again."""
    await anna.says("неделя верна")
    await james.says("my week is right")
    assert "Согласовано (13–19 июля):\n• James Carter: 8 ч\n• Анна Ким: 16 ч" in await sergey.presses("Все, кто")
    assert "Согласовывать нечего" in await sergey.presses("✅ Согласовать")


@pytest.mark.usefixtures("week")
async def test_a_change_ends_the_confirmation(anna: Person, sergey: Person, olga: Person) -> None:
    """Whoever confirmed other hours than there are now has not confirmed: the lead's button says so."""
    await anna.says("неделя верна")
    await sergey.says("/correct Анна ушла 14 июля в 19:00")
    await sergey.presses("Исправить")
    card = next(each for each in sergey.chat if each.text.startswith("🗓"))
    await sergey.taps(card.buttons["✅ Согласовать"].action.pack(), card.id)  # type: ignore[union-attr]
    assert "часы изменились" in await sergey.reads()
    assert "Подтверждено: 0 из 2" in await olga.says("/close 13-19 июля")


@pytest.mark.usefixtures("week")
async def test_the_button_under_the_week(anna: Person) -> None:
    """A week that is over can be confirmed where it is shown; the present one cannot."""
    await anna.says("прошлая неделя")
    assert "✅ Неделя верна" in anna.buttons
    assert "Вы подтвердили эти часы" in await anna.presses("Неделя верна")
    await anna.says("моя неделя")
    assert "✅ Неделя верна" not in anna.buttons
    assert "Период ещё идёт" in await anna.says("подтверждаю 20-26 июля")


@pytest.mark.usefixtures("forgotten")
async def test_case_26_a_day_that_nobody_confirmed(anna: Person, olga: Person, company: Company) -> None:
    """Case 26: refused until the person confirms; the button does it, and then the week can be confirmed."""
    said = await anna.says("неделя верна")
    assert (
        "Сначала нужно кое-что уточнить (13–19 июля).\n• пн, 13 июля: день закрыт автоматически в 17:00, не подтверждён"
    ) == said
    assert "Сначала нужно уточнить" in await olga.says("/close 13-19 июля")
    assert not any("🔒" in each for each in olga.buttons)
    await anna.presses("да, в 17:00")
    assert "13–19 июля: 8 ч" in await anna.presses("Неделя верна")
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    assert 1 == len(await closings(company))


@pytest.mark.usefixtures("forgotten")
async def test_case_26_confirmed_for_the_person_on_record(company: Company, anna: Person, olga: Person) -> None:
    """Case 26: the administrator confirms for the person; the mark names who did it."""
    await olga.says("/close 13-19 июля")
    shown = await olga.presses("Анна Ким, пн, 13 июля: 17:00")
    assert "уточнить" not in shown
    assert any("🔒 Закрыть" in each for each in olga.buttons)
    async with company.storage.unit_of_work() as uow:
        log = await uow.punches.log(await anna.employee(), company.at("2026-07-12T09:00"))
    assert olga.employee_id == log.punches[-1].actor_id


@pytest.mark.usefixtures("forgotten")
async def test_a_person_is_reminded(anna: Person, olga: Person) -> None:
    """Asked by the administrator, the person sees what is not clear, with the button that mends it."""
    await olga.says("/close 13-19 июля")
    assert "Напоминание получит 1 человек" in await olga.presses("Напомнить: Анна")
    assert anna.shown[-1].startswith("🔔 Скоро закроют период: 13–19 июля (Ольга Смирнова)")
    assert "✅ пн, 13 июля: да, в 17:00" in anna.buttons


@pytest.mark.usefixtures("week")
async def test_case_65_a_closed_day(company: Company, anna: Person, olga: Person) -> None:
    """Case 65: refused by name and day; asked for, the period is opened, and the correction can be asked again."""
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    refused = await anna.says("14 июля ушла в 19:00")
    assert (
        "Период закрыт: 13–19 июля (Ольга Смирнова, пн, 20 июля). Чтобы что-то в нём изменить, попросите его открыть."
    ) == refused
    assert ["🔓 Попросить открыть"] == anna.buttons
    await anna.presses("Попросить открыть")
    assert "Открыть закрытый период – отправлено" in await anna.says("Забыли мой вечер 14-го")
    assert "📝 Открыть закрытый период – Анна Ким\n13–19 июля\nПричина: Забыли мой вечер 14-го" == olga.shown[-1]
    await olga.presses("Согласовать")
    await company.move("2026-07-20T10:05")
    [closing] = await closings(company)
    assert (olga.employee_id, "Забыли мой вечер 14-го") == (closing.reopened_by, closing.reason)
    assert 2 == revision([closing], date(2026, 7, 1), date(2026, 7, 31))
    assert "Всё верно?" in await anna.says("14 июля ушла в 19:00")


@pytest.mark.usefixtures("week")
async def test_case_64_only_changed_days_count(anna: Person, olga: Person) -> None:
    """Case 64: of a week that lies in two periods, the days of the open one can be changed; bounds are inclusive."""
    await olga.says("/close 13-14 июля")
    await olga.presses("🔒 Закрыть")
    assert "закрыт" in await anna.says("13 июля пришла в 8:00")
    assert "закрыт" in await anna.says("14 июля ушла в 19:00")
    assert "Всё верно?" in await anna.says("15 июля была с 9 до 18")


async def test_case_67_a_night_belongs_to_its_work_date(company: Company, anna: Person, olga: Person) -> None:
    """Case 67: a session of 30 June 22:00 – 1 July 06:00 is closed with June as a whole."""
    await company.move("2026-07-13T22:00")
    await anna.says("/checkin")
    await company.move("2026-07-14T06:00")
    await anna.says("/checkout")
    await company.move("2026-07-15T10:00")
    await olga.says("/close 13 июля")
    await olga.presses("🔒 Закрыть")
    assert "закрыт" in await anna.says("14 июля ушла в 06:30")
    assert "Всё верно?" in await anna.says("14 июля была с 12 до 15")


@pytest.mark.usefixtures("week")
async def test_case_68_closed_anyway(company: Company, anna: Person, sergey: Person, olga: Person) -> None:
    """Case 68: what waits is listed; “close anyway” ends it, and everybody learns why."""
    await anna.says("14 июля ушла в 19:00")
    await anna.presses("Отправить")
    shown = await olga.says("закрыть 13-19 июля")
    assert "• Анна Ким, вт, 14 июля: заявка ждёт решения" in shown
    assert "🔒 Всё равно закрыть" in olga.buttons
    await olga.presses("Всё равно закрыть")
    assert "⚠️ Не исполнено: период уже закрыт." in anna.shown[-1]
    card = next(each for each in sergey.chat if "Исправление" in each.text)
    assert "период уже закрыт" in card.text
    assert {} == card.buttons
    assert 1 == len(await closings(company))


@pytest.mark.usefixtures("week")
async def test_approved_but_closed_before_it_settled(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """What was approved seconds before the closing is not carried out, and says so."""
    await anna.says("14 июля ушла в 19:00")
    await anna.presses("Отправить")
    await olga.says("закрыть 13-19 июля")
    await sergey.presses("Согласовать")
    await olga.presses("Всё равно закрыть")
    assert 1 == len(await closings(company))
    await company.move("2026-07-20T10:05")
    assert "⚠️ Не исполнено: период уже закрыт." in anna.shown[-1]
    sessions = await anna.sessions()
    assert company.at("2026-07-14T18:00") == sessions[-1].ended_at


@pytest.mark.usefixtures("week")
async def test_leave_and_the_calendar_of_closed_days(anna: Person, olga: Person) -> None:
    """Days of leave are not asked for in a closed period, and its calendar stays."""
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    assert "закрыт" in await anna.says("больничный с 15 по 17 июля")
    assert "закрыт" in await olga.says("сделай 15 июля выходным")


@pytest.mark.usefixtures("week")
async def test_an_administrator_opens_again(company: Company, anna: Person, olga: Person) -> None:
    """With a reason, on record; then days can be changed."""
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    assert "закрыт" in await olga.says("/close 13-19 июля")
    await olga.presses("Открыть снова")
    assert "Причина записана: ошибка в часах" in await olga.says("ошибка в часах")
    [closing] = await closings(company)
    assert ("ошибка в часах", olga.employee_id) == (closing.reason, closing.reopened_by)
    assert "Всё верно?" in await anna.says("14 июля ушла в 19:00")
    assert "Период не закрыт" in await olga.says("/reopen 13-19 июля: ещё раз")


@pytest.mark.usefixtures("week")
async def test_who_may_close(anna: Person, sergey: Person) -> None:
    """Only administrators close, by words or by command."""
    for person in (anna, sergey):
        await person.says("/close июнь")
        assert not any("Закрыть" in each for each in person.buttons)


async def test_what_is_not_over_is_not_closed(company: Company, olga: Person) -> None:
    """A month that runs is refused, also while somebody's last day still runs in the west."""
    assert "Период ещё идёт" in await olga.says("/close июль")
    await company.hire("Кант Иммануил", "bitrix24", zone="Europe/Kaliningrad")
    await company.move("2026-08-01T00:30")
    assert "Период ещё идёт" in await olga.says("/close июль")
    await company.move("2026-08-01T01:30")
    assert "🔒 Закрыть период: июль?" in await olga.says("/close июль")


async def test_days_without_marks_are_not_confirmed_unseen(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """Who confirms in a hurry is told of the days without marks, and so is the lead."""
    await olga.says("график Анны 9-18")
    await olga.presses("Да")
    await works(company, anna, "2026-07-14", *DAY)
    await company.move("2026-07-20T10:00")
    answer = await anna.says("неделя верна")
    assert answer == "✅ 13–19 июля: 8 ч. Вы подтвердили эти часы.\n❗ 4 дня без отметок"
    assert sergey.shown[-1] == "🗓 Анна Ким – подтверждённый период: 13–19 июля, 8 ч\n❗ 4 дня без отметок"
    assert (await anna.presses("Что не так")).startswith("🔎 ")


@pytest.mark.usefixtures("week")
async def test_words_with_a_meaning_of_their_own_are_no_reason(company: Company, anna: Person, olga: Person) -> None:
    """Whoever checks in or wants the week while we wait for a reason is heard; what sounds like a reason is one."""
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    await anna.says("14 июля ушла в 19:00")
    for words, answer in (("пришла", "🟢 На работе с 10:00"), ("моя неделя", "📅 пн, 20 июля – вс, 26 июля")):
        await anna.presses("Попросить открыть")
        assert answer in await anna.says(words)
    assert not any("Открыть закрытый период – Анна" in each for each in olga.shown)
    await anna.presses("Попросить открыть")
    assert "Открыть закрытый период – отправлено" in await anna.says("болела")


async def both_ask(company: Company, anna: Person, james: Person, olga: Person) -> None:
    """Close the week, and have two people ask for it to be opened, each in their language."""
    await olga.says("/close 13-19 июля")
    await olga.presses("🔒 Закрыть")
    for person, words in ((anna, "14 июля ушла в 19:00"), (james, "I left at 19:00 on 15 July")):
        await person.says(words)
        await person.presses("открыть" if person is anna else "Ask to open")
        await person.says("Забыли мой вечер" if person is anna else "My evening is missing")
    await company.settle()


@pytest.mark.usefixtures("week")
async def test_opened_by_hand_while_somebody_asks(company: Company, anna: Person, james: Person, olga: Person) -> None:
    """The requests have what they asked for: they end, their cards say so, and both people are told."""
    await both_ask(company, anna, james, olga)
    await olga.says("/reopen 13-19 июля: ошибка")
    await company.settle()
    assert anna.shown[-1].endswith("✅ Готово: период снова открыт.")
    assert james.shown[-1].endswith("✅ Done: the period is open again.")
    cards = [each for each in olga.chat if each.text.startswith("📝 Открыть закрытый период")]
    assert [("✅ Готово: период снова открыт.", {})] * 2 == [(e.text.splitlines()[-1], e.buttons) for e in cards]
    assert "ничего не ждёт" in await olga.says("мои согласования")


@pytest.mark.usefixtures("week")
async def test_approved_for_one_is_open_for_all(company: Company, anna: Person, james: Person, olga: Person) -> None:
    """Two people asked: a yes to the one ends the other's request as well."""
    await both_ask(company, anna, james, olga)
    await olga.presses("Согласовать")
    await company.move("2026-07-20T10:05")
    assert anna.shown[-1].endswith("✅ Готово: период снова открыт.")
    assert "Approved by Ольга Смирнова" in james.shown[-1]


@pytest.mark.usefixtures("week")
async def test_who_keeps_no_hours_is_no_problem(company: Company, olga: Person, sergey: Person) -> None:
    """Neither marks nor a schedule: not counted, not named, not asked; with a schedule they are."""
    shown = await olga.says("/close 13-19 июля")
    assert "2 человека, 24 ч" in shown
    assert "Не подтвердили: James Carter, Анна Ким" in shown
    await company.plans(NINE_TO_SIX, sergey)
    assert "Не подтвердили: James Carter, Анна Ким, Сергей Орлов" in await olga.says("/close 13-19 июля")


@pytest.mark.usefixtures("forgotten")
async def test_hours_are_confirmed_once_they_are_clear(anna: Person, olga: Person) -> None:
    """No button that would be refused: the days come first, and whoever clears the last of them is offered the week."""
    await anna.says("неделя верна")
    assert "✅ Неделя верна" not in anna.buttons
    await olga.says("/close 13-19 июля")
    await olga.presses("Напомнить: Анна")
    assert ["✅ пн, 13 июля: да, в 17:00", "📅 Посмотреть"] == anna.buttons
    await anna.presses("да, в 17:00")
    assert ["✅ Неделя верна"] == anna.buttons
    assert "Вы подтвердили эти часы" in await anna.presses("Неделя верна")


async def test_requests_about_a_day_are_one_line(company: Company, anna: Person, olga: Person, sergey: Person) -> None:
    """How many wait is said once, not each of them the same."""
    await company.move("2026-07-14T09:00")
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("20:00")
    for words in ("ушла в 19:00", "обед был с 13 до 14"):
        await anna.says(words)
        await anna.presses("Отправить")
    await company.move("2026-07-20T10:00")
    answer = await olga.says("/close 13-19 июля")
    assert 1 == answer.count("Анна Ким, вт, 14 июля")
    assert "• Анна Ким, вт, 14 июля: 2 заявки ждут решения" in answer
