"""From a book to a file: one function for every format. The libraries are imported when the first file is made."""

from dataclasses import dataclass

from bot.i18n import Translator
from bot.sheets.book import Book, Format
from bot.sheets.words import file_stem


@dataclass(frozen=True, slots=True)
class File:
    """A file to be sent or written."""

    name: str
    content: bytes


def render(book: Book, form: Format, words: Translator) -> File:
    """Make the file; slow for many people, so that a server does it in a thread."""
    return File(f"{file_stem(book, form, words)}.{form.suffix}", _content(book, form, words))


def _content(book: Book, form: Format, words: Translator) -> bytes:
    match form:
        case Format.XLSX:
            from bot.sheets.xlsx import xlsx_bytes  # noqa: PLC0415 - most turns make no file

            return xlsx_bytes(book, words)
        case Format.CSV:
            from bot.sheets.comma import csv_bytes  # noqa: PLC0415

            return csv_bytes(book, words)
        case Format.PDF:
            from bot.sheets.pdf import pdf_bytes  # noqa: PLC0415

            return pdf_bytes(book, words)
        case Format.T13:
            from bot.sheets.t13 import t13_bytes  # noqa: PLC0415

            return t13_bytes(book)
