"""Short texts are remembered where they mean the same at every moment; what depends on the moment is read anew."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.understanding import meaning, understand
from tests.unit.understanding.tables import MOSCOW, NOW, every_row

LATER = NOW + timedelta(days=40, hours=7)
ELSEWHERE = ZoneInfo("America/New_York")


def test_what_was_met_before_means_what_it_means_now() -> None:
    """Of every phrase that people use, said again weeks later in another zone."""
    wrong = []
    for row in every_row():
        meaning(row.text, locale=row.locale, zone=MOSCOW, now=NOW)
        again = meaning(row.text, locale=row.locale, zone=ELSEWHERE, now=LATER)
        fresh = understand(row.text, locale=row.locale, zone=ELSEWHERE, now=LATER)
        if fresh.intent not in (None, "leave", "report") and again != fresh:
            wrong.append(row.text)
    assert [] == wrong


def test_who_may_give_an_order_is_not_answered_like_who_may_not() -> None:
    """The same words are a wish of one person and an order of another."""
    official = ["calendar_day", "set_schedule"]
    for first, then in ((), official), (official, ()):
        found = [
            meaning("12 июня выходной", locale="ru", zone=MOSCOW, now=NOW, official=each).intent
            for each in (first, then)
        ]
        assert found == ["calendar_day" if each else "leave" for each in (first, then)]
