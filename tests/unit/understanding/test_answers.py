"""Answers to a question about one slot, where a bare «9.15» is a time or a day by what was asked."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime

import pytest

from bot.understanding import ANSWER, Reading, understand, understand_day, understand_range, understand_time
from tests.unit.understanding.tables import MOSCOW, NOW


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of that July."""
    return datetime(2026, 7, day, hour, minute, tzinfo=MOSCOW)


def times(text: str, intent: str = "", day: date | None = None) -> list[object]:
    """Return the moments that a text answers with."""
    found = understand_time(text, locale="ru", zone=MOSCOW, now=NOW, intent=intent, day=day)
    assert all(reading.intent == ANSWER for reading in found)
    return [reading.slots["at"] for reading in found]


def days(text: str, *, ahead: bool = False) -> list[object]:
    """Return the days that a text answers with."""
    return [reading.slots["day"] for reading in understand_day(text, locale="ru", zone=MOSCOW, now=NOW, ahead=ahead)]


def ranges(text: str, *, ahead: bool = False) -> list[tuple[object, ...]]:
    """Return the ranges that a text answers with."""
    found = understand_range(text, locale="ru", zone=MOSCOW, now=NOW, ahead=ahead)
    return [tuple(reading.slots.values()) for reading in found]


@pytest.mark.parametrize(
    "text", ["9.15", "9:15", "в 9:15", "9 15", "0915", "9-15", "9:15 утра", "нет, в 9:15", "at 9:15"]
)
def test_time(text: str) -> None:
    """A bare time in any shape is that time today."""
    assert times(text) == [at(15, 9, 15)]


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("6", "check_out", [at(14, 18), at(15, 18)]),
        ("полседьмого", "check_out", [at(14, 18, 30), at(15, 18, 30)]),
        ("9", "check_in", [at(15, 9)]),
        ("14.07", "", [at(15, 14, 7)]),
        ("полчаса назад", "", [at(15, 13, 50)]),
        ("вчера в 18:30", "check_out", [at(14, 18, 30)]),
        ("9 часов", "", [at(15, 9)]),
    ],
)
def test_time_by_what_was_asked(text: str, intent: str, expected: list[datetime]) -> None:
    """The intent asked about tells how people mean a bare hour."""
    assert times(text, intent) == expected


def test_time_of_the_day_asked_about() -> None:
    """With the day known from the question, a bare hour is on that day."""
    assert times("6", "check_out", date(2026, 7, 13)) == [at(13, 18)]


@pytest.mark.parametrize(
    ("text", "ahead", "expected"),
    [
        ("14.07", False, [date(2026, 7, 14)]),
        ("20.07", True, [date(2026, 7, 20)]),
        ("9.12", True, [date(2026, 12, 9)]),
        ("вчера", False, [date(2026, 7, 14)]),
        ("14 июля", False, [date(2026, 7, 14)]),
        ("в пятницу", False, [date(2026, 7, 10)]),
        ("в пятницу", True, [date(2026, 7, 17)]),
        ("2026-07-14", False, [date(2026, 7, 14)]),
        ("July 14", False, [date(2026, 7, 14)]),
        ("на 14-е", False, [date(2026, 7, 14)]),
    ],
)
def test_day(text: str, ahead: bool, expected: list[date]) -> None:
    """A bare day is the nearest on the side asked for."""
    assert days(text, ahead=ahead) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("вчера 9-18", [(at(14, 9), at(14, 18))]),
        ("вчера с 9 до 6", [(at(14, 9), at(14, 18)), (at(14, 9), at(15, 6))]),
        ("с 8 до 12", [(at(15, 8), at(15, 12))]),
        ("с 1 по 14 июля", [(date(2026, 7, 1), date(2026, 7, 14))]),
        ("прошлая неделя", [(date(2026, 7, 6), date(2026, 7, 12))]),
        ("01.07-14.07", [(date(2026, 7, 1), date(2026, 7, 14))]),
    ],
)
def test_range(text: str, expected: list[tuple[object, ...]]) -> None:
    """A bare range is of hours or of days."""
    assert ranges(text) == expected


@pytest.mark.parametrize("text", ["", "не знаю", "отмена", "да", "когда получится", "обсудим", "не в 9", "?"])
def test_no_answer(text: str) -> None:
    """What names no time answers nothing."""
    assert (times(text), days(text), ranges(text)) == ([], [], [])


def test_slot_of_understand() -> None:
    """With a slot, `understand` takes a bare phrase for its answer and anything more for what it says."""
    answer = understand("9.15", locale="ru", zone=MOSCOW, now=NOW, slot="time")
    assert (answer.intent, answer.slots) == (ANSWER, {"at": at(15, 9, 15)})
    day = understand("14.07", locale="ru", zone=MOSCOW, now=NOW, slot="day")
    assert day.ambiguous == (
        Reading(ANSWER, {"day": date(2026, 7, 14)}),
        Reading(ANSWER, {"day": date(2027, 7, 14)}),
    )
    assert understand("отмена", locale="ru", zone=MOSCOW, now=NOW, slot="time").intent == "cancel"
    assert understand("ушёл", locale="ru", zone=MOSCOW, now=NOW, slot="time").intent == "check_out"


def test_fallback_knows_what_the_grammar_does_not() -> None:
    """A phrase that only the general parser knows is taken when it is a time and near."""
    assert times("14 Temmuz 18:30") == []
    assert times("14 Jul 2024, 6:30:15pm GMT") == []
    assert times("14 Jul 2026, 6:30pm GMT") == [at(14, 21, 30)]
    assert times("2026-07-14T18:30") == [at(14, 18, 30)]


def test_heavy_parser_is_not_loaded_for_known_phrases() -> None:
    """Importing the package and understanding what the grammar knows never loads the general parser."""
    code = (
        "import sys, datetime, zoneinfo; from bot.understanding import understand;"
        "zone = zoneinfo.ZoneInfo('Europe/Moscow');"
        "understand('вчера был с 9 до 18', locale='ru', zone=zone, now=datetime.datetime.now(zone));"
        "understand('клиент пришёл и просит скидку 10', locale='ru', zone=zone, now=datetime.datetime.now(zone));"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
