"""Schedules by chat: said in a sentence, read back, given from a day on, and told to whoever works by them."""

from datetime import date, timedelta

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.staff import Department, Employment
from bot.domain.periods.period import Closing
from bot.domain.planning.roster import Roster
from bot.ids import new_id
from bot.services.planning.rosters import Rosters
from tests.people import Company, Person

WORKDAYS = "пн–пт 09:00–18:00\nПерерыв 1 ч\n8 ч в день"
MONDAY = date(2026, 7, 13)


async def roster(company: Company, person: Person) -> Roster:
    """What is planned for a person around Monday."""
    async with company.storage.unit_of_work() as uow:
        return await Rosters(uow).of(company.portal, await person.employee(), MONDAY)


async def placed(company: Company, *people: Person, head: Person | None = None) -> Department:
    """Found a sales department with these people in it."""
    department = Department(new_id(), company.portal.id, "3", "Продажи", head_id=head.employee_id if head else None)
    async with company.storage.unit_of_work() as uow:
        uow.staff.put_department(department)
        for each in people:
            stretch = Employment(new_id(), company.portal.id, each.employee_id, department_id=department.id)
            uow.staff.put_employment(stretch)
        await uow.commit()
    return department


async def closed(company: Company, by: Person, first: date, last: date) -> None:
    """Close a period."""
    async with company.storage.unit_of_work() as uow:
        uow.periods.put_closing(Closing(new_id(), company.portal.id, first, last, by.employee_id, company.clock.now()))
        await uow.commit()


async def test_given(company: Company, olga: Person, anna: Person) -> None:
    """The administrator says it, reads it back, says yes; Anna reads her new plan, and by whom it is."""
    await olga.verify_dialog(
        [
            ("график Анны 9-18", f"Анна Ким – с пн, 13 июля:\n{WORKDAYS}\nВерно?"),
            ("[Да]", f"✅ Анна Ким – с пн, 13 июля:\n{WORKDAYS}"),
        ]
    )
    assert f"🗓 Ваш график с пн, 13 июля:\n{WORKDAYS}\nКто изменил: Ольга Смирнова" == await anna.reads()
    plan = await roster(company, anna)
    shift = plan.shift(MONDAY)
    assert shift is not None
    assert (company.at("2026-07-13T09:00"), company.at("2026-07-13T18:00")) == (shift.starts_at, shift.ends_at)
    assert timedelta(hours=8) == plan.norm(MONDAY)
    assert plan.shift(MONDAY - timedelta(days=3)) is None, "the past is not rewritten (case 74)"


async def test_english(company: Company, james: Person, sergey: Person) -> None:
    """The person concerned reads it in their language, the lead in theirs."""
    await sergey.says("schedule James Mon-Thu 9-18 Fri 9-17 lunch 13-13:30")
    await sergey.says("да")
    week = "Mon–Thu 09:00–18:00\nFri 09:00–17:00\nBreak 30 min from 13:00\n41 h 30 min a week"
    assert f"🗓 Your schedule from Mon 13 July:\n{week}\nBy Сергей Орлов" == await james.reads()


async def test_no(company: Company, olga: Person, anna: Person) -> None:
    """A no, by button or word, changes nothing; other words are no answer."""
    await olga.says("график Анна 9-18")
    assert "Вопрос снят. Ничего не изменено." == await olga.presses("Нет")
    await olga.says("график Анна 9-18")
    assert "Вопрос снят. Ничего не изменено." == await olga.says("нет")
    await olga.says("график Анна 9-18")
    assert "Сейчас на работе никого нет." == await olga.says("кто на работе?")
    assert (await roster(company, anna)).shift(MONDAY) is None
    assert [] == anna.shown


