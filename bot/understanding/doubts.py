"""Talk in the words of punches: somebody else's doings, plans, times that were only bounded. None of it is recorded."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.people import TELLING
from bot.understanding.phrases import ClockTime, Number, Pair
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard

_ADDRESSEES: Final = frozenset(
    listed(
        "коллеги ребята ребят народ друзья товарищи парни девочки девчата шеф босс начальник бот ботик люди "
        "guys folks boss bot colleagues mate mates people chief sir buddy everybodys everyones everybody everyone"
    )
)
_WHOSE: Final = frozenset(listed("мой моя мои наш наша наши все весь my our the all"))
_STATES: Final = frozenset(listed("на в тут здесь за онлайн at on here"))
_PLANNED: Final = frozenset(
    listed("скоро почти надо должен должна обещаю постараюсь думаю возможно планирую собираюсь хотел хотела потом")
)
_COMING: Final = frozenset(listed("пойду уйду отойду побегу отлучусь выйду буду"))
_BOUNDS: Final = frozenset(listed("раньше пораньше позже попозже поздно earlier later"))
_MOVED: Final = word_class(stems="перенес перенос сдвин move postpone")
_EVERYBODY: Final = frozenset(listed("всем всех everybody everyone"))
_CALLED: Final = frozenset(listed("обед перерыв перекур кофе lunch break coffee"))
_ALWAYS: Final = frozenset(listed("обычно всегда каждый каждую каждое ежедневно usually always every normally"))
_REGULAR: Final = tuple(listed("понедельник вторник сред четверг пятниц суббот воскресен выходн будн утр вечер"))
_ON: Final = frozenset({"on", "по"})
_COMING_SOON: Final = frozenset(
    listed("about soon almost nearly want wanna need have must planning plan trying hope hoping gotta")
)
_INVITES: Final = word_class("давай давайте айда lets")
"""Words that call others along: «давай на обед»."""
PEOPLE: Final = word_class("people guys folks mates colleagues люди ребята коллеги парни девочки девчата")
_BACK: Final = frozenset(listed("вернусь возвращаюсь буду приду back"))
_DONE: Final = frozenset(listed("left went came got started done gone took had arrived finished"))
_NOUNS: Final = frozenset(listed("обед перерыв"))
_SECOND_WORDS: Final = frozenset({"of", "a", "an", "the", "to"})
_TURNS_OF_SPEECH: Final = frozenset(
    {("out", "of"), ("in", "a"), ("in", "an"), ("in", "the"), ("back", "to"), ("off", "the")}
)


def is_talk(heard: Heard, made: Frame, intents: list[str]) -> bool:
    """Whether the punches that were heard are somebody else's, still to come, or told without their time."""
    return bool(
        _is_about_others(heard, intents)
        or (not heard.words.isdisjoint(_SECOND_WORDS) and _is_turn_of_speech(heard, intents))
        or (heard.says & _INVITES and "me" not in heard.named)
        or _is_bounded(heard)
        or _is_habit(heard)
        or _is_quoted(heard)
        or ({"break_start", "step_out"} & set(intents) and _is_plan_of_break(heard, made))
    )


def _is_turn_of_speech(heard: Heard, intents: list[str]) -> bool:
    """Whether "out" and "in" only begin something else: "out of the question", "in a bit"."""
    for label, at in heard.labels:
        if label in intents and tuple(heard.row[at : at + 2]) in _TURNS_OF_SPEECH:
            return not any(place == at + 1 for _, place in heard.times) and _is_apart(heard, at + 1)
    return False


def _is_apart(heard: Heard, at: int) -> bool:
    """Whether the word at this place belongs to no phrase with the one before: it has a label of its own."""
    return any(place == at for _, place in heard.labels) or at in heard.unknown


def _is_about_others(heard: Heard, intents: list[str]) -> bool:
    """Whether the text begins with those who did it: «шеф ушёл», «все на обеде»; «шеф, на месте» greets."""
    if "me" in heard.named or not intents:
        return False
    words = heard.row
    first = 0 if words[0] not in _WHOSE else next((at for at, word in enumerate(words) if word not in _WHOSE), 0)
    if words[first] in _ADDRESSEES:
        return not _is_parted(heard, first)
    is_all = first > 0 and words[0] in {"все", "all"} and words[first] in _STATES and "check_out" not in intents
    return is_all and not _is_parted(heard, 0)


