"""`calendar.accessibility.get`: what the calendars of people say of them between two days."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.objects import PORTAL_ZONE
from bot.sandbox.portal.params import Params, as_integer
from bot.sandbox.portal.registry import Answer, method
from bot.sandbox.portal.staff import CalendarEntry

_ZONE = "Europe/Moscow"
_FORMAT = "%d.%m.%Y"
_FIRST_ID = 91


def _lacks(name: str) -> RestError:
    """Refuse a call without a parameter: this method has no code for it."""
    return RestError("", f'The required parameter "{name}" is not set for the method "calendar.accessibility.get"')


def _day(params: Params, name: str) -> date:
    text = params.text(name, "")
    if not text:
        raise _lacks(name)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise RestError("", f'The parameter "{name}" is no day')
    return day


def _users(params: Params) -> list[int]:
    users = params.values.get("users")
    given = list(users.values()) if isinstance(users, Mapping) else users
    if not isinstance(given, list) or not given:
        raise _lacks("users")
    found = [as_integer(each) for each in given]
    if None in found:
        raise RestError("", 'The parameter "users" has something that is no id')
    return [each for each in found if each is not None]


def _shown(number: int, entry: CalendarEntry, zone: ZoneInfo) -> dict[str, Any]:
    """Describe an entry: whole days by midnights of UTC, whatever the zone; hours by the instants themselves."""
    if entry.is_whole_day:
        begins, ends = (datetime.combine(each, time(), UTC) for each in (entry.first, entry.last))
        shown = [entry.first.strftime(_FORMAT), entry.last.strftime(_FORMAT)]
    else:
        begins, ends = (datetime.fromtimestamp(each or 0, UTC) for each in (entry.start, entry.end))
        shown = [each.astimezone(PORTAL_ZONE).strftime(f"{_FORMAT} %H:%M:%S") for each in (begins, ends)]
    offsets = [each.astimezone(zone).utcoffset() or timedelta() for each in (begins, ends)]
    return {
        "ID": str(number),
        "NAME": entry.name,
        "DATE_FROM": shown[0],
        "DATE_TO": shown[1],
        "DATE_FROM_TS_UTC": str(int(begins.timestamp())),
        "DATE_TO_TS_UTC": str(int(ends.timestamp())),
        "~USER_OFFSET_FROM": int(offsets[0].total_seconds()),
        "~USER_OFFSET_TO": int(offsets[1].total_seconds()),
        "DT_SKIP_TIME": "Y" if entry.is_whole_day else "N",
        "TZ_FROM": zone.key,
        "TZ_TO": zone.key,
        "ACCESSIBILITY": entry.accessibility,
        "IMPORTANCE": "normal",
        "EVENT_TYPE": "",
    }


def accessibility(portal: Portal, params: Params) -> Answer:
    """Return the entries of people that touch two days or lie between them, by their ids."""
    users, first, last = _users(params), _day(params, "from"), _day(params, "to")
    if params.caller.account.type == "extranet":
        raise RestError("", "Access denied")
    found: dict[str, Any] = {}
    for user_id in users:
        account = portal.accounts.get(user_id)
        zone = ZoneInfo((account.zone if account is not None else "") or _ZONE)
        found[str(user_id)] = [
            _shown(number, each, zone)
            for number, each in enumerate(portal.staff.entries, _FIRST_ID)
            if each.user_id == user_id and each.first <= last and first <= each.last
        ]
    return Answer(found)


METHODS = (method("calendar.accessibility.get", accessibility, "users from to"),)