async def test_rota(company: Company, olga: Person, anna: Person) -> None:
    """A rota is read back as its next eight days, for that is where one that starts on the wrong day is seen."""
    heard = await olga.says("смена Анна 2/2 с 18 июля 20:00-08:00")
    days = [
        "сб, 18 июля: 20:00–08:00",
        "вс, 19 июля: 20:00–08:00",
        "пн, 20 июля: выходной",
        "вт, 21 июля: выходной",
        "ср, 22 июля: 20:00–08:00",
        "чт, 23 июля: 20:00–08:00",
        "пт, 24 июля: выходной",
        "сб, 25 июля: выходной",
    ]
    assert "\n".join(["Анна Ким – с сб, 18 июля:", *days, "Перерыв 1 ч", "11 ч в день", "Верно?"]) == heard
    await olga.presses("Да")
    plan = await roster(company, anna)
    shift = plan.shift(date(2026, 7, 18))
    assert shift is not None
    assert company.at("2026-07-19T08:00") == shift.ends_at
    assert plan.shift(date(2026, 7, 17)) is None


async def test_flexible_and_none(company: Company, olga: Person, anna: Person) -> None:
    """A flexible schedule has a norm and no hours of a day; none has neither."""
    assert "Гибкий график, 40 ч в неделю" in await olga.says("график Анна гибкий 40 часов в неделю")
    await olga.presses("Да")
    plan = await roster(company, anna)
    assert (None, timedelta(hours=8)) == (plan.shift(MONDAY), plan.norm(MONDAY))
    assert "Без графика: часы только записываются" in await olga.says("график Анна нет")
    await olga.presses("Да")
    assert timedelta() == (await roster(company, anna)).norm(MONDAY)


async def test_details_of_what_is_there(company: Company, olga: Person, anna: Person) -> None:
    """A detail changes the schedule that is there; without one, the hours are asked for."""
    assert (await olga.says("график Анна допуск 10 минут")).startswith("С какого времени и до какого?")
    await olga.says("график Анна 9-18")
    await olga.presses("Да")
    heard = await olga.says("график Анна допуск 10 минут с 20 июля")
    assert f"Анна Ким – с пн, 20 июля:\n{WORKDAYS}\nДо 10 мин – не опоздание\nВерно?" == heard


async def test_past(company: Company, olga: Person, anna: Person) -> None:
    """A schedule from a past day counts hours anew, and that is asked for in so many words."""
    heard = await olga.says("график Анна 9-18 с 1 июня")
    assert "⚠️ Часы с пн, 1 июня будут пересчитаны.\nВерно?" in heard
    await olga.presses("пересчитать")
    assert (await roster(company, anna)).shift(date(2026, 7, 3)) is not None


async def test_closed_period(company: Company, olga: Person, anna: Person) -> None:
    """Days of a closed period are not planned anew (case 65), also when it is closed while the question waits."""
    await closed(company, olga, date(2026, 6, 1), date(2026, 6, 30))
    for said in ("график Анна 9-18 с 15 июня", "Анна 15 июня выходной"):
        refused = await olga.says(said)
        assert "Период закрыт: июнь" in refused
        assert "Ольга Смирнова" in refused
    await olga.says("график Анна 9-18 с 6 июля")
    await closed(company, olga, date(2026, 7, 1), date(2026, 7, 10))
    assert "закрыт" in await olga.presses("пересчитать")
    assert (await roster(company, anna)).shift(MONDAY) is None


async def test_rights(company: Company, olga: Person, sergey: Person, anna: Person, james: Person) -> None:
    """A lead plans for the people below, nobody for themselves or for others; everybody only by an administrator."""
    refused = "Это может только руководитель этого человека или администратор."
    assert refused == await anna.says("график 9-18")
    assert refused == await anna.says("график James 9-18")
    assert "Only their lead or an administrator can do that." == await james.says("schedule Анна 9-18")
    assert refused == await sergey.says("график Ольга 9-18")
    assert refused == await sergey.says("график 9-18")
    assert "Это может только администратор. Обратитесь к нему." == await sergey.says("график всем 9-18")
    assert "Верно?" in await sergey.says("график Анна 9-18")
    assert "Верно?" in await olga.says("график 9-18")


