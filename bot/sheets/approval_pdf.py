"""The approval sheet of a request as PDF: what was asked, who answered what and when, how it ended, and its seal.

Nothing is cut: long words are broken, a long record goes on over pages. The same request gives the same bytes.
"""

from collections.abc import Container, Iterator
from typing import cast

from font_roboto import Roboto, RobotoBold
from fpdf import FPDF

from bot.i18n import Translator
from bot.sheets.approval import ApprovalSheet, SheetPart
from bot.text import Lines, Phrase, t

_GREY, _LINE = 110, 200
_LABEL, _INDENT = 42.0, 4.0
"""Millimetres of the column of labels, and of the space in front of a line without one."""
_SPACE = 5.0
"""Millimetres of a line of text."""
_JOINERS = frozenset({0xFE0F, 0x200D, 0x200B})
"""How to colour and to join the character before."""


def approval_pdf(sheet: ApprovalSheet, words: Translator) -> bytes:
    """Return the document in the words of its reader."""
    page = _Page(sheet, words)
    page.add_page()
    page.head()
    for part in sheet.parts:
        page.part(part)
    page.seal()
    return bytes(page.output())


class _Page(FPDF):
    """A4 upright, in letters that know Cyrillic."""

    def __init__(self, sheet: ApprovalSheet, words: Translator) -> None:
        super().__init__(orientation="portrait", format="A4")
        self._sheet, self._words = sheet, words
        self.add_font("Roboto", "", Roboto)
        self.add_font("Roboto", "B", RobotoBold)
        self._letters: Container[int] = self.fonts["roboto"].cmap  # type: ignore[union-attr]
        self.set_margins(18, 16)
        self.c_margin = 0
        self.set_auto_page_break(auto=True, margin=16)
        self.set_draw_color(_LINE)
        self.set_font("Roboto", size=9.5)
        self.set_title(self._said(sheet.title))
        self.set_lang(words.locale)
        self.set_creation_date(sheet.drawn_up)

    def footer(self) -> None:
        """Number the page, and say of what it is one."""
        self.set_y(-11)
        self.set_text_color(_GREY)
        self.set_font("Roboto", size=7)
        number = t("page {page} of {pages}", page=self.page_no(), pages="{nb}")
        self.cell(0, 5, f"{self._said(self._sheet.title)} · {self._words.plain(number)}", align="C")
        self.set_text_color(0)

    def head(self) -> None:
        """Say what it is, of which template, and how it ended."""
        self.set_font("Roboto", "B", 16)
        self._text(self._sheet.title, height=8)
        self.set_font("Roboto", size=9)
        self.set_text_color(_GREY)
        for each in self._sheet.below:
            self._text(each)
        self.set_text_color(0)
        self.ln(2)
        self.set_font("Roboto", "B", 12)
        self._text(self._sheet.outcome, height=7)

    def part(self, part: SheetPart) -> None:
        """Draw a heading and its rows; no heading stands alone at the foot of a page."""
        if self.will_page_break(5 * _SPACE):
            self.add_page()
        self.ln(3)
        self.set_font("Roboto", "B", 10.5)
        self._text(part.heading, height=6.5)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())
        self.ln(1.2)
        self.set_font("Roboto", size=9.5)
        for label, what in part.rows:
            if label is None:
                self._text(what, indent=_INDENT)
            else:
                self._row(self._said(label), what)

    def seal(self) -> None:
        """Say what the record is sealed with."""
        if self.will_page_break(4 * _SPACE):
            self.add_page()
        self.ln(4)
        self.set_font("Roboto", size=7.5)
        self.set_text_color(_GREY)
        for each in self._sheet.seal:
            self._text(each, height=4)

    def _row(self, label: str, what: Phrase | Lines) -> None:
        """Draw a label and what belongs to it beside it; a short row stays on one page."""
        tall = max(self._height(self.epw - _LABEL, self._said(what)), self._height(_LABEL - 2, label))
        if self.will_page_break(min(tall, 10 * _SPACE)):
            self.add_page()
        top, on_page = self.get_y(), self.page
        self.set_text_color(_GREY)
        self.multi_cell(_LABEL - 2, _SPACE, label, align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_text_color(0)
        below = (self.page, self.get_y())
        self.page, self.y = on_page, top
        self._text(what, indent=_LABEL)
        self.page, self.y = max(below, (self.page, self.get_y()))

    def _height(self, width: float, text: str) -> float:
        return cast("float", self.multi_cell(width, _SPACE, text, align="L", dry_run=True, output="HEIGHT"))

    def _text(self, what: Phrase | Lines, *, indent: float = 0, height: float = _SPACE) -> None:
        self.set_x(self.l_margin + indent)
        self.multi_cell(self.epw - indent, height, self._said(what), align="L", new_x="LMARGIN", new_y="NEXT")

    def _said(self, phrase: Phrase | Lines) -> str:
        return "".join(_drawable(self._words.plain(phrase), self._letters))


def _drawable(text: str, letters: Container[int]) -> Iterator[str]:
    """Yield the text; a character that the font does not have by its number, for nothing may be missing."""
    for each in text:
        if each in "\n\t" or ord(each) in letters:
            yield each
        elif ord(each) not in _JOINERS:
            yield f"[U+{ord(each):04X}]"
