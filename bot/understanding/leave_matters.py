"""What is asked about leaves and requests that exist already: one's own, others', giving them up, moving them.

Whoever asks about a leave must never be taken to wish for one, so that this is looked at before the wishes.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import or_
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import span_slots
from bot.understanding.asked_again import AGAIN, HURRIES, ask_again
from bot.understanding.calendar_words import WEEKDAYS, listed
from bot.understanding.days import dates
from bot.understanding.decisions import ASKS_TO, DECIDES, REMINDS, decision, nudge
from bot.understanding.leave_words import MINE, NAMED, REQUESTS, Matter, is_of_kind, matter, names
from bot.understanding.model import Reading
from bot.understanding.persons import named_person
from bot.understanding.routes import (
    ASKS_APPROVAL,
    HANDS_OVER,
    RECORDS,
    RETURNS,
    STATISTICS,
    TAKES_BACK,
    THINGS,
    WHO,
    approval_statistics,
    delegate,
    preview,
    record,
    start_request,
    starts_leave,
    who_holds,
    withdraw,
)
from bot.understanding.somebody import is_person_word
from bot.understanding.standing_in import COVERS, standing_in
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_ASKS: Final = word_class(
    "когда где покажи показать какой какие какое что есть ли список посмотреть глянуть when whens where wheres "
    "show list what whats which see view display any do have"
)
_TAKES: Final = word_class(
    "беру",
    stems="хочу прошу нужен нужна нужно нужны можно возьму взять оформ дай поставь запиши want need take "
    "taking request book -booked apply like please can could may",
)
_DECIDED: Final = word_class(
    stems="согласовал одобрил утвердил согласован одобрен утвержден approved accepted rejected declined"
)
_APPROVE: Final = word_class("approve")
_CANCELS: Final = word_class(
    stems="отмен -отменил -отменен отозв -отозвал отзов отзыв аннулир сними снять "
    "cancel -cancelled -canceled withdraw revoke scrap drop",
)
_REMOVES: Final = word_class("удали удалите удалить убери уберите delete remove")
_UNNEEDED: Final = word_class("передумал передумала отменяется отпадает anymore longer")
_NOT_WANTED: Final = (("не", "нужен"), ("не", "нужны"), ("не", "нужна"), ("не", "надо"), ("не", "пойду"), ("не", "иду"))
_COMES_OUT: Final = word_class(stems="выш выхожу выйду верн")
_WILL_COME_OUT: Final = frozenset({"выхожу", "выйду", "вернусь"})
_MOVES: Final = word_class(
    "shift",
    stems="перенес перенос перенест сдвин передвин подвин move moving reschedul postpone push delay перекин",
)
_CHANGES: Final = word_class("поменяй поменяйте поменять измени измените изменить change")
_DATES: Final = word_class("даты дату дат dates date")
_OTHER_END: Final = word_class(
    "сократи сократите сократить сокращаю укороти продли продлите продлить продлеваю shorten extend prolong"
)
"""Whoever says so moves the last day alone."""
_LEFT: Final = word_class(
    "осталось остался остались остаток положено накопилось накоплено доступно left balance remaining allowance remain "
    "accrued"
)
_HOW_MANY: Final = word_class("many much")
_APPROVES: Final = word_class("согласуй согласуйте одобри одобрите утверди утвердите approve accept")
_INSTEAD: Final = word_class("меня")
_HANDS_OVER: Final = word_class(
    "передай передать передаю передайте переведи переведите",
    stems="делегир переадрес перенаправ delegat forward hand redirect reassign",
)
_DECIDES_FOR: Final = word_class("согласует решает согласовывает рассматривает")
_WILL_DECIDE: Final = word_class("approves decides approve decide")
_APPROVALS: Final = word_class(stems="согласовани заявк запрос approval request")
_WHO: Final = word_class("кто кого who whos anyone anybody")
_AWAY: Final = word_class("нет нету не away out off", stems="отсутств absent missing")
_ABSENT: Final = word_class("away out off отсутствует")
_CALENDAR: Final = word_class(stems="календар график план -планиру список calendar schedule plan list")
_TEAM: Final = word_class(stems="команд -командир отдел коллег сотрудник наш team everyone department colleague staff")
_RETURN: Final = word_class("вернется вернутся выйдет выходит back return returns returning")
_WHEN: Final = word_class("когда when whens until сколько")
_HOLIDAY: Final = word_class(stems="holiday")
_PLURAL: Final = frozenset(listed("отпуска отгулы отсутствия командировки vacations leaves absences"))
_OF_DAYS: Final = frozenset(listed("дней дня дни days day"))
_COMING: Final = frozenset(
    listed("upcoming planned booked approved next future ближайший ближайшие предстоящий следующий")
)
_OWN_PEOPLE: Final = frozenset(listed("my our мой моя мои моего моей моих наш наша у"))
_OF_THEM: Final = frozenset({"отпуска", "отпусков", "отгулов"})
"""«Сколько у меня отпуска» asks for days as well."""
_TODAY: Final = frozenset({"сегодня", "today"})
_IF: Final = frozenset({"if", "если"})
_FORGOT: Final = ("forgot", "forgot:check_in", "forgot:check_out", "forgot:break_start")
_FIRST: Final = 2
"""Who does something is among so many words at the beginning."""
_AT_WORK: Final = ("check_in", "check_out", "break_start", "break_end", "worked")


def _hand_over(said: Matter) -> Readings | None:
    """«Передай мои согласования Ольге», «за меня Ольга до пятницы», "Olga covers for me"."""
    if said.heard.question:
        return None  # «Анна замещает меня на кассе?»
    for_me = said.has_run(("за", "меня"), ("вместо", "меня"))
    lets = said.words[0] in {"пусть", "let"} and said.near(_DECIDES_FOR | _WILL_DECIDE) and said.near(_APPROVALS)
    if lets or (said.near(_HANDS_OVER, after=2) and said.near(_APPROVALS)) or (for_me and said.near(_DECIDES_FOR)):
        person = named_person(said.heard)
        return (Reading("delegate", {"person": person} if person else {}),)
    covers = said.near(COVERS) and (said.near(MINE) or (said.near(COVERS, after=1) and bool(said.days)))
    if (
        not covers
        and said.near(_WILL_DECIDE, first=1)
        and said.has_run(("for", "me"), ("my", "behalf"), ("my", "place"), ("while", "im"), ("while", "i"))
    ):
        person = named_person(said.heard, [at for at in said.heard.unknown if at < _FIRST])
        return (Reading("substitute", {"person": person, **said.first_days}),) if person else None
    stands_in = said.has_run(("stands", "in"), ("stand", "in"), ("fills", "in"), ("fill", "in"))  # "in" is no mark here
    if not (for_me or covers) or (said.heard.has(*_AT_WORK) and not stands_in):
        return None
    person = named_person(said.heard)
    if person is None or (for_me and _does_more(said, person)):
        return None  # «за меня Борис отвечает»
    days = said.first_days
    if said.kind and for_me and days:
        return None  # «я в отпуске с 6 июля, за меня Ольга» asks for the leave
    return (Reading("substitute", {"person": person, **days}),)


def _does_more(said: Matter, person: str) -> bool:
    """Whether something else is told of somebody who stands in: a word that is neither the name nor of standing in."""
    heard = said.heard
    names = {word.casefold().replace("ё", "е") for word in person.split()}
    rest = (at for at in heard.unknown if not heard.classes[at] & (COVERS | _INSTEAD | MINE))
    return said.made.is_empty and any(
        heard.row[at].removesuffix("s") not in names and heard.row[at] not in names for at in rest
    )


def _of_others(said: Matter) -> Readings | None:
    """«Кто в отпуске в июле», «кого завтра нет», «когда отпуск у Анны», "who is out tomorrow"."""
    kind, made, heard = said.kind, said.made, said.heard
    asks_who = said.near(_WHO, after=3)
    planned = kind is not None and not said.near(_HOLIDAY) and said.near(_CALENDAR | _TEAM) and not said.near(MINE)
    planned = (
        planned and not said.has_run(("что", "делать")) and not any(word.startswith("заболе") for word in said.words)
    )
    if asks_who or planned:
        return _who(said, asks_who=asks_who)
    if kind not in {None, "leave"} and names(heard.classes[0], str(kind)) and heard.unknown[:1] == [1]:
        person = named_person(heard) if not made.days and not made.has_clock else None
        if person:  # «отпуск Анны в июне»
            return (Reading("away", {"person": person, **said.first_days, **said.of_kind}),)
    asks_when = said.near(_WHEN, after=2) and not said.near(MINE)
    if asks_when and (kind is not None or said.near(_RETURN | _ABSENT)):
        told = [at for at in heard.unknown if not (heard.classes[at] & _LEFT or is_of_kind(heard.classes[at]))]
        person = named_person(heard, told)
        if person:
            return (Reading("away", {"person": person, **said.first_days, **said.of_kind}),)
    return None


def _who(said: Matter, *, asks_who: bool) -> Readings | None:
    """Return who is away, in the days that were said; None where it is asked who is at work."""
    heard, made, days = said.heard, said.made, said.days
    if said.kind is None and said.has_run(("from", "home"), ("из", "дома")):
        said.kind = "remote"
    strange = [place for place in heard.unknown if not _is_ours(heard.classes[place])]
    if made.has_clock or (strange and named_person(heard, strange) is None):
        return None
    other_days = bool(days) and not _is_today(made)
    is_away = said.kind is not None or heard.has("leave:other", "leave:gone") or (other_days and said.near(_AWAY))
    nobody_is = said.has_run(("нет", "на"), ("нет", "в"))  # «кого завтра нет на работе»
    states = {label for label, at in heard.labels if not heard.classes[at] & _AWAY}
    if said.kind is None and not nobody_is and (states & {*_AT_WORK} or heard.has("marked", *_FORGOT)):
        return None  # «кто вчера не отметился» asks about marks
    if not is_away or heard.has("late~", "worked") or (days is None and not made.is_empty):
        return None
    if "check_in" in heard.named and not nobody_is and not (said.kind == "remote" and other_days):
        return None
    if not asks_who and heard.has("modal", "taking"):
        return None
    if said.kind == "leave" and not other_days and asks_who:
        return None  # «кто отсутствует» asks about now
    if not days and not said.heard.words.isdisjoint(_TODAY):
        days = [span_slots(said.scene.today, said.scene.today)]  # the day may be a part of the question: «кто сегодня»
    return tuple(Reading("away", {**each, **said.of_kind}) for each in (days or [{}])[:1])


def _given_up(said: Matter) -> Readings | None:
    """«Отмени отпуск», «отгул в пятницу не нужен», «вышла из отпуска раньше, с 29 июня работаю»."""
    kind, made, words = said.kind, said.made, said.words
    if kind is None or (said.heard.question and not said.near(_CANCELS)):
        return None
    early = "из" in words and said.near(_COMES_OUT)
    early = early and ("раньше" in words or (not made.is_empty and not said.heard.words.isdisjoint(_WILL_COME_OUT)))
    unneeded = said.near(_UNNEEDED) or said.has_run(*_NOT_WANTED)
    unneeded = unneeded or (
        bool({"dont", "not"} & said.heard.words)
        and bool({"need", "anymore", "taking"} & said.heard.words)
        and ("off" in words or bool({"my", "the"} & said.heard.words))
    )
    calls_off = said.has_run(("call", "off")) or said.near(_CANCELS, after=4) or said.near(_CANCELS, first=-2)
    calls_off = calls_off or (said.near(_REMOVES, after=1) and not said.heard.has(*_AT_WORK, "cond", "target"))
    if kind == "leave" and "off" in words and not unneeded and not said.has_run(("time", "off"), ("call", "off")):
        return None  # "scrap my Saturday, I was off"
    if not (calls_off or unneeded or early) or (made.has_clock and made.day(made.since) is None):
        return None
    person = named_person(said.heard)
    day = said.first_day
    slots: dict[str, object] = {"day": day} if day is not None else {}
    return (Reading("cancel_leave", slots | ({"person": person} if person else {}) | said.of_kind),)


def _moved(said: Matter) -> Readings | None:
    """«Перенеси мой отпуск на август», «перенеси отгул с пятницы на понедельник», "move my vacation to August"."""
    kind, made, heard, today = said.kind, said.made, said.heard, said.scene.today
    changes = said.near(_CHANGES, after=3) and (said.near(MINE) or said.near(_DATES))  # «поменяй даты отпуска»
    if kind in {None, "leave"} or not (changes or said.near(_MOVES | _OTHER_END, after=4)):
        return None
    is_own = "my" in said.words or any(word.endswith("days") and word[:-1] in WEEKDAYS for word in said.words)
    if kind == "day_off" and heard.is_english and not is_own:
        return None  # "move the day off from 2 May to 4 May" is an order about the calendar
    slots: dict[str, object] = {}
    ends = [made.day(value) for value in (made.since, made.until)]
    if made.period is not None:
        slots |= said.first_days
    elif ends[0] is not None and (ends[1] is not None or made.days):
        new = made.days[0] if made.days else ends[1]
        old = dates(ends[0], today, ahead=True)
        if ends[1] is not None and made.days:
            return None
        later = dates(new, today, ahead=True) if new is not None else ()
        is_span = any(said.prep == "since" and heard.row[at] in {"to", "for"} for said, at in heard.times)
        if (heard.is_english and not is_span) or made.days:
            slots |= {"day": old[0]} if old else {}
            slots |= {"from_day": later[0]} if later else {}
        else:
            slots |= said.first_days
    elif len(made.days) == 2:
        first, last = (dates(day, today, ahead=True) for day in made.days)
        slots |= ({"day": first[0]} if first else {}) | ({"from_day": last[0]} if last else {})
    elif made.days or any(end is not None for end in ends):
        named = made.days[0] if made.days else next(end for end in ends if end is not None)
        found = dates(named, today, ahead=True)
        slots |= {"to_day" if said.near(_OTHER_END) else "from_day": found[0]} if found else {}
    return (Reading("move_leave", slots | said.of_kind),)


def _own(said: Matter) -> Readings | None:
    """«Когда у меня отпуск», «мои заявки», «сколько отпуска осталось», "has my vacation been approved?"."""
    kind, made, heard, words = said.kind, said.made, said.heard, said.words
    if kind == "leave" and "off" in words and not said.has_run(("time", "off")):
        kind = None  # "I'm off, have a great weekend!"
    mine = said.near(MINE)
    if any(one in _OWN_PEOPLE and is_person_word(other) for one, other in pairwise(words)):
        return None  # "my boss is on holiday"
    if words[0] in {"how", "как"} and words[1] in {"do", "can", "to", "should", "мне", "можно"}:
        return None  # "how do I request vacation" asks for help
    if kind is not None and _is_rest(said, mine=mine):
        return (Reading("leave_balance", said.of_kind or {"kind": "vacation"}),)
    if not mine or heard.has("neg", "kin") or not heard.words.isdisjoint(_IF):
        return None
    if said.near(REQUESTS) and not said.near(_APPROVES):
        waits = said.has_run(("waiting", "for", "me"), ("waiting", "on", "me"), ("ждут", "меня"), ("ждет", "меня"))
        return (Reading("approvals"),) if waits else (Reading("my_requests"),)
    asks_whether = said.near(_APPROVE) and words[0] in {"did", "have", "has", "will"}
    if kind is not None and (said.near(_DECIDED) or asks_whether):
        return (Reading("my_requests"),)
    if kind is None or said.near(_TAKES) or made.has_clock:
        return None
    asks = said.near(_ASKS) or heard.question
    plural = not _PLURAL.isdisjoint(words)
    possessed = bool({"мой", "мои", "моя", "my"} & heard.words) and made.is_empty
    possessed = possessed and all(heard.row[at] in _COMING for at in heard.unknown)
    if not (asks or plural or possessed) or not (made.is_empty or made.period or asks):
        return None
    told = {label for label, at in heard.labels if words[at] != "leave"}
    if told & {"check_in", "check_out", "worked", "future"} and not asks:
        return None
    return (Reading("my_leave", (said.first_days if not made.is_empty else {}) | said.of_kind),)


def _is_rest(said: Matter, *, mine: bool) -> bool:
    """Whether it is asked how much of a leave is left."""
    heard, made = said.heard, said.made
    if heard.has("worked", "check_in") or made.count is not None or made.has_clock:
        return False
    if said.near(_LEFT):
        asks = heard.question or "how_long" in heard.named
        return mine or asks or all(heard.classes[at] & _LEFT or heard.row[at] in _OF_DAYS for at in heard.unknown)
    days = "сколько" in heard.words and any(word.startswith("дн") or word in _OF_THEM for word in said.words)
    is_all = heard.row[0] == "сколько" and all(is_of_kind(heard.classes[at]) for at in heard.unknown)
    days = days or (is_all and any(word in _OF_THEM for word in said.words))
    if days and is_all and made.is_empty:
        return True  # «сколько отгулов»
    countable = said.kind in {"vacation", "day_off", "leave"} and said.near(_HOW_MANY, after=2)
    return mine and (days or (countable and not said.near(REQUESTS)))


def _is_ours(classes: int) -> bool:
    """Whether a word that no phrase has is one of those that ask about absences."""
    return bool(classes & (_WHO | _AWAY | _CALENDAR | _TEAM)) or is_of_kind(classes)


def _is_today(made: Frame) -> bool:
    """Whether no other day than today was said."""
    return all(day.offset == 0 for day in made.days) and made.period is None and made.since is None


_RULES: Final[tuple[tuple[int, Callable[[Matter], Readings | None]], ...]] = (
    (AGAIN | HURRIES, ask_again),
    (REMINDS | ASKS_TO, nudge),
    (DECIDES, decision),
    (RECORDS, record),
    (STATISTICS, approval_statistics),
    (WHO, who_holds),
    (TAKES_BACK | RETURNS, withdraw),
    (WHO, preview),
    (NAMED, starts_leave),
    (THINGS | ASKS_APPROVAL | REQUESTS, start_request),
    (COVERS, standing_in),
    (_HANDS_OVER | COVERS | _INSTEAD | _WILL_DECIDE | _DECIDES_FOR, _hand_over),
    (HANDS_OVER, delegate),
    (NAMED | _WHO | _RETURN | _ABSENT, _of_others),
    (NAMED, _given_up),
    (NAMED, _moved),
    (NAMED | REQUESTS, _own),
)
"""Each rule after the classes of words of which it needs one."""
_ABOUT: Final = reduce(or_, (needs for needs, _ in _RULES))


def leave_matters(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the readings of what is said about leaves or requests that exist; None where it is none of these."""
    says = heard.says
    if not says & _ABOUT:
        return None
    said = matter(heard, made, scene)
    for needs, understood in _RULES:
        if says & needs:
            found = understood(said)
            if found is not None:
                return found
    return None
