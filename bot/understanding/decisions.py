"""What leads say of requests that wait for them: «согласуй все отпуска», «отклони отпуск Бориса, сдаём проект».

Orders alone: a question whether something was approved, a plan to approve it, or a wish to have it approved decides
nothing. Who is to be reminded of a mark is told here as well.
"""

from __future__ import annotations

import re
from typing import Final

from bot.understanding.denials import CONTRACTED
from bot.understanding.leave_words import REQUESTS, Matter, kind_of
from bot.understanding.model import Reading
from bot.understanding.number_grammar import AND
from bot.understanding.people import TELLING
from bot.understanding.persons import is_name, named_people, named_person, surname
from bot.understanding.word_classes import any_of, word_class

Readings = tuple[Reading, ...]

_APPROVES: Final = word_class(
    "согласуй согласуйте согласовать согласую согласовываю согласовывай согласовывайте одобри одобрите одобрить "
    "одобряю одобрь утверди утвердите утвердить утверждаю approve approving accept"
)
_AGREED: Final = word_class("согласен согласна")
_AGREES: Final = _AGREED | word_class("подтверждаю подтверди подтвердите")
"""Said of much else: what is agreed to must be named."""
_BEFORE_OWN: Final = frozenset(
    {"я", "не", "да", "нет", "ну", "ок", "окей", "ладно", "хорошо", "конечно", "тоже", "уже"}
)
"""What may stand before one's own verdict; before «согласен» anything else may be whoever agrees."""
_REJECTS: Final = word_class(
    "отклони отклоните отклонить отклоняю откажи откажите отказать отказываю reject deny refuse decline"
)
_TURNS: Final = word_class("turn")
_OWN: Final = word_class("согласую согласовываю одобряю утверждаю подтверждаю")
"""What somebody decides, not what they ask for: «не одобряю отгул»."""
_RETURNS: Final = word_class(stems="доработк переделк rework")
_GIVES_BACK: Final = word_class("верни верните вернуть возвращаю return send")
_SENDS: Final = word_class("отправь отправьте отправить отправляю")
DECIDES: Final = _APPROVES | _AGREES | _REJECTS | _TURNS | _RETURNS | _GIVES_BACK
_ALL: Final = word_class("все всех всё all everything everyone everybody")
_OBJECTS: Final = {
    "correction": word_class("часы hours", stems="исправлени правк правок корректировк correction"),
    "overtime": word_class(stems="переработк сверхурочн overtime"),
}
_DOUBTS: Final = word_class("id но but except кроме besides wouldnt shouldnt couldnt maybe")
_WANTS: Final = word_class(
    "хочет хотел хотела хотят ждет ждут просят пытается пытался пыталась забыл забыла забыли должен должна должны "
    "может могла мог пришлось wants wanted needs waits waiting forgot forgets has had must can cant could should"
)
"""Words with which it is told what somebody else would decide, or wants decided."""
_ASKED: Final = word_class("прошу мне меня мой my me")
_CONDITIONS: Final = word_class("если if unless when когда")
_WHO: Final = frozenset({"кто", "who", "whos"})
_WITH: Final = frozenset({"с", "со", "with"})
_NOT: Final = frozenset({"не", "dont"})
_IT: Final = frozenset({"it", "this", "это", "его", "ее", "их"})
_NEEDS: Final = frozenset({"надо", "нужно", "стоит"})
_FOR_ME: Final = (["for", "me"], ["за", "меня"])
_PAUSE: Final = re.compile(r"[,:;]|\s[-–—]\s")
_WHAT_FOR: Final = frozenset({"пусть", "чтобы", "чтоб", "because"})
"""Words behind what is decided with which it is told why, without a pause."""

REMINDS: Final = word_class(
    "напомни напомните напомнить поторопи пни пингани пинани remind nudge ping chase", stems="пинган"
)
ASKS_TO: Final = word_class("ask")
_OF_MARKS: Final = word_class("check clock mark log end punch close")
_TO_ALL: Final = word_class("мне me мы us")


def nudge(said: Matter) -> Readings | None:
    """«Напомни Борису отметиться», "remind Boris to check in", "ask Tom to clock in"."""
    if not said.near(REMINDS | ASKS_TO, after=3) or said.says & _TO_ALL or not said.made.is_empty:
        return None
    if not said.near(REMINDS, after=3) and not said.near(_OF_MARKS):
        return None
    person = named_person(said.heard)
    return (Reading("nudge", {"person": person}),) if person and "neg" not in said.heard.named else None


