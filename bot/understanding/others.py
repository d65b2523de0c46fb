"""What somebody says for another: a leave, «поставь Анне больничный»; a correction, «Анна вчера ушла в 19:00»."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.lexicon import PUNCHES
from bot.understanding.model import Reading
from bot.understanding.people import MOST_WORDS
from bot.understanding.persons import named_person
from bot.understanding.single import single
from bot.understanding.somebody import is_first_name, is_person_word
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.understanding.absence import Slots
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_MINE: Final = word_class(
    "я мне меня мой моя мое мои мы нас нам приду выйду болею беру возьму хочу иду ухожу смогу могу буду остаюсь "
    "работаю уезжаю еду поеду отпрошусь отпрашиваюсь отработаю i im ive ill id my me mine we our"
)
_BESIDE: Final = frozenset(listed("с со и вместе with and к ко из от про в во на to in at from"))
_CORRECTED: Final = PUNCHES | {"worked"}
_TOLD: Final = _CORRECTED | {"target", "break_told"}
MARKS_FOR: Final = frozenset(listed("clock check sign punch log mark put book"))
_SIDES: Final = {"in": "check_in", "out": "check_out", "left": "check_out", "back": "break_end"}
_HOURS: Final = frozenset({"hours", "часы", "time", "время"})
_AS: Final = frozenset({"down", "as"})
_IT: Final = frozenset(listed("его ее это it this that"))
_NOT_TOLD: Final = ("me", "neg", "ask", "ask_self", "where", "is", "show", "modal", "future")


def spoken_for(heard: Heard) -> str | None:
    """Return the person for whom a sentence is said; None where it is about whoever writes, or calls somebody.

    «Аня, завтра отгул» is said to Аня, «командировка с Борисом» with him.
    """
    if not heard.unknown or heard.says & _MINE:
        return None
    name = named_person(heard)
    if name is None or len(heard.unknown) > len(name.split()):
        return None
    first, last = heard.unknown[0], heard.unknown[-1]
    after = last + 1
    if first and heard.row[first - 1] in _BESIDE:
        return None
    if after < len(heard.tokens) and heard.tokens[after].after_comma:
        return None
    return name


def marked_for(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the mark that is wished for somebody: "clock Boris in", "put Vera down as in at 9"; None where it is none.

    The verb and its "in" stand apart, with the name between: never a mark of whoever writes.
    """
    row = heard.row
    if heard.says & _MINE or heard.question or made.length or made.crowded:
        return None
    end = next((at for at in range(1, len(row)) if row[at] in _SIDES), 0)
    name = " ".join(heard.raw(at, at) for at in range(1, end) if row[at] not in _AS)
    if not 0 < len(name.split()) <= MOST_WORDS or not all(is_first_name(word.casefold()) for word in name.split()[:1]):
        return None
    target = _SIDES[row[end]]
    found = single(target, made, scene, must_have_time=True) if made.has_clock else ()
    if made.has_clock and not found:
        return None
    person: Slots = {"person": name, "target": target}
    if found:
        return tuple(
            Reading("correct", {**person, "day": at.date(), "at": at})
            for one in found
            if isinstance(at := one.slots["at"], datetime)
        )
    return (Reading("correct", person),) if made.is_empty else None


def corrected(heard: Heard, made: Frame, families: set[str], marks: Callable[[], Readings]) -> Readings | None:
    """Return the correction of somebody's hours that words of a mark with its time make; None where nobody is named.

    `marks` gives the marks that the words would be without the name.
    """
    is_fix = "fix" in heard.named or heard.row[0] == "correct"  # "correct Smith's Friday" agrees to nothing
    beside = _TOLD | {"confirm"} if is_fix else _TOLD
    if is_fix and not heard.words.isdisjoint(_HOURS):
        beside |= {"report"}  # "fix Boris's hours yesterday, 9 to 6pm"
    if not heard.unknown or heard.any_name or families - beside or heard.question or heard.has(*_NOT_TOLD):
        return None
    are_hours = made.has_clock and bool(made.days)
    if not (families & _TOLD or (are_hours and (is_fix or made.until is not None))):
        return None
    unknown = heard.unknown
    if is_fix:
        heard.unknown = [place for place in unknown if heard.row[place] not in _IT]  # «исправь это»
    person = spoken_for(heard) or _named_first(heard)
    heard.unknown = unknown
    if person is None:
        return None
    heard.unknown = []
    families -= {"confirm", "report"}
    if is_fix and made.until is not None and made.since is None and not made.clocks:
        made.clocks, made.until = [(made.until, 0)], None  # "correct Anna's check-in to 9:10"
    found = marks()
    heard.unknown = unknown
    readings = []
    for one in found:
        at = one.slots.get("at", one.slots.get("from"))
        if one.intent not in _CORRECTED or not isinstance(at, datetime):
            return None
        readings.append(Reading("correct", {"person": person, "day": at.date(), "target": one.intent, **one.slots}))
    is_clear = len(readings) == 1 or is_fix  # «Петров ушёл домой в 17» is talk as well as not
    return tuple(readings) if readings and is_clear else None


def _named_first(heard: Heard) -> str | None:
    """Return the one strange word with which a text begins, where it is written large: "Sue had lunch from 12 to 1"."""
    if heard.unknown != [0] or heard.says & _MINE or len(heard.tokens) < 2 or heard.tokens[1].after_comma:
        return None
    word, name = heard.row[0], heard.raw(0, 0)
    is_role = is_person_word(word) and not is_first_name(word)
    return None if is_role or not name[0].isupper() or name.isupper() or not name.isalpha() else name
