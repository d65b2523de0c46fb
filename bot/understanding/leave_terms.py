"""Days of leave, set or asked for: «отпуск: 28 дней в год», «у Анны остаток 12 дней на 1 января».

- `set_entitlement`: `kind`, `days` (a year), `unit` (`calendar` `working`), `carry` (days at most, or None for all),
  `from_day`, `person` (absent: everybody); or `is_dropped`: no balance of that kind is kept
- `set_balance`: `kind`, `person`, `hundredths` (of a day), `day` (absent: today)
- `move_leave`: `kind`, `to_day`: «сократи отпуск до 20 июля», "extend my vacation until 27 July"
- `leave_balance`: `kind`, and `person` where somebody else is named

They are strict: a number with its days, the words of a year or of what is left, a kind and at most one name. Whoever
says them of themselves, or asks, sets nothing.
"""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import TYPE_CHECKING, Final

from bot.understanding.answers import understand_day
from bot.understanding.calendar_words import listed
from bot.understanding.model import Understanding
from bot.understanding.word_classes import word_class

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.understanding.scene import Scene

    _Day = Callable[[re.Match[str], bool], date | None]

# ruff: noqa: E501 - a line is one list of words; broken, it could not be read
_MAY_BE: Final = re.compile(
    r"\bгод|year|annual|остат|остал|остаё?тся|\bleft\b|balance|remaining|огранич|лимит|limit|перенос|carr|сократи|укороти|продли|shorten|extend|prolong|\bвсем\b|everybody|^\W*(?:сколько|how many)",
    re.IGNORECASE,
)
OF_TERMS: Final = word_class(
    "left balance remaining всем everybody сколько how",
    stems="год year annual остат остал остае огранич неогранич лимит limit unlimit перенос carr",
)
"""Without a word of this class nothing is said of such days."""
_KINDS: Final = {
    "vacation": re.compile(
        r"\b(?:ежегодн\w+ |основн\w+ |оплачиваем\w+ |annual |paid )*(?:отпуск(?:а|ов|ные)?|vacations?|holiday leave|leave|pto)\b",
        re.IGNORECASE,
    ),
    "day_off": re.compile(r"\bотгул(?:а|ы|ов)?\b|\bdays? off\b|\btime off\b", re.IGNORECASE),
    "sick": re.compile(r"\bбольничн(?:ый|ого|ые|ых)\b|\bsick(?: leave)?\b", re.IGNORECASE),
}
_OWN: Final = re.compile(
    r"\b(?:я|меня|мне|мой|моего|моя|мои|мною|хочу|прошу|можно|нужен|возьму|беру|i|im|i'm|my|me|want|take|taking|need|can)\b",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(
    r"\b(?:в|на|за) (?:(?:каждый|календарный|рабочий) )?год\b|\bв (?:каждом )?году\b|\bежегодно\b"
    r"|\b(?:a|per|each|every|in a) (?:calendar )?year\b|\bper annum\b|\byearly\b|\bannually\b",
    re.IGNORECASE,
)
_UNITS: Final = {"calendar": r"календарн\w+|calendar", "working": r"рабочи\w+|working|business|work"}
_DAYS: Final = re.compile(
    rf"(?P<count>-?\d{{1,3}}(?:[.,]\d{{1,2}})?) ?(?:(?P<calendar>{_UNITS['calendar']})|(?P<working>{_UNITS['working']}))? ?"
    r"(?:(?:дн(?:ей|я|и|ь)|день|дн\.?|days?)\b|(?=(?:vacation|leave|отпуск)))",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    rf"\b(?:(?P<calendar>{_UNITS['calendar']})|(?P<working>{_UNITS['working']})) (?:дн\w*|days?)\b", re.IGNORECASE
)
_SINCE: Final = re.compile(
    r"[,;]? ?\b(?:начиная )?(?:с|со|from|since|starting(?: from)?) (?P<day>(?!всех).+)$", re.IGNORECASE
)
_ON: Final = re.compile(
    r"[,;]? ?\b(?:на|on|as of|by|к) (?P<day>\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{1,2} [^\W\d]+(?: \d{4})?"
    r"|[A-Za-z]+ \d{1,2}(?:,? \d{4})?|сегодня|today)(?= |$)",
    re.IGNORECASE,
)
_CARRY: Final = re.compile(
    r"[,;]?\s*(?:и )?\b(?:переносится|переносить|перенос|переносятся|carry(?:ing)?(?: over)?|carried over|carries over)\b[:,]? ?"
    r"(?:(?:не (?:больше|более)(?: чем)?|до|максимум|up to|at most|no more than) )?"
    r"(?:(?P<count>\d{1,3})(?: (?:дн\w+|day\w?))?|(?P<all>все|вс[её]|полностью|без ограничени\w+|all|everything))?",
    re.IGNORECASE,
)
_OTHER_END: Final = re.compile(
    r"(?:хочу |прошу |можно |please |can you |i want to )?(?:сократи\w*|укороти\w*|продли\w*|shorten|extend|prolong)"
    r" (?:мой |мою |моё |my |the )?(?P<what>.+?),? (?:до|по|until|till|to) (?P<day>.+?)(?: включительно)?",
    re.IGNORECASE,
)
_LEFT: Final = re.compile(r"\b(?:остат\w+|остал\w+|остаё?тся|left|balance|remaining|remain|has|имеет)\b", re.IGNORECASE)
_LEFT_CLEARLY: Final = re.compile(r"\b(?:остат\w+|остал\w+|остаё?тся|left|balance|remaining)\b", re.IGNORECASE)
_UNLIMITED: Final = re.compile(
    r"\b(?:без (?:ограничени\w+|лимит\w*)|не (?:ограничен\w*|считать|считай|ограничивать)|without (?:a |any )?limits?"
    r"|unlimited|no limits?)\b",
    re.IGNORECASE,
)
_EVERYBODY: Final = re.compile(
    r"\b(?:(?:у|для) )?(?:всех|всем|каждому|каждого|everyone|everybody|all)\b", re.IGNORECASE
)
_HOW_MANY: Final = re.compile(r"^(?:а )?(?:сколько|какой|how many|how much|what(?: i|')?s)\b", re.IGNORECASE)
_FILLERS: Final = frozenset(
    listed(
        "установи установить поставь поставить назначь назначить задай задать запиши будет положено полагается пусть это "
        "у для по на в и дней дня день of for the a to is are has have had does do get gets got set as in on employees people "
        "please пожалуйста сейчас now осталось остается остаётся остаток есть имеется days day дн"
    )
)
_NAME: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?:'s)?\.?", re.UNICODE)
_STRANGE: Final = frozenset(listed("меня нас него нее неё них тебя вас до после между кого когда"))


def leave_terms(text: str, here: Scene) -> Understanding | None:
    """Return what a sentence sets or asks about days of leave; None where it is about something else."""
    if len(text) > 200 or not _MAY_BE.search(text) or "\n" in text:
        return None
    said = re.sub(r"\s+", " ", text).strip(" .!")

    def day(found: re.Match[str], ahead: bool) -> date | None:
        readings = understand_day(found["day"], locale=here.locale, zone=here.zone, now=here.now, ahead=ahead)
        days = [value for each in readings if isinstance(value := each.slots.get("day"), date)]
        return min(days, key=lambda each: abs(each - here.today), default=None)

    if (other := _OTHER_END.fullmatch(said)) is not None:
        kind, rest = _kind(other["what"])
        last = day(other, True)
        is_whole = kind is not None and not rest.strip() and last is not None
        return Understanding(text, "move_leave", {"kind": kind, "to_day": last}) if is_whole else None
    if said.endswith("?") or _HOW_MANY.search(said):
        return _asked(text, said.rstrip(" ?"))
    if _OWN.search(said):
        return None
    return _set(text, said, day) or _left(text, said, day)


def _set(text: str, said: str, day: _Day) -> Understanding | None:
    """«Отпуск: 28 дней в год», «отпуск Анне 35 дней в год с 1 сентября», «отгул без ограничений», «переносится 5»."""
    slots: dict[str, object] = {}
    if (carry := _CARRY.search(said)) and (carry["count"] or carry["all"]):
        slots["carry"] = int(carry["count"]) if carry["count"] else None
        said = said.replace(carry[0], " ")
    kind, rest = _kind(said)
    if kind is None:
        return None
    slots["kind"] = kind
    is_yearly = _YEAR.search(rest) is not None or _EVERYBODY.search(rest) is not None
    if is_yearly and (days := _DAYS.search(rest)) is not None and days["count"].isdecimal():
        slots["days"] = int(days["count"])
        rest = _YEAR.sub(" ", rest).replace(days[0], " ")
        unit = next((name for name in _UNITS if days[name]), None)
        if unit is None and (after := _AFTER.search(rest)) is not None:
            unit = next(name for name in _UNITS if after[name])
            rest = rest.replace(after[0], " ")
        if unit:
            slots["unit"] = unit
        if (since := _SINCE.search(rest)) is not None:
            first = day(since, True)
            if first is None:
                return None
            slots["from_day"] = first
            rest = rest.replace(since[0], " ")
    elif (unlimited := _UNLIMITED.search(rest)) is not None and "carry" not in slots:
        slots["is_dropped"] = True
        rest = rest.replace(unlimited[0], " ")
    elif "carry" not in slots:
        return None
    person = _person(rest)
    if person is None:
        return None
    return Understanding(text, "set_entitlement", {**slots, "person": person} if person else slots)


def _left(text: str, said: str, day: _Day) -> Understanding | None:
    """«У Анны остаток 12 дней на 1 января», "Anna has 12.5 vacation days left on 1 January"."""
    if not _LEFT_CLEARLY.search(said):
        return None
    slots: dict[str, object] = {}
    if (on := _ON.search(said)) is not None:
        first = day(on, False)
        if first is None:
            return None
        slots["day"] = first
        said = said.replace(on[0], " ")
    kind, rest = _kind(said)
    days = _DAYS.search(rest)
    if days is None:
        return None
    whole, _, part = days["count"].replace(",", ".").partition(".")
    hundredths = abs(int(whole)) * 100 + int((part + "00")[:2])
    slots["hundredths"] = -hundredths if whole.startswith("-") else hundredths
    person = _person(_LEFT.sub(" ", rest.replace(days[0], " ")))
    if not person:
        return None
    return Understanding(text, "set_balance", {"kind": kind or "vacation", **slots, "person": person})


def _asked(text: str, said: str) -> Understanding | None:
    """«Сколько отпуска у Бориса», "how many vacation days does Boris have left", «сколько у меня отпуска»."""
    if not _HOW_MANY.search(said) or re.search(r"\d", said):
        return None
    kind, rest = _kind(said)
    if kind is None:
        return None
    rest = re.sub(r"\b(?:дней|дня|days?|доступно|накопилось|накоплено|available)\b", " ", rest, flags=re.IGNORECASE)
    rest = _LEFT.sub(" ", _HOW_MANY.sub(" ", rest))
    if re.fullmatch(r"\W*(?:(?:у меня|мне|do i have|i have|i|do|мое?го|моих|my)\W*)+", rest, re.IGNORECASE):
        return Understanding(text, "leave_balance", {"kind": kind})
    person = _person(rest)
    return Understanding(text, "leave_balance", {"kind": kind, "person": person}) if person else None


def _kind(said: str) -> tuple[str | None, str]:
    """Return the kind of leave that is named, and what else was said."""
    for kind, words in _KINDS.items():
        if (found := words.search(said)) is not None:
            return kind, re.sub(r" +", " ", f"{said[: found.start()]} {said[found.end() :]}")
    return None, said


def _person(rest: str) -> str | None:
    """Return the name that is left over; nothing where everybody is meant, None where it is no name."""
    everybody = _EVERYBODY.search(rest)
    rest = _EVERYBODY.sub(" ", rest)
    words = re.split(r"[\s:,;–—-]+", rest.strip(" :,;–—-"))
    has_u = [after for before, after in itertools.pairwise(words) if before.casefold() == "у"]
    left = [word for word in words if word and word.casefold() not in _FILLERS]
    if not left:
        return ""
    named = all(_NAME.fullmatch(word) and (word[0].isupper() or left[0] in has_u) for word in left)
    if everybody is not None or len(left) > 2 or not named or {word.casefold() for word in left} & _STRANGE:
        return None
    return " ".join(word.removesuffix("'s") for word in left)
