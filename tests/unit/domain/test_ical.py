"""iCalendar text, read back by a strict reader written from RFC 5545."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.sheets.ical import CalendarEvent, ical
from tests.icalendar import events_of, lines_of

STAMP = datetime(2026, 7, 13, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def test_shift() -> None:
    """A shift is written in UTC, whatever its zone, and makes its owner busy."""
    start = datetime(2026, 7, 13, 20, tzinfo=MOSCOW)
    text = ical("Work", [CalendarEvent("s-1", "Shift", start, start + timedelta(hours=12))], STAMP)
    (event,) = events_of(text)
    assert {
        "UID": "s-1",
        "DTSTAMP": "20260713T000000Z",
        "DTSTART": "20260713T170000Z",
        "DTEND": "20260714T050000Z",
        "SUMMARY": "Shift",
        "TRANSP": "OPAQUE",
    } == event


def test_days() -> None:
    """Days end with the day after, which is not included (§3.6.1); they leave the owner free if they are to."""
    event = CalendarEvent("a-1", "Vacation", date(2026, 12, 28), date(2026, 12, 31), is_busy=False)
    (read,) = events_of(ical("Work", [event], STAMP))
    assert ("20261228", "20270101", "TRANSPARENT") == (read["DTSTART"], read["DTEND"], read["TRANSP"])


def test_same_entries_same_text() -> None:
    """The same entries with the same stamp are the same text, so that nobody loads them twice."""
    event = CalendarEvent("a-1", "Vacation", date(2026, 7, 1), date(2026, 7, 2))
    assert ical("Work", [event], STAMP) == ical("Work", [event], STAMP)


def test_long_lines() -> None:
    """No line is longer than 75 octets, and no character is broken in two."""
    text = ical("Ж" * 200, [CalendarEvent("a", "🌴" * 60, date(2026, 7, 1), date(2026, 7, 1))], STAMP)
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    assert f"X-WR-CALNAME:{'Ж' * 200}" in lines_of(text)
    assert "🌴" * 60 == events_of(text)[0]["SUMMARY"]


@given(st.text(max_size=200))
def test_any_text_comes_back(title: str) -> None:
    """Whatever a title holds, it is one property and reads as it was, control characters aside."""
    event = CalendarEvent("a", title, date(2026, 7, 1), date(2026, 7, 1))
    wanted = "".join(each for each in title if each.isprintable() or each == "\n")
    assert [wanted] == [each["SUMMARY"] for each in events_of(ical("Work", [event], STAMP))]


def test_head() -> None:
    """The calendar says its version and who made it, once, before any entry."""
    assert re.match(r"BEGIN:VCALENDAR\r\nVERSION:2\.0\r\nPRODID:[^\r]+\r\n", ical("Work", [], STAMP))
