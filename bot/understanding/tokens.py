"""A text as tokens: one case, one «е», no emoji, numbers kept in the shape in which they were written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_LENGTH: Final = 500
"""Longer texts are letters to colleagues, not messages to the bot."""

_PLAIN: Final = str.maketrans(
    {
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "\u00ad": None,
        "\u200b": None,
        "\u200d": None,
        "\ufe0f": None,
        "\ufeff": None,
    }
)
_ODD: Final = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_LOOKALIKES: Final = str.maketrans("aceopxykmtbh", "асеорхукмтвн")
_TOKEN: Final = re.compile(
    r"(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?=\d)(?:"
    r"(?P<iso>\d{4}-\d{2}-\d{2}(?!\d))"
    r"|(?P<month>20\d{2}-(?:0[1-9]|1[0-2])(?![\d-]))"
    r"|(?P<dmy>\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<clock>\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))"
    r"|(?P<dotted>\d{1,2}\.\d{2}(?!\d|\.\d))"
    r"|(?P<slash>\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?P<dash>\d{1,2}-\d{1,2}(?!\d|[:.-]\d))"
    r"|(?P<decimal>\d{1,2}[.,]\d(?!\d))"
    r"|(?P<number>\d+))"
    r"|(?P<mark>[-+,?/])"
)
_LATIN_LETTER: Final = re.compile("[a-z]")
_MIXED: Final = re.compile(r"[a-z][а-я]|[а-я][a-z]")
_AM_PM: Final = re.compile(r"(?<![^\W_])([ap])\. ?m\b\.?", re.IGNORECASE)
_WITH: Final = re.compile(r"\bw/ ?(?=[a-z])")
_HOUR_BEFORE: Final = re.compile(r"\d ?(?:am|pm|a|p|h|ч)$")
_TIME_MARK: Final = re.compile(r"(?<=\d)([ap])\.m\b\.?", re.IGNORECASE)


@dataclass(slots=True)
class Token:
    """One word, number or mark, with its place in the cleaned text."""

    kind: str
    text: str
    start: int
    end: int
    after_comma: bool = False


def clean(text: str) -> str:
    """Return the text in composed form with one kind of dash and quote; its case and its «ё» are kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.replace("№", "#"))  # composed, it would be the word "No"
        if _ODD.search(text):
            text = text.translate(_PLAIN)
    if "w/" in text:
        text = _WITH.sub("with ", text)
    if "." in text:
        text = _TIME_MARK.sub(r" \1m", _AM_PM.sub(r"\1m", text))
    return text.strip()


def tokenise(cleaned: str) -> list[Token]:
    """Return the tokens of a cleaned text; a hyphen stays only where it may mean «from … to»."""
    lowered = cleaned.lower().replace("ё", "е")
    if len(lowered) != len(cleaned):  # a letter whose small form is longer: nothing of ours
        return []
    if lowered.replace(" ", "").isalpha() and (lowered.isascii() or not _LATIN_LETTER.search(lowered)):
        return _plain_words(lowered)
    tokens: list[Token] = []
    comma = False
    is_mixed = not lowered.isascii() and _LATIN_LETTER.search(lowered) and _MIXED.search(lowered)
    for found in _TOKEN.finditer(lowered):
        kind = found.lastgroup or ""
        start, end = found.span()
        text = lowered[start:end]
        if kind == "word":
            if "'" in text:
                text = text.replace("'", "")
            if is_mixed and _MIXED.search(text):
                text = text.translate(_LOOKALIKES)
        elif kind == "mark":
            if text == ",":
                comma = True
                continue
            if text == "-" and _joins_words(lowered, start):
                continue
        elif kind == "sep":
            kind = "dmy"
        tokens.append(Token(kind, text, start, end, comma))
        comma = False
    return tokens


def _plain_words(lowered: str) -> list[Token]:
    """Return the tokens of a text of one alphabet in which nothing but words and blanks stands."""
    tokens = []
    end = 0
    for word in lowered.split():
        start = lowered.index(word, end)
        end = start + len(word)
        tokens.append(Token("word", word, start, end))
    return tokens


def _joins_words(text: str, at: int) -> bool:
    """Whether the hyphen at this place stands inside a word: «где-то», "check-in", «т-13», «14-го»."""
    if not 0 < at < len(text) - 1:
        return False
    before, after = text[at - 1], text[at + 1]
    if after.isdigit() and _HOUR_BEFORE.search(text, 0, at):
        return False  # "9am-5pm" is a range
    return before.isalnum() and after.isalnum() and (before.isalpha() or after.isalpha())


def is_initial(text: str, token: Token) -> bool:
    """Whether a token of that text is the «А.» of «Ким А.»: a capital with a full stop, where small letters are too."""
    is_letter = token.kind == "word" and token.end - token.start == 1 and text[token.start].isupper()
    return is_letter and text[token.end : token.end + 1] == "." and not text.isupper()


_LATIN: Final = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC: Final = "ейцукенгшщзхъфывапролджэячсмитьбю"
_TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)


def other_layout(cleaned: str) -> str:
    """Return the text as the same keys give it in the other keyboard layout: «ghbitk» is «пришел»."""
    lowered = cleaned.lower().replace("ё", "е").rstrip(" .,!?")  # at the end these are themselves
    is_latin = any("a" <= letter <= "z" for letter in lowered)
    return lowered.translate(_TO_CYRILLIC if is_latin else _TO_LATIN)
