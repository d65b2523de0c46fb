"""The printed part of form Т-13: its head, the head of its table, and the lines to sign. In Russian, as the form is.

Unified form Т-13 «Табель учета рабочего времени», ОКУД 0301008, Goskomstat's resolution of 05.01.2004 No. 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.sheets.formats import Formats, merged

PLACE, NAME, NUMBER, FIRST_DAY, LAST_DAY, HALF, MONTH = 0, 1, 2, 3, 18, 19, 20
PAY = 21
"""The first of six columns for kinds of pay, which the accountant fills in."""
AWAY = 27
"""The first of four columns for absences: code and days, twice."""
LAST = 30
HEAD = (12, 16)
"""The first and the last row of the table's head, which each page repeats."""
FIRST_ROW = 17
MARK = "Х"
"""What a cell has for a day that the month does not have."""
_WIDTHS = ((PLACE, PLACE, 4), (NAME, NAME, 22), (NUMBER, NUMBER, 8), (FIRST_DAY, LAST_DAY, 4.3), (HALF, MONTH, 6.8))
_WIDTHS_AFTER = (
    (PAY, AWAY - 1, 5.3),
    (AWAY, AWAY, 4),
    (AWAY + 1, AWAY + 1, 7),
    (AWAY + 2, AWAY + 2, 4),
    (LAST, LAST, 7),
)
_SIGNED_BY = ("Ответственное лицо", "Руководитель структурного подразделения", "Работник кадровой службы")


@dataclass(frozen=True, slots=True)
class Head:
    """What is written into the head of one sheet."""

    organisation: str
    okpo: str
    department: str
    number: str
    drawn_up: date
    first: date
    last: date
    revision: int


def draw_head(sheet: Worksheet, formats: Formats, head: Head) -> None:
    """Draw everything above the lines of people."""
    for first, last, width in (*_WIDTHS, *_WIDTHS_AFTER):
        sheet.set_column(first, last, width)
    plain, small, box = formats(align="right"), formats(align="center", valign="top", font_size=6), _box(formats)
    under = formats(bottom=1, align="center", font_size=9)
    sheet.write_string(0, LAST, "Унифицированная форма № Т-13", plain)
    sheet.write_string(1, LAST, "Утверждена Постановлением Госкомстата России от 05.01.2004 № 1", plain)
    merged(sheet, 2, AWAY + 2, 2, LAST, "Код", box)
    sheet.write_string(3, AWAY + 1, "Форма по ОКУД", plain)
    merged(sheet, 3, AWAY + 2, 3, LAST, "0301008", box)
    merged(sheet, 4, NAME, 4, MONTH, head.organisation, under)
    sheet.write_string(4, AWAY + 1, "по ОКПО", plain)
    merged(sheet, 4, AWAY + 2, 4, LAST, head.okpo, box)
    merged(sheet, 5, NAME, 5, MONTH, "наименование организации", small)
    merged(sheet, 6, NAME, 6, MONTH, head.department, under)
    merged(sheet, 7, NAME, 7, MONTH, "структурное подразделение", small)
    _title(sheet, formats, head)
    _table_head(sheet, formats)


def _title(sheet: Worksheet, formats: Formats, head: Head) -> None:
    title, box, plain = formats(bold=True, align="center", font_size=11), _box(formats), formats(align="center")
    merged(sheet, 9, FIRST_DAY, 9, MONTH, "ТАБЕЛЬ", title)
    merged(sheet, 10, FIRST_DAY, 10, MONTH, "учета рабочего времени", title)
    if head.revision > 1:
        merged(sheet, 11, FIRST_DAY, 11, MONTH, f"Корректирующий, ред. {head.revision}", plain)
    columns = ((PAY, PAY + 2), (PAY + 3, PAY + 5), (AWAY, AWAY + 1), (AWAY + 2, LAST))
    for (first, last), text in zip(columns[:2], ("Номер документа", "Дата составления"), strict=True):
        merged(sheet, 8, first, 9, last, text, box)
    merged(sheet, 8, AWAY, 8, LAST, "Отчетный период", box)
    merged(sheet, 9, AWAY, 9, AWAY + 1, "с", box)
    merged(sheet, 9, AWAY + 2, 9, LAST, "по", box)
    values = (head.number, *(f"{day:%d.%m.%Y}" for day in (head.drawn_up, head.first, head.last)))
    for (first, last), text in zip(columns, values, strict=True):
        merged(sheet, 10, first, 10, last, text, box)


