"""Something clear beside words that are none of ours: «устала жуть, ушла домой», "coffee in hand, starting work".

The text is taken to pieces where people pause. One piece must be clear by itself; the others may be greetings and
remarks, as long as they cannot turn it round: no denial, condition, plan or question, no other time, and nobody else
who may have done it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.decide import decide
from bot.understanding.denials import CONTRACTED
from bot.understanding.everyday import is_past
from bot.understanding.lexicon import PUNCHES, labels_of
from bot.understanding.number_grammar import AND
from bot.understanding.people import TELLING, tells_who_said
from bot.understanding.phrases import Day, Number, PartOfDay
from bot.understanding.quoted import QUOTED
from bot.understanding.somebody import is_person_word, is_somebody
from bot.understanding.two_ends import has_both_ends, two_ends
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.model import Reading
    from bot.understanding.scene import Scene

_PAUSES: Final = re.compile(
    r"\s*(?:(?<!\d),|,(?!\d)|[;!…\n]+|(?<!\b[A-ZА-ЯЁ])\.(?=\s|$)|\s-+\s|[)(]+(?=\s|$)|[\u2600-\u27bf\U0001f300-\U0001faff]+)\s*"
)
_TURNS: Final = re.compile(r"\s+(?=(?:но|зато|but)\s)|\s+(?=(?:я|i'?m|i am|i've|i)\s)", re.IGNORECASE)
_MARKS_OF_PAUSE: Final = frozenset(",;!….\n-)(")
_FIRST_EMOJI: Final = "\u2600"
_BEGINNING: Final = frozenset(listed("но зато but я i im ive"))
_STRAIGHT: Final = re.compile(r"\s+(?=(?:и сразу|and straight)\s)", re.IGNORECASE)
_JOINED: Final = re.compile(r"\s+(?=(?:и|and)\s)", re.IGNORECASE)
_COMING: Final = frozenset({"буду", "приду", "late"})
_AT_ONCE: Final = frozenset({"сразу", "straight"})
_LONGEST: Final = 240
_MARKS: Final = PUNCHES | {"worked", "leave", "late", "leave_early"}
_RECORDED: Final = PUNCHES | {"worked"}
_RECORDING: Final = labels_of(_RECORDED)
_NEWS: Final = frozenset({"late", "leave_early"})
_QUESTIONS: Final = frozenset(
    listed("report today remaining norm is_workday presence approvals history my_leave my_requests away status help")
)
_CLEAR: Final = _MARKS | _QUESTIONS
_TELLING: Final = labels_of(
    _MARKS
    | _QUESTIONS
    | set(
        listed("early going arrive off step_out check_out~ how_long topic format balance workday next_off who where is")
    )
)
"""The labels of words that could be clear by themselves."""
_UNSURE: Final = word_class(
    "если бы когда пока сначала сперва потом затем после перед прежде через чтобы чтоб может наверное возможно "
    "вроде кажется думаю знаю уверен уверена помню или либо разве будто буду будем будет хочу надо нужно пора "
    "скоро собираюсь планирую должен должна пусть давай давайте иди идите завтра позже попозже пораньше лучше "
    "if when whenever while unless until till before after once then maybe might perhaps probably or think know sure "
    "guess will ill gonna going would should could want wanna need must have hope plan planning soon later "
    "tomorrow let lets go about tonight early idea clue can may shall might every "
    "how why what как почему зачем always usually обычно всегда каждый каждую "
    "скорее видимо вероятно наверно кажись likely presumably apparently supposedly"
)
"""Words that make a plan, a condition or a guess of what stands beside them."""
_AT_WORK: Final = word_class(
    "call site цех",
    stems="совещан планерк встреч собран созвон митинг переговор клиент объект склад архив обуч тренинг "
    "конференц производств meeting client customer training conference standup warehouse workshop",
)
"""Where people go for their work: no break."""
_OPPOSED: Final = frozenset({"но", "but"})
_GREETING: Final = frozenset({"filler"})
_TURNING: Final = (
    *("cond", "future", "modal", "taking", "remove", "undo", "cancel", "ask", "ask_self", "how_long", "who", "where"),
    *("is", "fix", "forgot", "forgot:check_in", "forgot:check_out", "forgot:break_start"),
)
"""Labels of what makes a question, a wish or a plan of the words after it: «можно я пойду на обед»."""
_DENIALS: Final = frozenset(listed("не ни нет нету no not never cannot"))
_FIRST_PERSON: Final = frozenset(listed("я мы i im ive id we"))
_VERB_OF_MINE: Final = re.compile(r"(?:[аеиуюя]ю|[жчшщлдт]у|юсь|усь|ing)$")
_COMING_VERB: Final = re.compile(r"[а-я](?<!н)(?:ю|у|юсь|усь)$|[а-я]ну$")
_TIMED: Final = frozenset({"at", "from", "duration_seconds"})
BEFORE_REASONS: Final = frozenset(
    listed("к ко в во на за из от по с со у и to for the a an at my with on of because due")
)
_OPEN: Final = frozenset(listed("до с со между until till from since between"))
"""Prepositions that want a time after them."""
_OF_BREAKS: Final = frozenset({"break_start", "break_end", "no_break"})
_SECOND_PERSON: Final = frozenset(listed("you your yours ты вы тебе вам тебя вас твой ваш"))
_CALLS: Final = frozenset(
    listed("на обед обеде домой перерыв перекур кофе чай стоп lunch break home out back coffee smoke go in to")
)
"""Words of which a call to others consists: «Борис, на обед!», "Tom, home!"."""
_ORDERS: Final = frozenset(
    listed(
        "take go have check clock start finish leave come get log sign stop begin end grab "
        "иди идите возьми возьмите сделай сделайте отметься начни закончи открой закрой"
    )
)
"""Verbs with which an order begins: "take a break, Jim"."""


class Piece:
    """One piece of a text between two pauses."""

    __slots__ = ("heard", "intents", "readings", "text", "words")

    def __init__(self, whole: Heard, here: Scene, start: int, end: int) -> None:
        """Take the piece between two places to pieces, and find out what it means by itself."""
        self.heard = whole.part(start, end)
        self.text = self.heard.text
        self.words = self.heard.row
        self.readings = decide(self.heard, here) if self.heard.labels or self.heard.times else ()
        self.intents = {each.intent for each in self.readings}

    @property
    def is_clear(self) -> bool:
        """Whether it is something to be done or a question, by itself."""
        return bool(self.intents) and self.intents <= _CLEAR

    @property
    def is_state(self) -> bool:
        """Whether it only says that somebody is not well: whatever is done beside it, it is the reason."""
        return all(each.intent == "leave" and each.slots == {"kind": "sick"} for each in self.readings)

    @property
    def is_greeting(self) -> bool:
        """Whether it says nothing at all."""
        return not self.heard.unknown and not self.heard.times and not self.readings and self._is_filler

    @property
    def _is_filler(self) -> bool:
        return all(label in {"filler", "all~", "check_out~"} for label, _ in self.heard.labels)

    @property
    def is_address(self) -> bool:
        """Whether it is one word, as a name is, or a greeting with a name: «Паш», «спасибо Анна»."""
        return (
            len(self.heard.unknown) == 1
            and not self.heard.times
            and not self.readings
            and self.heard.named <= _GREETING
        )

    @property
    def is_mine(self) -> bool:
        """Whether its words say that it is about whoever writes: «я», «ухожу», "heading home"."""
        return bool(_FIRST_PERSON & set(self.words)) or any(_VERB_OF_MINE.search(word) for word in self.words)

    @property
    def _denies_remarks(self) -> bool:
        """Whether each denial stands before a word that is none of ours: «не выспалась»."""
        denied = [place + 1 for place, word in enumerate(self.words) if word in _DENIALS]
        return all(place in self.heard.unknown and not self._is_named(place) for place in denied)

    def _is_noun(self, place: int) -> bool:
        """Whether a preposition stands before the word at this place: «в аптеку»."""
        return place > 0 and self.words[place - 1] in BEFORE_REASONS

    def _is_named(self, place: int) -> bool:
        """Whether the word at this place names somebody, by a list or by its capital."""
        return is_person_word(self.words[place]) or self.heard.raw(place, place)[0].isupper()

    @property
    def is_done(self) -> bool:
        """Whether its first word of a mark tells that it is done: «ушла», "gone"."""
        places = [place for label, place in self.heard.labels if label in PUNCHES]
        return bool(places) and is_past(self.words[places[0]])

    @property
    def _goes_on(self) -> bool:
        """Whether it tells what the same person did next, «и тут же ушёл»; "coffee done" tells of the coffee."""
        marks = [label for label, _ in self.heard.labels if label in PUNCHES]
        return not self.heard.unknown and bool(marks) and marks[0] != "break_start"

    @property
    def _is_news(self) -> bool:
        """Whether it tells what comes next, and is no mark: «доделаю завтра», «завтра буду к 10»."""
        if self.intents - _NEWS:
            return False
        return not self.heard.question and not self.heard.has(
            *PUNCHES, "cond", "neg", "remove", "undo", "cancel", "worked"
        )

    @property
    def _is_mishap(self) -> bool:
        """Whether it tells what went wrong with something, which makes people late: "bus didn't show up"."""
        heard = self.heard
        return bool(
            heard.unknown
            and not (self.readings or self.is_mine or heard.times or heard.question or heard.says & (_UNSURE | TELLING))
            and not heard.has(*_TURNING, "me")
            and ("neg" in heard.named or not heard.has(*_RECORDING))
        )

    def is_harmless(self, clear: Piece, *, after: bool) -> bool:
        """Whether it cannot turn round what the clear piece says."""
        words = self.words
        if tells_who_said(self.heard):
            return False
        if after and clear.is_done and self._is_news:
            return True
        if clear.intents == {"late"} and self._is_mishap:
            return True
        if self.readings or self.heard.question or self.heard.has(*_TURNING):
            return False
        if self.heard.says & (_UNSURE | TELLING) or not CONTRACTED.isdisjoint(words):
            return False
        if any(not _is_now(said.value) for said, _ in self.heard.times):
            return False
        if not _DENIALS.isdisjoint(words) and not (clear.is_mine and self._denies_remarks):
            return False
        is_own = self.is_mine or (after and self._goes_on)
        if is_own and self.heard.has(*PUNCHES, "off", "step_out", "step_until", "worked"):
            return False
        if any(_COMING_VERB.search(words[at]) and not self._is_noun(at) for at in self.heard.unknown):
            return False  # «сдам отчёт, домой» is a plan
        return after or clear.is_mine or self.is_address or not is_somebody(self.heard)


def _is_now(value: object) -> bool:
    """Whether a piece of time only says that it is today."""
    return isinstance(value, PartOfDay) or (isinstance(value, Day) and value.offset == 0)


def beside_remarks(heard: Heard, here: Scene) -> tuple[Reading, ...]:
    """Return the readings of the one clear piece of a text; none where something beside it may turn it round."""
    text = heard.text
    if not _says_something(heard) or len(text) > _LONGEST or QUOTED.search(text):
        return ()
    spans = _spans(heard)
    is_late = heard.has("late", "late:not", "arrive")
    if len(spans) < 2 or (not heard.reason and not is_late and _is_hopeless(heard, spans)):
        return ()
    pieces = [Piece(heard, here, *span) for span in spans]
    clear = [piece for piece in pieces if piece.is_clear]
    clear = [piece for piece in clear if piece.intents - _NEWS] or clear
    if any(piece.intents <= PUNCHES for piece in clear):
        clear = [piece for piece in clear if not piece.is_state]  # "headache, going home"
    both = two_ends([(piece.heard, piece.readings) for piece in clear], here)
    if not clear or (not both and len({repr(piece.readings) for piece in clear}) > 1):
        return ()
    first = pieces.index(clear[0])
    for place, piece in enumerate(pieces):
        if not (
            piece in clear
            or piece.is_greeting
            or (piece.readings and piece.is_state)
            or piece.is_harmless(clear[0], after=place > first)
        ):
            return ()
    is_mark = any(each.intent in _MARKS for each in clear[0].readings)
    if is_mark and clear[0].words[0] in _ORDERS and not _SECOND_PERSON.isdisjoint(heard.words):
        return ()  # "take a break, you deserve it"
    if is_mark and ("?" in text or _is_call(pieces, clear[0])):
        return ()
    if is_mark and heard.is_contrasted and not all(_TIMED & each.slots.keys() for each in clear[0].readings):
        return ()  # a time was denied, and the one that was meant stands elsewhere
    return both or clear[0].readings


def _is_hopeless(heard: Heard, spans: list[tuple[int, int]]) -> bool:
    """Whether some piece can be neither clear nor harmless, as the words show that were heard in the whole already.

    What follows a mark that is done is left to a closer look.
    """
    tokens = heard.tokens
    told = {place for _, place in heard.times} | {at for label, at in heard.labels if label in _TELLING}
    done = min((at for label, at in heard.labels if label in PUNCHES and is_past(tokens[at].text)), default=len(tokens))
    at = 0
    for _, end in spans:
        first = at
        while at < len(tokens) and tokens[at].start < end:
            at += 1
        if first >= done:
            return False
        places = range(first, at)
        is_strange = told.isdisjoint(places) and any(place in places for place in heard.unknown)
        if is_strange and any(_is_turning(heard, place) for place in places):
            return True
    return False


def _is_turning(heard: Heard, place: int) -> bool:
    """Whether the word at this place makes a plan, a guess or somebody's saying of what stands beside it."""
    return bool(heard.classes[place] & (_UNSURE | TELLING)) or heard.row[place] in CONTRACTED


