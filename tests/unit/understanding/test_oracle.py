"""Another grammar of time, written by others, agrees with ours on the phrases where it is known to be right."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.understanding import understand_range, understand_time
from tests.unit.understanding.tables import MOSCOW, NOW

timesense = pytest.importorskip("timesense")

HOURS = [
    pattern.format(first=first, last=last)
    for pattern in (
        "вчера с {first}:00 до {last}:00",
        "позавчера с {first} до {last}",
        "14 июля с {first}:00 до {last}:00",
        "вчера с {first}:30 до {last}:45",
        "yesterday from {first}:00 to {last}:00",
    )
    for first in (8, 9, 10)
    for last in (17, 18, 19)
]
DAYS = [
    "с 1 по 14 июля",
    "с 3 по 12 июня",
    "с 20 по 30 июня",
    "from July 1 to July 14",
    "from June 3 to June 12",
    "на прошлой неделе",
    "на этой неделе",
    "в этом месяце",
    "last week",
]
TIMES = [
    f"вчера в {hour}{part}"
    for hour, part in ((9, " утра"), (7, " вечера"), (9, ":05"), (18, ":30"), (12, ":00"), (8, ":45"), (11, " утра"))
]


@pytest.fixture(scope="module")
def oracle() -> Any:
    """Return the other grammar, looking back as a punch does."""
    return timesense.TimeSenseParser(timesense.TimeConfig(use_morph=False, prefer_nearest_future=False))


def local(moment: object) -> datetime:
    """Return an aware moment as the naive local one."""
    assert isinstance(moment, datetime)
    return moment.replace(tzinfo=None)


@pytest.mark.parametrize("text", HOURS)
def test_hours(oracle: Any, text: str) -> None:
    """Both grammars find the same hours on the same day."""
    other = oracle.parse(text, NOW.replace(tzinfo=None))
    (ours,) = understand_range(text, locale="ru", zone=MOSCOW, now=NOW)
    assert (other.start_at, other.end_at) == (local(ours.slots["from"]), local(ours.slots["to"]))


@pytest.mark.parametrize("text", DAYS)
def test_days(oracle: Any, text: str) -> None:
    """Both grammars find the same first and last day."""
    other = oracle.parse(text, NOW.replace(tzinfo=None))
    (ours,) = understand_range(text, locale="ru", zone=MOSCOW, now=NOW)
    assert (other.start_at.date(), other.end_at.date()) == (ours.slots["from_day"], ours.slots["to_day"])


@pytest.mark.parametrize("text", TIMES)
def test_times(oracle: Any, text: str) -> None:
    """Both grammars find the same moment."""
    other = oracle.parse(text, NOW.replace(tzinfo=None))
    (ours,) = understand_time(text, locale="ru", zone=MOSCOW, now=NOW)
    assert other.datetime_at == local(ours.slots["at"])
