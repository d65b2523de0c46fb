"""What people mean by a message, in Russian and English: pure functions of the text, the person and the moment."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from bot.understanding.answers import answers, understand_clock, understand_day, understand_range, understand_time
from bot.understanding.because import wanted_because
from bot.understanding.by_name import by_name, is_by_name
from bot.understanding.decide import decide
from bot.understanding.explained import explained
from bot.understanding.gone_for import gone_for
from bot.understanding.hearing import hear
from bot.understanding.leave_terms import OF_TERMS, leave_terms
from bot.understanding.model import ANSWER, Reading, Understanding, from_readings
from bot.understanding.orders import understand_order
from bot.understanding.orders.hearing import may_be_order
from bot.understanding.orders.rules import rules_said
from bot.understanding.quoted import is_quoted
from bot.understanding.remarks import beside_remarks, with_tail
from bot.understanding.scene import scene
from bot.understanding.slips import without_slips
from bot.understanding.tokens import MAX_LENGTH
from bot.understanding.unparted import unparted

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.understanding.scene import Scene

__all__ = [
    "ANSWER",
    "Reading",
    "Understanding",
    "meaning",
    "understand",
    "understand_clock",
    "understand_day",
    "understand_order",
    "understand_range",
    "understand_time",
]


_OFFICIALLY: Final = {"leave": "calendar_day", "report": "set_schedule"}
"""What words of everybody mean, where somebody can give an order by the same."""
_SHORT: Final = 40
_MANY: Final = 2_000
_KNOWN: Final[dict[tuple[str, str, frozenset[str]], Understanding]] = {}
"""What short texts mean at every moment and in every zone: most people write the same ten words, day after day."""


def understand(
    text: str,
    *,
    locale: str,
    zone: ZoneInfo,
    now: datetime,
    slot: Literal["time", "day", "range"] | None = None,
    any_name: bool = False,
) -> Understanding:
    """Return what the text means to a person whose zone and moment these are.

    Both languages are always understood; `locale` only breaks ties. With `slot`, a bare phrase that answers it has
    the intent `answer` and the slots `at`, `day`, or `from` and `to` (`from_day` and `to_day` for days).
    With `any_name`, a word in small letters may be a name, for whoever can look it up: «неделя анны».
    """
    return _understood(text, scene(now, zone, locale), locale, slot, any_name=any_name)


def _understood(
    text: str,
    here: Scene,
    locale: str,
    slot: Literal["time", "day", "range"] | None = None,
    *,
    any_name: bool = False,
) -> Understanding:
    if len(text) > MAX_LENGTH:
        return Understanding(text)
    heard = hear(text)
    heard.any_name = any_name
    if slot is not None:
        found = answers(heard, here, slot)
        if found:
            return from_readings(text, found)

    if slot is None and (ruled := rules_said(text)) is not None:
        return Understanding(text, "rules", ruled)
    if slot is None and (heard.too_strange or heard.says & OF_TERMS) and (terms := leave_terms(text, here)) is not None:
        return terms
    found = decide(heard, here)
    if found:
        return from_readings(text, () if is_quoted(heard, found) else found)
    may_be = may_be_order(heard.written, is_timed=bool(heard.times))
    order = _order(text, locale, here.zone, here.now) if may_be else Understanding(text)
    is_order = order.intent is not None
    if order.intent == "worked":
        return order
    if is_by_name(heard) and not is_order and (found := by_name(heard, here)):
        return from_readings(text, found)
    found = wanted_because(heard, here) or explained(heard, here)
    if found or is_order or heard.too_strange:
        return from_readings(text, found)
    found = without_slips(heard, here) or gone_for(heard, here) or beside_remarks(heard, here) or with_tail(heard, here)
    found = found or unparted(heard, here)
    return from_readings(text, () if found and is_quoted(heard, found) else found)


def meaning(text: str, *, locale: str, zone: ZoneInfo, now: datetime, official: Collection[str] = ()) -> Understanding:
    """Return what the text means: words that everybody uses first, then orders.

    Of somebody who gives such orders, which `official` names, «12 июня выходной» is a day of the calendar and «рабочее
    время у всех с 9 до 18» a schedule; of anybody else, a wish for leave and a question about hours.
    """
    key = (text, locale, frozenset(official))
    known = _KNOWN.get(key)
    if known is not None:
        return known
    here = scene(now, zone, locale)
    meant = _understood(text, here, locale)
    wanted = _OFFICIALLY.get(meant.intent or "")
    if meant.intent is not None and wanted not in official:
        if here.is_timeless and len(text) <= _SHORT:
            if len(_KNOWN) >= _MANY:
                del _KNOWN[next(iter(_KNOWN))]
            _KNOWN[key] = meant
        return meant
    order = _order(text, locale, zone, now)
    return order if meant.intent is None or order.intent == wanted else meant


@lru_cache(maxsize=16)
def _order(text: str, locale: str, zone: ZoneInfo, now: datetime) -> Understanding:
    """Return the order that a text is; asked for twice about the same text, it is read once."""
    return understand_order(text, locale=locale, zone=zone, now=now)