def _says_something(heard: Heard) -> bool:
    """Whether a word of ours is there that could be clear by itself."""
    if heard.has("cond", "remove"):
        return False
    return not heard.named.isdisjoint(_TELLING) or (bool(heard.times) and not heard.words.isdisjoint(_COMING))


def _spans(heard: Heard) -> list[tuple[int, int]]:
    """Return where the pieces between the pauses are; where no pause is written, «я» and «но» begin one.

    So does «и» between both ends of a presence or of a break.
    """
    text, words = heard.text, heard.words
    is_marked = not _MARKS_OF_PAUSE.isdisjoint(text) or max(text) >= _FIRST_EMOJI
    pauses = [found.span() for found in _PAUSES.finditer(text)] if is_marked else []
    if "?" not in text and not _BEGINNING.isdisjoint(words):
        pauses = sorted([*pauses, *(found.span() for found in _TURNS.finditer(text))])
    if not words.isdisjoint(_AT_ONCE):  # «пришла и сразу на планёрку»
        pauses = sorted([*pauses, *(found.span() for found in _STRAIGHT.finditer(text))])
    if not AND.isdisjoint(words) and has_both_ends(heard):
        pauses = sorted([*pauses, *(found.span() for found in _JOINED.finditer(text))])
    starts = [0, *(end for _, end in pauses)]
    ends = [*(start for start, _ in pauses), len(text)]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def with_tail(heard: Heard, here: Scene) -> tuple[Reading, ...]:
    """Return the mark with its time that a text begins with, and the words after it as its reason.

    «Ушла в 12:30 к врачу», «отойду на полчаса в аптеку». The words after it may not turn it round.
    """
    text = heard.text
    if not heard.unknown or heard.question or heard.named.isdisjoint(_RECORDING):
        return ()
    if len(text) > _LONGEST or "?" in text or QUOTED.search(text):
        return ()
    first = heard.unknown[0]
    while first and heard.row[first - 1] in BEFORE_REASONS:
        first -= 1
    if not first or any(place >= first for _, place in heard.times) or heard.row[first - 1] in _OPEN:
        return ()
    if _counts_something(heard, first):
        return ()
    if not any(label in _RECORDING and place < first for label, place in heard.labels):
        return ()  # «26 ноября с 15 до 18 собрание» tells of no work
    cut = heard.tokens[first].start
    head = Piece(heard, here, 0, cut)
    readings = head.readings if head.heard.words.isdisjoint(_OPPOSED) else ()
    if heard.has("break_start") and any(label in _OF_BREAKS and at >= first for label, at in heard.labels):
        return ()  # «с 10 до 19 с часом на обед» tells more of the day
    if not readings or any(each.intent not in _RECORDED or not _TIMED & each.slots.keys() for each in readings):
        return ()
    tail = Piece(heard, here, cut, len(text))
    if (
        any(letter.isdigit() for letter in tail.text)
        or not tail.is_harmless(head, after=True)
        or _is_subject(heard, first)
    ):
        return ()
    if tail.heard.says & _AT_WORK and any(each.intent == "break_start" for each in readings):
        return ()  # «отойду на полчаса на совещание» is work
    reason = tail.text.strip(" .,!")
    return tuple(
        replace(each, slots={**each.slots, "reason": f"{each.slots.get('reason', '')} {reason}".strip()})
        for each in readings
    )


def _counts_something(heard: Heard, first: int) -> bool:
    """Whether the number before the words counts them: "in two minds", «ушла 2 раза»."""
    if first not in heard.unknown or heard.tokens[first].after_comma or not heard.times:
        return False
    said, at = heard.times[-1]
    return isinstance(said.value, Number) and at >= first - 2 and said.prep not in {"at", "since", "until"}


def _is_subject(heard: Heard, first: int) -> bool:
    """Whether the words after a mark name who made it: «ушёл в 13:00 курьер»."""
    return first in heard.unknown and is_person_word(heard.row[first])


def _is_call(pieces: list[Piece], clear: Piece) -> bool:
    """Whether somebody is called to do it: a name before it, and nothing that tells of oneself."""
    if not any(piece.is_address for piece in pieces) or clear.is_mine:
        return False
    return set(clear.words) <= _CALLS or clear.words[0] in _ORDERS
