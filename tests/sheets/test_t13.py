"""Form Т-13, cell by cell against sheets worked out by hand from the rules (facts §4.1, §4.2)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.planning.schedule import Schedule
from bot.sheets.book import Book, Line
from bot.sheets.t13 import t13_bytes
from tests.sheets import june
from tests.sheets.june import counted
from tests.sheets.reading import FIRST_ROW, absences, days, form, opened, shown, totals
from tests.unit.domain.plans import fixed, flexible, leave, rota

# The first half has fifteen days and a crossed cell, the second has the 16th to the 31st; a dot is an empty cell.
ANNA = """
Я  Я  Я  Я  Я  В  В  Я  Я  Я  Я  В  В  В  Я  Х
8  8  8  8  8  .  .  8  8  8  7  .  .  .  8  Х
Я  Я  Я  Я  В  В  ОТ ОТ ОТ ОТ ОТ ОТ ОТ Я  Я  Х
8  8  8  8  .  .  .  .  .  .  .  .  .  8  8  Х
"""
BORIS = """
Я/Н Я/Н В   Я/Н Я/Н Я/Н В   Я/Н Я/Н Я/Н В   РВ/Н Я/Н Я/Н В   Х
4/8 2/6 .   2/2 4/8 2/6 .   2/2 4/8 2/6 .   4/2  4/8 2/6 .   Х
Я/Н Я/Н Я/Н В   Я/Н Я/Н Я/Н В   Я/Н Я/Н Я/Н В    Я/Н Я/Н Я/Н Х
2/2 4/8 2/6 .   2/2 4/8 2/6 .   2/2 4/8 2/6 .    2/2 4/8 2/6 Х
"""
VERA = """
.  .   .  .  .  .  .  .  .  .    .  .  .  .  .  Х
.  .   .  .  .  .  .  .  .  .    .  .  .  .  .  Х
Я  Я/С НН Я  РВ В  Я  НН НН Я/ДО Я  В  В  Я  Я  Х
4  4/2 .  4  4  .  4  .  .  2/2  4  .  .  4  4  Х
"""
GLEB_IN_SALES = """
Я  Я  К  К  К  В  В  Я  Я  Я  Я  В  В  В  .  Х
8  8  .  .  .  .  .  8  8  8  7  .  .  .  .  Х
.  .  .  .  .  .  .  .  .  .  .  .  .  .  .  Х
.  .  .  .  .  .  .  .  .  .  .  .  .  .  .  Х
"""
GLEB_IN_THE_STORE = """
.  .  .  .  .  .  .  .  .  .  .  .  .  .  Я  Х
.  .  .  .  .  .  .  .  .  .  .  .  .  .  8  Х
Я  Я  ДО Я  В  В  Я  Я  Я  Я  Я  В  В  Я  Я  Х
8  8  .  8  .  .  8  8  8  8  8  .  .  8  8  Х
"""


def rows(text: str) -> list[list[str]]:
    """Read a sheet that was written by hand."""
    return [["" if each == "." else each for each in row.split()] for row in text.strip().splitlines()]


@pytest.mark.parametrize(
    ("department", "place", "marks", "sums", "missed"),
    [
        ("Продажи", 1, ANNA, ["10", "79", "6", "48", "16", "127"], ["ОТ 7 (40)"]),
        ("Продажи", 2, BORIS, ["11", "92", "12", "96", "23", "188"], []),
        ("Продажи", 3, VERA, ["0", "0", "9", "36", "9", "36"], ["НН 3 (12)", "ДО (2)"]),
        ("Продажи", 4, GLEB_IN_SALES, ["6", "47", "0", "0", "6", "47"], ["К 3 (24)"]),
        ("Склад", 1, GLEB_IN_THE_STORE, ["1", "8", "10", "80", "11", "88"], ["ДО 1 (8)"]),
    ],
    ids=["five days and vacation", "nights over a holiday", "a bit of everything", "moved: before", "moved: after"],
)
def test_the_month(department: str, place: int, marks: str, sums: list[str], missed: list[str]) -> None:
    """Codes and hours of each date, both halves, the month and the absences are those of the sheet made by hand."""
    sheet = form(june.book(), department)
    assert rows(marks) == days(sheet, place)
    assert sums == totals(sheet, place)
    assert missed == absences(sheet, place)


def test_the_head() -> None:
    """Form, organisation, ОКПО, department, number, dates and the printed numbers of the columns are in place."""
    sheet = form(june.book(), "Склад")
    texts = [shown(cell.value) for row in sheet.iter_rows(max_row=FIRST_ROW - 1) for cell in row if cell.value]
    for wanted in (
        "Унифицированная форма № Т-13",
        "Утверждена Постановлением Госкомстата России от 05.01.2004 № 1",
        "0301008",
        "12345678",
        "ООО «Ромашка»",
        "Склад",
        "ТАБЕЛЬ",
        "06-2026/2",
        "03.07.2026",
        "01.06.2026",
        "30.06.2026",
    ):
        assert wanted in texts
    numbers = [shown(cell.value) for cell in sheet[FIRST_ROW - 1] if cell.value]
    assert ["1", "2", "3", "4", "5", "6", "7", "8", "9", "7", "8", "9", "10", "11", "12", "13"] == numbers
    assert [*map(str, range(1, 16)), "Х"] == [shown(cell.value) for cell in sheet[14][3:19]]
    assert [*map(str, range(16, 32))] == [shown(cell.value) for cell in sheet[15][3:19]]


def test_who_signs() -> None:
    """Three people sign below the table."""
    texts = [shown(cell.value) for row in form(june.book(), "Склад").iter_rows() for cell in row if cell.value]
    for who in ("Ответственное лицо", "Руководитель структурного подразделения", "Работник кадровой службы"):
        assert who in texts


def test_the_person() -> None:
    """Name with post, and personnel number, are in columns 2 and 3."""
    sheet = form(june.book(), "Продажи")
    assert [1, "Анна Ким\nинженер", "0042"] == [
        int(sheet.cell(FIRST_ROW, 1).value),
        sheet.cell(FIRST_ROW, 2).value,
        sheet.cell(FIRST_ROW, 3).value,
    ]


def test_people_stand_by_family_name_and_initials() -> None:
    """Column 2 is «Фамилия, инициалы, должность», in the order of the alphabet; a name without parts stands in full."""
    people = [replace(june.anna(), paper_name=each) for each in ("Яшин А. Б.", "", "Абаев В.")]
    sheet = form(june.book(*people), "Продажи")
    names = [sheet.cell(FIRST_ROW + 4 * place, 2).value for place in range(3)]
    assert ["Абаев В.\nинженер", "Анна Ким\nинженер", "Яшин А. Б.\nинженер"] == names


@pytest.mark.parametrize(("revision", "is_said"), [(1, False), (2, True)])
def test_the_revision(revision: int, is_said: bool) -> None:
    """A sheet after a period was reopened says that it corrects an earlier one, and which it is (case 66)."""
    sheet = form(june.book(revision=revision), "Склад")
    texts = [shown(cell.value) for row in sheet.iter_rows() for cell in row]
    assert is_said == (f"Корректирующий, ред. {revision}" in texts)


def month(
    first: date, last: date, schedule: Schedule, *told: str, options: dict[str, Any] | None = None, **more: Any
) -> Book:
    """Return a book of one person and a month, with the day before it."""
    eve = first - timedelta(days=1)
    whole = counted(7, schedule, told, first=eve, last=last, **more)
    line = Line("Анна Ким", whole.part(first, last), eve=whole.day(eve))
    return Book("Анна Ким", first, last, date(2026, 7, 3), (line,), options=options or {})


def cell(book: Book, day: int) -> tuple[str, str]:
    """Return the code and the hours of a day."""
    marks = days(form(book), 1)
    half, place = (0, day - 1) if day < 16 else (2, day - 16)
    return marks[half][place], marks[half + 1][place]


def test_days_that_the_month_does_not_have() -> None:
    """February ends on the 28th: three more cells are crossed out."""
    first, second = days(form(month(date(2026, 2, 1), date(2026, 2, 28), fixed())), 1)[::2]
    assert ("Х", ["Х"] * 3) == (first[15], [each for each in second if each == "Х"])
    assert second[12] == "В"


def test_case_67_the_night_between_months() -> None:
    """Work date 30 September, 22:00 to 06:00: September's sheet has two hours of it, October's the other six."""
    told = ("in 2026-09-30 22:00", "out 2026-10-01 06:00")
    nights = rota(date(2026, 9, 30), "22:00-06:00", "")
    september = month(date(2026, 9, 1), date(2026, 9, 30), nights, *told)
    october = month(date(2026, 10, 1), date(2026, 10, 31), nights, *told)
    assert (("Н", "2"), "2") == (cell(september, 30), totals(form(september), 1)[5])
    assert (("Н", "6"), "6") == (cell(october, 1), totals(form(october), 1)[5])


def test_case_49_a_night_into_a_holiday() -> None:
    """21:00 on 30 April to 09:00 on 1 May: nine hours are of the holiday, three are not."""
    told = ("in 2026-04-30 21:00", "out 2026-05-01 09:00")
    nights = rota(date(2026, 4, 30), "21:00-09:00", "")
    assert ("Я/Н", "1/2") == cell(month(date(2026, 4, 1), date(2026, 4, 30), nights, *told), 30)
    assert ("РВ/Н", "9/6") == cell(month(date(2026, 5, 1), date(2026, 5, 31), nights, *told), 1)


def test_overtime_counts_only_when_approved() -> None:
    """Two hours over the plan are Я until a lead says yes; then they are С, by day and by night."""
    told = ("in 2026-06-02 09:00", "break 2026-06-02 13:00", "back 2026-06-02 14:00", "out 2026-06-02 23:00")
    plain = month(june.FIRST, june.LAST, fixed(), *told)
    approved = month(june.FIRST, june.LAST, fixed(), *told, overtimes={june.june(2): timedelta(hours=5)})
    assert ("Я/Н", "12/1") == cell(plain, 2)
    assert ("Я/Н/С", "8/1/5") == cell(approved, 2)
    assert "13" == totals(form(approved), 1)[5]


def test_holiday_hours_are_no_overtime() -> None:
    """They are РВ, whatever was approved: overtime is the last of the ordinary hours before them (art. 153)."""
    told = ("in 2026-04-30 09:00", "break 2026-04-30 13:00", "back 2026-04-30 14:00", "out 2026-05-01 02:00")
    approved = {date(2026, 4, 30): timedelta(hours=3)}
    april = month(date(2026, 4, 1), date(2026, 4, 30), fixed(), *told, overtimes=approved)
    may = month(date(2026, 5, 1), date(2026, 5, 31), fixed(), *told, overtimes=approved)
    assert (("Я/Н/С", "11/2/3"), ("РВ/Н", "2/2")) == (cell(april, 30), cell(may, 1))


@pytest.mark.parametrize("codes", [{}, {"missing": "ПР", "sick": "пр", "other": " ПР "}])
def test_truancy_is_never_written(codes: dict[str, str]) -> None:
    """A day that nothing explains is НН; ПР is not written even where somebody puts it into the portal's codes."""
    away = [leave(AbsenceKind.SICK, june.june(3)), leave(AbsenceKind.OTHER, june.june(4))]
    options = {"t13_codes": codes}
    marks = days(form(month(june.FIRST, june.LAST, fixed(), absences=away, options=options)), 1)
    assert ["НН"] * 5 == marks[0][:5]
    assert "ПР" not in [each for row in marks for each in row]


