"""Files as people get them: what each is called, and that each opens."""

import pytest

from bot.i18n import Translator
from bot.sheets.book import Format
from bot.sheets.render import render
from tests.sheets import june

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


def test_a_revision_is_in_the_name() -> None:
    """A corrected sheet does not take the place of the one before."""
    assert "Табель_А_2026-06_ред2.csv" == render(june.book(subject="А", revision=2), Format.CSV, RU).name


def test_the_same_book_makes_the_same_file() -> None:
    """Nothing of the moment or of chance goes into a file."""
    book = june.book(june.vera())
    assert [True] * 4 == [render(book, form, RU).content == render(book, form, RU).content for form in Format]
