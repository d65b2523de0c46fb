"""Days of leave a year, what was left on a day, and questions about both: strict, and never taken for a leave."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding import understand

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 7, 13, 9, tzinfo=MOSCOW)
NEW_YEAR = date(2026, 1, 1)


def meant(text: str) -> tuple[str | None, dict[str, object]]:
    """Return what a text means."""
    found = understand(text, locale="ru", zone=MOSCOW, now=NOW)
    return found.intent, dict(found.slots)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("отпуск: 28 дней в год", {"days": 28}),
        ("отпуск: 28 дней в году", {"days": 28}),
        ("отпуск: 28 дней за календарный год", {"days": 28}),
        ("отпуск Анне 35 дней в каждом году", {"days": 35, "person": "Анне"}),
        ("vacation: 28 days in a year", {"days": 28}),
        ("vacation: 28 days per calendar year", {"days": 28}),
        ("Отпуск 28 календарных дней в год.", {"days": 28, "unit": "calendar"}),
        ("отпуск всем 28 дней", {"days": 28}),
        ("28 дней отпуска в год", {"days": 28}),
        ("vacation: 28 days a year", {"days": 28}),
        ("20 working days of vacation a year", {"days": 20, "unit": "working"}),
        ("отпуск Анне 35 дней в год", {"days": 35, "person": "Анне"}),
        (
            "отпуск Анне Ким 35 дней в год с 1 сентября",
            {"days": 35, "person": "Анне Ким", "from_day": date(2026, 9, 1)},
        ),
        ("vacation for James: 25 days a year", {"days": 25, "person": "James"}),
        ("отпуск: 20 рабочих дней в год, переносится не больше 5", {"days": 20, "unit": "working", "carry": 5}),
        ("переносится не больше 5 дней отпуска", {"carry": 5}),
        ("отгул: 3 дня в год", {"kind": "day_off", "days": 3}),
        ("отгул без ограничений", {"kind": "day_off", "is_dropped": True}),
        ("day off without limit", {"kind": "day_off", "is_dropped": True}),
    ],
)
def test_days_a_year(text: str, slots: dict[str, object]) -> None:
    """A number, its days, a year, a kind, and at most one name and one day."""
    assert ("set_entitlement", {"kind": "vacation", **slots}) == meant(text)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("у Анны остаток 12 дней на 1 января", {"hundredths": 1200, "day": NEW_YEAR, "person": "Анны"}),
        ("у анны остаток 12,5 дней на 1 января", {"hundredths": 1250, "day": NEW_YEAR, "person": "анны"}),
        ("остаток отпуска Анны -2 дня на 01.01.2026", {"hundredths": -200, "day": NEW_YEAR, "person": "Анны"}),
        ("остаток отпуска Бориса на 1 июля 10 дней", {"hundredths": 1000, "day": date(2026, 7, 1), "person": "Бориса"}),
        ("у Анны осталось 12 дней отпуска", {"hundredths": 1200, "person": "Анны"}),
        ("Anna has 12 vacation days left on 1 January", {"hundredths": 1200, "day": NEW_YEAR, "person": "Anna"}),
        ("James has 12.25 days left as of January 1", {"hundredths": 1225, "day": NEW_YEAR, "person": "James"}),
    ],
)
def test_what_was_left(text: str, slots: dict[str, object]) -> None:
    """A person, days, and the day as which they were left."""
    assert ("set_balance", {"kind": "vacation", **slots}) == meant(text)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("сколько у меня отпуска", {}),
        ("сколько у меня отпуска?", {}),
        ("сколько дней отпуска осталось?", {}),
        ("сколько дней отпуска мне положено", {}),
        ("how many vacation days do I have left?", {}),
        ("сколько отпуска у Бориса", {"person": "Бориса"}),
        ("сколько дней отпуска осталось у Бориса", {"person": "Бориса"}),
        ("how many vacation days does Boris have left?", {"person": "Boris"}),
        ("сколько у меня отгулов", {"kind": "day_off"}),
    ],
)
def test_what_is_left(text: str, slots: dict[str, object]) -> None:
    """One's own, or somebody's."""
    assert ("leave_balance", {"kind": "vacation", **slots}) == meant(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("сократи отпуск до 20 июля", 20),
        ("продли мой отпуск до 27 июля", 27),
        ("можно продлить отпуск по 27 июля включительно", 27),
        ("shorten my vacation to 20 July", 20),
        ("extend my vacation until 27 July", 27),
    ],
)
def test_another_last_day(text: str, day: int) -> None:
    """An approved leave gets another last day; the first stays."""
    assert ("move_leave", {"kind": "vacation", "to_day": date(2026, 7, day)}) == meant(text)


@pytest.mark.parametrize(
    "text",
    [
        "отпуск с 1 по 14 июля",
        "продли обед до 14:00",
        "хочу отпуск 28 дней с 1 июля",
        "отпуск 14 дней в этом году",
        "осталось 5 дней до отпуска",
        "у меня осталось 12 дней отпуска на 1 января",
        "перенеси мой отпуск на август",
        "сколько людей в отпуске",
        "сколько осталось работать",
        "отпуск на 2 дня, вернусь через год",
    ],
)
def test_none_of_it(text: str) -> None:
    """A leave, a wish, and what somebody says of themselves set nothing and ask for no balance."""
    assert meant(text)[0] not in {"set_entitlement", "set_balance", "leave_balance"}
