"""Orders: what leads and administrators set in one sentence, and what people ask about themselves.

They are tried only when a text means nothing else. Their intents and slots:

- `set_schedule`: `target` (`person` `department` `everybody` `me`), `name`; `kind` (`fixed` `rota` `flexible` `none`;
  absent where only a detail is changed); `hours` (a list of `{"start", "end"}`, HH:MM; empty where they were not said);
  `days` (of a fixed week, Monday first: a place in `hours`, or None) or `cycle` (of a rota, from `from_day` on: the
  same); `norm_hours`, `norm_per` (`week` `month`); `from_day`; `break` (`{"start", "minutes"}`, start may be None),
  `break_is_paid`, `deducts_break`, `grace_minutes`, `fraction` ("1/2"), `week_hours`,
  `accounting` (`month` `quarter` `year`)
- `plan_shift`: `target`, `name`, `from_day`, `to_day`, `also` (ISO intervals of days apart from these); `hours`
  (`{"start", "end"}`) and `shift` (its name), or `off`
- `calendar`: `from_day` of the month, or the `year`, to look at
- `calendar_day`: `day` and `is_off` or `is_short`; `calendar_move`: `from_day`, `to_day`
- `close_period`, `reopen_period` (with `reason`), `confirm_period`: `from_day`, `to_day`
- `my_schedule`: `name` or `department`, `from_day`, `to_day` where they were said
- `settings`, `options` (the portal's), `my_settings`; `subscribe`: `what` (`digest` `weekly`), `is_wanted`
- `write_to`: `channel` (`telegram` `bitrix24`); `digest_at`: `value` (HH:MM); `retention`: `months`
- `my_data`; `erase_person`: `name`; `dismissed`: `name`, `day` (the last one); `feed`
- `groups` of people: `do` (`list` `show` `set` `add` `remove` `delete`), `name`, `people`; `templates` of approval:
  `do` (`list` `show` `on` `off` `file`), `name`; `preview`: `template` (with what the request says), `person`
- `company` of an account of several: `do` (`list` `in`), `name`
- `errands` on the portal: `do` (`show`)
- `rules` of the portal: as `orders/rules.py` tells; they are whole sentences of their own form, and are heard first
- `overtime`: `day`, `duration_seconds`, `reason`
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.understanding.model import Understanding, from_readings
from bot.understanding.orders.calendar import calendar, calendar_day, calendar_move
from bot.understanding.orders.hearing import Told, tell
from bot.understanding.orders.keeping import kept
from bot.understanding.orders.options import digest_at, retention, shown, subscribe, write_to
from bot.understanding.orders.periods import period_choices, period_order
from bot.understanding.orders.personal import dismissed, erase_person, feed, my_data, my_schedule, overtime
from bot.understanding.orders.rules import rules_said
from bot.understanding.orders.schedule import set_schedule
from bot.understanding.orders.shifts import over, plan_shift
from bot.understanding.scene import Scene, scene
from bot.understanding.tokens import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.understanding.orders.draft import Slots

__all__ = ["ORDERS", "understand_order"]

_READERS: Final[dict[str, Callable[[Told, Scene], Slots | None]]] = {
    "my_data": my_data,
    "feed": feed,
    "erase_person": erase_person,
    "dismissed": dismissed,
    "overtime": overtime,
    "calendar_move": calendar_move,
    "calendar_day": calendar_day,
    "calendar": calendar,
    "close_period": partial(period_order, label="close"),
    "reopen_period": partial(period_order, label="reopen"),
    "confirm_period": partial(period_order, label="confirm"),
    "settings": partial(shown, label="settings"),
    "options": partial(shown, label="options"),
    "my_settings": partial(shown, label="my_settings"),
    "subscribe": subscribe,
    "write_to": write_to,
    "digest_at": digest_at,
    "retention": retention,
    "my_schedule": my_schedule,
    "plan_shift": plan_shift,
    "set_schedule": set_schedule,
}
"""The readers of orders in the order in which they are tried."""
ORDERS: Final = frozenset({*_READERS, "groups", "templates", "company", "preview", "rules", "errands"})
_EXPLAINED: Final = frozenset({"overtime", "reopen_period"})
_REASON: Final = re.compile(
    r"\s*(?:[:,;](?!\d)|\s[-–—]\s|\b(?:потому что|по причине|причина|так как|because)\b"
    r"|\b(?=из-за\b|из за\b|due to\b|in order to\b))\s*",
    re.IGNORECASE,
)


def understand_order(text: str, *, locale: str, zone: ZoneInfo, now: datetime) -> Understanding:
    """Return the order that a text is; both languages are always understood, `locale` only breaks ties."""
    if len(text) > MAX_LENGTH:
        return Understanding(text)
    if (ruled := rules_said(text)) is not None:
        return Understanding(text, "rules", ruled)
    if (of_approvals := kept(text)) is not None:
        return Understanding(text, *of_approvals)
    here = scene(now, zone, locale)
    told = tell(text, month_first=here.month_first)
    found = _read(told, here)
    if found is not None and found[0] == "plan_shift" and (worked := over(found[1], here)):
        return from_readings(text, worked)
    if found is not None:
        return Understanding(text, *found)
    if told is not None and (choices := period_choices(told, here)):
        return from_readings(text, choices)
    cut = _REASON.search(text)
    if cut is None or not cut.start():
        return Understanding(text)
    found = _read(tell(text[: cut.start()], month_first=here.month_first), here)
    if found is not None and found[0] in _EXPLAINED:
        reason = text[cut.end() :].strip(" .!:,;-")
        return Understanding(text, found[0], {**found[1], "reason": reason} if reason else found[1])
    return Understanding(text)


def _read(told: Told | None, here: Scene) -> tuple[str, Slots] | None:
    """Return the first intent that takes every piece of a text, with its slots."""
    if told is None or not (told.labels or told.has_share):
        return None
    for intent, read in _READERS.items():
        if (slots := read(told, here)) is not None:
            return intent, slots
    return None
