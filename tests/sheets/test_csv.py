"""The time sheet as CSV, read back as other programs read it."""

import csv
from io import StringIO

import pytest

from bot.i18n import Translator
from bot.sheets.book import Book
from bot.sheets.comma import csv_bytes
from tests.sheets import june
from tests.sheets.june import counted
from tests.unit.domain.plans import fixed

RU = Translator("ru", "Europe/Moscow", june.NOW)
EN = Translator("en", "Europe/Moscow", june.NOW)


def read(book: Book, words: Translator) -> list[dict[str, str]]:
    """Return the lines by their heads."""
    text = csv_bytes(book, words).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";" if words is RU else ","))


def test_for_russian_programs() -> None:
    """Semicolons, decimal commas, dates with points, and the mark by which spreadsheets know the letters."""
    assert csv_bytes(june.book(), RU).startswith("\ufeffСотрудник;Таб. №;".encode())
    line = read(june.book(june.vera()), RU)[1]
    assert ["Вера Новак", "17.06.2026", "17.06.2026 09:00", "17.06.2026 15:00", "6,00", "2,00"] == [
        line[each] for each in ("Сотрудник", "Дата", "Приход", "Уход", "Отработано", "Сверхурочно, согласовано")
    ]


def test_for_others() -> None:
    """Commas, points and ISO dates, without a mark."""
    assert csv_bytes(june.book(), EN).startswith(b"Person,Personnel no.,")
    line = read(june.book(june.boris()), EN)[0]
    assert ["2026-06-01", "2026-06-01 20:00", "2026-06-02 08:00", "12.00", "8.00"] == [
        line[each] for each in ("Date", "In", "Out", "Worked", "Night")
    ]


def test_it_is_plain() -> None:
    """One line of heads and a line for each day of each person: no totals, which would be read as a person."""
    book = june.book()
    lines = read(book, EN)
    assert sum(len(line.days) for line in book.lines) == len(lines)
    assert {line.name for line in book.lines} == {each["Person"] for each in lines}
    hours = sum(float(each["Worked"] or 0) for each in lines)
    assert book.worked.total_seconds() / 3600 == hours


def test_parts_add_up() -> None:
    """Five days of 8 h 50 min are 44 h 10 min: 44.17 h, where parts with two places would give 44.15."""
    days = (f"2026-06-0{day}" for day in range(1, 6))
    told = [each for day in days for each in (f"in {day} 09:00", f"out {day} 17:50")]
    lines = read(june.book(june.line("Анна Ким", counted(7, fixed(), told))), EN)
    assert 44.17 == round(sum(float(each["Worked"] or 0) for each in lines), 2)


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "+1", "-1+1", "@SUM(1)", " =1", "\u00a0=1", "＝1", "\t=1"])
def test_no_text_is_a_formula(evil: str) -> None:
    """What begins like a formula gets an apostrophe in front, in every column of text."""
    line = june.line(evil, counted(7, fixed(), []), department=evil, number=evil)
    first = read(june.book(line), RU)[0]
    assert [f"'{evil}"] * 3 == [first[each] for each in ("Сотрудник", "Таб. №", "Подразделение")]


def test_separators_in_names() -> None:
    """A name with separators, quotes and line breaks stays one cell."""
    name = 'О; "Ветер", ООО\nвторая'
    assert {name} == {each["Сотрудник"] for each in read(june.book(june.line(name, counted(7, fixed(), []))), RU)}
