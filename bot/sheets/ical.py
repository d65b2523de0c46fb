"""A calendar as iCalendar text (RFC 5545), for the calendars of phones and mail programs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

_LINE = 75
"""Octets a line may have; a longer one goes on in the next, which begins with a blank (§3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One entry. Both ends are instants, or both are days and the last one is included; `uid` never changes."""

    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    is_busy: bool = True


def ical(name: str, events: Iterable[CalendarEvent], stamped: datetime) -> str:
    """Return the calendar; the same entries with the same stamp are the same text."""
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Smena//Schedule//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *(row for event in events for row in _event(event, stamped)),
        "END:VCALENDAR",
    ]
    return "".join(f"{line}\r\n" for row in rows for line in _folded(row))


def _event(event: CalendarEvent, stamped: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_instant(stamped)}"
    if isinstance(event.start, datetime) and isinstance(event.end, datetime):
        yield f"DTSTART:{_instant(event.start)}"
        yield f"DTEND:{_instant(event.end)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"
        # The end of a day is not included, so it is the day after (§3.6.1).
        yield f"DTEND;VALUE=DATE:{date.fromordinal(event.end.toordinal() + 1):%Y%m%d}"
    yield f"SUMMARY:{_text(event.title)}"
    yield f"TRANSP:{'OPAQUE' if event.is_busy else 'TRANSPARENT'}"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """Escape text (§3.3.11); what cannot be printed is left out."""
    return "".join(each for each in value if each.isprintable() or each == "\n").translate(_ESCAPED)


def _folded(row: str) -> Iterator[str]:
    """Break a line after at most 75 octets, never inside a character."""
    line, length = "", 0
    for character in row:
        size = len(character.encode())
        if length + size > _LINE:
            yield line
            line, length = " ", 1
        line += character
        length += size
    yield line
