"""What is said of approval routes: asking for something, who holds it, taking it back, who would be asked.

«Согласование скидки 12 % по сделке 4711», «у кого моя заявка?», «отзови заявку», «кому уйдёт скидка 400000 от Анны?».
Nothing of it decides or records anything. Talk of the same things asks for nothing: «скидка 12 % в пятёрочке».
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.absence import day_slots
from bot.understanding.calendar_words import listed
from bot.understanding.denials import CONTRACTED
from bot.understanding.leave_words import MINE, REQUESTS, Matter
from bot.understanding.model import Reading
from bot.understanding.persons import named_person
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from bot.understanding.absence import Slots

Readings = tuple[Reading, ...]

THINGS: Final = word_class(
    "счет счета счету счетом акт акта смета сметы смету оферта оферту quote nda",
    stems="скидк расход договор контракт закупк оплат платеж возмещен бюджет тендер discount expense contract "
    "invoice purchase payment refund reimbursement budget",
)
"""What companies agree on by routes."""
ASKS_APPROVAL: Final = word_class(
    "согласование согласования согласовать согласуй согласуйте утвердить утверди утвердите одобри одобрите одобрить "
    "approval approve"
)
_WISHES: Final = word_class("нужна нужен нужно нужны прошу хочу надо need want please request")
_STARTS: Final = word_class(
    "запусти запустите запустить создай создайте создать оформи оформите подай подать инициируй открой start launch "
    "submit raise create open"
)
_NEW: Final = word_class("новая новую new another")
_NOUNS: Final = word_class("согласование согласования approval approved")
_INFINITIVES: Final = word_class("согласовать утвердить одобрить")
_MARKS: Final = ("правк", "коррект", "отмет", "исправл", "час")
"""How a mark that waits for approval is called; nobody has a template for that."""
_ONE: Final = frozenset({"заявка", "заявку", "request"})
_OF_NO_WEIGHT: Final = frozenset(
    {"a", "an", "the", "i", "want", "to", "хочу", "мне", "можно", "как", "please", "пожалуйста"}
)
WHO: Final = word_class("кто кого кому ком who whos whom where")
_HOLDS: Final = word_class(
    "висит завис зависла зависло застрял застряла держит лежит находится "
    "ушла ушел ушло попала попал направлена отправлена отправлен "
    "holds hold holding stuck looking handling reviewing sitting sits blocks blocking"
)
_HAS: Final = word_class("has have got with сейчас")
_DECIDES: Final = word_class(
    stems="согласу согласов утвер одобр рассмат рассмот реша approv decid",
)
_GOES: Final = word_class("уйдет пойдет попадет отправится пройдет придет go goes")
TAKES_BACK: Final = word_class(
    "отзови отзовите отозвать отзываю забери заберите забрать забираю заберу отмени отмените отменить аннулируй "
    "withdraw withdrawing cancel revoke retract take pull"
)
RETURNS: Final = word_class("верни верните вернуть")
_PULLS: Final = word_class("pull забери заберите забираю")
HANDS_OVER: Final = word_class(
    "передай передайте передать передаю передам переназначь переназначьте переадресуй переадресуйте перенаправь "
    "делегируй делегировать делегирую delegate forward hand pass reassign redirect"
)
RECORDS: Final = word_class("лист листа листок листы sheet history историю история истории журнал")
"""What tells of a request that was asked before."""
STATISTICS: Final = word_class("статистика статистику статистики statistics stats")
_APPROVALS: Final = word_class("согласований согласованиям согласованию согласования approvals approval")
_HISTORY: Final = word_class("history историю история истории журнал")
_THIS: Final = frozenset(
    listed("это эту этот ее его заявку согласование на it this that one over to the request approval please пожалуйста")
)
_SAID_BY: Final = ("от", "from", "for", "у")
_NOT_ASKED: Final = frozenset({"neg", "cond", "forgot", "is", "report", "format", "topic:overtime", "remove"})
_NOT_TOLD: Final = frozenset({"neg", "cond", "forgot"})
_FEW: Final = 4
_SHORT: Final = 5
"""In so few words who it is may be asked at the end: «заявка моя у кого»."""
_LONGEST: Final = 200

_PERCENT: Final = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|процент\w*|проц\b|percent|per cent|pct)", re.IGNORECASE)
_NUMBERED: Final = {
    "deal": re.compile(r"\b(?:по |на |for )?(?:сделк\w*|deal)\s*(?:№|#|no\.?|number|номер)?\s*(\d+)", re.IGNORECASE),
    "task": re.compile(r"\b(?:по |на |for )?(?:задач\w*|task)\s*(?:№|#|no\.?|number|номер)?\s*(\d+)", re.IGNORECASE),
}
_AMOUNT: Final = re.compile(
    r"(?:[$€£]\s*)?(\d{1,3}(?:[ \u00a0,.]\d{3})+|\d+)(?:[.,](\d{1,2})(?!\d))?\s*"
    r"(тыс\w*\.?|т\.?р\.?|млн|k\b|thousand)?\s*(₽|р\b\.?|руб\w*\.?|rub\b|usd|eur|\$|€|£|dollars?|euros?|bucks)?",
    re.IGNORECASE,
)
_THOUSANDS: Final = {"т": 1_000, "k": 1_000, "м": 1_000_000}
_LEAST_AMOUNT: Final = 1_000
"""A smaller number without its money is a number of something."""
_SPARE: Final = re.compile(
    r"^(?:(?:на|за|for|of|a|an|the|по|в размере|in the amount of|on|to|please|пожалуйста)(?:\s+|$))+"
    r"|(?:(?:^|\s+)(?:на|за|for|of|по|в размере|in the amount of|go to|to|please|пожалуйста))+$",
    re.IGNORECASE,
)
"""Prepositions that are left over at either end."""
_APPROVAL_LEFT: Final = re.compile(
    r"^(?:approval|approved|согласование)\b\s*|\s*\b(?:approval|approved)$", re.IGNORECASE
)
"""What is left of "contract approval" behind the contract."""
_WOULD_GET: Final = re.compile(
    r"\s*(?:(?:а\s+)?кому\s+(?:уйд[её]т|пойд[её]т|попад[её]т|уходит|отправится)|"
    r"who\s+(?:would|will)\s+(?:get|be\s+asked\s+about)|who\s+gets)\s+(?P<said>.{1,400}?)\s*[?.!]*\s*$",
    re.IGNORECASE | re.DOTALL,
)
_BY: Final = re.compile(r"(?:^|\s+)(?:от|from|by|of)\s+(?P<person>[^\d,;:]{1,80}?)\s*$", re.IGNORECASE)


def who_holds(said: Matter) -> Readings | None:
    """«У кого моя заявка?», «на ком висит договор», "who holds request 15?"."""
    if (
        not said.near(WHO, after=3 if len(said.words) > _SHORT else None)
        or not (said.says & (REQUESTS | THINGS) or said.kind)
        or _is_of_others(said)
    ):
        return None
    holds = said.near(_HOLDS) or (said.near(_HAS) and said.near(REQUESTS)) or said.has_run(("у", "кого"), ("на", "ком"))
    decides = said.near(_DECIDES) and said.near(REQUESTS)
    if said.kind is not None and not said.near(REQUESTS):
        holds, decides = False, said.near(_DECIDES) and said.near(MINE)  # «кто согласует мой отпуск?»
    if not (holds or decides) or said.words[0] == "where":
        return None
    if not decides and not said.near(REQUESTS) and not said.heard.question and not said.near(_HOLDS):
        return None
    return (Reading("who_holds", _request(said)),)


def withdraw(said: Matter) -> Readings | None:
    """«Отзови заявку», "withdraw my request"; what is said of a leave is a leave given up."""
    takes = said.near(TAKES_BACK, after=3) or (said.near(RETURNS, after=1) and said.near(MINE))
    if not takes or not said.near(REQUESTS) or _is_of_others(said) or (said.kind is not None and not said.near(_PULLS)):
        return None
    if said.heard.question or not said.heard.named.isdisjoint(_NOT_ASKED):
        return None
    if "take" in said.words[:3] and "back" not in said.words:
        return None
    return (Reading("withdraw", _request(said)),)


def delegate(said: Matter) -> Readings | None:
    """«Передай Анне», "forward it to Boris": to whom, and nothing else that could be handed over."""
    heard = said.heard
    if not said.near(HANDS_OVER, after=2) or heard.question or not said.made.is_empty:
        return None
    person = named_person(heard)
    if person is None:
        return None
    names = {word.casefold().replace("ё", "е") for word in person.split()}
    is_only = all(
        word in names | _THIS or each & HANDS_OVER for word, each in zip(heard.row, heard.classes, strict=True)
    )
    return (Reading("delegate", {"person": person}),) if is_only else None


def record(said: Matter) -> Readings | None:
    """«Лист согласования 12», "approval sheet 12", «история заявки 12»: to be read, and nothing is done."""
    if not said.near(RECORDS) or not said.near(REQUESTS | ASKS_APPROVAL) or said.kind is not None:
        return None
    if not said.heard.named.isdisjoint(_NOT_TOLD) or _is_of_others(said):
        return None
    number = re.search(r"(?:№|#|\b)(\d{1,9})\b", said.heard.text)
    slots: Slots = {"request": number[1]} if number else {}
    if said.near(_HISTORY):
        return (Reading("request_history", slots),) if number else None
    return (Reading("approval_sheet", slots),) if number or len(said.words) <= _FEW else None


def approval_statistics(said: Matter) -> Readings | None:
    """«Статистика согласований за июль», "approval statistics": numbers of a period, this month where none is said."""
    if not said.near(STATISTICS) or not said.near(_APPROVALS | REQUESTS) or said.kind is not None:
        return None
    if not said.heard.named.isdisjoint(_NOT_TOLD) or _is_of_others(said):
        return None
    days = [] if said.made.is_empty else day_slots(said.made, said.scene, ahead=False) or []
    return (Reading("approval_statistics", days[0] if days else {}),)


def would_get(text: str) -> str | None:
    """Return about what somebody asks who would get it: «скидка 400000 от Анны»; None where that is not asked."""
    found = _WOULD_GET.match(text)
    return None if found is None else found["said"]


def of_whom(said: str) -> tuple[str, str]:
    """Return what a request would be about, and the name of who would start it, if one is said."""
    found = _BY.search(said)
    return (said.strip(), "") if found is None else (said[: found.start()].strip(" ,;"), found["person"].strip())


def preview(said: Matter) -> Readings | None:
    """«Кому уйдёт скидка 400000 от Анны?», "who will approve a 12% discount?"."""
    if not said.near(WHO, after=3) and not said.has_run(("через", "кого")):
        return None
    decides = said.near(_DECIDES) and said.words[0] in {"кто", "who"}
    goes = decides or said.near(_GOES) or would_get(said.heard.text) is not None
    if not goes or said.near(REQUESTS):
        return None
    thing = _thing(said)
    if thing is None:
        return None
    words = said.words
    by = [at for at in said.heard.unknown if at and words[at - 1] in _SAID_BY]
    person = named_person(said.heard, by) if by else None
    fields = _fields(said, thing, person)
    slots: Slots = {"template": said.heard.raw(thing, thing)}
    slots |= ({"person": person} if person else {}) | ({"fields": fields} if fields else {})
    return (Reading("preview", slots),)


def starts_leave(said: Matter) -> Readings | None:
    """«Создай заявку на отпуск с 1 по 5 декабря»: a leave is asked for by its own question, whatever starts it."""
    heard = said.heard
    if said.kind in {None, "leave"} or not said.near(_STARTS | _NEW, after=2) or not said.near(REQUESTS, after=4):
        return None
    if heard.question or heard.unknown_beside(_STARTS | _NEW | REQUESTS) or not heard.named.isdisjoint(_NOT_ASKED):
        return None
    days = said.first_days
    if not said.made.is_empty and not days:
        return None
    return (Reading("leave", {"kind": said.kind, **days}),)


def start_request(said: Matter) -> Readings | None:
    """«Согласование скидки 12 % по сделке 4711», "approve an expense 12,000 for a taxi", «заявка на закупку».

    «Согласуй договор» may be a decision on one that waits, so it begins nothing; «новая заявка» names no template.
    """
    heard = said.heard
    if heard.question or not heard.named.isdisjoint(_NOT_ASKED) or said.kind is not None or len(heard.text) > _LONGEST:
        return None
    begins = said.near(_STARTS, after=3) and said.near(ASKS_APPROVAL | REQUESTS)
    begins = begins or _wishes_for(said)
    thing = _thing(said)
    if thing is None:
        thing = _named_object(said) if begins else None
        if thing is None:
            return (Reading("start_request", {}),) if _is_bare(said) else None
    fields = _fields(said, thing, None)
    wishes = said.near(_WISHES, after=3)
    asks = said.near(ASKS_APPROVAL, after=4) or said.near(_STARTS | REQUESTS, after=3)
    asks = asks or (wishes and said.near(_NOUNS, first=thing + 1))  # "I need a contract approved"
    is_noun = said.near(_NOUNS | _INFINITIVES | REQUESTS, after=5) or said.has_run(("approve", "a"), ("approve", "an"))
    told = fields.keys() & {"amount", "percent", "deal", "task"}
    is_plain = said.made.is_empty and (is_noun or wishes)  # «согласование договора в понедельник» is talk
    if not (begins or (asks and (told or is_plain)) or ({"deal", "task"} & told and (wishes or len(told) > 1))):
        return None
    if any(word.endswith(("ел", "шла", "шли")) for word in said.words[:thing]):
        return None  # «пришёл договор на согласование»
    if _is_of_others(said) or not CONTRACTED.isdisjoint(said.words[:3]) or "не" in said.words[:2]:
        return None  # "I don't need a contract approved", «не надо согласовать договор»
    return (Reading("start_request", {"template": heard.raw(thing, thing), **({"fields": fields} if fields else {})}),)


def _wishes_for(said: Matter) -> bool:
    """Whether somebody wishes for approval of what stands right behind that: «хочу согласовать мебель», no marks."""
    if not said.near(_WISHES, after=3) or said.near(REQUESTS) or not said.made.is_empty:
        return False
    verb = next((at for at, each in enumerate(said.heard.classes) if each & _INFINITIVES), None)
    return verb is not None and verb + 1 in said.heard.unknown and not said.words[verb + 1].startswith(_MARKS)


def _thing(said: Matter) -> int | None:
    """Return the place of the word for what is to be agreed on."""
    return (
        next((at for at, each in enumerate(said.heard.classes) if each & THINGS), None) if said.says & THINGS else None
    )


def _named_object(said: Matter) -> int | None:
    """Return the place of the word after «согласование», "approval of": what a portal has a template for, perhaps."""
    heard = said.heard
    verb = next(at for at, each in enumerate(heard.classes) if each & (ASKS_APPROVAL | REQUESTS))
    found = next((at for at in heard.unknown if at > verb and heard.tokens[at].kind == "word"), None)
    return None if found is None or named_person(heard, [found]) else found


def _is_bare(said: Matter) -> bool:
    """Whether a request is begun and nothing is said of it: «подать заявку», "new request"."""
    begins = _STARTS | _NEW | _WISHES
    words = zip(said.words, said.heard.classes, strict=True)
    is_all = all(each & (begins | REQUESTS) or word in _OF_NO_WEIGHT for word, each in words)
    return is_all and bool(said.near(begins)) and not _ONE.isdisjoint(said.words)


def _is_of_others(said: Matter) -> bool:
    """Whether it is somebody else's: «Анна отозвала заявку», "Boris, withdraw your request"."""
    person = named_person(said.heard, [at for at in said.heard.unknown if at < 2])
    return person is not None