def test_sick_leave_from_chat_is_unexplained_until_there_is_a_paper() -> None:
    """НН on workdays, and a day off stays one; a portal whose officer vouches for the papers has Б on every date."""
    away = [leave(AbsenceKind.SICK, june.june(4), june.june(8))]
    usual = days(form(month(june.FIRST, june.LAST, fixed(), absences=away)), 1)[0]
    own = days(form(month(june.FIRST, june.LAST, fixed(), absences=away, options={"t13_codes": {"sick": "Б"}})), 1)[0]
    assert ["НН", "НН", "В", "В", "НН"] == usual[3:8]
    assert ["Б"] * 5 == own[3:8]


@pytest.mark.parametrize("order", [1, -1], ids=["vacation first", "sick leave first"])
def test_days_of_sickness_are_no_days_of_vacation(order: int) -> None:
    """Ten days of vacation and three of sickness in thirteen, as art. 124 has it; what is to be moved is shaded."""
    away = [
        leave(AbsenceKind.VACATION, june.june(15), june.june(27)),
        leave(AbsenceKind.SICK, june.june(17), june.june(19)),
    ]
    book = month(june.FIRST, june.LAST, fixed(), absences=away[::order], options={"t13_codes": {"sick": "Б"}})
    sheet = form(book)
    assert ["ОТ"] == days(sheet, 1)[0][14:15]
    assert ["ОТ", *["Б"] * 3, *["ОТ"] * 8] == days(sheet, 1)[2][:12]
    assert ["ОТ 10 (56)", "Б 3 (24)"] == [each for each in absences(sheet, 1) if not each.startswith("НН")]
    texts = [shown(one.value) for row in sheet.iter_rows() for one in row if one.value]
    assert 1 == sum("ст. 124" in each for each in texts)
    assert not [each for each in texts if "ждёт решения исправление" in each]


