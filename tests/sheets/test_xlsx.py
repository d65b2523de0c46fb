"""The time sheet as a spreadsheet: opened, read and summed; its numbers are those of the accounts."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl.workbook import Workbook

from bot.domain.reports.rounding import decimal_hours
from bot.i18n import Translator
from bot.sheets.book import Book, Line
from bot.sheets.xlsx import xlsx_bytes
from tests.sheets import june
from tests.sheets.june import counted
from tests.sheets.reading import as_number, column, opened, worked_out
from tests.unit.domain.plans import fixed, flexible, h

RU = Translator("ru", "Europe/Moscow", june.NOW)
EN = Translator("en", "Europe/Moscow", june.NOW)


def both(book: Book) -> tuple[Workbook, Workbook]:
    """Return the workbook with its values, and with its formulas."""
    content = xlsx_bytes(book, EN)
    return opened(content), opened(content, values=False)


def test_a_month_of_one_person() -> None:
    """A line a day with real times and lengths, and a line of totals that are those of the account."""
    book = june.book(june.vera(), subject="Вера Новак")
    workbook, _ = both(book)
    assert ["Days", "Totals"] == workbook.sheetnames
    sheet = workbook["Days"]
    assert "Time sheet: Вера Новак" == sheet["A1"].value
    assert [datetime(2026, 6, day) for day in range(16, 31)] == column(sheet, "Date")
    assert [time(9), time(9), None, time(9), time(10)] == [each and each.time() for each in column(sheet, "In")[:5]]
    assert [h("4"), h("6"), None, h("4"), h("4"), None] == column(sheet, "Worked")[:6]
    assert [4, 6, None] == column(sheet, "Worked, hours")[:3]
    assert "unpaid leave 11:00–13:00" == column(sheet, "Absence")[9]
    assert "nothing recorded" == column(sheet, "Note")[2]
    assert [timedelta(hours=36), 36] == [sheet.cell(sheet.max_row, place).value for place in (7, 8)]


def test_everybody() -> None:
    """A line a person and department; each number is what the account of that line says."""
    book = june.book()
    workbook, _ = both(book)
    assert ["Totals", "Days"] == workbook.sheetnames
    sheet = workbook["Totals"]
    accounts = [line.account for line in book.lines]
    assert [line.name for line in book.lines] == column(sheet, "Person")
    assert [each.worked for each in accounts] == column(sheet, "Worked")
    assert [float(decimal_hours(each.worked)) for each in accounts] == column(sheet, "Worked, hours")
    assert [each.norm for each in accounts] == column(sheet, "Norm")
    assert [0, 13, 2, 0, 0] == column(sheet, "Difference, hours")
    assert [None, h("120"), None, None, None] == column(sheet, "Night")
    assert [None, h("4"), None, None, None] == column(sheet, "On holidays")
    assert [None, None, h("4"), None, None] == column(sheet, "On days off")
    assert [None, None, h("2"), None, None] == column(sheet, "Overtime approved")
    assert [16, 15, 9, 6, 11] == column(sheet, "Days worked")
    assert "vacation: 7" == column(sheet, "Days away")[0]


@pytest.mark.parametrize("people", [1, 5])
def test_every_formula_gives_what_the_file_shows(people: int) -> None:
    """Worked out from scratch, from the cells that it names, each formula gives the value that was stored with it."""
    lines = june.book().lines[:people]
    values, formulas = both(june.book(*lines))
    checked = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            shown = as_number(values[sheet.title][cell.coordinate].value)
            assert worked_out(formulas, sheet, cell.coordinate) == pytest.approx(shown, abs=1e-9), cell.coordinate
            checked += 1
    assert checked >= 18 * people


def test_the_totals_are_sums_of_the_days() -> None:
    """What a person worked is a sum over that person's own rows of the other sheet."""
    _, formulas = both(june.book())
    sheet = formulas["Totals"]
    head = next(cell.column for cell in sheet[5] if cell.value == "Worked")
    assert "=SUM('Days'!J6:J35)" == sheet.cell(6, head).value
    assert "=SUM('Days'!J36:J65)" == sheet.cell(7, head).value
    assert "=SUM(G6:G10)" == sheet.cell(11, head).value


def test_thirds_of_an_hour() -> None:
    """Three times 2 h 20 are 7:00 and 7.00 hours: decimal hours come from the total, not from rounded parts."""
    told = [each for day in (1, 2, 3) for each in june.day(day, "09:00", "11:20")]
    workbook, _ = both(june.book(june.line("Анна Ким", counted(7, fixed(), told))))
    sheet = workbook["Days"]
    assert [2.33] * 3 == column(sheet, "Worked, hours")[:3]
    assert [h("7"), 7] == [sheet.cell(sheet.max_row, place).value for place in (7, 8)]


def test_a_night_says_that_it_ends_the_next_day() -> None:
    """A check-out after midnight is a time of the next date, and shows that; out less in is elapsed time."""
    workbook, _ = both(june.book(june.boris()))
    sheet = workbook["Days"]
    came, left = column(sheet, "In")[0], column(sheet, "Out")[0]
    assert (datetime(2026, 6, 1, 20), datetime(2026, 6, 2, 8)) == (came, left)
    assert ["hh:mm", 'hh:mm "(+1)"'] == [sheet.cell(6, place).number_format for place in (4, 5)]


