"""Files as people get them: what each is called, and that each opens."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.i18n import Translator
from bot.sheets.book import Format
from bot.sheets.render import render
from tests.sheets import june
from tests.sheets.june import counted
from tests.unit.domain.plans import fixed

RU = Translator("ru", "Europe/Moscow", june.NOW)
EN = Translator("en", "Europe/Moscow", june.NOW)


@pytest.mark.parametrize(
    ("form", "words", "name", "begins"),
    [
        (Format.XLSX, RU, "Табель_Отдел_продаж_2026-06.xlsx", b"PK"),
        (Format.XLSX, EN, "Timesheet_Отдел_продаж_2026-06.xlsx", b"PK"),
        (Format.CSV, RU, "Табель_Отдел_продаж_2026-06.csv", b"\xef\xbb\xbf"),
        (Format.PDF, RU, "Табель_Отдел_продаж_2026-06.pdf", b"%PDF"),
        (Format.T13, RU, "Т-13_Отдел_продаж_2026-06.xlsx", b"PK"),
    ],
)
def test_names(form: Format, words: Translator, name: str, begins: bytes) -> None:
    """The name says what it is, of whom and of when."""
    file = render(june.book(june.vera(), subject="Отдел продаж"), form, words)
    assert (name, True) == (file.name, file.content.startswith(begins))


def test_quotes_are_left_out() -> None:
    """A firm's quotation marks have no place in a file's name."""
    assert "Табель_ООО_Ромашка_2026-06.csv" == render(june.book(subject="ООО «Ромашка»"), Format.CSV, RU).name


@pytest.mark.parametrize("name", ["名前 😀", "\u202eгеорг", "a" * 300, "ҚазақӘріп გიორგი"])
def test_any_name_can_be_printed(name: str) -> None:
    """Letters that a font does not have stop no file."""
    line = june.line(name, counted(7, fixed(), []), department=name, title=name)
    assert all(render(june.book(line, june.anna()), form, RU).content for form in Format)


def test_a_revision_is_in_the_name() -> None:
    """A corrected sheet does not take the place of the one before."""
    assert "Табель_А_2026-06_ред2.csv" == render(june.book(subject="А", revision=2), Format.CSV, RU).name


def test_the_same_book_makes_the_same_file() -> None:
    """Nothing of the moment or of chance goes into a file."""
    book = june.book(june.vera())
    assert [True] * 4 == [render(book, form, RU).content == render(book, form, RU).content for form in Format]


@pytest.mark.parametrize("form", [Format.XLSX, Format.T13])
def test_a_workbook_is_of_the_day_of_its_book(form: Format) -> None:
    """A file that is made again a second later is the same file."""
    with ZipFile(BytesIO(render(june.book(june.vera()), form, RU).content)) as parts:
        told = parts.read("docProps/core.xml").decode()
    assert f"{june.book().today.isoformat()}T00:00:00Z" in told, told
