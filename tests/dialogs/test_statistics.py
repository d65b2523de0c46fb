"""Statistics in chat: one's own weeks and months, a team's, who was late and over the plan; and who sees what."""

from dataclasses import replace

import pytest

from bot.domain.people.employee import Role
from bot.domain.people.staff import Department, Employment
from bot.ids import new_id
from tests.dialogs.days import everybody_works, works
from tests.people import Bubble, Company, Person

TURNS = ("◀ 6–12 июля", "20–26 июля ▶")
RULE = "Часы считаются по дню начала смены."
WEEK = ("09:02", "13:00", "14:00", "18:05")


async def answers(person: Person, said: str) -> list[Bubble]:
    """Say something and return the messages that came back: the words, then perhaps the picture."""
    before = len(person.chat)
    await person.says(said)
    return person.chat[before:]


def turning(bubble: Bubble) -> list[str]:
    """Return the buttons under a report, without those that send it as a file."""
    return [label for label in bubble.buttons if not label.startswith("📄")]


@pytest.fixture
async def week(company: Company, anna: Person, james: Person) -> None:
    """Anna's week of 13 July: in time, late and over the plan, nothing, early, and a Saturday. It is the 20th."""
    await everybody_works(company)
    await works(company, anna, "2026-07-13", *WEEK)
    await works(company, anna, "2026-07-14", "09:25", "13:00", "14:00", "19:30")
    await works(company, anna, "2026-07-16", "09:00", "13:00", "14:00", "17:00")
    await works(company, james, "2026-07-17", "09:00", "13:00", "14:00", "18:00")
    await works(company, anna, "2026-07-18", "11:00", "13:15")
    await company.move("2026-07-20T10:00")


@pytest.mark.usefixtures("week")
async def test_my_week(anna: Person) -> None:
    """A line a day with something in it, then the sums against the norm, what is special, and the rule."""
    words, picture = await answers(anna, "за прошлую неделю")
    assert (
        "📅 пн, 13 июля – вс, 19 июля\n"
        "пн, 13 июля: 8 ч 3 мин, перерывы 1 ч\n"
        "вт, 14 июля: 9 ч 5 мин, перерывы 1 ч · опоздание 25 мин\n"
        "ср, 15 июля · ❗ нет отметок\n"
        "чт, 16 июля: 7 ч, перерывы 1 ч · ранний уход на 1 ч\n"
        "пт, 17 июля · ❗ нет отметок\n"
        "сб, 18 июля: 2 ч 15 мин · в выходной\n"
        "\nОтработано 26 ч 23 мин за 4 дня, перерывы 3 ч\n"
        "Норма 40 ч, к норме −13 ч 37 мин\n"
        "В выходные: 2 ч 15 мин\n"
        "1 опоздание: 25 мин\n"
        "1 ранний уход: 1 ч\n"
        f"Сверх плана: 1 ч 8 мин\n{RULE}"
    ) == words.text
    assert "📊 13–19 июля – Анна Ким" == picture.text
    [file] = picture.files
    assert ("photo", "13–19 июля.png") == (file.kind, file.name)
    assert file.content.startswith(b"\x89PNG")


@pytest.mark.usefixtures("week")
async def test_the_week_in_english(james: Person) -> None:
    """The same to an English reader; singular and plural are right."""
    words, picture = await answers(james, "last week")
    assert words.text.startswith("📅 Mon 13 July – Sun 19 July\nMon 13 July · ❗ no marks\n")
    assert (
        "Fri 17 July: 8 h, breaks 1 h\n\nWorked 8 h in 1 day, breaks 1 h\nNorm 40 h, balance −32 h\n"
        "Hours count for the day on which the shift began."
    ) == words.text.split("Thu 16 July · ❗ no marks\n")[1]
    assert "📊 13–19 July – James Carter" == picture.text


@pytest.mark.usefixtures("week")
async def test_a_week_that_runs_says_what_is_left(company: Company, anna: Person) -> None:
    """Today is not held against anybody: the balance is that of the days that are over."""
    await works(company, anna, "2026-07-20", "10:30", "13:00", "14:00", "19:33")
    await works(company, anna, "2026-07-21", "12:00", "13:00", "14:00", "17:00")
    words, _ = await answers(anna, "моя неделя")
    assert "Норма 40 ч, осталось 27 ч 57 мин\nПо вчерашний день: +3 мин\n" in words.text


@pytest.mark.usefixtures("week")
async def test_my_month_has_a_line_a_week(anna: Person) -> None:
    """More than two weeks are summed by calendar weeks; days that are not right are named, the first of them."""
    for said in ("мой месяц", "/month", "июль"):
        words, picture = await answers(anna, said)
        assert words.text.startswith(
            "📅 июль\n13–19 июля: 26 ч 23 мин\n\nОтработано 26 ч 23 мин за 4 дня, перерывы 3 ч\n"
        )
        assert "❗ Нет отметок: ср, 1 июля; чт, 2 июля; пт, 3 июля; пн, 6 июля; вт, 7 июля и ещё 5" in words.text
        assert "📊 Июль – Анна Ким" == picture.text