def test_lengths_over_a_day_are_not_folded() -> None:
    """127 hours show as 127:00, not as 7:00."""
    workbook, _ = both(june.book(june.anna()))
    sheet = workbook["Days"]
    total = sheet.cell(sheet.max_row, 7)
    assert ("[h]:mm", timedelta(hours=127)) == (total.number_format, total.value)


def test_it_prints() -> None:
    """A4 across, one page wide, the head on each page and frozen on the screen."""
    workbook, _ = both(june.book())
    for sheet in workbook:
        assert ("landscape", 9, 1, 0) == (
            sheet.page_setup.orientation,
            int(sheet.page_setup.paperSize),
            sheet.page_setup.fitToWidth or 1,
            sheet.page_setup.fitToHeight,
        )
        assert ("$5:$5", "A6") == (sheet.print_title_rows, sheet.freeze_panes)


def test_in_russian() -> None:
    """Heads, weekdays, dates and notes are in the reader's language."""
    workbook = opened(xlsx_bytes(june.book(june.vera()), RU))
    sheet = workbook["По дням"]
    assert ["Дата", "День", "План", "Приход", "Уход"] == [cell.value for cell in sheet[5]][:5]
    assert "вт" == sheet["B6"].value
    assert "dd.mm.yyyy" == sheet["A6"].number_format
    assert "нет отметок" == column(sheet, "Примечание")[2]


def test_revision() -> None:
    """An export after a reopening says its revision (case 66), the first one does not."""
    first, second = (opened(xlsx_bytes(june.book(revision=each), EN))["Totals"]["A2"].value for each in (1, 2))
    assert ("rev." not in first, True) == (True, second.endswith("rev. 2"))


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://evil.example", "{=1}"])
def test_hostile_names(evil: str) -> None:
    """Text is text: no name, post, department or number becomes a formula or a link."""
    line = june.line(evil, counted(70, fixed(), []), department=evil, title=evil, number=evil)
    workbook = opened(xlsx_bytes(june.book(line, june.anna(), subject=evil), EN), values=False)
    for sheet in workbook:
        found = [cell for row in sheet.iter_rows() for cell in row if cell.value == evil]
        assert found
        assert {("s", None)} == {(cell.data_type, cell.hyperlink) for cell in found}


def test_a_year_that_is_not_known() -> None:
    """Where the norm is not known, nothing is invented: no norm, no difference."""
    first, last = date(2031, 6, 1), date(2031, 6, 30)
    whole = counted(7, fixed(), ["in 2031-06-02 09:00", "out 2031-06-02 18:00"], first=first, last=last)
    book = Book("Анна", first, last, date(2031, 7, 3), (Line("Анна", whole),))
    workbook, _ = both(book)
    sheet = workbook["Totals"]
    assert "Not all days off of 2031 are known yet" in sheet["A3"].value
    assert [[None], [None], [h("9")]] == [column(sheet, each) for each in ("Norm", "Difference, hours", "Worked")]


def test_a_month_that_runs_has_the_difference_up_to_yesterday() -> None:
    """As the chat says it: eight hours more than was asked for before the 15th, and nothing of the days to come."""
    told = [*june.usual(june.workdays(1, 12)), *june.day(13, "10:00", "18:00")]
    line = june.line("Анна", counted(7, fixed(), told))
    workbook, _ = both(replace(june.book(line), today=june.june(15)))
    assert [8] == column(workbook["Totals"], "Difference up to yesterday, hours")
    assert [h("167")] == column(workbook["Totals"], "Norm")
    flexibly = june.line("Борис", counted(8, flexible(), told))
    workbook, _ = both(replace(june.book(flexibly), today=june.june(15)))
    assert [None] == column(workbook["Totals"], "Difference up to yesterday, hours")


def test_columns_that_say_nothing_are_hidden_and_keep_their_place() -> None:
    """As in print nothing is lost by them, and who reads the file finds each column where it always is."""
    workbook, _ = both(june.book(june.anna()))
    for sheet in workbook:
        empty = [
            cell.column
            for cell in sheet[5]
            if all(sheet.cell(row, cell.column).value is None for row in range(6, sheet.max_row))
        ]
        assert empty
        hidden = [each for each in sheet.column_dimensions.values() if each.hidden]
        assert empty == sorted(place for each in hidden for place in range(each.min, each.max + 1))


def test_many_rows_go_the_same_way() -> None:
    """A large sheet, which is written row by row, has the same numbers."""
    people = june.crowd(110)
    worked = people[0].account.worked
    workbook = opened(xlsx_bytes(june.book(*people), EN))
    assert 110 * 30 == len(column(workbook["Days"], "Worked"))
    assert worked * 110 == sum((each or timedelta() for each in column(workbook["Days"], "Worked")), h("0"))
    assert [worked] * 110 == column(workbook["Totals"], "Worked")
