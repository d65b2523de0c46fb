"""What no clock shows and no calendar has is found by its name, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from bot.understanding import meaning
from bot.understanding.impossible import impossible
from tests.unit.understanding.tables import MOSCOW, NOW

TIMES = [
    ("ушла в 25:00", "25:00"),
    ("пришёл в 9:75", "9:75"),
    ("left at 25:00", "25:00"),
    ("ушел в 26", "26"),
    ("вчера с 9 до 25", "25"),
    ("с 9:00 до 18:75", "18:75"),
    ("обед 13:00-13:70", "13:70"),
    ("ушла в 9.75", "9.75"),
    ("график Анна 9-25", "9-25"),
    ("schedule Anna 9-25", "9-25"),
    ("came at 9:15:61", "9:15:61"),
    ("ночью в 24:30", "24:30"),
]
DAYS = [
    ("31 июня отпуск", "31 июня"),
    ("отпуск с 31 июня по 5 июля", "31 июня"),
    ("табель за 31 июня", "31 июня"),
    ("отгул 30 февраля", "30 февраля"),
    ("отгул 31.06", "31.06"),
    ("отпуск с 29.02.2027", "29.02.2027"),
    ("пришёл 32 мая", "32 мая"),
    ("смена Борис 31 июня 20-8", "31 июня"),
    ("перенос 31 июня на 4 июля", "31 июня"),
    ("sick on June 31", "June 31"),
    ("vacation from 31st of June", "31st of June"),
    ("2026-02-30", "2026-02-30"),
    ("отпуск с 25 по 29 февраля", "29 февраля"),
    ("vacation on 29 Feb", "29 Feb"),
    ("29 февраля был с 9 до 18", "29 февраля"),
]
POSSIBLE = [
    *("ушла в 24:00", "29 февраля 2028 отпуск", "за июнь 40 часов", "ушел в 40 минут", "обед в 13", "июнь 2026"),
    *("5 июня 2026", "график Анна 9-18", "отпуск 9-25 июля", "с 25 по 30", "в 40 лет", "hello", "", "x" * 600),
]


@pytest.mark.parametrize(("text", "said"), TIMES)
def test_time(text: str, said: str) -> None:
    """A time of day that cannot be, in words that mean nothing to us."""
    found = impossible(text, NOW.date())
    assert found is not None
    assert ("time", said) == (found.kind, found.said)
    assert meaning(text, locale="ru", zone=MOSCOW, now=NOW).intent is None


@pytest.mark.parametrize(("text", "said"), DAYS)
def test_day(text: str, said: str) -> None:
    """A day that cannot be, in words that mean nothing to us."""
    found = impossible(text, NOW.date())
    assert found is not None
    assert ("day", said) == (found.kind, found.said)
    assert meaning(text, locale="ru", zone=MOSCOW, now=NOW).intent is None


@pytest.mark.parametrize("text", POSSIBLE)
def test_everything_else(text: str) -> None:
    """Times and days that can be are left alone."""
    assert impossible(text, NOW.date()) is None


@pytest.mark.parametrize(
    ("today", "is_day"), [(date(2026, 7, 15), False), (date(2028, 2, 29), True), (date(2028, 7, 1), False)]
)
def test_29_february(today: date, *, is_day: bool) -> None:
    """29 February is no day where the last or the coming February has none, and never one of another year."""
    assert (impossible("29 февраля", today) is None) == is_day
