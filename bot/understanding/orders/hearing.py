"""What was heard in an order: its pieces in their order, and the person or department that it names."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import ALL_WORDS, listed
from bot.understanding.day_lists import split_lists, with_days
from bot.understanding.lexicon import family, labels_below, longest
from bot.understanding.orders.forms import RATE, Share, form
from bot.understanding.orders.lexicon import ABOUT, TREE
from bot.understanding.orders.pieces import Name, Piece, with_date, with_hours
from bot.understanding.people import STRANGERS
from bot.understanding.phrases import Said
from bot.understanding.spelling import KNOWN, SHORTEST_FOR_ONE, nearest, vocabulary
from bot.understanding.time_grammar import parse
from bot.understanding.tokens import clean, is_initial, tokenise

if TYPE_CHECKING:
    from bot.understanding.tokens import Token

MOST_TOKENS: Final = 40
MOST_NAMES: Final = 3
_WORDS: Final = vocabulary({word for word, labels in ABOUT.items() if not labels & {"erase", "dismissed"}} | ALL_WORDS)
"""What a typo may stand for; nobody's data are erased by one."""
_KNOWN: Final = KNOWN | frozenset(ABOUT)
_BESIDE: Final = frozenset(
    listed(
        "filler which me department everybody workdays everyday weekends break no_break paid unpaid grace send stop "
        "write make flexible none deduct no_deduct period rota named accounting"
    )
)
"""What stands in orders and makes none by itself."""
_OF_DAYS: Final = frozenset({"off", "working", "short"})
_TOGETHER: Final = frozenset({"break", "everybody"})
"""What makes an order only together."""
_STARTS: Final = frozenset(
    word
    for word, node in TREE.items()
    if word is not None and any(name in _TOGETHER or name not in _BESIDE for name in map(family, labels_below(node)))
)
"""The words with which a phrase may begin that makes an order."""
_VERBS: Final = frozenset(listed("has had have did was is"))
"""Tell of somebody, and name nobody: "Ira has a day off tomorrow"."""
_MONTHS_AND_NAMES: Final = frozenset({"марта", "марте", "мая"})


@dataclass(slots=True)
class Told:
    """An order taken to pieces; fillers are left out."""

    text: str
    words: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    is_question: bool = False
    name: str = ""
    department: str = ""

    @property
    def labels(self) -> set[str]:
        """Return the labels that were heard."""
        return {piece.value for piece in self.pieces if isinstance(piece.value, str)}

    @property
    def times(self) -> list[tuple[Said, int]]:
        """Return the pieces of time with their places."""
        return [(piece.value, piece.at) for piece in self.pieces if isinstance(piece.value, Said)]

    @property
    def has_share(self) -> bool:
        """Whether a part of a rate was said: «0,5 ставки»."""
        return any(isinstance(piece.value, Share) for piece in self.pieces)

    def place(self, wanted: object) -> int:
        """Return the place of a label or a piece of time among the pieces."""
        for place, piece in enumerate(self.pieces):
            if wanted == (piece.value.value if isinstance(piece.value, Said) else piece.value):
                return place
        return -1

    @property
    def names_somebody(self) -> bool:
        """Whether the name is one: in English, where “schedule” is a verb as well, a capital or “'s” shows it."""
        name = self.name
        return bool(name) and (not name.isascii() or name[0].isupper() or f"{name}'s" in self.text)

    def is_only(self, *labels: str) -> bool:
        """Whether nothing else was said than these labels, a name or a department aside."""
        return self.labels <= set(labels) and all(isinstance(piece.value, str) for piece in self.pieces)


def tell(text: str, *, month_first: bool) -> Told | None:
    """Take an order to pieces; None for what cannot be one: too long, or with words that no order has."""
    cleaned = clean(text)
    tokens = split_lists(tokenise(cleaned))
    if not tokens or len(tokens) > MOST_TOKENS or not may_be_order([token.text for token in tokens]):
        return None
    _respell(tokens, cleaned)
    told = Told(cleaned, [token.text for token in tokens], is_question=cleaned.endswith("?"))
    told.is_question = told.is_question or "ли" in told.words  # «есть ли завтра выходной»
    _take_months_for_names(tokens, cleaned)
    pieces = _scan(tokens)
    if pieces is None:
        return None
    pieces = _with_days(with_hours(pieces, tokens, cleaned), tokens)
    told.pieces = [with_date(piece, month_first=month_first) for piece in pieces]
    return told if _take_names(told, tokens) else None


