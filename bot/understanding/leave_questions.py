"""Questions about leaves: when is mine, what did I ask for, who is away; to cancel or move one, to be stood in for.

Whole sentences, each with its own pattern: a question about a vacation must never be taken for a wish to have one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.model import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.understanding.model import Understanding

Readings = tuple[Reading, ...]
Slots = dict[str, object]

_KINDS: Final = (
    ("vacation", r"отпуск\w*|vacations?|holidays?|annual leave|pto"),
    ("sick", r"больничн\w*|боле(?:ет|ют)|sick(?: leave)?|ill"),
    ("day_off", r"отгул\w*|days? off"),
    ("business_trip", r"командировк\w*|(?:business )?trips?"),
    ("remote", r"удал[её]нк\w*|удал[её]нн?о|remote(?:ly)?|wfh|from home|из дома"),
    ("", r"отсутстви\w*|отсутству\w+|leaves?|absences?|time off"),
)
_LEAVE: Final = "(?:" + "|".join(words for _, words in _KINDS) + ")"
_NAME: Final = r"(?P<person>[\w-]+(?: (?-i:[A-ZА-Я])[\w-]+)?)"
_DAYS: Final = (
    r"(?P<days>(?:(?:в|во|на|с|со|по|до|за|this|next|on|in|from|until|till|to|between|and|the) |)"
    r"(?:сейчас|сегодня|завтра|послезавтра|today|tomorrow|now|right now|"
    r"(?!(?:в|во|на|с|со|on|in|at|a)\b)[\w\d.,–-]+(?: [\w\d.,–-]+){0,6}))"
)
_SHOW: Final = r"(?:(?:а|и|скажи|покажи|подскажи|show|tell me|what(?:'s| is| are)|please)(?: me)? )*"
_L: Final = _LEAVE
_N: Final = _NAME
_D: Final = _DAYS
_S: Final = _SHOW
_NOT_NEEDED: Final = rf"{_L} (?:{_D} )?(?:мне )?(?:больше )?не нуж(?:ен|на|ны)"
_ASKED: Final = "(?:заявк[аи]|запросы?|заявлени[ея])"
_OF_ASKED: Final = r"(?:заяв\w+|запрос\w*)"
_SENTENCES: Final = {
    "leave_balance": (
        (
            rf"{_S}сколько (?:у меня |мне )?(?:еще )?(?:осталось |накопилось )?(?:дней )?отпуска(?: дней)?(?: у меня)?"
            r"(?: осталось| накопилось)?"
        ),
        (
            rf"{_S}сколько (?:у меня )?(?:осталось )?(?:неиспользованных )?(?:дней отпуска|отпускных(?: дней)?)"
            r"(?: у меня)?(?: осталось| накопилось)?"
        ),
        rf"{_S}(?:мой )?остаток отпуска",
        r"how (?:many|much) (?:days of )?(?:vacation|holiday|annual leave|pto)s?(?: days)?(?: do i have)?(?: left)?",
        r"how many (?:vacation )?days (?:off )?do i have left",
        r"(?:my |remaining )?(?:leave|vacation|annual leave|pto)(?: days)? (?:balance|left)",
        r"remaining (?:annual leave|vacation)",
    ),
    "my_leave": (
        (
            rf"{_S}(?:когда|где|с какого числа|какие)(?: у меня| мой| мои| мне| я)*(?: в)? {_L}(?: у меня)?"
            r"(?: запланирован\w*)?"
        ),
        rf"{_S}(?:мой|мои|моя) {_L}(?: и {_L})?",
        rf"when(?:'s| is| are| am| does| do)? (?:my |i )?(?:on )?{_L}(?: start| begin)?",
        rf"{_S}my (?:next )?{_L}",
        rf"{_S}{_L} do i have(?: booked| planned)?",
        rf"am i on {_L}(?: soon)?",
    ),
    "my_requests": (
        rf"{_S}(?:мои|моя|мое) {_ASKED}",
        rf"(?:что|как) с мо(?:ей|ими|им) {_OF_ASKED}",
        rf"статус мо(?:ей|их|его) {_OF_ASKED}",
        rf"(?:какие|что за) {_ASKED} у меня(?: на согласовании)?",
        r"на каком этапе моя заявка",
        rf"(?:мне |мой |мою )?(?:согласовали|одобрили|утвердили)(?: мне| мой| мою)? {_L}(?: или нет)?",
        rf"{_S}my requests?",
        r"(?:what about|status of|where is|how is) my requests?(?: now)?",
        r"what requests do i have(?: pending)?",
        rf"(?:was|has|is|did they approve) my {_L}(?: been)?(?: approved)?",
    ),
    "cancel_leave": (
        (
            rf"(?:пожалуйста )?(?:отмени(?:ть|те)?|отзови|отозвать|отмена|хочу отменить|снять|сними) "
            rf"(?:мой |мои |мою |свой )?{_L}(?: {_D})?"
        ),
        rf"(?:передумал[а]?, )?(?:мой |мне )?{_NOT_NEEDED}",
        rf"(?:вышла?|вышел|выхожу|выйду) из отпуска раньше(?:[ ,]+{_D})?",
        rf"(?:please )?(?:cancel|withdraw|drop) (?:my |the )?{_L}(?: {_D})?",
        rf"(?:i )?(?:no longer|don't) need (?:my|the) {_L}(?: {_D})?(?: any ?more)?",
    ),
    "move_leave": (
        rf"(?:пожалуйста )?(?:перенес(?:и|ти|ите)|сдвинь|сдвинуть|передвинь) (?:мой |мою |свой )?{_L} {_D}",
        rf"(?:please )?(?:move|reschedule|shift|postpone) my {_L} {_D}",
    ),
    "substitute": (
        rf"(?:.{{0,60}}[ ,])?за меня(?: будет| остается)? {_N}",
        rf"меня (?:замещает|заменит|подменит) {_N}(?: {_D})?",
        rf"назначь(?:те)? {_N} (?:замещать меня|(?:моим |моей )?заместителем)",
        rf"{_N} (?:will )?(?:stands? in|fills? in|covers?) for me(?: {_D})?",
        rf"{_N} is my deputy",
    ),
    "delegate": (
        rf"(?:передай|делегируй|переведи)(?:те)? (?:все )?(?:мои )?(?:согласования|заявки) (?:на )?{_N}",
        rf"пусть за меня (?:согласует|решает) {_N}",
        rf"(?:delegate|hand over|pass|forward) (?:all )?my approvals (?:over )?to {_N}",
    ),
    "away": (
        rf"{_S}когда {_L} у {_N}",
        rf"{_S}когда у {_N} {_L}",
        rf"{_S}когда {_N} в {_L}",
        rf"when(?:'s| is| does) {_N}(?:'s)? (?:(?:on )?{_L}|away|off)(?: start)?",
        rf"{_S}кто(?: у нас)? {_D} (?:(?:(?:будет |уходит )?(?:в|на) )?{_L}|отсутствует|не работает)",
        rf"{_S}кто(?: у нас)? (?:(?:(?:будет |уходит )?(?:в|на) )?{_L}|отсутствует|не работает)(?: {_D})?",
        rf"{_S}кого (?:не будет|нет) (?P<days>завтра|послезавтра|в .+|на .+)",
        rf"{_S}кого (?P<days>завтра|послезавтра|в .+|на .+) (?:не будет|нет)",
        rf"{_S}(?:отпуска|отсутствия|(?:календарь|график) отпусков)(?: команды| отдела| коллег| всех)?(?: {_D})?",
        rf"who(?:'s| is| will be) (?:(?:away |off )?(?:on )?(?:a )?{_L}|away|off|not working)(?: {_D})?",
        r"who(?:'s| is| will be) (?:out|away|off) (?P<days>tomorrow|next .+|on .+|in .+)",
        rf"who(?:'s| is| will be) (?:working )?from home(?: {_D})?",
        r"who has (?P<days>\w+) off",
        r"who (?:won't|will not) be in (?P<days>tomorrow|next .+|on .+)",
        rf"{_S}(?:the )?(?:team|team's|everybody's) {_L}(?: {_D})?",
        rf"{_S}(?:vacation|leave|absence) calendar(?: {_D})?",
    ),
}
_COMPILED: Final = [
    (intent, re.compile(sentence, re.IGNORECASE)) for intent, all_of_it in _SENTENCES.items() for sentence in all_of_it
]
_OWN: Final = frozenset(listed("мой моя мои мое мне меня нас my me i у я your mine нам"))
_ABOUT: Final = re.compile(
    r"отпус|отгул|больничн|боле[ею]т|командировк|удал|отсутств|не работает|не будет|кого|заяв|запрос|за меня|меня за"
    r"|меня под|назначь|согласован|согласует|vacation|holiday|leave|pto|sick|ill|days? off|trip|remote|wfh|home|absence"
    r"|off|away|request|for me|deputy|approval|who",
    re.IGNORECASE,
)
"""Whatever is asked here has one of these; most of what people write has none, and is not looked at further."""
_NOW: Final = re.compile(r"(?:сейчас|now|right now)", re.IGNORECASE)


def leave_questions(text: str, understand: Callable[[str], Understanding]) -> Readings:
    """Return what a whole sentence asks about leaves; none where it asks for something else.

    `understand` reads the days that were named, as days of an absence.
    """
    if _ABOUT.search(text) is None:
        return ()
    said = " ".join(text.replace("ё", "е").replace("Ё", "Е").replace("’", "'").strip(" .!?\n\t").split())
    for intent, pattern in _COMPILED:
        found = pattern.fullmatch(said)
        if found is None:
            continue
        named = {name: value for name, value in found.groupdict().items() if value}
        person, days = named.get("person"), named.get("days")
        if person is not None and person.casefold() in _OWN:
            continue
        slots = _slots(intent, said, person, days, understand)
        if slots is not None:
            return (Reading(intent, slots),)
    return ()


def _slots(
    intent: str, said: str, person: str | None, days: str | None, understand: Callable[[str], Understanding]
) -> Slots | None:
    slots: Slots = {"person": person} if person else {}
    kind = next((name for name, words in _KINDS if re.search(rf"\b(?:{words})\b", said, re.IGNORECASE)), "")
    if kind and intent in ("away", "my_leave", "leave_balance", "cancel_leave", "move_leave"):
        slots["kind"] = kind
    if days is None or _NOW.fullmatch(days):
        return slots
    english = re.search("[a-z]", days) is not None
    meant = understand(f"{'vacation' if english else 'отпуск'} {days}")
    first, last = meant.slots.get("from_day"), meant.slots.get("to_day")
    if meant.intent != "leave" or (first is None and last is None):
        return None if intent == "away" else slots
    if intent in ("cancel_leave", "move_leave"):
        return slots | {"day": first or last}
    return slots | {name: day for name, day in (("from_day", first), ("to_day", last)) if day is not None}
