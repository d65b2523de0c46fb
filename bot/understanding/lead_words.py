"""What leads say of others: «согласуй все отпуска», «отклони отпуск Бориса», «напомни Борису отметиться».

Orders alone: a question whether something was approved, or a plan to approve it, decides nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.hearing import hear
from bot.understanding.model import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.understanding.model import Understanding

Readings = tuple[Reading, ...]
Slots = dict[str, object]

_VERBS: Final = {
    "approve": (
        r"согласу(?:й|йте|ю|ем)|согласовать|одобр(?:и|ите|ить|яю|яем)|утверд(?:и|ите|ить)|утверждаю|подтверждаю"
        r"|(?:i )?approve|accept"
    ),
    "reject": (
        r"отклон(?:и|ите|ить|яю)|отказать|откаж(?:и|ите)|не (?:одобряю|согласую|согласовывай)"
        r"|reject|decline|deny|refuse|turn down"
    ),
    "return": r"верн(?:и|ите|уть)|возвращаю|send back|return|send",
}
_KINDS: Final = (
    ("vacation", r"отпуск\w*|vacations?|holidays?"),
    ("sick", r"больничн\w*|sick(?: leave)?"),
    ("day_off", r"отгул\w*|days? off"),
    ("business_trip", r"командировк\w*|(?:business )?trips?"),
    ("remote", r"удаленк\w*|удаленн\w* работ\w*|remote(?: days?| work)?|wfh"),
    ("unpaid", r"за сво[йи] счет|unpaid(?: leave)?"),
    ("correction", r"исправлени\w*|часы|corrections?|hours"),
    ("overtime", r"переработк\w*|сверхурочн\w*|overtime"),
    ("leave", r"отсутстви\w*|leaves?|absences?"),
    ("", r"заявк\w*|запрос\w*|заявлени\w*|requests?"),
)
_KIND: Final = "(?:" + "|".join(words for _, words in _KINDS) + ")"
_ALL: Final = r"(?:вс[её]х?|всем|их всех|all(?: of them)?|them all|everything|everyone|everybody)"
_NAME: Final = r"(?P<person>[\w-]+(?: (?-i:[A-ZА-Я])[\w-]+)?)"
_REASON: Final = r"(?:(?:, ?| ?[:;–—] ?| потому что | так как | because )(?P<reason>.+))?"
_POLITE: Final = r"(?:(?:пожалуйста|please|ok to|да|ок),? )?"
_TAIL: Final = r"(?: на доработку| back| for changes| обратно)?"


_OBJECTS: Final = (
    rf"{_ALL}(?: (?:the )?{_KIND})?",
    rf"(?:the )?{_KIND} (?:для |от |for |of |from |у )?{_NAME}",
    rf"{_NAME}(?:'s)? (?:в |во )?{_KIND}",
    rf"{_KIND}",
    rf"{_NAME}",
)
_ORDERS: Final = [
    (verdict, re.compile(rf"{_POLITE}(?:{verbs}) {words}{_TAIL}{_REASON}", re.IGNORECASE))
    for verdict, verbs in _VERBS.items()
    for words in _OBJECTS
]
_ORDER: Final = re.compile("|".join((*_VERBS.values(), "напомни", "remind", "ask")), re.IGNORECASE)
"""Every order has one of these."""
_TO_MARK: Final = r"(?:отметиться|отметить\w*|про отметк\w+|закрыть (?:смену|день)|чтобы отметил\w*)"
_NUDGES: Final = [
    re.compile(rf"{_POLITE}{words}", re.IGNORECASE)
    for words in (
        rf"напомни(?:те)? {_NAME} {_TO_MARK}(?: .{{0,30}})?",
        rf"(?:remind|ask) {_NAME} to (?:check|clock|mark|log|end|punch) .{{1,40}}",
    )
]
_SELF: Final = frozenset(
    listed("мне меня нам всем вам me us everyone everybody them all вас мой мою мои my it this that")
)
_WHO: Final = r"(?P<person>(?-i:[A-ZА-Я])[\w-]+(?: (?-i:[A-ZА-Я])[\w-]+)?)"
_FIX_WORDS: Final = "исправь|поправь|поставь|отметь|запиши|проставь|измени|correct|fix|set|change|record"
_FIX: Final = re.compile(rf"{_POLITE}(?:{_FIX_WORDS}) (?:за )?{_WHO}(?:'s)?,? (?P<rest>.+)", re.IGNORECASE)
_TOLD: Final = re.compile(rf"{_WHO} (?P<rest>.+)")
_MARKS: Final = ("check_in", "check_out", "break_start", "worked")


def lead_words(text: str) -> Readings:
    """Return the order that a whole sentence is; none where it is none."""
    if _ORDER.search(text) is None:
        return ()
    written = " ".join(text.strip(" .!").split())
    said = written.replace("ё", "е").replace("Ё", "Е").replace("’", "'")
    if said.endswith("?"):
        return ()
    for nudge in _NUDGES:
        if (found := nudge.fullmatch(said)) is not None:
            name = found["person"]
            return (Reading("nudge", {"person": name}),) if name.casefold() not in _SELF else ()
    for verdict, pattern in _ORDERS:
        found = pattern.fullmatch(said)
        if found is not None and (slots := _decision(found, said)) is not None:
            if reason := slots.get("reason"):
                slots["reason"] = written[-len(str(reason)) :]  # as it was written, which is as long
            return (Reading("decide", {"verdict": verdict, **slots}),)
    return ()


def told_of_others(text: str, understand: Callable[[str], Understanding]) -> Readings:
    """Return the mark of somebody else that a sentence tells with its time: «Анна вчера ушла в 19:00»."""
    said = " ".join(text.strip(" .!").split())
    if said.endswith("?"):
        return ()
    for pattern, verb in ((_FIX, "исправь "), (_TOLD, "")):
        found = pattern.fullmatch(said)
        if (
            found is None
            or not found["person"][0].isupper()
            or found["person"].casefold() in _SELF
            or _says_more(found["person"])
        ):
            continue
        english = re.search("[a-z]", found["rest"]) is not None
        for words in (f"{'fix' if english and verb else verb.strip()} {found['rest']}".strip(), found["rest"]):
            meant = understand(words)
            if meant.intent in _MARKS and not meant.ambiguous and meant.slots.keys() & {"at", "from"}:
                return (Reading("correct", {"person": found["person"], "target": meant.intent, **meant.slots}),)
    return ()


def _says_more(name: str) -> bool:
    """Whether a word is a time or a word of ours: «Вчера ушла в 19:00» tells of nobody else."""
    heard = hear(name)
    return bool(heard.times or heard.labels)


def _may_be_a_name(said: str, found: re.Match[str], kind: str | None) -> bool:
    """Whether a word can be a name: written large, or one word behind a clear order; «верни как было» names nobody."""
    heard = hear(said)
    if heard.times or any(label != "filler" for label, _ in heard.labels):
        return False
    return said[0].isupper() or (" " not in said and (kind is not None or found.re.pattern.find("верн") < 0))


def _decision(found: re.Match[str], said: str) -> Slots | None:
    named = found.groupdict()
    person = named.get("person")
    reason = named.get("reason") or ""
    order = said[: len(said) - len(reason)]
    slots: Slots = {}
    kind = next((name for name, words in _KINDS if re.search(rf"\b(?:{words})\b", order, re.IGNORECASE)), None)
    if kind:
        slots["kind"] = kind
    if person is not None:
        plain = person.casefold()
        if plain in _SELF or re.fullmatch(rf"{_ALL}|{_KIND}", plain) or not _may_be_a_name(person, found, kind):
            return None
        slots["person"] = person.removesuffix("'s")
    elif re.search(rf"\b{_ALL}\b", order, re.IGNORECASE):
        slots["all"] = True
    elif kind is None:
        return None
    if reason:
        slots["reason"] = reason
    return slots
