"""Questions about others: who has no marks, who has not confirmed, when somebody came, whose marks to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots
from bot.understanding.calendar_words import listed
from bot.understanding.days import dates
from bot.understanding.lexicon import PUNCHES
from bot.understanding.model import Reading
from bot.understanding.people import STRANGERS, named, person
from bot.understanding.persons import named_person
from bot.understanding.word_classes import any_of, word_class

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_WHO: Final = word_class("кто кого who whos")
_WHEN: Final = (("во", "сколько"), ("в", "котором", "часу"), ("когда",), ("what", "time"), ("when",))
_WHEN_FIRST: Final = frozenset(ahead[0] for ahead in _WHEN)
_CONFIRMED: Final = ("подтверд", "confirm")
_PRESENT: Final = PUNCHES | {"worked"}
_UNMARKED: Final = ("marked", "forgot", "appears", "forgot:check_in", "forgot:check_out", "arrive")
_ABSENT: Final = frozenset(listed("hasnt havent didnt isnt not не without без"))


def colleagues(heard: Heard, made: Frame, families: set[str], scene: Scene) -> Readings | None:
    """Return the readings of a question about others; None where it is none of these."""
    if heard.says & _WHO and any_of(heard.classes[:3], _WHO):
        return _who(heard, made, families, scene, heard.row)
    if not heard.unknown:
        return None
    if heard.row[0] in _WHEN_FIRST:
        words = heard.row[:3]
        asked_when = next((ahead for ahead in _WHEN if tuple(words[: len(ahead)]) == ahead), ())
        if asked_when:
            return _when(heard, made, families, scene, len(asked_when))
    if "punch_word" in heard.named and families <= {"scope", "history", "report"}:
        return _marks_of(heard, made, scene)
    return None


def _who(heard: Heard, made: Frame, families: set[str], scene: Scene, words: list[str]) -> Readings | None:
    """Return who is not marked, who has not confirmed, or who was there on a day gone by."""
    denied = "neg" in heard.named or any(label.startswith("forgot") for label, _ in heard.labels)
    denied = denied or bool(_ABSENT & set(words))
    if denied and any(word.startswith(_CONFIRMED) for word in words):
        days = day_slots(made, scene, ahead=False) if not made.is_empty else [{}]
        return tuple(Reading("presence", {"topic": "unconfirmed", **slots}) for slots in (days or ())[:1])
    said = families & _PRESENT or heard.has(*_UNMARKED) or any(label.startswith("forgot") for label, _ in heard.labels)
    if not said or made.has_clock or families - {*_PRESENT, "presence", "who", "forgot", "target"}:
        return None
    day = _past_day(made, scene)
    if denied:
        return (Reading("presence", {"topic": "missing", **day}),)
    return (Reading("presence", day),) if day and families <= {"worked", "check_in", "presence", "who"} else None


def _when(heard: Heard, made: Frame, families: set[str], scene: Scene, after: int) -> Readings | None:
    """Return when somebody came or left: «во сколько вчера ушёл Игорь?»."""
    unknown = [place for place in heard.unknown if place >= after]
    heard.unknown = unknown
    if not (families & PUNCHES or "appears" in heard.named) or made.has_clock or person(heard) is None:
        return None
    if any(heard.row[place] in STRANGERS for place in unknown) or "me" in heard.named:
        return None
    return (Reading("presence", {**named(heard, pointed=False), **_past_day(made, scene)}),)


def _marks_of(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the history of somebody whose marks are asked for: «отметки Анны за вчера»."""
    somebody = named_person(heard) or (person(heard, pointed=True) if heard.any_name or heard.unknown[0] else None)
    if somebody is None or made.has_clock:
        return None  # "restore my mark" names nobody
    return (Reading("history", {"person": somebody, **_past_day(made, scene)}),)


def _past_day(made: Frame, scene: Scene) -> dict[str, object]:
    """Return the day gone by that was said, as a slot; nothing for today."""
    if len(made.days) != 1 or made.days[0].offset == 0:
        return {}
    found = [day for day in dates(made.days[0], scene.today, ahead=False) if day <= scene.today]
    return {"day": found[0]} if found else {}
