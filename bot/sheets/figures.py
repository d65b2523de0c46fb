"""Figures as files: plain rows under a head, for statistics; a worksheet for each table, or one CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

from bot.i18n import Translator
from bot.sheets.comma import rows_as_csv
from bot.sheets.table import Cell, Column, Kind
from bot.text import Phrase

_DAY = timedelta(days=1)
_LOOKS = {Kind.LENGTH: "[h]:mm", Kind.COUNT: "0", Kind.HOURS: "0.00"}


@dataclass(frozen=True, slots=True)
class Figures:
    """One table: its name, its columns, and rows as wide as they are many."""

    name: Phrase
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Cell, ...]]


def as_xlsx(title: Phrase, tables: Sequence[Figures], words: Translator, today: date) -> bytes:
    """Return a workbook with a sheet for each table: lengths are spreadsheet time, text is text whatever it is."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - most pages make no file

    from bot.sheets.formats import Formats, landscape, made_on, worksheet_name  # noqa: PLC0415

    target = BytesIO()
    workbook = Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"title": words.plain(title), "author": "Smena", "created": made_on(today)})
    formats = Formats(workbook, font_name="Arial", font_size=9)
    taken: list[str] = []
    for table in tables:
        name = worksheet_name(words.plain(table.name), taken)
        taken.append(name.casefold())
        sheet = workbook.add_worksheet(name)
        sheet.write_string(0, 0, words.plain(title), formats(bold=True, font_size=13))
        for place, column in enumerate(table.columns):
            head = words.plain(column.title)
            sheet.set_column(place, place, max(column.width, *(len(each) + 2 for each in head.split())))
            sheet.write_string(2, place, head, formats(bold=True, text_wrap=True, bottom=1, bg_color="#E7E6E6"))
        for number, row in enumerate(table.rows, 3):
            for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
                look = formats(num_format=_LOOKS[column.kind]) if column.kind in _LOOKS else formats()
                match value:
                    case None:
                        continue
                    case timedelta():
                        sheet.write_number(number, place, value / _DAY, look)
                    case int() | Decimal():
                        sheet.write_number(number, place, float(value), look)
                    case _:
                        sheet.write_string(number, place, str(value), look)
        sheet.freeze_panes(3, 0)
        landscape(sheet, "&C&P / &N", head=(2, 2))
    workbook.close()
    return target.getvalue()


def as_csv(table: Figures, words: Translator) -> bytes:
    """Return a table for other programs to read: lengths are decimal hours."""
    return rows_as_csv([words.plain(each.title) for each in table.columns], table.rows, words.locale)