async def test_department(company: Company, olga: Person, sergey: Person, anna: Person, james: Person) -> None:
    """A department's schedule holds for its people; their head may give it; whose own is nearer is not told."""
    await placed(company, anna, james, head=sergey)
    assert "Анна Ким – сотрудник, Продажи" in await olga.says("/people")
    await olga.says("график Анна 9-18")
    await olga.presses("Да")
    heard = len(anna.shown)
    assert (await sergey.says("график отдела продаж 10-19")).startswith("Продажи – с пн, 13 июля:\nпн–пт 10:00–19:00")
    await sergey.presses("Да")
    assert "Mon–Fri 10:00–19:00" in await james.reads()
    assert heard == len(anna.shown)
    [his, hers] = [(await roster(company, each)).shift(MONDAY) for each in (james, anna)]
    assert his is not None
    assert hers is not None
    assert (company.at("10:00"), company.at("09:00")) == (his.starts_at, hers.starts_at)
    assert "Не знаю отдела «склад». Есть такие: Продажи" == await olga.says("график отдел склад 10-19")


async def test_everybody(company: Company, olga: Person, anna: Person) -> None:
    """What is given to everybody holds for whoever has nothing nearer; who gave it is not told again."""
    await olga.says("график всем 9-18")
    heard = len(olga.shown)
    await olga.presses("Да")
    assert heard == len(olga.shown)
    assert "пн–пт 09:00–18:00" in await anna.reads()


async def test_by_the_clock_of_the_person(company: Company, olga: Person, channel: str) -> None:
    """Hours are those of the person's own clock, and the card says so where the clocks differ (case 58)."""
    boris = await company.hire("Борис Лавров", channel, zone="Asia/Yekaterinburg")
    assert "По местному времени: Екатеринбург" in await olga.says("график Борис 9-18")
    await olga.presses("Да")
    shift = (await roster(company, boris)).shift(MONDAY)
    assert shift is not None
    assert company.at("07:00") == shift.starts_at


async def test_usual_ones_by_button(company: Company, olga: Person, anna: Person) -> None:
    """A name alone shows the schedule and offers the usual ones; for a rota the hours are asked."""
    assert (await olga.says("график Анна")).startswith("🗓 Анна Ким\nГрафика пока нет")
    assert ["5/2, 9–18", "2/2", "Гибкий", "Без графика"] == olga.buttons
    assert f"Анна Ким – с пн, 13 июля:\n{WORKDAYS}\nВерно?" == await olga.presses("5/2, 9–18")
    await olga.presses("Да")
    assert (await olga.presses("2/2")).startswith("Какие часы и когда первая смена?")
    assert "сб, 18 июля: 20:00–08:00\nвс, 19 июля: 20:00–08:00" in await olga.says("20-8 с 18 июля")


async def test_shift_on_a_date(company: Company, olga: Person, anna: Person) -> None:
    """A shift or a day off on a date wins over the schedule; Anna is told."""
    await olga.says("график Анна 9-18")
    await olga.presses("Да")
    assert "Анна Ким – сб, 18 июля: 12:00–21:00\nПерерыв 1 ч\nВерно?" == await olga.says("смена Анна 18 июля 12-21")
    await olga.presses("Да")
    told = "🗓 Ваш план, сб, 18 июля: 12:00–21:00\nПерерыв 1 ч\nКто изменил: Ольга Смирнова"
    assert told == await anna.reads()
    assert "Анна Ким – вт, 14 июля: выходной\nВерно?" == await olga.says("Анна 14 июля выходной")
    assert "✅ Запланировано.\nАнна Ким – вт, 14 июля: выходной" == await olga.says("да")
    plan = await roster(company, anna)
    shift = plan.shift(date(2026, 7, 18))
    assert shift is not None
    assert company.at("2026-07-18T12:00") == shift.starts_at
    assert plan.shift(date(2026, 7, 14)) is None