def test_sickness_in_a_vacation_without_a_paper_yet() -> None:
    """НН until the officer has it, and no day of vacation either: it is not lost in silence."""
    away = [
        leave(AbsenceKind.VACATION, june.june(15), june.june(27)),
        leave(AbsenceKind.SICK, june.june(17), june.june(19)),
    ]
    sheet = form(month(june.FIRST, june.LAST, fixed(), *june.usual(june.workdays(1, 12)), absences=away))
    assert ["ОТ", "НН", "НН", "НН", "ОТ"] == days(sheet, 1)[2][:5]
    assert "ОТ 10 (56)" in absences(sheet, 1)


def test_a_holiday_is_no_day_of_vacation() -> None:
    """Vacation goes on over days off, but a statutory holiday in it is В (Labour Code art. 120)."""
    away = [leave(AbsenceKind.VACATION, june.june(8), june.june(14))]
    sheet = form(month(june.FIRST, june.LAST, fixed(), absences=away))
    assert ["ОТ", "ОТ", "ОТ", "ОТ", "В", "ОТ", "ОТ"] == days(sheet, 1)[0][7:14]
    assert "ОТ 6 (31)" in absences(sheet, 1)


@pytest.mark.parametrize(("codes", "wanted"), [({}, "Я"), ({"remote": "ДУ"}, "ДУ")])
def test_remote_work_is_work(codes: dict[str, str], wanted: str) -> None:
    """Hours at home are hours, under the portal's own code where it has one; a day with none is unexplained."""
    away = [leave(AbsenceKind.REMOTE, june.june(2), june.june(3))]
    told = june.usual([2])
    book = month(june.FIRST, june.LAST, fixed(), *told, absences=away, options={"t13_codes": codes})
    assert ((wanted, "8"), ("НН", "")) == (cell(book, 2), cell(book, 3))


