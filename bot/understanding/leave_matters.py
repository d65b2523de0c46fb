"""What is asked about leaves and requests that exist already: one's own, others', giving them up, deciding them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots
from bot.understanding.calendar_words import listed
from bot.understanding.days import dates
from bot.understanding.model import Reading
from bot.understanding.persons import named_person
from bot.understanding.phrases import Day, Number

if TYPE_CHECKING:
    from bot.understanding.absence import Slots
    from bot.understanding.frame import Frame
    from bot.understanding.hearing import Heard
    from bot.understanding.scene import Scene

Readings = tuple[Reading, ...]

_KINDS: Final = {
    "vacation": re.compile(r"отпуск(?!ай|ат|аю|ае|ал|ите)|vacation|holiday|^pto$"),
    "day_off": re.compile(r"отгул(?!я)"),
    "sick": re.compile(r"больничн|болезн|^боле(?:ет|ют)$|заболе|^sick"),
    "remote": re.compile(r"удаленк|удаленно|^remote|^wfh$"),
    "business_trip": re.compile(r"командировк|^trips?$"),
    "unpaid": re.compile(r"^unpaid|неоплачива"),
}
_ANY: Final = re.compile(r"отсутств|^leaves$|^absences?$|^off$")
_MINE: Final = frozenset(listed("мой моя мое мои моего моей моих моим мою меня мне я my i im ive mine me"))
_ASKS: Final = frozenset(
    listed(
        "когда где покажи показать какой какие какое что есть ли список посмотреть глянуть when whens where wheres "
        "show list what whats which see view display any do have"
    )
)
_TAKES: Final = re.compile(
    r"^(?:хочу|прошу|нужен|нужн[аоы]|можно|возьму|беру|взять|оформ|дай|дайте|поставь|запиши|бер[уе]|want|need|take|taking|"
    r"request|book|apply|like|please|can|could|may|going)"
)
_REQUESTS: Final = re.compile(r"^(?:заявк|заявлен|запрос|requests?$|applications?$)")
_DECIDED: Final = re.compile(
    r"^(?:согласовал|одобрил|утвердил|согласован|одобрен|утвержден|approved|accepted|rejected|declined)"
)
_CANCELS: Final = re.compile(r"^(?:отмен|отозв|отзыв|аннулир|сними|снять|cancel|withdraw|revoke|scrap)")
_UNNEEDED: Final = frozenset(listed("передумал передумала отменяется отпадает anymore longer"))
_MOVES: Final = re.compile(
    r"^(?:перенес|перенос|перенест|сдвин|передвин|move|moving|reschedul|postpone|shift$|перекин)"
)
_LEFT: Final = frozenset(
    listed(
        "осталось остался остались остаток положено накопилось накоплено доступно left balance "
        "remaining allowance remain accrued"
    )
)
_APPROVES: Final = re.compile(
    r"^(?:соглас(?:уй|уйте|овать|ую|овываю)|одобр(?:и|ите|ить|яю|ь)|утверд(?:и|ите|ить)|утверждаю|approve|approving|accept)$"
)
_REJECTS: Final = re.compile(
    r"^(?:отклон(?:и|ите|ить|яю)|откаж(?:и|ите)|отказать|отказываю|reject|deny|refuse|decline)$"
)
_RETURNS: Final = ("доработк", "переделк")
_ALL: Final = frozenset(listed("все всех всё all everything everyone everybody"))
_OBJECTS: Final = {
    "correction": re.compile(r"^(?:исправлени|правк|правок|корректировк|correction)"),
    "overtime": re.compile(r"^(?:переработк|сверхурочн|overtime)"),
}
_DECIDES_NOTHING: Final = frozenset(listed("id but но wouldnt shouldnt couldnt maybe"))
_COVERS: Final = re.compile(
    r"^(?:замещ|замен(?:ит|яет|ять)|заместител|подмен(?:ит|яет|ить)|substitut|deput|cover|covers|covering|stand)"
)
_HANDS_OVER: Final = re.compile(
    r"^(?:переда(?:й|ть|ю|йте)|делегир|переадрес|перенаправ|delegat|forward|hand|redirect|reassign)"
)
_APPROVALS: Final = re.compile(r"^(?:согласовани|заявк|запрос|approval|request)")
_WHO: Final = frozenset(listed("кто кого who whos"))
_AWAY: Final = re.compile(r"^(?:отсутств|нет$|нету$|не$|away|out$|off$|absent|missing)")
_CALENDAR: Final = re.compile(r"^(?:календар|график|план|список|calendar|schedule|plan|list)")
_TEAM: Final = re.compile(r"^(?:команд(?!ир)|отдел|коллег|сотрудник|наш|team|everyone|department|colleague|staff)")
_REMINDS: Final = re.compile(r"^(?:напомни(?:те|ть)?|поторопи|пни|пинга?ни|remind|nudge|ping|chase)$")
_RETURN: Final = re.compile(r"^(?:верн(?:ется|утся)|выйдет|выходит|back|return|returns|returning)$")
_OFF_NOUN: Final = (("day", "off"), ("days", "off"), ("time", "off"), ("за", "свой", "счет"))


_ABOUT: Final = re.compile(
    r"отпус|отгул|больн|боле|удал|командир|оплач|счет|отсутств|заяв|запрос|соглас|одобр|утверд|отклон|отка[жз]|работк"
    r"|делк|мен|мещ|местит|переда|делег|адрес|направ|напомн|тороп|пин[аг]|кто|кого|верн|выход|выйд|vacat|holid|pto|sick"
    r"|remote|wfh|trip|paid|leave|absen|off|request|applic|approv|accept|reject|deny|refus|declin|send|remind|nudge|ping"
    r"|chase|cover|substit|deput|delegat|forward|hand|redirect|reassign|who|out|away|return|back|stand"
)
"""What nothing here is said without; most messages are found out by one look."""


def leave_matters(heard: Heard, made: Frame, scene: Scene) -> Readings | None:
    """Return the readings of what is said about leaves or requests that exist; None where it is none of these."""
    if not _ABOUT.search(heard.text.lower()):
        return None
    words = [token.text for token in heard.tokens]
    kind = _kind(words)
    for understood in (_nudge, _decision, _hand_over, _of_others, _given_up, _moved, _own):
        found = understood(heard, made, scene, words, kind)
        if found is not None:
            return found
    return None


def _kind(words: list[str]) -> str | None:
    """Return the kind of absence that is named; "leave" for any, None where none is."""
    for kind, pattern in _KINDS.items():
        if any(pattern.search(word) for word in words):
            return kind
    if _has_run(words, ("за", "свой", "счет")):
        return "unpaid"
    if any(_has_run(words, run) for run in (("day", "off"), ("days", "off"))):
        return "day_off"
    if any(_has_run(words, (before, "leave")) for before in ("my", "any", "annual", "on", "paid", "upcoming")):
        return "leave"
    if _has_run(words, ("time", "off")) or any(_ANY.search(word) for word in words):
        return "leave"
    return None


def _has_run(words: list[str], run: tuple[str, ...]) -> bool:
    return any(tuple(words[at : at + len(run)]) == run for at in range(len(words) - len(run) + 1))


def _any(words: list[str], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(word) for word in words)


def _of_kind(kind: str | None) -> dict[str, object]:
    """Return the slot of a kind that was named; none for any."""
    return {} if kind in {None, "leave"} else {"kind": kind}


def _nudge(heard: Heard, made: Frame, _scene: Scene, words: list[str], _kind: str | None) -> Readings | None:
    """«Напомни Борису отметиться», "remind Boris to check in"."""
    if not _any(words[:3], _REMINDS) or {"мне", "me", "мы", "us"} & set(words) or not made.is_empty:
        return None
    person = named_person(heard)
    return (Reading("nudge", {"person": person}),) if person and not heard.has("neg") else None


def _decision(heard: Heard, made: Frame, _scene: Scene, words: list[str], kind: str | None) -> Readings | None:
    """«Согласуй все отпуска», «отклони отпуск Бориса, сдаём проект», "approve all"."""
    verdict = _verdict(heard, words)
    if verdict is None or not made.is_empty or heard.question or heard.has("topic:gaps"):
        return None
    person = named_person(heard)
    everything = bool(_ALL & set(words))
    named = next((name for name, pattern in _OBJECTS.items() if _any(words, pattern)), kind)
    if not (person or everything) or {"прошу", "мне", "меня", "мой", "my", "me"} & set(words):
        return None
    slots: dict[str, object] = {"verdict": verdict}
    if person:
        slots["person"] = person
    if named:
        slots["kind"] = named
    if everything and not person:
        slots["all"] = True
    reason = heard.reason or (_after_person(heard, person) if person else "")
    return (Reading("decide", slots | ({"reason": reason} if reason else {})),)


def _verdict(heard: Heard, words: list[str]) -> str | None:
    """Return what is decided, by its verb near the beginning."""
    near = words[:3]
    if heard.has("cond", "future", "forgot") or not _DECIDES_NOTHING.isdisjoint(words):
        return None  # "I'd approve Anna but …", "I wouldn't approve it"
    denied = words[0] in {"не", "dont"} or words[:2] == ["do", "not"]
    if not denied and (heard.has("neg") or any(word.endswith("nt") for word in near)):
        return None
    if any(word.startswith(_RETURNS) for word in words) or _has_run(words, ("send", "back")):
        return "return"
    if _any(near, _APPROVES):
        return "reject" if denied else "approve"
    return "reject" if _any(near, _REJECTS) and not denied else None


def _after_person(heard: Heard, person: str) -> str:
    """Return the words after the name and a comma or colon: why it is decided so."""
    rest = heard.text.partition(person)[2]
    return rest[1:].strip(" .!") if rest[:1] in {",", ":", ";"} else rest[3:].strip() if rest[:3] == " - " else ""


def _hand_over(heard: Heard, made: Frame, scene: Scene, words: list[str], kind: str | None) -> Readings | None:
    """«Передай мои согласования Ольге», «за меня Ольга до пятницы», "Olga covers for me"."""
    if _any(words[:2], _HANDS_OVER) and _any(words, _APPROVALS):
        person = named_person(heard)
        return (Reading("delegate", {"person": person} if person else {}),)
    instead = _has_run(words, ("за", "меня")) or _has_run(words, ("вместо", "меня"))
    covers = _any(words, _COVERS) and bool(_MINE & set(words) or "меня" in words)
    if not (instead or covers) or heard.has("check_in", "check_out", "break_start", "break_end", "worked"):
        return None
    person = named_person(heard)
    if person is None:
        return None
    days = (_span(made, scene, ahead=True) or [{}])[0]
    if kind and instead and days:
        return None  # «я в отпуске с 6 июля, за меня Ольга» asks for the leave
    return (Reading("substitute", {"person": person, **days}),)


def _of_others(heard: Heard, made: Frame, scene: Scene, words: list[str], kind: str | None) -> Readings | None:
    """«Кто в отпуске в июле», «кого завтра нет», «когда отпуск у Анны», "who is out tomorrow"."""
    asks_who = bool(_WHO & set(words[:3]))
    planned = (
        kind is not None
        and not any(word.startswith("holiday") for word in words)
        and (_any(words, _CALENDAR) or _any(words, _TEAM))
        and not _MINE & set(words)
    )
    days = _span(made, scene, ahead=True)
    if asks_who or planned:
        strange = [place for place in heard.unknown if not _is_ours(words[place])]
        if made.has_clock or (strange and named_person(heard, strange) is None):
            return None
        other_days = bool(days) and not _is_today(made)
        is_away = kind is not None or (other_days and _any(words, _AWAY))
        if not is_away or heard.has("check_in", "worked", "late~") or (days is None and not made.is_empty):
            return None
        if planned and not asks_who and heard.has("modal", "taking"):
            return None
        if kind == "leave" and not other_days and asks_who:
            return None  # «кто отсутствует» asks about now
        return tuple(Reading("away", {**each, **_of_kind(kind)}) for each in (days or [{}])[:1])
    if (
        kind not in {None, "leave"}
        and _KINDS[str(kind)].search(words[0])
        and heard.unknown[:1] == [1]
        and not made.days
    ):
        person = named_person(heard)
        if person and not made.has_clock:  # «отпуск Анны в июне»
            return (Reading("away", {"person": person, **((days or [{}])[0]), **_of_kind(kind)}),)
    asks_when = {"когда", "when", "whens", "until", "сколько"} & set(words[:2])
    if asks_when and (kind is not None or _any(words, _RETURN)) and not _MINE & set(words):
        person = named_person(heard)
        if person:
            return (Reading("away", {"person": person, **((days or [{}])[0]), **_of_kind(kind)}),)
    return None


def _given_up(heard: Heard, made: Frame, scene: Scene, words: list[str], kind: str | None) -> Readings | None:
    """«Отмени отпуск», «отгул в пятницу не нужен», «вышла из отпуска раньше, с 29 июня работаю»."""
    early = (
        kind is not None
        and "из" in words
        and any(word.startswith(("выш", "выхожу", "выйду", "верн")) for word in words)
    )
    early = early and (not made.is_empty or "раньше" in words)
    if kind is None or (heard.question and not _any(words, _CANCELS)):
        return None
    unneeded = bool(_UNNEEDED & set(words)) or _has_run(words, ("не", "нужен")) or _has_run(words, ("не", "нужны"))
    unneeded = (
        unneeded
        or _has_run(words, ("не", "надо"))
        or _has_run(words, ("не", "пойду"))
        or _has_run(words, ("не", "иду"))
    )
    unneeded = unneeded or (
        bool({"dont", "not"} & set(words)) and bool({"need", "anymore", "taking"} & set(words)) and "off" in words
    )
    calls_off = _has_run(words, ("call", "off")) or (_any(words[:4], _CANCELS) or _any(words[-2:], _CANCELS))
    if not (calls_off or unneeded or early) or (made.has_clock and made.day(made.since) is None):
        return None
    person = named_person(heard)
    day = _first_day(made, scene)
    slots: dict[str, object] = {"day": day} if day is not None else {}
    return (Reading("cancel_leave", slots | ({"person": person} if person else {}) | _of_kind(kind)),)


def _moved(heard: Heard, made: Frame, scene: Scene, words: list[str], kind: str | None) -> Readings | None:
    """«Перенеси мой отпуск на август», «перенеси отгул с пятницы на понедельник», "move my vacation to August"."""
    if kind is None or not _any(words[:4], _MOVES) or kind == "leave":
        return None
    if kind == "day_off" and heard.is_english and "my" not in words:
        return None  # "move the day off from 2 May to 4 May" is an order about the calendar
    slots: dict[str, object] = {}
    ends = [made.day(value) for value in (made.since, made.until)]
    if made.period is not None:
        slots |= (_span(made, scene, ahead=True) or [{}])[0]
    elif ends[0] is not None and (ends[1] is not None or made.days):
        new = made.days[0] if made.days else ends[1]
        old = dates(ends[0], scene.today, ahead=True)
        if ends[1] is not None and made.days:
            return None
        later = dates(new, scene.today, ahead=True) if new is not None else ()
        if heard.is_english or made.days:
            slots |= {"day": old[0]} if old else {}
            slots |= {"from_day": later[0]} if later else {}
        else:
            slots |= (_span(made, scene, ahead=True) or [{}])[0]
    elif len(made.days) == 2:
        first, last = (dates(day, scene.today, ahead=True) for day in made.days)
        slots |= ({"day": first[0]} if first else {}) | ({"from_day": last[0]} if last else {})
    elif made.days or any(end is not None for end in ends):
        said = made.days[0] if made.days else next(end for end in ends if end is not None)
        found = dates(said, scene.today, ahead=True)
        slots |= {"from_day": found[0]} if found else {}
    return (Reading("move_leave", slots | _of_kind(kind)),)


def _own(heard: Heard, made: Frame, scene: Scene, words: list[str], kind: str | None) -> Readings | None:
    """«Когда у меня отпуск», «мои заявки», «сколько отпуска осталось», "has my vacation been approved?"."""
    mine = bool(_MINE & set(words))
    asks_rest = heard.has("how_long") or mine or heard.question or all(words[at] in _LEFT for at in heard.unknown)
    is_rest = kind is not None and bool(_LEFT & set(words)) and asks_rest
    if is_rest and not heard.has("worked", "check_in") and made.count is None and not made.has_clock:
        return (Reading("leave_balance", _of_kind(kind) or {"kind": "vacation"}),)
    if kind is not None and _has_run(words, ("сколько",)) and any(word.startswith("дн") for word in words) and mine:
        return (Reading("leave_balance", _of_kind(kind) or {"kind": "vacation"}),)
    if not mine or heard.has("neg"):
        return None
    if _any(words, _REQUESTS) and not _any(words, _APPROVES):
        return (Reading("my_requests"),)
    if kind is not None and _any(words, _DECIDED):
        return (Reading("my_requests"),)
    if kind is None or any(_TAKES.search(word) for word in words if word != "going") or made.has_clock:
        return None
    asks = bool(_ASKS & set(words)) or heard.question
    plural = any(
        word in {"отпуска", "отгулы", "отсутствия", "командировки", "vacations", "leaves", "absences"} for word in words
    )
    possessed = bool({"мой", "мои", "моя", "my"} & set(words)) and made.is_empty and not heard.unknown
    if not (asks or plural or possessed) or not (made.is_empty or made.period or asks):
        return None
    if heard.has("check_in", "check_out", "worked", "future") and not asks:
        return None
    days = (_span(made, scene, ahead=True) or [{}])[0] if not made.is_empty else {}
    return (Reading("my_leave", days),)


def _is_ours(word: str) -> bool:
    """Whether a word that no phrase has is one of those that ask about absences."""
    return word in _WHO or any(pattern.search(word) for pattern in (_AWAY, _CALENDAR, _TEAM, *_KINDS.values()))


def _span(made: Frame, scene: Scene, *, ahead: bool) -> list[Slots] | None:
    """Return the days that were said; None where they make no sense."""
    return None if made.is_empty or made.clocks else day_slots(made, scene, ahead=ahead)


def _first_day(made: Frame, scene: Scene) -> object | None:
    """Return the first day that was said."""
    said = made.day(made.since) if made.since is not None else (made.days[0] if made.days else made.day(made.until))
    if isinstance(made.since, Number) and isinstance(made.until, Day):
        said = Day(day=made.since.value, month=made.until.month, year=made.until.year)
    found = dates(said, scene.today, ahead=True) if said is not None else ()
    return found[0] if found else None


def _is_today(made: Frame) -> bool:
    """Whether no other day than today was said."""
    return all(day.offset == 0 for day in made.days) and made.period is None and made.since is None