def decision(said: Matter) -> Readings | None:
    """«Согласуй все отпуска», «отклони отпуск Бориса, сдаём проект», "approve all"."""
    heard = said.heard
    verb = next((at for at, each in enumerate(heard.classes[:3]) if each & DECIDES), None)
    if verb is None and not said.near(_RETURNS):
        return None
    if heard.question or "topic:gaps" in heard.named or said.words[0] in _WHO:
        return None
    end = _end_of_order(said, verb or 0)
    whole = end
    if heard.row[end - 2 : end] in _FOR_ME:
        end -= 2
    classes = heard.classes[:end]
    says = 0
    for each in classes:
        says |= each
    verdict = _verdict(said, says, verb or 0, end)
    if verdict is None or (says & (TELLING | _WANTS) and any_of(classes[:verb], TELLING | _WANTS)):
        return None  # «Анна просила согласовать отпуск» tells of her wish
    first = verb if verb and heard.tokens[verb].after_comma else 0  # «Анна, согласуй Бориса» is said to her
    if verb is not None and heard.classes[verb] & _AGREED:
        first = max((at for at in range(verb + 1) if heard.tokens[at].after_comma), default=0)
        if not _BEFORE_OWN.issuperset(heard.row[first:verb]) or heard.row[verb + 1 : verb + 2] == ["ли"]:
            return None  # «Анна согласна взять отпуск» tells of her
    places = [place for place in heard.unknown if first <= place < end]
    people = named_people(heard, [at for at in places if not heard.classes[at] & (_ALL | DECIDES)])
    if any(each & (DECIDES | _CONDITIONS) for each in heard.classes[end:]):
        return None  # «одобри Бориса, а Анну отклони», «одобри, если есть замена»
    person = people[0] if people else surname(heard, places)
    everything = bool(says & _ALL)
    kind = next((name for name, named in _OBJECTS.items() if says & named), kind_of(said.words[:end], says))
    if kind is None and "leave" in said.words[:end]:
        kind = "leave"
    others = [at for at in places if not heard.classes[at] & (DECIDES | _SENDS) and heard.row[at] not in _IT]
    sends_back = verdict == "return" and bool(says & _RETURNS) and bool(says & (_GIVES_BACK | _SENDS)) and not others
    if not (person or everything or sends_back) or says & _ASKED or _is_beside(said, places):
        return None
    times = [place for _, place in heard.times if place < end]
    if times and (not person or not said.of_kind or min(times) < (verb or 0)):
        return None  # «согласуй отпуск с 3 по 7 августа» asks for one, «завтра согласую Анну» is a plan
    is_loose = not says & (_APPROVES | _REJECTS)
    if is_loose and kind is None and not says & (REQUESTS | _RETURNS):
        return None  # «подтверждаю встречу», «верни как было», "turn down the music, Tom"
    slots: dict[str, object] = {"verdict": verdict}
    if person:
        slots["person"] = person
    if len(people) > 1:
        slots["also"] = people[1:]
    if kind:
        slots["kind"] = kind
    if everything and not person:
        slots["all"] = True
    reason = heard.reason or heard.text[heard.tokens[whole - 1].end :].strip(" ,.!:;-–—")
    is_own = bool(says & _OWN) or "i" in said.words[:verb]
    denied = verdict == "reject" and not says & (_REJECTS | _TURNS) and not is_own  # it may only mean to wait
    return (Reading("decide", slots | ({"reason": reason} if reason else {}), is_doubtful=denied),)


def _is_beside(said: Matter, places: list[int]) -> bool:
    """Whether it is with somebody that something is agreed: «согласовать с Анной»."""
    return any(place and said.words[place - 1] in _WITH for place in places if is_name(said.heard, place))


def _end_of_order(said: Matter, verb: int) -> int:
    """Return the place where the order ends and its reason begins: the first pause after what is decided."""
    heard = said.heard
    known = False
    for at in range(verb + 1, len(heard.tokens)):
        gap = heard.text[heard.tokens[at - 1].end : heard.tokens[at].start]
        if known and (heard.row[at] in _WHAT_FOR or _PAUSE.search(gap)) and not _is_listed(said, at):
            return at
        known = known or at in heard.unknown or bool(heard.classes[at] & (_ALL | _RETURNS))
    return len(heard.tokens)


def _is_listed(said: Matter, at: int) -> bool:
    """Whether the word at this place is one more name of a list: «одобри Анну, Бориса и Олю»."""
    tokens = said.heard.tokens
    is_last = at + 1 == len(tokens) or tokens[at + 1].after_comma or tokens[at + 1].text in AND
    return is_last and is_name(said.heard, at)


def _verdict(said: Matter, says: int, verb: int, end: int) -> str | None:
    """Return what is decided, by its verb near the beginning."""
    words, heard = said.words[:end], said.heard
    labels = {label for label, place in heard.labels if place < end}
    if labels & {"cond", "future", "forgot"} or says & _DOUBTS:
        return None  # "I'd approve Anna but …", "I wouldn't approve it"
    denied = words[:2] == ["do", "not"] or (words[0] in _NOT and (verb <= 1 or words[1] in _NEEDS))
    denied = denied or (verb > 1 and words[verb - 1] in _NOT and _BEFORE_OWN.issuperset(words[: verb - 1]))
    if (words[0] in _NOT or (verb and words[verb - 1] in _NOT)) and not denied:
        return None  # «не забудь согласовать отпуск Анны», «совсем не согласен с отпуском Анны»
    if not denied and ("neg" in labels or not CONTRACTED.isdisjoint(words[:3])):
        return None
    if says & _RETURNS or ({"send", "back"} <= set(words)):
        return None if denied else "return"
    if says & _TURNS:
        return "reject" if "down" in words[1:] and not denied else None
    if says & (_APPROVES | _AGREES):
        return "reject" if denied else "approve"
    if denied:
        return None
    if says & _REJECTS:
        return "reject"
    return "return" if says & _GIVES_BACK and "from" not in words and "send" not in words else None
