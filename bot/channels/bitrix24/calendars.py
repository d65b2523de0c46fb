"""Reading who is away by the portal's calendar: entries called `absent`, and of those nothing but when they are."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from bot.channels.bitrix24.client import Call, Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.limiter import Sleep
from bot.channels.bitrix24.values import flag, instant, items, mapping, number, text
from bot.domain.leave.portal_absence import CalendarSpan

CALENDAR: Final = "calendar"
"""The right that opens it; nobody has to give it."""
METHOD: Final = "calendar.accessibility.get"
AHEAD: Final = timedelta(days=60)
BEHIND: Final = timedelta(days=1)
PEOPLE: Final = 20
"""People that a command asks for: the answer has what they are busy with as well, and must not become too long."""
COMMANDS: Final = 10
PAUSE: Final = 2.0
"""Seconds between two requests: less than the share of the portal's limit that is kept for errands."""
_REFUSALS: Final = frozenset(
    {"HTTP_0", "HTTP_400", "HTTP_403", "INSUFFICIENT_SCOPE", "ACCESS_DENIED", "ERROR_METHOD_NOT_FOUND"}
)
"""What the portal answers where it shows no calendars: mostly no code at all."""
_HALF_A_DAY: Final = timedelta(hours=12)


async def read_calendars(
    client: Client, accounts: Sequence[str], today: date, sleep: Sleep
) -> Mapping[str, Sequence[CalendarSpan]]:
    """Return when people are away, by account; whom the portal did not tell of is not there.

    RestError when it told of nobody in a request, or will tell another time.
    """
    asked = [account for account in accounts if number(account)]
    days = {"from": (today - BEHIND).isoformat(), "to": (today + AHEAD).isoformat()}
    found: dict[str, Sequence[CalendarSpan]] = {}
    some = [asked[at : at + PEOPLE] for at in range(0, len(asked), PEOPLE)]
    for at in range(0, len(some), COMMANDS):
        if at:
            await sleep(PAUSE)
        commands: dict[str, Call] = {
            f"p{place}": (METHOD, {"users": [*people], **days}) for place, people in enumerate(some[at : at + COMMANDS])
        }
        answer = await client.run(commands)
        errors = list(answer.errors.values())
        for error in errors:
            if not is_refusal(error) or len(errors) == len(commands):
                raise error
        for (_, params), result in ((commands[key], answer.results.get(key)) for key in commands):
            told = mapping(result)
            found |= {each: _spans(told[each]) for each in params["users"] if each in told}
    return found


def is_refusal(error: RestError) -> bool:
    """Whether the portal does not show calendars, rather than not now."""
    return error.code in _REFUSALS


def _spans(entries: Any) -> list[CalendarSpan]:
    found = (_span(mapping(each)) for each in items(entries))
    return [each for each in found if each is not None]


def _span(entry: Mapping[str, Any]) -> CalendarSpan | None:
    """Read an entry: one of whole days says midnights, of UTC or of some zone, and its last day is one of them."""
    start, end = instant(entry.get("DATE_FROM_TS_UTC")), instant(entry.get("DATE_TO_TS_UTC"))
    if text(entry.get("ACCESSIBILITY")) != "absent" or start is None or end is None or end < start:
        return None
    if flag(entry.get("DT_SKIP_TIME")):
        return CalendarSpan(start, end, (_day(start), _day(end)))
    return CalendarSpan(start, end)


def _day(midnight: datetime) -> date:
    """Return the date whose midnight that is somewhere."""
    return (midnight.astimezone(UTC) + _HALF_A_DAY).date()
