"""Gone for so long to a place that is none of ours: «ушла на почту на 15 минут», "popping to the bank for 20 min".

Only places are taken to which people go on errands: who goes to a meeting, to the warehouse or to a client works.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.understanding.calendar_words import listed
from bot.understanding.decide import decide
from bot.understanding.phrases import Length
from bot.understanding.somebody import is_somebody
from bot.understanding.word_classes import any_of, word_class

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.model import Reading
    from bot.understanding.scene import Scene

_PLACES: Final = word_class(
    "мфц банк банка сад школу бар душ зал gym bank shop store atm bar cafe post",
    stems="почт магазин аптек кафе столов садик спортзал заправк автомойк ларек киоск рын парикмахер салон ателье "
    "химчистк банкомат посылк едой кофе сигарет булочн пекарн доктор врач стоматолог поликлиник улиц воздух "
    "pharmac chemist nursery barber salon garage bakery supermarket doctor dentist daycare",
)
"""Where people go in between."""
_BEFORE: Final = frozenset(listed("к ко в во на за из по to for at the a my"))
_OUT: Final = frozenset({"check_out", "break_start", "step_out", "filler", "me", "modal"})


def gone_for(heard: Heard, here: Scene) -> tuple[Reading, ...]:
    """Return the break of so long, with the place as its reason; none where anything else is said."""
    unknown = heard.unknown
    if not unknown or len(heard.times) != 1 or heard.question or not heard.named <= _OUT:
        return ()
    if not isinstance(heard.times[0][0].value, Length) or not any_of((heard.classes[at] for at in unknown), _PLACES):
        return ()
    first, last = unknown[0], unknown[-1]
    if last - first != len(unknown) - 1 or not first or heard.row[first - 1] not in _BEFORE:
        return ()
    while heard.row[first - 1] in _BEFORE:
        first -= 1
        if not first:
            return ()
    if is_somebody(heard, before=first):
        return ()
    found = decide(heard.without(first, last), here)
    if any(each.intent != "break_start" or "duration_seconds" not in each.slots for each in found):
        return ()
    return tuple(replace(each, slots={**each.slots, "reason": heard.raw(first, last)}) for each in found)
