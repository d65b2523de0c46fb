"""The time sheet as PDF: its words, its pages."""

from io import BytesIO

from pypdf import PdfReader

from bot.i18n import Translator
from bot.sheets.book import Book
from bot.sheets.pdf import pdf_bytes
from tests.sheets import june

RU = Translator("ru", "Europe/Moscow", june.NOW)
EN = Translator("en", "Europe/Moscow", june.NOW)


def pages(book: Book, words: Translator) -> list[str]:
    """Return the text of each page, every run of white space as one space."""
    reader = PdfReader(BytesIO(pdf_bytes(book, words)))
    assert all(float(page.mediabox.width) > float(page.mediabox.height) for page in reader.pages)
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def test_one_person() -> None:
    """A line a day, the total, and room to sign; columns in which nothing happened are left out."""
    [page] = pages(june.book(june.vera(), subject="Вера Новак"), RU)
    for wanted in (
        "Табель: Вера Новак",
        "01.06.2026 – 30.06.2026",
        "Итого 34:00 36:00 36,00 4:00 2:00 2:00",
        "17.06.2026 ср 4:00 09:00 15:00 6:00 6,00",
        "больничный",
        "нет отметок",
        "Руководитель",
    ):
        assert wanted in page
    assert "Опоздание" not in page


def test_several_people() -> None:
    """A line a person and department, with totals and the revision."""
    [page] = pages(june.book(revision=3), EN)
    for wanted in (
        "rev. 3",
        "Анна Ким 0042 Продажи инженер 16 127:00 127.00 127:00 0.00",
        "Глеб Орлов 0051 Склад",
        "Total 57 478:00 478.00 463:00 15.00",
    ):
        assert wanted in page


def test_many_people() -> None:
    """Each page has the head and its number out of how many there are."""
    found = pages(june.book(*june.crowd(120)), EN)
    assert len(found) > 2
    for number, page in enumerate(found, 1):
        assert "Days worked" in page
        assert page.endswith(f"page {number} of {len(found)}")
    assert 120 == sum(page.count("Анна Ким") for page in found)
