"""Whose last day of work is told, in words of both languages."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding import meaning

OFFICIAL = ("calendar_day", "set_schedule")
"""What an administrator orders in words of everybody."""

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 6, 16, 10, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("text", "name", "day"),
    [
        ("Борис уволен 12 июня", "Борис", date(2026, 6, 12)),
        ("Анна Ким уволилась вчера", "Анна Ким", date(2026, 6, 15)),
        ("уволить Бориса 30 июня", "Бориса", date(2026, 6, 30)),
        ("последний рабочий день Бориса 19 июня", "Бориса", date(2026, 6, 19)),
        ("Борис больше не работает с 13 июня", "Борис", date(2026, 6, 12)),
        ("James was dismissed on 12 June", "James", date(2026, 6, 12)),
        ("James left the company on 12 June", "James", date(2026, 6, 12)),
        ("Борис уволен", "Борис", None),
    ],
)
def test_a_last_day(text: str, name: str, day: date | None) -> None:
    """The day that is named is the last one; who works no longer since a day left before it."""
    meant = meaning(text, locale="ru", zone=MOSCOW, now=NOW, official=OFFICIAL)
    assert ("dismissed", name, day) == (meant.intent, meant.slots.get("name"), meant.slots.get("day"))


@pytest.mark.parametrize(
    "text", ["я увольняюсь 30 июня", "уволен 12 июня", "Борис уволен?", "меня уволили", "Борис уволил Анну"]
)
def test_no_last_day(text: str) -> None:
    """Of oneself, of nobody by name, a question, and what one did to another are none."""
    assert "dismissed" != meaning(text, locale="ru", zone=MOSCOW, now=NOW, official=OFFICIAL).intent
