"""What was heard in a text: labels of phrases, pieces of time, and the words that are none of ours."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from bot.understanding.calendar_words import ALL_WORDS, listed
from bot.understanding.contrast import DENYING, without_denied
from bot.understanding.day_lists import split_lists
from bot.understanding.lexicon import TREE, Node, longest
from bot.understanding.named_days import take_together
from bot.understanding.phrases import ClockTime, Said
from bot.understanding.spelling import KNOWN, SPELT, corrected, unstretched
from bot.understanding.time_grammar import AFTER_THEM, ONLY_BEFORE, parse
from bot.understanding.tokens import Token, clean, is_initial, other_layout, tokenise
from bot.understanding.word_classes import CLASSES

MAX_UNKNOWN: Final = 6
"""A text with more foreign words than this is about something else."""


@dataclass(slots=True, init=False)
class Heard:
    """A text taken to pieces. What its words and labels are is found once, and asked for by every rule."""

    text: str
    tokens: list[Token]
    labels: list[tuple[str, int]]
    times: list[tuple[Said, int]]
    unknown: list[int]
    question: bool
    reason: str
    too_strange: bool
    any_name: bool
    """Whether a word in small letters may be a name: whoever asks can look it up."""
    written: list[str]
    """The words as they were written, before typos were put right; of a part of a text there are none."""
    row: list[str]
    """The words in their order; numbers and marks among them."""
    words: frozenset[str]
    """The words, each once."""
    classes: list[int]
    """What classes each word is of."""
    says: int
    """What classes there is a word of."""
    named: frozenset[str]
    """The labels alone."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        """Begin with the words, and nothing heard yet."""
        self.text = text
        self.tokens = tokens
        self.row = [token.text for token in tokens]
        self.words = frozenset(self.row)
        self.labels = []
        self.times = []
        self.unknown = []
        self.written = []
        self.classes = []
        self.says = 0
        self.named = frozenset()
        self.reason = ""
        self.question = self.too_strange = self.any_name = False

    def has(self, *labels: str) -> bool:
        """Whether one of these labels was heard."""
        return not self.named.isdisjoint(labels)

    def relabel(self, labels: list[tuple[str, int]]) -> None:
        """Put other labels in place of those that were heard."""
        self.labels = labels
        self.named = frozenset([label for label, _ in labels])

    @property
    def is_english(self) -> bool:
        """Whether every word is in Latin letters."""
        return all(token.text.isascii() for token in self.tokens)

    @property
    def is_contrasted(self) -> bool:
        """Whether a time was denied beside the one that was meant."""
        return len(self.tokens) < len(self.written)

    def unknown_beside(self, classes: int) -> bool:
        """Whether there is a word none of ours beside those of these classes."""
        return any(not self.classes[at] & classes for at in self.unknown)

    def part(self, start: int, end: int) -> Heard:
        """Return what is heard in the text between these two places, as if it had been written alone."""
        if start:
            tokens = [token for token in self.tokens if start <= token.start < end]
        else:
            tokens = [token for token in self.tokens if token.start < end]
        if start and tokens:
            tokens = [
                Token(each.kind, each.text, each.start - start, each.end - start, each.after_comma) for each in tokens
            ]
            tokens[0].after_comma = False
        return _heard(self.text[start:end], tokens)

    def with_words(self, words: dict[int, str]) -> Heard:
        """Return what is heard with these words at these places."""
        tokens = list(self.tokens)
        for place, word in words.items():
            token = tokens[place]
            tokens[place] = Token(token.kind, word, token.start, token.end, token.after_comma)
        return _heard(self.text, tokens)

    def without(self, first: int, last: int) -> Heard:
        """Return what is heard without the tokens from one place to another."""
        return _heard(self.text, [*self.tokens[:first], *self.tokens[last + 1 :]])

    def raw(self, first: int, last: int) -> str:
        """Return the text from one token to another as it was written."""
        return self.text[self.tokens[first].start : self.tokens[last].end]


def _heard(text: str, tokens: list[Token]) -> Heard:
    """Return what tokens that are spelt right say."""
    heard = Heard(text, tokens)
    heard.classes = [CLASSES[word] for word in heard.row]
    heard.says = reduce(or_, heard.classes, 0)
    _scan(heard, heard.row)
    heard.named = frozenset([label for label, _ in heard.labels])
    return heard


def hear(text: str) -> Heard:
    """Take a text to pieces; a text that is not for us is only marked as strange."""
    cleaned = clean(text)
    tokens = tokenise(cleaned)
    if "," in cleaned:
        tokens = split_lists(tokens)
    written = [token.text for token in tokens]
    strange = _respell(tokens)
    if cleaned.startswith("/start"):
        tokens[1].text = "help"  # what messengers send when a person opens the bot
    question = False
    if strange and strange == [token.kind for token in tokens].count("word") <= MAX_UNKNOWN:
        other = _in_other_layout(cleaned)
        if other is not None:
            question = "?" in cleaned
            cleaned, tokens = other
    if strange > MAX_UNKNOWN and not _has_reason(tokens):
        heard = Heard(cleaned, tokens)
        heard.too_strange, heard.written, heard.words = True, written, frozenset()
        return heard
    heard = _heard(cleaned, tokens if DENYING.isdisjoint(written) else without_denied(tokens))
    if (heard.unknown or len(heard.labels) > 2) and not heard.words.isdisjoint(_INNER):
        heard = _without_inner(heard)
    heard.written = written
    heard.question = heard.question or question
    return heard


_INNER: Final = frozenset(
    listed("наконец уже только сейчас щас just finally already now quick short little быстрый короткий")
)
"""Words that stand inside a phrase and say nothing there: «добралась наконец до офиса»."""


def _without_inner(heard: Heard) -> Heard:
    """Return what is heard without such words within it, where that makes more of it ours."""
    tokens = [token for at, token in enumerate(heard.tokens) if not at or token.text not in _INNER]
    other = _heard(heard.text, tokens)
    fewer = len(other.unknown) < len(heard.unknown)
    return other if fewer or (len(other.unknown) == len(heard.unknown) and _is_whole(other, heard)) else heard


def _is_whole(one: Heard, other: Heard) -> bool:
    """Whether words that stood apart make one phrase: "out for a quick smoke"."""
    dropped = len(other.tokens) - len(one.tokens)
    return len(one.labels) < len(other.labels) - dropped and one.times == other.times


def _respell(tokens: list[Token]) -> int:
    """Put known words in place of their typos; return the number of words that stay unknown."""
    strange = 0
    for token in tokens:
        if token.kind == "word" and token.text not in KNOWN:
            near = SPELT.get(token.text) or unstretched(token.text)
            if near is None and strange <= MAX_UNKNOWN:
                near = corrected(token.text)
            if near is None:
                strange += 1
            else:
                token.text = near
    return strange


def _in_other_layout(cleaned: str) -> tuple[str, list[Token]] | None:
    """Return a text of unknown words in the other keyboard layout, if every word is known there."""
    text = other_layout(cleaned)
    tokens = tokenise(text)
    if tokens and all(token.kind != "word" or token.text in KNOWN for token in tokens):
        return text, tokens
    return None


def _has_reason(tokens: list[Token]) -> bool:
    """Whether the text gives a reason, which may be in any words."""
    return any(token.text in _REASON_WORDS for token in tokens)


_REASON_WORDS: Final = frozenset(
    listed("потому причина причине так тк ибо потомучто поскольку из because cause reason due bc")
)


_BEFORE_TIME: Final = None
_LETTERS: Final = frozenset(word for word in KNOWN if len(word) == 1)
_ENTRIES: Final[dict[str, tuple[Node | None, bool | None]]] = {
    word: (TREE.get(word), _BEFORE_TIME if word in ONLY_BEFORE else word in ALL_WORDS) for word in KNOWN
}
"""Of each word that is ours the phrases that begin with it, and whether time may, or only after it."""


def _scan(heard: Heard, row: list[str]) -> None:
    """Go through the tokens, taking the longest phrase or piece of time at each."""
    tokens = heard.tokens
    count = len(tokens)
    at, ended = 0, -1
    while at < count:
        token, word = tokens[at], row[at]
        kind, phrase = token.kind, None
        if kind == "word":
            known = _ENTRIES.get(word)
            if known is None or (word in _LETTERS and is_initial(heard.text, token)):
                heard.unknown.append(at)
                at += 1
                continue
            node, may_be_time = known
            if node is not None:
                if at + 1 < count and row[at + 1] in node:
                    phrase = longest(row, at)
                elif None in node:
                    phrase = node[None], at + 1
            if may_be_time is _BEFORE_TIME:
                may_be_time = at + 1 < count and (tokens[at + 1].kind != "word" or row[at + 1] in AFTER_THEM)
            time = parse(tokens, at) if may_be_time else None
        elif kind == "mark":
            at = _mark(heard, at)
            continue
        else:
            time = parse(tokens, at)
        if time is not None and (phrase is None or time[1] >= phrase[1]):
            said = _joined(heard, time[0], at)
            if ended == at and heard.times and take_together(heard.times, said[0], at, time[1], tokens):
                said = said[1:]
            heard.times += [(each, at) for each in said]
            at = ended = time[1]
        elif phrase is not None:
            label, after = phrase
            if label in {"reason", "reason+"} and at > 0:
                first = after if label == "reason" else at
                heard.reason = heard.text[tokens[first].start :].strip(" .!?") if first < len(tokens) else ""
                heard.question = heard.question or heard.text.rstrip().endswith("?")
                return
            heard.labels.append((label, at))
            at = after
        else:
            heard.unknown.append(at)
            at += 1


def _mark(heard: Heard, at: int) -> int:
    """Take a mark: a question, a dash between two times, or nothing; return the place after it."""
    text = heard.tokens[at].text
    if text == "?":
        heard.question = True
    elif text == "+" and len(heard.tokens) == 1:
        heard.labels.append(("confirm", at))
    elif text == "-" and heard.times and at + 1 < len(heard.tokens):
        following = parse(heard.tokens, at + 1)
        if following is not None and not following[0][0].prep:
            said, place = heard.times[-1]
            if said.prep in {"", "at"} or (said.prep == "for" and isinstance(said.value, ClockTime)):
                heard.times[-1] = (Said(said.value, "since"), place)
            first, *rest = following[0]
            heard.times += [(Said(first.value, "until"), at + 1), *((more, at + 1) for more in rest)]
            return following[1]
    return at + 1


def _joined(heard: Heard, said: list[Said], at: int) -> list[Said]:
    """Return the pieces, the first as an end where "between … and …" was said."""
    before = heard.tokens[at - 1].text if at else ""
    if before in {"and", "и"} and heard.times and heard.times[-1][0].prep == "since" and not said[0].prep:
        return [Said(said[0].value, "until"), *said[1:]]
    return said
