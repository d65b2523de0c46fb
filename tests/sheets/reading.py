"""Reading files back: rows of a form Т-13, and formulas worked out from the cells that they name."""

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.sheets.book import Book
from bot.sheets.t13 import t13_bytes

FIRST_ROW = 18
"""Where people begin in form Т-13, counted from 1 as spreadsheets do."""


def opened(content: bytes, *, values: bool = True) -> Workbook:
    """Open a workbook: the values that were written, or the formulas."""
    return load_workbook(BytesIO(content), data_only=values)


def form(book: Book, department: str | None = None) -> Worksheet:
    """Return the form Т-13 of a department, or the only one."""
    workbook = opened(t13_bytes(book))
    return workbook[department] if department else workbook.worksheets[0]


def shown(value: Any) -> str:
    """Return a cell as a reader sees it: a number without zeros that say nothing."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return "" if value is None else str(value)


def days(sheet: Worksheet, place: int) -> list[list[str]]:
    """Return the four rows of marks of the person at a place, from 1."""
    top = FIRST_ROW + 4 * (place - 1)
    return [[shown(cell.value) for cell in sheet[row][3:19]] for row in range(top, top + 4)]


def totals(sheet: Worksheet, place: int) -> list[str]:
    """Return columns 5 and 6 of a person: days and hours of the halves, then days and hours of the month."""
    top = FIRST_ROW + 4 * (place - 1)
    halves = [sheet[row][19].value for row in range(top, top + 4)]
    return [shown(each) for each in (*halves, sheet[top][20].value, sheet[top + 2][20].value)]


def absences(sheet: Worksheet, place: int) -> list[str]:
    """Return columns 10 to 13 of a person: each code with its days."""
    top = FIRST_ROW + 4 * (place - 1)
    found = []
    for column in (27, 29):
        for row in range(top, top + 4):
            code, spent = sheet[row][column].value, sheet[row][column + 1].value
            if code:
                found.append(f"{code} {spent}")
    return found


def column(sheet: Worksheet, head: str, row: int = 5) -> Sequence[Any]:
    """Return the cells under a head, without the totals."""
    place = next(cell.column for cell in sheet[row] if cell.value == head)
    return [sheet.cell(each, place).value for each in range(row + 1, sheet.max_row)]


def worked_out(workbook: Workbook, sheet: Worksheet, cell: str) -> float:
    """Work out what a cell's formula gives, from scratch: SUM of cells, and ROUND of a cell times 24."""
    value = sheet[cell].value
    if not (isinstance(value, str) and value.startswith("=")):
        return as_number(value)
    if found := re.fullmatch(r"=SUM\((?:'(.+)'!)?(\w+)(?::(\w+))?\)", value):
        named, first, last = found.groups()
        other = workbook[named] if named else sheet
        return sum(worked_out(workbook, other, each.coordinate) for row in other[first : last or first] for each in row)
    found = re.fullmatch(r"=ROUND\((\w+)\*24,2\)", value)
    assert found, value
    return round(worked_out(workbook, sheet, found[1]) * 24 + 1e-9, 2)


def as_number(value: Any) -> float:
    """Return a written cell as the number that a spreadsheet sums: lengths in days, text and nothing as zero."""
    if hasattr(value, "total_seconds"):
        return float(value.total_seconds() / 86400)
    if hasattr(value, "hour"):
        return float((value.hour * 3600 + value.minute * 60 + value.second) / 86400)
    return float(value) if isinstance(value, int | float) else 0.0
