"""Options: a value that is written back is heard as the same, and what an option cannot be is refused."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.options import (
    CODES,
    DIGEST_AT,
    FILES_ROOM,
    FILL,
    LIMITS,
    OPTIONS,
    RETENTION,
    SMALL_CHANGE,
    Option,
    WrongOption,
)
from bot.domain.portal import Portal
from bot.domain.reports.limits import BY_LAW, Limits
from bot.i18n import Translator

PORTAL = Portal(1, "key")
TODAY = date(2026, 7, 15)
HOUR = timedelta(hours=1)
SICK = next(each for each in CODES if each.key.endswith("sick"))


@pytest.mark.parametrize("option", OPTIONS.values(), ids=OPTIONS)
def test_buttons_hold_what_is_heard(option: Option[Any]) -> None:
    """Each preset is kept, read again as the same value, and can be written back for a button."""
    for said in option.presets:
        value = option.heard(said, PORTAL, TODAY)
        portal = option.put(PORTAL, value)
        assert value == option.of(portal)
        written = option.written(value, portal)
        assert ":" not in written
        assert value == option.heard(written, portal, TODAY)


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("option", [each for each in OPTIONS.values() if each is not LIMITS], ids=lambda each: each.key)
def test_what_a_button_says_is_heard_when_it_is_typed(option: Option[Any], locale: str) -> None:
    """«через 15 мин», "no changes": whoever types the words of a button means it. Typed limits begin today."""
    told = Translator(locale, "Europe/Moscow", datetime(2026, 7, 15, tzinfo=UTC))
    for said in option.presets:
        value = option.heard(said, PORTAL, TODAY)
        assert value == option.heard(told.plain(option.words(value)), PORTAL, TODAY)


@pytest.mark.parametrize(
    ("option", "said", "value"),
    [
        (DIGEST_AT, "9:30", time(9, 30)),
        (DIGEST_AT, "в половине десятого", time(9, 30)),
        (DIGEST_AT, "8 am", time(8)),
        (RETENTION, "72", 72),
        (RETENTION, "6 лет", 72),
        (RETENTION, "1 год", 12),
        (RETENTION, "75 months", 75),
        (FILES_ROOM, "2048 МБ", 2048),
        (FILES_ROOM, "без файлов", 0),
        (SMALL_CHANGE, "до 10 мин", timedelta(minutes=10)),
        (FILL, "Только отклонения", False),
        (SICK, " б ", "Б"),
        (LIMITS, "по закону", BY_LAW["RU"]),
        (LIMITS, "нет", ()),
        (LIMITS, "4 ч за два дня, 240 ч за год", (*BY_LAW["RU"], Limits(TODAY, 4 * HOUR, 240 * HOUR))),
        (LIMITS, "4/240 2.01.2027", (*BY_LAW["RU"], Limits(date(2027, 1, 2), 4 * HOUR, 240 * HOUR))),
    ],
)
def test_heard(option: Option[Any], said: str, value: object) -> None:
    """A value as people write it."""
    assert value == option.heard(said, PORTAL, TODAY)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        *((DIGEST_AT, said) for said in ("", "25:00", "завтра", "ушла в 18:30", "с 9 до 10")),
        *((RETENTION, said) for said in ("", "0", "1201", "101 год", "обед 30 минут", "-5")),
        *((SMALL_CHANGE, said) for said in ("121", "-1", "час")),
        *((LIMITS, said) for said in ("4", "120 и 4", "4 и 9000", "0 и 120", "4 и 240 с 31.02.2027")),
        *((SICK, said) for said in ("", "ПР", "пр", "ОТПУСК", "1", "=A")),
        (FILL, "иногда"),
    ],
)
def test_refused(option: Option[Any], said: str) -> None:
    """What an option cannot be."""
    with pytest.raises(WrongOption):
        option.heard(said, PORTAL, TODAY)


def test_limits_of_the_same_day_are_replaced() -> None:
    """The last word of a day counts; those before it stay; the law's own list is no option at all."""
    portal = LIMITS.put(PORTAL, LIMITS.heard("4 и 240", PORTAL, TODAY))
    portal = LIMITS.put(portal, LIMITS.heard("5 и 200", portal, TODAY))
    assert (*BY_LAW["RU"], Limits(TODAY, 5 * HOUR, 200 * HOUR)) == LIMITS.of(portal)
    assert {} == LIMITS.put(portal, LIMITS.heard("law", portal, TODAY)).options
