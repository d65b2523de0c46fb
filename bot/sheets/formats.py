"""What our spreadsheets share: formats made once, names of worksheets, their date, and a page that can be printed."""

from collections.abc import Container
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

_A4 = 9
_LONGEST_NAME = 31
_NOT_IN_NAMES = {ord(each): " " for each in "[]:*?/\\"}


class Formats:
    """Formats of a workbook, each made once."""

    def __init__(self, book: Workbook, **base: Any) -> None:
        """Start each format from `base`."""
        self._book = book
        self._base = base
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({**self._base, **properties})
        return self._made[key]


def made_on(day: date) -> datetime:
    """Return when a workbook was made, as its format wants it: without a zone, and never the moment of writing."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the format knows no zone


def worksheet_name(wanted: str, taken: Container[str]) -> str:
    """Return a name that a worksheet can have and none has yet, compared as spreadsheets do."""
    base = wanted.translate(_NOT_IN_NAMES).strip("' ") or "-"
    name, number = base[:_LONGEST_NAME].rstrip("' "), 1
    while name.casefold() in taken or name.casefold() == "history":
        number += 1
        tail = f" ({number})"
        name = base[: _LONGEST_NAME - len(tail)] + tail
    return name


def merged(
    sheet: Worksheet, row: int, column: int, last_row: int, last_column: int, value: str | Decimal, look: Format
) -> None:
    """Write over several cells; text is text whatever it begins with."""
    sheet.merge_range(row, column, last_row, last_column, "", look)
    if isinstance(value, str):
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_number(row, column, float(value), look)


def decimal_look(value: Decimal) -> str:
    """Return the number format that shows a decimal without zeros that say nothing, and without a lone point."""
    places = max(-int(value.normalize().as_tuple().exponent), 0)
    return f"0.{'0' * places}" if places else "0"


def landscape(sheet: Worksheet, footer: str, *, head: tuple[int, int]) -> None:
    """Print on A4 across, one page wide, with the head repeated and the footer below."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.3, top=0.4, bottom=0.55)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*head)
    sheet.set_footer(footer)
