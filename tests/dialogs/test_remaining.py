"""What is left of today, hours due, and whether a day is a workday: what people ask at nine in the morning."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.dialogs.days import NINE_TO_SIX, everybody_works
from tests.people import Company, Person
from tests.unit.domain.plans import flexible


async def test_the_plan_of_the_day_takes_until(company: Company, anna: Person) -> None:
    """Five minutes late, an hour of lunch ahead: until 18:05; the lunch that was taken moves nothing on (case 81)."""
    await everybody_works(company)
    await company.move("09:05")
    assert "По плану: 09:00 – 18:00" in await anna.says("пришла")
    assert "План дня – до 18:05 с обедом" in anna.shown[-1]
    await company.move("10:00")
    assert (await anna.says("сколько осталось")).startswith("Осталось 7 ч 5 мин, до 18:05 с обедом")
    await company.move("13:00")
    await anna.says("обед")
    await company.move("13:40")
    assert (await anna.says("вернулась")).startswith("🟢 На работе с 09:05\n")
    assert "План дня – до 18:05 с обедом" in anna.shown[-1]  # twenty minutes of it are left until two
    await company.move("14:00")
    assert (await anna.says("когда я могу уйти")).startswith("Осталось 3 ч 45 мин, до 17:45\n")
    await company.move("18:00")
    assert (await anna.says("сколько осталось")).startswith("План дня выполнен, сверх него 15 мин.")
    await anna.says("ушла")
    assert (await anna.says("сколько осталось")).startswith("План дня выполнен, сверх него 15 мин.")


async def test_before_the_check_in_and_on_free_days(company: Company, anna: Person) -> None:
    """The plan is told as it is; where nothing is planned, that is said."""
    assert (await anna.says("сколько осталось")).startswith("пн, 13 июля: часов по плану нет.")
    await everybody_works(company)
    assert (await anna.says("сколько осталось")).startswith("По плану: 09:00 – 18:00, 8 ч работы.")
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-13")
    assert (await anna.says("сколько осталось")).startswith("🌴 Отпуск")


async def test_flexible_hours(company: Company, anna: Person) -> None:
    """Of them only the month asks for something."""
    await company.plans(flexible(), anna)
    assert (await anna.says("сколько осталось")).startswith(
        "Часы по дням не запланированы; до нормы за июль осталось 184 ч."
    )


@pytest.mark.parametrize(
    ("between", "came", "plan", "until"),
    [
        (("09:00", "13:00"), "14:00", "По плану: 14:00 – 18:00", "План дня – до 18:00"),
        (("09:00", "11:00"), "11:00", "По плану: 11:00 – 18:00", "План дня – до 18:00 с обедом"),
        (("14:00", "18:00"), "09:00", "По плану: 09:00 – 13:00", "План дня – до 13:00"),
    ],
)
async def test_the_plan_of_a_day_with_hours_away(
    company: Company, anna: Person, between: tuple[str, str], came: str, plan: str, until: str
) -> None:
    """The card shows the plan as it is on that day, and who comes for it is not late."""
    await everybody_works(company)
    await company.sends_away(anna, AbsenceKind.DAY_OFF, "2026-07-13", between=between)
    await company.move(came)
    card = (await anna.says("пришла")).splitlines()
    assert [plan, until] == [each for each in card if "план" in each.casefold()][::-1]
    await company.move("18:00" if came != "09:00" else "13:00")
    await anna.says("ушла")
    await company.move("18:30")
    assert "опоздание" not in await anna.says("моя неделя")


async def test_hours_due(company: Company, anna: Person) -> None:
    """By one's own schedule and absences, else by the calendar, which says so."""
    assert (await anna.says("какая у меня норма в июле")).startswith(
        "📏 Норма, июль: 184 ч при 40 часах в неделю, 23 рабочих дня"
    )
    await company.plans(NINE_TO_SIX, anna)
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-20", "2026-07-21")
    answer = await anna.says("какая у меня норма в июле")
    assert answer.splitlines() == ["📏 Норма, июль: 168 ч, 23 рабочих дня", "2 дня отсутствия уже вычтены"]


async def test_hours_due_of_a_month_with_a_schedule_of_some_days(company: Company, anna: Person) -> None:
    """Hours and workdays are those of the days that have one (case 80)."""
    await company.plans(NINE_TO_SIX, anna, since=date(2026, 7, 13))
    answer = await anna.says("какая у меня норма в июле")
    assert answer.splitlines() == ["📏 Норма, июль: 120 ч, 15 рабочих дней", "Дни без графика не учтены."]