def _request(said: Matter) -> Slots:
    """Return the slot of the request that is named: by its number, or by the word for what was asked."""
    number = re.search(r"(?:№|#|\b)(\d{1,9})\b", said.heard.text)
    if number:
        return {"request": number[1]}
    thing = _thing(said)
    return {} if thing is None else {"request": said.heard.raw(thing, thing)}


def _fields(said: Matter, thing: int, person: str | None) -> dict[str, object]:
    """Return what was said of it: `percent`, `amount`, `deal`, `task`, and in words `text`."""
    heard = said.heard
    rest = heard.text
    fields: dict[str, object] = {}
    if percent := _PERCENT.search(rest):
        fields["percent"] = _number(percent[1].replace(",", "."))
        rest = _without(rest, percent)
    for name, pattern in _NUMBERED.items():
        if found := pattern.search(rest):
            fields[name] = int(found[1])
            rest = _without(rest, found)
    for found in _AMOUNT.finditer(rest):
        value = float(re.sub(r"\D", "", found[1]) + (f".{found[2]}" if found[2] else ""))
        value *= _THOUSANDS.get((found[3] or "")[:1].casefold(), 1)
        if value >= _LEAST_AMOUNT or found[3] or found[4] or found[0].strip()[:1] in "$€£":
            fields["amount"] = int(value) if value == int(value) else value
            rest = _without(rest, found)
            break
    tail = rest[heard.tokens[thing].end :].strip(" ,.:;!?-–—")
    tail = _SPARE.sub("", _APPROVAL_LEFT.sub("", " ".join(tail.split())))
    if tail and person is None:
        fields["text"] = tail
    return fields


def _number(value: str) -> int | float:
    return int(float(value)) if float(value) == int(float(value)) else float(value)


def _without(text: str, found: re.Match[str]) -> str:
    """Return the text with blanks in place of what was found, so that places stay."""
    return text[: found.start()] + " " * (found.end() - found.start()) + text[found.end() :]