@pytest.mark.usefixtures("week")
async def test_weeks_are_turned_over_in_place(company: Company, anna: Person) -> None:
    """Back and forth in one message; not into the future; the picture of other days comes when asked for."""
    [words] = await answers(anna, "моя неделя")
    assert ["◀ 13–19 июля"] == turning(words)
    before = len(anna.chat)
    assert (await anna.presses("◀ 13–19 июля")).startswith("📅 пн, 13 июля – вс, 19 июля")
    assert before == len(anna.chat)
    offered = ["🖼 Картинка", "🔎 Что не так", "✅ Неделя верна", "⏱ Согласовать переработку"]
    assert [*TURNS, *offered] == turning(words)
    assert "📊 13–19 июля – Анна Ким" == await anna.presses("Картинка")
    shown = words.buttons["🖼 Картинка"].action
    assert shown is not None
    await anna.presses("◀ 6–12 июля")
    assert ["◀ 29 июня – 5 июля", "13–19 июля ▶", "🔎 Что не так", "✅ Неделя верна"] == turning(words)
    await anna.taps(shown.pack().replace(":739810", ":739803").replace(":739816", ":739809"), words.id)
    assert "За эти дни отметок нет." == await anna.reads()
    await company.move("2026-07-20T11:00")
    words, _ = await answers(anna, "июль")
    assert ["◀ июнь", "🔎 Что не так", "⏱ Согласовать переработку"] == turning(words)
    assert (await anna.presses("◀ июнь")).startswith("📅 июнь\n")


async def test_nothing_yet(company: Company, anna: Person) -> None:
    """A person without plan and marks reads one kind sentence, and gets no picture of nothing."""
    [words] = await answers(anna, "моя неделя")
    assert "📅 пн, 13 июля – вс, 19 июля\nЗа эти дни отметок нет." == words.text
    await everybody_works(company)
    [words] = await answers(anna, "моя неделя")
    assert "За эти дни отметок нет.\nНорма 40 ч, осталось 40 ч" in words.text


async def test_without_a_plan_there_is_no_norm(company: Company, anna: Person) -> None:
    """Hours are told and held against nothing: no norm, no balance, nobody is late."""
    await works(company, anna, "2026-07-14", "11:00", "13:00", "14:00", "18:05")
    words, _ = await answers(anna, "моя неделя")
    assert "вт, 14 июля: 6 ч 5 мин, перерывы 1 ч\n\nОтработано 6 ч 5 мин за 1 день, перерывы 1 ч\n" + RULE in words.text


async def test_a_year_that_is_not_known(company: Company, anna: Person) -> None:
    """Moved days off of a far year are not published: the norm is not invented, and it is said why."""
    await everybody_works(company)
    await company.move("2031-07-16T10:00")
    [words] = await answers(anna, "моя неделя")
    assert "Выходные дни 2031 года мне пока не известны, поэтому норму не назову." in words.text
    assert "Норма 40" not in words.text


async def test_case_61_a_night_belongs_to_the_day_on_which_it_began(company: Company, anna: Person) -> None:
    """From Sunday 23:00 to Monday 07:00: all of it in Sunday's week, seven hours at night, and the rule is told."""
    await works(company, anna, "2026-07-19", "23:00")
    await company.move("2026-07-20T07:00")
    await anna.says("/checkout")
    words, _ = await answers(anna, "прошлая неделя")
    assert "вс, 19 июля: 8 ч · ночью 7 ч\n\nОтработано 8 ч за 1 день\n🌙 Ночью: 7 ч\n" + RULE in words.text
    [words] = await answers(anna, "моя неделя")
    assert "За эти дни отметок нет." in words.text


async def test_case_62_the_week_over_new_year(company: Company, anna: Person) -> None:
    """1 January 2027 is a Friday: its week is that of 28 December to 3 January."""
    await company.move("2027-01-01T12:00")
    [words] = await answers(anna, "моя неделя")
    assert words.text.startswith("📅 пн, 28 декабря 2026 – вс, 3 января\n")


async def test_the_night_when_clocks_change(company: Company, channel: str) -> None:
    """Berlin, 24 to 25 October 2026: from 22:00 to 06:00 are nine hours, and the line says why (case 52)."""
    petra = await company.hire("Petra Lang", channel, zone="Europe/Berlin", locale="en")
    await company.move("2026-10-24T23:00")
    await petra.says("/checkin")
    await company.move("2026-10-25T08:00")
    await petra.says("/checkout")
    words, _ = await answers(petra, "my week")
    assert "Sat 24 October: 9 h · at night 9 h · clocks were changed\n" in words.text