async def test_sickness_in_a_vacation(company: Company, anna: Person) -> None:
    """Each day once, as what counts on it; what is to be moved is told."""
    await everybody_works(company)
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-13", "2026-07-19")
    await company.sends_away(anna, AbsenceKind.SICK, "2026-07-15", "2026-07-16")
    await company.move("2026-07-15T10:00")
    assert "🤒 Больничный" in await anna.says("статус")
    assert "Отпуск" not in anna.shown[-1]
    await company.move("2026-07-20T10:00")
    assert "🤒 2 дня отпуска пришлись на больничный: отпуск продлевается или переносится." in await anna.says(
        "моя прошлая неделя"
    )


async def test_the_first_schedule_of_a_company_says_what_stays_outside(company: Company, olga: Person) -> None:
    """And how the whole month comes into the norm; a second schedule says nothing of it."""
    await olga.says("график всем 9-18 обед 13-14")
    assert "Часы до пн, 13 июля в норму не войдут." in await olga.presses("Да")
    await olga.says("график всем 10-19 обед 13-14")
    assert "не войдут" not in await olga.presses("Да")


async def test_balance(company: Company, anna: Person) -> None:
    """Worked, norm and what is left, without a line for each day."""
    await company.plans(NINE_TO_SIX, anna)
    await anna.says("пришла")
    await company.move("19:00")
    await anna.says("ушла")
    await company.move("2026-07-14T09:00")
    answer = (await anna.says("какой у меня баланс на этой неделе")).splitlines()
    assert ["Отработано 10 ч за 1 день", "Норма 40 ч, осталось 30 ч", "По вчерашний день: +2 ч"] == answer[1:]


async def test_is_it_a_workday(company: Company, anna: Person) -> None:
    """By one's own plan, else by the calendar; with what one is away for."""
    assert "💼 вт, 14 июля: рабочий день" == await anna.says("завтра рабочий день?")
    await everybody_works(company)
    assert "💼 вт, 14 июля: рабочий день, 09:00 – 18:00" == await anna.says("завтра рабочий день?")
    assert "🌤 Ближайший выходной: сб, 18 июля" == await anna.says("когда ближайший выходной")
    assert (await anna.says("когда ближайший праздник")).startswith("🎉 Ближайший праздник: ср, 4 ноября")
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-14")
    assert "🌴 Отпуск" in await anna.says("завтра рабочий день?")
    await company.move("2026-11-02T09:00")
    assert "💼 вт, 3 ноября: сокращённый рабочий день, 09:00 – 17:00" == await anna.says("завтра короткий день?")


async def test_a_schedule_set_in_the_middle_of_a_week(company: Company, anna: Person) -> None:
    """What was worked before it is told apart, so that the numbers add up (case 80)."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.plans(NINE_TO_SIX, anna, since=date(2026, 7, 14))
    await company.move("2026-07-14T09:00")
    await anna.says("пришла")
    await company.move("2026-07-14T18:00")
    await anna.says("ушла")
    await company.move("2026-07-20T09:00")
    await anna.says("моя прошлая неделя")
    answer = anna.shown[-2].splitlines()
    assert "Отработано 18 ч за 2 дня" in answer
    assert "в том числе 9 ч без графика (не входят в норму)" in answer
    assert "Норма 32 ч, к норме −23 ч" in answer


async def test_one_s_own_sheet(company: Company, anna: Person) -> None:
    """It is yours, and not “one person”."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    assert "📄 Ваш табель, июль: отработано 9 ч" == await anna.says("мой табель")


async def test_the_first_days_of_a_month(company: Company, anna: Person) -> None:
    """What is not right is that of the month that waits, as long as it has anything; then the present one's."""
    await everybody_works(company, replace(NINE_TO_SIX))
    await company.move("2026-08-03T08:00")
    assert (await anna.says("что не так в моём месяце")).startswith("🔎 июль")
    await company.move("2026-08-04T08:00")
    assert (await anna.says("что не так в моём месяце")).startswith("🔎 август")
    assert (await anna.presses("◀ июль: 23")).startswith("🔎 июль")
    await company.move("2026-08-06T08:00")
    assert (await anna.says("что не так в моём месяце")).startswith("🔎 август")


async def test_overtime_of_a_day_without_a_plan(company: Company, anna: Person) -> None:
    """Nothing can be over a plan that is none: what was worked is told instead."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    assert "Часов по плану в этот день нет; записано: 9 ч" in await anna.says(
        "переработка 1 час сегодня, прошу согласовать"
    )


async def test_work_elsewhere_is_due_as_ever(company: Company, anna: Person) -> None:
    """A day from home or on a trip takes nothing off the hours due, and nothing is said to be taken off."""
    await company.plans(NINE_TO_SIX, anna)
    await company.sends_away(anna, AbsenceKind.REMOTE, "2026-07-20", "2026-07-21")
    answer = await anna.says("какая у меня норма в июле")
    assert answer.splitlines() == ["📏 Норма, июль: 184 ч, 23 рабочих дня"]
