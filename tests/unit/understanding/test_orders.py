"""Orders: every phrase of the tables gives its intent and slots, and what is no order gives none."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding import meaning, understand, understand_order
from bot.understanding.orders import ORDERS
from tests.series import series
from tests.unit.understanding.tables import MOSCOW, NOW, every_row

OFFICIAL = ("calendar_day", "set_schedule")
"""What an administrator orders in words of everybody."""

HERE = Path(__file__).parent
HARMLESS = frozenset({"overtime", "my_schedule"})


def rows(locale: str) -> list[tuple[str, str, str, dict[str, object]]]:
    """Return locale, text, intent and slots of a table; the intent is empty where there is no order."""
    lines = (HERE / f"orders.{locale}.tsv").read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(locale, text, intent.strip("-"), json.loads(slots or "{}")) for text, intent, slots in cells]


ROWS = [*rows("ru"), *rows("en")]
WORDS = sorted({word for _, text, _, _ in ROWS for word in text.split()})


@pytest.mark.parametrize(("locale", "text", "intent", "slots"), ROWS, ids=[f"{row[0]}: {row[1]}" for row in ROWS])
def test_order(locale: str, text: str, intent: str, slots: dict[str, object]) -> None:
    """A phrase has exactly the intent and the slots that its row names."""
    found = understand_order(text, locale=locale, zone=MOSCOW, now=NOW).to_json()
    assert (intent or None, slots) == (found["intent"], found["slots"])


@pytest.mark.parametrize(("locale", "text", "intent"), [row[:3] for row in ROWS if row[2]])
def test_nothing_else_takes_an_order(locale: str, text: str, intent: str) -> None:
    """What is an order means nothing else, a day of the calendar that may be a wish aside; rules are heard at once."""
    found = understand(text, locale=locale, zone=MOSCOW, now=NOW)
    assert found.intent is None or (intent, found.intent) in {("calendar_day", "leave"), ("rules", "rules")}
    assert intent == meaning(text, locale=locale, zone=MOSCOW, now=NOW, official=OFFICIAL).intent


def test_tables_show_every_order() -> None:
    """Each order stands in both tables."""
    for locale in ("ru", "en"):
        assert {intent for _, _, intent, _ in rows(locale) if intent} == ORDERS


def test_day_of_the_calendar_is_a_wish_for_everybody_else() -> None:
    """«12 июня выходной» is the calendar's for an administrator, and leave asked for by an employee."""
    said = "12 июня выходной"
    assert "leave" == meaning(said, locale="ru", zone=MOSCOW, now=NOW).intent
    assert "calendar_day" == meaning(said, locale="ru", zone=MOSCOW, now=NOW, official=OFFICIAL).intent


def test_wish_of_an_administrator_stays_a_wish() -> None:
    """«отгул завтра» is leave, whoever says it."""
    assert "leave" == meaning("отгул завтра", locale="ru", zone=MOSCOW, now=NOW, official=OFFICIAL).intent


def test_talk_is_no_order() -> None:
    """What means nothing to the bot sets, closes and erases nothing either."""
    for row in every_row():
        if not row.readings:
            found = understand_order(row.text, locale=row.locale, zone=MOSCOW, now=NOW).intent
            assert found is None or found in HARMLESS, row.text


@settings(max_examples=series(75), deadline=None)
@given(
    text=st.lists(st.sampled_from([*WORDS, "-", ":", ",", "?", "9-9", "0/0", "31.02", "24:00"]), max_size=12).map(
        " ".join
    )
    | st.text(max_size=600)
)
def test_any_text_has_an_answer(text: str) -> None:
    """No text raises, and every answer can be printed as JSON."""
    found = understand_order(text, locale="ru", zone=MOSCOW, now=NOW)
    assert text == json.loads(json.dumps(found.to_json()))["text"]


@settings(max_examples=series(50), deadline=None)
@given(
    row=st.sampled_from(
        [row for row in ROWS if row[2] and not {"reason", "name", "department", "deeds"} & set(row[3])]
    ),
    change=st.sampled_from([str.upper, str.lower, str.title, lambda text: f"{text}!", lambda text: f" {text}  🙂"]),
)
def test_dress_does_not_matter(row: tuple[str, str, str, dict[str, object]], change: object) -> None:
    """Case, closing marks, spaces and emoji change nothing."""
    locale, text, intent, _ = row
    changed = text if text.endswith("?") else change(text)  # type: ignore[operator]
    assert intent == understand_order(changed, locale=locale, zone=MOSCOW, now=NOW).intent


@pytest.mark.parametrize(
    ("now", "said", "day"),
    [
        ("2026-12-20", "9 января рабочий", "2027-01-09"),
        ("2026-12-20", "30 декабря короткий", "2026-12-30"),
        ("2026-12-20", "12 июня рабочий", "2026-06-12"),
        ("2027-01-08", "9 января рабочий", "2027-01-09"),
    ],
)
def test_calendar_is_this_years(now: str, said: str, day: str) -> None:
    """A date of the calendar is one of this year, past or to come; over half a year ago is the next year's."""
    moment = datetime.fromisoformat(now).replace(tzinfo=MOSCOW) + timedelta(hours=12)
    assert day == understand_order(said, locale="ru", zone=MOSCOW, now=moment).to_json()["slots"]["day"]


@pytest.mark.parametrize(
    ("now", "said", "first"),
    [
        ("2026-12-20", "календарь январь", "2027-01-01"),
        ("2026-11-20", "сколько рабочих дней в феврале", "2027-02-01"),
        ("2026-07-15", "календарь январь", "2026-01-01"),
        ("2027-01-10", "календарь декабрь", "2027-12-01"),
        ("2026-12-20", "календарь январь 2026", "2026-01-01"),
    ],
)
def test_month_of_the_calendar(now: str, said: str, first: str) -> None:
    """A month that was over half a year ago is the coming one: in December people look at January's holidays."""
    moment = datetime.fromisoformat(now).replace(tzinfo=MOSCOW) + timedelta(hours=12)
    assert first == understand_order(said, locale="ru", zone=MOSCOW, now=moment).to_json()["slots"]["from_day"]


@pytest.mark.parametrize(
    ("now", "first"), [("2026-07-18", "2026-07-06"), ("2026-07-19", "2026-07-13"), ("2026-07-20", "2026-07-13")]
)
def test_week_that_is_right_is_the_last_full_one(now: str, first: str) -> None:
    """«неделя верна» is said of the last week that has ended; on Sunday, of its own."""
    moment = datetime.fromisoformat(now).replace(tzinfo=MOSCOW) + timedelta(hours=12)
    assert (
        first == understand_order("неделя верна", locale="ru", zone=MOSCOW, now=moment).to_json()["slots"]["from_day"]
    )


@pytest.mark.parametrize(
    ("said", "intents"),
    [
        ("согласовать июнь", ["confirm_period", "report", "approvals"]),
        ("approve June", ["confirm_period", "report", "approvals"]),
        ("утвердить табель за июнь", ["confirm_period", "close_period"]),
    ],
)
def test_honest_readings_of_a_period_are_asked_about(said: str, intents: list[str]) -> None:
    """«согласовать июнь» may be one's own hours, overtime, or what others wait for: none is taken in silence."""
    found = meaning(said, locale="ru", zone=MOSCOW, now=NOW)
    assert intents == [each.intent for each in found.ambiguous]
    assert "2026-06-01" == found.to_json()["slots"]["from_day"]