def test_work_on_a_business_trip() -> None:
    """A trip is К on every date; hours that were recorded stand under it, on a day off as РВ.

    A date is counted once: with its hours in columns 5 and 6, else as a day of the trip in columns 10 to 13.
    """
    away = [leave(AbsenceKind.BUSINESS_TRIP, june.june(5), june.june(7))]
    told = [*june.usual([5]), *june.day(6, "10:00", "12:00")]
    sheet = month(june.FIRST, june.LAST, fixed(), *told, absences=away)
    assert [("К", "8"), ("РВ/К", "2/–"), ("К", "")] == [cell(sheet, day) for day in (5, 6, 7)]
    assert "К 1" in absences(form(sheet), 1)
    assert ["2", "10"] == totals(form(sheet), 1)[:2]


def test_work_on_a_day_of_leave() -> None:
    """Work stays work: both codes stand there, and the day is no day away (case 29)."""
    away = [leave(AbsenceKind.VACATION, june.june(1), june.june(3))]
    sheet = month(june.FIRST, june.LAST, fixed(), *june.usual([2]), absences=away)
    assert ("Я/ОТ", "8/–") == cell(sheet, 2)
    assert "ОТ 2 (16)" in absences(form(sheet), 1)


NIGHTS = rota(june.june(1), "20:00-08:00")


