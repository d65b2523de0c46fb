"""The time sheet as CSV: a plain line a day, for other programs such as 1C to read.

For Russian readers with semicolons, decimal commas and a byte order mark, as their spreadsheets want it; for others
with commas and points. Lengths are decimal hours, with four places where two would not add up to the total. There is no
row of totals: it would be read as one more person.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO

from bot.domain.reports.rounding import hours_to_add
from bot.i18n import Translator
from bot.sheets.book import Book
from bot.sheets.table import Cell, Kind, day_table
from bot.sheets.words import date_text

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(book: Book, words: Translator) -> bytes:
    """Return the file, with a line for each day of each person."""
    table = day_table(book, words, names_one=True)
    kept = [place for place, column in enumerate(table.columns) if column.kind is not Kind.HOURS]
    head = [words.plain(table.columns[place].title) for place in kept]
    return rows_as_csv(head, ([row[place] for place in kept] for row in table.rows), words.locale)


def rows_as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]], locale: str) -> bytes:
    """Return rows under a head as spreadsheets of that language read them."""
    is_russian = locale == "ru"
    target = StringIO()
    writer = csv.writer(target, delimiter=";" if is_russian else ",", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_text(each, locale) for each in row] for row in rows)
    return target.getvalue().encode("utf-8-sig" if is_russian else "utf-8")


def _text(value: Cell, locale: str) -> str:
    match value:
        case None:
            return ""
        case str():
            return _harmless(value)
        case timedelta():
            return _number(hours_to_add(value), locale)
        case Decimal():
            return _number(value, locale)
        case datetime():
            return f"{date_text(value.date(), locale)} {value:%H:%M}"
        case date():
            return date_text(value, locale)
        case _:
            return str(value)


def _number(value: Decimal, locale: str) -> str:
    return f"{value}".replace(".", ",") if locale == "ru" else f"{value}"


def _harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before what begins like one."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_STARTS_FORMULA) else text
