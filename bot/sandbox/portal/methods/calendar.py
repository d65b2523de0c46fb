"""`calendar.accessibility.get`: who is away, as far as the portal's calendar knows."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError, missing
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.registry import Answer, method

_ZONE_SECONDS = 10_800
_FORMAT = "%d.%m.%Y"


def _day(params: Params, name: str) -> date:
    try:
        return date.fromisoformat(params.text(name))
    except ValueError:
        raise RestError("", f"Invalid value for parameter {name}") from None


def _stamp(day: date) -> str:
    return str(int(datetime.combine(day, time(), UTC).timestamp()) - _ZONE_SECONDS)


def accessibility(portal: Portal, params: Params) -> Answer:
    """Return the absences of people between two days, by their ids."""
    users = params.values.get("users")
    if not isinstance(users, list):
        raise missing("users")
    first, last = _day(params, "from"), _day(params, "to")
    found: dict[str, Any] = {}
    for user_id in (as_integer(each) for each in users):
        away = [each for each in portal.staff.absences if each.user_id == user_id]
        found[str(user_id)] = [
            {
                "ID": str(number),
                "NAME": "Absence",
                "DATE_FROM": each.first.strftime(_FORMAT),
                "DATE_TO": each.last.strftime(_FORMAT),
                "DATE_FROM_TS_UTC": _stamp(each.first),
                "DATE_TO_TS_UTC": _stamp(each.last + timedelta(days=1)),
                "~USER_OFFSET_FROM": _ZONE_SECONDS,
                "~USER_OFFSET_TO": _ZONE_SECONDS,
                "DT_SKIP_TIME": "Y",
                "ACCESSIBILITY": "absent",
                "IMPORTANCE": "normal",
                "EVENT_TYPE": "",
            }
            for number, each in enumerate(away, 91)
            if each.first <= last and first <= each.last
        ]
    return Answer(found)


METHODS = (method("calendar.accessibility.get", accessibility, "users from to"),)