def _table_head(sheet: Worksheet, formats: Formats) -> None:
    box = _box(formats)
    top, upper, middle, lower, numbers = range(HEAD[0], HEAD[1] + 1)
    for column, text in (
        (PLACE, "Номер по порядку"),
        (NAME, "Фамилия, инициалы, должность (специальность, профессия)"),
        (NUMBER, "Табельный номер"),
    ):
        merged(sheet, top, column, lower, column, text, box)
    merged(sheet, top, FIRST_DAY, top, LAST_DAY, "Отметки о явках и неявках на работу по числам месяца", box)
    for place, text in enumerate((*map(str, range(1, 16)), MARK)):
        sheet.write_string(upper, FIRST_DAY + place, text, box)
    for place in range(16):
        merged(sheet, middle, FIRST_DAY + place, lower, FIRST_DAY + place, str(16 + place), box)
    merged(sheet, top, HALF, top, MONTH, "Отработано за", box)
    sheet.write_string(upper, HALF, "половину месяца (I, II)", box)
    sheet.write_string(upper, MONTH, "месяц", box)
    merged(sheet, middle, HALF, middle, MONTH, "дни", box)
    merged(sheet, lower, HALF, lower, MONTH, "часы", box)
    pay = "Данные для начисления заработной платы по видам и направлениям затрат"
    merged(sheet, top, PAY, top, AWAY - 1, pay, box)
    for place, text in enumerate(("код вида оплаты", "корреспон-дирующий счет", "дни (часы)") * 2):
        merged(sheet, upper, PAY + place, lower, PAY + place, text, box)
    merged(sheet, top, AWAY, top, LAST, "Неявки по причинам", box)
    for place, text in enumerate(("код", "дни (часы)") * 2):
        merged(sheet, upper, AWAY + place, lower, AWAY + place, text, box)
    merged(sheet, numbers, FIRST_DAY, numbers, LAST_DAY, "4", box)
    for column, number in _numbers():
        sheet.write_string(numbers, column, number, box)
    for row, height in ((top, 22), (upper, 22), (middle, 12), (lower, 12)):
        sheet.set_row(row, height)


def _numbers() -> Sequence[tuple[int, str]]:
    """Return the printed numbers of the columns; those of pay are printed twice."""
    before = ((PLACE, "1"), (NAME, "2"), (NUMBER, "3"), (HALF, "5"), (MONTH, "6"))
    pay = tuple((PAY + place, number) for place, number in enumerate("789789"))
    away = tuple((AWAY + place, str(10 + place)) for place in range(4))
    return (*before, *pay, *away)


def draw_foot(sheet: Worksheet, formats: Formats, row: int, notes: Sequence[str]) -> None:
    """Draw the lines to sign, and below them what the reader has to know."""
    under, small = formats(bottom=1), formats(font_size=6, align="center", valign="top")
    for number, who in enumerate(_SIGNED_BY):
        line = row + 1 + number * 2
        sheet.write_string(line, NAME, who, formats(align="left", text_wrap=False))
        for (first, last), what in zip(
            ((FIRST_DAY + 3, FIRST_DAY + 8), (FIRST_DAY + 10, FIRST_DAY + 13), (FIRST_DAY + 15, PAY)),
            ("должность", "личная подпись", "расшифровка подписи"),
            strict=True,
        ):
            merged(sheet, line, first, line, last, "", under)
            merged(sheet, line + 1, first, line + 1, last, what, small)
        if number:
            sheet.write_string(line, PAY + 2, "«____» ______________ 20___ г.", formats(text_wrap=False))
    for number, note in enumerate(notes):
        line = row + 3 + len(_SIGNED_BY) * 2 + number
        sheet.write_string(line, NAME, note, formats(font_size=7, font_color="#555555", text_wrap=False))


def _box(formats: Formats) -> Format:
    return formats(border=1, align="center", valign="vcenter", text_wrap=True, font_size=7)