def test_a_missed_night_is_counted_beside_the_hours_of_the_night_before() -> None:
    """The shift of the 1st ends on the 2nd at eight; the one of the 2nd was missed: НН, twelve hours (case 28)."""
    told = ("in 2026-06-01 20:00", "out 2026-06-02 08:00", "in 2026-06-03 20:00", "out 2026-06-04 08:00")
    away = [leave(AbsenceKind.VACATION, june.june(5), june.LAST)]
    sheet = month(june.FIRST, june.LAST, NIGHTS, *told, absences=away)
    assert [("Я/Н", "2/2"), ("Я/Н/НН", "2/6/–"), ("Я/Н", "2/2")] == [cell(sheet, day) for day in (1, 2, 3)]
    assert "НН 2 (24)" in absences(form(sheet), 1)  # the night of the 4th as well


def test_vacation_begins_on_the_morning_after_the_last_night() -> None:
    """The 2nd has the end of a shift and is the first of seven days of vacation all the same (art. 120)."""
    away = [leave(AbsenceKind.VACATION, june.june(2), june.june(8))]
    sheet = month(june.FIRST, june.LAST, NIGHTS, "in 2026-06-01 20:00", "out 2026-06-02 08:00", absences=away)
    assert ("Я/Н/ОТ", "2/6/–") == cell(sheet, 2)
    assert "ОТ 7 (84)" in absences(form(sheet), 1)


def test_hours_away_are_hours_of_the_plan() -> None:
    """From 8 to 10 and from 12 to 15 of 9–18 with lunch at 13: one hour, and two; both stand under their one code."""
    away = [leave(AbsenceKind.UNPAID, june.june(2), between=each) for each in ("8:00-10:00", "12:00-15:00")]
    told = june.day(2, "10:00", "12:00") + june.day(2, "15:00", "18:00")
    sheet = month(june.FIRST, june.LAST, fixed(), *told, absences=away)
    assert ("Я/ДО", "5/3") == cell(sheet, 2)
    assert "ДО (3)" in absences(form(sheet), 1)


def test_a_missed_rest_of_a_day_is_without_the_hours_away() -> None:
    """Two hours were approved, nobody came for the other six: no hour of the plan stands there twice."""
    away = [leave(AbsenceKind.UNPAID, june.june(2), between="9:00-11:00")]
    sheet = month(june.FIRST, june.LAST, fixed(), *june.usual([1, *june.workdays(3, 30)]), absences=away)
    assert ("НН/ДО", "–/2") == cell(sheet, 2)
    assert ["НН 1 (6)", "ДО (2)"] == absences(form(sheet), 1)


def test_a_day_off_begins_at_midnight() -> None:
    """Friday nine to Saturday two: Saturday's hours are РВ, all in the night; Friday's are not (art. 153)."""
    told = ("in 2026-06-05 09:00", "break 2026-06-05 13:00", "back 2026-06-05 14:00", "out 2026-06-06 02:00")
    book = month(june.FIRST, june.LAST, fixed(), *told, overtimes={june.june(5): timedelta(hours=6)})
    assert [("Я/Н/С", "8/2/6"), ("РВ/Н", "2/2")] == [cell(book, day) for day in (5, 6)]
    sunday = month(june.FIRST, june.LAST, fixed(), "in 2026-06-07 22:00", "out 2026-06-08 06:00")
    assert [("РВ/Н", "2/2"), ("Н/НН", "6/–")] == [cell(sunday, day) for day in (7, 8)]


def test_a_schedule_without_days_asks_for_none() -> None:
    """Flexible hours: days off are the calendar's, and a workday without work is nobody's fault."""
    marks = days(form(month(june.FIRST, june.LAST, flexible(), *june.usual([1]))), 1)
    assert ["Я", "", "", "", "", "В", "В"] == marks[0][:7]


def test_days_still_to_come_are_empty() -> None:
    """A sheet of a month that is not over has no НН for days that are still to come."""
    book = month(date(2026, 7, 1), date(2026, 7, 31), fixed())
    marks = days(form(book), 1)
    assert ["НН", "НН", "", "В", "В", ""] == marks[0][:6]