def counts_people(heard: Heard) -> bool:
    """Whether a number tells of how many the words are: "five people came", "6 people on lunch"."""
    return any(
        isinstance(said.value, Number) and not said.prep and any(each & PEOPLE for each in heard.classes[at : at + 2])
        for said, at in heard.times
    )


def calls_others(heard: Heard, intents: list[str]) -> bool:
    """Whether a break may be called out to others as well as taken: «девочки, обед!»."""
    words = heard.row
    return intents == ["break_start"] and len(words) > 1 and words[0] in _ADDRESSEES and words[1] in _CALLED


def _is_parted(heard: Heard, at: int) -> bool:
    """Whether a mark stands after the word at this place, or nothing at all."""
    after = heard.tokens[at + 1].start if at + 1 < len(heard.tokens) else len(heard.text)
    return at + 1 == len(heard.tokens) or bool(heard.text[heard.tokens[at].end : after].strip())


def _is_quoted(heard: Heard) -> bool:
    """Whether somebody's words are told: «говорят, я ушла рано»."""
    return bool(heard.says & TELLING)


def _is_habit(heard: Heard) -> bool:
    """Whether it is told how things always are: «обычно ухожу в 6», "on Fridays I leave at five"."""
    if not _ALWAYS.isdisjoint(heard.words):
        return True
    return not _ON.isdisjoint(heard.words) and any(
        (first == "on" and second.endswith("days"))
        or (first == "по" and second.startswith(_REGULAR) and second.endswith("м"))
        for first, second in pairwise(heard.row)
    )


def _is_bounded(heard: Heard) -> bool:
    """Whether a time was only a bound: «ушёл раньше 18», «пришла позже 10»."""
    return not _BOUNDS.isdisjoint(heard.words) and any(
        isinstance(said.value, (ClockTime, Number, Pair)) and not said.prep and heard.row[at - 1] in _BOUNDS
        for said, at in heard.times
        if at
    )


def _is_plan_of_break(heard: Heard, made: Frame) -> bool:
    """Whether a break is planned, moved or set for others: «скоро обед», «перенеси обед», «обед всем 40 минут»."""
    if any(label == "future" and heard.row[at] in _PLANNED for label, at in heard.labels):
        return True
    words = heard.words
    if heard.says & _MOVED or ("soon" in words and "back" not in words):
        return True
    comes_back = heard.has("step_until", "future") or not heard.words.isdisjoint(_BACK)
    if made.ago is not None and made.ago.seconds < 0 and not comes_back:
        return True  # «обед через час»; «на обед, вернусь через час» says how long it lasts
    starts = [at for label, at in heard.labels if label == "break_start"]
    is_coming = any({heard.row[at], heard.row[max(at - 1, 0)]} & _COMING for at in starts)
    if is_coming and (
        made.since is not None or made.at_number or any(not isinstance(value, Number) for value, _ in made.clocks)
    ):
        return True
    is_named = any(heard.row[at] in _NOUNS for at in starts)
    return is_named and made.length is not None and concerns_everybody(heard)


def is_plan(heard: Heard, made: Frame, intents: list[str]) -> bool:
    """Whether a mark is not made now: "in late today", "grabbing lunch later", "in today"; its time was not said."""
    if made.has_clock or made.ago is not None:
        return False
    words = heard.row
    if "still" in words or heard.text.lower().replace("ё", "е").startswith(("все еще", "еще на", "еще в")):
        return True  # "still at work" tells that nothing has changed
    if "break_start" in intents and any(
        label == "future" and heard.row[at] in _COMING_SOON for label, at in heard.labels
    ):
        return True
    if "check_out" in intents and "time" in words and words[words.index("time") + 1 :][:1] == ["to"]:
        return True  # "time to go home"
    if "bound" in heard.named and not any(_is_done(heard.row[at]) for label, at in heard.labels if label in intents):
        return True
    is_today = any(day.offset == 0 for day in made.days)
    return is_today and intents == ["check_in"] and "in" in words and not {"im", "office", "i"} & set(words)


def _is_done(word: str) -> bool:
    """Whether a word of a mark tells that it is done: «пришла», "came"."""
    return word in _DONE or word.endswith(("л", "ла", "лся", "лась", "ed"))


def concerns_everybody(heard: Heard) -> bool:
    """Whether «всем», «у всех» is said of what is wanted: «всем привет» only greets."""
    if _EVERYBODY.isdisjoint(heard.words):
        return False
    starts = {at for _, at in (*heard.labels, *heard.times)} | {*heard.unknown, len(heard.tokens)}
    return any(word in _EVERYBODY and at in starts and at + 1 in starts for at, word in enumerate(heard.row))
