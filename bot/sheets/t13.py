"""Form Т-13 as a spreadsheet: a worksheet for each department and month, four rows a person."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.domain.days import months_of
from bot.domain.reports.rounding import decimal_hours
from bot.domain.reports.t13_codes import NAMES, codes_of
from bot.sheets import t13_form as form
from bot.sheets.book import Book, Line
from bot.sheets.formats import Formats, decimal_look, landscape, made_on, merged, worksheet_name
from bot.sheets.t13_cells import Cell, Missed, cells_of, missed, worked

_HALF = 15
_DAYS = 16
"""Cells in a row: fifteen days and one crossed out, or the sixteenth to the thirty-first."""
_ROWS = 4
_DOUBTFUL = "#FFF2CC"
_RULE = (
    "Часы стоят по календарным дням: смена через полночь разделена между двумя днями. РВ – все часы выходного или "
    "праздничного дня, Н при РВ или С – те из них, что пришлись на ночь. С – только согласованная сверхурочная работа."
)
_UNKNOWN = "Выходные и переносы {year} года известны ещё не все: нерабочие дни могут измениться."
_DISPLACED = "Заливкой отмечен больничный в отпуске: отпуск продлевается или переносится на эти дни (ст. 124 ТК РФ)."
_SHADED = "Заливкой отмечены дни, за которые уход не подтверждён или ждёт решения исправление."


def t13_bytes(book: Book) -> bytes:
    """Return the form for every department and month of the book."""
    target = BytesIO()
    workbook = Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({"created": made_on(book.today)})
    formats = Formats(workbook, font_name="Arial", font_size=8)
    taken: set[str] = set()
    for first, last in months_of(book.first, book.last):
        for department in book.departments:
            name = worksheet_name(_name(book, first, department), taken)
            taken.add(name.casefold())
            _Page(workbook.add_worksheet(name), formats, book).draw(first, last, department)
    workbook.close()
    return target.getvalue()


def _name(book: Book, first: date, department: str) -> str:
    name = department or "Т-13"
    return name if len(months_of(book.first, book.last)) == 1 else f"{first:%Y-%m} {name}"


def _paper_name(line: Line) -> str:
    return line.paper_name or line.name


class _Page:
    """One worksheet: the form of one department for one month."""

    def __init__(self, sheet: Worksheet, formats: Formats, book: Book) -> None:
        self._sheet = sheet
        self._formats = formats
        self._book = book
        self._codes = codes_of(book.options)
        self._is_full = book.options.get("t13_fill") != "deviations"
        self._used: set[str] = set()
        self._has_doubtful = False
        self._has_displaced = False

    def draw(self, first: date, last: date, department: str) -> None:
        """Draw head, people and foot."""
        book = self._book
        lines = sorted((each for each in book.lines if each.department == department), key=_paper_name)
        number = f"{first:%m-%Y}" + (f"/{book.departments.index(department) + 1}" if len(book.departments) > 1 else "")
        okpo = str(book.options.get("okpo", ""))
        head = form.Head(book.organisation, okpo, department, number, book.today, first, last, book.revision)
        form.draw_head(self._sheet, self._formats, head)
        row = form.FIRST_ROW
        for line in lines:
            cells = cells_of(line, self._codes, book.today)
            own = {day: cell for day, cell in cells.items() if first <= day <= last}
            if own:
                self._person(row, line, first.replace(day=1), own)
                row += _ROWS
        form.draw_foot(self._sheet, self._formats, row, self._notes())
        landscape(self._sheet, "&CСтраница &P из &N", head=form.HEAD)
        self._sheet.freeze_panes(form.FIRST_ROW, form.FIRST_DAY)

    def _person(self, row: int, line: Line, month: date, cells: Mapping[date, Cell]) -> None:
        box, left = self._box(text_wrap=True), self._box(text_wrap=True, align="left", indent=1, font_size=8)
        bottom = row + _ROWS - 1
        place = str((row - form.FIRST_ROW) // _ROWS + 1)
        merged(self._sheet, row, form.PLACE, bottom, form.PLACE, place, box)
        merged(self._sheet, row, form.NAME, bottom, form.NAME, f"{_paper_name(line)}\n{line.title}".strip(), left)
        merged(self._sheet, row, form.NUMBER, bottom, form.NUMBER, line.number, box)
        for half in (0, 1):
            self._half(row + half * 2, half, month, cells)
        whole = worked(cells.values())
        days, hours = Decimal(whole.days), decimal_hours(whole.hours)
        merged(self._sheet, row, form.MONTH, row + 1, form.MONTH, days, self._box(num_format="0"))
        merged(self._sheet, row + 2, form.MONTH, bottom, form.MONTH, hours, self._box(num_format=decimal_look(hours)))
        for each in range(row, row + _ROWS):
            for column in range(form.PAY, form.LAST + 1):
                self._sheet.write_blank(each, column, None, box)
        self._missed(row, missed(cells.values()))

    def _half(self, row: int, half: int, month: date, cells: Mapping[date, Cell]) -> None:
        """Draw two rows: codes above hours; what the month does not have is crossed out."""
        days = [month + timedelta(days=half * _HALF + place) for place in range(_DAYS if half else _HALF)]
        for place in range(_DAYS):
            column = form.FIRST_DAY + place
            if place >= len(days) or days[place].month != month.month:
                self._sheet.write_string(row, column, form.MARK, self._box())
                self._sheet.write_string(row + 1, column, form.MARK, self._box())
            else:
                self._cell(row, column, cells.get(days[place]) or Cell(days[place]))
        counted = worked(cells[day] for day in days if day in cells)
        self._number(row, form.HALF, Decimal(counted.days))
        self._number(row + 1, form.HALF, decimal_hours(counted.hours))

    def _cell(self, row: int, column: int, cell: Cell) -> None:
        """Draw the codes of a date above their hours: a number where there is one kind of time, else with slashes."""
        parts = () if cell.is_usual and not self._is_full else cell.parts
        look: dict[str, Any] = {"shrink": True}
        if cell.is_doubtful:
            look["bg_color"] = _DOUBTFUL
            self._has_doubtful = self._has_doubtful or not cell.is_displaced
            self._has_displaced = self._has_displaced or cell.is_displaced
        self._used |= {each.code for each in parts}
        self._sheet.write_string(row, column, "/".join(each.code for each in parts), self._box(**look))
        hours = [each.hours for each in parts if each.hours is not None]
        if len(hours) == len(parts) == 1:
            self._number(row + 1, column, decimal_hours(hours[0]), **look)
        else:
            text = "/".join("–" if each.hours is None else _comma(each.hours) for each in parts) if hours else ""
            self._sheet.write_string(row + 1, column, text, self._box(**look))

    def _missed(self, row: int, found: Sequence[Missed]) -> None:
        for place, each in enumerate(found[: 2 * _ROWS]):
            column = form.AWAY + 2 * (place // _ROWS)
            hours = f"({_comma(each.hours)})" if each.hours else ""
            text = f"{each.days or ''} {hours}".strip()
            self._sheet.write_string(row + place % _ROWS, column, each.code, self._box())
            self._sheet.write_string(row + place % _ROWS, column + 1, text, self._box(shrink=True))

    def _number(self, row: int, column: int, value: Decimal, **look: Any) -> None:
        self._sheet.write_number(row, column, float(value), self._box(num_format=decimal_look(value), **look))

    def _box(self, **look: Any) -> Format:
        return self._formats(**{"border": 1, "align": "center", "valign": "vcenter", "font_size": 7, **look})

    def _notes(self) -> Sequence[str]:
        legend = "; ".join(f"{code} – {name}" for code, name in NAMES.items() if code in self._used)
        year = self._book.unknown_year
        unknown = [] if year is None else [_UNKNOWN.format(year=year)]
        shaded = ((_SHADED, self._has_doubtful), (_DISPLACED, self._has_displaced))
        return [legend, _RULE, *(text for text, is_there in shaded if is_there), *unknown]


def _comma(length: timedelta) -> str:
    """Return decimal hours as a Russian reader writes them, without zeros that say nothing."""
    return f"{decimal_hours(length).normalize():f}".replace(".", ",")
