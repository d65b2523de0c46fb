"""Who has which lines on a sheet: departments by dates, posts, people who came or left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.people.employee import Employee
from bot.domain.people.staff import Employment
from bot.domain.reports.t13_codes import codes_of
from bot.sheets.lines import is_blank, lines_of
from bot.sheets.t13_cells import cells_of
from tests.sheets import june
from tests.sheets.june import counted
from tests.unit.domain.plans import fixed

ANNA = Employee(7, 1, "Анна Ким")
NAMES = {1: "Продажи", 2: "Склад"}
SALES, STORE = 1, 2


def stretch(number: int, since: int | date, until: int | None, department: int | None, title: str = "") -> Employment:
    """Return a stretch of June."""
    begins = since if isinstance(since, date) else june.june(since)
    return Employment(number, 1, 7, begins, june.june(until) if until else None, department, title, "0042")


def lines(*stretches: Employment, told: Sequence[str] = (), only: set[int] | None = None) -> list[tuple[object, ...]]:
    """Return the lines as department, first and last day, and post."""
    whole = counted(7, fixed(), told, employments=stretches)
    return [
        (each.department, each.days[0].day.day, each.days[-1].day.day, each.title)
        for each in lines_of(ANNA, whole, stretches, NAMES, only)
    ]


def test_nothing_is_known_of_the_employment() -> None:
    """Somebody of whom no employment is known is employed always, in no department."""
    assert [("", 1, 30, "")] == lines()


def test_case_73_moved() -> None:
    """A move is two lines, one a department, by dates."""
    moved = stretch(1, date(2020, 1, 1), 14, SALES, "менеджер"), stretch(2, 15, None, STORE, "кладовщик")
    assert [("Продажи", 1, 14, "менеджер"), ("Склад", 15, 30, "кладовщик")] == lines(*moved)
    assert [("Склад", 15, 30, "кладовщик")] == lines(*moved, only={STORE})


def test_moved_and_back() -> None:
    """Three stretches in two departments are three lines, in order."""
    moved = stretch(1, 1, 9, SALES), stretch(2, 10, 19, STORE), stretch(3, 20, None, SALES)
    assert [("Продажи", 1, 9, ""), ("Склад", 10, 19, ""), ("Продажи", 20, 30, "")] == lines(*moved)


def test_a_new_post_begins_no_line() -> None:
    """A promotion within the department is one line, with the latest post."""
    promoted = stretch(1, date(2020, 1, 1), 9, SALES, "кассир"), stretch(2, 10, None, SALES, "старший кассир")
    assert [("Продажи", 1, 30, "старший кассир")] == lines(*promoted)


def test_hired_and_dismissed() -> None:
    """Days before the first and after the last day of employment have no place on the sheet."""
    assert [("Продажи", 16, 30, "")] == lines(stretch(1, 16, None, SALES))
    assert [("Продажи", 1, 9, "")] == lines(stretch(1, date(2020, 1, 1), 9, SALES))
    assert [] == lines(stretch(1, date(2026, 7, 1), None, SALES))


def test_work_before_the_first_day_is_not_lost() -> None:
    """Hours that were recorded before the employment began are on the sheet, as they are in the chat."""
    assert [("Продажи", 15, 30, "")] == lines(stretch(1, 16, None, SALES), told=june.usual([15, 16]))


def test_the_last_night_reaches_over_the_last_day() -> None:
    """Dismissed on the 9th, whose shift ends on the 10th at eight: its six hours stand there (case 67)."""
    night = ("in 2026-06-09 20:00", "out 2026-06-10 06:00")
    assert [("Продажи", 1, 10, "")] == lines(stretch(1, date(2020, 1, 1), 9, SALES), told=night)


def test_the_last_night_reaches_into_the_next_month() -> None:
    """Dismissed on 31 May: June has a line of one date, and it is not blank."""
    gone = replace(stretch(1, date(2020, 1, 1), None, SALES), until=june.EVE)
    night = (f"in {june.EVE} 22:00", "out 2026-06-01 06:00")
    assert [("Продажи", 1, 1, "")] == lines(gone, told=night)
    (line,) = lines_of(ANNA, counted(7, fixed(), night, employments=[gone]), [gone], NAMES)
    assert not is_blank([line])
    assert timedelta(hours=6) == cells_of(line, codes_of({}), june.LAST)[june.FIRST].worked


def test_the_day_before() -> None:
    """Each line knows the day before it, from which a night can reach into it (case 67)."""
    moved = stretch(1, date(2020, 1, 1), 14, SALES), stretch(2, 15, None, STORE)
    whole = counted(7, fixed(), (), employments=moved)
    found = lines_of(ANNA, whole, moved, NAMES)
    assert [june.EVE, june.june(14)] == [each.eve.day for each in found if each.eve]