async def test_my_schedule(company: Company, olga: Person, anna: Person) -> None:
    """One's own plan: the rule, and what differs: leave, shifts by date and days off."""
    nothing = (
        "🗓 Мой график\nГрафика пока нет: я только записываю часы. Задать его может руководитель или администратор."
    )
    assert nothing == await anna.says("мой график")
    for order in ("график Анна 9-18", "смена Анна 18 июля 12-21", "Анна 24 июля выходной"):
        await olga.says(order)
        await olga.presses("Да")
    employee = await anna.employee()
    async with company.storage.unit_of_work() as uow:
        first, last = date(2026, 7, 16), date(2026, 7, 17)
        uow.absences.add(Absence(new_id(), company.portal.id, employee.id, AbsenceKind.VACATION, first, last))
        await uow.commit()
    wanted = [
        "🗓 Мой график",
        WORKDAYS,
        "Иначе до пн, 27 июля:",
        "🌴 Отпуск: чт, 16 июля – пт, 17 июля, 2 дня",
        "сб, 18 июля: 12:00–21:00",
        "пт, 24 июля: выходной",
    ]
    assert "\n".join(wanted) == await anna.says("/schedule")
    assert not anna.buttons or "5/2, 9–18" not in anna.buttons
    assert "\n".join(wanted[1:]) in await olga.says("/schedule Анна")


async def test_holidays(company: Company, olga: Person, anna: Person) -> None:
    """Holidays are named, and a day before one is an hour shorter (art. 95)."""
    await olga.says("график Анна 9-18 с 2 ноября")
    await olga.presses("Да")
    await company.move("2026-11-02T10:00")
    shown = await anna.says("мой график")
    assert "вт, 3 ноября: 09:00–17:00, короткий день\nср, 4 ноября: День народного единства" in shown


async def test_whose_schedule_is_shown(company: Company, sergey: Person, anna: Person, james: Person) -> None:
    """Colleagues do not see one another's plan, a lead sees it."""
    assert "Only their lead or an administrator can do that." == await james.says("/schedule Анна")
    assert (await sergey.says("график Анна")).startswith("🗓 Анна Ким\n")


@pytest.mark.parametrize("said", ["/schedule Анна 9-18", "/schedule анне 5/2 9:00-18:00"])
async def test_command(company: Company, olga: Person, anna: Person, said: str) -> None:
    """The command takes the same sentence."""
    assert f"Анна Ким – с пн, 13 июля:\n{WORKDAYS}\nВерно?" == await olga.says(said)


async def test_stale_question(company: Company, olga: Person, anna: Person) -> None:
    """A yes under a question that is over changes nothing and says so."""
    await olga.says("график Анна 9-18")
    bubble = olga.chat[-1]
    yes = next(button for label, button in bubble.buttons.items() if "Да" in label)
    assert yes.action is not None
    await olga.presses("Нет")
    await olga.taps(yes.action.pack(), bubble.id)
    assert "Этот вопрос уже закрыт" in await olga.reads()
    assert (await roster(company, anna)).shift(MONDAY) is None


async def test_schedule_that_begins_later_is_shown(olga: Person, anna: Person) -> None:
    """Who will have a schedule from next week on is not told that there is none."""
    await olga.verify_dialog(
        [
            ("график Анны 9-18 с 20 июля", f"Анна Ким – с пн, 20 июля:\n{WORKDAYS}\nВерно?"),
            ("[Да]", f"✅ Анна Ким – с пн, 20 июля:\n{WORKDAYS}"),
        ]
    )
    assert (await anna.says("мой график")).startswith(f"🗓 Мой график\nС пн, 20 июля:\n{WORKDAYS}\nЭта неделя\n")