def may_be_order(words: list[str], *, is_timed: bool = True) -> bool:
    """Whether a phrase is there without which nothing is an order; most texts have none and are not looked at further.

    A day off or a short day makes one only beside a time, a break only where it is for everybody.
    """
    meant = [word if len(word) < SHORTEST_FOR_ONE or word in _KNOWN else _corrected(word) or word for word in words]
    starts = [at for at, word in enumerate(meant) if word in _STARTS]
    labels = {family(found[0]) for at in starts if (found := longest(meant, at, TREE)) is not None}
    if "break" in labels and "everybody" in labels:
        return True
    return not labels <= (_BESIDE if is_timed else _BESIDE | _OF_DAYS) or not RATE.isdisjoint(words)


def _respell(tokens: list[Token], text: str) -> None:
    """Put known words in place of their typos; a word with a capital inside the text is a name and stays."""
    for token in tokens:
        if token.kind != "word" or token.text in ABOUT or token.text in ALL_WORDS:
            continue
        if token.start == 0 or text.isupper() or not text[token.start].isupper():
            token.text = _corrected(token.text) or token.text


def _take_months_for_names(tokens: list[Token], text: str) -> None:
    """Take «Марта» with its capital for a woman, unless a number is before it; in Russian, months have none."""
    for before, token in itertools.pairwise(tokens):
        if token.text in _MONTHS_AND_NAMES and text[token.start].isupper() and before.kind != "number":
            token.text = token.text.capitalize()


@lru_cache(maxsize=1024)
def _corrected(word: str) -> str | None:
    """Return the known word of which this is a typo, where all that are as near mean the same."""
    found = nearest(word, _WORDS)
    return found[0] if len({_meaning(known) for known in found}) == 1 else None


def _meaning(word: str) -> object:
    """Return what a known word says by itself, else of what phrases it is a part."""
    return TREE.get(word, {}).get(None) or ABOUT.get(word, word)


def _scan(tokens: list[Token]) -> list[Piece] | None:
    """Take the longest piece at each token; None at a token that fits no order."""
    words = [token.text for token in tokens]
    pieces: list[Piece] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "mark":
            if token.text == "+":
                return None
            at += 1
            continue
        found = form(tokens, at)
        phrase = longest(words, at, TREE) if token.kind == "word" else None
        time = parse(tokens, at) if found is None else None
        if found is not None:
            pieces.append(Piece(found[0], at, found[1]))
            at = found[1]
        elif time is not None and (phrase is None or time[1] >= phrase[1]):
            pieces += [Piece(said, at, time[1]) for said in time[0]]
            at = time[1]
        elif phrase is not None:
            if phrase[0] != "filler":
                pieces.append(Piece(phrase[0], at, phrase[1]))
            at = phrase[1]
        elif token.kind != "word":
            return None
        else:
            pieces.append(Piece(Name(), at, at + 1))
            at += 1
    return pieces


def _with_days(pieces: list[Piece], tokens: list[Token]) -> list[Piece]:
    """Return the pieces with the numbers of «5, 6 и 9 июня» made days."""
    said = iter(with_days([(each.value, each.at) for each in pieces if isinstance(each.value, Said)], tokens))
    return [replace(each, value=next(said)[0]) if isinstance(each.value, Said) else each for each in pieces]


def _take_names(told: Told, tokens: list[Token]) -> bool:
    """Take the person and the department out of the pieces; whether no more than one of them is named."""
    names = [place for place, piece in enumerate(told.pieces) if isinstance(piece.value, Name)]
    if not names:
        return True
    first, last = told.pieces[names[0]].at, told.pieces[names[-1]].at
    if last - first != len(names) - 1 or len(names) > MOST_NAMES:
        return False
    around = (names[0] - 1, names[-1] + 1)
    beside = next((place for place in around if 0 <= place < len(told.pieces) and _is_department(told, place)), None)
    words = tokens[first : last + 1]
    if any(
        each.text in _VERBS or each.text in STRANGERS or (len(each.text) < 2 and not is_initial(told.text, each))
        for each in words
    ):
        return False
    name = told.text[tokens[first].start : tokens[last].end]
    if beside is not None:
        told.department = name
    else:
        told.name = name[:-2] if name.lower().endswith("'s") else name
    told.pieces = [piece for place, piece in enumerate(told.pieces) if place not in {*names, beside}]
    return True


def _is_department(told: Told, place: int) -> bool:
    return told.pieces[place].value == "department"
