"""Local times that never happen or happen twice, the half of the day, past and future."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding import Understanding, understand

BERLIN = ZoneInfo("Europe/Berlin")
MOSCOW = ZoneInfo("Europe/Moscow")


def said(text: str, now: str, zone: ZoneInfo = MOSCOW, locale: str = "ru") -> Understanding:
    """Return what a text means at this local moment."""
    return understand(text, locale=locale, zone=zone, now=datetime.fromisoformat(now).replace(tzinfo=zone))


def instants(meant: Understanding, name: str = "at") -> list[str]:
    """Return the instants of every reading as ISO text."""
    readings = meant.ambiguous or ([meant] if meant.intent else [])
    return [str(reading.to_json()["slots"][name]) for reading in readings]


def test_time_that_never_happens() -> None:
    """02:30 of the night when the clocks go forward is asked about: before the gap, or after it."""
    meant = said("пришёл в 2:30 ночи", "2026-03-29T09:00", BERLIN)
    assert instants(meant) == ["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"]


def test_time_that_happens_twice() -> None:
    """02:30 of the night when the clocks go back is asked about: the first or the second."""
    meant = said("ушёл в 02:30", "2026-10-25T09:00", BERLIN)
    assert instants(meant) == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]


def test_day_named_with_a_time_that_happens_twice() -> None:
    """The question is the same when the day was named."""
    meant = said("вчера пришёл в 02:30", "2026-10-26T09:00", BERLIN)
    assert instants(meant) == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]


def test_presence_from_a_time_that_happens_twice() -> None:
    """A presence that begins in the repeated hour has two beginnings."""
    meant = said("вчера был с 02:30 до 08:00", "2026-10-26T09:00", BERLIN)
    assert instants(meant, "from") == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    assert set(instants(meant, "to")) == {"2026-10-25T08:00:00+01:00"}


def test_ago_counts_real_time() -> None:
    """Two hours ago is two hours of real time, over the change of the clocks as well."""
    meant = said("2 hours ago in", "2026-03-29T04:30", BERLIN, "en")
    assert instants(meant) == ["2026-03-29T01:30:00+01:00"]


def test_night_shift_over_the_change() -> None:
    """22:00 to 06:00 keeps its local hours over the change."""
    meant = said("вчера работал с 22 до 6", "2026-03-29T12:00", BERLIN)
    assert instants(meant, "from") == ["2026-03-28T22:00:00+01:00"]
    assert instants(meant, "to") == ["2026-03-29T06:00:00+02:00"]


def test_now_in_another_zone() -> None:
    """The person's own zone tells their day, whatever zone the moment is given in."""
    meant = understand("вчера ушёл в 18", locale="ru", zone=MOSCOW, now=datetime(2026, 7, 14, 22, 30, tzinfo=UTC))
    assert instants(meant) == ["2026-07-14T18:00:00+03:00"]


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("ушёл в 6", "2026-07-15T07:00", ["2026-07-15T06:00:00+03:00"]),  # a night shift is over
        ("ушёл в 6", "2026-07-15T19:00", ["2026-07-15T18:00:00+03:00"]),
        ("ушёл в 6", "2026-07-15T12:00", ["2026-07-14T18:00:00+03:00", "2026-07-15T18:00:00+03:00"]),
        ("left at half six", "2026-07-15T19:00", ["2026-07-15T18:30:00+03:00"]),
        ("пришёл в 9", "2026-07-15T18:00", ["2026-07-15T09:00:00+03:00"]),
        ("пришёл в 9", "2026-07-15T22:00", ["2026-07-15T09:00:00+03:00", "2026-07-15T21:00:00+03:00"]),
        ("пришёл в 11", "2026-07-15T10:00", ["2026-07-14T11:00:00+03:00", "2026-07-15T11:00:00+03:00"]),
        ("пришёл в 22", "2026-07-15T07:00", ["2026-07-14T22:00:00+03:00", "2026-07-15T22:00:00+03:00"]),
        ("обед в 1", "2026-07-15T14:00", ["2026-07-15T13:00:00+03:00"]),
        ("ушёл в 12", "2026-07-15T14:00", ["2026-07-15T12:00:00+03:00"]),
        ("ушёл в полночь", "2026-07-15T08:00", ["2026-07-15T00:00:00+03:00"]),
        ("left at 12am", "2026-07-15T08:00", ["2026-07-15T00:00:00+03:00"]),
    ],
)
def test_bare_hour_as_people_at_work_mean_it(text: str, now: str, expected: list[str]) -> None:
    """A bare hour is the half of the day that people mean; one still to come today is asked about."""
    assert instants(said(text, now)) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("в пятницу был с 9 до 18", date(2026, 7, 10), None),
        ("отгул в пятницу", None, date(2026, 7, 17)),
    ],
)
def test_punch_looks_back_and_leave_ahead(text: str, first: date | None, last: date | None) -> None:
    """«В пятницу» of a presence is the last Friday; of a leave, the next one."""
    slots = said(text, "2026-07-13T10:00").slots
    begun = slots.get("from")
    assert (begun.date() if isinstance(begun, datetime) else None) == first
    assert slots.get("from_day") == last


def test_order_of_day_and_month() -> None:
    """07/03 is read in the order of the person's language; 07.03 is always the seventh of March."""
    assert said("day off 07/20", "2026-07-15T10:00", locale="en").slots["from_day"] == date(2026, 7, 20)
    assert said("day off 08/03", "2026-07-15T10:00", locale="en").slots["from_day"] == date(2026, 8, 3)
    assert said("отгул 03/08", "2026-07-15T10:00").slots["from_day"] == date(2026, 8, 3)
    assert said("day off 03.08", "2026-07-15T10:00", locale="en").slots["from_day"] == date(2026, 8, 3)


def test_week_over_the_new_year() -> None:
    """The week is Monday to Sunday, over the new year as well."""
    slots = said("моя неделя", "2027-01-01T10:00").slots
    assert slots == {"from_day": date(2026, 12, 28), "to_day": date(2027, 1, 3)}


def test_leave_over_the_new_year() -> None:
    """A leave that begins in December ends in the next January."""
    slots = said("отпуск с 28 декабря по 8 января", "2026-12-01T10:00").slots
    assert slots["from_day"] == date(2026, 12, 28)
    assert slots["to_day"] == date(2027, 1, 8)


def test_leave_under_way_stays_in_this_year() -> None:
    """A range that has begun and not ended is this year's."""
    slots = said("отпуск с 10 по 20 июля", "2026-07-15T10:00").slots
    assert slots["from_day"] == date(2026, 7, 10)
