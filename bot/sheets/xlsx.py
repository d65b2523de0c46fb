"""The time sheet as a spreadsheet: real numbers, sums as formulas that show their value before anybody recalculates.

Hours are spreadsheet time as `[h]:mm`, with decimal hours beside them worked out from the same cell. Text is always
written as text, so that a name such as `=cmd|…` is a name. The sums of a person are sums of that person's days.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bot.i18n import Translator
from bot.sheets.book import Book
from bot.sheets.formats import Formats, landscape, made_on, worksheet_name
from bot.sheets.table import LENGTHS, Cell, Kind, Table, Tone, day_table, people_table
from bot.sheets.words import period_words, rule_words, title_words
from bot.text import t

_HEAD = 4
"""The row of the head; above it are the title, the period, the rule and an empty row."""
_MANY = 3_000
"""From so many rows on they go to a temporary file one by one, instead of all being kept in memory."""
_DAY = timedelta(days=1)
_LOOKS: Mapping[Kind, Mapping[str, Any]] = {
    Kind.TEXT: {"align": "left"},
    Kind.DATE: {"align": "center"},
    Kind.CLOCK: {"align": "center", "num_format": "hh:mm"},
    Kind.COUNT: {"num_format": "0"},
    Kind.LENGTH: {"num_format": "[h]:mm"},
    Kind.HOURS: {"num_format": "0.00"},
}
_NEXT_DAY = 'hh:mm "(+1)"'
_TONES: Mapping[Tone, Mapping[str, Any]] = {
    Tone.PLAIN: {},
    Tone.REST: {"bg_color": "#F2F2F2"},
    Tone.DOUBTFUL: {"bg_color": "#FFF2CC"},
}


def xlsx_bytes(book: Book, words: Translator) -> bytes:
    """Return a workbook of two sheets: a line a person, and a line a day. That of one person opens with the days."""
    days, people = day_table(book, words), people_table(book, words)
    target = BytesIO()
    workbook = Workbook(target, {"constant_memory": len(days.rows) > _MANY, "strings_to_formulas": False})
    workbook.set_properties(
        {"title": words.plain(title_words(book)), "author": "Smena", "created": made_on(book.today)}
    )
    formats = Formats(workbook, font_name="Arial", font_size=9)
    names = [worksheet_name(words.plain(each), ()) for each in (t("Days"), t("Totals"))]
    sheets = {name: workbook.add_worksheet(name) for name in (names if book.is_of_one else reversed(names))}
    _Sheet(sheets[names[0]], formats, words, days).write(book)
    _Sheet(sheets[names[1]], formats, words, people).write(book, _links(book, days, people, names[0]))
    workbook.close()
    return target.getvalue()


def _links(book: Book, days: Table, people: Table, sheet: str) -> Mapping[tuple[int, int], str]:
    """Return a formula for each length of a person: the sum of that person's days on the other sheet."""
    found: dict[tuple[int, int], str] = {}
    first = _HEAD + 1
    for number, line in enumerate(book.lines):
        last = first + len(line.days) - 1
        for place, column in enumerate(people.columns):
            if column.key in LENGTHS:
                where = days.at(column.key)
                found[number, place] = f"=SUM('{sheet}'!{xl_range(first, where, last, where)})"
        first = last + 1
    return found


class _Sheet:
    """One worksheet of a table."""

    def __init__(self, sheet: Worksheet, formats: Formats, words: Translator, table: Table) -> None:
        self._sheet = sheet
        self._formats = formats
        self._words = words
        self._table = table
        self._worked = table.at("worked")
        self._dates = [place for place, column in enumerate(table.columns) if column.kind is Kind.DATE]
        self._date = "dd.mm.yyyy" if words.locale == "ru" else "yyyy-mm-dd"

    def write(self, book: Book, formulas: Mapping[tuple[int, int], str] | None = None) -> None:
        """Write everything, row by row; `formulas` are those of cells whose value another sheet explains."""
        columns, rows = self._table.columns, self._table.rows
        empty = self._table.empty
        for place, width in enumerate(self._table.widths(self._words)):
            # What says nothing is hidden: it keeps its place for whoever reads the file, and leaves room in print.
            self._sheet.set_column(place, place, width, None, {"hidden": place in empty})
        for row, phrase in enumerate((title_words(book), period_words(book, self._words), rule_words(book))):
            look = {"bold": True, "font_size": 13} if not row else {"font_color": "#595959"}
            self._sheet.write_string(row, 0, self._words.plain(phrase), self._formats(**look))
        self._sheet.set_row(_HEAD, 28)
        head = self._formats(
            bold=True,
            border=1,
            border_color="#BFBFBF",
            align="center",
            valign="vcenter",
            text_wrap=True,
            bg_color="#E7E6E6",
        )
        for place, column in enumerate(columns):
            self._sheet.write_string(_HEAD, place, self._words.plain(column.title), head)
        for number, (cells, tone) in enumerate(zip(rows, self._table.tones, strict=True)):
            for place, value in enumerate(cells):
                formula = (formulas or {}).get((number, place), "")
                self._cell(_HEAD + 1 + number, place, value, cells, formula, **_TONES[tone])
        self._totals()
        self._sheet.freeze_panes(_HEAD + 1, 0)
        self._sheet.autofilter(_HEAD, 0, _HEAD + max(len(rows), 1), len(columns) - 1)
        page = self._words.plain(t("page {page} of {pages}", page="&P", pages="&N"))
        landscape(self._sheet, f"&C{page}", head=(_HEAD, _HEAD))

    def _totals(self) -> None:
        """Write the last row: lengths and counts as sums of their column."""
        first, last = _HEAD + 1, _HEAD + len(self._table.rows)
        for place, (column, value) in enumerate(zip(self._table.columns, self._table.totals, strict=True)):
            summed = column.kind in (Kind.LENGTH, Kind.COUNT) and value is not None
            formula = f"=SUM({xl_range(first, place, last, place)})" if summed else ""
            self._cell(last + 1, place, value, self._table.totals, formula, bold=True, top=2)

    def _cell(self, row: int, place: int, value: Cell, cells: tuple[Cell, ...], formula: str, **look: Any) -> None:
        column = self._table.columns[place]
        own = self._formats(
            **{
                "border": 1,
                "border_color": "#BFBFBF",
                "valign": "vcenter",
                **_LOOKS[column.kind],
                **self._look(cells, place),
                **look,
            }
        )
        if column.key == "hours" and value is not None:
            formula = f"=ROUND({xl_rowcol_to_cell(row, self._worked)}*24,2)"
        if isinstance(value, str):
            self._sheet.write_string(row, place, value, own)
        elif value is None:
            self._sheet.write_blank(row, place, None, own)
        elif formula:
            self._sheet.write_formula(row, place, formula, own, _number(value))
        elif isinstance(value, date):
            self._sheet.write_datetime(row, place, value, own)
        else:
            self._sheet.write_number(row, place, _number(value), own)

    def _look(self, cells: tuple[Cell, ...], place: int) -> Mapping[str, Any]:
        """Return the format of a date, and of a clock time of the next day, which says so."""
        column, value = self._table.columns[place], cells[place]
        if column.kind is Kind.DATE:
            return {"num_format": self._date}
        if isinstance(value, datetime) and any(cells[each] != value.date() for each in self._dates):
            return {"num_format": _NEXT_DAY}
        return {}


def _number(value: Cell) -> float:
    """Return a cell's number as spreadsheets keep it: a length in days."""
    if isinstance(value, timedelta):
        return value / _DAY
    return float(value) if isinstance(value, int | Decimal) else 0.0