@pytest.mark.usefixtures("week")
async def test_a_lead_sees_the_team(sergey: Person) -> None:
    """Who has something to mend comes first; each with hours and balance; together at the end; then the picture."""
    words, picture = await answers(sergey, "команда за прошлую неделю")
    assert (
        "👥 13–19 июля – ваша команда\n"
        "James Carter: 8 ч, −32 ч · ❗ 4 дня без отметок\n"
        "Анна Ким: 26 ч 23 мин, −13 ч 37 мин · ❗ 2 дня без отметок · 1 опоздание\n"
        f"\nВсего 34 ч 23 мин, норма 80 ч\n{RULE}"
    ) == words.text
    assert "📊 13–19 июля – ваша команда" == picture.text


@pytest.mark.usefixtures("week")
async def test_a_day_of_the_team(sergey: Person) -> None:
    """One day says from when to when, and needs no picture."""
    [words] = await answers(sergey, "команда 14 июля")
    assert (
        "👥 вт, 14 июля – ваша команда\n"
        "James Carter: ❗ нет отметок\n"
        "Анна Ким: 09:25 – 19:30, 9 ч 5 мин · опоздание 25 мин\n"
        f"\nВсего 9 ч 5 мин, норма 16 ч\n{RULE}"
    ) == words.text


@pytest.mark.usefixtures("week")
async def test_who_was_late(sergey: Person) -> None:
    """Of one day with the time of arrival, of several with how often; whoever left no marks is named as well."""
    [words] = await answers(sergey, "кто опоздал 14 июля")
    late = "🕘 Анна Ким: приход в 09:25, опоздание 25 мин"
    assert f"👥 вт, 14 июля – ваша команда\n{late}\nJames Carter: ❗ нет отметок" == words.text
    [words] = await answers(sergey, "кто опоздал на прошлой неделе")
    assert "🕘 Анна Ким: 1 раз, 25 мин\n" in words.text
    [words] = await answers(sergey, "кто опоздал 18 июля")
    assert "👥 сб, 18 июля – ваша команда\nНикто не опоздал." == words.text


@pytest.mark.usefixtures("week")
async def test_who_worked_over_the_plan(sergey: Person) -> None:
    """Of the month where no days were named; over the plan is no overtime before somebody approved it (§4.5)."""
    [words] = await answers(sergey, "у кого переработка")
    assert (
        "👥 июль – ваша команда\nАнна Ким: 1 ч 8 мин\nЧасы сверх плана становятся сверхурочными, когда их согласуют."
    ) == words.text


@pytest.mark.usefixtures("week")
async def test_a_lead_reads_one_person(sergey: Person) -> None:
    """By name, with the name in the heading; turned over they stay the same person's."""
    words, picture = await answers(sergey, "часы Анны за июль")
    assert words.text.startswith("📅 июль – Анна Ким\n13–19 июля: 26 ч 23 мин\n")
    assert "📊 Июль – Анна Ким" == picture.text
    assert (await sergey.presses("◀ июнь")).startswith("📅 июнь – Анна Ким\n")


@pytest.mark.usefixtures("week")
async def test_nobody_sees_the_hours_of_those_they_do_not_lead(
    company: Company, channel: str, anna: Person, james: Person, sergey: Person, olga: Person
) -> None:
    """A colleague sees nobody's hours, a lead not another team's, an administrator everybody's."""
    other = await company.hire("Пётр Чужой", channel, role=Role.LEAD, lead=olga)
    for person in (james, other):
        [words] = await answers(person, "часы Анны за июль")
        assert "26 ч" not in words.text
        assert [] == list(words.buttons)
    [words] = await answers(james, "кто опоздал 14 июля")
    assert "Only a lead or an administrator can see that." == words.text
    [words] = await answers(other, "/team")
    assert "Анна" not in words.text
    words, _ = await answers(olga, "часы Анны за июль")
    assert "26 ч 23 мин" in words.text
    words, _ = await answers(olga, "команда за июль")
    assert "все сотрудники" in words.text
    assert {"Анна Ким", "James Carter", "Сергей Орлов"} <= {line.partition(":")[0] for line in words.text.splitlines()}
    words, _ = await answers(anna, "часы Анны за июль")
    assert words.text.startswith("📅 июль\n")


