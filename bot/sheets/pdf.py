"""The time sheet as PDF, to look at and to sign: a line a day of one person, a line a person of several."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from font_roboto import Roboto, RobotoBold
from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace

from bot.i18n import Translator
from bot.sheets.book import Book
from bot.sheets.table import Cell, Kind, Table, Tone, day_table, people_table
from bot.sheets.words import date_text, period_words, rule_words, title_words
from bot.text import t

_GREY = 110
_USUAL_SIZE, _SMALLEST = 8.0, 5.0
"""Points; a wide table has smaller letters."""
_LETTER = 1.6
"""Millimetres that a letter of the usual size takes in a column, its margins included."""
_TONES: Mapping[Tone, FontFace | None] = {
    Tone.PLAIN: None,
    Tone.REST: FontFace(fill_color=(242, 242, 242)),
    Tone.DOUBTFUL: FontFace(fill_color=(255, 242, 204)),
}
_ALIGN = {Kind.TEXT: "LEFT", Kind.DATE: "CENTER", Kind.CLOCK: "CENTER"}


def pdf_bytes(book: Book, words: Translator) -> bytes:
    """Return the document; its table goes on over pages, each with the head."""
    table = (day_table if book.is_of_one else people_table)(book, words).without_empty()
    page = _Page(words)
    page.set_title(words.plain(title_words(book)))
    page.set_creation_date(datetime.combine(book.today, time(), UTC))
    page.add_page()
    page.head(book)
    page.table_of(table)
    if book.is_of_one:
        page.signatures()
    return bytes(page.output())


class _Page(FPDF):
    """A4 across, in letters that know Cyrillic."""

    def __init__(self, words: Translator) -> None:
        super().__init__(orientation="landscape", format="A4")
        self._words = words
        self.add_font("Roboto", "", Roboto)
        self.add_font("Roboto", "B", RobotoBold)
        self.set_font("Roboto", size=8)
        self.set_margins(10, 10)
        self.set_auto_page_break(auto=True, margin=14)

    def footer(self) -> None:
        """Number the page."""
        self.set_y(-10)
        self.set_text_color(_GREY)
        self.set_font("Roboto", size=7)
        text = t("page {page} of {pages}", page=self.page_no(), pages="{nb}")
        self.cell(0, 5, self._words.plain(text), align="C")
        self.set_text_color(0)

    def head(self, book: Book) -> None:
        """Say whose sheet it is, of when, and by which rule."""
        self.set_font("Roboto", "B", 14)
        self._line(self._words.plain(title_words(book)), 8)
        self.set_font("Roboto", size=8)
        self.set_text_color(_GREY)
        if book.organisation and book.organisation != book.subject:
            self._line(book.organisation, 4.5)
        self._line(self._words.plain(period_words(book, self._words)), 4.5)
        self._line(self._words.plain(rule_words(book)), 4.5)
        self.set_text_color(0)
        self.ln(3)

    def table_of(self, table: Table) -> None:
        """Draw the rows and their totals."""
        widths = table.widths(self._words)
        size = max(min(_USUAL_SIZE, _USUAL_SIZE * self.epw / (sum(widths) * _LETTER)), _SMALLEST)
        self.set_draw_color(190)
        self.set_font("Roboto", size=size)
        head_style = FontFace(emphasis="BOLD", size_pt=size * 0.9, fill_color=(231, 230, 230))
        with self.table(
            col_widths=widths,
            text_align=[_ALIGN.get(column.kind, "RIGHT") for column in table.columns],
            headings_style=head_style,
            line_height=size * 0.58,
            padding=(0.3, 0.8),
            borders_layout=TableBordersLayout.ALL,
        ) as drawn:
            head = drawn.row()
            for column in table.columns:
                head.cell(self._words.plain(column.title), align="CENTER")
            for cells, tone in zip(table.rows, table.tones, strict=True):
                drawn.row([self._text(value) for value in cells], style=_TONES[tone])
            drawn.row([self._text(value) for value in table.totals], style=FontFace(emphasis="BOLD"))

    def signatures(self) -> None:
        """Leave room for two people to sign."""
        self.ln(10)
        for phrase in (t("Employee"), t("Lead")):
            text = f"{self._words.plain(phrase)} ______________________________"
            self.cell(110, 6, text)
        self.ln()

    def _line(self, text: str, height: float) -> None:
        self.cell(0, height, text, new_x="LMARGIN", new_y="NEXT")

    def _text(self, value: Cell) -> str:
        match value:
            case None:
                return ""
            case timedelta():
                return _clock(value)
            case Decimal():
                shown = f"{value}".replace("-", "−")
                return shown.replace(".", ",") if self._words.locale == "ru" else shown
            case datetime():
                return f"{value:%H:%M}"
            case date():
                return date_text(value, self._words.locale)
            case _:
                return str(value)


def _clock(length: timedelta) -> str:
    """Return hours and minutes, cut to the minute as everywhere."""
    minutes = length // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02d}"