def test_leave_that_is_still_to_come() -> None:
    """Approved vacation stands there in advance; what is unexplained is not said of days to come."""
    away = [
        leave(AbsenceKind.VACATION, date(2026, 7, 6), date(2026, 7, 7)),
        leave(AbsenceKind.SICK, date(2026, 7, 8), date(2026, 7, 9)),
    ]
    book = month(date(2026, 7, 1), date(2026, 7, 31), fixed(), absences=away)
    assert ["ОТ", "ОТ", "", ""] == days(form(book), 1)[0][5:9]


def test_only_deviations() -> None:
    """A portal may fill in deviations only: ordinary days stay empty, totals are told in full."""
    sheet = form(june.book(june.vera(), options={"t13_fill": "deviations"}))
    assert (
        rows("""
        .  Я/С НН .  РВ .  .  НН НН Я/ДО .  .  .  .  .  Х
        .  4/2 .  .  4  .  .  .  .  2/2  .  .  .  .  .  Х
    """)
        == days(sheet, 1)[2:]
    )
    assert ["9", "36"] == totals(sheet, 1)[4:]


def test_what_is_not_certain_is_shaded() -> None:
    """A day with a correction under way is marked, and a line below says what that means (case 32)."""
    sheet = form(june.book(), "Продажи")
    gleb = FIRST_ROW + 4 * 3
    shades = [sheet.cell(gleb, 4 + day).fill.fgColor.rgb for day in range(15)]
    assert [8] == [place for place, each in enumerate(shades) if each == "FFFFF2CC"]
    assert any("Заливкой" in shown(each.value) for row in sheet.iter_rows() for each in row)


def test_hours_are_numbers_that_sum() -> None:
    """Cells of one kind of time are numbers: a spreadsheet's sum of a row is the half's total."""
    sheet = form(june.book(june.anna()))
    hours = [each.value for each in sheet[FIRST_ROW + 1][3:19] if isinstance(each.value, int | float)]
    assert 79 == sum(hours) == sheet.cell(FIRST_ROW + 1, 20).value


def test_thirds_of_an_hour_are_rounded_once() -> None:
    """Three days of 2 h 20 are 7 hours, not three times 2.33."""
    told = [each for day in (1, 2, 3) for each in june.day(day, "09:00", "11:20")]
    book = month(june.FIRST, june.LAST, fixed(), *told)
    assert ("2,33", "7") == (cell(book, 1)[1], totals(form(book), 1)[5])


def test_several_months() -> None:
    """The form is monthly: a longer period is a worksheet a month."""
    whole = counted(7, fixed(), [], first=date(2026, 4, 30), last=date(2026, 6, 30))
    line = Line("Анна Ким", whole.part(date(2026, 5, 1), june.LAST), eve=whole.day(date(2026, 4, 30)), department="Цех")
    book = Book("Цех", date(2026, 5, 1), june.LAST, date(2026, 7, 3), (line,))
    workbook = opened(t13_bytes(book))
    assert ["2026-05 Цех", "2026-06 Цех"] == workbook.sheetnames
    assert "В" == shown(workbook["2026-05 Цех"].cell(FIRST_ROW, 4).value)


def test_a_year_that_is_not_known() -> None:
    """The form says that days off can still change."""
    sheet = form(month(date(2031, 6, 1), date(2031, 6, 30), fixed()))
    assert any("2031 года известны ещё не все" in shown(each.value) for row in sheet.iter_rows() for each in row)


def test_hostile_names() -> None:
    """A name is a name: never a formula, and a department of any name has a worksheet."""
    evil = "=cmd|' /C calc'!A0"
    line = june.line(evil, counted(7, fixed(), []), department="[A]/B:*?\\' " + "x" * 40, title="+1", number="@SUM(1)")
    other = june.line("Б", counted(8, fixed(), []), department="(A)/B:*?\\' " + "x" * 41)
    workbook = opened(t13_bytes(june.book(line, other)), values=False)
    sheet = workbook.worksheets[0]
    assert f"{evil}\n+1" == sheet.cell(FIRST_ROW, 2).value
    assert [] == [
        each.coordinate for one in workbook for row in one.iter_rows() for each in row if each.data_type == "f"
    ]
    assert 2 == len(set(workbook.sheetnames))