@pytest.mark.usefixtures("week")
async def test_a_button_does_not_outlive_the_right(company: Company, sergey: Person, anna: Person) -> None:
    """Whoever leads nobody any more reads nothing through an old button; nor does a forged one show anything."""
    await answers(sergey, "часы Анны за июнь")
    async with company.storage.unit_of_work() as uow:
        found = await uow.employees.get(company.portal.id, anna.employee_id)
        assert found is not None
        uow.employees.put(replace(found, lead_id=None))
        await uow.commit()
    assert "Это может только руководитель" in await sergey.presses("июль ▶")
    message = sergey.chat[-1].id
    for data in (
        "rp:1:99999999:t:",
        f"rp:{10**30}:{10**30}::",
        "rp:739800:739806:zzz:",
        "rp:739806:739800::",
        "rg:0:0:t",
    ):
        await sergey.taps(data, message)
        assert "26 ч" not in await sergey.reads()


@pytest.mark.usefixtures("week")
async def test_what_is_not_right_of_whom(anna: Person, sergey: Person, olga: Person) -> None:
    """One's own with buttons that mend it; of a person and of a team a lead reads it without any."""
    [words] = await answers(anna, "что не так за прошлую неделю")
    assert words.text.startswith("🔎 13–19 июля – что поправить\n1. ср, 15 июля: нет отметок")
    assert "1 · ✅ 09:00 – 18:00" in words.buttons
    [words] = await answers(sergey, "/gaps")
    assert words.text.startswith("🔎 июль – что поправить\n1. ср, 1 июля: нет отметок")
    assert olga.chat == []


@pytest.mark.usefixtures("week")
async def test_what_stands_out_of_one_person(sergey: Person, anna: Person) -> None:
    """Being late and over the plan, day by day."""
    await answers(anna, "прошлая неделя")
    [words] = await answers(anna, "мои опоздания за июль")
    assert "📅 июль\nвт, 14 июля: 9 ч 5 мин, перерывы 1 ч · опоздание 25 мин\n1 опоздание: 25 мин" == words.text
    [words] = await answers(anna, "моя переработка за июль")
    assert "📅 июль\nпн, 13 июля: 3 мин\nвт, 14 июля: 1 ч 5 мин\nСверх плана: 1 ч 8 мин" == words.text


@pytest.mark.usefixtures("week")
async def test_the_week_button_of_the_day_card(anna: Person) -> None:
    """It shows the present week in a message of its own."""
    await anna.says("статус")
    before = len(anna.chat)
    await anna.presses("Моя неделя")
    assert anna.chat[before].text.startswith("📅 пн, 20 июля – вс, 26 июля")


@pytest.mark.usefixtures("week")
async def test_a_department(company: Company, channel: str, olga: Person, anna: Person, james: Person) -> None:
    """Its people alone, by its name in any case; turned over it stays the same; to others it is not told."""
    sales = Department(new_id(), company.portal.id, "7", "Продажи")
    async with company.storage.unit_of_work() as uow:
        uow.staff.put_department(sales)
        uow.staff.put_employment(Employment(new_id(), company.portal.id, anna.employee_id, department_id=sales.id))
        await uow.commit()
    words, picture = await answers(olga, "отдел продаж за прошлую неделю")
    assert words.text.startswith("👥 13–19 июля – Продажи\nАнна Ким: 26 ч 23 мин")
    assert "James" not in words.text
    assert "📊 13–19 июля – Продажи" == picture.text
    assert (await olga.presses("◀ 6–12 июля")).startswith("👥 6–12 июля – Продажи\nАнна Ким: 0 мин")
    [words] = await answers(james, "отдел продаж за прошлую неделю")
    assert "Анна" not in words.text


@pytest.mark.usefixtures("week")
async def test_a_single_day_needs_no_picture(anna: Person) -> None:
    """One line says it all."""
    [words] = await answers(anna, "мои часы 14 июля")
    assert words.text.startswith("📅 вт, 14 июля\nвт, 14 июля: 9 ч 5 мин, перерывы 1 ч · опоздание 25 мин\n")


async def test_hours_summed_over_a_quarter(company: Company, anna: Person, olga: Person) -> None:
    """A quarter's norm is 184 + 168 + 176 h; what is over it is found at its end and not before (art. 104, §4.5)."""
    assert "Суммированный учёт за квартал" in await olga.says("график Анна 2/2 8-20 с 1 июля, учёт за квартал")
    await olga.presses("Да")
    await works(company, anna, "2026-07-14", "08:00", "12:00", "13:00", "20:00")
    await company.move("2026-07-15T10:00")
    assert "\nУчётный период 1 июля – 30 сентября: пока 11 ч из 528 ч\n" in (await answers(anna, "моя неделя"))[0].text
    await company.move("2026-10-01T10:00")
    summed = "\nУчётный период 1 июля – 30 сентября: 11 ч из 528 ч, баланс −517 ч"
    assert summed in (await answers(anna, "сентябрь"))[0].text
    whole = (await answers(anna, "мои часы с 1 июля по 30 сентября"))[0].text
    assert "Норма 528 ч" in whole
    assert "Учётный период" not in whole
    assert "Учётный период" not in (await answers(olga, "моя неделя"))[0].text
